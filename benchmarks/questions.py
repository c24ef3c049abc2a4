"""Which questions are asked: starts drawn at random among all units, in classes by the size of the true answer."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from benchmarks.graph_rows import Graph, Numbers
from benchmarks.workspace import Size, sample

DIRECTIONS = ("forward", "backward")
#: Most units in an answer of each class.
CLASSES = {"up to 100 units": 100, "100 to 10,000 units": 10_000, "over 10,000 units": None}


@dataclass(frozen=True, slots=True)
class Asked:
    """One question with its true answer: the start's unit number and nodes, the direction, and the sorted units."""

    unit: int
    nodes: tuple[int, ...]
    direction: str
    answer: Numbers

    @property
    def size_class(self) -> str:
        """In which class it is."""
        return next(name for name, most in CLASSES.items() if most is None or len(self.answer) <= most)


class Neighbours:
    """Legs of one direction in compressed rows, and a breadth-first search with numpy: the true answers come from here,
    not from the product."""

    def __init__(self, graph: Graph, direction: str) -> None:
        here, there = (graph.source, graph.target) if direction == "forward" else (graph.target, graph.source)
        self._there = there[np.argsort(here, kind="stable")]
        self._first = np.concatenate(([0], np.cumsum(np.bincount(here, minlength=graph.nodes))))
        self._seen = np.zeros(graph.nodes, dtype=bool)
        self._graph = graph

    def reach(self, starts: tuple[int, ...]) -> Numbers:
        """The units at all nodes on some path from the starts, theirs included, sorted."""
        level = np.unique(np.array(starts, dtype=np.int64))
        levels = [level]
        self._seen[level] = True
        while len(level):
            first, counts = self._first[level], self._first[level + 1] - self._first[level]
            before = np.repeat(np.cumsum(counts) - counts, counts)
            found = self._there[np.repeat(first, counts) + np.arange(len(before)) - before]
            level = np.unique(found[~self._seen[found]])
            self._seen[level] = True
            levels.append(level)
        nodes = np.concatenate(levels)
        self._seen[nodes] = False
        return self._graph.units_of(nodes)


def draw(graph: Graph, size: Size) -> list[Asked]:
    """Questions in both directions, so many of each class as there should be, or as there are; none of which the
    answer is the start alone."""
    held: dict[int, list[int]] = defaultdict(list)
    candidates = set(sample(np.unique(graph.unit[graph.unit > 0]).tolist(), size.candidates))
    for node, unit in enumerate(graph.unit.tolist()):
        if unit in candidates:
            held[unit].append(node)
    asked: list[Asked] = []
    for direction in DIRECTIONS:
        neighbours = Neighbours(graph, direction)
        everything = [
            Asked(unit, tuple(held[unit]), direction, neighbours.reach(tuple(held[unit]))) for unit in sorted(held)
        ]
        for name in CLASSES:
            asked += sample(
                [one for one in everything if one.size_class == name and len(one.answer) > 1], size.per_class
            )
    return asked
