"""ISO22095-5.3.x-QTY: no more comes out of a campaign of separated goods than goes in, times the conversion factor.

Source: ISO 22095:2020, 5.3.1.2 c and 5.3.2.2. A campaign is a stock statement of the site and product.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from tracegraph.claims.accounts.yields import factors_of, flow
from tracegraph.claims.finding import Found, Term, failed, missing, passed
from tracegraph.claims.models import Model
from tracegraph.claims.row import Row
from tracegraph.claims.rule import Parameters
from tracegraph.claims.world import World
from tracegraph.model.measures import decimal

#: The models in which goods are kept apart.
SEPARATED = frozenset({Model.IDENTITY_PRESERVED, Model.SEGREGATED})


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each campaign under each declaration of one of these models."""
    for declaration in world.rows("declaration"):
        if declaration.text("model") in SEPARATED:
            campaigns = [
                row for row in world.by("stock", "site", declaration.text("site")) if _covers(declaration, row)
            ]
            if not campaigns:
                yield missing(declaration, case="no_campaign", words={"declaration": declaration.id})
            yield from (_campaign(world, parameters, row) for row in campaigns)


def _covers(declaration: Row, stock: Row) -> bool:
    same = all(
        stock.text(name) in ("", declaration.text(name)) for name in ("product", "charset") if declaration.given(name)
    )
    return same and declaration.holds_at(stock.last("to") or 0)


def _campaign(world: World, parameters: Parameters, stock: Row) -> Found:
    factors = factors_of(world, stock)
    if len(factors) != 1:
        case = "several_factors" if factors else "no_factor_held"
        return missing(stock, case=case, words={"stock": stock.id}, evidence=(stock, *factors))
    used, produced = flow(factors[0], stock, "used", "input_unit"), flow(factors[0], stock, "produced", "output_unit")
    if used is None or produced is None:
        return missing(stock, words={"stock": stock.id, "field": "used" if used is None else "produced"})
    return _compared(parameters, stock, factors[0], used, produced)


def _compared(parameters: Parameters, stock: Row, factor: Row, used: Fraction, produced: Fraction) -> Found:
    told = stock.number("tolerance")
    tolerance = parameters.number("quantity_tolerance") if told is None else told
    value = factor.number("value") or 0
    limit = used * Fraction(value) + Fraction(tolerance)
    say = failed if produced > limit else passed
    unit = factor.text("output_unit") or stock.text("unit")
    return say(
        stock,
        words={"stock": stock.id, "produced": decimal(produced), "limit": decimal(limit), "unit": unit},
        observed=decimal(produced),
        limit=decimal(limit),
        formula=f"{decimal(produced):f} <= {decimal(used):f} * {value:f} + {tolerance:f} = {decimal(limit):f}",
        terms=(
            Term("out", decimal(produced), unit, (stock,)),
            Term("in", decimal(used), factor.text("input_unit") or stock.text("unit"), (stock,)),
            Term("cf", str(value), "", (factor,)),
        ),
        window=(stock.first("from"), stock.last("to")),
        evidence=(stock, factor),
    )
