"""What the index says of holdings: for each node a row of sixteen words, and the texts of amounts.

A row is what the store said when the index was made. Nothing of it is brought forward: `gathering` asks the store which
of the rows that an answer needs were closed since, and reads those anew.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from tracegraph.model.quantity import amount_text
from tracegraph.stores.flow import NOT_SAID
from tracegraph.stores.gathered import KINDS, NO_END
from tracegraph.stores.sqlite.graph_rows import read_quantity
from tracegraph.stores.sqlite.index.arrays import Array, Arrays, DamagedIndex
from tracegraph.stores.sqlite.index.blocks import distinct
from tracegraph.stores.sqlite.index.exact import Dimensions
from tracegraph.stores.sqlite.index.rows import PAGE
from tracegraph.stores.sqlite.schema import OPEN

#: Words of 32 bits in a row: the id, the two instants, and one for each of COLUMNS.
WORDS = 16
_ID, _TIMES, _TOLD = slice(0, 4), slice(4, 8), slice(8, 16)

#: What stands in a row besides id and times: the place's kind (0: there is no row, the store has to be asked; REST is
#: added where nothing flowed in), numbers of names (0: none), and the number of its amounts.
COLUMNS = ("kind", "place", "event", "party", "owner", "sublocation", "destination", "amounts")

REST = 256

#: Digits of an id, which is a number of 128 bits.
DIGITS = 32

#: Different amounts that are remembered while a build writes them; one that comes again later is written again.
_REMEMBERED = 200_000

_KIND_NUMBERS = {kind: number for number, kind in enumerate(KINDS)}

_READ = f"""
SELECT holding.node, node.text, holding.place_kind, holding.role = 'rest', holding.since,
    ifnull(holding.until, {NO_END}), holding.place, holding.event, ifnull(holding.party, 0),
    ifnull(holding.goods_owner, 0), ifnull(holding.sublocation, 0), ifnull(holding.destination, 0),
    holding.quantity_value, holding.quantity_measure, holding.remaining_value, holding.remaining_measure
