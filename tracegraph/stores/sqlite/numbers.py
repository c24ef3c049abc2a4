"""Texts and their numbers, and how many values go into one statement.

Collections of numbers are passed as one JSON array; collections of texts in portions of `?`, because SQLite's JSON
functions do not keep every text (a NUL character ends it).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Literal, TypeVar

from tracegraph.errors import StoreDamaged

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
    """The numbers of those texts that have one. Nodes have no index on their texts: the whole table is read."""
    found: dict[str, int] = {}
    if table == "node" and len(texts) > PORTION:
        wanted = set(texts)
        return {text: number for text, number in connection.execute("SELECT text, number FROM node") if text in wanted}
    for portion in portions(texts):
        statement = f"SELECT text, number FROM {table} WHERE text IN ({marks(len(portion))})"
        found.update(connection.execute(statement, portion))
    return found


def find_texts(connection: sqlite3.Connection, numbers: Collection[int], table: Table = "name") -> dict[int, str]:
    """The texts of the numbers. Raises StoreDamaged where one has none."""
    if not numbers:
        return {}
    statement = f"SELECT number, text FROM {table} WHERE number IN (SELECT value FROM json_each(?))"
    found: dict[int, str] = dict(connection.execute(statement, (json_numbers(numbers),)))
    if len(found) < len(numbers) and (missing := set(numbers) - found.keys()):
        raise StoreDamaged(
            f"a row of the store names {table} {min(missing)}, which does not exist; restore a backup, "
            "or make the graph again from the ledger"
        )
    return found


class Numbering:
    """Numbers for texts within one change: looked up in bulk, given where missing, remembered until the change ends.

    `remembered`: numbers that earlier changes found or gave; it is only read here, see `Remembered`.
    """

    def __init__(self, connection: sqlite3.Connection, remembered: Mapping[str, int]) -> None:
        self._connection = connection
        self._remembered = remembered
        #: Numbers from here on were given by this change: nothing older can refer to them.
        self.first_new = 2**63
        #: The number of each text that was prepared, and None for None.
        self.known: dict[str | None, int | None] = {None: None}

    def prepare(self, texts: Iterable[str | None]) -> None:
        """Make sure that each text has a number."""
        known, remembered = self.known, self._remembered
        missing = []
        for text in dict.fromkeys(texts):
            if text is not None and text not in known:
                number = known[text] = remembered.get(text)
                if number is None:
                    missing.append(text)
        if missing:
            found = find_numbers(self._connection, missing)
            known.update(found)
            self._add([text for text in missing if text not in found])

    def __getitem__(self, text: str) -> int:
        """The number of a text that was prepared."""
        number = self.known[text]
        assert number is not None
        return number

    def _add(self, texts: Sequence[str]) -> None:
        """Number new texts consecutively, in the order in which they came: what comes together lies together."""
        if not texts:
            return
        first: int = self._connection.execute("SELECT coalesce(max(number), 0) + 1 FROM name").fetchone()[0]
        numbered = dict(zip(texts, range(first, first + len(texts)), strict=True))
        self._connection.executemany("INSERT INTO name (text, number) VALUES (?, ?)", numbered.items())
        self.known.update(numbered)
        self.first_new = min(self.first_new, first)


class Remembered(dict[str, int]):
    """Numbers kept across changes: only of changes that were committed, and of no more than `most` texts."""

    def __init__(self, most: int = 100_000) -> None:
        super().__init__()
        self._most = most

    def keep(self, numbers: Mapping[str | None, int | None]) -> None:
        """Remember what a committed change used; what was not used for longest goes first."""
        for text, number in numbers.items():
            if text is not None and number is not None:
                self.pop(text, None)
                self[text] = number
        for text in list(islice(self, max(0, len(self) - self._most))):
            del self[text]


class Texts:
    """The texts of numbers found in rows, looked up together (a text shared by many rows is one object)."""

    def __init__(self, connection: sqlite3.Connection, numbers: Iterable[int | None], table: Table = "name") -> None:
        self._texts = find_texts(connection, {number for number in numbers if number is not None}, table)

    def __getitem__(self, number: int) -> str:
        return self._texts[number]

    def get(self, number: int | None) -> str | None:
        """The same, None for None."""
        return None if number is None else self._texts[number]
