"""`tracegraph cases` and `tracegraph sources`: incident cases, and what they have in common upstream."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracegraph.clock import now
from tracegraph.commands.options import AsOf, CertaintyOption, FormOption, NoContents
from tracegraph.commands.output import FLAT_FORMS, Form, allowed, line, note, write_answer
from tracegraph.commands.session import Session, session_of
from tracegraph.errors import Refused, UsageError
from tracegraph.model.custody import Certainty

if TYPE_CHECKING:
    from tracegraph.formats.tables.dates import DateOrder
    from tracegraph.stores.port import Store
    from tracegraph.trace.sources.cases import Case
    from tracegraph.trace.tracing import Answered


class Among(StrEnum):
    """What a source can be."""

    UNIT = "unit"
    SITE = "site"
    PARTY = "party"
    PRODUCT = "product"


class DayOrder(StrEnum):
    """In which order day, month and year stand."""

    DMY = "dmy"
    MDY = "mdy"
    YMD = "ymd"


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    group = typer.Typer(add_completion=False, rich_markup_mode=None)
    group.callback()(cases)
    group.command("import")(import_file)
    group.command("list")(list_cases)
    app.add_typer(group, name="cases")
    app.command("sources")(sources)


def cases() -> None:
    """Nothing alone."""


def import_file(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT")] = "",
    dates: Annotated[DayOrder | None, typer.Option("--dates")] = None,
    strict: Annotated[bool, typer.Option("--strict")] = False,
) -> None:
    """Record the cases of a file."""
    from tracegraph.intake.cases import import_cases

    session = session_of(context)
    _check_sees_everything(session)
    with session.opened(create=True) as store:
        order: DateOrder = dates.value if dates else ""
        done = import_cases(store, file, now(), session.actor, reason, order, strict)
    for bad in done.rejected:
        note(session.say("case_row_rejected", reason=bad.reason))
    line(session.say("cases_imported", recorded=done.recorded, known=done.known, rejected=len(done.rejected)))


def _check_sees_everything(session: Session) -> None:
    if session.caller is not None and session.rights is not None:
        from tracegraph.access.rights import Sees

        if session.rights.seen_by(session.caller) is not Sees.EVERYTHING:
            raise Refused("cases are recorded by roles that see everything; ask an investigator to do so")


def list_cases(context: typer.Context, as_of: AsOf = None, form: FormOption = Form.TABLE) -> None:
    """The cases on record."""
    from tracegraph.model.instants import known_until
    from tracegraph.trace.sources import recorded_cases

    allowed(form, FLAT_FORMS, "cases list")
    known = known_until(as_of)
    session = session_of(context)
    with session.opened() as store:
        _write(recorded_cases(store, known, session.language), form, session, store)


def sources(
    context: typer.Context,
    chosen: Annotated[list[str] | None, typer.Option("--cases", metavar="FILE|CASE")] = None,
    among: Annotated[list[Among] | None, typer.Option("--among")] = None,
    limit: Annotated[int, typer.Option("--limit", metavar="N")] = 20,
    paths: Annotated[int, typer.Option("--paths", metavar="N")] = 1,
    as_of: AsOf = None,
    certainty: CertaintyOption = Certainty.POSSIBLE,
    no_contents: NoContents = False,
    form: FormOption = Form.TABLE,
) -> None:
    """What cases have in common."""
    from tracegraph.trace.sources import Wanted, asked_of_cases
    from tracegraph.trace.sources import sources as answer

    question = asked_of_cases(certainty.value, as_of, not no_contents, paths)
    wish = Wanted.of(among, limit, paths)
    given, numbers = _given(chosen or [])
    session = session_of(context)
    with session.opened() as store:
        named = given if chosen else None
        _write(answer(store, question, named, numbers or None, wish, session.language), form, session, store)


def _given(chosen: list[str]) -> tuple[list[Case], list[str]]:
    """The cases of the files, and the numbers of the others."""
    from tracegraph.intake.cases import cases_of

    found = [case for name in chosen if Path(name).is_file() for case in cases_of(Path(name))]
    numbers = [name for name in chosen if not Path(name).is_file()]
    for name in numbers:
        if "/" in name or name.endswith((".csv", ".xlsx")):
            raise UsageError(f"there is no file {name}; give a CSV or XLSX file of cases, or the number of one")
    return found, numbers


def _write(answered: Answered, form: Form, session: Session, store: Store) -> None:
    def view(answered: Answered) -> None:
        from tracegraph.commands.sources_view import show_cases, show_sources

        answer = answered.envelope
        (show_sources if answer["question"]["kind"] == "sources" else show_cases)(answer, session, store)

    write_answer(answered, form, session, view)
