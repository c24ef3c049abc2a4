"""`tracegraph origin`, `where`, `balance`, `show` and `gaps`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tracegraph.commands.options import (
    AsOf,
    CertaintyOption,
    FormOption,
    MaxHops,
    MaxNodes,
    MaxSeconds,
    MaxSteps,
    NoContents,
    On,
)
from tracegraph.commands.output import FLAT_FORMS, Form, allowed, finish, write_answer
from tracegraph.commands.recall import is_case, show_case
from tracegraph.commands.session import Session, session_of
from tracegraph.errors import UnknownIdentifier
from tracegraph.model.custody import Certainty

if TYPE_CHECKING:
    from tracegraph.stores.port import Store
    from tracegraph.trace.tracing import Answered


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    for command in (origin, where, balance, show, gaps):
        app.command(command.__name__)(command)


def origin(
    context: typer.Context,
    units: Annotated[list[str], typer.Argument(metavar="UNIT...")],
    on: On = None,
    as_of: AsOf = None,
    certainty: CertaintyOption = Certainty.POSSIBLE,
    max_hops: MaxHops = None,
    max_steps: MaxSteps = None,
    max_nodes: MaxNodes = None,
    max_seconds: MaxSeconds = None,
    no_contents: NoContents = False,
    infer: Annotated[str | None, typer.Option("--infer", metavar="MODE")] = None,
    form: FormOption = Form.TABLE,
) -> None:
    """Where it comes from."""
    from tracegraph.trace.origin import origin as answer
    from tracegraph.trace.question import Limits, ask

    question = ask(
        *units,
        kind="origin",
        direction="backward",
        certainty=certainty.value,
        on=on,
        as_of=as_of,
        limits=Limits(max_hops, max_steps, max_nodes, max_seconds),
        contents=not no_contents,
        infer=infer,
    )
    session = session_of(context)
    with session.opened() as store:
        _print(answer(store, question, session.language), form, session, store)


def where(
    context: typer.Context,
    units: Annotated[list[str], typer.Argument(metavar="UNIT...")],
    on: On = None,
    as_of: AsOf = None,
    form: FormOption = Form.TABLE,
) -> None:
    """Where it is, and how much is left there."""
    from tracegraph.trace.question import ask
    from tracegraph.trace.whereabouts import whereabouts

    question = ask(*units, kind="where", on=on, as_of=as_of)
    session = session_of(context)
    with session.opened() as store:
        _print(whereabouts(store, question, session.language), form, session, store)


def balance(
    context: typer.Context,
    units: Annotated[list[str], typer.Argument(metavar="UNIT...")],
    on: On = None,
    as_of: AsOf = None,
    measure: Annotated[str | None, typer.Option("--measure", metavar="CODE")] = None,
    form: FormOption = Form.TABLE,
) -> None:
    """How much of it is where, so that it adds up."""
    from tracegraph.trace.balance import balance as answer
    from tracegraph.trace.question import ask

    allowed(form, FLAT_FORMS, "balance")
    question = ask(*units, kind="balance", on=on, as_of=as_of, measure=measure)
    session = session_of(context)
    with session.opened() as store:
        _print(answer(store, question, session.language), form, session, store)


def show(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="ID")],
    as_of: AsOf = None,
    form: FormOption = Form.TABLE,
) -> None:
    """One thing as the records know it."""
    from tracegraph.trace.question import ask
    from tracegraph.trace.show import show as answer

    question = ask(name, kind="show", as_of=as_of)
    session = session_of(context)
    with session.opened() as store:
        try:
            answered = answer(store, question, session.language)
        except UnknownIdentifier:
            if not is_case(session, store, name):
                raise
            show_case(session, name, as_of, form)
        else:
            _print(answered, form, session, store)


def gaps(
    context: typer.Context,
    as_of: AsOf = None,
    kind: Annotated[str | None, typer.Option("--kind", metavar="KIND")] = None,
    partner: Annotated[str | None, typer.Option("--partner", metavar="ID")] = None,
    limit: Annotated[int | None, typer.Option("--limit", metavar="N")] = None,
    after: Annotated[str | None, typer.Option("--after", metavar="NEXT")] = None,
    form: FormOption = Form.TABLE,
) -> None:
    """All that the records do not say."""
    from tracegraph.trace.all_gaps import GapChoice, all_gaps
    from tracegraph.trace.question import ask

    allowed(form, FLAT_FORMS, "gaps")
    choice = GapChoice(kind, partner, limit, after)
    session = session_of(context)
    with session.opened() as store:
        _print(all_gaps(store, ask(kind="gaps", as_of=as_of), choice, session.language), form, session, store)


def _print(answered: Answered, form: Form, session: Session, store: Store) -> None:
    def view(answered: Answered) -> None:
        from tracegraph.commands import answer_views

        answer = answered.envelope
        answer_views.VIEWS[answer["question"]["kind"]](answer, session, store)

    write_answer(answered, form, session, view)
    finish(answered)
