"""Which units are reached and how far away they are, from legs as columns: what a store without kernels needs."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tracegraph.stores.port import Direction, UnitReach


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a store's reach: the parameters of the port."""

    starts: Sequence[int]
    direction: Direction
    confirmed_only: bool
    at: int | None


@dataclass(frozen=True, slots=True)
class Steps:
    """Legs as columns of numbers: from where, to where, at which cost."""

    source: Iterable[int]
    target: Iterable[int]
    cost: Iterable[int]


def least_distances(starts: Iterable[int], steps: Steps, direction: Direction) -> dict[int, int]:
    """The least sum of costs from any start to each node: level by level, as costs are small whole numbers."""
    onward: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    tails, heads = (steps.source, steps.target) if direction == "forward" else (steps.target, steps.source)
    for tail, head, cost in zip(tails, heads, steps.cost, strict=True):
        onward[tail].append((head, cost))
    settled: dict[int, int] = {}
    levels: dict[int, list[int]] = {0: list(starts)}
    while levels:
        level = min(levels)
        pending = levels.pop(level)
        while pending:
            node = pending.pop()
            if node in settled:
                continue
            settled[node] = level
            for head, cost in onward.get(node, ()):
                (pending if cost == 0 else levels.setdefault(level + cost, [])).append(head)
    return settled


def nearest_units(distances: Mapping[int, int], units: Iterable[tuple[int, int]]) -> UnitReach:
    """The units of nodes, given as (node, unit), with the least distance of their nodes."""
    nearest: dict[int, int] = {}
    for node, unit in units:
        nearest[unit] = min(nearest.get(unit, distances[node]), distances[node])
    found = sorted(nearest)
    return UnitReach(memoryview(array("q", found)), memoryview(array("q", [nearest[unit] for unit in found])))
