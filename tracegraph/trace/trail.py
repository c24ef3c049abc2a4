"""What an answer lists, as a graph: the listed nodes of all directions together and the legs among them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from tracegraph.model.custody import Certainty, Holding, Joint
from tracegraph.stores.port import Direction, Legs
from tracegraph.trace.reach import Node, Reached, append_legs, select_legs


@dataclass
class Trail:
    """`nodes` by number; `distance` the least over the directions; `confirmed` in any of them; `sides` in which
    directions a node was reached; `frontier` the ids of holdings behind which there is more."""

    nodes: dict[int, Node]
    distance: dict[int, int]
    confirmed: set[int]
    sides: dict[int, frozenset[Direction]]
    starts: frozenset[int]
    legs: Legs
    frontier: frozenset[str] = frozenset()

    @classmethod
    def empty(cls) -> Trail:
        """Of an answer that lists no nodes."""
        return cls({}, {}, set(), {}, frozenset(), Legs())

    @cached_property
    def holdings(self) -> list[tuple[int, Holding]]:
        """The listed holdings with their numbers, nearest first, then by id."""
        found = [(number, node) for number, node in self.nodes.items() if isinstance(node, Holding)]
        found.sort(key=lambda pair: (self.distance[pair[0]], pair[1].id))
        return found

    @cached_property
    def joints(self) -> list[tuple[int, Joint]]:
        """The listed transformations with their numbers, nearest first, then by id."""
        found = [(number, node) for number, node in self.nodes.items() if isinstance(node, Joint)]
        found.sort(key=lambda pair: (self.distance[pair[0]], pair[1].id))
        return found

    @property
    def listed(self) -> list[tuple[int, Node]]:
        """The holdings, then the transformations."""
        return [*self.holdings, *self.joints]

    @cached_property
    def leg_order(self) -> list[int]:
        """The numbers of the legs by (instant, source id, target id, event, rule): the same on every store."""
        legs, nodes = self.legs, self.nodes

        def key(number: int) -> tuple[int, str, str, str, str]:
            ends = (nodes[legs.source[number]].id, nodes[legs.target[number]].id)
            return (legs.instant[number], *ends, legs.event[number], legs.rule[number])

        return sorted(range(len(legs.source)), key=key)

    def certainty(self, node: int) -> Certainty:
        """Of a listed node."""
        return Certainty.CONFIRMED if node in self.confirmed else Certainty.POSSIBLE


def trail_of(parts: Sequence[Reached], listed: Sequence[frozenset[int]], frontier: Iterable[str] = ()) -> Trail:
    """The listed nodes of each direction's reach as one graph."""
    nodes: dict[int, Node] = {}
    distance: dict[int, int] = {}
    confirmed: set[int] = set()
    sides: dict[int, frozenset[Direction]] = {}
    for part, shown in zip(parts, listed, strict=True):
        for node in shown:
            nodes[node] = part.nodes[node]
            distance[node] = min(distance.get(node, part.distance[node]), part.distance[node])
            sides[node] = sides.get(node, frozenset()) | {part.direction}
        confirmed |= part.confirmed & shown
    starts = frozenset().union(*(part.starts & shown for part, shown in zip(parts, listed, strict=True)))
    return Trail(nodes, distance, confirmed, sides, starts, _legs_among(parts, listed), frozenset(frontier))


def _legs_among(parts: Sequence[Reached], listed: Sequence[frozenset[int]]) -> Legs:
    """The legs between listed nodes of the same direction, each once."""
    found = Legs()
    for part, shown in zip(parts, listed, strict=True):
        source, target = part.legs.source, part.legs.target
        inside = [node_from in shown and node_to in shown for node_from, node_to in zip(source, target, strict=True)]
        append_legs(found, part.legs if all(inside) else select_legs(part.legs, inside.__getitem__))
    if len(parts) == 1:
        return found
    seen: set[tuple[int, int, str, str]] = set()

    def first(number: int) -> bool:
        key = (found.source[number], found.target[number], found.event[number], found.rule[number])
        new = key not in seen
        seen.add(key)
        return new

    return select_legs(found, first)
