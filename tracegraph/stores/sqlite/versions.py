"""Tables whose rows carry known_from and known_to, and how a new state supersedes an old one."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from tracegraph.errors import StoreDamaged, UsageError
from tracegraph.stores.sqlite.numbers import json_numbers, marks
from tracegraph.stores.sqlite.schema import OPEN

#: The values of a row, without its versions.
Content = tuple[int | str | None, ...]


@dataclass(frozen=True, slots=True)
class VersionedTable:
    """A table and its content columns; the first one is the owner, whose rows are replaced together.

    `key`: columns, never empty, by which few rows are found; each begins an index."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]

    @property
    def listed(self) -> str:
        """The content columns, as they stand in a statement."""
        return ", ".join(self.columns)

    def read(self, connection: sqlite3.Connection, owners: Collection[int], at: int | None) -> list[Any]:
        """The rows of the owners as known at a position (None: now)."""
        condition, parameters = known(at)
        return connection.execute(
            f"SELECT {self.listed} FROM {self.name} "
            f"WHERE {self.columns[0]} IN (SELECT value FROM json_each(?)) AND {condition}",
            (json_numbers(owners), *parameters),
        ).fetchall()

    def supersede(
        self, connection: sqlite3.Connection, position: int, owners: Collection[int], rows: Collection[Content]
    ) -> tuple[int, set[Content]]:
        """Make `rows` the current rows of the owners from a position on. Equal rows stay untouched; a row that is
        opened and closed at the same position leaves no trace.

        Returns how many rows were closed or opened, and the opened ones.
        """
        current = self._current(connection, owners)
        wanted = set(rows)
        closed = [current[content] for content in current.keys() - wanted]
        opened = wanted - current.keys()
        self._close(connection, position, closed)
        self._open(connection, position, opened)
        return len(closed) + len(opened), opened

    def amend(
        self, connection: sqlite3.Connection, position: int, gone: Collection[Content], come: Collection[Content]
    ) -> tuple[int, set[Content]]:
        """Close current rows by what they say and open others; what is in both stays untouched.

        Returns what `supersede` returns. Raises StoreDamaged where a row that should go is not there.
        """
        leaving, opened = set(gone), set(come)
        closed = leaving - opened
        opened -= leaving
        self._close_contents(connection, position, closed)
        self._open(connection, position, opened)
        return len(closed) + len(opened), opened

    def _open(self, connection: sqlite3.Connection, position: int, rows: Collection[Content]) -> None:
        """Begin rows at a position."""
        connection.executemany(
            f"INSERT INTO {self.name} ({self.listed}, known_from, known_to) "
            f"VALUES ({marks(len(self.columns))}, {int(position)}, {OPEN})",
            sorted(rows, key=repr),
        )

    def _close_contents(self, connection: sqlite3.Connection, position: int, rows: Collection[Content]) -> None:
        """End current rows that say exactly this; those that began at the position vanish."""
        if not rows:
            return
        compared = " AND ".join(f"{column} {'=' if column in self.key else 'IS'} ?" for column in self.columns)
        current = f"{compared} AND known_to = {OPEN} AND known_from"
        vanished = connection.executemany(f"DELETE FROM {self.name} WHERE {current} = {int(position)}", rows).rowcount
        ended = connection.executemany(
            f"UPDATE {self.name} SET known_to = {int(position)} WHERE {current} < {int(position)}", rows
        ).rowcount
        if vanished + ended != len(rows):
            self._say_what_is_missing(connection, position, f"{current} >= 0", rows)

    def _say_what_is_missing(
        self, connection: sqlite3.Connection, position: int, condition: str, rows: Collection[Content]
    ) -> None:
        """Why not all of the rows could be closed."""
        for content in rows:
            later = connection.execute(f"SELECT known_from FROM {self.name} WHERE {condition}", content).fetchone()
            if later:
                raise _too_late(later[0], position)
        raise StoreDamaged(
            f"the custody graph does not hold a {self.name} that should end at position {position}; "
            "make the graph again from the ledger, or restore a backup"
        )

    def _current(self, connection: sqlite3.Connection, owners: Collection[int]) -> dict[Content, tuple[int, int]]:
        """The current rows of the owners, each with its row number and known_from."""
        rows = connection.execute(
            f"SELECT rowid, known_from, {self.listed} FROM {self.name} "
            f"WHERE {self.columns[0]} IN (SELECT value FROM json_each(?)) AND known_to = {OPEN}",
            (json_numbers(owners),),
        )
        return {content: (row, known_from) for row, known_from, *values in rows if (content := tuple(values))}

    def _close(self, connection: sqlite3.Connection, position: int, rows: Collection[tuple[int, int]]) -> None:
        """End rows (row number, known_from) at a position; those that began there vanish."""
        latest = max((known_from for _, known_from in rows), default=0)
        if latest > position:
            raise _too_late(latest, position)
        vanished = [(row,) for row, known_from in rows if known_from == position]
        ended = [(row,) for row, known_from in rows if known_from < position]
        connection.executemany(f"DELETE FROM {self.name} WHERE rowid = ?", vanished)
        connection.executemany(f"UPDATE {self.name} SET known_to = {int(position)} WHERE rowid = ?", ended)


def _too_late(latest: int, position: int) -> UsageError:
    return UsageError(
        f"the graph already holds what is known from position {latest} on and cannot change at {position}; "
        "change it at the newest position"
    )


def known(at: int | None, table: str = "") -> tuple[str, tuple[int, ...]]:
    """The condition that a row is known at a position (None: now) and its parameters; `table` qualifies the columns."""
    prefix = f"{table}." if table else ""
    if at is None:
        return f"{prefix}known_to = ?", (OPEN,)
    return f"{prefix}known_to > ? AND {prefix}known_from <= ?", (at, at)
