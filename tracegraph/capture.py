"""Capture: pieces from a reader into a store, in atomic batches, with everything rejected kept whole.

An event counts once: a second copy equal in content and eventID is a duplicate and changes nothing. Each batch appends
to the ledger and recompiles what it touches in one change, so that no event is ever stored by halves.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from tracegraph.errors import RejectedInput
from tracegraph.formats.epcis import AcceptedMasterData, AcceptedRecord, Rejected
from tracegraph.formats.epcis.master_data import aliases_of_master_data, memberships_of_master_data
from tracegraph.formats.recognise import EPCIS, Reading
from tracegraph.formats.source import SourceFile
from tracegraph.intake.admission import admitted
from tracegraph.intake.elsewhere import Elsewhere, is_worthwhile
from tracegraph.intake.portions import Permit, Portion, Source, fewer_collections
from tracegraph.intake.portions import portions as portions_of
from tracegraph.model.record import Record
from tracegraph.recompile import Batch, Workbench, record_of, store_batches
from tracegraph.recompile.entering import record_entry
from tracegraph.rejects import Rejects
from tracegraph.stages import READING, STORING, UNMEASURED, Stages
from tracegraph.stores.port import NewEntry, Store
from tracegraph.stores.stored_facts import ALIAS_RECORD, MEMBER_RECORD

#: Events per change: enough that a commit costs little, few enough that memory stays small.
BATCH = 4_000


@dataclass(slots=True)
class CaptureReport:
    """What became of the input. `findings` counts findings by code; `rejects` is the file that keeps what was rejected
    (None: nothing was). `records`: of kinds that people enter, new ones and new versions; `records_known`: those that
    said nothing new. `consumed`: bytes of the sources read so far. `seconds`: by stage (tracegraph.stages), where
    they were measured; `reader_seconds`: of the processor, by a second process that read."""

    accepted: int = 0
    duplicates: int = 0
    rejected: int = 0
    master_data: int = 0
    records: int = 0
    records_known: int = 0
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
    where that saves time); what is stored is the same. `permit`: gives a reason for what must not be stored, which is a
    rejected piece then. `on_rejected` is told of each rejected piece. `turn` is held while a change is made, where
    several captures of one process share a workbench. `form`: which format the sources have
    (tracegraph.formats.recognise). `batch`: events per change; a workbench that remembers as much goes with more.
    """

    store: Store
    clock: Callable[[], int]
    actor: str = ""
    rejects: Path | None = None
    workbench: Workbench = field(default_factory=Workbench)
    progress: Callable[[CaptureReport], None] | None = None
    stages: Stages = UNMEASURED
    second_process: bool | None = None
    permit: Permit | None = None
    on_rejected: Callable[[Rejected], None] | None = None
    turn: AbstractContextManager[object] = field(default_factory=nullcontext)
    form: str | Reading = EPCIS
    batch: int = field(default_factory=lambda: BATCH)
    report: CaptureReport = field(default_factory=CaptureReport)

    def run(self, sources: Iterable[Source], strict: bool = False, whole: bool = False) -> CaptureReport:
        """Read all sources. Raises RejectedInput under `strict` when a source held anything doubtful, and under `whole`
        when anything of it was rejected; nothing of that source is stored then, the others are. `whole` stores all
        events of a source in one change, however many they are; a stream is kept in memory for that."""
        if whole and not strict:
            return self._run_whole(list(sources))
        refused: list[str] = []
        with fewer_collections(), closing(self._portions(list(sources), strict)) as portions:
            while (portion := self._next(portions)) is not None:
                refused += [piece.reason for piece in portion.rejected]
                self._take(portion)
        if strict:
            _refuse(refused)
        return self.report

    def _run_whole(self, sources: Sequence[Source]) -> CaptureReport:
        refused: list[str] = []
        with fewer_collections():
            for source in sources:
                refused += self._take_whole(source)
        _refuse(refused)
        return self.report

    def _take_whole(self, source: Source) -> list[str]:
        """Look at all of a source, then store it in one change; returns why it is not stored."""
        reread = isinstance(source, (str, Path)) or (isinstance(source, SourceFile) and source.path is not None)
        held: list[Portion] = []
        refused: list[str] = []
        count = 0
        with closing(self._portions([source], strict=False)) as portions:
            while (portion := self._next(portions)) is not None:
                count += 1
                for piece in portion.rejected:
                    self._reject(piece)
                refused += [piece.reason for piece in portion.rejected]
                if not refused and (count == 1 or not reread):
                    held.append(portion)
                self._tell(portion)
        if not refused:
            self._store(self._again(source) if count > len(held) else held)
        return refused

    def _again(self, source: Source) -> Iterator[Portion]:
        """All portions of a source for the second time; whoever watches may end it by an error."""
        for portion in self._portions([source], strict=False):
            yield portion
            if self.progress:
                self.progress(self.report)

    def _portions(self, sources: Sequence[Source], strict: bool) -> Generator[Portion]:
        """What is to be stored, from here or from the second process."""
        paths = [source for source in sources if isinstance(source, (str, Path))]
        wanted = self.second_process if self.second_process is not None else is_worthwhile(sources)
        if wanted and len(paths) == len(sources) and self.permit is None:
            elsewhere = Elsewhere(paths, self.batch, strict, self.form)
            for portion in elsewhere.portions():
                yield admitted(self.store, portion, strict)
            self.report.reader_seconds += elsewhere.seconds
        else:
            for portion in portions_of(sources, self.batch, strict, self.permit, self.form):
                yield admitted(self.store, portion, strict)

    def _next(self, portions: Iterator[Portion]) -> Portion | None:
        with self.stages.stage(READING):
            return next(portions, None)

    def _take(self, portion: Portion) -> None:
        """Store one portion, and count it."""
        for piece in portion.rejected:
            self._reject(piece)
        if portion.events or portion.records:
            self._store([portion])
        self._tell(portion)

    def _store(self, portions: Iterable[Portion]) -> None:
        """All the portions in one change."""
        stated = _Stated()
        with self.turn, self.stages.stage(STORING):
            batches = (stated.entries(portion) for portion in portions)
            stored = store_batches(self.store, batches, self.clock(), self.actor, self.workbench, self.stages)
        self._count(stored, stated)

    def _tell(self, portion: Portion) -> None:
        self.report.consumed = portion.consumed
        self.report.seconds = self.stages.seconds()
        if self.progress:
            self.progress(self.report)

    def _count(self, stored: Batch, stated: _Stated) -> None:
        self.report.accepted += stored.events
        self.report.duplicates += stored.duplicates
        self.report.master_data += stored.records - stored.entered
        self.report.records += stored.entered
        self.report.records_known += stated.records - stored.entered
        _add(stated.findings, self.report.findings)

    def _reject(self, piece: Rejected) -> None:
        self.report.rejected += 1
        self.report.reasons.append(piece.reason)
        self.report.rejects = self.rejects
        if self.rejects is not None:
            Rejects(self.rejects).keep(piece)
        if self.on_rejected is not None:
            self.on_rejected(piece)


