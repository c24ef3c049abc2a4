"""EPCIS 2.0 in JSON and JSON-LD: reading, the event hash, the facts of an event, writing."""

from __future__ import annotations

from tracegraph.formats.epcis.payload import (
    context_within,
    event_of_payload,
    facts_of_payload,
    payload_of,
    unread_event,
)
from tracegraph.formats.epcis.pieces import (
    Accepted,
    AcceptedEvent,
    AcceptedMasterData,
    AcceptedRecord,
    Piece,
    Rejected,
    SourcePosition,
)
from tracegraph.formats.epcis.reader import read
from tracegraph.formats.epcis.writer import event_as_json, event_in_document, export

__all__ = [
    "Accepted",
    "AcceptedEvent",
    "AcceptedMasterData",
    "AcceptedRecord",
    "Piece",
    "Rejected",
    "SourcePosition",
    "context_within",
    "event_as_json",
    "event_in_document",
    "event_of_payload",
    "export",
    "facts_of_payload",
    "payload_of",
    "read",
    "unread_event",
]
