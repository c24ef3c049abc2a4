"""Amounts as decimals that add up: what rounding cuts off goes to the amounts of which it cut off most."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import floor

from tracegraph.model.measures import decimal


def rounded(amounts: Sequence[Fraction], places: int) -> list[Decimal]:
    """The amounts with so many decimal places. They add up to their sum as it would be rounded alone; equal remainders
    are served in the order given."""
    step = Fraction(1, 10**places)
    steps = [floor(amount / step) for amount in amounts]
    missing = round(sum(amounts, Fraction(0)) / step) - sum(steps)
    by_remainder = sorted(range(len(amounts)), key=lambda number: steps[number] - amounts[number] / step)
    for number in by_remainder[:missing]:
        steps[number] += 1
    return [decimal(number * step) for number in steps]
