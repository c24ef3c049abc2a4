"""Texts and their numbers, and how many values go into one statement.

Collections of numbers are passed as one JSON array; collections of texts in portions of `?`, because SQLite's JSON
functions do not keep every text (a NUL character ends it).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import Literal, TypeVar

Table = Literal["name", "node"]

#: Values per statement, well below SQLite's limit on variables (999 in the oldest versions).
PORTION = 500

Item = TypeVar("Item")


def portions(items: Iterable[Item], size: int = PORTION) -> Iterator[tuple[Item, ...]]:
    """The items in tuples of at most `size`."""
    iterator = iter(items)
    while portion := tuple(islice(iterator, size)):
        yield portion


def marks(count: int) -> str:
    """So many `?`, with commas."""
    return ",".join("?" * count)


def json_numbers(numbers: Iterable[int]) -> str:
    """The numbers as the JSON array that `json_each` takes."""
    return "[" + ",".join(map(str, numbers)) + "]"


def find_numbers(connection: sqlite3.Connection, texts: Collection[str], table: Table = "name") -> dict[str, int]:
    """The numbers of those texts that have one."""
    found: dict[str, int] = {}
    for portion in portions(texts):
        statement = f"SELECT text, number FROM {table} WHERE text IN ({marks(len(portion))})"
        found.update(connection.execute(statement, portion))
    return found


def find_texts(connection: sqlite3.Connection, numbers: Collection[int], table: Table = "name") -> dict[int, str]:
    """The texts of the numbers."""
    if not numbers:
        return {}
    statement = f"SELECT number, text FROM {table} WHERE number IN (SELECT value FROM json_each(?))"
    return dict(connection.execute(statement, (json_numbers(numbers),)))


class Numbering:
    """Numbers for texts within one change: looked up in bulk, given where missing, remembered until the change ends."""

    def __init__(self, connection: sqlite3.Connection, table: Table) -> None:
        self._connection = connection
        self._table = table
        self._known: dict[str, int] = {}

    def prepare(self, texts: Iterable[str | None]) -> None:
        """Make sure that each text has a number."""
        wanted = {text for text in texts if text is not None and text not in self._known}
        if not wanted:
            return
        self._known.update(find_numbers(self._connection, wanted, self._table))
        missing = sorted(wanted - self._known.keys())
        if missing:
            self._add(missing)

    def __getitem__(self, text: str) -> int:
        """The number of a text that was prepared."""
        return self._known[text]

    def get(self, text: str | None) -> int | None:
        """The same, None for None."""
        return None if text is None else self._known[text]

    def _add(self, texts: Sequence[str]) -> None:
        """Number new texts consecutively."""
        statement = f"SELECT coalesce(max(number), 0) + 1 FROM {self._table}"
        first: int = self._connection.execute(statement).fetchone()[0]
        numbered = dict(zip(texts, range(first, first + len(texts)), strict=True))
        self._connection.executemany(f"INSERT INTO {self._table} (text, number) VALUES (?, ?)", numbered.items())
        self._known.update(numbered)


class Texts:
    """The texts of numbers found in rows, looked up together (a text shared by many rows is one object)."""

    def __init__(self, connection: sqlite3.Connection, numbers: Iterable[int | None], table: Table = "name") -> None:
        self._texts = find_texts(connection, {number for number in numbers if number is not None}, table)

    def __getitem__(self, number: int) -> str:
        return self._texts[number]

    def get(self, number: int | None) -> str | None:
        """The same, None for None."""
        return None if number is None else self._texts[number]
