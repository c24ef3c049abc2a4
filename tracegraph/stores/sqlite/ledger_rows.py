"""The ledger table: appending, streaming, and looking up positions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from itertools import pairwise

from tracegraph.errors import StoreDamaged
from tracegraph.stores.ledger import EMPTY_HEAD
from tracegraph.stores.port import EntryKind, LedgerEntry, LedgerHead

#: Entries read at once while streaming; between two pages no state of the file is held.
PAGE = 256

#: No position is above this one.
MOST = 2**63 - 1

_COLUMNS = "position, kind, recorded_at, actor, payload, previous, hash"


def read_head(connection: sqlite3.Connection, upto: int = MOST) -> LedgerHead:
    """The end of the chain, or of its part up to a position."""
    statement = "SELECT position, hash, recorded_at FROM ledger WHERE position <= ? ORDER BY position DESC LIMIT 1"
    row = connection.execute(statement, (upto,)).fetchone()
    return LedgerHead(*row) if row else EMPTY_HEAD


def read_page(connection: sqlite3.Connection, after: int, upto: int) -> list[LedgerEntry]:
    """The next entries with `after` < position <= `upto`, at most a page of them, in order. Raises StoreDamaged where
    the file gives others: whoever reads on from the last one would never end."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM ledger WHERE position > ? AND position <= ? ORDER BY position LIMIT {PAGE}",
        (after, upto),
    )
    page = [LedgerEntry(position, EntryKind(kind), *rest) for position, kind, *rest in rows]
    positions = [after, *(entry.position for entry in page)]
    if any(later <= earlier for earlier, later in pairwise(positions)):
        raise StoreDamaged(f"the ledger is not in order after position {after}; restore a backup")
    return page


def find_position(connection: sqlite3.Connection, known: int) -> int:
    """The last position recorded at or before an instant (0: none): times never go back along the chain."""
    low, high = 0, read_head(connection).count
    while low < high:
        middle = (low + high + 1) // 2
        row = connection.execute(
            "SELECT recorded_at FROM ledger WHERE position >= ? ORDER BY position LIMIT 1", (middle,)
        ).fetchone()
        if row[0] <= known:
            low = middle
        else:
            high = middle - 1
    return low


def insert_entries(connection: sqlite3.Connection, entries: Iterable[LedgerEntry]) -> None:
    """Write entries that were chained before."""
    connection.executemany(
        f"INSERT INTO ledger ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)", (_row(entry) for entry in entries)
    )


def _row(entry: LedgerEntry) -> tuple[int | str | bytes, ...]:
    """An entry's columns."""
    return (
        entry.position,
        entry.kind._value_,
        entry.recorded_at,
        entry.actor,
        bytes(entry.payload),
        entry.previous,
        entry.hash,
    )
