"""ISO22095-5.5-ISSUE: no more credits than the verified volume placed on the market, and the goods give up the claim.

Source: ISO 22095:2020, 5.5.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from tracegraph.claims.accounts.factors import unit_ratio
from tracegraph.claims.credits.channels import credits_of, issues, verified
from tracegraph.claims.finding import Found, Term, failed, missing, passed
from tracegraph.claims.row import Row
from tracegraph.claims.rule import Parameters
from tracegraph.claims.world import World
from tracegraph.model.measures import decimal

#: What an issue must say, in the order in which its absence is told.
NEEDED = ("market", "volume", "unit", "removed")


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each market entry with all credits issued for it, whatever the registry; each issue that does not say enough."""
    entries = issues(world)
    for row in entries:
        yield from _said(row)
    by_market: dict[str, list[Row]] = defaultdict(list)
    for row in entries:
        if row.given("market") and row.given("volume"):
            by_market[row.text("market")].append(row)
    for market, rows in sorted(by_market.items()):
        yield _compared(market, tuple(rows), Fraction(parameters.number("credit_size")))


def _said(entry: Row) -> Iterator[Found]:
    lacking = [name for name in NEEDED if not entry.given(name)]
    if lacking:
        yield missing(entry, words={"entry": entry.id, "field": lacking[0]}, evidence=(entry,))
    if entry.flag("removed") is False:
        yield failed(entry, case="kept", words={"entry": entry.id}, observed="no", limit="yes", evidence=(entry,))


def _compared(market: str, entries: tuple[Row, ...], size: Fraction) -> Found:
    unit = entries[0].text("unit")
    if any(unit_ratio(row.text("unit"), unit) is None for row in entries):
        return missing(("market", market), case="units", words={"market": market}, evidence=entries)
    issued, volume = sum(map(credits_of, entries)) * size, verified(entries, unit)[market]
    say = failed if issued > volume else passed
    return say(
        ("market", market),
        words={"market": market, "issued": decimal(issued), "volume": decimal(volume), "unit": unit},
        observed=decimal(issued),
        limit=decimal(volume),
        formula=f"{sum(map(credits_of, entries))} * {decimal(size):f} = {decimal(issued):f} <= {decimal(volume):f}",
        terms=(Term("issued", decimal(issued), unit, entries), Term("volume", Decimal(decimal(volume)), unit, entries)),
        evidence=entries,
    )
