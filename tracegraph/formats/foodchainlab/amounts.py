"""Amounts of deliveries: a number and a unit of measure that is known, where that is all the text says."""

from __future__ import annotations

from decimal import Decimal

from tracegraph.formats.tables.cells import Cell, UnreadableCell, amount
from tracegraph.model.measures import measures


def read_amount(text: str) -> tuple[Decimal, str] | None:
    """The number and the code of its unit (UN/ECE Rec 20); None where the text says something else, such as `2 pallets
    of 18.4 kg`, or a number that can be read in two ways, such as `1.250 kg`."""
    try:
        number, unit = amount(Cell(text))
    except UnreadableCell:
        return None
    return None if number is None or number < 0 or not unit or unit not in measures() else (number, unit)
