"""The commands of `tracegraph drill`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracegraph.commands.options import FormOption
from tracegraph.commands.output import PLAIN_FORMS, Form, allowed, write_answer
from tracegraph.commands.recall_actions import ReasonOption, graph_of
from tracegraph.commands.session import Session, session_of
from tracegraph.errors import UsageError

if TYPE_CHECKING:
    from tracegraph import Tracegraph
    from tracegraph.answers import Answer
    from tracegraph.trace.tracing import Answered

#: Exit status where a target was missed, or a drill is overdue.
NEGATIVE = 1


def commands() -> typer.Typer:
    """All of them, in the order of the help."""
    group = typer.Typer(add_completion=False, rich_markup_mode=None)
    for command in (run, finish, show, schedule, overdue):
        group.command(command.__name__)(command)
    return group


def run(
    context: typer.Context,
    unit: Annotated[str | None, typer.Argument(metavar="[UNIT]")] = None,
    random: Annotated[bool, typer.Option("--random")] = False,
    seed: Annotated[int | None, typer.Option("--seed", metavar="N")] = None,
    product: Annotated[str | None, typer.Option("--product", metavar="PRODUCT")] = None,
    site: Annotated[str | None, typer.Option("--site", metavar="SITE")] = None,
    target: Annotated[list[str] | None, typer.Option("--targets", metavar="NAME")] = None,
    case: Annotated[str, typer.Option("--case", metavar="NUMBER")] = "",
    title: Annotated[str, typer.Option("--title", metavar="TEXT")] = "",
    keep_open: Annotated[bool, typer.Option("--keep-open")] = False,
    reason: ReasonOption = "",
    form: FormOption = Form.TABLE,
) -> None:
    """Hold one."""
    allowed(form, PLAIN_FORMS, "drill run")
    if (unit is None) == (not random) or (unit is not None and (seed, product, site) != (None, None, None)):
        raise UsageError("name a unit, or give --random (with --seed, --product or --site); one of the two")
    session = session_of(context)
    with graph_of(session) as graph:
        names = _names(target)
        held = graph.drill(unit, seed, product, site, names, case, title, reason, keep_open, _actor(session))
        _tell(session, graph, held, form)


def finish(
    context: typer.Context,
    case: Annotated[str, typer.Argument(metavar="CASE")],
    reason: ReasonOption = "",
    form: FormOption = Form.TABLE,
) -> None:
    """Account for the goods of one that people hold."""
    allowed(form, PLAIN_FORMS, "drill finish")
    session = session_of(context)
    with graph_of(session) as graph:
        _tell(session, graph, graph.drill_finish(case, reason, _actor(session)), form)


def show(
    context: typer.Context,
    case: Annotated[str, typer.Argument(metavar="CASE")],
    form: FormOption = Form.TABLE,
) -> None:
    """One as it was told."""
    allowed(form, PLAIN_FORMS, "drill show")
    session = session_of(context)
    with graph_of(session) as graph:
        _tell(session, graph, graph.drill_show(case), form)


def schedule(context: typer.Context, form: FormOption = Form.TABLE) -> None:
    """When each plan is due."""
    _schedule(session_of(context), form, overdue_only=False)


def overdue(context: typer.Context, form: FormOption = Form.TABLE) -> None:
    """The plans that are overdue."""
    if _schedule(session_of(context), form, overdue_only=True):
        raise typer.Exit(NEGATIVE)


def _schedule(session: Session, form: Form, overdue_only: bool) -> list[Any]:
    allowed(form, PLAIN_FORMS, "drill schedule")
    with graph_of(session) as graph:
        answer = graph.drill_schedule(overdue_only)

        def view(answered: Answered) -> None:
            from tracegraph.commands.drill_view import show_plans

            show_plans(answered.envelope, session, graph.store)

        write_answer(answer.answered, form, session, view)
    plans: list[Any] = answer.answered.envelope["result"]["plans"]
    return plans


def _names(given: list[str] | None) -> list[str]:
    """Names of targets, given one by one or with commas."""
    return [name.strip() for text in given or () for name in text.split(",") if name.strip()]


def _actor(session: Session) -> str:
    """Who acts, where that is not known from a key."""
    return session.actor if session.caller is None else ""


def _tell(session: Session, graph: Tracegraph, answer: Answer, form: Form) -> None:
    def view(answered: Answered) -> None:
        from tracegraph.commands.drill_view import show_drill

        show_drill(answered.envelope, session, graph.store)

    write_answer(answer.answered, form, session, view)
    if answer.answered.envelope["result"]["drill"]["passed"] is False:
        raise typer.Exit(NEGATIVE)
