"""A generation of the index in memory, brought forward to what is known now: legs that were added and legs that were
closed since it was made are written into this process's own copy of the touched pages, so a search sees one graph."""

from __future__ import annotations

import sqlite3
from bisect import bisect_left
from pathlib import Path
from typing import Any

import numpy as np

from tracegraph.stores.port import Direction
from tracegraph.stores.sqlite.index.arrays import Array, Arrays, DamagedIndex
from tracegraph.stores.sqlite.index.held import Held
from tracegraph.stores.sqlite.index.manifest import Manifest
from tracegraph.stores.sqlite.index.rows import last_rows, read_closed_legs, read_new_legs, read_nodes
from tracegraph.stores.sqlite.index.ways import FullIndex, Ways

Row = tuple[int, ...]

#: What is kept of each leg, besides where it leads.
TOLD = ("event", "rule", "instant")


class Network:
    """What the store knows at `position`, as arrays. Not safe for use by two threads at once.

    `units`: for each node number the number of its unit, 0 for a transformation, -1 for what is only named.
    `held`: what the store said of holdings when the index was made, which is not brought forward.
    """

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        arrays = Arrays(folder, manifest)
        self.manifest = manifest
        self.position = manifest.position
        self.forward = Ways(arrays, "forward", manifest.legs, manifest.shift)
        self.backward = Ways(arrays, "backward", manifest.legs, manifest.shift)
        self.units: Array = arrays["units"]
        self.held = Held(arrays)
        self.repeats = manifest.repeats
        self._told = {name: (arrays[name], arrays.blocks(name)) for name in TOLD}
        self._rows, self._row_blocks = arrays["row"], arrays.blocks("row")
        self._unit_blocks = arrays.blocks("units")
        self._legs = manifest.legs
        self._last_leg = manifest.last_leg
        self._last_node = manifest.last_node

    def ways(self, direction: Direction) -> Ways:
        """The legs as a direction takes them."""
        return self.forward if direction == "forward" else self.backward

    def hold_units(self, nodes: Array) -> None:
        """Make sure that the units of the nodes are what was written."""
        if not self._unit_blocks.hold(nodes):
            raise DamagedIndex("a unit is not what it was")

    def told(self, name: str, legs: Array) -> Array:
        """What is told of the legs: numbers of their events or rules, or instants."""
        column, blocks = self._told[name]
        if not blocks.hold(legs):
            raise DamagedIndex(f"the {name} of a leg is not what it was")
        found: Array = column.take(legs)
        return found

    def column(self, name: str) -> Array:
        """The whole column of what is told of legs; who reads it must ask `told` for the same legs afterwards."""
        return self._told[name][0]

    def pending(self, connection: sqlite3.Connection) -> int:
        """About how many rows have been added since: what bringing it forward would have to read."""
        leg, node = last_rows(connection)
        return (leg - self._last_leg) + (node - self._last_node)

    def advance(self, connection: sqlite3.Connection, position: int) -> None:
        """Bring it forward to a position that the connection's state has. Raises FullIndex or DamagedIndex; it cannot
        be used any more then."""
        added = read_new_legs(connection, self._last_leg, position)
        closed = read_closed_legs(connection, self.position, position, self._last_leg)
        for page in read_nodes(connection, self._last_node):
            self._add_units(page)
        self._hold_ends([row[1:3] for row in (*added, *closed)])
        self._close(closed)
        self._add(added)
        self.position = position

    def _add_units(self, page: list[Any]) -> None:
        nodes, units = np.array(page, dtype=np.int64).T
        if nodes.max() >= len(self.units) or nodes.min() < 1 or units.max() > np.iinfo(self.units.dtype).max:
            raise FullIndex
        self.hold_units(nodes)
        self.units[nodes] = units
        self._last_node = int(nodes[-1])

    def _hold_ends(self, ends: list[Row]) -> None:
        """All runs that are about to change are checked before they do."""
        if not ends:
            return
        source, target = np.array(ends, dtype=np.int64).T
        if max(source.max(), target.max()) >= self.forward.nodes or min(source.min(), target.min()) < 1:
            raise FullIndex
        self.forward.hold(source, legs=True)
        self.backward.hold(target, legs=True)

    def _close(self, closed: list[Any]) -> None:
        """Let the legs lead nowhere, in both directions. All of them were there."""
        rows = self._rows.data
        legs = [bisect_left(rows, row, 0, self._legs) for row, _, _ in closed]
        if not self._row_blocks.hold(np.array(legs, dtype=np.int64)):
            raise DamagedIndex("the row of a leg is not what it was")
        for leg, (row, source, target) in zip(legs, closed, strict=True):
            if leg == self._legs or rows[leg] != row:
                raise DamagedIndex(f"the leg in row {row} is not where it should be")
            self.forward.close(source, leg)
            self.backward.close(target, leg)

    def _add(self, added: list[Any]) -> None:
        if not added:
            return
        first, count = self._legs, len(added)
        if first + count > len(self._rows):
            raise FullIndex
        row, source, target, event, rule, confirmed, cost, instant = np.array(added, dtype=np.int64).T
        low = cost << 1 | confirmed
        if low.min() < 0 or low.max() >> self.manifest.shift or max(event.max(), rule.max()) > np.iinfo(np.int32).max:
            raise FullIndex
        for name, values in (("event", event), ("rule", rule), ("instant", instant)):
            self._append(*self._told[name], values)
        self._append(self._rows, self._row_blocks, row)
        for ways, here, there in ((self.forward, source, target), (self.backward, target, source)):
            entries = there << ways.shift | low
            for number, (node, entry) in enumerate(zip(here.tolist(), entries.tolist(), strict=True), first):
                ways.add(node, entry, number)
        self._legs += count
        self._last_leg = int(row[-1])
        self.repeats = True

    def _append(self, column: Array, blocks: Any, values: Array) -> None:
        """Write behind what is there, of which the last block is checked before."""
        if not blocks.hold(np.array([self._legs])):
            raise DamagedIndex("the last legs are not what they were")
        column[self._legs : self._legs + len(values)] = values
