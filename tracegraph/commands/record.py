"""`tracegraph record`: statements entered by hand, with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tracegraph.clock import now
from tracegraph.commands.output import line
from tracegraph.commands.session import Session, session_of
from tracegraph.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracegraph.model.record_kinds import RecordKind
    from tracegraph.recompile.entering import Entered


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("record")(record)


def record(
    context: typer.Context,
    kind: Annotated[str, typer.Argument(metavar="KIND")],
    values: Annotated[list[str] | None, typer.Argument(metavar="FIELD=VALUE...")] = None,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT")] = "",
    withdraw: Annotated[bool, typer.Option("--withdraw")] = False,
) -> None:
    """Enter one record."""
    from tracegraph.model.record_kinds import record_kind
    from tracegraph.recompile.entering import enter

    row = row_of(record_kind(kind), values or [])
    session = session_of(context)
    with session.opened() as store:
        entered = enter(store, kind, row, reason, now(), session.actor, "command line", withdraw)
    line(_told(session, entered))


def row_of(kind: RecordKind, values: Sequence[str]) -> dict[str, str]:
    """What was given by field: `field=value`, or values alone for the fields in order. Raises UsageError where a field
    is given twice or there are more values than fields."""
    row: dict[str, str] = {}
    for given in values:
        name, equals, text = given.partition("=")
        if not (equals and name in kind.names):
            free = [one for one in kind.names if one not in row]
            if not free:
                raise UsageError(f"{given!r} is one value too many; {kind.name} has {', '.join(kind.names)}")
            name, text = free[0], given
        if name in row:
            raise UsageError(f"{name} is given twice; give it once")
        row[name] = text
    return row


def _told(session: Session, entered: Entered) -> str:
    """The sentence about what was recorded."""
    record = entered.record
    if record.kind == "alias" and not record.withdrawn:
        key = "alias_recorded" if entered.new else "alias_known"
        return session.say(key, unit=record.data["unit"], alias=record.data["alias"])
    key = "record_known" if not entered.new else "record_withdrawn" if record.withdrawn else "record_entered"
    return session.say(key, kind=record.kind, id=record.id)
