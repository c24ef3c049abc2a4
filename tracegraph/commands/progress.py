"""How far long work has got, on stderr: a bar on a terminal, a line now and then elsewhere if asked for."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from tracegraph.commands.output import note
from tracegraph.commands.session import Session
from tracegraph.stores.faults import Watch, unwatched

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

#: `None`: only where stderr is a terminal.
ProgressOption = Annotated[bool | None, typer.Option("--progress/--no-progress", show_default=False)]

#: Lines are this many per cent apart.
STEP = 10


@contextmanager
def watched(session: Session, wanted: bool | None = None) -> Iterator[Watch]:
    """A watch that shows the stages of the work (messages `stage_...`)."""
    if wanted is False or (wanted is None and not sys.stderr.isatty()):
        yield unwatched
    elif sys.stderr.isatty():
        with _bars() as progress:
            yield _Bars(progress, session)
    else:
        yield _Lines(session)


def _bars() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %")
    return Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True)


class _Bars:
    """A bar for each stage."""

    def __init__(self, progress: Progress, session: Session) -> None:
        self._progress = progress
        self._session = session
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, stage: str, done: int, total: int) -> None:
        if stage not in self._tasks:
            self._tasks[stage] = self._progress.add_task(self._session.say(f"stage_{stage}"), total=total)
        self._progress.update(self._tasks[stage], completed=done, total=total)


class _Lines:
    """A line at every tenth part of a stage."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._told: dict[str, int] = {}

    def __call__(self, stage: str, done: int, total: int) -> None:
        part = 100 * done // total // STEP * STEP if total else 100
        if part != self._told.get(stage):
            self._told[stage] = part
            note(self._session.say("stage_progress", stage=self._session.say(f"stage_{stage}"), percent=part))
