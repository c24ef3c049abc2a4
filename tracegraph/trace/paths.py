"""Shortest paths to reached units, on demand and at most so many: evidence, never the way in which reach is computed.

The search goes from a unit's holdings back to the starts, guided by the exact distances of the reach, so that every
step lies on a shortest way where it can. Among equals it goes deep first, which finds the wanted number without
looking at all of them. Only simple paths count; where cycles make it search in vain, it gives up after a fixed number
of steps.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, islice
from typing import Any

from tracegraph.model.custody import Certainty, Holding
from tracegraph.model.instants import instant_text
from tracegraph.trace.distances import Onward, distances
from tracegraph.trace.late import real
from tracegraph.trace.reach import Reached

#: Steps of a search for one unit: this many for each wanted path, and some for each listed node.
STEPS_FOR_PATH = 1_000
STEPS_FOR_NODE = 4

#: Hops of all paths of one answer: those to all units of a deep chain have half the square of its depth.
MOST_HOPS = 100_000


@dataclass(frozen=True, slots=True)
class _Partial:
    """A way from `node` to a unit's holding; `leg` leads from `node` to the next."""

    node: int
    leg: int
    further: _Partial | None


@dataclass(frozen=True, slots=True)
class Paths:
    """Paths as JSON values, and to how many units there are none, or too few, because they would have too many hops."""

    found: list[dict[str, Any]]
    left_out: int
    hops: int


def paths(part: Reached, listed: frozenset[int], wanted: int, most_hops: int = MOST_HOPS) -> Paths:
    """At most `wanted` paths to each listed unit that is no start, sorted by (unit, distance), in all of at most
    `most_hops` hops: to the first units all of them, to the others none.

    Confirmed paths come before others. Hops are in order from the start; `from` and `to` say where the goods went, so
    in a backward trace each hop leads into the one before it.
    """
    inside = _Searching(part, listed)
    starting = {node.unit for number in part.starts if isinstance(node := part.nodes[number], Holding)}
    by_unit: dict[str, list[int]] = {}
    for number in listed:
        node = part.nodes[number]
        if isinstance(node, Holding) and node.unit not in starting:
            by_unit.setdefault(node.unit, []).append(number)
    found: list[dict[str, Any]] = []
    hops = 0
    for number, unit in enumerate(sorted(by_unit)):
        more = inside.paths_to(unit, by_unit[unit], wanted)
        hops += sum(len(path["hops"]) for path in more)
        if hops > most_hops:
            return Paths(found, len(by_unit) - number, most_hops)
        found += more
    return Paths(found, 0, hops)


class _Searching:
    """What the searches for all units of one reach share."""

    def __init__(self, part: Reached, listed: frozenset[int]) -> None:
        self.part = part
        self.listed = listed
        self.starts = frozenset(part.late.starts(part.starts))
        self.every = _Ways(part, listed, confirmed_only=False)
        self.certain = _Ways(part, listed, confirmed_only=True)

    def paths_to(self, unit: str, targets: list[int], wanted: int) -> list[dict[str, Any]]:
        """Confirmed paths first, then as many others as are still wanted."""
        found: dict[tuple[int, ...], int] = {}
        for ways in (self.certain, self.every):
            for legs, length in islice(self._search(ways, unit, targets, wanted), wanted):
                if len(found) < wanted:
                    found.setdefault(legs, length)
        return [self._path(unit, legs, length) for legs, length in found.items()]

    def _search(self, ways: _Ways, unit: str, targets: list[int], wanted: int) -> Iterator[tuple[tuple[int, ...], int]]:
        """(leg numbers from the start on, distance) of simple paths, shortest first."""
        part, nodes = self.part, self.part.nodes
        order = count()
        heap: list[tuple[int, int, int, int, _Partial]] = []
        ends = (end for node in targets for end in (node, ~node) if end in ways.distance)
        for target in sorted(ends, key=lambda end: nodes[real(end)].id):
            heapq.heappush(heap, (ways.distance[target], 0, next(order), 0, _Partial(target, -1, None)))
        budget = STEPS_FOR_PATH * wanted + STEPS_FOR_NODE * len(self.listed)
        while heap and budget:
            budget -= 1
            _estimate, depth, _order, length, partial = heapq.heappop(heap)
            if partial.node in self.starts:
                yield _legs(partial), length
                continue
            for number, before in ways.back.get(partial.node, ()):
                node = nodes[real(before)]
                own = isinstance(node, Holding) and node.unit == unit
                if own or (ways.cyclic and _contains(partial, before)):
                    continue
                longer = length + part.legs.cost[number]
                guess = longer + ways.distance[before]
                heapq.heappush(heap, (guess, depth - 1, next(order), longer, _Partial(before, number, partial)))

    def _path(self, unit: str, numbers: tuple[int, ...], length: int) -> dict[str, Any]:
        certainty, hops = hops_json(self.part, numbers)
        return {"unit": unit, "distance": length, "certainty": certainty, "hops": hops}


