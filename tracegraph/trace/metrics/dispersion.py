"""Batch dispersion and recall cost: what it costs that raw lots are spread over finished ones.

Dispersion as Dupuy and others (2005) count it: links between raw and finished lots. Recall cost as Dabbene and Gay
(2011) measure it: the finished product to be discarded where one raw lot is bad.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Dispersion:
    """`downward`: in how many finished lots each raw lot is; `upward`: how many raw lots are in each finished one;
    `cost`: the finished product to be discarded for each raw lot. `average`: of all raw lots alike; `weighted`: by
    their own amounts (None: there are none)."""

    downward: Mapping[str, int]
    upward: Mapping[str, int]
    cost: Mapping[str, Fraction]
    worst: Fraction
    average: Fraction | None
    weighted: Fraction | None

    @property
    def total(self) -> int:
        """All links."""
        return sum(self.downward.values())


def dispersion(
    inside: Mapping[str, Collection[str]], made: Mapping[str, Fraction], used: Mapping[str, Fraction]
) -> Dispersion:
    """`inside`: the finished lots that contain each raw lot; `made` and `used`: the amounts of finished and raw lots in
    one measure, those that are not known left out."""
    cost = {raw: sum((made.get(lot, ZERO) for lot in set(lots)), ZERO) for raw, lots in inside.items()}
    weight = sum((used.get(raw, ZERO) for raw in inside), ZERO)
    return Dispersion(
        {raw: len(set(lots)) for raw, lots in inside.items()},
        Counter(lot for lots in inside.values() for lot in set(lots)),
        cost,
        max(cost.values(), default=ZERO),
        sum(cost.values(), ZERO) / len(cost) if cost else None,
        sum((cost[raw] * used.get(raw, ZERO) for raw in cost), ZERO) / weight if weight else None,
    )
