"""Amounts as numbers that can be added: floats in the base unit of a dimension."""

from __future__ import annotations

from functools import lru_cache
from math import nan
from typing import NamedTuple

from tracegraph.identifiers import product_of
from tracegraph.model.measures import dimension, in_base
from tracegraph.model.quantity import Quantity

COUNT = "count"


class Amount(NamedTuple):
    """`value` in the base unit of `dimension` (nan: unknown). Pieces are comparable where they are of one product, so
    the dimension of a count names it."""

    value: float = nan
    dimension: str = ""

    @property
    def known(self) -> bool:
        """Is there a number?"""
        return self.value == self.value


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
            found = self._measured[quantity] = _measured(quantity)
        return found if found.dimension != COUNT else Amount(found.value, _pieces_of(unit))


@lru_cache(maxsize=1 << 16)
def _pieces_of(unit: str) -> str:
    return f"{COUNT} of {product_of(unit) or unit}"


def _measured(quantity: Quantity) -> Amount:
    exact = in_base(quantity)
    if exact is None or exact < 0:
        return NOTHING_KNOWN
    try:
        return Amount(float(exact), dimension(quantity.unit))
    except OverflowError:
        return NOTHING_KNOWN
