"""By which hop each unit of a scope was reached: from which other unit, and by which event.

It is the last hop, from another unit, of the first of the paths that an answer would give (trace.paths): a shortest one
of confirmed legs where there is one, and of equals the first by the ids of what it leads through. As every step back
from there is on such a path too, no path has to be made: each unit costs the few steps to the unit before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from tracegraph.model.custody import Holding
from tracegraph.trace.distances import distances
from tracegraph.trace.paths import paths
from tracegraph.trace.reach import Reached

#: The unit and the event of a hop.
Way = tuple[str, str]


def ways_to_units(part: Reached) -> dict[str, Way]:
    """The way of each reached unit that is no start, by its key."""
    return _by_paths(part) if part.late.since else _by_steps(part)


def _by_paths(part: Reached) -> dict[str, Way]:
    """From whole paths: where some legs count from an instant on only, a step back is not enough to go by."""
    unit_of = {node.id: node.unit for node in part.nodes.values() if isinstance(node, Holding)}
    found = paths(part, frozenset(part.distance), 1, most_hops=2**63).found
    ways = {path["unit"]: last_from_another(path["hops"], path["unit"], unit_of) for path in found}
    return {unit: way for unit, way in ways.items() if way is not None}


def last_from_another(hops: Iterable[Mapping[str, str]], unit: str, unit_of: Mapping[str, str]) -> Way | None:
    """The last hop of a path that begins at a holding of another unit."""
    from_another = [(unit_of[hop["from"]], hop["event"]) for hop in hops if unit_of.get(hop["from"], unit) != unit]
    return from_another[-1] if from_another else None


def _by_steps(part: Reached) -> dict[str, Way]:
    """Step by step back from the nearest holding of each unit."""
    nodes = part.nodes
    certain = _Back(part, confirmed_only=True)
    every = _Back(part, confirmed_only=False)
    starting = {node.unit for number in part.starts if isinstance(node := nodes[number], Holding)}
    held: dict[str, list[int]] = defaultdict(list)
    for number in part.distance:
        if isinstance(node := nodes[number], Holding) and node.unit not in starting:
            held[node.unit].append(number)
    ways = {unit: certain.way_to(unit, held[unit]) or every.way_to(unit, held[unit]) for unit in sorted(held)}
    return {unit: way for unit, way in ways.items() if way is not None}


class _Back:
    """The legs into each node, with the distances along them alone."""

    def __init__(self, part: Reached, confirmed_only: bool) -> None:
        legs, self.part = part.legs, part
        wanted = [
            number
            for number, (source, target) in enumerate(zip(legs.source, legs.target, strict=True))
            if source in part.distance and target in part.distance and (legs.confirmed[number] or not confirmed_only)
        ]
        onward: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for number in wanted:
            onward[legs.source[number]].append((number, legs.target[number]))
        begin = [node for node in part.starts if not confirmed_only or node in part.confirmed]
        self.distance = distances(begin, onward, legs.cost)
        self.legs: dict[int, list[int]] = defaultdict(list)
        for number in wanted:
            if legs.source[number] in self.distance:
                self.legs[legs.target[number]].append(number)

    def way_to(self, unit: str, held: Iterable[int]) -> Way | None:
        """The hop by which a unit was reached; None where it was not, along these legs."""
        reached = [number for number in held if number in self.distance]
        for number in sorted(reached, key=lambda number: (self.distance[number], self.part.nodes[number].id)):
            if (way := self._from(unit, number)) is not None:
                return way
        return None

    def _from(self, unit: str, node: int) -> Way | None:
        legs, nodes = self.part.legs, self.part.nodes
        while node not in self.part.starts:
            leg = self._before(node, unit)
            if leg is None:
                return None
            node = legs.source[leg]
            if isinstance(before := nodes[node], Holding):
                return before.unit, legs.event[leg]
        return None

    def _before(self, node: int, unit: str) -> int | None:
        """The leg by which a shortest path comes to a node, from elsewhere than the unit itself."""
        legs, nodes = self.part.legs, self.part.nodes
        shortest = [
            number
            for number in self.legs[node]
            if self.distance[legs.source[number]] + legs.cost[number] == self.distance[node]
            and getattr(nodes[legs.source[number]], "unit", None) != unit
        ]
        if len(shortest) < 2:
            return shortest[0] if shortest else None
        return min(shortest, key=lambda one: (nodes[legs.source[one]].id, legs.event[one], legs.rule[one]))
