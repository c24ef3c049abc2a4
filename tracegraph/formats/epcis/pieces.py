"""What a reader hands over: accepted events, accepted master data, and rejected pieces kept whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tracegraph.formats.epcis.payload import event_of_payload
from tracegraph.formats.source import Kept
from tracegraph.model.event import Event, Finding
from tracegraph.model.facts import EventFacts
from tracegraph.model.master_data import MasterData
from tracegraph.model.record import Record
from tracegraph.model.values import value


@value
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


@value
class AcceptedEvent:
    """An event to store. `entry_payload`: what the ledger keeps (payload.payload_of); `findings`: the problems with
    which it is stored nevertheless. `model`: the event as it was read, None where its facts were all that was read."""

    entry_payload: bytes
    facts: EventFacts
    position: SourcePosition
    findings: tuple[Finding, ...] = ()
    model: Event | None = field(default=None, compare=False, repr=False)

    @property
    def event(self) -> Event:
        """The event; read from the payload where only its facts were wanted so far."""
        return self.model or event_of_payload(self.entry_payload)


@dataclass(frozen=True, slots=True)
class AcceptedMasterData:
    """One vocabulary element to store as a record."""

    payload: bytes
    master_data: MasterData
    position: SourcePosition


@dataclass(frozen=True, slots=True)
class AcceptedRecord:
    """A record of a kind that people enter (model.record_kinds), as a row of a table states it. `cells`: where the
    values of its fields stand (`B7`); `original`: the row as it was, for the rejects file."""

    record: Record
    position: SourcePosition
    cells: Mapping[str, str]
    original: bytes


@dataclass(frozen=True, slots=True)
class Rejected:
    """What was not accepted: `reason` is one sentence with file and position, `data` the bytes as they were. `findings`
    are those for which a strict reader rejected an event."""

    position: SourcePosition
    reason: str
    data: Kept
    findings: tuple[Finding, ...] = ()


Accepted = AcceptedEvent | AcceptedMasterData | AcceptedRecord
Piece = Accepted | Rejected
