"""Other programs that can answer "which units are reached": networkx, rustworkx, and a plain recursive query of SQLite.

Each gets the same legs and gives the same units; what it takes to load them is measured too.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from benchmarks.graph_rows import Graph, Numbers

#: More legs than this are not given to networkx: it needs about a kilobyte for each.
MOST_LEGS_FOR_NETWORKX = 3_000_000


class Engine(Protocol):
    """A program that has the legs. `name`: as it is called in the table."""

    name: str

    def reach(self, starts: list[int], direction: str) -> Numbers:
        """The units at all nodes on some path from the starts, theirs included, sorted."""


class NetworkxEngine:
    """networkx: dictionaries of Python objects."""

    name = "networkx"

    def __init__(self, graph: Graph) -> None:
        import networkx as nx

        self._graph = graph
        self._network: Any = nx.DiGraph()
        self._network.add_nodes_from(range(graph.nodes))
        self._network.add_edges_from(zip(graph.source.tolist(), graph.target.tolist(), strict=True))
        self._turned: Any = self._network.reverse(copy=False)

    def reach(self, starts: list[int], direction: str) -> Numbers:
        """Breadth first from all starts at once."""
        import networkx as nx

        network = self._network if direction == "forward" else self._turned
        layers = nx.bfs_layers(network, starts)
        return self._graph.units_of(np.fromiter((node for layer in layers for node in layer), dtype=np.int64))


class RustworkxEngine:
    """rustworkx: petgraph, compiled, in memory."""

    name = "rustworkx"

    def __init__(self, graph: Graph) -> None:
        import rustworkx

        self._graph = graph
        legs = list(zip(graph.source.tolist(), graph.target.tolist(), strict=True))
        self._network: Any = rustworkx.PyDiGraph()
        self._network.add_nodes_from(range(graph.nodes))
        self._network.add_edges_from_no_data(legs)

    def reach(self, starts: list[int], direction: str) -> Numbers:
        """Descendants (ancestors) of each start; it has nothing for several starts that also goes backward."""
        import rustworkx

        follow = rustworkx.descendants if direction == "forward" else rustworkx.ancestors
        found: set[int] = set(starts)
        for start in starts:
            found |= follow(self._network, start)
        return self._graph.units_of(np.fromiter(found, dtype=np.int64, count=len(found)))


class PlainSqliteEngine:
    """A table of legs, clustered both ways, and WITH RECURSIVE: what one would write without tracegraph."""

    name = "SQLite, recursive query"

    def __init__(self, graph: Graph, path: Path) -> None:
        path.unlink(missing_ok=True)
        self._connection = sqlite3.connect(path)
        self._connection.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000;"
            "CREATE TABLE forward (source INTEGER, target INTEGER, PRIMARY KEY (source, target)) WITHOUT ROWID;"
            "CREATE TABLE backward (target INTEGER, source INTEGER, PRIMARY KEY (target, source)) WITHOUT ROWID;"
            "CREATE TABLE held (node INTEGER PRIMARY KEY, unit INTEGER);"
        )
        self._fill("forward", graph.source, graph.target)
        self._fill("backward", graph.target, graph.source)
        held = ((node, unit) for node, unit in enumerate(graph.unit.tolist()) if unit)
        self._connection.executemany("INSERT INTO held VALUES (?, ?)", held)
        self._connection.commit()

    def reach(self, starts: list[int], direction: str) -> Numbers:
        """One query."""
        here, there = ("source", "target") if direction == "forward" else ("target", "source")
        rows = self._connection.execute(
            f"""
            WITH RECURSIVE reached (node) AS (
                SELECT value FROM json_each(?)
                UNION
                SELECT leg.{there} FROM reached CROSS JOIN {direction} AS leg ON leg.{here} = reached.node
            )
            SELECT DISTINCT unit FROM reached JOIN held USING (node) ORDER BY unit
            """,
            (json.dumps(starts),),
        )
        return np.array(rows.fetchall(), dtype=np.int64).reshape(-1)

    def _fill(self, table: str, first: Numbers, second: Numbers) -> None:
        order = np.lexsort((second, first))
        rows = zip(first[order].tolist(), second[order].tolist(), strict=True)
        self._connection.executemany(f"INSERT OR IGNORE INTO {table} VALUES (?, ?)", rows)


def others(graph: Graph, folder: Path) -> Iterator[tuple[str, Any]]:
    """(name, how to load it) of every other program that is there and can hold so much; one after the other."""
    yield PlainSqliteEngine.name, lambda: PlainSqliteEngine(graph, folder / "plain.db")
    if find_spec("rustworkx"):
        yield RustworkxEngine.name, lambda: RustworkxEngine(graph)
    if find_spec("networkx") and len(graph.source) <= MOST_LEGS_FOR_NETWORKX:
        yield NetworkxEngine.name, lambda: NetworkxEngine(graph)
