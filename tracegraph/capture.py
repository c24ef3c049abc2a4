"""Capture: pieces from a reader into a store, in atomic batches, with everything rejected kept whole.

An event counts once: a second copy equal in content and eventID is a duplicate and changes nothing. Each batch appends
to the ledger and recompiles what it touches in one change, so that no event is ever stored by halves.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from tracegraph.errors import RejectedInput
from tracegraph.formats.epcis import AcceptedMasterData, Rejected
from tracegraph.formats.epcis.master_data import aliases_of_master_data, memberships_of_master_data
from tracegraph.intake.elsewhere import Elsewhere, is_worthwhile
from tracegraph.intake.portions import Portion, Source, fewer_collections
from tracegraph.intake.portions import portions as portions_of
from tracegraph.model.record import Record
from tracegraph.recompile import Batch, Workbench, record_of, store_batch
from tracegraph.rejects import Rejects
from tracegraph.stages import READING, STORING, UNMEASURED, Stages
from tracegraph.stores.port import NewEntry, Store
from tracegraph.stores.stored_facts import ALIAS_RECORD, MEMBER_RECORD

#: Events per change: enough that a commit costs little, few enough that memory stays small.
BATCH = 4_000


@dataclass(slots=True)
class CaptureReport:
    """What became of the input. `findings` counts findings by code; `rejects` is the file that keeps what was rejected
    (None: nothing was). `consumed`: bytes of the sources read so far. `seconds`: by stage (tracegraph.stages), where
    they were measured; `reader_seconds`: of the processor, by a second process that read."""

    accepted: int = 0
    duplicates: int = 0
    rejected: int = 0
    master_data: int = 0
    findings: dict[str, int] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)
    rejects: Path | None = None
    consumed: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    reader_seconds: float = 0.0


@dataclass(slots=True)
class Capture:
    """Captures sources into a store. `clock` gives the instant that is recorded as known time (microseconds).

    `stages` measures (tracegraph.stages). `second_process`: whether another process reads while this one stores (None:
    where that saves time); what is stored is the same.
    """

    store: Store
    clock: Callable[[], int]
    actor: str = ""
    rejects: Path | None = None
    workbench: Workbench = field(default_factory=Workbench)
    progress: Callable[[CaptureReport], None] | None = None
    stages: Stages = UNMEASURED
    second_process: bool | None = None
    report: CaptureReport = field(default_factory=CaptureReport)

    def run(self, sources: Iterable[Source], strict: bool = False) -> CaptureReport:
        """Read all sources. Raises RejectedInput under `strict` when a source held anything doubtful; nothing of that
        source is stored then, the others are."""
        refused: list[str] = []
        with fewer_collections(), closing(self._portions(list(sources), strict)) as portions:
            while (portion := self._next(portions)) is not None:
                refused += [piece.reason for piece in portion.rejected]
                self._take(portion)
        if strict and refused:
            raise RejectedInput(f"{refused[0]}{f' ({len(refused) - 1} more)' if len(refused) > 1 else ''}")
        return self.report

    def _portions(self, sources: Sequence[Source], strict: bool) -> Generator[Portion]:
        """What is to be stored, from here or from the second process."""
        paths = [source for source in sources if isinstance(source, (str, Path))]
        wanted = self.second_process if self.second_process is not None else is_worthwhile(sources)
        if wanted and len(paths) == len(sources):
            elsewhere = Elsewhere(paths, BATCH, strict)
            yield from elsewhere.portions()
            self.report.reader_seconds += elsewhere.seconds
        else:
            yield from portions_of(sources, BATCH, strict)

    def _next(self, portions: Iterator[Portion]) -> Portion | None:
        with self.stages.stage(READING):
            return next(portions, None)

    def _take(self, portion: Portion) -> None:
        """Store one portion, and count it."""
        for piece in portion.rejected:
            self._reject(piece)
        described = [entry for piece in portion.master_data for entry in master_entries(piece)]
        entries = [*described, *portion.events]
        if entries:
            with self.stages.stage(STORING):
                stored = store_batch(self.store, entries, self.clock(), self.actor, self.workbench, self.stages)
            self._count(stored, portion)
        self.report.consumed = portion.consumed
        self.report.seconds = self.stages.seconds()
        if self.progress:
            self.progress(self.report)

    def _count(self, stored: Batch, portion: Portion) -> None:
        self.report.accepted += stored.events
        self.report.duplicates += stored.duplicates
        self.report.master_data += stored.records
        for code, count in portion.findings.items():
            self.report.findings[code] = self.report.findings.get(code, 0) + count

    def _reject(self, piece: Rejected) -> None:
        self.report.rejected += 1
        self.report.reasons.append(piece.reason)
        self.report.rejects = self.rejects
        if self.rejects is not None:
            Rejects(self.rejects).keep(piece)


def master_entries(piece: AcceptedMasterData) -> Iterator[NewEntry]:
    """The element itself, and the aliases and memberships that its attributes state."""
    source = str(piece.position.source)
    yield NewEntry(piece.payload, record=record_of(piece.master_data, source))
    for alias in aliases_of_master_data(piece.master_data):
        data = {"unit": alias.unit, "alias": alias.alias, "document": alias.document, "date": alias.date}
        yield NewEntry(piece.payload, record=Record(ALIAS_RECORD, alias.alias, data, source=source))
    for member in memberships_of_master_data(piece.master_data):
        yield NewEntry(piece.payload, record=Record(MEMBER_RECORD, member.item, {"lot": member.lot}, source=source))
