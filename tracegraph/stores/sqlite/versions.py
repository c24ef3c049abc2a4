"""Tables whose rows carry known_from and known_to, and how a new state supersedes an old one."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from tracegraph.errors import StoreDamaged, UsageError
from tracegraph.stores.sqlite.numbers import json_numbers, marks
from tracegraph.stores.sqlite.schema import OPEN

#: The values of a row, without its versions.
Content = tuple[int | str | None, ...]

#: Rows in the order in which they are written, each once.
Rows = dict[Content, None]


@dataclass(frozen=True, slots=True, eq=False)
class VersionedTable:
    """A table and its content columns. Each is equal to itself only, so that it is a cheap key. Its statements are the
    same texts at every position: one that SQLite has not prepared before costs it more than executing it.

    `key`: columns, never empty, by which few rows are found; they begin an index. `identity`: the first of them is
    current at most once, so that a row that changes can be changed in place. `owned`: which rows are the owners'.
    """

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    identity: bool = False
    owned: str = "owner IN (SELECT value FROM json_each(:owners))"

    @property
    def listed(self) -> str:
        """The content columns, as they stand in a statement."""
        return ", ".join(self.columns)

    def read(self, connection: sqlite3.Connection, owners: Collection[int], at: int | None) -> list[Any]:
        """The rows of the owners as known at a position (None: now)."""
        condition = f"known_to = {OPEN}" if at is None else "known_to > :at AND known_from <= :at"
        return connection.execute(
            f"SELECT {self.listed} FROM {self.name} WHERE {self.owned} AND {condition}",
            {"owners": json_numbers(owners), "at": at},
        ).fetchall()

    def changes(self, connection: sqlite3.Connection, owners: Collection[int]) -> list[tuple[int, int]]:
        """(owner, position) for each position at which rows of owners were opened or closed; maybe several times."""
        given = {"owners": json_numbers(owners)}
        begun = f"SELECT {self.columns[0]}, known_from FROM {self.name} WHERE {self.owned}"
        ended = f"SELECT {self.columns[0]}, known_to FROM {self.name} WHERE {self.owned} AND known_to < {OPEN}"
        return [*connection.execute(begun, given), *connection.execute(ended, given)]

    def supersede(
        self, connection: sqlite3.Connection, position: int, owners: Collection[int], rows: Iterable[Content]
    ) -> tuple[int, Rows]:
        """Make `rows` the current rows of the owners from a position on. Equal rows stay untouched; a row that is
        opened and closed at the same position leaves no trace.

        Returns how many rows were closed or opened, and the opened ones.
        """
        return self.amend(connection, position, self.read(connection, owners, None), rows)

    def amend(
        self, connection: sqlite3.Connection, position: int, gone: Iterable[Content], come: Iterable[Content]
    ) -> tuple[int, Rows]:
        """Close current rows by what they say and open others; what is in both stays untouched.

        Returns what `supersede` returns. Raises StoreDamaged where a row that should go is not there.
        """
        closed, opened = dict.fromkeys(gone), dict.fromkeys(come)
        if closed:
            staying = closed.keys() & opened.keys()
            for row in staying:
                del closed[row], opened[row]
        count = len(closed) + len(opened)
        changed = self._take_changed(closed, opened) if self.identity and closed else {}
        self._change(connection, position, changed)
        self._close(connection, position, closed)
        self._open(connection, position, opened)
        return count, opened | dict.fromkeys(changed.values())

    def _take_changed(self, closed: Rows, opened: Rows) -> dict[Content, Content]:
        """The rows that say something else of the same, taken from the rows that end and begin."""
        place = self.columns.index(self.key[0])
        before = {row[place]: row for row in closed}
        changed = {before[row[place]]: row for row in opened if row[place] in before}
        for old, new in changed.items():
            del closed[old], opened[new]
        return changed

    def _change(self, connection: sqlite3.Connection, position: int, rows: dict[Content, Content]) -> None:
        """Current rows become others in place, so that only indexes on what differs are touched; what they said until
        now is kept in a row of its own, unless it began at this very position."""
        if not rows:
            return
        place = self.columns.index(self.key[0])
        connection.executemany(
            f"INSERT INTO {self.name} ({self.listed}, known_from, known_to) "
            f"SELECT {self.listed}, known_from, ? FROM {self.name} "
            f"WHERE {self.key[0]} = ? AND known_to = {OPEN} AND known_from < ?",
            [(position, old[place], position) for old in rows],
        )
        alike: defaultdict[tuple[int, ...], list[Content]] = defaultdict(list)
        for old, new in rows.items():
            differing = tuple(index for index, value in enumerate(new) if value != old[index])
            alike[differing].append((*(new[index] for index in differing), position, *old, position))
        for differing, parameters in alike.items():
            assignments = "".join(f"{self.columns[index]} = ?, " for index in differing)
            statement = f"UPDATE {self.name} SET {assignments}known_from = ? WHERE {_current(self)} AND known_from <= ?"
            if connection.executemany(statement, parameters).rowcount != len(parameters):
                width = len(self.columns) + 1
                self._raise_missing(connection, position, [row[-width:] for row in parameters])

    def _close(self, connection: sqlite3.Connection, position: int, rows: Rows) -> None:
        """End current rows that say exactly this; those that began at the position vanish."""
        if not rows:
            return
        parameters = [(*row, position) for row in rows]
        ended = connection.executemany(
            f"UPDATE {self.name} SET known_to = ? WHERE {_current(self)} AND known_from < ?",
            [(position, *row) for row in parameters],
        ).rowcount
        if ended < len(rows):
            ended += connection.executemany(
                f"DELETE FROM {self.name} WHERE {_current(self)} AND known_from = ?", parameters
            ).rowcount
        if ended != len(rows):
            self._raise_missing(connection, position, parameters)

    def _open(self, connection: sqlite3.Connection, position: int, rows: Rows) -> None:
        """Begin rows at a position."""
        if rows:
            connection.executemany(
                f"INSERT INTO {self.name} ({self.listed}, known_from, known_to) "
                f"VALUES ({marks(len(self.columns))}, ?, {OPEN})",
                [(*row, position) for row in rows],
            )

    def _raise_missing(self, connection: sqlite3.Connection, position: int, rows: list[Content]) -> None:
        """Say why some rows (with the position after each) are not there to be ended."""
        for row in rows:
            later = connection.execute(
                f"SELECT known_from FROM {self.name} WHERE {_current(self)} AND known_from > ?", row
            ).fetchone()
            if later:
                raise UsageError(
                    f"the graph already holds what is known from position {later[0]} on and cannot change at "
                    f"{position}; change it at the newest position"
                )
        raise StoreDamaged(
            f"the custody graph does not hold a {self.name} that should end at position {position}; "
            "make the graph again from the ledger, or restore a backup"
        )


@cache
def _current(table: VersionedTable) -> str:
    """The condition that a row is current and says exactly what the parameters say."""
    compared = " AND ".join(f"{column} {'=' if column in table.key else 'IS'} ?" for column in table.columns)
    return f"{compared} AND known_to = {OPEN}"


def known(at: int | None, table: str = "") -> tuple[str, tuple[int, ...]]:
    """The condition that a row is known at a position (None: now) and its parameters; `table` qualifies the columns."""
    prefix = f"{table}." if table else ""
    if at is None:
        return f"{prefix}known_to = ?", (OPEN,)
    return f"{prefix}known_to > ? AND {prefix}known_from <= ?", (at, at)
