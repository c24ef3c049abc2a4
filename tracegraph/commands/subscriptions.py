"""`tracegraph subscriptions`: who is told of events, how deliveries go, and what to do where they do not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracegraph.clock import now
from tracegraph.commands.options import FormOption
from tracegraph.commands.output import PLAIN_FORMS, Form, allowed, line
from tracegraph.commands.service_file import ServiceFileOption, opened, show
from tracegraph.commands.session import Session, session_of
from tracegraph.errors import UnknownIdentifier

if TYPE_CHECKING:
    from tracegraph.service.deliveries import Deliveries
    from tracegraph.service.subscriptions import Subscriptions

COLUMNS = ("subscriptionID", "owner", "queryName", "state", "deadLetters", "dest", "reason")
DEAD_COLUMNS = ("deliveryID", "createdAt", "attempts", "lastTriedAt", "error")

Name = Annotated[str, typer.Argument(metavar="SUBSCRIPTION")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    group = typer.Typer(add_completion=False, rich_markup_mode=None)
    group.callback()(nothing)
    group.command("list")(list_subscriptions)
    group.command("dead-letters")(dead_letters)
    for command in (redeliver, pause, resume, remove):
        group.command(command.__name__)(command)
    app.add_typer(group, name="subscriptions")


def nothing() -> None:
    """Nothing alone."""


def list_subscriptions(
    context: typer.Context,
    user: Annotated[str | None, typer.Option("--user", metavar="NAME")] = None,
    form: FormOption = Form.TABLE,
    service_file: ServiceFileOption = None,
) -> None:
    """Every subscription, and how it goes."""
    from tracegraph.service.subscription_json import as_followed

    allowed(form, PLAIN_FORMS, "subscriptions list")
    session = session_of(context)
    with _kept(session, service_file) as (subscriptions, deliveries):
        rows = [as_followed(subscription, deliveries) for subscription in subscriptions.of(user)]
    show(rows, COLUMNS, form, session)


def dead_letters(
    context: typer.Context, name: Name, form: FormOption = Form.TABLE, service_file: ServiceFileOption = None
) -> None:
    """What was given up."""
    from tracegraph.service.subscription_json import as_dead_letter

    allowed(form, PLAIN_FORMS, "subscriptions dead-letters")
    session = session_of(context)
    with _kept(session, service_file) as (subscriptions, deliveries):
        rows = [as_dead_letter(delivery) for delivery in deliveries.dead(_known(subscriptions, name))]
    show(rows, DEAD_COLUMNS, form, session)


def redeliver(
    context: typer.Context,
    name: Name,
    delivery: Annotated[str, typer.Argument(metavar="DELIVERY")],
    service_file: ServiceFileOption = None,
) -> None:
    """Try a dead letter again."""
    session = session_of(context)
    with _kept(session, service_file) as (subscriptions, deliveries):
        if not deliveries.redeliver(delivery, _known(subscriptions, name)):
            raise UnknownIdentifier(
                f"there is no dead letter {delivery}; see tracegraph subscriptions dead-letters {name}", delivery
            )
    line(session.say("redelivering", delivery=delivery))


def pause(context: typer.Context, name: Name, service_file: ServiceFileOption = None) -> None:
    """Deliver nothing for now."""
    session = session_of(context)
    with _kept(session, service_file) as (subscriptions, _):
        subscriptions.pause(_known(subscriptions, name))
    line(session.say("subscription_paused", subscription=name))


def resume(
    context: typer.Context,
    name: Name,
    skip: Annotated[bool, typer.Option("--skip")] = False,
    service_file: ServiceFileOption = None,
) -> None:
    """Go on."""
    session = session_of(context)
    with _kept(session, service_file) as (subscriptions, deliveries):
        deliveries.resume(_known(subscriptions, name), skip)
    line(session.say("subscription_resumed", subscription=name))


def remove(context: typer.Context, name: Name, service_file: ServiceFileOption = None) -> None:
    """Forget a subscription."""
    session = session_of(context)
    with _kept(session, service_file) as (subscriptions, _):
        subscriptions.end(_known(subscriptions, name))
    line(session.say("subscription_removed", subscription=name))


@contextmanager
def _kept(session: Session, path: Path | None) -> Iterator[tuple[Subscriptions, Deliveries]]:
    from tracegraph.service.deliveries import Deliveries
    from tracegraph.service.subscriptions import Subscriptions

    with opened(session, path) as file:
        yield Subscriptions(file, now), Deliveries(file, now)


def _known(subscriptions: Subscriptions, name: str) -> str:
    if subscriptions.find(name, None) is None:
        raise UnknownIdentifier(f"there is no subscription {name}; see tracegraph subscriptions list", name)
    return name
