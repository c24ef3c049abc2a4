"""`tracegraph backup` and `tracegraph restore`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracegraph.commands.checkpoint import read_checkpoint
from tracegraph.commands.output import line, note
from tracegraph.commands.progress import ProgressOption, watched
from tracegraph.commands.session import Session, session_of

if TYPE_CHECKING:
    from tracegraph.stores.port import LedgerHead

Force = Annotated[bool, typer.Option("--force")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("backup")(backup)
    app.command("restore")(restore)


def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    force: Force = False,
    progress: ProgressOption = None,
) -> None:
    """Copy the store to a file, checked, while others may write."""
    from tracegraph.service.attachments import carry
    from tracegraph.stores.care import keepable

    session = session_of(context)
    with session.opened() as store, watched(session, progress) as watch:
        head = keepable(store).back_up(file, force, watch)
        identity = store.identity
    carry(session.url, f"sqlite:///{file}")
    line(session.say("backed_up", count=head.count, head=head.hash, identity=identity, file=file))
    note(session.say("backup_advice", file=file))


def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    force: Force = False,
    checkpoint: Annotated[Path | None, typer.Option("--checkpoint", metavar="FILE")] = None,
    trust: Annotated[str | None, typer.Option("--trust", metavar="KEY")] = None,
    progress: ProgressOption = None,
) -> None:
    """Make the store from a backup."""
    from tracegraph.service.attachments import carry
    from tracegraph.stores.care import restore as make_from

    session = session_of(context)
    signed = read_checkpoint(checkpoint) if checkpoint else None
    with watched(session, progress) as watch:
        restored = make_from(session.url, file, force, signed, trust, watch)
    carry(f"sqlite:///{file}", session.url)
    _tell(session, restored.head, restored.kept)
    if signed is None:
        note(session.say("restore_unchecked"))


def _tell(session: Session, head: LedgerHead, kept: Path | None) -> None:
    line(session.say("restored", count=head.count, head=head.hash, store=session.url))
    if kept is not None:
        note(session.say("kept_aside", file=kept))
