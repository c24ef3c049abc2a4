"""Amounts as decimals that add up: what rounding cuts off goes to the amounts of which it cut off most."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from tracegraph.model.measures import EXACT
from tracegraph.trace.shares.mixtures import ZERO, added


def rounded(amounts: Sequence[Fraction], places: int) -> list[Decimal]:
    """The amounts with so many decimal places. They add up to their sum as it would be rounded alone; equal remainders
    are served in the order given."""
    one = 10**places
    parts = [divmod(amount.numerator * one, amount.denominator) for amount in amounts]
    steps = [whole for whole, _ in parts]
    missing = round(_sum(amounts) * one) - sum(steps)
    if missing:
        cut_off = [_more_first(rest, amount.denominator) for (_, rest), amount in zip(parts, amounts, strict=True)]
        for number in sorted(range(len(amounts)), key=cut_off.__getitem__)[:missing]:
            steps[number] += 1
    return [EXACT.divide(Decimal(step), Decimal(one)) for step in steps]


def _sum(amounts: Sequence[Fraction]) -> Fraction:
    """All of them; those of one denominator together first, which is quick, and leaves few."""
    numerators: dict[int, int] = defaultdict(int)
    for amount in amounts:
        numerators[amount.denominator] += amount.numerator
    return added([Fraction(above, below) for below, above in numerators.items()]) or ZERO


def _more_first(rest: int, denominator: int) -> tuple[float, Fraction | int]:
    """A key by which larger remainders come first. What looks the same as a float is compared exactly, which is slow
    where denominators have some hundred digits."""
    return -(rest / denominator), Fraction(-rest, denominator) if rest else 0
