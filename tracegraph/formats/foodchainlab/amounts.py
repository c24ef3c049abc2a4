"""Amounts as FoodChain-Lab's users write them: a number and a unit of measure, where that is all the text says."""

from __future__ import annotations

import re
from decimal import Decimal

#: Words for units of measure, in lower case, and their codes of UN/ECE Recommendation 20 (empty: pieces).
UNITS = {
    "kg": "KGM",
    "kilogram": "KGM",
    "g": "GRM",
    "gram": "GRM",
    "mg": "MGM",
    "t": "TNE",
    "tonne": "TNE",
    "l": "LTR",
    "litre": "LTR",
    "liter": "LTR",
    "ml": "MLT",
    "piece": "",
    "pieces": "",
}
_AMOUNT = re.compile(r"(\d{1,15}(?:\.\d{1,12})?)\s*([A-Za-z]+)", re.ASCII)


def read_amount(text: str) -> tuple[Decimal, str] | None:
    """The number and the code of its unit; None where the text says something else (`2 pallets 18.4 kg`)."""
    match = _AMOUNT.fullmatch(text.strip())
    code = UNITS.get(match[2].lower()) if match else None
    return None if match is None or code is None else (Decimal(match[1]), code)
