"""What a reader hands over: accepted events, accepted master data, and rejected pieces kept whole."""

from __future__ import annotations

from dataclasses import dataclass

from tracegraph.formats.source import Kept
from tracegraph.model.event import Event, Finding
from tracegraph.model.facts import EventFacts
from tracegraph.model.master_data import MasterData


@dataclass(frozen=True, slots=True)
class SourcePosition:
    """Where a piece stands: file, JSON pointer (empty: the value at top level), byte offset from 0, line from 1."""

    source: str
    pointer: str = ""
    offset: int = 0
    line: int = 1

    def __str__(self) -> str:
        """The position in the words of a message."""
        pointer = f" {self.pointer}" if self.pointer else ""
        return f"{self.source}{pointer} (line {self.line}, byte {self.offset})"


@dataclass(frozen=True, slots=True)
class AcceptedEvent:
    """An event to store. `entry_payload`: what the ledger keeps (payload.payload_of)."""

    entry_payload: bytes
    event: Event
    facts: EventFacts
    position: SourcePosition


@dataclass(frozen=True, slots=True)
class AcceptedMasterData:
    """One vocabulary element to store as a record."""

    payload: bytes
    master_data: MasterData
    position: SourcePosition


@dataclass(frozen=True, slots=True)
class Rejected:
    """What was not accepted: `reason` is one sentence with file and position, `data` the bytes as they were. `findings`
    are those for which a strict reader rejected an event."""

    position: SourcePosition
    reason: str
    data: Kept
    findings: tuple[Finding, ...] = ()


Piece = AcceptedEvent | AcceptedMasterData | Rejected
