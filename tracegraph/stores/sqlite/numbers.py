"""Texts and their numbers, and how many values go into one statement.

Collections of numbers are passed as one JSON array, unless there are few of them; collections of texts in portions of
`?`, because SQLite's JSON functions do not keep every text (a NUL character ends it).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal, TypeVar

from tracegraph.errors import StoreDamaged

Table = Literal["name", "node"]

#: Values per statement, well below SQLite's limit on variables (999 in the oldest versions).
PORTION = 500

#: Names that a connection keeps from one state to the next, at most: some megabytes.
KEPT = 20_000

#: So many numbers are passed one by one: below that, opening a JSON array takes longer than looking them up.
FEW = 8

Item = TypeVar("Item")

#: Finds the numbers of those texts that have one.
Find = Callable[[Collection[str]], Mapping[str, int]]


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


def among(numbers: Collection[int]) -> tuple[str, tuple[int | str, ...]]:
    """The condition that what stands before it is one of the numbers, and its parameters."""
    if len(numbers) <= FEW:
        return f"IN ({marks(len(numbers))})", tuple(numbers)
    return "IN (SELECT value FROM json_each(?))", (json_numbers(numbers),)


@dataclass(slots=True)
class Known:
    """What was read of one state of the file. `texts` and `numbers` of names; `reached`: the nodes that starts reach,
    by all that was asked; `units`: the unit at each node, by the position at which it was asked; `standings`: where the
    state stands, by the position of the asked entry (see index.rows); `whole_units`: whether there are gaps of units as
    a whole, None where nobody has looked yet; `asked`: how often such gaps were looked for one by one."""

    texts: dict[int, str] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    reached: dict[Hashable, list[int]] = field(default_factory=dict)
    units: dict[int | None, dict[int, int]] = field(default_factory=dict)
    standings: dict[int, tuple[str, str, int, str]] = field(default_factory=dict)
    whole_units: bool | None = None
    asked: int = 0


class NamingConnection(sqlite3.Connection):
    """Remembers what it read while it holds one state, within which nothing changes: an answer asks for the same names
    again and again. The next state that it holds is mostly the same one, and then names, and what is true of the store
    as a whole, are still known. `known` None: no state is held."""

    known: Known | None = None
    _kept: Known | None = None
    _version = 0

    def remember(self) -> None:
        """From now on, for as long as the state is held, which begins here. SQLite gives the file another version
        whenever somebody else has changed it; this connection changes nothing while it remembers."""
        version: int = self.execute("PRAGMA data_version").fetchone()[0]
        kept, self._kept = self._kept, None
        self.known = kept if kept is not None and version == self._version else Known()
        self._version = version

    def forget(self) -> None:
        """The state is let go."""
        known, self.known = self.known, None
        if known is not None and len(known.texts) <= KEPT and len(known.numbers) <= KEPT:
            known.reached, known.units = {}, {}
            self._kept = known


def known_by(connection: sqlite3.Connection) -> Known | None:
    """What is known of the state that the connection holds, if it holds one."""
    return connection.known if isinstance(connection, NamingConnection) else None


def find_numbers(connection: sqlite3.Connection, texts: Collection[str], table: Table = "name") -> dict[str, int]:
    """The numbers of those texts that have one. Nodes have no index on their texts: the whole table is read."""
    known = known_by(connection) if table == "name" else None
    if known is None:
        return _read_numbers(connection, texts, table)
    numbers = known.numbers
    found = _read_numbers(connection, [text for text in texts if text not in numbers], table)
    if found:
        numbers.update(found)
        known.texts.update([(number, text) for text, number in found.items()])
    return {text: numbers[text] for text in texts if text in numbers}


def _read_numbers(connection: sqlite3.Connection, texts: Collection[str], table: Table) -> dict[str, int]:
    found: dict[str, int] = {}
    if table == "node" and len(texts) > PORTION:
        wanted = set(texts)
        return {text: number for text, number in connection.execute("SELECT text, number FROM node") if text in wanted}
    for portion in portions(texts):
        statement = f"SELECT text, number FROM {table} WHERE text IN ({marks(len(portion))})"
        found.update(connection.execute(statement, portion))
    return found


def find_texts(connection: sqlite3.Connection, numbers: Collection[int], table: Table = "name") -> dict[int, str]:
    """The texts of the numbers, maybe others besides. Raises StoreDamaged where one has none."""
    known = known_by(connection) if table == "name" else None
    if known is None:
        return _read_texts(connection, numbers, table)
    texts = known.texts
    found = _read_texts(connection, [number for number in numbers if number not in texts], table)
    if found:
        texts.update(found)
    if len(found) <= PORTION:  # of few, some are looked up the other way round soon; of many, that costs too much
        known.numbers.update([(text, number) for number, text in found.items()])
    return texts


def _read_texts(connection: sqlite3.Connection, numbers: Collection[int], table: Table) -> dict[int, str]:
    if not numbers:
        return {}
    condition, parameters = among(numbers)
    found: dict[int, str] = dict(
        connection.execute(f"SELECT number, text FROM {table} WHERE number {condition}", parameters)
    )
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
        #: The number of each text that was prepared or found, and None for None.
        self.known: dict[str | None, int | None] = {None: None}
        #: Texts that were looked for and have no number: nobody else gives them one while the change lasts.
        self._absent = set[str]()
        self._next = 0

    def prepare(self, texts: Iterable[str | None]) -> None:
        """Make sure that each text has a number."""
        missing = self._look_up(texts)
        if missing:
            self._add(missing)
            self._absent.difference_update(missing)

    def find(self, texts: Iterable[str]) -> dict[str, int]:
        """The numbers of those texts that have one."""
        asked = list(texts)
        self._look_up(asked)
        return {text: number for text in asked if (number := self.known.get(text)) is not None}

    def _look_up(self, texts: Iterable[str | None]) -> list[str]:
        """Note the numbers of these texts; returns the texts without one, each once."""
        known, remembered, absent = self.known, self._remembered, self._absent
        missing: list[str] = []
        for text in dict.fromkeys(texts):
            if text is None or text in known:
                continue
            number = remembered.get(text)
            if number is not None:
                known[text] = number
            else:
                missing.append(text)
        unknown = [text for text in missing if text not in absent] if absent else missing
        if unknown:
            known.update(find_numbers(self._connection, unknown))
            missing = [text for text in missing if text not in known]
            absent.update(missing)
        return missing

    def __getitem__(self, text: str) -> int:
        """The number of a text that was prepared."""
        number = self.known[text]
        assert number is not None
        return number

    def _add(self, texts: Sequence[str]) -> None:
        """Number new texts consecutively, in the order in which they came: what comes together lies together."""
        if not self._next:
            (self._next,) = self._connection.execute("SELECT coalesce(max(number), 0) + 1 FROM name").fetchone()
        first = self._next
        self._next += len(texts)
        numbered = dict(zip(texts, range(first, self._next), strict=True))
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
        used = {text: number for text, number in numbers.items() if text is not None and number is not None}
        for text in used.keys() & self.keys():
            del self[text]
        self.update(used)
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
