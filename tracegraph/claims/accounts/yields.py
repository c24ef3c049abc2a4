"""What came out of what went in, by stock statement, beside the conversion factor of the site.

Source: ISO 22095:2020, 6.8 and 6.9.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from tracegraph.claims.accounts.factors import factors_at, unit_ratio
from tracegraph.claims.row import Row
from tracegraph.claims.world import World
from tracegraph.model.instants import instant_text
from tracegraph.model.measures import decimal
from tracegraph.model.quantity import decimal_text
from tracegraph.model.values import value


@value
class Yield:
    """Of one stock statement: `used` in the unit of the factor's input, `produced` in that of its output."""

    factor: Row
    stock: Row
    used: Fraction
    produced: Fraction

    @property
    def ratio(self) -> Fraction:
        """Output for one of input."""
        return self.produced / self.used

    @property
    def drift(self) -> Fraction:
        """By which part of itself the yield is off the factor; negative: less came out."""
        return self.ratio / Fraction(self.factor.number("value") or 1) - 1

    def to_dict(self) -> dict[str, Any]:
        """One point of the yield over time, as people read it."""
        return {
            "factor": self.factor.id,
            "stock": self.stock.id,
            "from": instant_text(self.stock.first("from") or 0),
            "to": instant_text(self.stock.last("to") or 0),
            "value": decimal_text(self.factor.number("value") or decimal(Fraction(0))),
            "yield": decimal_text(decimal(self.ratio)),
            "drift": decimal_text(decimal(self.drift)),
        }


def factors_of(world: World, stock: Row) -> tuple[Row, ...]:
    """The factors by which a statement may be judged: of its site and product at its end."""
    return factors_at(world, stock.text("site"), stock.text("product"), stock.last("to") or 0, stock.text("input"))


def yield_of(factor: Row, stock: Row) -> Yield | None:
    """What a statement says of a factor; None where it does not say what was used and produced, in such units."""
    used, produced = flow(factor, stock, "used", "input_unit"), flow(factor, stock, "produced", "output_unit")
    return None if not used or produced is None else Yield(factor, stock, used, produced)


def flow(factor: Row, stock: Row, name: str, side: str) -> Fraction | None:
    """`used` or `produced` of a statement in the unit of that side of a factor."""
    own = (stock.text("input_unit") if side == "input_unit" else "") or stock.text("unit")
    quantity, ratio = stock.number(name), unit_ratio(own, factor.text(side) or own)
    return None if quantity is None or ratio is None else Fraction(quantity) * ratio


def yields(world: World, factor: Row) -> tuple[Yield, ...]:
    """The yields beside a factor in order of time."""
    stocks = sorted(world.by("stock", "product", factor.text("output")), key=lambda row: (row.last("to") or 0, row.id))
    found = (yield_of(factor, row) for row in stocks if factor in factors_of(world, row))
    return tuple(one for one in found if one is not None)


def factors(world: World) -> tuple[dict[str, Any], ...]:
    """The register of conversion factors by id: what each says, until when it holds, and the yields beside it."""
    names = (
        "site",
        "input",
        "output",
        "value",
        "input_unit",
        "output_unit",
        "side",
        "from",
        "to",
        "evidence",
        "checked",
    )
    return tuple(
        {
            "factor": row.id,
            **{name: row.data.get(name) for name in (*names, "tolerance")},
            "yields": [one.to_dict() for one in yields(world, row)],
        }
        for row in world.rows("factor")
    )
