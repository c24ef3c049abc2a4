"""The rolling average percentage of specified input over a claim period, weighted by mass.

Source: ISO 22095:2020, 5.4.2.2.1. Of months of 20 of 100, 90 of 150 and 10 of 50 it is 120 of 300, never the mean of
the monthly percentages.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from tracegraph.claims.accounts.factors import unit_ratio
from tracegraph.claims.row import Row
from tracegraph.claims.world import World
from tracegraph.model.values import value


@value
class Average:
    """`statements`: inside the window, in order of time; `specified` and `total`: their sums, in the unit of the first;
    `gap`: the first instant of the window that no statement covers; `silent`: statements that do not say both."""

    statements: tuple[Row, ...]
    specified: Fraction
    total: Fraction
    gap: int | None
    silent: tuple[Row, ...]

    @property
    def percent(self) -> Fraction | None:
        """The average in percent; None: nothing came in."""
        return 100 * self.specified / self.total if self.total else None


def average(statements: Iterable[Row], first: int, last: int) -> Average:
    """The average of the stock statements that lie wholly inside of a window."""
    inside = [row for row in statements if (row.first("from") or 0) >= first and (row.last("to") or 0) <= last]
    inside.sort(key=lambda row: (row.first("from") or 0, row.id))
    unit = _unit(inside[0]) if inside else ""
    silent = tuple(
        row for row in inside if not (row.given("specified") and row.given("received") and _ratio(row, unit))
    )
    counted = [row for row in inside if row not in silent]
    return Average(
        tuple(inside),
        sum((_amount(row, "specified", unit) for row in counted), Fraction(0)),
        sum((_amount(row, "received", unit) for row in counted), Fraction(0)),
        _gap(inside, first, last),
        silent,
    )


def statements_of(world: World, declaration: Row, product: str) -> tuple[Row, ...]:
    """The stock statements of the boundary and product of a declaration."""
    sites = declaration.several("boundary") or (declaration.text("site"),)
    rows = (row for site in sites for row in world.by("stock", "site", site))
    charset = declaration.text("charset")
    return tuple(row for row in rows if row.text("product") in ("", product) and row.text("charset") in ("", charset))


def _unit(row: Row) -> str:
    return row.text("input_unit") or row.text("unit")


def _ratio(row: Row, unit: str) -> Fraction | None:
    return unit_ratio(_unit(row), unit)


def _amount(row: Row, name: str, unit: str) -> Fraction:
    return Fraction(row.number(name) or 0) * (_ratio(row, unit) or 0)


def _gap(inside: Iterable[Row], first: int, last: int) -> int | None:
    covered = first
    for row in inside:
        if (row.first("from") or 0) > covered:
            break
        covered = max(covered, (row.last("to") or 0) + 1)
    return covered if covered <= last else None
