"""`tracegraph claims`: what the supplied records support."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tracegraph.commands.options import AsOf, FormOption
from tracegraph.commands.output import FLAT_FORMS, PLAIN_FORMS, Form, allowed, write_answer
from tracegraph.commands.session import Session, session_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracegraph.trace.tracing import Answered

PackOption = Annotated[list[str] | None, typer.Option("--pack", metavar="NAME")]
ValidOption = Annotated[str | None, typer.Option("--valid", metavar="TIME")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    group = typer.Typer(add_completion=False, rich_markup_mode=None)
    group.callback()(claims)
    group.command("check")(check)
    group.command("show")(show)
    group.command("declarations")(list_declarations)
    app.add_typer(group, name="claims")


def claims() -> None:
    """Nothing alone."""


def check(
    context: typer.Context,
    about: Annotated[list[str] | None, typer.Argument(metavar="[ID]...")] = None,
    pack: PackOption = None,
    rule: Annotated[list[str] | None, typer.Option("--rule", metavar="ID")] = None,
    valid: ValidOption = None,
    as_of: AsOf = None,
    fail_on: Annotated[list[str] | None, typer.Option("--fail-on", metavar="LEVEL")] = None,
    form: FormOption = Form.TABLE,
) -> None:
    """Run the rules."""
    from tracegraph.claims.failing import failing, levels_of

    allowed(form, FLAT_FORMS, "claims check")
    levels = levels_of(fail_on or ())
    session = session_of(context)
    answered = _checked(session, about or (), pack or (), rule or (), valid, as_of)
    write_answer(answered, form, session, lambda answered: _view(answered, session))
    if failing(answered.envelope["result"], levels):
        raise typer.Exit(1)


def show(
    context: typer.Context,
    claim: Annotated[str, typer.Argument(metavar="CLAIM")],
    pack: PackOption = None,
    valid: ValidOption = None,
    as_of: AsOf = None,
    form: FormOption = Form.TABLE,
) -> None:
    """One claim."""
    from tracegraph.claims.answering import known_claim

    allowed(form, PLAIN_FORMS, "claims show")
    session = session_of(context)
    answered = _checked(session, (claim,), pack or (), (), valid, as_of)
    known_claim(answered.envelope["result"], claim)
    write_answer(answered, form, session, lambda answered: _view(answered, session, whole=True))


def list_declarations(
    context: typer.Context,
    on: Annotated[str | None, typer.Option("--on", metavar="T")] = None,
    as_of: AsOf = None,
    form: FormOption = Form.TABLE,
) -> None:
    """Declared models."""
    from tracegraph.claims.registers import declarations
    from tracegraph.commands.registers_view import show_declarations

    allowed(form, FLAT_FORMS, "claims declarations")
    session = session_of(context)
    with session.opened() as store:
        answered = declarations(store, on, as_of, session.language)
    write_answer(answered, form, session, lambda answered: show_declarations(answered.envelope, session))


def _checked(
    session: Session,
    about: Sequence[str],
    names: Sequence[str],
    rules: Sequence[str],
    valid: str | None,
    as_of: str | None,
) -> Answered:
    from tracegraph.claims.answering import check_claims
    from tracegraph.claims.question import asked_of_claims
    from tracegraph.schemes import packs

    chosen = packs(tuple(names))
    question = asked_of_claims(tuple(one.id for one in chosen), tuple(rules), tuple(about), valid, as_of)
    with session.opened() as store:
        return check_claims(store, question, chosen, session.language)


def _view(answered: Answered, session: Session, whole: bool = False) -> None:
    from tracegraph.commands.claims_view import show_claims

    show_claims(answered.envelope, session, whole)
