"""Amounts as numbers that can be added: floats in the base unit of a dimension."""

from __future__ import annotations

from math import isfinite, nan
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
        self._known: dict[tuple[Quantity, str], Amount] = {}

    def of(self, quantity: Quantity | None, unit: str) -> Amount:
        """The amount that is stated of a unit's goods. Values below zero say nothing."""
        if quantity is None:
            return NOTHING_KNOWN
        found = self._known.get((quantity, unit))
        if found is None:
            found = self._known[quantity, unit] = _amount(quantity, unit)
        return found


def _amount(quantity: Quantity, unit: str) -> Amount:
    exact = in_base(quantity)
    if exact is None or exact < 0:
        return NOTHING_KNOWN
    try:
        value = float(exact)
    except OverflowError:
        return NOTHING_KNOWN
    measured = dimension(quantity.unit)
    named = f"{COUNT} of {product_of(unit) or unit}" if measured == COUNT else measured
    return Amount(value, named) if isfinite(value) else NOTHING_KNOWN
