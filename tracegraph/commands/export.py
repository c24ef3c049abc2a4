"""`tracegraph export`: everything in the store, in a form that other programs read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from tracegraph.commands.options import AsOf
from tracegraph.commands.output import binary
from tracegraph.commands.session import Session, session_of
from tracegraph.errors import InputError

if TYPE_CHECKING:
    from tracegraph.model.event import Event, Json
    from tracegraph.trace.snapshot import Snapshot


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
    from tracegraph.trace.snapshot import Snapshot
    from tracegraph.trace.times import parse_instant

    known = None if as_of is None else parse_instant(as_of, "as_of", "end")
    session = session_of(context)
    with session.opened() as store:
        snapshot = Snapshot.of(store, known)
        with _written(output) as file:
            WRITERS[form](snapshot, session, file)


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


def _csv(snapshot: Snapshot, session: Session, file: IO[bytes]) -> None:
    from tracegraph.reports.table import csv_text
    from tracegraph.reports.whole import whole_graph

    file.write(csv_text(whole_graph(snapshot, session.language).envelope).encode("utf-8", "backslashreplace"))


def _graphml(snapshot: Snapshot, session: Session, file: IO[bytes]) -> None:
    from tracegraph.reports.graphml import write_graphml
    from tracegraph.reports.whole import whole_graph

    write_graphml(whole_graph(snapshot, session.language), file)


def _epcis(snapshot: Snapshot, session: Session, file: IO[bytes]) -> None:
    """Every event as it was captured, declarations of error included, and the master data as known."""
    from tracegraph.formats.epcis.writer import common_context
    from tracegraph.formats.epcis.writer import export as document
    from tracegraph.trace.times import instant_text

    created = instant_text(snapshot.known or 0)
    context = common_context(_events(snapshot))
    for text in document(_events(snapshot), created, context, _master_data(snapshot)):
        file.write(text.encode("utf-8", "backslashreplace"))


def _events(snapshot: Snapshot) -> Iterator[Event]:
    """The stored events in ledger order, read again from their payloads."""
    from tracegraph.formats.epcis import event_of_payload
    from tracegraph.stores.port import EntryKind

    for entry in snapshot.store.entries(upto=snapshot.position):
        if entry.kind is EntryKind.EVENT:
            yield event_of_payload(entry.payload)


def _master_data(snapshot: Snapshot) -> Iterator[tuple[str, Json]]:
    """(vocabulary type, element) of the newest version of everything, by type."""
    import json
    from decimal import Decimal

    from tracegraph.stores.stored_facts import MASTER_KINDS

    positions = [stored.position for kind in MASTER_KINDS for stored in snapshot.records(kind)]
    elements = []
    for position in positions:
        for entry in snapshot.store.entries(position - 1, position):
            kept = json.loads(entry.payload, parse_float=Decimal, parse_int=Decimal)
            elements.append((str(kept["vocabulary"]), kept["element"]))
    elements.sort(key=lambda pair: pair[0])
    yield from elements


WRITERS: dict[ExportFormat, Callable[[Snapshot, Session, IO[bytes]], None]] = {
    ExportFormat.EPCIS: _epcis,
    ExportFormat.CSV: _csv,
    ExportFormat.GRAPHML: _graphml,
}
