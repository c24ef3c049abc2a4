"""Capture for callers: documents as jobs, single events at once. Everything here ends in tracegraph.capture.

Behaviour of a job (EPCIS 2.0, GS1-Capture-Error-Behaviour): `rollback` stores all events of the document in one change,
or none where one is rejected; `proceed` stores what can be stored. What is stored already is no error.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from threading import Lock
from typing import Any

from tracegraph.access.caller import Caller
from tracegraph.capture import Capture, CaptureReport
from tracegraph.errors import RejectedInput
from tracegraph.formats.epcis import Accepted, AcceptedEvent, Rejected, read
from tracegraph.formats.epcis.pieces import SourcePosition
from tracegraph.formats.source import SourceFile
from tracegraph.intake.portions import Permit
from tracegraph.recompile import Workbench
from tracegraph.service.working import Run
from tracegraph.stores.port import Store

#: The kind of these jobs.
KIND = "capture"
#: Timelines kept between captures: a service runs for months, and its memory should soon be what it will be.
REMEMBERED = 200
#: Rejected pieces that a job tells one by one; the others are counted.
MOST_ERRORS = 1_000
#: What messages call the input.
DOCUMENT = "the document"
EVENT = "the event"


class Behaviour(StrEnum):
    """What becomes of a document of which something is rejected."""

    ROLLBACK = "rollback"
    PROCEED = "proceed"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A rejected piece. `is_forbidden`: not for what it says, but for who sent it."""

    reason: str
    pointer: str
    is_forbidden: bool = False

    def told(self) -> dict[str, Any]:
        """The refusal as a job keeps it."""
        return {"reason": self.reason, "pointer": self.pointer, "forbidden": self.is_forbidden}


@dataclass(slots=True)
class Outcome:
    """What became of one capture."""

    report: CaptureReport
    refusals: list[Refusal]
    event: AcceptedEvent | None = None


#: From a caller to what decides about each of its pieces (None: it may capture anything).
PermitOf = Callable[[Caller], Permit | None]


@dataclass(slots=True)
class Capturing:
    """Captures into one store, one change at a time in this process. `captured` is called after each job."""

    store: Store
    clock: Callable[[], int]
    permit_of: PermitOf
    captured: Callable[[], object] = bool
    _workbench: Workbench = field(default_factory=lambda: Workbench(remembered=REMEMBERED))
    _turn: AbstractContextManager[object] = field(default_factory=Lock)

    def run(self, run: Run) -> Mapping[str, Any]:
        """Do one capture job."""
        behaviour = Behaviour(run.job.asked["behaviour"])
        size = run.input.stat().st_size
        source = SourceFile(DOCUMENT, run.input)
        notes = _Notes(self.permit_of(run.job.caller))
        work = self._work(run.job.caller, notes)
        work.progress = lambda report: run.progress(min(report.consumed, size), size)
        run.progress(0, size)
        with suppress(RejectedInput):
            work.run([source], whole=behaviour is Behaviour.ROLLBACK)
        self.captured()
        return _told(work.report, notes.refusals)

    def one_event(self, caller: Caller, data: bytes) -> Outcome:
        """Capture one bare event now. Nothing is stored where the outcome has a refusal."""
        notes = _Notes(self.permit_of(caller))
        pieces = list(read(SourceFile(EVENT, stream=io.BytesIO(data))))
        work = self._work(caller, notes)
        event = pieces[0] if len(pieces) == 1 else None
        if isinstance(event, AcceptedEvent) and not event.position.pointer:  # in no document and no list
            try:
                work.run([SourceFile(EVENT, stream=io.BytesIO(data))], whole=True)
            except RejectedInput:
                return Outcome(work.report, notes.refusals)
            return Outcome(work.report, notes.refusals, event)
        for piece in pieces:
            if isinstance(piece, Rejected):
                notes.rejected(piece)
        return Outcome(work.report, notes.refusals)

    def _work(self, caller: Caller, notes: _Notes) -> Capture:
        return Capture(
            self.store,
            self.clock,
            caller.name,
            workbench=self._workbench,
            second_process=False,
            permit=notes.permit if notes.decides else None,
            on_rejected=notes.rejected,
            turn=self._turn,
        )


class _Notes:
    """What was refused, and why."""

    def __init__(self, permit: Permit | None) -> None:
        self.refusals: list[Refusal] = []
        self.decides = permit is not None
        self._permit = permit
        self._forbidden: set[SourcePosition] = set()

    def permit(self, piece: Accepted) -> str | None:
        """What the caller's rights say to the piece."""
        reason = self._permit(piece) if self._permit else None
        if reason is not None and len(self.refusals) < MOST_ERRORS:
            self._forbidden.add(piece.position)
        return reason

    def rejected(self, piece: Rejected) -> None:
        """Keep why a piece was rejected; not of very many."""
        if len(self.refusals) < MOST_ERRORS:
            forbidden = piece.position in self._forbidden
            self.refusals.append(Refusal(piece.reason, piece.position.pointer, forbidden))


def _told(report: CaptureReport, refusals: list[Refusal]) -> dict[str, Any]:
    return {
        "success": report.rejected == 0,
        "accepted": report.accepted,
        "duplicates": report.duplicates,
        "rejected": report.rejected,
        "master_data": report.master_data,
        "findings": dict(sorted(report.findings.items())),
        "refusals": [refusal.told() for refusal in refusals],
    }
