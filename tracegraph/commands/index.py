"""`tracegraph index`: make the arrays that long traces are faster with."""

from __future__ import annotations

import sys
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import typer

from tracegraph.commands.output import line, note
from tracegraph.commands.progress import ProgressOption, watched
from tracegraph.commands.session import Session, session_of
from tracegraph.stores.indexing import Indexable, indexable

if TYPE_CHECKING:
    import subprocess

    from tracegraph.stores.port import Store

#: Builds that this process started and does not wait for.
_started: list[subprocess.Popen[bytes]] = []


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("index")(index)


def index(
    context: typer.Context,
    background: Annotated[bool, typer.Option("--background")] = False,
    progress: ProgressOption = None,
) -> None:
    """Make the index, here or in a process of its own."""
    session = session_of(context)
    with session.opened() as store, watched(session, progress) as watch:
        wanted = indexable(store)
        if background:
            start_in_background(session)
            note(session.say("index_started"))
            return
        began = perf_counter()
        made = wanted.build_index(lambda done, total: watch("index", done, total))
    if made:
        line(session.say("index_made", seconds=f"{perf_counter() - began:.1f}"))
    else:
        note(session.say("index_being_made"))


def index_when_due(session: Session, store: Store) -> None:
    """After a capture: make the index anew in a process of its own where so much was added that it pays."""
    if started_when_due(session, store):
        note(session.say("index_started"))


def started_when_due(session: Session, store: Store) -> bool:
    """Whether it paid, and was begun; one that this process began earlier is finished first."""
    _started[:] = [build for build in _started if build.poll() is None]
    if _started or not isinstance(store, Indexable) or not store.index_is_due():
        return False
    start_in_background(session)
    return True


def start_in_background(session: Session) -> None:
    """Run `tracegraph index` in a process that outlives this one. Should it fail, or be killed, the store is as good as
    before."""
    import subprocess

    command = [sys.executable, "-m", "tracegraph.cli", f"--store={session.url}", "index"]
    nowhere = subprocess.DEVNULL
    _started.append(subprocess.Popen(command, stdin=nowhere, stdout=nowhere, stderr=nowhere, start_new_session=True))
