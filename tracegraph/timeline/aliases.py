"""Several numbers of one unit (custody-graph section 3): relabelling the whole of a lot is an alias."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from tracegraph.model.facts import Alias


@dataclass(slots=True)
class Aliases:
    """Numbers that mean one unit. The representative is the number that is nobody's alias; of several, or in a circle,
    the smallest."""

    representative: dict[str, str] = field(default_factory=dict)
    groups: dict[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, statements: Iterable[Alias]) -> Aliases:
        """Join all statements; their order does not matter."""
        said = sorted({(alias.unit, alias.alias) for alias in statements if alias.unit != alias.alias})
        aliases = cls()
        for group in _components(said):
            named_as_alias = {alias for _, alias in said}
            first = min(group, key=lambda number: (number in named_as_alias, number))
            aliases.groups[first] = group
            aliases.representative.update(dict.fromkeys(group, first))
        return aliases

    def unit(self, number: str) -> str:
        """The representative of a number."""
        return self.representative.get(number, number)

    def units(self, numbers: Collection[str]) -> frozenset[str]:
        """The representatives of several numbers."""
        if not self.representative:
            return frozenset(numbers)
        return frozenset([self.representative.get(number, number) for number in numbers])

    def numbers(self, unit: str) -> frozenset[str]:
        """All numbers of the unit with this representative."""
        known = self.groups.get(unit)
        return frozenset((unit,)) if known is None else known


def _components(pairs: Iterable[tuple[str, str]]) -> list[frozenset[str]]:
    group_of: dict[str, set[str]] = {}
    for one, other in pairs:
        merged = group_of.get(one, {one}) | group_of.get(other, {other})
        for number in merged:
            group_of[number] = merged
    return sorted({frozenset(group) for group in group_of.values()}, key=min)
