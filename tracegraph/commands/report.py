"""`tracegraph report`: documents that a chain of custody hands on, and those of an investigation."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracegraph.commands.json_file import read_object
from tracegraph.commands.key_file import KeyFile, write_key
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
Anonymous = Annotated[bool, typer.Option("--anonymous")]
Valid = Annotated[str | None, typer.Option("--valid", metavar="T")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    group = typer.Typer(add_completion=False, rich_markup_mode=None)
    group.callback()(report)
    group.command("asi-annual")(asi_annual)
    group.command("asi-coc")(asi_coc)
    group.command("traceback")(traceback)
    group.command("origin")(origin)
    group.command("request")(request)
    group.command("answer")(answer)
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


def traceback(
    context: typer.Context,
    cases: Annotated[list[str] | None, typer.Argument(metavar="CASE...")] = None,
    anonymous: Anonymous = False,
    key: KeyFile = None,
    output: Output = None,
    form: FormChosen = None,
    as_of: AsOf = None,
) -> None:
    """Incident cases traced back."""
    from tracegraph.reports.documents.wanted import Wanted

    wanted = Wanted("recall-traceback", number="; ".join(cases or ()))
    _write(context, wanted, output, form, None, as_of, anonymous, key)


def origin(
    context: typer.Context,
    units: Annotated[list[str], typer.Argument(metavar="UNIT...")],
    anonymous: Anonymous = False,
    key: KeyFile = None,
    output: Output = None,
    form: FormChosen = None,
    as_of: AsOf = None,
) -> None:
    """Where goods come from."""
    from tracegraph.reports.documents.wanted import Wanted

    _write(context, Wanted("recall-origin", number="; ".join(units)), output, form, None, as_of, anonymous, key)


def request(
    context: typer.Context,
    operator: Annotated[str, typer.Argument(metavar="OPERATOR")],
    units: Annotated[list[str], typer.Argument(metavar="UNIT...")],
    output: Output = None,
    form: FormChosen = None,
    as_of: AsOf = None,
) -> None:
    """What to ask an operator."""
    from tracegraph.reports.documents.wanted import Wanted

    _write(context, Wanted("recall-request", party=operator, number="; ".join(units)), output, form, None, as_of)


def answer(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE | -")],
    key: KeyFile = None,
    output: Output = None,
) -> None:
    """An answer without names."""
    from tracegraph.reports.anonymising import hiding_answer
    from tracegraph.trace.envelope import to_json
    from tracegraph.trace.snapshot import Snapshot

    session, told = session_of(context), read_object(file)
    with session.opened() as store, written_to(output) as out:
        hiding = hiding_answer(Snapshot.of(store), told, session.language)
        out.write(to_json(hiding.json(told)) + b"\n")
    write_key(key, hiding.key())


def _write(
    context: typer.Context,
    wanted: Wanted,
    output: Path | None,
    form: PaperForm | None,
    valid: str | None,
    as_of: str | None,
    anonymous: bool = False,
    key: Path | None = None,
) -> None:
    from tracegraph.model.instants import known_until, parse_instant
    from tracegraph.reports.documents.writing import form_of, hand_out
    from tracegraph.trace.snapshot import Snapshot

    session = session_of(context)
    until = None if valid is None else parse_instant(valid, "valid", "end")
    chosen = form.value if form is not None else form_of(output)
    with session.opened() as store, written_to(output) as file:
        snapshot = Snapshot.of(store, known_until(as_of))
        hidden = hand_out(snapshot, wanted, chosen, session.language, file, until, anonymous)
    write_key(key, hidden)
