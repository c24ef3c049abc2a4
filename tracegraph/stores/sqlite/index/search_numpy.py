"""The search for what is reached and how far it is, with numpy: wide frontiers as arrays, narrow ones node by node.

An array operation costs about a microsecond however small the array is, so a chain of ten thousand legs would cost
fifteen microseconds a leg; taken node by node it costs about one.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tracegraph.stores.sqlite.index.arrays import Array
from tracegraph.stores.sqlite.index.blocks import distinct
from tracegraph.stores.sqlite.index.scratch import Scratch
from tracegraph.stores.sqlite.index.ways import Ways

#: A frontier of at most this many nodes is followed node by node. Measured: docs/adr/004-trace-index.md.
NARROW = 24


def search(ways: Ways, starts: list[int], confirmed_only: bool, scratch: Scratch) -> tuple[Array, Array]:
    """The nodes that the starts reach, themselves included, nearest first, and the least distance of each.

    Starts outside the arrays are left out. Raises IndexError or ValueError where the arrays make no sense, in which
    case the scratch must be thrown away.
    """
    inside = [node for node in dict.fromkeys(starts) if 0 < node < ways.nodes]
    found = _Search(ways, confirmed_only, scratch)
    nodes, distances = found.run(inside)
    scratch.marks[nodes] = 0
    return nodes, distances


class _Search:
    """One search: levels of equal distance, and in each level rounds over the legs that cost nothing."""

    def __init__(self, ways: Ways, confirmed_only: bool, scratch: Scratch) -> None:
        self._spans = ways.spans
        self._entries = ways.entries
        self._flat_spans = ways.flat_spans
        self._flat_entries = ways.entries.data
        self._flat_marks = scratch.marks.data
        self._marks = scratch.marks
        self._scratch = scratch
        self._shift = ways.shift
        self._cost_mask = (1 << ways.shift) - 2
        self._confirmed_only = confirmed_only
        self._few: dict[int, list[int]] = {}
        self._many: dict[int, list[Array]] = {}
        self._parts: list[Array] = []
        self._part_distances: list[tuple[int, int]] = []
        self._single: list[int] = []
        self._single_distances: list[int] = []

    def run(self, starts: list[int]) -> tuple[Array, Array]:
        """Level after level."""
        self._few[0] = starts
        while self._few or self._many:
            distance = min(self._few.keys() | self._many.keys())
            few, many = self._few.pop(distance, []), self._many.pop(distance, None)
            if many is None and len(few) <= NARROW:
                self._level([node for node in few if self._is_new(node)], distance)
            else:
                self._wide_level(few, many or [], distance)
        self._flush()
        return self._together()

    def _wide_level(self, few: list[int], many: list[Array], distance: int) -> None:
        arrivals = [np.array(few, dtype=np.int64), *many] if few else many
        frontier = self._fresh(arrivals[0] if len(arrivals) == 1 else np.concatenate(arrivals))
        if len(frontier) <= NARROW:
            self._level(frontier.tolist(), distance)
        else:
            self._rounds(frontier, distance)

    def _rounds(self, frontier: Array, distance: int) -> None:
        """Follow a wide frontier; what narrows is followed node by node."""
        while len(frontier) > NARROW:
            self._flush()
            self._parts.append(frontier)
            self._part_distances.append((distance, len(frontier)))
            frontier = self._wide(frontier, distance)
        self._level(frontier.tolist(), distance)

    def _wide(self, frontier: Array, distance: int) -> Array:
        """One round with arrays: returns the new nodes at the same distance, and notes those that are further."""
        spans = self._spans.take(frontier, axis=0)
        counts = spans[:, 1]
        stops = counts.cumsum(dtype=np.int64)
        total = int(stops[-1])
        if total > len(self._entries):
            raise ValueError(total)
        places = (spans[:, 0] - stops).repeat(counts)
        places += self._scratch.ramp(total)
        places -= 1
        entries = self._entries.take(places)
        if self._confirmed_only:
            entries = entries[(entries & 1) != 0]
        targets: Array = entries >> self._shift
        unseen = self._marks.take(targets) == 0
        entries, targets = entries[unseen], targets[unseen]
        if not len(entries):
            return targets
        costs = entries & self._cost_mask
        free = costs == 0
        self._note_further(targets[~free], costs[~free], distance)
        return self._fresh(targets[free])

    def _note_further(self, targets: Array, costs: Array, distance: int) -> None:
        if not len(targets):
            return
        least, most = int(costs.min()), int(costs.max())
        if least == most:
            self._many.setdefault(distance + (least >> 1), []).append(targets)
            return
        for cost in distinct(costs).tolist():
            self._many.setdefault(distance + (cost >> 1), []).append(targets[costs == cost])

    def _fresh(self, nodes: Array) -> Array:
        """The nodes not seen before, each once, and now seen: of those that are equal the one stays whose mark is the
        last that was written."""
        new: Array = nodes[self._marks.take(nodes) == 0]
        ramp = self._scratch.ramp(len(new))
        self._marks[new] = ramp
        once: Array = new[self._marks.take(new) == ramp]
        return once

    def _is_new(self, node: int) -> bool:
        if self._flat_marks[node]:
            return False
        self._flat_marks[node] = 1
        return True

    def _level(self, pending: list[int], distance: int) -> None:
        """Node by node, until it gets wide. `pending` are nodes that have been marked."""
        spans, entries, marks = self._flat_spans, self._flat_entries, self._flat_marks
        shift, cost_mask, confirmed_only = self._shift, self._cost_mask, self._confirmed_only
        while pending:
            if len(pending) > NARROW:
                return self._rounds(np.array(pending, dtype=np.int64), distance)
            node = pending.pop()
            self._single.append(node)
            self._single_distances.append(distance)
            end = spans[2 * node]
            for entry in entries[end - spans[2 * node + 1] : end]:
                target = entry >> shift
                if marks[target] or (confirmed_only and not entry & 1):
                    continue
                cost = entry & cost_mask
                if cost:
                    self._few.setdefault(distance + (cost >> 1), []).append(target)
                else:
                    marks[target] = 1
                    pending.append(target)
        return None

    def _flush(self) -> None:
        """Put what was followed node by node behind what is there."""
        if self._single:
            self._parts.append(np.array(self._single, dtype=np.int64))
            self._part_distances += [(distance, 1) for distance in self._single_distances]
            self._single, self._single_distances = [], []

    def _together(self) -> tuple[Array, Array]:
        if not self._parts:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
        values, counts = np.array(self._part_distances, dtype=np.int64).T
        return np.concatenate(self._parts), values.repeat(counts)


def nearest_units(units: Array, nodes: Array, distances: Array) -> tuple[Array, Array]:
    """The units of the nodes, sorted, each with the least distance of its nodes; nodes without unit are left out."""
    keys = units.take(nodes).astype(np.int64)
    keys <<= 32
    keys |= distances
    keys.sort()
    keys = keys[keys.searchsorted(1 << 32) :]
    found = keys >> 32
    first = np.ones(len(found), dtype=np.bool_)
    np.not_equal(found[1:], found[:-1], out=first[1:])
    return found[first], keys[first] & 0xFFFFFFFF


def expand(ways: Ways, nodes: Array, confirmed_only: bool) -> tuple[Array, Array, Array]:
    """Every leg that leaves the nodes in this direction, but for closed ones: the node that it leaves, its entry, and
    the place of that."""
    places, counts = ways.places(nodes)
    here = nodes.repeat(counts)
    entries = ways.entries.take(places)
    wanted: Any = (entries & 1) != 0 if confirmed_only else (entries >> ways.shift) != 0
    return here[wanted], entries[wanted], places[wanted]
