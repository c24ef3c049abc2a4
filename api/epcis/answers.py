"""Answers of /epcis as bytes: numbers keep their digits, identifiers come in the form asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from starlette.responses import Response

from tracegraph.api.epcis.headers import Asked
from tracegraph.formats.epcis.context import EPCIS_CONTEXT
from tracegraph.formats.epcis.json_text import json_text
from tracegraph.formats.epcis.translation import identifiers_in, translated
from tracegraph.identifiers import PrefixLengths
from tracegraph.query import FoundEvent, documents


def answer(value: Any, asked: Asked, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON value as response."""
    content = json_text(value).encode("utf-8", "backslashreplace")
    return Response(content, status, {**asked.headers(), **(headers or {})}, asked.media)


def collection(members: Iterable[str]) -> dict[str, Any]:
    """Names of things to look at further."""
    return {"@context": EPCIS_CONTEXT, "type": "Collection", "member": list(members)}


def query_document(events: Iterable[FoundEvent], asked: Asked, created: int, name: str = "SimpleEventQuery") -> Any:
    """An EPCISQueryDocument of the events. Where company prefixes end, which EPC URNs show, is taken from the events of
    the answer alone: what others have captured must not change it."""
    told = [documents.event_json(event) for event in events]
    lengths = PrefixLengths(text for event in told for text in identifiers_in(event))
    return documents.query_document([translated(event, asked.form, lengths) for event in told], created, name)
