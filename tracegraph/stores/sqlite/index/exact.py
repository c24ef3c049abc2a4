"""Amounts as whole numbers, which arrays can add exactly, and their dimensions as numbers."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

from tracegraph.model.measures import measure, measured
from tracegraph.model.quantity import Quantity
from tracegraph.stores.flow import INEXACT, LARGEST, NOT_KNOWN, SCALE

#: The dimension of pieces of anything; of pieces of something it is this and the number of what they are pieces of.
COUNT = "count"
PIECE, PIECES = 1, 1 << 32

_DECIMALS = 8

#: Different amounts that are remembered.
_REMEMBERED = 100_000

_POWERS: tuple[int, ...] = tuple(10**power for power in range(_DECIMALS, -1, -1))


class Dimensions:
    """Numbers of dimensions: 0 for none, 1 for pieces."""

    def __init__(self) -> None:
        self._numbers = {"": 0, COUNT: PIECE}
        self._known: dict[tuple[str | None, str], tuple[int, int]] = {}

    def told(self, value: str | None, unit: str) -> tuple[int, int]:
        """An amount as it is stored, as a whole number (or NOT_KNOWN, INEXACT) and the number of its dimension."""
        found = self._known.get((value, unit))
        if found is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            found = self._known[value, unit] = self._found(value, unit)
        return found

    def _found(self, value: str | None, unit: str) -> tuple[int, int]:
        plain = None if value is None else plain_number(value)
        top, bottom, dimension = _factor(unit)
        if plain is None or bottom == 0:
            return self._slowly(Quantity(None if value is None else Decimal(value), unit))
        whole, rest = divmod(plain * top, bottom)
        return INEXACT if rest or whole > LARGEST else whole, self._number(dimension)

    def _slowly(self, quantity: Quantity) -> tuple[int, int]:
        exact, dimension = measured(quantity)
        whole = None if exact is None else exact * SCALE
        if whole is None:
            return NOT_KNOWN, 0
        return (whole.numerator if whole.denominator == 1 and whole <= LARGEST else INEXACT), self._number(dimension)

    def _number(self, dimension: str) -> int:
        return self._numbers.setdefault(dimension, len(self._numbers))


def plain_number(text: str) -> int | None:
    """A decimal of few digits and without sign or exponent, times SCALE; None for any other, which takes longer."""
    whole, _, part = text.partition(".")
    digits = whole + part
    if len(part) > _DECIMALS or len(digits) > 30 or not (digits.isdigit() and digits.isascii()):
        return None
    return int(digits) * _POWERS[len(part)]


@cache
def _factor(unit: str) -> tuple[int, int, str]:
    """What turns amounts in a unit of measure into those of the base unit, as a ratio (bottom 0: a ratio does not, as
    of temperatures), and the dimension."""
    known = measure(unit)
    return known.factor.numerator, 0 if known.zero else known.factor.denominator, known.dimension
