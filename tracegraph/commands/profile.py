"""`tracegraph profile`: what records lack of the key data elements that an industry or regulation asks for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracegraph.commands.capture import InputFormat
from tracegraph.commands.options import AsOf, FormOption
from tracegraph.commands.output import FLAT_FORMS, PLAIN_FORMS, Form, allowed, line, write, write_answer
from tracegraph.commands.session import Session, session_of

if TYPE_CHECKING:
    from tracegraph.trace.tracing import Answered

FolderOption = Annotated[Path | None, typer.Option("--profiles", metavar="FOLDER")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    group = typer.Typer(add_completion=False, rich_markup_mode=None)
    group.callback()(profile)
    group.command("check")(check)
    group.command("list")(list_profiles)
    app.add_typer(group, name="profile")


def profile() -> None:
    """Nothing alone."""


def check(
    context: typer.Context,
    paths: Annotated[list[Path] | None, typer.Argument(metavar="[PATH]...")] = None,
    name: Annotated[str, typer.Option("--profile", metavar="NAME|FILE")] = "gdst",
    partner: Annotated[str | None, typer.Option("--partner", metavar="ID")] = None,
    folder: FolderOption = None,
    read_as: Annotated[InputFormat, typer.Option("--read-as")] = InputFormat.EPCIS,
    strict: Annotated[bool, typer.Option("--strict")] = False,
    as_of: AsOf = None,
    limit: Annotated[int | None, typer.Option("--limit", metavar="N")] = None,
    after: Annotated[str | None, typer.Option("--after", metavar="NEXT")] = None,
    form: FormOption = Form.TABLE,
) -> None:
    """Files before they are captured, or everything in the store."""
    from tracegraph.formats.profiles import load_profile
    from tracegraph.model.instants import known_until
    from tracegraph.trace.profiles import Choice, check_files, check_store

    allowed(form, FLAT_FORMS, "profile check")
    session = session_of(context)
    wanted, choice = load_profile(name, folder), Choice(partner, limit, after)
    if paths:
        answered = check_files(paths, wanted, choice, session.language, read_as.value)
    else:
        known = known_until(as_of)
        with session.opened() as store:
            answered = check_store(store, wanted, choice, known, session.language)
    write_answer(answered, form, session, lambda answered: _view(answered, session))
    if strict and (answered.envelope["result"]["found"] or not answered.envelope["complete"]):
        raise typer.Exit(1)


def list_profiles(context: typer.Context, folder: FolderOption = None, form: FormOption = Form.TABLE) -> None:
    """Which profiles there are."""
    from tracegraph.formats.profiles import load_profile, profile_names
    from tracegraph.trace.envelope import to_json

    allowed(form, PLAIN_FORMS, "profile list")
    session = session_of(context)
    known = [load_profile(name, folder) for name in profile_names(folder)]
    if form is Form.JSON:
        write(to_json({"profiles": [{"name": one.name, "title": one.title, "source": one.source} for one in known]}))
        return
    for one in known:
        line(f"{one.name}: {one.title.get(session.language, one.title['en'])} ({one.source})")


def _view(answered: Answered, session: Session) -> None:
    from tracegraph.commands.profile_view import show_findings

    show_findings(answered.envelope, session)
