"""The Digital Link resolver: what an identifier on the goods leads to, as much as whoever scans it may know.

Source: GS1 Digital Link URI syntax (AIs 01 with 10 and 21, and 00). Who sees nothing gets what access.resolving shows.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Annotated

from fastapi import Header, Path, Query, Request
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from tracegraph.access.rights import Sees
from tracegraph.api.problems import NOT_FOUND, WRONG_REQUEST, Problem
from tracegraph.api.routes import Routes
from tracegraph.api.v1.examples import example
from tracegraph.api.v1.following import ask
from tracegraph.api.v1.models import OriginAnswer
from tracegraph.api.v1.parameters import LanguageName
from tracegraph.api.v1.replying import JSON, VARY, Reply, Replying
from tracegraph.api.v1.service_models import PublicFacts
from tracegraph.errors import UnknownIdentifier
from tracegraph.identifiers import canonical
from tracegraph.reports.public_page import public_page

resolver = Routes("", "resolver")

HTML = "text/html"
#: Characters that a lot or serial number may have (GS1 General Specifications, set 82).
CHARACTERS = r"""^[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]{1,20}$"""

Gtin = Annotated[str, Path(pattern="^([0-9]{8}|[0-9]{12,14})$", description="GTIN", examples=["09520101000019"])]
Lot = Annotated[str, Path(pattern=CHARACTERS, description="Lot number", examples=["48088"])]
Serial = Annotated[str, Path(pattern=CHARACTERS, description="Serial number", examples=["1"])]
Sscc = Annotated[str, Path(pattern="^[0-9]{18}$", description="SSCC", examples=["095201010000000016"])]
Accepted = Annotated[str | None, Header(alias="Accept", description="application/json (the default) or text/html")]


class Language(BaseModel):
    """How it is to be told."""

    model_config = ConfigDict(extra="forbid")

    lang: LanguageName | None = None


Told = Annotated[Language, Query()]

_RESPONSES = {
    200: {
        "model": OriginAnswer | PublicFacts,
        "description": "Where it comes from, or to the public only what it is",
        "content": {JSON: {"example": example("public")}, HTML: {"schema": {"type": "string"}}},
    }
}


@resolver.get(
    "/01/{gtin}/10/{lot:path}",
    "resolve",
    summary="Resolve a lot",
    operation_id="resolve_lot",
    problems=[NOT_FOUND, WRONG_REQUEST],
    responses=_RESPONSES,
)
def resolve_lot(gtin: Gtin, lot: Lot, told: Told, reply: Reply, request: Request, accept: Accepted = None) -> Response:
    """Where a lot comes from, as far as the caller may know; to the public its product, and where and when it began. As
    JSON or, for a browser, as a page. A lot that the caller may not know is as unknown as one that there is not."""
    return _resolve(reply, request, told.lang, accept)


@resolver.get(
    "/01/{gtin}/21/{serial:path}",
    "resolve",
    summary="Resolve an item",
    operation_id="resolve_item",
    problems=[NOT_FOUND, WRONG_REQUEST],
    responses=_RESPONSES,
)
def resolve_item(
    gtin: Gtin, serial: Serial, told: Told, reply: Reply, request: Request, accept: Accepted = None
) -> Response:
    """The same of an item with a serial number."""
    return _resolve(reply, request, told.lang, accept)


@resolver.get(
    "/00/{sscc}",
    "resolve",
    summary="Resolve a logistic unit",
    operation_id="resolve_logistic_unit",
    problems=[NOT_FOUND, WRONG_REQUEST],
    responses=_RESPONSES,
)
def resolve_logistic_unit(sscc: Sscc, told: Told, reply: Reply, request: Request, accept: Accepted = None) -> Response:
    """The same of a pallet or parcel."""
    return _resolve(reply, request, told.lang, accept)


def _resolve(reply: Replying, request: Request, asked: str | None, accept: str | None) -> Response:
    key = canonical(f"https://id.gs1.org{request.scope['raw_path'].decode('ascii', 'replace')}")
    page = _prefers_page(accept)
    try:
        told = _public(reply, key, asked, page) if _is_stranger(reply) else _known(reply, key, asked, page)
    except UnknownIdentifier:
        detail = f"no unit {key} is known here, or you may not know it; check the identifier"
        raise Problem(NOT_FOUND, detail) from None
    media = f"{HTML}; charset=utf-8" if page else JSON
    return Response(told, headers={"Vary": f"Accept, {VARY}"}, media_type=media)


def _is_stranger(reply: Replying) -> bool:
    return reply.serving.rights.seen_by(reply.caller) is Sees.NOTHING


def _public(reply: Replying, key: str, asked: str | None, page: bool) -> bytes:
    """What access.resolving shows to anybody: the only question that is asked of the whole graph."""
    language = reply.language(asked)
    facts = reply.serving.graph.speaking(language).public_facts(key)
    text = public_page(facts, language) if page else json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace")


def _known(reply: Replying, key: str, asked: str | None, page: bool) -> bytes:
    """Its origin, in the caller's view and within the server's limits."""
    whole = reply.serving.graph_of(replace(reply.caller, scopes=frozenset()))  # the key may resolve: the route says so
    graph = whole.speaking(reply.language(asked))
    settings = reply.serving.settings
    answer = ask(graph, "origin", {"start": [key]}, settings.most_nodes, settings.most_seconds)
    return answer.html(reply.language(asked)) if page else answer.to_json()


def _prefers_page(accept: str | None) -> bool:
    """Whether a page is wanted more than JSON: browsers name text/html first."""
    kinds = [part.strip().partition(";")[0].lower() for part in (accept or "").split(",")]
    return HTML in kinds and (JSON not in kinds or kinds.index(HTML) < kinds.index(JSON))
