"""`tracegraph record`: statements entered by hand, with a reason."""

from __future__ import annotations

from typing import Annotated

import typer

from tracegraph.clock import now
from tracegraph.commands.output import line
from tracegraph.commands.session import session_of
from tracegraph.errors import UsageError


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    group = typer.Typer(add_completion=False, rich_markup_mode=None)
    group.callback()(record)
    group.command("alias")(alias)
    app.add_typer(group, name="record")


def record() -> None:
    """Nothing alone."""


def alias(
    context: typer.Context,
    unit: Annotated[str, typer.Argument(metavar="UNIT")],
    other: Annotated[str, typer.Argument(metavar="ALIAS")],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT")],
) -> None:
    """Another number of the whole of a unit."""
    import rfc8785

    from tracegraph.identifiers import canonical
    from tracegraph.model.record import Record
    from tracegraph.recompile import store_batch
    from tracegraph.stores.port import NewEntry
    from tracegraph.stores.stored_facts import ALIAS_RECORD
    from tracegraph.trace.register import Register
    from tracegraph.trace.resolve import known_unit
    from tracegraph.trace.snapshot import Snapshot

    if not reason.strip():
        raise UsageError("--reason is empty; say why the two numbers are the same unit")
    session = session_of(context)
    with session.opened() as store:
        data = {"unit": known_unit(unit, Register(Snapshot.of(store))).id, "alias": canonical(other)}
        if data["unit"] == data["alias"]:
            raise UsageError(f"{other} is already the number of {data['unit']}; name a different one")
        payload = rfc8785.dumps({"kind": ALIAS_RECORD, "id": data["alias"], "data": dict(data), "reason": reason})
        entered = Record(ALIAS_RECORD, data["alias"], dict(data), reason=reason, source="command line")
        stored = store_batch(store, [NewEntry(payload, record=entered)], now(), session.actor)
    key = "alias_recorded" if stored.records else "alias_known"
    line(session.say(key, unit=data["unit"], alias=data["alias"]))
