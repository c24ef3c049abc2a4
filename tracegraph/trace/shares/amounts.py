"""Amounts as numbers that can be added: exact, in the base unit of a dimension."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import nan
from typing import NamedTuple

from tracegraph.identifiers import product_of
from tracegraph.model import measures
from tracegraph.model.quantity import Quantity

COUNT = "count"


class Amount(NamedTuple):
    """`value` in the base unit of `dimension` (None: unknown). Pieces are comparable where they are of one product, so
    the dimension of a count names it."""

    value: Fraction | None = None
    dimension: str = ""


NOTHING_KNOWN = Amount()


class Amounts:
    """Makes amounts of quantities, each once."""

    def __init__(self) -> None:
        self._measured: dict[Quantity, Amount] = {}

    def of(self, quantity: Quantity | None, unit: str) -> Amount:
        """The amount that is stated of a unit's goods. Values below zero say nothing."""
        if quantity is None:
            return NOTHING_KNOWN
        found = self._measured.get(quantity)
        if found is None:
            found = self._measured[quantity] = measured(quantity)
        return found if found.dimension != COUNT else Amount(found.value, pieces_of(unit))


@lru_cache(maxsize=1 << 16)
def pieces_of(unit: str) -> str:
    """The dimension of pieces of a unit's goods."""
    return f"{COUNT} of {product_of(unit) or unit}"


@lru_cache(maxsize=1 << 16)
def measured(quantity: Quantity) -> Amount:
    """The amount, of which pieces are pieces of anything yet. A value below zero says nothing."""
    return Amount(*measures.measured(quantity))


def measured_in(name: str) -> str:
    """The dimension of measures.json for one of an amount: of pieces without what they are pieces of."""
    return COUNT if name.startswith(f"{COUNT} of ") else name


def as_float(exact: Fraction | None) -> float:
    """Near enough for shares; nan where it is not known, or beyond what a float can be."""
    try:
        return nan if exact is None else float(exact)
    except OverflowError:
        return nan
