"""The commands of `tracegraph outbox`: notices of recall cases that are to leave."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracegraph.clock import now
from tracegraph.commands.options import FormOption
from tracegraph.commands.output import PLAIN_FORMS, Form, allowed, line, note
from tracegraph.commands.service_file import ServiceFileOption, opened, show
from tracegraph.commands.session import Session, session_of
from tracegraph.errors import NegativeAnswer, UsageError

if TYPE_CHECKING:
    from tracegraph.intake.recalling import Actor
    from tracegraph.service.dispatching import Report
    from tracegraph.service.file import ServiceFile
    from tracegraph.service.outbox import Outgoing

COLUMNS = ("id", "consignee", "channel", "state", "attempts", "sent", "recorded", "error")

MessageArgument = Annotated[str, typer.Argument(metavar="MESSAGE")]


def commands() -> typer.Typer:
    """All of them."""
    group = typer.Typer(add_completion=False, rich_markup_mode=None)
    made = (
        ("post", post),
        ("list", list_messages),
        ("send", send),
        ("settle", settle),
        ("again", again),
        ("drop", drop),
    )
    for name, command in made:
        group.command(name)(command)
    return group


def list_messages(
    context: typer.Context,
    case: Annotated[str | None, typer.Argument(metavar="CASE", show_default=False)] = None,
    form: FormOption = Form.TABLE,
    service_file: ServiceFileOption = None,
) -> None:
    """What was queued, and what became of it."""
    from tracegraph.service.outbox import Outbox

    allowed(form, PLAIN_FORMS, "outbox list")
    session = session_of(context)
    with opened(session, service_file) as file:
        found = Outbox(file, now).all(case)
    show([_row(one) for one in found], COLUMNS, form, session)


def post(
    context: typer.Context,
    case: Annotated[str, typer.Argument(metavar="CASE")],
    channel: Annotated[str, typer.Option("--channel", metavar="NAME")],
    to: Annotated[list[str] | None, typer.Option("--to", metavar="PARTY=WHO")] = None,
    paper: Annotated[str, typer.Option("--paper", metavar="html|pdf")] = "html",
    service_file: ServiceFileOption = None,
) -> None:
    """Queue the prepared notices of a case."""
    from tracegraph.commands.recall_actions import graph_of
    from tracegraph.service.posting import recipients_of

    session, named = session_of(context), recipients_of(to or ())
    with graph_of(session) as graph, opened(session, service_file, create=True) as file:
        done = graph.recall_post(case, channel, file, named, paper, session.actor)
    line(session.say("messages_queued", count=len(done.messages), channel=channel))
    for known in done.nobody:
        note(session.say("nobody_to_tell", consignee=known.consignee, notice=known.id))
    if done.nobody:
        raise typer.Exit(NegativeAnswer.exit_status)


def send(
    context: typer.Context,
    channels: Annotated[Path, typer.Option("--channels", envvar="TRACEGRAPH_CHANNELS", metavar="FILE")],
    service_file: ServiceFileOption = None,
) -> None:
    """Send what is due."""
    from tracegraph.commands.recall_actions import graph_of
    from tracegraph.service.channels.settings import read_settings
    from tracegraph.service.dispatching import Dispatch, case_now, recorder
    from tracegraph.service.outbox import Outbox
    from tracegraph.service.people import People

    session, settings = session_of(context), read_settings(channels)
    with graph_of(session) as graph, opened(session, service_file) as file:
        actor, store = _actor(session), graph.store
        people, record = People(file, now), recorder(store, now, actor)
        dispatch = Dispatch(Outbox(file, now), settings, people, case_now(store), record, role=actor.role)
        report = dispatch.run()
    _tell(session, report)
    if report.failed or report.uncertain or report.faults:
        raise typer.Exit(NegativeAnswer.exit_status)


def _actor(session: Session) -> Actor:
    """Who sends, and as what."""
    from tracegraph.intake.recalling import Actor

    caller = session.caller
    return Actor(session.actor) if caller is None else Actor(caller.name, caller.role.value)


def _tell(session: Session, report: Report) -> None:
    line(session.say("messages_sent", count=len(report.sent), waiting=len(report.waiting)))
    for name in report.failed:
        note(session.say("message_failed", message=name))
    for name in report.uncertain:
        note(session.say("message_uncertain", message=name))
    for name, why in report.faults.items():
        note(session.say("message_unrecorded", message=name, why=why))


def settle(
    context: typer.Context,
    message: MessageArgument,
    sent: Annotated[bool | None, typer.Option("--sent/--not-sent")] = None,
    service_file: ServiceFileOption = None,
) -> None:
    """Say whether an uncertain message left."""
    if sent is None:
        raise UsageError(f"say whether message {message} left: --sent, or --not-sent")
    session = session_of(context)
    with opened(session, service_file) as file:
        _say(session, _outbox(file).settle(message, sent))


def again(context: typer.Context, message: MessageArgument, service_file: ServiceFileOption = None) -> None:
    """Try a failed message again."""
    session = session_of(context)
    with opened(session, service_file) as file:
        _say(session, _outbox(file).again(message))


def drop(
    context: typer.Context,
    message: MessageArgument,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT")],
    service_file: ServiceFileOption = None,
) -> None:
    """Do not send a message."""
    session = session_of(context)
    with opened(session, service_file) as file:
        _say(session, _outbox(file).drop(message, reason))


def _outbox(file: ServiceFile) -> Any:
    from tracegraph.service.outbox import Outbox

    return Outbox(file, now)


def _say(session: Session, one: Outgoing) -> None:
    line(session.say("message_is", message=one.id, state=session.say(f"message_{one.state.value}_state")))


def _row(one: Outgoing) -> dict[str, Any]:
    from tracegraph.model.instants import instant_text, optional_text

    return {
        "id": one.id,
        "case": one.case,
        "notice": one.notice,
        "version": one.version,
        "consignee": one.consignee,
        "channel": one.channel,
        "digest": one.digest,
        "state": one.state.value,
        "queued": instant_text(one.queued_at),
        "attempts": one.attempts,
        "sent": optional_text(one.sent_at),
        "receipt": one.receipt,
        "error": one.error,
        "recorded": one.recorded,
    }
