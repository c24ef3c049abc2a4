"""The legs as one direction takes them: for each node a run of entries, and how runs grow and lose entries in memory.

An entry is the node that a leg leads to, its cost, and whether it is confirmed, in one number: node << shift, cost << 1
and the lowest bit. Node 0 does not exist: an entry that leads there is a leg that was closed since the index was made.
"""

from __future__ import annotations

import numpy as np

from tracegraph.stores.sqlite.index.arrays import Array, Arrays, DamagedIndex


class FullIndex(Exception):
    """There is no room left for what has been added since the index was made; the next one will have more."""


class Ways:
    """One direction. `spans` has for each node where its run ends and how many entries it has; `columns` are the arrays
    that run along with the entries; `rows` gives the leg row of each entry, rising within a run."""

    def __init__(self, arrays: Arrays, direction: str, columns: tuple[str, ...], filled: int, shift: int) -> None:
        self.spans = arrays[f"{direction}_spans"]
        self.entries = arrays[f"{direction}_entries"]
        self.shift = shift
        self.columns = [arrays[f"{direction}_{name}"] for name in columns]
        self._span_blocks = arrays.blocks(f"{direction}_spans")
        self._run_blocks = [arrays.blocks(f"{direction}_{name}") for name in ("entries", *columns)]
        self._free = filled
        self._room: dict[int, int] = {}
        self._nothing_beyond_is_checked = False

    @property
    def nodes(self) -> int:
        """One more than the highest node number that there is room for."""
        return len(self.spans)

    @property
    def checked(self) -> bool:
        """Whether every block that a search reads is known to be whole."""
        return self._span_blocks.complete and self._run_blocks[0].complete

    def hold(self, nodes: Array, columns: bool = False) -> None:
        """Make sure that all that is said of the nodes is what was written; `columns`: not only where the legs lead."""
        if not self._span_blocks.hold(nodes):
            raise DamagedIndex("a run is not where it was")
        spans = self.spans[nodes]
        ends, begins = spans[:, 0], spans[:, 0] - spans[:, 1]
        for blocks in self._run_blocks if columns else self._run_blocks[:1]:
            if not blocks.hold_ranges(begins, ends):
                raise DamagedIndex("a run is not what it was")

    def hold_columns(self, places: Array) -> None:
        """Make sure that what runs along with the entries at these places is what was written."""
        if not all(blocks.hold(places) for blocks in self._run_blocks[1:]):
            raise DamagedIndex("a leg is not what it was")

    def places(self, nodes: Array) -> tuple[Array, Array]:
        """The places of the entries of the nodes, one run after the other, and how many each node has."""
        spans = self.spans.take(nodes, axis=0)
        counts = spans[:, 1]
        stops = counts.cumsum(dtype=np.int64)
        total = int(stops[-1]) if len(stops) else 0
        return (spans[:, 0] - stops).repeat(counts) + np.arange(total), counts

    def run(self, node: int) -> tuple[int, int]:
        """Where the run of a node begins and ends."""
        end, count = self.spans[node].tolist()
        return end - count, end

    def add(self, node: int, entry: int, values: tuple[int, ...]) -> int:
        """Add a leg to the end of a run; returns its place."""
        begin, end = self.run(node)
        if end >= self._room.get(node, 0):
            begin, end = self._move(node, begin, end)
        self.entries[end] = entry
        for column, value in zip(self.columns, values, strict=True):
            column[end] = value
        self.spans[node] = (end + 1, end + 1 - begin)
        return end

    def _move(self, node: int, begin: int, end: int) -> tuple[int, int]:
        """Copy a run to where it has room to grow by half."""
        self._check_room()
        count = end - begin
        new, self._free = self._free, self._free + count + count // 2 + 4
        if self._free > len(self.entries):
            raise FullIndex
        for column in (self.entries, *self.columns):
            column[new : new + count] = column[begin:end]
        self._room[node] = self._free
        return new, new + count

    def _check_room(self) -> None:
        """The last block with entries is checked before anything is written behind them."""
        if not self._nothing_beyond_is_checked:
            last = np.array([self._free])
            if not all(blocks.hold(last) for blocks in self._run_blocks):
                raise DamagedIndex("the last entries are not what they were")
            self._nothing_beyond_is_checked = True
