"""`tracegraph report`: documents that a chain of custody hands on, made from records."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracegraph.commands.options import AsOf
from tracegraph.commands.output import written_to
from tracegraph.commands.session import session_of

if TYPE_CHECKING:
    from tracegraph.reports.documents.wanted import Wanted


class PaperForm(StrEnum):
    """How a document is written."""

    HTML = "html"
    PDF = "pdf"
    XLSX = "xlsx"
    CSV = "csv"
    JSON = "json"


Output = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE")]
FormChosen = Annotated[PaperForm | None, typer.Option("--format")]
Valid = Annotated[str | None, typer.Option("--valid", metavar="T")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    group = typer.Typer(add_completion=False, rich_markup_mode=None)
    group.callback()(report)
    group.command("asi-annual")(asi_annual)
    group.command("asi-coc")(asi_coc)
    app.add_typer(group, name="report")


def report() -> None:
    """Nothing alone."""


def asi_annual(
    context: typer.Context,
    party: Annotated[str, typer.Argument(metavar="PARTY")],
    year: Annotated[int, typer.Argument(metavar="YEAR", min=1900, max=9998)],
    output: Output = None,
    form: FormChosen = None,
    valid: Valid = None,
    as_of: AsOf = None,
) -> None:
    """The totals of a year."""
    from tracegraph.reports.documents.wanted import Wanted

    _write(context, Wanted("asi-annual", party=party, year=year), output, form, valid, as_of)


def asi_coc(
    context: typer.Context,
    number: Annotated[str, typer.Argument(metavar="DOCUMENT")],
    output: Output = None,
    form: FormChosen = None,
    valid: Valid = None,
    as_of: AsOf = None,
) -> None:
    """One delivery."""
    from tracegraph.reports.documents.wanted import Wanted

    _write(context, Wanted("asi-coc", number=number), output, form, valid, as_of)


def _write(
    context: typer.Context,
    wanted: Wanted,
    output: Path | None,
    form: PaperForm | None,
    valid: str | None,
    as_of: str | None,
) -> None:
    from tracegraph.model.instants import known_until, parse_instant
    from tracegraph.reports.documents.writing import form_of, write_document
    from tracegraph.trace.snapshot import Snapshot

    session = session_of(context)
    until = None if valid is None else parse_instant(valid, "valid", "end")
    chosen = form.value if form is not None else form_of(output)
    with session.opened() as store, written_to(output) as file:
        write_document(Snapshot.of(store, known_until(as_of)), wanted, chosen, session.language, file, until)
