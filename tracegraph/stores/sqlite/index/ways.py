"""The legs as one direction takes them: for each node a run of entries, and how runs grow and lose entries in memory.

An entry is the node that a leg leads to, its cost, and whether it is confirmed, in one number: node << shift, cost << 1
and the lowest bit. Node 0 does not exist: an entry that leads there is a leg that was closed since the index was made.
"""

from __future__ import annotations

from bisect import bisect_left

import numpy as np

from tracegraph.stores.sqlite.index.arrays import Array, Arrays, DamagedIndex


class FullIndex(Exception):
    """There is no room left for what has been added since the index was made; the next one will have more."""


class Ways:
    """One direction. `spans` has for each node where its run ends and how many entries it has; `legs` gives the number
    of the leg of each entry, rising within a run."""

    def __init__(self, arrays: Arrays, direction: str, filled: int, shift: int) -> None:
        self.spans = arrays[f"{direction}_spans"]
        self.entries = arrays[f"{direction}_entries"]
        self.legs = arrays[f"{direction}_legs"]
        self.shift = shift
        self.flat_spans = self.spans.reshape(-1).data
        self._span_blocks = arrays.blocks(f"{direction}_spans")
        self._entry_blocks = arrays.blocks(f"{direction}_entries")
        self._leg_blocks = arrays.blocks(f"{direction}_legs")
        self._free = filled
        self._room: dict[int, int] = {}

    @property
    def nodes(self) -> int:
        """One more than the highest node number that there is room for."""
        return len(self.spans)

    @property
    def checked(self) -> bool:
        """Whether every block that a search reads is known to be whole."""
        return self._span_blocks.complete and self._entry_blocks.complete

    def hold(self, nodes: Array, legs: bool = False) -> None:
        """Make sure that where the legs of the nodes lead (`legs`: and which they are) is what was written."""
        if not self._span_blocks.hold(nodes):
            raise DamagedIndex("a run is not where it was")
        spans = self.spans.take(nodes, axis=0)
        ends, begins = spans[:, 0], spans[:, 0] - spans[:, 1]
        for blocks in (self._entry_blocks, self._leg_blocks) if legs else (self._entry_blocks,):
            if not blocks.hold_ranges(begins, ends):
                raise DamagedIndex("a run is not what it was")

    def places(self, nodes: Array) -> tuple[Array, Array]:
        """The places of the entries of the nodes, one run after the other, and how many each node has."""
        spans = self.spans.take(nodes, axis=0)
        counts = spans[:, 1]
        stops = counts.cumsum(dtype=np.int64)
        total = int(stops[-1]) if len(stops) else 0
        return (spans[:, 0] - stops).repeat(counts) + np.arange(total), counts

    def add(self, node: int, entry: int, leg: int) -> None:
        """Add a leg to the end of a run that was held."""
        end, count = self.flat_spans[2 * node], self.flat_spans[2 * node + 1]
        if end >= self._room.get(node, 0):
            end = self._move(node, end, count)
        self.entries[end] = entry
        self.legs[end] = leg
        self.flat_spans[2 * node], self.flat_spans[2 * node + 1] = end + 1, count + 1

    def close(self, node: int, leg: int) -> None:
        """Let a leg of a run that was held lead nowhere."""
        end, count = self.flat_spans[2 * node], self.flat_spans[2 * node + 1]
        place = bisect_left(self.legs.data, leg, end - count, end)
        if place == end or self.legs[place] != leg:
            raise DamagedIndex("a leg is not where it should be")
        self.entries[place] = 0

    def _move(self, node: int, end: int, count: int) -> int:
        """Copy a run to where it has room to grow by half; returns where it ends there."""
        if not self._room:
            self._check_room()
        new, self._free = self._free, self._free + count + count // 2 + 4
        if self._free > len(self.entries):
            raise FullIndex
        for column in (self.entries, self.legs):
            column[new : new + count] = column[end - count : end]
        self._room[node] = self._free
        return new + count

    def _check_room(self) -> None:
        """The last block with entries is checked before anything is written behind them."""
        last = np.array([self._free])
        if not (self._entry_blocks.hold(last) and self._leg_blocks.hold(last)):
            raise DamagedIndex("the last entries are not what they were")
