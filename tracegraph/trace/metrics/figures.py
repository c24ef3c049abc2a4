"""Numbers as they stand in an answer: amounts as decimals, ratios with 12 significant digits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

from tracegraph.model.measures import decimal
from tracegraph.timeline.steps import HOUR
from tracegraph.trace.envelope import Json, decimal_text

DIGITS = 12
_RATIO = Context(prec=DIGITS, rounding=ROUND_HALF_EVEN)


@dataclass(frozen=True, slots=True)
class Table:
    """What a metric says: one row for each thing, and figures of all of them together."""

    rows: list[Json]
    about: Json = field(default_factory=dict)


def amount(volume: Fraction | None) -> str | None:
    """A volume, exactly where a decimal can say it."""
    return None if volume is None else decimal_text(decimal(volume))


def ratio(part: Fraction | float | None) -> str | None:
    """A share, a mean or an index."""
    if part is None:
        return None
    if isinstance(part, float):
        return decimal_text(_RATIO.create_decimal_from_float(part))
    return decimal_text(_RATIO.divide(Decimal(part.numerator), Decimal(part.denominator)))


def hours_of(durations: Sequence[int], percent: int) -> str | None:
    """The hours that so many per cent of durations (microseconds, in order) do not exceed: nearest rank."""
    return ratio(Fraction(durations[-(-len(durations) * percent // 100) - 1], HOUR)) if durations else None


def share(part: Fraction, whole: Fraction) -> str | None:
    """A part of a whole; None of nothing."""
    return ratio(part / whole) if whole else None