def hops_json(part: Reached, numbers: Sequence[int]) -> tuple[str, list[dict[str, Any]]]:
    """The legs with these numbers as hops of a path, and the certainty of the whole path."""
    legs, nodes = part.legs, part.nodes
    hops = [
        {
            "from": nodes[legs.source[number]].id,
            "to": nodes[legs.target[number]].id,
            "event": legs.event[number],
            "rule": legs.rule[number],
            "certainty": Certainty.CONFIRMED.value if legs.confirmed[number] else Certainty.POSSIBLE.value,
            "instant": instant_text(legs.instant[number]),
        }
        for number in numbers
    ]
    sure = all(legs.confirmed[number] for number in numbers)
    return (Certainty.CONFIRMED if sure else Certainty.POSSIBLE).value, hops


class _Ways:
    """The legs among listed nodes, by the node at which the search leaves them, with distances along them alone."""

    def __init__(self, part: Reached, listed: frozenset[int], confirmed_only: bool) -> None:
        legs = part.legs
        ways: Onward = {}
        for tail, further in part.ways.items():
            if tail in listed:
                kept = [
                    (n, head) for n, head in further if head in listed and (legs.confirmed[n] or not confirmed_only)
                ]
                ways[tail] = kept
        ways = part.late.ways(ways, legs)
        begin = [node for node in part.starts & listed if not confirmed_only or node in part.confirmed]
        self.distance = distances(part.late.starts(begin), ways, legs.cost)
        self.back = self._backwards(part, ways)
        self.cyclic = _is_cyclic(ways, self.distance)

    def _backwards(self, part: Reached, ways: Onward) -> dict[int, list[tuple[int, int]]]:
        legs, nodes = part.legs, part.nodes
        back: dict[int, list[tuple[int, int]]] = {}
        for tail, further in ways.items():
            if tail in self.distance:
                for number, head in further:
                    back.setdefault(head, []).append((number, tail))
        for found in back.values():
            found.sort(key=lambda pair: (nodes[real(pair[1])].id, legs.event[pair[0]], legs.rule[pair[0]]))
        return back


def _legs(partial: _Partial) -> tuple[int, ...]:
    numbers: list[int] = []
    step: _Partial | None = partial
    while step is not None and step.further is not None:
        numbers.append(step.leg)
        step = step.further
    return tuple(numbers)


def _contains(partial: _Partial, node: int) -> bool:
    step: _Partial | None = partial
    while step is not None:
        if step.node == node:
            return True
        step = step.further
    return False


def _is_cyclic(ways: Onward, nodes: Mapping[int, int]) -> bool:
    """Whether taking away nodes that nothing leads to, again and again, leaves any."""
    entering: dict[int, int] = dict.fromkeys(nodes, 0)
    for node in nodes:
        for _number, head in ways.get(node, ()):
            entering[head] += 1
    free = [node for node, number in entering.items() if number == 0]
    left = len(entering)
    while free:
        left -= 1
        for _number, head in ways.get(free.pop(), ()):
            entering[head] -= 1
            if entering[head] == 0:
                free.append(head)
    return left > 0
