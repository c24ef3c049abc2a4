"""`tracegraph accounts`: balances, statements, the close of a period, registries of credits, conversion factors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tracegraph.clock import now
from tracegraph.commands.acting import ADMINISTER
from tracegraph.commands.options import AsOf, FormOption
from tracegraph.commands.output import FLAT_FORMS, PLAIN_FORMS, Form, allowed, line, write_answer
from tracegraph.commands.session import Session, session_of

if TYPE_CHECKING:
    from tracegraph.trace.tracing import Answered

On = Annotated[str | None, typer.Option("--on", metavar="T")]
AccountArgument = Annotated[str, typer.Argument(metavar="ACCOUNT")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    group = typer.Typer(add_completion=False, rich_markup_mode=None)
    group.callback()(accounts)
    group.command("list")(list_accounts)
    group.command("statement")(statement)
    group.command("close")(close)
    group.command("credits")(list_credits)
    group.command("factors")(list_factors)
    app.add_typer(group, name="accounts")


def accounts() -> None:
    """Nothing alone."""


def list_accounts(context: typer.Context, on: On = None, as_of: AsOf = None, form: FormOption = Form.TABLE) -> None:
    """All accounts."""
    from tracegraph.claims.registers import accounts as answer

    allowed(form, FLAT_FORMS, "accounts list")
    session = session_of(context)
    with session.opened() as store:
        answered = answer(store, on, as_of, session.language)
    write_answer(answered, form, session, lambda answered: _view(answered, session, "accounts"))


def statement(
    context: typer.Context,
    account: AccountArgument,
    on: On = None,
    since: Annotated[str | None, typer.Option("--since", metavar="T")] = None,
    as_of: AsOf = None,
    form: FormOption = Form.TABLE,
) -> None:
    """One account."""
    from tracegraph.claims.registers import account as answer

    allowed(form, FLAT_FORMS, "accounts statement")
    session = session_of(context)
    with session.opened() as store:
        answered = answer(store, account, on, since, as_of, session.language)
    write_answer(answered, form, session, lambda answered: _view(answered, session, "statement"))


def close(
    context: typer.Context,
    account: AccountArgument,
    on: Annotated[str, typer.Option("--on", metavar="T")],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT")] = "",
    signed: Annotated[str, typer.Option("--signed", metavar="NUMBER")] = "",
) -> None:
    """Close a period."""
    from tracegraph.intake.closing import close_period

    session = session_of(context)
    session.allow(ADMINISTER)
    with session.opened() as store:
        entered = close_period(store, account, on, reason, now(), session.actor, signed)
    told = entered.record.data
    span = {name: str(told[name])[:10] for name in ("from", "to")}
    line(session.say("account_closed", account=account, since=span["from"], until=span["to"], closing=told["closing"]))


def list_credits(context: typer.Context, on: On = None, as_of: AsOf = None, form: FormOption = Form.TABLE) -> None:
    """The registries."""
    from tracegraph.claims.registers import credits

    allowed(form, PLAIN_FORMS, "accounts credits")
    session = session_of(context)
    with session.opened() as store:
        answered = credits(store, on, as_of, session.language)
    write_answer(answered, form, session, lambda answered: _view(answered, session, "credits"))


def list_factors(context: typer.Context, on: On = None, as_of: AsOf = None, form: FormOption = Form.TABLE) -> None:
    """The conversion factors."""
    from tracegraph.claims.registers import factors

    allowed(form, PLAIN_FORMS, "accounts factors")
    session = session_of(context)
    with session.opened() as store:
        answered = factors(store, on, as_of, session.language)
    write_answer(answered, form, session, lambda answered: _view(answered, session, "factors"))


def _view(answered: Answered, session: Session, register: str) -> None:
    from tracegraph.commands import registers_view

    show = {
        "accounts": registers_view.show_accounts,
        "statement": registers_view.show_statement,
        "credits": registers_view.show_credits,
        "factors": registers_view.show_factors,
    }
    show[register](answered.envelope, session)
