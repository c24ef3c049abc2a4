"""Tables whose rows carry known_from and known_to, and how a new state supersedes an old one."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from tracegraph.errors import UsageError
from tracegraph.stores.sqlite.numbers import json_numbers, marks
from tracegraph.stores.sqlite.schema import OPEN

#: The values of a row, without its versions.
Content = tuple[int | str | None, ...]


@dataclass(frozen=True, slots=True)
class VersionedTable:
    """A table and its content columns; the first one is the owner, whose rows are replaced together."""

    name: str
    columns: tuple[str, ...]

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
        connection.executemany(
            f"INSERT INTO {self.name} ({self.listed}, known_from, known_to) "
            f"VALUES ({marks(len(self.columns))}, {int(position)}, {OPEN})",
            sorted(opened, key=repr),
        )
        return len(closed) + len(opened), opened

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
            raise UsageError(
                f"the graph already holds what is known from position {latest} on and cannot change at {position}; "
                "replace at the newest position"
            )
        vanished = [(row,) for row, known_from in rows if known_from == position]
        ended = [(row,) for row, known_from in rows if known_from < position]
        connection.executemany(f"DELETE FROM {self.name} WHERE rowid = ?", vanished)
        connection.executemany(f"UPDATE {self.name} SET known_to = {int(position)} WHERE rowid = ?", ended)


def known(at: int | None, table: str = "") -> tuple[str, tuple[int, ...]]:
    """The condition that a row is known at a position (None: now) and its parameters; `table` qualifies the columns."""
    prefix = f"{table}." if table else ""
    if at is None:
        return f"{prefix}known_to = ?", (OPEN,)
    return f"{prefix}known_to > ? AND {prefix}known_from <= ?", (at, at)
