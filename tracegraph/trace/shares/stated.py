"""What holdings state of their amounts, as arrays, each different amount measured once."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tracegraph.model.custody import Holding
from tracegraph.model.quantity import Quantity
from tracegraph.trace.shares.amounts import COUNT, NOTHING_KNOWN, Amount, as_float, measured, pieces_of

Array = NDArray[Any]


class Stated:
    """`value` (nan: unknown), whether it is `known`, and the number of its `dimension` (0: none), for `count` nodes of
    which those at `ranks` are the holdings; `owners` has the number of each holding's unit among `units`."""

    def __init__(
        self, count: int, ranks: Array, holdings: Sequence[Holding], owners: Array, units: Sequence[str]
    ) -> None:
        self._numbers = {"": 0}
        self._amounts, codes = _measured([holding.quantity for holding in holdings])
        self._codes: Array = np.zeros(count, dtype=np.int64)
        self._codes[ranks] = codes
        self.value: Array = np.full(count, np.nan)
        self.value[ranks] = np.array([as_float(amount.value) for amount in self._amounts])[codes]
        self.known: Array = np.zeros(count, dtype=np.bool_)
        self.known[ranks] = np.array([amount.value is not None for amount in self._amounts])[codes]
        self.dimension: Array = np.zeros(count, dtype=np.int64)
        self.dimension[ranks] = self._dimensions(codes, owners, units)

    def exact(self, rank: int) -> Fraction | None:
        """The amount that the holding at a rank states."""
        return self._amounts[int(self._codes[rank])].value

    def alike(self, one: Array, other: Array) -> Array:
        """Whether the holdings at these ranks state the same amounts."""
        found: Array = self._codes[one] == self._codes[other]
        return found

    def number(self, name: str) -> int:
        """The number of a dimension."""
        return self._numbers.setdefault(name, len(self._numbers))

    def names(self) -> list[str]:
        """The dimensions by their numbers."""
        return list(self._numbers)

    def _dimensions(self, codes: Array, owners: Array, units: Sequence[str]) -> Array:
        found: Array = np.array([self.number(amount.dimension) for amount in self._amounts])[codes]
        pieces = found == self._numbers.get(COUNT, -1)
        counted = np.unique(owners[pieces])
        of_unit = np.zeros(len(units), dtype=np.int64)
        of_unit[counted] = [self.number(pieces_of(units[unit])) for unit in counted.tolist()]
        found[pieces] = of_unit[owners[pieces]]
        return found


def _measured(quantities: Sequence[Quantity | None]) -> tuple[list[Amount], Array]:
    """The different amounts, and the number of each quantity's. Quantities that are one object are looked up once."""
    objects = dict(zip(map(id, quantities), quantities, strict=True))
    numbers: dict[Quantity | None, int] = {}
    by_object = {one: numbers.setdefault(quantity, len(numbers)) for one, quantity in objects.items()}
    amounts = [NOTHING_KNOWN if quantity is None else measured(quantity) for quantity in numbers]
    codes = np.array([by_object[id(quantity)] for quantity in quantities], dtype=np.int64)
    return amounts, codes
