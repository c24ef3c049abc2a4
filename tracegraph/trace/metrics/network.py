"""What holds a network together: nodes and links without which it falls apart, and the least that cuts ways off.

Pure functions over names. Depth-first search with the lowest place that each subtree reaches (Tarjan 1972; Hopcroft and
Tarjan 1973), without recursion, linear in the links; the smallest cut by as many ways without a common node as there
are (Menger 1927), one search for each.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

Neighbours = Mapping[str, Collection[str]]


class WeakPoint(NamedTuple):
    """A node without which what it joins falls into `parts`; `cut_off`: nodes outside the largest of them."""

    parts: int
    cut_off: int


class Bridge(NamedTuple):
    """A link without which its ends are no longer joined; `cut_off`: nodes on the smaller side."""

    one: str
    other: str
    cut_off: int


@dataclass(slots=True)
class _Search:
    """One search through a component. `place`: of each node in the order of discovery; `lowest`: that its subtree
    reaches; `size`: of the subtree; `split`: sizes of the subtrees that hang on a node alone."""

    place: dict[str, int] = field(default_factory=dict)
    lowest: dict[str, int] = field(default_factory=dict)
    parent: dict[str, str] = field(default_factory=dict)
    size: dict[str, int] = field(default_factory=dict)
    split: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def run(self, root: str, neighbours: Neighbours) -> None:
        """Discover everything that is joined to the root, and settle it from the leaves up."""
        for node in reversed(self._discovered(root, neighbours)):
            for other in neighbours[node]:
                if self.parent.get(other) == node:
                    self._settle(node, other)
                elif other != self.parent.get(node):
                    self.lowest[node] = min(self.lowest[node], self.place[other])

    def _discovered(self, root: str, neighbours: Neighbours) -> list[str]:
        order: list[str] = []
        pending = [(root, iter(sorted(neighbours[root])))]
        self._found(root, order)
        while pending:
            node, others = pending[-1]
            fresh = next((other for other in others if other not in self.place), None)
            if fresh is None:
                pending.pop()
                continue
            self.parent[fresh] = node
            self._found(fresh, order)
            pending.append((fresh, iter(sorted(neighbours[fresh]))))
        return order

    def _found(self, node: str, order: list[str]) -> None:
        self.place[node] = self.lowest[node] = len(self.place)
        self.size[node] = 1
        order.append(node)

    def _settle(self, node: str, child: str) -> None:
        self.size[node] += self.size[child]
        self.lowest[node] = min(self.lowest[node], self.lowest[child])
        if self.lowest[child] >= self.place[node]:
            self.split[node].append(self.size[child])


def weak_points(links: Iterable[tuple[str, str]]) -> tuple[dict[str, WeakPoint], list[Bridge]]:
    """The articulation points of an undirected network, and its bridges, both in the order of their names. Links from a
    node to itself and second ones between the same two say nothing."""
    neighbours: dict[str, set[str]] = defaultdict(set)
    for one, other in links:
        if one != other:
            neighbours[one].add(other)
            neighbours[other].add(one)
    points: dict[str, WeakPoint] = {}
    bridges: list[Bridge] = []
    seen: set[str] = set()
    for root in sorted(neighbours):
        if root not in seen:
            search = _Search()
            search.run(root, neighbours)
            seen |= search.place.keys()
            points |= _points(search)
            bridges += _bridges(search)
    return dict(sorted(points.items())), sorted(bridges)


def _points(search: _Search) -> dict[str, WeakPoint]:
    found = {}
    for node, sizes in search.split.items():
        above = len(search.place) - 1 - sum(sizes)
        parts = [*sizes, above] if above else sizes
        if len(parts) > 1:
            found[node] = WeakPoint(len(parts), sum(parts) - max(parts))
    return found


def _bridges(search: _Search) -> list[Bridge]:
    return [
        Bridge(min(node, parent), max(node, parent), min(search.size[node], len(search.place) - search.size[node]))
        for node, parent in search.parent.items()
        if search.lowest[node] > search.place[parent]
    ]


#: A node's two sides, between which a way passes it: once.
_Side = tuple[str, bool]
_START: _Side = ("", False)
_END: _Side = ("", True)


def smallest_cut(links: Iterable[tuple[str, str]], sources: Collection[str], last: Collection[str]) -> list[str]:
    """The fewest nodes without which no way leads from any of `sources` to any of the `last` nodes of ways; sources and
    last nodes count, for they can fail too. Of several such sets the one next to the sources; names in order."""
    ways = _Ways(defaultdict(set))
    for source in sources:
        ways.onward[_START].add((source, False))
    for one, other in links:
        ways.onward[one, True].add((other, False))
    for name in last:
        ways.onward[name, True].add(_END)
    while ways.add():
        pass
    behind = ways.found()
    return sorted({name for name, out in behind if not out and name and (name, True) not in behind})


@dataclass(slots=True)
class _Ways:
    """Ways that share no node. `onward`: links between sides of nodes; `used`: those that a way goes along; `passed`:
    nodes that one passes."""

    onward: Mapping[_Side, set[_Side]]
    used: set[tuple[_Side, _Side]] = field(default_factory=set)

    def add(self) -> bool:
        """Whether there was room for one more way; the others may give way for it."""
        found = self.found()
        if _END not in found:
            return False
        side = _END
        while side != _START:
            before = found[side]
            assert before is not None
            if (side, before) in self.used:
                self.used.discard((side, before))
            else:
                self.used.add((before, side))
            side = before
        return True

    def found(self) -> dict[_Side, _Side | None]:
        """What one more way can get to, and from where."""
        found: dict[_Side, _Side | None] = {_START: None}
        back: dict[_Side, list[_Side]] = defaultdict(list)
        for one, other in self.used:
            back[other].append(one)
        pending = deque([_START])
        while pending and _END not in found:
            side = pending.popleft()
            for other in sorted({*self._next(side), *back[side]}):
                if other not in found:
                    found[other] = side
                    pending.append(other)
        return found

    def _next(self, side: _Side) -> Iterable[_Side]:
        """Within a node once, between nodes as often as wanted."""
        name, out = side
        if side == _START or out:
            return self.onward.get(side, ())
        inside = (side, (name, True))
        return () if inside in self.used else ((name, True),)
