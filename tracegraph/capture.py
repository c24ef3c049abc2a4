"""Capture: pieces from a reader into a store, in atomic batches, with everything rejected kept whole.

An event counts once: a second copy equal in content and eventID is a duplicate and changes nothing. Each batch appends
to the ledger and recompiles what it touches in one change, so that no event is ever stored by halves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from tracegraph.errors import RejectedInput
from tracegraph.formats.epcis import AcceptedEvent, AcceptedMasterData, Piece, Rejected, read
from tracegraph.formats.epcis.master_data import aliases_of_master_data, memberships_of_master_data
from tracegraph.formats.source import ByteStream
from tracegraph.model.event import Finding
from tracegraph.model.record import Record
from tracegraph.recompile import Batch, Workbench, record_of, store_batch
from tracegraph.rejects import Rejects
from tracegraph.stores.port import NewEntry, Store
from tracegraph.stores.stored_facts import ALIAS_RECORD, MEMBER_RECORD

#: Events per change: enough that a commit costs little, few enough that memory stays small.
BATCH = 500

Source = str | Path | ByteStream


@dataclass(slots=True)
class CaptureReport:
    """What became of the input. `findings` counts findings by code; `rejects` is the file that keeps what was rejected
    (None: nothing was)."""

    accepted: int = 0
    duplicates: int = 0
    rejected: int = 0
    master_data: int = 0
    findings: dict[str, int] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)
    rejects: Path | None = None


@dataclass(slots=True)
class Capture:
    """Captures sources into a store. `clock` gives the instant that is recorded as known time (microseconds)."""

    store: Store
    clock: Callable[[], int]
    actor: str = ""
    rejects: Path | None = None
    workbench: Workbench = field(default_factory=Workbench)
    progress: Callable[[CaptureReport], None] | None = None
    report: CaptureReport = field(default_factory=CaptureReport)

    def run(self, sources: Iterable[Source], strict: bool = False) -> CaptureReport:
        """Read all sources. Raises RejectedInput under `strict` when a source held anything doubtful; nothing of that
        source is stored then, the others are."""
        refused: list[str] = []
        for source in sources:
            if strict:
                refused.extend(self._strictly(source))
            else:
                self._leniently(read(source))
        if refused:
            raise RejectedInput(f"{refused[0]}{f' ({len(refused) - 1} more)' if len(refused) > 1 else ''}")
        return self.report

    def _leniently(self, pieces: Iterator[Piece]) -> None:
        while batch := list(islice(pieces, BATCH)):
            self._store(batch)

    def _strictly(self, source: Source) -> list[str]:
        """All of a source in one change, or nothing of it."""
        pieces = list(read(source, strict=True))
        rejected = [piece for piece in pieces if isinstance(piece, Rejected)]
        self._store(rejected or pieces)
        return [piece.reason for piece in rejected]

    def _store(self, pieces: Sequence[Piece]) -> None:
        for piece in pieces:
            if isinstance(piece, Rejected):
                self._reject(piece)
        accepted = [piece for piece in pieces if isinstance(piece, AcceptedEvent)]
        master = [piece for piece in pieces if isinstance(piece, AcceptedMasterData)]
        if accepted or master:
            described = [entry for piece in master for entry in _master_entries(piece)]
            entries = [*described, *(_event_entry(piece) for piece in accepted)]
            self._count(store_batch(self.store, entries, self.clock(), self.actor, self.workbench), accepted)
        if self.progress:
            self.progress(self.report)

    def _count(self, stored: Batch, accepted: Iterable[AcceptedEvent]) -> None:
        self.report.accepted += stored.events
        self.report.duplicates += stored.duplicates
        self.report.master_data += stored.records
        for piece in accepted:
            self._count_findings(piece.findings)

    def _count_findings(self, findings: Iterable[Finding]) -> None:
        for finding in findings:
            self.report.findings[finding.code] = self.report.findings.get(finding.code, 0) + 1

    def _reject(self, piece: Rejected) -> None:
        self.report.rejected += 1
        self.report.reasons.append(piece.reason)
        self.report.rejects = self.rejects
        if self.rejects is not None:
            Rejects(self.rejects).keep(piece)


def _event_entry(piece: AcceptedEvent) -> NewEntry:
    return NewEntry(piece.entry_payload, facts=piece.facts)


def _master_entries(piece: AcceptedMasterData) -> Iterator[NewEntry]:
    """The element itself, and the aliases and memberships that its attributes state."""
    source = str(piece.position.source)
    yield NewEntry(piece.payload, record=record_of(piece.master_data, source))
    for alias in aliases_of_master_data(piece.master_data):
        data = {"unit": alias.unit, "alias": alias.alias, "document": alias.document, "date": alias.date}
        yield NewEntry(piece.payload, record=Record(ALIAS_RECORD, alias.alias, data, source=source))
    for member in memberships_of_master_data(piece.master_data):
        yield NewEntry(piece.payload, record=Record(MEMBER_RECORD, member.item, {"lot": member.lot}, source=source))
