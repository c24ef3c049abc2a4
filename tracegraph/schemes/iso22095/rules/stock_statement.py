"""ISO22095-6.9-STOCK: what was there and came in is what was used, supplied, lost and left, period by period.

Source: ISO 22095:2020, 6.9. Input: opening + received = used + closing. Product: opening + produced = supplied + loss +
closing. Carry-over stock, received, input stock, product stock and supplied must all be stated.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from tracegraph.claims.finding import Found, Term, failed, missing, passed
from tracegraph.claims.row import Row
from tracegraph.claims.rule import Parameters
from tracegraph.claims.world import World
from tracegraph.model.measures import decimal

#: The figures that must be stated: without them nothing can be reconciled.
NEEDED = (
    "opening_input",
    "received",
    "closing_input",
    "used",
    "opening_product",
    "produced",
    "closing_product",
    "supplied",
)
#: Each side: what comes in, and what must become of it.
SIDES = {
    "input": (("opening_input", "received"), ("used", "closing_input")),
    "product": (("opening_product", "produced"), ("supplied", "loss", "closing_product")),
}


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each statement by itself, and each beside the one before it."""
    for stock in world.rows("stock"):
        lacking = [name for name in NEEDED if not stock.given(name)]
        if lacking:
            words = {"stock": stock.id, "fields": ", ".join(lacking)}
            yield missing(stock, words=words, evidence=(stock,))
        else:
            yield from (_reconciled(parameters, stock, side) for side in SIDES)
    yield from _carried_over(world)


def _reconciled(parameters: Parameters, stock: Row, side: str) -> Found:
    come, gone = SIDES[side]
    told = stock.number("tolerance")
    tolerance = parameters.number("stock_tolerance") if told is None else told
    residual = _sum(stock, come) - _sum(stock, gone)
    unit = (stock.text("input_unit") if side == "input" else "") or stock.text("unit")
    say = failed if abs(residual) > Fraction(tolerance) else passed
    case = side if say is failed else f"{side}_pass"
    return say(
        stock,
        case=case,
        words={"stock": stock.id, "residual": decimal(residual), "unit": unit, "tolerance": tolerance},
        observed=decimal(residual),
        limit=tolerance,
        formula=f"{_written(stock, come)} - ({_written(stock, gone)}) = {decimal(residual):f}",
        terms=tuple(Term(name, stock.number(name) or Decimal(0), unit, (stock,)) for name in (*come, *gone)),
        window=(stock.first("from"), stock.last("to")),
        evidence=(stock,),
    )


def _sum(stock: Row, names: tuple[str, ...]) -> Fraction:
    return sum((Fraction(stock.number(name) or 0) for name in names), Fraction(0))


def _written(stock: Row, names: tuple[str, ...]) -> str:
    return " + ".join(f"{stock.number(name) or 0:f}" for name in names)


def _carried_over(world: World) -> Iterator[Found]:
    """Statements of the same stock that do not begin with what the one before them left."""
    for before, after in pairwise(
        sorted(world.rows("stock"), key=lambda row: (*_same(row), row.first("from") or 0, row.id))
    ):
        if _same(before) == _same(after):
            for left, found in (("closing_input", "opening_input"), ("closing_product", "opening_product")):
                yield from _compared(before, after, left, found)


def _same(stock: Row) -> tuple[str, ...]:
    return tuple(stock.text(name) for name in ("site", "product", "input", "account", "charset", "unit", "input_unit"))


def _compared(before: Row, after: Row, left: str, found: str) -> Iterator[Found]:
    closing, opening = before.number(left), after.number(found)
    if closing is not None and opening is not None and closing != opening:
        words = {"stock": after.id, "before": before.id, "opening": opening, "closing": closing}
        yield failed(after, case="carried", words=words, observed=opening, limit=closing, evidence=(before, after))
