"""The same search, compiled (extra `fast`). Loading it costs about a second, so only processes that live long use it.

It follows costs of 0 and 1, which are all that the timeline gives.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np

from tracegraph.stores.sqlite.index.arrays import Array
from tracegraph.stores.sqlite.index.scratch import Scratch
from tracegraph.stores.sqlite.index.ways import Ways

#: Bits below the node number in entries of which no cost is above 1.
SHIFT = 2

SETTLED = 1
WAITING = 2


def search(ways: Ways, starts: list[int], confirmed_only: bool, scratch: Scratch) -> tuple[Array, Array]:
    """What search_numpy.search answers. Raises ValueError where the arrays make no sense, in which case the scratch
    must be thrown away."""
    nodes, distances, later = scratch.lists()
    inside = np.array([node for node in starts if 0 < node < ways.nodes], dtype=np.int64)
    lists = (scratch.marks, nodes, distances, later)
    count = _compiled()(ways.spans, ways.entries, inside, confirmed_only, *lists)
    if count < 0:
        raise ValueError("a leg leads outside the arrays")
    return nodes[:count].copy(), distances[:count].copy()


@cache
def _compiled() -> Callable[..., int]:
    """The function below in machine code, kept on the disk between processes where that can be written."""
    from numba import njit

    compiled: Callable[..., int] = njit(cache=True, nogil=True)(_follow)
    return compiled


def _follow(
    spans: Array,
    entries: Array,
    starts: Array,
    confirmed_only: bool,
    marks: Array,
    nodes: Array,
    distances: Array,
    later: Array,
) -> int:
    """Level after level of equal distance; returns how many nodes were reached, -1 for nonsense."""
    reached = followed = waiting = distance = 0
    for start in starts:
        if marks[start] == 0:
            marks[start] = SETTLED
            nodes[reached], distances[reached] = start, 0
            reached += 1
    while True:
        while followed < reached:
            node = nodes[followed]
            followed += 1
            end = spans[node, 0]
            begin = end - spans[node, 1]
            if begin < 0 or end > len(entries):
                return -1
            for place in range(begin, end):
                entry = entries[place]
                if confirmed_only and not entry & 1:
                    continue
                target = entry >> SHIFT
                if target < 0 or target >= len(marks):
                    return -1
                if marks[target] == SETTLED:
                    continue
                if not entry & 2:
                    marks[target] = SETTLED
                    nodes[reached], distances[reached] = target, distance
                    reached += 1
                elif marks[target] == 0:
                    marks[target] = WAITING
                    later[waiting] = target
                    waiting += 1
        if waiting == 0:
            break
        distance += 1
        for number in range(waiting):
            node = later[number]
            if marks[node] == WAITING:
                marks[node] = SETTLED
                nodes[reached], distances[reached] = node, distance
                reached += 1
        waiting = 0
    for number in range(reached):
        marks[nodes[number]] = 0
    return reached
