"""By which hop each unit of a scope was reached: from which other unit, and by which event.

It is the last hop, from another unit, of the first of the paths that an answer would give (trace.paths): a shortest one
of confirmed legs where there is one, and of equals the first by the ids of what it leads through. As every step back
from there is on such a path too, no path has to be made: each unit costs the few steps to the unit before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from tracegraph.model.custody import Holding
from tracegraph.trace.distances import Onward, distances, onward
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
    nodes, into = part.nodes, onward(part.legs, "backward")
    confirmed = part.legs.confirmed
    certain_ways = {tail: [way for way in ways if confirmed[way[0]]] for tail, ways in part.ways.items()}
    certain_starts = [node for node in part.starts if node in part.confirmed]
    certain = _Back(part, into, distances(certain_starts, certain_ways, part.legs.cost), confirmed)
    every = _Back(part, into, part.distance)
    starting = {node.unit for number in part.starts if isinstance(node := nodes[number], Holding)}
    held: dict[str, list[int]] = defaultdict(list)
    for number in part.distance:
        if isinstance(node := nodes[number], Holding) and node.unit not in starting:
            held[node.unit].append(number)
    ways = {unit: certain.way_to(unit, held[unit]) or every.way_to(unit, held[unit]) for unit in sorted(held)}
    return {unit: way for unit, way in ways.items() if way is not None}


class _Back:
    """The legs into each node (those that are `kept`: None: all), with the distances along them alone."""

    def __init__(
        self, part: Reached, into: Onward, distance: Mapping[int, int], kept: Sequence[bool] | None = None
    ) -> None:
        self.part, self.into, self.distance, self.kept = part, into, distance, kept

    def way_to(self, unit: str, held: Iterable[int]) -> Way | None:
        """The hop by which a unit was reached; None where it was not, along these legs."""
        reached = [number for number in held if number in self.distance]
        if len(reached) > 1:
            reached.sort(key=lambda number: (self.distance[number], self.part.nodes[number].id))
        for number in reached:
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
        legs, nodes, distance = self.part.legs, self.part.nodes, self.distance
        shortest = [
            number
            for number, before in self.into.get(node, ())
            if (self.kept is None or self.kept[number])
            and before in distance
            and distance[before] + legs.cost[number] == distance[node]
            and getattr(nodes[before], "unit", None) != unit
        ]
        if len(shortest) < 2:
            return shortest[0] if shortest else None
        return min(shortest, key=lambda one: (nodes[legs.source[one]].id, legs.event[one], legs.rule[one]))
