"""What `tracegraph capture` shows on stderr: how far it has got, and where the time went."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tracegraph.commands.output import note
from tracegraph.commands.session import Session

if TYPE_CHECKING:
    from rich.progress import Progress

    from tracegraph.capture import CaptureReport

#: Where stderr is no terminal, a line is shown for so many events.
EVENTS_A_LINE = 10_000

Show = Callable[["CaptureReport"], None]


@contextmanager
def shown(session: Session, wanted: bool | None, total: Callable[[], int | None]) -> Iterator[Show | None]:
    """What to tell of the progress: a bar on a terminal, a line now and then elsewhere if asked for, else nothing.
    `total` says how many bytes are to be read (None: unknown)."""
    if wanted is False or (wanted is None and not sys.stderr.isatty()):
        yield None
    elif sys.stderr.isatty():
        with _bar() as progress:
            yield _Bar(progress, session, total())
    else:
        yield _Lines(session)


def _bar() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (
        BarColumn(bar_width=24),
        TextColumn("{task.percentage:>3.0f} %"),
        TextColumn("{task.description}", markup=False),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=Console(file=sys.stderr), transient=True)


class _Counts:
    """The counts so far, with the events per second."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._began = time.monotonic()

    def __call__(self, report: CaptureReport) -> str:
        counts = told(report, self._session)
        passed = time.monotonic() - self._began
        return self._session.say("capture_rate", counts=counts, rate=int(events_of(report) / max(passed, 0.001)))


class _Bar:
    """A bar of the bytes read."""

    def __init__(self, progress: Progress, session: Session, total: int | None) -> None:
        self._counts = _Counts(session)
        self._progress = progress
        self._task = progress.add_task("", total=total)

    def __call__(self, report: CaptureReport) -> None:
        self._progress.update(self._task, completed=report.consumed, description=self._counts(report))


class _Lines:
    """A line for every so many events."""

    def __init__(self, session: Session) -> None:
        self._counts = _Counts(session)
        self._next = EVENTS_A_LINE

    def __call__(self, report: CaptureReport) -> None:
        if events_of(report) >= self._next:
            self._next = events_of(report) + EVENTS_A_LINE
            note(self._counts(report))


def events_of(report: CaptureReport) -> int:
    """How many events were read, whatever became of them."""
    return report.accepted + report.duplicates + report.rejected


def told(report: CaptureReport, session: Session) -> str:
    """The counts in words."""
    return session.say("captured", accepted=report.accepted, duplicate=report.duplicates, rejected=report.rejected)


def show_profile(report: CaptureReport, session: Session) -> None:
    """Seconds by stage, their share, and microseconds per event, as a table on stderr."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column(session.say("profile_stage"))
    for heading in ("profile_seconds", "profile_share", "profile_each"):
        table.add_column(session.say(heading), justify="right")
    total = sum(report.seconds.values())
    rows = [(session.say(f"stage_{name}"), seconds) for name, seconds in report.seconds.items()]
    for name, seconds in (*rows, (session.say("profile_total"), total)):
        each = seconds / max(events_of(report), 1) * 1e6
        table.add_row(name, f"{seconds:.3f}", f"{seconds / (total or 1):.0%}", f"{each:.1f}")
    sys.stdout.flush()
    console = Console(file=sys.stderr, markup=False, emoji=False, highlight=False)
    console.print(table)
    if report.reader_seconds:
        console.print(session.say("profile_reader", seconds=f"{report.reader_seconds:.3f}"))
