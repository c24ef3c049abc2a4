"""EPCIS 2.0 in JSON and JSON-LD: reading, the event hash, the facts of an event, writing."""

from __future__ import annotations

from tracegraph.formats.epcis.payload import event_of_payload, facts_of_payload, payload_of
from tracegraph.formats.epcis.pieces import AcceptedEvent, AcceptedMasterData, Piece, Rejected, SourcePosition
from tracegraph.formats.epcis.reader import read
from tracegraph.formats.epcis.writer import event_as_json, export

__all__ = [
    "AcceptedEvent",
    "AcceptedMasterData",
    "Piece",
    "Rejected",
    "SourcePosition",
    "event_as_json",
    "event_of_payload",
    "export",
    "facts_of_payload",
    "payload_of",
    "read",
]
