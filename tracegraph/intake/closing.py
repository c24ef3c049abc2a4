"""Close a period of an account: its balance becomes a record that somebody signs, and no posting enters it any more."""

from __future__ import annotations

from tracegraph.claims.accounts.statement import closing_row
from tracegraph.claims.world import world_at
from tracegraph.model.instants import Moment, instant_text, parse_instant
from tracegraph.recompile.entering import Entered, enter
from tracegraph.stores.port import Store
from tracegraph.trace.snapshot import Snapshot


def close_period(
    store: Store, account: str, on: Moment, reason: str, recorded_at: int, actor: str = "", signed: str = ""
) -> Entered:
    """Record that the period of an account in which `on` lies is closed, with its closing balance and what is carried
    over. `signed`: the number of the person who signs.

    Raises UsageError for an account that there is not, one without periods, or a period that is closed already;
    InputError where a posting cannot be counted.
    """
    row = closing_row(world_at(Snapshot.of(store)), account, parse_instant(on, "on"))
    if signed:
        row |= {"signed": signed, "signed_on": instant_text(recorded_at)}
    return enter(store, "period", row, reason, recorded_at, actor)
