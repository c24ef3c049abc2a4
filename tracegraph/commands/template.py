"""`tracegraph template`: an empty spreadsheet to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tracegraph.commands.output import line
from tracegraph.commands.session import session_of
from tracegraph.errors import InputError


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("template")(template)


def template(
    context: typer.Context,
    kind: Annotated[str, typer.Argument(metavar="KIND")],
    output: Annotated[Path | None, typer.Option("--output", metavar="FILE")] = None,
) -> None:
    """Write it."""
    from tracegraph.formats.tables.kinds import template as spreadsheet

    session = session_of(context)
    path = output or Path(f"{kind}.xlsx")
    data = spreadsheet(kind, path.suffix.lower().removeprefix("."), session.language)
    try:
        path.write_bytes(data)
    except OSError as error:
        raise InputError(f"the file {path} cannot be written: {error.strerror}; choose another") from None
    line(session.say("template_written", file=path))
