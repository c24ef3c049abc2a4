"""ASI-OVERDRAW: more may be claimed than period and balance allow only for a recorded reason, by at most a share of the
certified input of the period, and the next period makes it up.

Source: parameters that nobody verified in public text. The reason is a record about the account.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from tracegraph.claims.calendar import months_later
from tracegraph.claims.finding import Found, Term, failed, missing, passed
from tracegraph.claims.management import horizon
from tracegraph.claims.material import CERTIFIED, Period
from tracegraph.claims.row import Row
from tracegraph.claims.rule import Parameters
from tracegraph.claims.world import World
from tracegraph.schemes.asi_coc.reading import kept, reckoned, shown, span, term, told, uncounted


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each certified account in each period that is overdrawn."""
    yield from uncounted(world, parameters)
    for book in kept(world, parameters):
        found = reckoned(world, parameters, book)
        months = int(parameters.number("period_months"))
        for period, following in zip(found, (*found[1:], None), strict=False):
            if period.excess:
                share = Fraction(parameters.number("overdraw_percent")) / 100
                for account in book.of(*CERTIFIED):
                    yield _overdrawn(world, account, (period, following), share, months)


def _overdrawn(world: World, account: Row, pair: tuple[Period, Period | None], share: Fraction, months: int) -> Found:
    period, following = pair
    unit = period.totals.book.unit
    input_ = term(period.totals, "certified in", "in", *CERTIFIED)
    limit = share * period.totals.total("in", *CERTIFIED)
    reasons = [row for row in world.by("reason", "about", account.id) if _then(row, period)]
    made_up = following is not None and following.surplus >= period.excess
    open_ = months_later(period.totals.last + 1, months) - 1 > horizon(world)
    case, say = _judged(period.excess > limit, bool(reasons), made_up, open_)
    return say(
        account,
        case=case,
        words={
            "account": account.id,
            "span": span(period.totals),
            "excess": told(period.excess),
            "limit": told(limit),
            "unit": unit,
        },
        observed=shown(period.excess),
        limit=shown(limit),
        formula=f"{shown(period.excess)} <= {shown(share * 100)} % x {input_.value} = {shown(limit)}",
        terms=(input_, Term("excess", shown(period.excess), unit)),
        window=(period.totals.first, period.totals.last),
        evidence=(account, *reasons),
    )


def _judged(over: bool, reason: bool, made_up: bool, open_: bool) -> tuple[str, Callable[..., Found]]:
    if over:
        return "", failed
    if not reason:
        return "no_reason", missing
    if made_up:
        return "", passed
    return ("not_yet", missing) if open_ else ("not_made_up", failed)


def _then(row: Row, period: Period) -> bool:
    """Whether a reason is about that period, or about no time in particular."""
    since, until = row.first("from"), row.last("to")
    return (since is None or since <= period.totals.last) and (until is None or until >= period.totals.first)
