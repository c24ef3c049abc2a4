"""ASI-POS-BALANCE: what a period allowed and did not claim may be claimed in the next period only; then it lapses.

Source: a parameter that nobody verified in public text.
"""

from __future__ import annotations

from collections.abc import Iterator

from tracegraph.claims.finding import Found, Term, failed, missing, passed
from tracegraph.claims.material import CERTIFIED, Book, Period
from tracegraph.claims.row import Row
from tracegraph.claims.rule import Parameters
from tracegraph.claims.world import World
from tracegraph.schemes.asi_coc.reading import kept, reckoned, shown, span, uncounted


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each period in which more is claimed than it allows by itself."""
    yield from uncounted(world, parameters)
    for book in kept(world, parameters):
        for before, period in _pairs(reckoned(world, parameters, book)):
            if period.claimed > period.allowed:
                parameters.number("carry_periods")
                for account in book.of(*CERTIFIED):
                    yield _used(account, book, before, period)


def _pairs(found: tuple[Period, ...]) -> Iterator[tuple[Period | None, Period]]:
    return zip((None, *found), found, strict=False)


def _used(account: Row, book: Book, before: Period | None, period: Period) -> Found:
    wanted = period.claimed - period.allowed
    words = {"account": account.id, "span": span(period.totals), "used": shown(wanted), "unit": book.unit}
    window = (period.totals.first, period.totals.last)
    if before is None:
        return missing(account, words=words, observed=shown(wanted), window=window, evidence=(account,))
    lapsed = wanted > period.carried
    return (failed if lapsed else passed)(
        account,
        words={**words, "carried": shown(period.carried)},
        observed=shown(wanted),
        limit=shown(period.carried),
        formula=f"{shown(period.claimed)} - {shown(period.allowed)} = {shown(wanted)} <= {shown(period.carried)}",
        terms=(Term("carried", shown(period.carried), book.unit), Term("excess", shown(period.excess), book.unit)),
        window=window,
        evidence=(account, *period.totals.postings("out", *CERTIFIED)),
    )