def _refuse(reasons: Sequence[str]) -> None:
    """RejectedInput, where there is a reason."""
    if reasons:
        raise RejectedInput(f"{reasons[0]}{f' ({len(reasons) - 1} more)' if len(reasons) > 1 else ''}")


@dataclass(slots=True)
class _Stated:
    """What the portions of one change state: findings by code, and how many records of kinds that people enter."""

    findings: dict[str, int] = field(default_factory=dict)
    records: int = 0

    def entries(self, portion: Portion) -> list[NewEntry]:
        """What of a portion is to be stored; what it states is counted."""
        _add(portion.findings, self.findings)
        entries: list[NewEntry] = []
        for piece in portion.records:
            if isinstance(piece, AcceptedRecord):
                self.records += 1
                entries.append(record_entry(piece.record))
            else:
                entries += master_entries(piece)
        return [*entries, *portion.events]


def _add(counts: Mapping[str, int], total: dict[str, int]) -> None:
    for name, count in counts.items():
        total[name] = total.get(name, 0) + count


def master_entries(piece: AcceptedMasterData) -> Iterator[NewEntry]:
    """The element itself, and the aliases and memberships that its attributes state."""
    source = str(piece.position.source)
    yield NewEntry(piece.payload, record=record_of(piece.master_data, source))
    for alias in aliases_of_master_data(piece.master_data):
        data = {"unit": alias.unit, "alias": alias.alias, "document": alias.document, "date": alias.date}
        yield NewEntry(piece.payload, record=Record(ALIAS_RECORD, alias.alias, data, source=source))
    for member in memberships_of_master_data(piece.master_data):
        yield NewEntry(piece.payload, record=Record(MEMBER_RECORD, member.item, {"lot": member.lot}, source=source))
