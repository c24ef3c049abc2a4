"""The periods of an account: those that were closed, then the calendar of the account.

Source: ISO 22095:2020, 5.4.2.2.2 and 6.5.
"""

from __future__ import annotations

from collections.abc import Iterator

from tracegraph.claims.calendar import months_later
from tracegraph.claims.row import Row
from tracegraph.claims.world import World
from tracegraph.model.values import value


@value
class Period:
    """From the first to the last instant; `closed`: the record of its closing, None while it is open."""

    first: int
    last: int
    closed: Row | None = None


def closed_periods(world: World, account: Row) -> tuple[Period, ...]:
    """The closed periods of an account in order of time."""
    rows = world.by("period", "account", account.id)
    told = (Period(row.first("from") or 0, row.last("to") or 0, row) for row in rows)
    return tuple(sorted(told, key=lambda period: (period.first, period.last)))


def closed_period(world: World, account: Row, instant: int) -> Period | None:
    """The closed period in which an instant lies, which no posting may change any more; None: it is open."""
    return next((one for one in closed_periods(world, account) if one.first <= instant <= one.last), None)


def periods(world: World, account: Row, until: int) -> tuple[Period, ...]:
    """All periods that begin until an instant: closed ones, then one after the other as long as the account says.

    None where nothing was closed and the account does not say how long its periods are.
    """
    closed = closed_periods(world, account)
    return (*closed, *_following(account, closed, until))


def _following(account: Row, closed: tuple[Period, ...], until: int) -> Iterator[Period]:
    months = account.number("period_months")
    if months is None:
        return
    start = closed[-1].last + 1 if closed else account.first("from") or 0
    number = 0
    while (first := months_later(start, number * int(months))) <= until:
        number += 1
        yield Period(first, months_later(start, number * int(months)) - 1)
