"""The commands of `tracegraph recall`: actions as data say, and those that ask, compare, list or show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracegraph.commands import recall_bundle, recall_work
from tracegraph.commands.json_file import read_object
from tracegraph.commands.options import AsOf, FormOption
from tracegraph.commands.output import FLAT_FORMS, PLAIN_FORMS, Form, allowed, line, write, write_answer
from tracegraph.commands.recall_actions import (
    NAMED,
    Asked,
    CaseArgument,
    KeyOption,
    ReasonOption,
    SeenOption,
    command_of,
    graph_of,
    perform,
    tell,
)
from tracegraph.commands.scope import given_seeds
from tracegraph.commands.session import Session, session_of
from tracegraph.model.grading import Grade

if TYPE_CHECKING:
    from tracegraph import Tracegraph
    from tracegraph.answers import Answer
    from tracegraph.intake.recall_scopes import Scoped

#: All commands in the order of the help; those that are not made here are the actions of these names.
ORDER = (
    *(
        "open",
        "assess",
        "scope",
        "diff",
        "approve",
        "reject",
        "hold",
        "release",
        "clear",
        "consignees",
        "merge",
        "split",
    ),
    *("notices", "sent", "remind", "reply", "account", "draw", "check", "cause", "remedy", "dispose", "status"),
    *("report", "bundle", "attach", "note", "close", "cancel", "list", "show", "tasks"),
)


def commands() -> typer.Typer:
    """All of them."""
    group = typer.Typer(add_completion=False, rich_markup_mode=None)
    made: dict[str, Callable[..., None]] = {
        "scope": scope,
        "diff": diff,
        "close": command_of(NAMED["close"], close),
        "list": list_cases,
        "show": show,
        "tasks": tasks,
        "consignees": recall_work.consignees,
        "account": recall_work.account,
        "reply": command_of("reply", recall_work.reply, *recall_work.REPLY_OPTIONS),
        "attach": recall_work.attach,
        "report": recall_work.report,
        "bundle": recall_bundle.bundle,
    }
    for name in ORDER:
        group.command(name)(made.get(name) or command_of(name))
    return group


def scope(
    context: typer.Context,
    case: CaseArgument,
    seeds: Annotated[list[str] | None, typer.Argument(metavar="FILE | - | SEED...")] = None,
    line: Annotated[str | None, typer.Option("--line", metavar="LINE")] = None,
    since: Annotated[str | None, typer.Option("--from", metavar="T")] = None,
    until: Annotated[str | None, typer.Option("--to", metavar="T")] = None,
    assume: Annotated[Path | None, typer.Option("--assume", metavar="FILE")] = None,
    minimum_grade: Annotated[Grade | None, typer.Option("--minimum-grade")] = None,
    no_follow: Annotated[bool, typer.Option("--no-follow")] = False,
    force: Annotated[bool, typer.Option("--force")] = False,
    reason: ReasonOption = "",
    request_key: KeyOption = "",
    seen: SeenOption = None,
    form: FormOption = Form.TABLE,
) -> None:
    """A new version of the scope."""
    allowed(form, PLAIN_FORMS, "recall scope")
    options: dict[str, Any] = {
        "line": line,
        "since": since,
        "until": until,
        "assumptions": None if assume is None else read_object(str(assume)),
        "follow": False if no_follow else None,
        "minimum_grade": None if minimum_grade is None else minimum_grade.value,
    }
    asked = given_seeds(seeds) if seeds else []
    how: dict[str, Any] = {"reason": reason, "force": force, "key": request_key, "seen": seen}
    session = session_of(context)
    with graph_of(session) as graph:
        done = graph.recall_scope(case, *asked, actor=session.actor, **how, **options)
        _tell_scope(session, graph, done, form)


def _tell_scope(session: Session, graph: Tracegraph, done: Scoped, form: Form) -> None:
    """The move, and what changed."""
    if form is Form.JSON:
        from tracegraph.recall.answering import receipt
        from tracegraph.trace.envelope import to_json

        said = None if done.acted is None else receipt(done.acted.case, done.acted.move, done.acted.new)
        write(to_json({"case": done.case.id, "done": said, "changes": done.changes}))
        return
    if done.acted is None:
        version = done.case.scope
        line(session.say("recall_unchanged", case=done.case.id, version=version.number if version else ""))
        return
    tell(session, done.acted)
    from tracegraph.commands.recall_view import show_changes, show_version

    show_version(session, graph.recall_version(done.case.id), graph.store)
    if done.changes is not None:
        show_changes(session, done.changes, graph.store)


def diff(
    context: typer.Context,
    case: CaseArgument,
    before: Annotated[int | None, typer.Argument(metavar="VERSION", min=1)] = None,
    after: Annotated[int | None, typer.Argument(metavar="VERSION", min=1)] = None,
    form: FormOption = Form.TABLE,
) -> None:
    """What changed between two versions."""
    allowed(form, PLAIN_FORMS, "recall diff")
    session = session_of(context)
    with graph_of(session) as graph:
        changes = graph.recall_diff(case, before, after)
        if form is Form.JSON:
            _write_json(changes)
            return
        from tracegraph.commands.recall_view import show_changes

        show_changes(session, changes, graph.store)


def close(context: typer.Context, asked: Asked) -> None:
    """Complete a case, or end one that is complete."""
    with graph_of(session_of(context)) as graph:
        state = graph.recall(asked.case).result["recall"]["state"]
    perform(context, replace(asked, action="terminate" if state == "completed" else "complete"))


def list_cases(
    context: typer.Context,
    state: Annotated[str, typer.Option("--state", metavar="STATE")] = "",
    as_of: AsOf = None,
    form: FormOption = Form.TABLE,
) -> None:
    """All cases."""
    allowed(form, FLAT_FORMS, "recall list")
    session = session_of(context)
    with graph_of(session) as graph:
        _print(session, graph, graph.recalls(state, as_of), form)


def show(
    context: typer.Context,
    case: CaseArgument,
    version: Annotated[int | None, typer.Option("--version", metavar="N", min=1)] = None,
    as_of: AsOf = None,
    form: FormOption = Form.TABLE,
) -> None:
    """One case, or one version of its scope."""
    session = session_of(context)
    if version is None:
        print_case(session, case, as_of, form)
        return
    allowed(form, PLAIN_FORMS, "recall show --version")
    with graph_of(session) as graph:
        told = graph.recall_version(case, version)
        if form is Form.JSON:
            _write_json(told)
            return
        from tracegraph.commands.recall_view import show_version

        show_version(session, told, graph.store)


def print_case(session: Session, case: str, as_of: str | None, form: Form) -> None:
    """One case with all that was done."""
    allowed(form, FLAT_FORMS, "recall show")
    with graph_of(session) as graph:
        _print(session, graph, graph.recall(case, as_of), form)


def tasks(
    context: typer.Context,
    case: Annotated[str, typer.Argument(metavar="CASE", show_default=False)] = "",
    form: FormOption = Form.TABLE,
) -> None:
    """What is to be done."""
    allowed(form, PLAIN_FORMS, "recall tasks")
    session = session_of(context)
    with graph_of(session) as graph:
        found = graph.recall_tasks(case)
    if form is Form.JSON:
        _write_json({"tasks": found})
        return
    from tracegraph.commands.recall_view import show_tasks

    show_tasks(session, found)


def _print(session: Session, graph: Tracegraph, answer: Answer, form: Form) -> None:
    def view(answered: Any) -> None:
        from tracegraph.commands import recall_view

        told = answered.envelope
        (recall_view.show_case if "recall" in told["result"] else recall_view.show_cases)(session, told, graph.store)

    write_answer(answer.answered, form, session, view)


def _write_json(told: dict[str, Any]) -> None:
    from tracegraph.trace.envelope import to_json

    write(to_json(told))
