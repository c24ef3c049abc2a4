"""The headers of EPCIS: what a request asks for and what the service says of itself.

Source: GS1 EPCIS 2.0, section 12 (REST bindings), headers `GS1-...`; RFC 9110 for `Accept` and `Content-Type`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from fastapi import Depends, Header
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tracegraph import __version__
from tracegraph.api.problems import NOT_ACCEPTABLE, UNSUPPORTED_MEDIA, WRONG_REQUEST, Problem, is_epcis
from tracegraph.formats.epcis.translation import EpcFormat

VERSION = "2.0.0"
JSON = "application/json"
JSON_LD = "application/ld+json"
JSON_FORMS = (JSON, JSON_LD)
XML_FORMS = ("application/xml", "text/xml")

_VERSION = re.compile(r"(\d{1,4})(?:\.(\d{1,4}))?(?:\.(\d{1,4}))?\Z")
_EXTENSION = re.compile(r"\s*([A-Za-z][A-Za-z0-9_.-]*)\s*=\s*([A-Za-z][A-Za-z0-9+.-]*:[^\s,;<>\"]+)\s*\Z")
_OURS = (2, 0)


class CbvXmlFormat(StrEnum):
    """In which form words of the vocabulary are answered in XML, which is not answered here."""

    NO_PREFERENCE = "No_Preference"
    WEB_URI = "Always_Web_URI"
    URN = "Always_URN"
    NEVER = "Never_Translates"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the headers of a request ask for. `context`: prefixes that GS1-Extensions declares."""

    media: str = JSON
    form: EpcFormat = EpcFormat.DIGITAL_LINK
    context: Mapping[str, str] | None = None

    def headers(self) -> dict[str, str]:
        """What the answer says of itself."""
        return {"GS1-EPC-Format": self.form, "Content-Type": self.media}


def asked(
    accept: Annotated[str | None, Header(include_in_schema=False)] = None,
    epc_format: Annotated[
        EpcFormat | None, Header(alias="GS1-EPC-Format", description="The form of identifiers in the answer.")
    ] = None,
    cbv_xml_format: Annotated[
        CbvXmlFormat | None, Header(alias="GS1-CBV-XML-Format", description="For XML; without effect on JSON.")
    ] = None,
    version: Annotated[str | None, Header(alias="GS1-EPCIS-Version", include_in_schema=False)] = None,
    lowest: Annotated[str | None, Header(alias="GS1-EPCIS-Min", include_in_schema=False)] = None,
    highest: Annotated[str | None, Header(alias="GS1-EPCIS-Max", include_in_schema=False)] = None,
    cbv: Annotated[str | None, Header(alias="GS1-CBV-Version", include_in_schema=False)] = None,
    lowest_cbv: Annotated[str | None, Header(alias="GS1-CBV-Min", include_in_schema=False)] = None,
    highest_cbv: Annotated[str | None, Header(alias="GS1-CBV-Max", include_in_schema=False)] = None,
    extensions: Annotated[
        str | None,
        Header(
            alias="GS1-Extensions",
            description="Prefixes of extensions as prefix=namespace, with commas between; other text has no effect.",
            examples=["example=https://example.com/epcis/"],
        ),
    ] = None,
) -> Asked:
    """What the headers ask for. Problems 406 and 400 where it cannot be given."""
    _check_version("GS1-EPCIS", version, lowest, highest)
    _check_version("GS1-CBV", cbv, lowest_cbv, highest_cbv)
    return Asked(accepted(accept), epc_format or EpcFormat.DIGITAL_LINK, _prefixes(extensions))


#: What a route of /epcis takes to know what the headers ask for.
Headers = Annotated[Asked, Depends(asked)]


def accepted(accept: str | None) -> str:
    """The media type of the answer: JSON-LD where only that is asked for, else JSON."""
    if accept is None or not accept.strip():
        return JSON
    wanted = [_preference(part) for part in accept.split(",")]
    ranges = [name for name, quality in sorted(wanted, key=lambda one: -one[1]) if quality > 0]
    for name in ranges:
        if name in (JSON, "application/*", "*/*"):
            return JSON
        if name == JSON_LD:
            return JSON_LD
    raise Problem(NOT_ACCEPTABLE, f"answers are {JSON} or {JSON_LD}; name one of them in Accept")


def _preference(part: str) -> tuple[str, float]:
    name, *parameters = (piece.strip().lower() for piece in part.split(";"))
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return name, float(parameter[2:])
            except ValueError:
                return name, 0.0
    return name, 1.0


def media_of(content_type: str | None, offered: tuple[str, ...]) -> str:
    """The media type of a body. Problem 415 where it is none that is offered."""
    name = (content_type or "").split(";")[0].strip().lower()
    if name not in offered:
        raise Problem(UNSUPPORTED_MEDIA, f"the body must be {' or '.join(offered)}; say so in Content-Type")
    return name


def _check_version(what: str, exactly: str | None, lowest: str | None, highest: str | None) -> None:
    """Problem 406 where the version spoken here lies outside of what is asked for."""
    if exactly is not None and _read_version(f"{what}-Version", exactly) != _OURS:
        raise Problem(NOT_ACCEPTABLE, f"{what}-Version {exactly[:20]} is not offered; ask for {VERSION}")
    if lowest is not None and _read_version(f"{what}-Min", lowest) > _OURS:
        raise Problem(NOT_ACCEPTABLE, f"{what}-Min {lowest[:20]} is above {VERSION}; ask for {VERSION}")
    if highest is not None and _read_version(f"{what}-Max", highest) < _OURS:
        raise Problem(NOT_ACCEPTABLE, f"{what}-Max {highest[:20]} is below {VERSION}; ask for {VERSION}")


def _read_version(name: str, text: str) -> tuple[int, int]:
    """Major and minor number."""
    found = _VERSION.match(text.strip())
    if found is None:
        raise Problem(WRONG_REQUEST, f"the header {name} is no version; write it as {VERSION}")
    return int(found[1]), int(found[2] or 0)


def _prefixes(extensions: str | None) -> Mapping[str, str] | None:
    """What the header declares. Anything else in it is of no effect: a prefix that is used and not declared is refused
    where it is used."""
    if extensions is None:
        return None
    declared = (_EXTENSION.match(part) for part in extensions.split(","))
    return {found[1]: found[2] for found in declared if found}


class Announcing:
    """Adds to every answer of /epcis what the service speaks."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or not is_epcis(scope["path"]):
            await self._app(scope, receive, send)
            return

        async def announce(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SPOKEN.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, announce)


SPOKEN = {"GS1-EPCIS-Version": VERSION, "GS1-CBV-Version": VERSION, "GS1-Vendor-Version": f"tracegraph {__version__}"}


def capabilities(most_bytes: int) -> dict[str, str]:
    """The headers that say what the service can do, for OPTIONS."""
    return {
        "GS1-EPCIS-Min": VERSION,
        "GS1-EPCIS-Max": VERSION,
        "GS1-CBV-Min": VERSION,
        "GS1-CBV-Max": VERSION,
        "GS1-EPC-Format": ", ".join(EpcFormat),
        "GS1-Capture-Error-Behaviour": "all",
        "GS1-EPCIS-Capture-Limit": "*",
        "GS1-EPCIS-Capture-File-Size-Limit": str(most_bytes),
    }
