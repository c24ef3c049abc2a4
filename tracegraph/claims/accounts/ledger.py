"""The ledger of an account in a world: its postings as changes in order, what stops them, and their replay.

Order: by the time at which a posting is true, an opening balance before everything else of that instant, then by id. So
the order in which postings became known changes nothing.
"""

from __future__ import annotations

from tracegraph.claims.accounts.changes import RANKS, Change, Counting, Problem
from tracegraph.claims.accounts.periods import Period, periods
from tracegraph.claims.accounts.replay import Series, replay
from tracegraph.claims.accounts.reversals import standing
from tracegraph.claims.calendar import months_later
from tracegraph.claims.row import Row
from tracegraph.claims.world import World
from tracegraph.model.values import value


@value
class Ledger:
    """`postings`: those that stand, in order; `problems`: why some cannot be counted, the first to be told first."""

    account: Row
    postings: tuple[Row, ...]
    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]


def ledger(world: World, account: Row) -> Ledger:
    """The ledger of an account, worked out once."""
    return world.once(("ledger", account.id), lambda: _ledger(world, account))


def _ledger(world: World, account: Row) -> Ledger:
    postings, lost = standing(sorted(world.by("posting", "account", account.id), key=_order))
    counting = Counting(world, account)
    counted = [counting.change(posting) for posting in postings]
    problems = [one for one in counted if isinstance(one, Problem)]
    problems += (Problem("lost_reversal", row, {"posting": row.id, "reversed": row.text("reverses")}) for row in lost)
    problems.sort(key=lambda problem: RANKS.index(problem.case))
    changes = tuple(one for one in counted if isinstance(one, Change))
    return Ledger(account, tuple(postings), changes, tuple(problems))


def _order(posting: Row) -> tuple[int, bool, str]:
    return posting.valid_from or 0, posting.data["direction"] != "opening", posting.id


def series(world: World, account: Row) -> Series | None:
    """The replay of an account, worked out once; None: a posting cannot be counted, so nothing is known of it."""
    return world.once(("series", account.id), lambda: _series(world, account))


def _series(world: World, account: Row) -> Series | None:
    known = ledger(world, account)
    if known.problems:
        return None
    return replay(account, known.changes, carrying_periods(world, known), world.valid)


def carrying_periods(world: World, known: Ledger) -> tuple[Period, ...]:
    """The periods in which postings lie, and two more: credits may be carried into the next."""
    account = known.account
    if not known.changes:
        return ()
    months = account.number("period_months")
    last = known.changes[-1].time
    return periods(world, account, last if months is None else months_later(last, 2 * int(months)))


def last_instant(world: World, account: Row) -> int | None:
    """Until when an account is looked at: the asked instant, else its last posting; None: nothing was posted."""
    changes = ledger(world, account).changes
    if not changes:
        return None
    return changes[-1].time if world.valid is None else max(world.valid, changes[-1].time)
