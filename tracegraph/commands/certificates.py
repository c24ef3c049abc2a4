"""`tracegraph certificates`: how certificates stood at a date, and what they cover."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tracegraph.commands.options import AsOf, FormOption
from tracegraph.commands.output import FLAT_FORMS, Form, allowed, write_answer
from tracegraph.commands.session import Session, session_of

if TYPE_CHECKING:
    from tracegraph.trace.tracing import Answered

On = Annotated[str | None, typer.Option("--on", metavar="T")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    group = typer.Typer(add_completion=False, rich_markup_mode=None)
    group.callback()(certificates)
    group.command("list")(list_certificates)
    group.command("show")(show)
    app.add_typer(group, name="certificates")


def certificates() -> None:
    """Nothing alone."""


def list_certificates(
    context: typer.Context,
    scheme: Annotated[str, typer.Option("--scheme", metavar="NAME")] = "",
    holder: Annotated[str, typer.Option("--holder", metavar="PARTY")] = "",
    site: Annotated[str, typer.Option("--site", metavar="ID")] = "",
    product: Annotated[str, typer.Option("--product", metavar="ID")] = "",
    model: Annotated[str, typer.Option("--model", metavar="MODEL")] = "",
    valid: Annotated[bool, typer.Option("--valid")] = False,
    on: On = None,
    as_of: AsOf = None,
    form: FormOption = Form.TABLE,
) -> None:
    """All certificates, or those that cover something."""
    from tracegraph.claims.registers import CertificatesWanted
    from tracegraph.claims.registers import certificates as answer

    allowed(form, FLAT_FORMS, "certificates list")
    session = session_of(context)
    wanted = CertificatesWanted.of(scheme, holder, site, product, model, valid)
    with session.opened() as store:
        answered = answer(store, wanted, on, as_of, session.language)
    write_answer(answered, form, session, lambda answered: _view(answered, session))


def show(
    context: typer.Context,
    number: Annotated[str, typer.Argument(metavar="CERTIFICATE")],
    on: On = None,
    as_of: AsOf = None,
    form: FormOption = Form.TABLE,
) -> None:
    """One certificate with its changes."""
    from tracegraph.claims.registers import certificate

    allowed(form, FLAT_FORMS, "certificates show")
    session = session_of(context)
    with session.opened() as store:
        answered = certificate(store, number, on, as_of, session.language)
    write_answer(answered, form, session, lambda answered: _view(answered, session))


def _view(answered: Answered, session: Session) -> None:
    from tracegraph.commands.registers_view import show_certificates

    show_certificates(answered.envelope, session)
