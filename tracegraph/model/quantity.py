"""Amounts of goods: a Decimal and a unit of measure, or honestly unknown."""

from __future__ import annotations

from decimal import Decimal
from json.encoder import encode_basestring

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


def decimal_text(value: Decimal) -> str:
    """A decimal without exponent and without zeros at its end: equal numbers give equal text."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def amount_text(amount: Quantity | None) -> str:
    """A quantity as canonical JSON."""
    if amount is None:
        return "null"
    value = "null" if amount.value is None else f'"{decimal_text(amount.value)}"'
    return f'{{"value":{value},"unit":{encode_basestring(amount.unit)}}}'
