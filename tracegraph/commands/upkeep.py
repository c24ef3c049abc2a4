"""`tracegraph migrate`, `compact`, `rebuild` and `copy`: a store of an older version, one with unused space, a damaged
one, one that is to be kept elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tracegraph.commands.output import line, note
from tracegraph.commands.progress import ProgressOption, watched
from tracegraph.commands.session import reachable, session_of


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("migrate")(migrate)
    app.command("compact")(compact)
    app.command("rebuild")(rebuild)
    app.command("copy")(copy)


def migrate(context: typer.Context, progress: ProgressOption = None) -> None:
    """Bring the store up to the version that this program writes."""
    from tracegraph.stores.care import migrate as bring_up

    session = session_of(context)
    with watched(session, progress) as watch:
        migrated = bring_up(session.url, watch)
    if migrated.kept is None:
        line(session.say("nothing_to_migrate", version=migrated.after))
        return
    line(session.say("migrated", before=migrated.before, after=migrated.after))
    note(session.say("kept_aside", file=migrated.kept))


def compact(context: typer.Context) -> None:
    """Give unused space back, and say how much that was."""
    from tracegraph.stores.care import keepable

    session = session_of(context)
    with session.opened() as store:
        sizes = keepable(store).compact()
    line(
        session.say(
            "compacted",
            before=_size(sizes.file_before),
            after=_size(sizes.file_after),
            saved=_size(sizes.saved),
            unused=_size(sizes.unused),
            log=_size(sizes.log_before),
        )
    )
    if sizes.log_after:
        note(session.say("log_in_use", log=_size(sizes.log_after)))


def _size(count: int) -> str:
    """Bytes for people."""
    return f"{count / 2**20:,.1f} MiB"


def rebuild(
    context: typer.Context,
    output: Annotated[Path | None, typer.Option("--output", metavar="FILE")] = None,
    progress: ProgressOption = None,
) -> None:
    """Make facts, records and graph again from the ledger."""
    from tracegraph.care.rebuilding import rebuild as make_again

    session = session_of(context)
    with watched(session, progress) as watch:
        rebuilt = make_again(session.url, output, watch)
    line(session.say("rebuilt", count=rebuilt.head.count, head=rebuilt.head.hash, file=rebuilt.path))
    if rebuilt.kept is not None:
        note(session.say("kept_aside", file=rebuilt.kept))


def copy(
    context: typer.Context,
    origin: Annotated[str, typer.Option("--from", metavar="URL")],
    target: Annotated[str, typer.Option("--to", metavar="URL")],
    progress: ProgressOption = None,
) -> None:
    """Move a store to another one of any kind."""
    from tracegraph.care.copying import copy as copy_store
    from tracegraph.stores import shown_url

    session = session_of(context)
    with watched(session, progress) as watch:
        head = copy_store(reachable(origin), reachable(target), watch)
    line(session.say("copied", count=head.count, head=head.hash, store=shown_url(target)))
