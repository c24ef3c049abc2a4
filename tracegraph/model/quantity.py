"""Amounts of goods: a Decimal and a unit of measure, or honestly unknown."""

from __future__ import annotations

from decimal import Decimal

from tracegraph.model.values import value


@value
class Quantity:
    """An amount. `value` None means that the records give no (sane) number; `unit` is a UN/ECE Rec 20 code, empty for a
    count of pieces (EPCIS: a quantity element without `uom` is a count)."""

    value: Decimal | None
    unit: str = ""

    @property
    def digits(self) -> str:
        """The value to the letter: 5 and 5.0 are the same amount, written otherwise."""
        return str(self.value)
