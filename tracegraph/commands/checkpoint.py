"""`tracegraph checkpoint`: signed statements of how long the ledger is and how it ends, and the keys that sign them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracegraph.clock import now
from tracegraph.commands.output import line, note, write
from tracegraph.commands.session import session_of
from tracegraph.errors import InputError, UsageError

if TYPE_CHECKING:
    from tracegraph.stores.checkpoint import Checkpoint

DEFAULT_KEY = Path("tracegraph-key.json")

KeyFile = Annotated[Path, typer.Option("--key", metavar="FILE", envvar="TRACEGRAPH_KEY")]
Output = Annotated[Path | None, typer.Option("--output", metavar="FILE")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    group = typer.Typer(add_completion=False, rich_markup_mode=None)
    keys = typer.Typer(add_completion=False, rich_markup_mode=None)
    group.callback(invoke_without_command=True)(checkpoint)
    group.command("make")(make)
    keys.command("create")(create)
    keys.command("rotate")(rotate)
    group.add_typer(keys, name="keys")
    app.add_typer(group, name="checkpoint")


def checkpoint(context: typer.Context, key: KeyFile = DEFAULT_KEY, output: Output = None) -> None:
    """Alone: make a checkpoint."""
    if context.invoked_subcommand is None:
        make(context, key, output)


def make(context: typer.Context, key: KeyFile = DEFAULT_KEY, output: Output = None) -> None:
    """Sign how the ledger is now."""
    from tracegraph.stores.checkpoint import format_checkpoint, make_checkpoint, read_key

    if not key.exists():
        raise UsageError(f"there is no key file {key}; make one with: tracegraph checkpoint keys create {key}")
    session = session_of(context)
    with session.opened() as store:
        signed = make_checkpoint(store, read_key(key), now())
    text = f"{format_checkpoint(signed)}\n".encode()
    if output is None:
        write(text)
        return
    try:
        with output.open("xb") as file:
            file.write(text)
    except FileExistsError:
        raise UsageError(f"the file {output} exists already; choose another name") from None
    note(session.say("checkpoint_made", count=signed.count, file=output))


def create(context: typer.Context, file: Annotated[Path, typer.Argument(metavar="[FILE]")] = DEFAULT_KEY) -> None:
    """A new key."""
    from tracegraph.stores.checkpoint import create_key, write_key

    key = create_key()
    write_key(file, key)
    line(key.name)
    note(session_of(context).say("key_made", file=file))


def rotate(
    context: typer.Context,
    old: Annotated[Path, typer.Argument(metavar="OLD")],
    new: Annotated[Path, typer.Argument(metavar="NEW")],
) -> None:
    """A new key that the old one introduces."""
    from tracegraph.stores.checkpoint import read_key, rotate_key, write_key

    key = rotate_key(read_key(old), now())
    write_key(new, key)
    line(key.name)
    note(session_of(context).say("key_rotated", old=old, new=new))


def read_checkpoint(path: Path) -> Checkpoint:
    """The checkpoint in a file. Raises InputError where it holds none."""
    from tracegraph.stores.checkpoint import parse_checkpoint

    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"the checkpoint {path} cannot be read: {error}; name a file made by tracegraph checkpoint"
        ) from None
    return parse_checkpoint(text, f"the checkpoint {path}")
