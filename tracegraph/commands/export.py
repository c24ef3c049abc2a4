"""`tracegraph export`: everything in the store, in a form that other programs read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import IO, Annotated

import typer

from tracegraph.commands.options import AsOf
from tracegraph.commands.output import binary
from tracegraph.commands.session import session_of
from tracegraph.errors import InputError


class ExportFormat(StrEnum):
    """What to write."""

    EPCIS = "epcis"
    CSV = "csv"
    GRAPHML = "graphml"


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("export")(export)


def export(
    context: typer.Context,
    form: Annotated[ExportFormat, typer.Argument(metavar="epcis|csv|graphml")],
    output: Annotated[Path | None, typer.Option("--output", metavar="FILE")] = None,
    as_of: AsOf = None,
) -> None:
    """Write all of it."""
    from tracegraph.reports.exports import WRITERS
    from tracegraph.trace.snapshot import Snapshot
    from tracegraph.trace.times import parse_instant

    known = None if as_of is None else parse_instant(as_of, "as_of", "end")
    session = session_of(context)
    with session.opened() as store:
        snapshot = Snapshot.of(store, known)
        with _written(output) as file:
            WRITERS[form.value](snapshot, session.language, file)


@contextmanager
def _written(output: Path | None) -> Iterator[IO[bytes]]:
    """stdout, or a file that is there only once it is whole."""
    if output is None:
        yield binary()
        binary().flush()
        return
    part = output.with_name(f"{output.name}.part")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(output)
    except OSError as error:
        raise InputError(f"the file {output} cannot be written: {error.strerror}; choose another") from None
    finally:
        part.unlink(missing_ok=True)
