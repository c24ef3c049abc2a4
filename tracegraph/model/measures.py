"""Units of measure: which amounts can be compared, and what one is in another unit of the same dimension.

Codes are those of UN/ECE Recommendation 20, as EPCIS uses them; dimensions and factors are data (measures.json), exact
by definition of the units. A code that is not among them is a dimension of its own: comparable with itself only.
"""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Context, Decimal
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any

from tracegraph.errors import UsageError
from tracegraph.model.quantity import Quantity
from tracegraph.model.values import value

#: Digits of amounts that are computed; what is captured keeps all of its own.
DIGITS = 50
EXACT = Context(prec=DIGITS)


@value
class Measure:
    """One unit of measure. An amount in it times `factor`, plus `zero`, is the amount in the base unit of the dimension
    (kilogram, cubic metre, piece, metre, square metre, second, joule, pascal, kelvin ...)."""

    code: str
    dimension: str
    factor: Fraction
    zero: Fraction = Fraction(0)


def measure(code: str) -> Measure:
    """The unit of measure of that code (empty: pieces)."""
    known = measures().get(code)
    return Measure(code, code, Fraction(1)) if known is None else known


def dimension(code: str) -> str:
    """Of what a unit of measure is one: `mass`, `volume`, `count`, ... or, of a code that is not known, the code."""
    return measure(code).dimension


def base_code(dimension: str) -> str:
    """The unit of measure in which amounts of a dimension are added; of a code that is not known, the code."""
    known = (one.code for one in measures().values() if one.dimension == dimension and one.factor == 1 and not one.zero)
    return next(known, dimension)


def convert(quantity: Quantity, code: str) -> Quantity:
    """The same amount in another unit of measure; an unknown value stays unknown. Exact where the result has a decimal
    of at most 50 digits, else rounded to 50. Raises UsageError where the two are of different dimensions."""
    return _converted(quantity, measure(quantity.unit), measure(code))


def convert_difference(quantity: Quantity, code: str) -> Quantity:
    """As `convert`, of the difference of two amounts: of temperatures, where their zeros are does not matter."""
    source, target = measure(quantity.unit), measure(code)
    return _converted(quantity, replace(source, zero=Fraction(0)), replace(target, zero=Fraction(0)))


def _converted(quantity: Quantity, source: Measure, target: Measure) -> Quantity:
    code = target.code
    if source.dimension != target.dimension:
        raise UsageError(
            f"{quantity.unit or 'pieces'} ({source.dimension}) cannot be converted to {code or 'pieces'} "
            f"({target.dimension}); give a unit of measure of {source.dimension}"
        )
    if quantity.value is None or source == target:
        return Quantity(quantity.value, code)
    amount = Fraction(quantity.value) * source.factor + source.zero
    return Quantity(decimal((amount - target.zero) / target.factor), code)


def in_base(quantity: Quantity) -> Fraction | None:
    """The amount in the base unit of its dimension, exactly (None: the value is not known)."""
    if quantity.value is None or not quantity.value.is_finite():
        return None
    known, stated = measure(quantity.unit), Fraction(quantity.value)
    return stated if known.factor == 1 and not known.zero else stated * known.factor + known.zero


def measured(quantity: Quantity | None) -> tuple[Fraction | None, str]:
    """What an amount of goods is in the base unit of its dimension, and the dimension; (None, "") where it is not
    known. A value below zero says nothing."""
    exact = None if quantity is None else in_base(quantity)
    if quantity is None or exact is None or exact < 0:
        return None, ""
    return exact, dimension(quantity.unit)


def compare(one: Quantity, other: Quantity) -> int | None:
    """-1, 0 or 1 as the first amount is less, equal or more; None where the two cannot be compared."""
    if dimension(one.unit) != dimension(other.unit):
        return None
    first, second = in_base(one), in_base(other)
    return None if first is None or second is None else (first > second) - (first < second)


def decimal(ratio: Fraction) -> Decimal:
    """A ratio as a decimal of at most 50 digits."""
    return EXACT.divide(Decimal(ratio.numerator), Decimal(ratio.denominator))


@cache
def measures() -> dict[str, Measure]:
    """The known units of measure by code."""
    text = files("tracegraph.model").joinpath("measures.json").read_text(encoding="utf-8")
    dimensions: dict[str, dict[str, Any]] = json.loads(text)["dimensions"]
    return {code: _measure(code, name, told) for name, codes in dimensions.items() for code, told in codes.items()}


def _measure(code: str, name: str, told: str | dict[str, str]) -> Measure:
    if isinstance(told, str):
        return Measure(code, name, Fraction(told))
    return Measure(code, name, Fraction(told["factor"]), Fraction(told["zero"]))
