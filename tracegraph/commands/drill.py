"""`tracegraph drill`: a recall of goods of which nothing is wrong, against the clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracegraph.clock import now
from tracegraph.commands.options import FormOption
from tracegraph.commands.output import PLAIN_FORMS, Form, allowed, write_answer
from tracegraph.commands.session import Session, session_of
from tracegraph.errors import Refused, UsageError

if TYPE_CHECKING:
    from tracegraph.intake.recalling import Actor
    from tracegraph.recall.drills import Pick
    from tracegraph.stores.port import Store
    from tracegraph.trace.tracing import Answered

#: Exit status where a target was missed, or a drill is overdue.
NEGATIVE = 1

ReasonOption = Annotated[str, typer.Option("--reason", metavar="TEXT")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    group = typer.Typer(add_completion=False, rich_markup_mode=None)
    group.callback()(drill)
    for command in (run, finish, show, schedule, overdue):
        group.command(command.__name__)(command)
    app.add_typer(group, name="drill")


def drill() -> None:
    """Nothing alone."""


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
    from tracegraph.intake.drilling import hold_drill
    from tracegraph.recall.drills.answering import held_answer

    allowed(form, PLAIN_FORMS, "drill run")
    if (unit is None) == (not random) or (unit is not None and (seed, product, site) != (None, None, None)):
        raise UsageError("name a unit, or give --random (with --seed, --product or --site); one of the two")
    session = session_of(context)
    _check_sees_everything(session)
    with session.whole() as store:
        picked = _picked(store, unit, seed, product, site)
        held = hold_drill(
            store, picked, now, _actor(session), reason, _names(target), case, title, keep_open, session.language
        )
        _tell(session, store, held_answer(held.drill, held.answer, session.language), form)


def finish(
    context: typer.Context,
    case: Annotated[str, typer.Argument(metavar="CASE")],
    reason: ReasonOption = "",
    form: FormOption = Form.TABLE,
) -> None:
    """Account for the goods of one that people hold."""
    from tracegraph.intake.drilling import finish_drill
    from tracegraph.recall.drills.answering import held_answer

    allowed(form, PLAIN_FORMS, "drill finish")
    session = session_of(context)
    _check_sees_everything(session)
    with session.whole() as store:
        held = finish_drill(store, case, now, _actor(session), reason, session.language)
        _tell(session, store, held_answer(held.drill, held.answer, session.language), form)


def show(
    context: typer.Context,
    case: Annotated[str, typer.Argument(metavar="CASE")],
    form: FormOption = Form.TABLE,
) -> None:
    """One as it was told."""
    from tracegraph.recall.drills.answering import drill_answer

    allowed(form, PLAIN_FORMS, "drill show")
    session = session_of(context)
    _check_sees_everything(session)
    with session.whole() as store:
        _tell(session, store, drill_answer(store, case, session.language), form)


def schedule(context: typer.Context, form: FormOption = Form.TABLE) -> None:
    """When each plan is due."""
    _schedule(session_of(context), form, overdue_only=False)


def overdue(context: typer.Context, form: FormOption = Form.TABLE) -> None:
    """The plans that are overdue."""
    if _schedule(session_of(context), form, overdue_only=True):
        raise typer.Exit(NEGATIVE)


def _schedule(session: Session, form: Form, overdue_only: bool) -> list[Any]:
    from tracegraph.recall.drills.answering import schedule_answer

    allowed(form, PLAIN_FORMS, "drill schedule")
    _check_sees_everything(session)
    with session.whole() as store:
        answered = schedule_answer(store, now(), overdue_only, session.language)

        def view(answered: Answered) -> None:
            from tracegraph.commands.drill_view import show_plans

            show_plans(answered.envelope, session, store)

        write_answer(answered, form, session, view)
    plans: list[Any] = answered.envelope["result"]["plans"]
    return plans


def _picked(store: Store, unit: str | None, seed: int | None, product: str | None, site: str | None) -> Pick:
    """The unit that was named, or one drawn."""
    from tracegraph.recall.drills import Pick
    from tracegraph.recall.drills.picking import drawn
    from tracegraph.trace.register import Register
    from tracegraph.trace.resolve import known_unit
    from tracegraph.trace.snapshot import Snapshot

    snapshot = Snapshot.of(store)
    if unit is not None:
        return Pick(known_unit(unit, Register(snapshot)).id)
    return drawn(snapshot, now() if seed is None else seed, product, site)


def _names(given: list[str] | None) -> list[str]:
    """Names of targets, given one by one or with commas."""
    return [name.strip() for text in given or () for name in text.split(",") if name.strip()]


def _actor(session: Session) -> Actor:
    from tracegraph.intake.recalling import Actor

    return Actor(session.actor) if session.caller is None else Actor(session.caller.name, session.caller.role.value)


def _check_sees_everything(session: Session) -> None:
    if session.caller is not None and session.rights is not None:
        from tracegraph.access.rights import Sees

        if session.rights.seen_by(session.caller) is not Sees.EVERYTHING:
            raise Refused("drills are held by roles that see everything; ask an investigator to do so")


def _tell(session: Session, store: Store, answered: Answered, form: Form) -> None:
    def view(answered: Answered) -> None:
        from tracegraph.commands.drill_view import show_drill

        show_drill(answered.envelope, session, store)

    write_answer(answered, form, session, view)
    if answered.envelope["result"]["drill"]["passed"] is False:
        raise typer.Exit(NEGATIVE)
