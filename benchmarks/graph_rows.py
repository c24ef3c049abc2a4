"""The custody graph of a store as plain arrays, for the other programs: read from its tables, once, with numpy."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tracegraph.stores import open_store

Numbers = NDArray[np.int64]
CURRENT = 2**63 - 1
_ROWS = 200_000


@dataclass(frozen=True)
class Graph:
    """Current legs as parallel arrays of node numbers, and the unit number of each node (0: a transformation)."""

    source: Numbers
    target: Numbers
    unit: Numbers

    @property
    def nodes(self) -> int:
        """One more than the highest node number."""
        return len(self.unit)

    def units_of(self, nodes: Numbers) -> Numbers:
        """The units held at the nodes, sorted, each once."""
        units = np.unique(self.unit[nodes])
        return units[units > 0]


def read_graph(store: Path) -> Graph:
    """All current legs and holdings."""
    connection = sqlite3.connect(store)
    try:
        legs = _read(connection, f"SELECT source, target FROM leg WHERE known_to = {CURRENT} ORDER BY rowid", 2)
        held = _read(connection, f"SELECT node, unit FROM holding WHERE known_to = {CURRENT}", 2)
    finally:
        connection.close()
    most = max((int(column.max()) for column in (legs[0], legs[1], held[0]) if len(column)), default=0)
    unit = np.zeros(most + 1, dtype=np.int64)
    unit[held[0]] = held[1]
    return Graph(legs[0], legs[1], unit)


def count_rows(store: Path) -> dict[str, int]:
    """How large the graph is: current legs and holdings."""
    connection = sqlite3.connect(store)
    try:
        query = "SELECT count(*) FROM {} WHERE known_to = " + str(CURRENT)
        return {f"{table}s": connection.execute(query.format(table)).fetchone()[0] for table in ("leg", "holding")}
    finally:
        connection.close()


def keys_of(store: Path, units: list[int]) -> dict[int, str]:
    """Unit keys by number."""
    opened = open_store(f"sqlite:///{store}", create=False)
    try:
        return dict(zip(units, opened.unit_keys(units), strict=True))
    finally:
        opened.close()


def _read(connection: sqlite3.Connection, query: str, columns: int) -> list[Numbers]:
    parts = [np.array(rows, dtype=np.int64).reshape(-1, columns) for rows in _pages(connection, query)]
    whole = np.concatenate(parts) if parts else np.zeros((0, columns), dtype=np.int64)
    return [np.ascontiguousarray(whole[:, column]) for column in range(columns)]


def _pages(connection: sqlite3.Connection, query: str) -> Iterator[list[Any]]:
    cursor = connection.execute(query)
    while rows := cursor.fetchmany(_ROWS):
        yield rows