"""


def read_current(connection: sqlite3.Connection) -> Iterator[list[Any]]:
    """The rows of all holdings that are known now, in pages."""
    cursor = connection.execute(
        f"{_READ} FROM holding NOT INDEXED CROSS JOIN node ON node.number = holding.node "
        f"WHERE holding.known_to = {OPEN}"
    )
    while page := cursor.fetchmany(PAGE):
        yield page


def read_at(connection: sqlite3.Connection, nodes: str, at: int) -> list[Any]:
    """The rows of some holdings (a JSON array of nodes) as known at a position."""
    return connection.execute(
        f"{_READ} FROM json_each(?) AS wanted CROSS JOIN holding ON holding.node = wanted.value "
        "AND holding.known_to > ? AND holding.known_from <= ? CROSS JOIN node ON node.number = holding.node",
        (nodes, at, at),
    ).fetchall()


#: Value and measure of what came in, and of what remained.
Columns = tuple[str | None, str | None, str | None, str | None]


class Amounts:
    """The texts of amounts, one behind the other, and where each ends; `values`: what came in and its dimension, what
    was left and its dimension, of each."""

    def __init__(self, dimensions: Dimensions | None = None, remembered: int = _REMEMBERED) -> None:
        self.text = bytearray()
        self.ends: list[int] = []
        self.values = array("q")
        self._dimensions = dimensions or Dimensions()
        self._known: dict[Columns, int] = {}
        self._remembered = remembered

    def numbers(self, columns: Iterable[Columns]) -> list[int]:
        """The numbers of the texts of what came in and what remained."""
        wanted = list(columns)
        found: list[Any] = list(map(self._known.get, wanted))
        if None in found:
            for place, number in enumerate(found):
                if number is None:
                    found[place] = self._number(wanted[place])
        return found

    def _number(self, columns: Columns) -> int:
        found = self._known.get(columns)
        if found is None:
            if len(self._known) >= self._remembered:
                self._known.clear()
            came, left = read_quantity(*columns[:2]), read_quantity(*columns[2:])
            told = f'"quantity":{amount_text(came)},"remaining":{amount_text(left)}'
            self.text += told.encode()
            found = self._known[columns] = len(self.ends)
            self.ends.append(len(self.text))
            self.values.extend(self._told(*columns[:2]))
            self.values.extend(self._told(*columns[2:]))
        return found

    def _told(self, value: str | None, measure: str | None) -> tuple[int, int]:
        return (NOT_SAID, 0) if measure is None else self._dimensions.told(value, measure)


def encode_rows(page: list[Any], amounts: Amounts) -> tuple[Array, Array]:
    """The nodes and rows of a page. Raises ValueError or OverflowError where an id is no number of 32 digits, or a
    number is too large."""
    node, id, kind, rest, since, until, *named, came, came_in, left, left_in = zip(*page, strict=True)
    rows = np.zeros((len(page), WORDS), dtype="<i4")
    digits = "".join(id)
    raw = bytes.fromhex(digits)
    if raw.hex() != digits or any(len(one) != DIGITS for one in id):
        raise ValueError("an id is no number")
    rows[:, _ID] = np.frombuffer(raw, dtype="<i4").reshape(-1, 4)
    rows[:, _TIMES] = np.ascontiguousarray(np.array([since, until], dtype="<i8").T).view("<i4")
    kinds = [_KIND_NUMBERS[one] + REST * nothing for one, nothing in zip(kind, rest, strict=True)]
    told = amounts.numbers(zip(came, came_in, left, left_in, strict=True))
    rows[:, _TOLD] = np.array([kinds, *named, told], dtype=np.int32).T
    return np.array(node, dtype=np.int64), rows


def fill_held(connection: sqlite3.Connection, held: Array, amounts: Amounts) -> None:
    """The rows of all holdings that are known now. Pages that cannot be told stay empty: the store is asked then."""
    for page in read_current(connection):
        try:
            nodes, rows = encode_rows(page, amounts)
        except (ValueError, OverflowError):
            continue
        held[nodes] = rows


class Held:
    """The rows of a generation."""

    def __init__(self, arrays: Arrays) -> None:
        self._rows, self._row_blocks = arrays["held"], arrays.blocks("held")
        self._text, self._text_blocks = arrays["amount_text"], arrays.blocks("amount_text")
        self._ends, self._end_blocks = arrays["amount_ends"], arrays.blocks("amount_ends")
        self.words = self._rows
        self._ids = self._rows.view("<u8")
        self.values, self._value_blocks = arrays["amount_values"], arrays.blocks("amount_values")
        self.pieces, self._piece_blocks = arrays["pieces"], arrays.blocks("pieces")
        self.inputs, self._input_blocks = arrays["input"], arrays.blocks("input")
        self.input_amounts, self._input_amount_blocks = arrays["input_amount"], arrays.blocks("input_amount")

    def ids(self, nodes: Array, half: int) -> Array:
        """The higher (0) or lower (1) half of the ids of nodes, transformations too: numbers that are in the order of
        the texts."""
        self.hold(nodes)
        found: Array = self._ids[nodes, half].byteswap()
        return found

    def hold_flow(self, nodes: Array, begin: Array, end: Array) -> None:
        """Make sure that the amounts of the nodes, and those of the inputs in these ranges (the one behind included),
        are what was written."""
        amounts = self._value_blocks.complete or self._value_blocks.hold(self._rows[nodes, -1])
        inputs = self._input_blocks.hold_ranges(begin, end + 1)
        behind = self._input_amount_blocks.hold_ranges(begin, end + 1)
        if not (amounts and inputs and behind and self._piece_blocks.hold(nodes)):
            raise DamagedIndex("an amount is not what it was")

    def hold(self, nodes: Array) -> None:
        """Make sure that the rows of the nodes are what was written."""
        if not self._row_blocks.hold(nodes):
            raise DamagedIndex("a holding is not what it was")

    def rows(self, nodes: Array) -> Array:
        """A copy of the rows of the nodes."""
        self.hold(nodes)
        found: Array = self._rows.take(nodes, axis=0)
        return found

    def amounts(self, rows: Array) -> dict[int, str]:
        """The texts of the amounts that the rows number."""
        numbers = distinct(rows[there(rows), -1])
        if not len(numbers):
            return {}
        if numbers.max() >= len(self._ends):
            raise DamagedIndex("an amount is not where it should be")
        if not (self._end_blocks.hold(numbers) and self._end_blocks.hold(numbers[numbers > 0] - 1)):
            raise DamagedIndex("an amount does not end where it did")
        ends = self._ends.take(numbers)
        begins = np.where(numbers > 0, self._ends.take(np.maximum(numbers - 1, 0)), 0)
        if not self._text_blocks.hold_ranges(begins, ends):
            raise DamagedIndex("an amount is not what it was")
        text = self._text.data
        spans = zip(numbers.tolist(), begins.tolist(), ends.tolist(), strict=True)
        return {number: str(text[begin:end], "utf-8") for number, begin, end in spans}


def there(rows: Array) -> Array:
    """Which of the rows say something."""
    told: Array = rows[:, _TOLD.start] != 0
    return told


def ids_of(rows: Array) -> list[str]:
    """The ids in rows, as texts."""
    digits = np.ascontiguousarray(rows[:, _ID]).tobytes().hex()
    return [digits[begin : begin + DIGITS] for begin in range(0, len(digits), DIGITS)]


def id_order(rows: Array) -> tuple[Array, Array]:
    """The ids as pairs of numbers that are in the order of the texts: the higher and the lower half."""
    halves = np.ascontiguousarray(rows[:, _ID]).view(">u8").astype(np.uint64)
    return halves[:, 0], halves[:, 1]


def times_of(rows: Array) -> tuple[Array, Array]:
    """Begins and ends of the stays."""
    times = np.ascontiguousarray(rows[:, _TIMES]).view("<i8")
    return times[:, 0], times[:, 1]


def columns_of(rows: Array) -> dict[str, Array]:
    """What stands in the rows besides."""
    found = dict(zip(COLUMNS, rows[:, _TOLD].T, strict=True))
    return found | {"kind": found["kind"] % REST}


def named_in(columns: dict[str, Array]) -> list[Array]:
    """The columns that hold numbers of names."""
    return [columns[name] for name in COLUMNS[1:-1]]
