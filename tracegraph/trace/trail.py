"""What an answer lists, as a graph: the listed nodes of all directions together and the legs among them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from operator import itemgetter
from typing import TypeVar

from tracegraph.model.custody import Certainty, Holding, Joint
from tracegraph.stores.port import Direction, Legs, UnitRow
from tracegraph.trace.distances import descendants, finishing_order, onward
from tracegraph.trace.reach import Node, Reached, append_legs, select_legs

SomeNode = TypeVar("SomeNode", Holding, Joint)


@dataclass
class Trail:
    """`nodes` by number; `distance` the least over the directions; `confirmed` in any of them; `sides` in which
    directions a node was reached; `frontier` the ids of holdings behind which there is more; `units` rows of units that
    were read with the nodes."""

    nodes: dict[int, Node]
    distance: dict[int, int]
    confirmed: set[int]
    sides: dict[int, frozenset[Direction]]
    starts: frozenset[int]
    legs: Legs
    frontier: frozenset[str] = frozenset()
    units: dict[str, UnitRow] = field(default_factory=dict)

    @classmethod
    def empty(cls) -> Trail:
        """Of an answer that lists no nodes."""
        return cls({}, {}, set(), {}, frozenset(), Legs())

    @cached_property
    def holdings(self) -> list[tuple[int, Holding]]:
        """The listed holdings with their numbers, nearest first, then by id."""
        return self._nearest_first(Holding)

    @cached_property
    def joints(self) -> list[tuple[int, Joint]]:
        """The listed transformations with their numbers, nearest first, then by id."""
        return self._nearest_first(Joint)

    def _nearest_first(self, kind: type[SomeNode]) -> list[tuple[int, SomeNode]]:
        """The nodes of one kind by (distance, id): sorted by id, then by distance, which keeps the order of equals."""
        named = [(node.id, number, node) for number, node in self.nodes.items() if isinstance(node, kind)]
        named.sort(key=itemgetter(0))
        levels: dict[int, list[tuple[int, SomeNode]]] = defaultdict(list)
        for _, number, node in named:
            levels[self.distance[number]].append((number, node))
        return list(chain.from_iterable(levels[level] for level in sorted(levels)))

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
    legs = _legs_among(parts, listed)
    if len(parts) == 1 and len(listed[0]) == len(parts[0].distance):
        return _whole(parts[0], legs, frozenset(frontier))
    trail = Trail({}, {}, set(), {}, frozenset(), legs, frozenset(frontier))
    for part, shown in zip(parts, listed, strict=True):
        _add(trail, part, shown)
    return trail


def _whole(part: Reached, legs: Legs, frontier: frozenset[str]) -> Trail:
    """All of one direction, of which nothing has to be copied."""
    sides = dict.fromkeys(part.distance, frozenset((part.direction,)))
    return Trail(part.nodes, part.distance, part.confirmed, sides, part.starts, legs, frontier, part.units)


def _add(trail: Trail, part: Reached, shown: frozenset[int]) -> None:
    """Take over the listed nodes of one direction."""
    one_side: frozenset[Direction] = frozenset((part.direction,))
    for node in shown & trail.distance.keys():
        trail.distance[node] = min(trail.distance[node], part.distance[node])
        trail.sides[node] |= one_side
    new = shown - trail.distance.keys()
    trail.distance.update((node, part.distance[node]) for node in new)
    trail.nodes.update((node, part.nodes[node]) for node in new)
    trail.sides.update(dict.fromkeys(new, one_side))
    trail.confirmed |= part.confirmed & shown
    trail.starts |= part.starts & shown
    trail.units.update(part.units)


def _legs_among(parts: Sequence[Reached], listed: Sequence[frozenset[int]]) -> Legs:
    """The legs between listed nodes of the same direction, each once."""
    if len(parts) == 1:
        return _inside(parts[0].legs, listed[0])
    found = Legs()
    for part, shown in zip(parts, listed, strict=True):
        append_legs(found, _inside(part.legs, shown))
    seen: set[tuple[int, int, str, str]] = set()

    def first(number: int) -> bool:
        key = (found.source[number], found.target[number], found.event[number], found.rule[number])
        new = key not in seen
        seen.add(key)
        return new

    return select_legs(found, first)


def _inside(legs: Legs, shown: frozenset[int]) -> Legs:
    """The legs between the nodes: all of them, as a rule."""
    if shown.issuperset(legs.source) and shown.issuperset(legs.target):
        return legs
    inside = [source in shown and target in shown for source, target in zip(legs.source, legs.target, strict=True)]
    return select_legs(legs, inside.__getitem__)


def source_nodes(trail: Trail) -> list[int]:
    """Nodes without an incoming leg; and where goods go round in a circle without one, its earliest node."""
    entered = set(trail.legs.target)
    found = [number for number in trail.nodes if number not in entered and trail.nodes[number].id not in trail.frontier]
    ways, back = onward(trail.legs, "forward"), onward(trail.legs, "backward")
    cut = [number for number in trail.nodes if trail.nodes[number].id in trail.frontier]
    covered = descendants([*found, *cut], ways)
    circling = [
        number for number in trail.nodes if number not in covered and trail.nodes[number].id not in trail.frontier
    ]
    for number in reversed(finishing_order(sorted(circling, key=lambda number: trail.nodes[number].id), ways)):
        if number not in covered:
            circle = descendants([number], back)
            found.append(min(circle, key=lambda member: (began(trail, member), trail.nodes[member].id)))
            covered |= descendants([number], ways)
    return found


def began(trail: Trail, number: int) -> int:
    """When a node began."""
    node = trail.nodes[number]
    return node.instant if isinstance(node, Joint) else node.since
