"""A generation of the index in memory, brought forward to what is known now: legs that were added and legs that were
closed since it was made are written into this process's own copy of the touched pages, so a search sees one graph."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from tracegraph.stores.port import Direction
from tracegraph.stores.sqlite.index.arrays import Array, Arrays, DamagedIndex
from tracegraph.stores.sqlite.index.manifest import Manifest
from tracegraph.stores.sqlite.index.rows import last_rows, read_closed_legs, read_new_holders, read_new_legs
from tracegraph.stores.sqlite.index.ways import FullIndex, Ways

#: The arrays that run along with the entries of each direction.
FORWARD_COLUMNS = ("event", "rule", "instant", "row")
BACKWARD_COLUMNS = ("leg",)

Row = tuple[int, ...]


class Network:
    """What the store knows at `position`, as arrays. Not safe for use by two threads at once.

    `units`: for each node number the number of its unit, 0 for a transformation.
    """

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        arrays = Arrays(folder, manifest)
        self.manifest = manifest
        self.position = manifest.position
        self.forward = Ways(arrays, "forward", FORWARD_COLUMNS, manifest.legs, manifest.shift)
        self.backward = Ways(arrays, "backward", BACKWARD_COLUMNS, manifest.legs, manifest.shift)
        self.units: Array = arrays["units"]
        self.repeats = manifest.repeats
        self.closed = 0
        self._unit_blocks = arrays.blocks("units")
        self._last_leg = manifest.last_leg
        self._last_holding = manifest.last_holding

    def ways(self, direction: Direction) -> Ways:
        """The legs as a direction takes them."""
        return self.forward if direction == "forward" else self.backward

    def hold_units(self, nodes: Array) -> None:
        """Make sure that the units of the nodes are what was written."""
        if not self._unit_blocks.hold(nodes):
            raise DamagedIndex("a unit is not what it was")

    def pending(self, connection: sqlite3.Connection) -> int:
        """About how many rows have been added since: what bringing it forward would have to read."""
        leg, holding = last_rows(connection)
        return (leg - self._last_leg) + (holding - self._last_holding)

    def advance(self, connection: sqlite3.Connection, position: int) -> None:
        """Bring it forward to a position that the connection's state has. Raises FullIndex or DamagedIndex; it cannot
        be used any more then."""
        added = read_new_legs(connection, self._last_leg, position)
        closed = read_closed_legs(connection, self.position, position, self._last_leg)
        self._add_units(read_new_holders(connection, self._last_holding))
        self._hold_ends([row[1:3] for row in (*added, *closed)])
        for row, source, target in closed:
            self._close(row, source, target)
        for row in added:
            self._add(row)
        self.closed += len(closed)
        self.repeats = self.repeats or bool(added)
        self._last_leg = max([self._last_leg, *(row[0] for row in added)])
        self.position = position

    def _add_units(self, holders: list[Any]) -> None:
        if not holders:
            return
        _rows, nodes, units = np.array(holders, dtype=np.int64).T
        if nodes.max() >= len(self.units) or nodes.min() < 1 or units.max() > np.iinfo(self.units.dtype).max:
            raise FullIndex
        self.hold_units(nodes)
        self.units[nodes] = units
        self._last_holding = int(holders[-1][0])

    def _hold_ends(self, ends: Iterable[Row]) -> None:
        """All runs that are about to change are checked before they do."""
        pairs = np.array(list(ends), dtype=np.int64).reshape(-1, 2)
        if not len(pairs):
            return
        if pairs.max() >= self.forward.nodes or pairs.min() < 1:
            raise FullIndex
        self.forward.hold(np.unique(pairs[:, 0]), columns=True)
        self.backward.hold(np.unique(pairs[:, 1]), columns=True)

    def _add(self, leg: Row) -> None:
        row, source, target, event, rule, confirmed, cost, instant = leg
        low = cost << 1 | confirmed
        if low >> self.forward.shift or cost < 0:
            raise FullIndex
        place = self.forward.add(source, target << self.forward.shift | low, (event, rule, instant, row))
        self.backward.add(target, source << self.backward.shift | low, (place,))

    def _close(self, row: int, source: int, target: int) -> None:
        """Let the leg lead nowhere, in both directions."""
        rows = self.forward.columns[FORWARD_COLUMNS.index("row")]
        begin, end = self.forward.run(source)
        place = begin + int(np.searchsorted(rows[begin:end], row))
        if place < end and rows[place] == row:
            self.forward.entries[place] = 0
        begin, end = self.backward.run(target)
        places = self.backward.columns[0][begin:end]
        if len(places):
            found = int(np.searchsorted(rows[places], row))
            if found < len(places) and rows[places[found]] == row:
                self.backward.entries[begin + found] = 0
