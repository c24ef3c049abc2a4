"""`tracegraph export`: everything in the store, or what starts reach, in a form that other programs read."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracegraph.commands.acting import ADMINISTER
from tracegraph.commands.options import AsOf, Towards
from tracegraph.commands.output import line, note, written_to
from tracegraph.commands.progress import ProgressOption, watched
from tracegraph.commands.recall import RECALL
from tracegraph.commands.session import Session, session_of
from tracegraph.errors import InputError, UsageError

if TYPE_CHECKING:
    from tracegraph.reports.exports import Sharing
    from tracegraph.trace.snapshot import Snapshot


class ExportFormat(StrEnum):
    """What to write."""

    EPCIS = "epcis"
    CSV = "csv"
    GRAPHML = "graphml"
    GEOJSON = "geojson"
    PARQUET = "parquet"
    FOODCHAINLAB = "foodchainlab"
    TABLES = "tables"
    XLSX = "xlsx"
    FSMA204 = "fsma204"
    EU931 = "eu931"
    NEO4J_IMPORT = "neo4j-import"


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("export")(export)


def export(
    context: typer.Context,
    form: Annotated[ExportFormat, typer.Argument(metavar="|".join(ExportFormat))],
    starts: Annotated[list[str] | None, typer.Argument(metavar="[START...]")] = None,
    direction: Annotated[Towards | None, typer.Option("--direction")] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE")] = None,
    as_of: AsOf = None,
    for_party: Annotated[str | None, typer.Option("--for", metavar="PARTY")] = None,
    level: Annotated[str | None, typer.Option("--level", metavar="basic|extended")] = None,
    answer: Annotated[Path | None, typer.Option("--answer", metavar="FILE")] = None,
    lots: Annotated[list[str] | None, typer.Option("--lot", metavar="ID")] = None,
    product: Annotated[str | None, typer.Option("--product", metavar="GTIN|WORDS")] = None,
    since: Annotated[str | None, typer.Option("--from", metavar="T")] = None,
    until: Annotated[str | None, typer.Option("--to", metavar="T")] = None,
    partner: Annotated[str | None, typer.Option("--partner", metavar="ID")] = None,
    holds: Annotated[bool, typer.Option("--holds")] = False,
    progress: ProgressOption = None,
) -> None:
    """Write all of it, what starts or an answer reached, or what one party may know."""
    from tracegraph.reports.sheet_forms import sheet_choice

    session = session_of(context)
    choice = sheet_choice(form.value, tuple(lots or ()), product, since, until, partner)
    if form is ExportFormat.NEO4J_IMPORT:
        if for_party is not None or level is not None or answer is not None or starts or holds:
            raise UsageError("export neo4j-import is the whole store and for no party; choose another form")
        session.allow(ADMINISTER)
        _import_files(session, output, as_of, progress)
        return
    from tracegraph.access.sharing import shared
    from tracegraph.answers import read_answer
    from tracegraph.model.instants import known_until
    from tracegraph.reports.exports import chosen_by, question_of, write
    from tracegraph.trace.snapshot import Snapshot

    if direction is not None and not starts:
        raise UsageError("--direction is for what starts reach; name a start, or leave it out")
    chosen = None if answer is None else chosen_by(form.value, read_answer(answer))
    known = known_until(as_of)
    question = question_of(form.value, starts or (), (direction or Towards.FORWARD).value, as_of)
    with session.opened() as store:
        view, sharing = shared(store, for_party, level)
        snapshot = Snapshot.of(view, known)
        if holds:
            session.allow(RECALL)
            if form is ExportFormat.TABLES or choice is not None:
                raise UsageError(f"export {form} does not say what is on hold; choose epcis")
        if form is ExportFormat.TABLES:
            _tables(snapshot, session, output, sharing)
            return
        with written_to(output) as file:
            if choice is None:
                write(form.value, snapshot, session.language, file, sharing, chosen, question, holds)
            else:
                from tracegraph.reports.sortable import write_sheet

                workbook = output is not None and output.suffix.lower() == ".xlsx"
                write_sheet(form.value, snapshot, choice, file, sharing, session.language, workbook)


def _tables(snapshot: Snapshot, session: Session, folder: Path | None, sharing: Sharing) -> None:
    """A folder with a CSV file for each kind of table, and one that says what they are."""
    from tracegraph.reports.tables import csv_tables

    if folder is None:
        raise UsageError("export tables writes a folder with a CSV file for each table: name it with --output")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in csv_tables(snapshot, session.language, sharing.told()).items():
            (folder / f"{name}.csv").write_bytes(data)
    except OSError as error:
        raise InputError(f"the folder {folder} cannot be written: {error.strerror}; choose another") from None


def _import_files(session: Session, folder: Path | None, as_of: str | None, progress: bool | None) -> None:
    """A folder of files: the import keeps the whole past, so there is nothing to choose."""
    from tracegraph.care.first_load import write_first_load

    if folder is None or as_of is not None:
        raise UsageError("export neo4j-import writes a folder with the whole past: name it with --output, not --as-of")
    with session.opened() as store, watched(session, progress) as watch:
        head = write_first_load(store, folder, watch)
    line(session.say("import_files_written", folder=folder, count=head.count, head=head.hash))
    note(session.say("import_files_advice", folder=folder))
