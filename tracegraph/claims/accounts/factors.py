"""Conversion factors: output for one of input, and amounts of one unit of measure in another.

Source: ISO 22095:2020, 6.8 and Annex C.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from tracegraph.claims.row import Row
from tracegraph.claims.world import World
from tracegraph.model.measures import measure


@lru_cache(maxsize=1000)
def unit_ratio(source: str, target: str) -> Fraction | None:
    """What one `source` is in `target`; None where the two are of different dimensions."""
    one, other = measure(source), measure(target)
    return one.factor / other.factor if one.dimension == other.dimension else None


def amount_in(row: Row, name: str, unit: str) -> Fraction | None:
    """A quantity of a row in a unit of measure; None where it is not given or of another dimension."""
    quantity, ratio = row.number(name), unit_ratio(row.text("unit"), unit)
    return None if quantity is None or ratio is None else Fraction(quantity) * ratio


def factor_of(world: World, posting: Row) -> Row | None:
    """The factor on record that a posting names."""
    return world.row("factor", posting.text("factor")) if posting.given("factor") else None


def factor_value(world: World, posting: Row) -> Decimal | None:
    """The factor that a posting was made with: as stored with the posting, else as on record; None: neither."""
    used = posting.number("factor_value")
    found = factor_of(world, posting)
    return found.number("value") if used is None and found is not None else used


def factors_at(world: World, site: str, output: str, instant: int, source: str = "") -> tuple[Row, ...]:
    """The factors of a site for a product (`source`: from this input) that hold at an instant, sorted by id."""
    return tuple(
        row
        for row in world.by("factor", "output", output)
        if row.text("site") == site and row.holds_at(instant) and (not source or row.text("input") == source)
    )


def converts(world: World, account: Row) -> bool:
    """Whether a factor on record turns another product into (formula 1) or out of (formula 2) that of the account."""
    own, other = ("output", "input") if account.text("formula") == "1" else ("input", "output")
    return any(
        row.text("site") in account.several("boundary") and row.text(other) != row.text(own)
        for row in world.by("factor", own, account.text("product"))
    )
