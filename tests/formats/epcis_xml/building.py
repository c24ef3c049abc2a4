"""XML documents for the tests, in a few words each."""

from __future__ import annotations

from typing import Any

from tests.formats.epcis.building import pieces
from tracegraph.formats.epcis import AcceptedEvent, AcceptedMasterData, Rejected, event_as_json

TIME = "<eventTime>2026-01-31T12:00:00+01:00</eventTime><eventTimeZoneOffset>+01:00</eventTimeZoneOffset>"


def event(number: int | str = 1, more: str = "", kind: str = "ObjectEvent") -> str:
    """A faultless event about one object."""
    return (
        f"<{kind}>{TIME}<epcList><epc>urn:x:{number}</epc></epcList><action>OBSERVE</action>{more}</{kind.split()[0]}>"
    )


def document(*events: str, header: str = "", before: str = "<?xml version='1.0'?>\n", version: int = 2) -> bytes:
    """An EPCISDocument of these events, one a line."""
    return (
        f'{before}<epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:{version}" xmlns:ex="https://example.com/ns/"'
        f' schemaVersion="{version}.0" creationDate="2026-01-31T12:00:00Z">{header}<EPCISBody><EventList>\n'
        + "".join(f"{one}\n" for one in events)
        + "</EventList></EPCISBody></epcis:EPCISDocument>\n"
    ).encode()


def accepted(data: bytes | str) -> AcceptedEvent:
    """The one event of a document, which must be accepted."""
    (piece,) = pieces(data.encode() if isinstance(data, str) else data)
    assert isinstance(piece, AcceptedEvent), piece
    return piece


def as_json(more: str, kind: str = "ObjectEvent") -> dict[str, Any]:
    """What the reader makes of elements within an event."""
    return event_as_json(accepted(document(event(more=more, kind=kind))).event)


def rejected(data: bytes) -> Rejected:
    """The one piece of bytes, which must be rejected."""
    (piece,) = pieces(data)
    assert isinstance(piece, Rejected), piece
    return piece


def master_data(data: bytes) -> list[AcceptedMasterData]:
    """The accepted master data in a document."""
    return [piece for piece in pieces(data) if isinstance(piece, AcceptedMasterData)]
