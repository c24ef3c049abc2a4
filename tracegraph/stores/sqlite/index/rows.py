"""What the index reads from the tables: everything at a build, and later only what has changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tracegraph.stores.sqlite.lineage import LINEAGE_KEY
from tracegraph.stores.sqlite.numbers import known_by
from tracegraph.stores.sqlite.schema import OPEN

#: Rows fetched at once.
PAGE = 50_000


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a state of the store stands: its own name, the lineage of its graph rows, the ledger's length, and the hash
    of the entry at an asked position."""

    identity: str
    lineage: str
    count: int
    hash: str


def read_standing(connection: sqlite3.Connection, position: int) -> Standing:
    """The standing of the connection's state, with the hash at a position (empty where there is no such entry)."""
    known = known_by(connection)
    if known is None:
        return Standing(*_standing(connection, position))
    if position not in known.standings:
        known.standings[position] = _standing(connection, position)
    return Standing(*known.standings[position])


def _standing(connection: sqlite3.Connection, position: int) -> tuple[str, str, int, str]:
    row = connection.execute(
        "SELECT (SELECT value FROM meta WHERE key = 'identity'), (SELECT value FROM meta WHERE key = ?), "
        "(SELECT max(position) FROM ledger), (SELECT hash FROM ledger WHERE position = ?)",
        (LINEAGE_KEY, position),
    ).fetchone()
    return row[0] or "", row[1] or "", row[2] or 0, row[3] or ""


def last_rows(connection: sqlite3.Connection) -> tuple[int, int]:
    """The highest numbers of legs and of nodes."""
    row = connection.execute("SELECT (SELECT max(number) FROM leg), (SELECT max(number) FROM node)").fetchone()
    return row[0] or 0, row[1] or 0


def read_all_legs(connection: sqlite3.Connection) -> Iterator[list[Any]]:
    """Every current leg in order of its row, in pages: row, source, target, event, rule, confirmed, cost, instant."""
    cursor = connection.execute(
        "SELECT number, source, target, event, rule, confirmed, cost, instant FROM leg NOT INDEXED "
        f"WHERE known_to = {OPEN} ORDER BY number"
    )
    while page := cursor.fetchmany(PAGE):
        yield page


def read_nodes(connection: sqlite3.Connection, after: int = 0) -> Iterator[list[Any]]:
    """(node, unit) of the nodes with numbers above `after`, in order, in pages. The unit is 0 for a transformation, and
    -1 where nobody has said yet what the node is."""
    cursor = connection.execute(
        "SELECT number, CASE WHEN event IS NOT NULL THEN unit "
        "WHEN EXISTS (SELECT 1 FROM joint WHERE joint.node = node.number) THEN 0 ELSE -1 END "
        "FROM node WHERE number > ? ORDER BY number",
        (after,),
    )
    while page := cursor.fetchmany(PAGE):
        yield page


def read_products(connection: sqlite3.Connection) -> Iterator[list[Any]]:
    """(unit, product) of the units whose product is known, in pages."""
    cursor = connection.execute(f"SELECT unit, product FROM unit WHERE known_to = {OPEN} AND product IS NOT NULL")
    while page := cursor.fetchmany(PAGE):
        yield page


def read_new_legs(connection: sqlite3.Connection, after: int, at: int) -> list[Any]:
    """Legs in rows after `after` that are known at `at`, in order of their row; columns as in `read_all_legs`."""
    return connection.execute(
        "SELECT number, source, target, event, rule, confirmed, cost, instant FROM leg "
        "WHERE number > ? AND known_from <= ? AND known_to > ? ORDER BY number",
        (after, at, at),
    ).fetchall()


def read_closed_legs(connection: sqlite3.Connection, after: int, at: int, last: int) -> list[Any]:
    """(row, source, target) of legs in rows up to `last` that were closed at a position in (after, at]."""
    return connection.execute(
        f"SELECT number, source, target FROM leg WHERE known_to < {OPEN} AND known_to > ? AND known_to <= ? "
        "AND number <= ?",
        (after, at, last),
    ).fetchall()
