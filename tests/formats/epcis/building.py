"""Events and documents for the tests of the EPCIS reader, in a few words each."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from tracegraph.formats.epcis import AcceptedEvent, AcceptedMasterData, Piece, Rejected, read
from tracegraph.formats.epcis.json_text import json_text
from tracegraph.model.event import Event
from tracegraph.model.facts import EventFacts

ITEM = "urn:epc:id:sgtin:4012345.011111.9876"
LOT = "urn:epc:class:lgtin:4012345.012345.998877"


def event(**members: Any) -> dict[str, Any]:
    """A faultless ObjectEvent with the members given; None leaves one out."""
    base: dict[str, Any] = {
        "type": "ObjectEvent",
        "eventTime": "2026-01-31T12:00:00+01:00",
        "eventTimeZoneOffset": "+01:00",
        "action": "OBSERVE",
        "epcList": [ITEM],
    }
    return {name: value for name, value in {**base, **members}.items() if value is not None}


def document(events: Iterable[Any], **members: Any) -> dict[str, Any]:
    """An EPCISDocument of these events."""
    return {
        "@context": ["https://ref.gs1.org/standards/epcis/epcis-context.jsonld", {"ex": "https://example.com/ns/"}],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-01-31T12:00:00Z",
        **members,
        "epcisBody": {"eventList": list(events)},
    }


def encoded(value: Any) -> bytes:
    """A JSON value as bytes."""
    return json_text(_exact(value)).encode("utf-8", "surrogatepass")


def _exact(value: Any) -> Any:
    """The same with floats as Decimal."""
    if isinstance(value, float):
        return Decimal(str(value))
    if isinstance(value, dict):
        return {name: _exact(inner) for name, inner in value.items()}
    return [_exact(item) for item in value] if isinstance(value, list) else value


def decoded(data: bytes | str) -> Any:
    """JSON with every number as Decimal."""
    return json.loads(data, parse_float=Decimal, parse_int=Decimal)


def pieces(data: bytes, strict: bool = False) -> list[Piece]:
    """What the reader makes of bytes."""
    return list(read(io.BytesIO(data), strict=strict))


def accepted(value: Any) -> AcceptedEvent:
    """The one event of a JSON value, which must be accepted."""
    (piece,) = pieces(encoded(value))
    assert isinstance(piece, AcceptedEvent), piece
    return piece


def parsed(**members: Any) -> Event:
    """A faultless event with these members, parsed."""
    return accepted(event(**members)).event


def facts(**members: Any) -> EventFacts:
    """The facts of a faultless event with these members."""
    return accepted(event(**members)).facts


def rejected(data: bytes) -> Rejected:
    """The one piece of bytes that must be rejected."""
    (piece,) = pieces(data)
    assert isinstance(piece, Rejected), piece
    return piece


def kinds(found: Iterable[Piece]) -> str:
    """Pieces as letters: E an event, M master data, R rejected."""
    letters = {AcceptedEvent: "E", AcceptedMasterData: "M", Rejected: "R"}
    return "".join(letters[type(piece)] for piece in found)
