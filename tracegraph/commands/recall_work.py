"""Commands of `tracegraph recall` around consignees: who they are, replies, the account, files, documents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracegraph.commands.capture import DEFAULT_REJECTS
from tracegraph.commands.options import FormOption
from tracegraph.commands.output import FLAT_FORMS, Form, allowed, line, note, write_answer, written_to
from tracegraph.commands.recall_actions import (
    Asked,
    CaseArgument,
    KeyOption,
    ReasonOption,
    SeenOption,
    graph_of,
    option,
    perform,
    tell,
)
from tracegraph.commands.report import FormChosen, Output
from tracegraph.commands.service_file import ServiceFileOption
from tracegraph.commands.session import Session, session_of
from tracegraph.errors import InputError, InvalidField

if TYPE_CHECKING:
    from tracegraph.answers import Answer
    from tracegraph.formats.tables.rows import BadRow
    from tracegraph.service.people import People

#: What `recall reply` takes beside the fields of one reply.
REPLY_OPTIONS = (
    option("file", Annotated[Path | None, typer.Option("--file", metavar="FILE")]),
    option("strict", Annotated[bool, typer.Option("--strict")], False),
    option("keep_until", Annotated[str, typer.Option("--keep-until", metavar="DATE")], ""),
    option("service_file", ServiceFileOption),
    option("dates", Annotated[str, typer.Option("--dates", metavar="dmy|mdy|ymd")], ""),
    option("decimal", Annotated[str, typer.Option("--decimal", metavar="point|comma")], ""),
    option("rejects", Annotated[Path, typer.Option("--rejects", metavar="FILE")], DEFAULT_REJECTS),
)


def consignees(
    context: typer.Context,
    case: CaseArgument,
    version: Annotated[int | None, typer.Option("--version", metavar="N", min=1)] = None,
    form: FormOption = Form.TABLE,
) -> None:
    """Who got goods in scope."""
    allowed(form, FLAT_FORMS, "recall consignees")
    session = session_of(context)
    with graph_of(session) as graph:
        _print(session, graph.recall_consignees(case, version), form)


def account(
    context: typer.Context,
    case: CaseArgument,
    measure: Annotated[str | None, typer.Option("--measure", metavar="CODE")] = None,
    now: Annotated[bool, typer.Option("--now")] = False,
    form: FormOption = Form.TABLE,
) -> None:
    """What is in question and where it is."""
    allowed(form, FLAT_FORMS, "recall account")
    session = session_of(context)
    with graph_of(session) as graph:
        _print(session, graph.recall_account(case, measure, now), form)


def reply(
    context: typer.Context,
    asked: Asked,
    file: Path | None,
    strict: bool,
    keep_until: str,
    service_file: Path | None,
    dates: str,
    decimal: str,
    rejects: Path,
) -> None:
    """One reply, or those in a file."""
    if file is None:
        perform(context, asked)
        return
    session = session_of(context)
    with ExitStack() as open_files, graph_of(session) as graph:
        people = people_of(session, service_file, open_files)
        persons = None if people is None else _reference(people, asked.case, keep_until)
        how: dict[str, Any] = {"strict": strict, "seen": asked.seen, "actor": session.actor, "persons": persons}
        how |= {"dates": dates, "decimal": decimal}
        done = graph.recall_replies(asked.case, _read(file), file.name, asked.reason, **how)
    _keep(session, file.name, done.rejected, rejects)
    line(session.say("replies_imported", new=len(done.moves), known=done.known, rejected=len(done.rejected)))


def _keep(session: Session, name: str, rows: Sequence[BadRow], rejects: Path) -> None:
    """Say what is no reply, and keep it whole."""
    from tracegraph.intake.replying import rejected_pieces
    from tracegraph.rejects import Rejects

    for piece in rejected_pieces(name, rows):
        note(session.say("case_row_rejected", reason=piece.reason))
        Rejects(rejects).keep(piece)
    if rows:
        note(session.say("rejects_kept", count=len(rows), file=rejects))


def attach(
    context: typer.Context,
    case: CaseArgument,
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    about: Annotated[str, typer.Option("--about", metavar="ID; ID...")] = "",
    name: Annotated[str, typer.Option("--name", metavar="TEXT")] = "",
    media: Annotated[str, typer.Option("--media", metavar="TYPE")] = "",
    folder: Annotated[Path | None, typer.Option("--folder", envvar="TRACEGRAPH_FILES", metavar="FOLDER")] = None,
    reason: ReasonOption = "",
    request_key: KeyOption = "",
    seen: SeenOption = None,
    form: FormOption = Form.TABLE,
) -> None:
    """Attach a file."""
    session = session_of(context)
    how: dict[str, Any] = {"name": name, "media": media, "key": request_key, "seen": seen, "folder": folder}
    with graph_of(session) as graph:
        done = graph.recall_attach(case, file, about, reason, actor=session.actor, **how)
    tell(session, done, form)


def report(
    context: typer.Context,
    case: CaseArgument,
    kind: Annotated[str, typer.Argument(metavar="KIND")],
    consignee: Annotated[str, typer.Option("--consignee", metavar="PARTY")] = "",
    version: Annotated[int | None, typer.Option("--version", metavar="N", min=1)] = None,
    party: Annotated[str, typer.Option("--party", metavar="PARTY")] = "",
    number: Annotated[str, typer.Option("--about", metavar="ID; ID...")] = "",
    anonymous: Annotated[bool, typer.Option("--anonymous")] = False,
    output: Output = None,
    form: FormChosen = None,
    service_file: ServiceFileOption = None,
) -> None:
    """A document of a case."""
    from tracegraph.reports.documents.writing import form_of

    session = session_of(context)
    named: dict[str, Any] = {"consignee": consignee, "version": version, "party": party, "number": number}
    named["anonymous"] = anonymous
    chosen = form.value if form is not None else form_of(output)
    with ExitStack() as open_files, graph_of(session) as graph:
        people = people_of(session, service_file, open_files)
        file = open_files.enter_context(written_to(output))
        graph.recall_document(case, kind, file, chosen, people=people, **named)


def people_of(session: Session, path: Path | None, open_files: ExitStack) -> People | None:
    """The persons that references mean, for as long as the files are open; None where there is no service file."""
    from tracegraph.commands.service_file import opened
    from tracegraph.service.file import beside
    from tracegraph.service.people import People

    if path is None and not beside(session.url).exists():
        return None
    return People(open_files.enter_context(opened(session, path)))


def _reference(people: People, case: str, keep_until: str) -> Callable[[str], str]:
    """What finds the reference of somebody by name; who is not known is added where it is said how long to keep it."""

    def reference(name: str) -> str:
        found = [one for one in people.find(name) if one.name == name]
        if not found and keep_until:
            found = [people.add(name=name, purpose=f"recall {case}", keep_until=keep_until)]
        if len(found) != 1:
            raise InvalidField(
                f"{name} names {len(found)} known persons; add one, or say with --keep-until for how long"
            )
        return found[0].reference

    return reference


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as problem:
        raise InputError(f"{file} cannot be read ({problem.strerror}); name a CSV, XLSX or JSON file") from None


def _print(session: Session, answer: Answer, form: Form) -> None:
    def view(answered: Any) -> None:
        from tracegraph.commands import recall_work_view

        recall_work_view.VIEWS[answered.envelope["question"]["kind"]](session, answered.envelope)

    write_answer(answer.answered, form, session, view)
