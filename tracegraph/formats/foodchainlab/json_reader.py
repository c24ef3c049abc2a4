"""FoodChain-Lab JSON, formats v0 and v1, read row by row: each row keeps its pointer, line and byte.

v1: `data` with three tables of cells, `tracing` with marks, `settings`, `samples`. v0: `stations`, `deliveries` and
`deliveriesRelations` as lists of objects. Members may come in any order. What stands before damage is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tracegraph.formats.epcis import SourcePosition
from tracegraph.formats.epcis.acceptance import NOT_UTF8, rejected
from tracegraph.formats.epcis.json_text import json_text
from tracegraph.formats.epcis.stream import Damaged, TooLarge, Window
from tracegraph.formats.foodchainlab.document import Document, Row
from tracegraph.formats.source import Kept, Unpacked
from tracegraph.model.event import Json

#: Tables of v0 and what their members are called in v1.
_LISTS = {"stations": "stations", "deliveries": "deliveries", "deliveriesRelations": "deliveryRelations"}
_TABLES = ("stations", "deliveries", "deliveryRelations")
_COLUMNS = {
    "stations": {
        "id": "ID",
        "name": "Name",
        "country": "Country",
        "lat": "Latitude",
        "lon": "Longitude",
        "type": "type of business",
    },
    "deliveries": {
        "id": "ID",
        "name": "Name",
        "source": "from",
        "target": "to",
        "lot": "Lot Number",
        "date": "Date Delivery",
    },
    "deliveryRelations": {"source": "from", "target": "to"},
}

ReadRow = Callable[[Json], tuple[tuple[str, Json], ...] | str]


def read_json(name: str, stream: Unpacked) -> Document:
    """The document in a stream of JSON; what of it cannot be read is among its rejected pieces."""
    reader = _Reader(name, stream)
    reader.read()
    return reader.document


class _Reader:
    """One file being read."""

    def __init__(self, name: str, stream: Unpacked) -> None:
        self._name = name
        self._stream = stream
        self._window = Window(stream)
        self.document = Document()

    def read(self) -> None:
        """All of the file."""
        try:
            self._object("", self._member)
            if self._window.peek():
                self._rest("nothing may follow the end of the document")
        except Damaged as damage:
            self._rest(self._stream.damage or f"it is no valid JSON at byte {damage.offset}: {damage.reason}")

    def _rest(self, reason: str) -> None:
        """All from here on, which cannot be read."""
        position, kept = self._position(""), Kept()
        self._window.rest(kept)
        self._reject(position, f"{reason}; all from here on is rejected, repair it and capture again", kept)

    def _reject(self, position: SourcePosition, reason: str, kept: Kept) -> None:
        self.document.rejected.append(rejected(position, reason, kept))

    def _position(self, pointer: str) -> SourcePosition:
        self._window.peek()
        return SourcePosition(self._name, pointer, self._window.offset, self._window.line)

    def _object(self, pointer: str, member: Callable[[str, str], None]) -> None:
        """An object: each member to `member`, by pointer and name."""
        if self._window.peek() != "{":
            self._misplaced(pointer, "an object")
            return
        self._window.expect("{")
        if self._window.take("}"):
            return
        while True:
            name = self._window.key()
            member(f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}", name)
            if not self._window.take(","):
                self._window.expect("}", ",")
                return

    def _items(self, pointer: str) -> Iterator[str]:
        """The pointers of the items of an array, the window standing before each."""
        if self._window.peek() != "[":
            self._misplaced(pointer, "a list")
            return
        self._window.expect("[")
        if self._window.take("]"):
            return
        index = 0
        while True:
            yield f"{pointer}/{index}"
            index += 1
            if not self._window.take(","):
                self._window.expect("]", ",")
                return

    def _misplaced(self, pointer: str, expected: str) -> None:
        """A value of another kind than the format has there; null is nothing at all."""
        position, kept = self._position(pointer), Kept()
        self._window.skip(kept)
        if kept.read().strip() != b"null":
            self._reject(position, f"{expected} was expected here; repair it and capture again", kept)

    def _value(self, pointer: str) -> tuple[Json, str] | None:
        """The next value and its text; None where it is beyond the limits, and rejected."""
        try:
            return self._window.value()
        except TooLarge as large:
            position, kept = self._position(pointer), Kept()
            self._window.skip(kept)
            self._reject(position, f"it {large.reason}, which is the limit for one value; shorten it", kept)
            return None

    def _member(self, pointer: str, name: str) -> None:
        """A member of the document."""
        if name == "data":
            self._object(pointer, self._data_member)
        elif name in _LISTS and self._window.peek() == "[":
            table = _LISTS[name]
            self._rows(pointer, self.document.table(table), lambda value: _members_of(value, _COLUMNS[table]))
        elif name == "tracing":
            self._object(pointer, self._tracing_member)
        elif name == "tracegraph":
            self._window.skip()  # what an export of ours says of itself
        else:
            self._keep(pointer, name)

    def _data_member(self, pointer: str, name: str) -> None:
        """A member of `data`: a table, or the version of the format."""
        if name in _TABLES:
            self._object(pointer, lambda inside, inner: self._table_member(inside, inner, name))
        else:
            self._keep(pointer, f"data/{name}")

    def _table_member(self, pointer: str, name: str, table: str) -> None:
        """A member of a table: its columns, or its rows."""
        if name == "data":
            self._rows(pointer, self.document.table(table), _cells_of)
        elif name == "columnProperties" and (found := self._value(pointer)) is not None:
            self.document.columns[table] = found[0]
        elif name != "columnProperties":
            self._keep(pointer, f"data/{table}/{name}")

    def _tracing_member(self, pointer: str, name: str) -> None:
        """A member of `tracing`: marks by station or delivery, or how to trace."""
        if name in self.document.marks:
            self._rows(pointer, self.document.marks[name], lambda value: _members_of(value, {}))
        else:
            self._keep(pointer, f"tracing/{name}")

    def _keep(self, pointer: str, name: str) -> None:
        """A member that moves no goods: kept as it is."""
        if (found := self._value(pointer)) is not None:
            self.document.about[name] = found[0]

    def _rows(self, pointer: str, rows: list[Row], read: ReadRow) -> None:
        """A list of rows."""
        for inside in self._items(pointer):
            position = self._position(inside)
            found = self._value(inside)
            if found is None:
                continue
            value, text = found
            cells = read(value) if _is_text(value) else f"it {NOT_UTF8}"
            original = text.encode("utf-8", "surrogateescape")
            if isinstance(cells, str):
                self._reject(position, cells, Kept(original))
            else:
                rows.append(Row(position, cells, original))


def _is_text(value: Json) -> bool:
    """Whether all texts in a value can be written as UTF-8."""
    try:
        json_text(value).encode()
    except UnicodeEncodeError:
        return False
    return True


def _cells_of(value: Json) -> tuple[tuple[str, Json], ...] | str:
    """The cells of a row in v1, or why there are none."""
    if not isinstance(value, list):
        return "a row is a list of cells; repair it and capture again"
    cells = []
    for cell in value:
        name = cell.get("id") if isinstance(cell, dict) else None
        if not isinstance(name, str):
            return "a cell of this row is no object with the id of its column; repair it and capture again"
        cells.append((name, cell.get("value")))
    return _distinct(cells)


def _members_of(value: Json, columns: dict[str, str]) -> tuple[tuple[str, Json], ...] | str:
    """The members of an object as cells with the names of v1, or why there are none."""
    if not isinstance(value, dict):
        return "an object was expected here; repair it and capture again"
    return _distinct([(columns.get(str(name), str(name)), held) for name, held in value.items()])


def _distinct(cells: list[tuple[str, Json]]) -> tuple[tuple[str, Json], ...] | str:
    """The cells, each column once."""
    if len({name for name, _ in cells}) < len(cells):
        return "a column stands twice in this row; leave one of them out"
    return tuple(cells)
