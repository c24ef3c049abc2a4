"""Concentration: how much of a volume goes through how few.

Herfindahl-Hirschman index: the sum of the squared shares, 1 where one has everything, 1/n where n have the same. Its
reciprocal is the number of equal partners that would be as concentrated.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction


def herfindahl(volumes: Iterable[Fraction]) -> Fraction | None:
    """The index of the volumes, in whatever unit; those that are not above zero do not count, None where none is."""
    counted = [volume for volume in volumes if volume > 0]
    whole = sum(counted, Fraction(0))
    return sum((volume * volume for volume in counted), Fraction(0)) / (whole * whole) if counted else None
