"""Shares as decimal text: 12 significant digits, bounds rounded outward.

A bound that is a number of 12 digits but for the last places of floating-point arithmetic is that number.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal

from tracegraph.trace.envelope import decimal_text

DIGITS = 12
#: What rounding inside the computation can have done to a share.
SLACK = 1e-13

_NEAREST = Context(prec=DIGITS, rounding=ROUND_HALF_EVEN)
_DOWN = Context(prec=DIGITS, rounding=ROUND_FLOOR)
_UP = Context(prec=DIGITS, rounding=ROUND_CEILING)


def nearest(share: float) -> str:
    """The share itself."""
    return _text(_NEAREST.create_decimal_from_float(share))


def below(share: float) -> str:
    """A lower bound; 0 where it is not above the noise of the computation."""
    close = _NEAREST.create_decimal_from_float(share)
    if share <= SLACK:
        return "0"
    return _text(close if float(close) <= share + SLACK else _DOWN.create_decimal_from_float(share))


def above(share: float) -> str:
    """An upper bound."""
    close = _NEAREST.create_decimal_from_float(share)
    return _text(close if float(close) >= share - SLACK else _UP.create_decimal_from_float(share))


def _text(share: Decimal) -> str:
    return decimal_text(min(max(share, Decimal(0)), Decimal(1)))
