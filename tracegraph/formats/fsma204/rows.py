"""Rows of a sheet: its header found, each row read cell by cell, rows of one event put together.

What cannot be read is a Fault with the address of its cell; nothing of such an event is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from tracegraph.formats.fsma204.columns import Column, column_of, event_kind_of
from tracegraph.formats.tables.cells import (
    Cell,
    DecimalMark,
    UnreadableCell,
    amount,
    identifier,
    raw_text,
    text,
    tidy,
    unit_of,
)
from tracegraph.formats.tables.dates import DateOrder, when
from tracegraph.formats.tables.reading import Sheet

Read = str | Decimal

#: A header is looked for in so many rows; it names at least so many columns.
_HEADER_WITHIN = 20
_LEAST_COLUMNS = 3
#: The unit of measure beside each number.
_UNITS = {"quantity": "unit", "input_quantity": "input_unit"}


@dataclass(frozen=True, slots=True)
class CellReading:
    """How cells are read that could be read in more than one way: the order of dates, what stands before decimals, and
    the encoding of a CSV file (empty: ask, or what its bytes tell)."""

    dates: DateOrder = ""
    decimal: DecimalMark = ""
    encoding: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: where it stands, what its cells say by column (empty ones left out), cells of columns that nothing is
    known of by header, its cells as they stood, and what is wrong with it (one sentence's end; empty: nothing).
    `assumed`: columns whose value another row of the file gave."""

    sheet: str
    number: int
    values: Mapping[str, Read] = field(default_factory=dict)
    others: Mapping[str, str] = field(default_factory=dict)
    original: Mapping[str, str] = field(default_factory=dict)
    fault: str = ""
    assumed: tuple[str, ...] = ()

    def text(self, name: str) -> str:
        """What a cell says as text; empty where nothing stands in it."""
        return str(self.values.get(name, ""))


@dataclass(frozen=True, slots=True)
class Header:
    """Which column stands where: by number from 1; `others` are headers that nothing is known of."""

    row: int
    columns: Mapping[int, Column]
    others: Mapping[int, str]


def header_of(sheet: Sheet) -> Header | None:
    """The first row that names enough columns."""
    for number in range(1, min(len(sheet.rows), _HEADER_WITHIN) + 1):
        names = {cell.column: tidy(raw_text(cell.value)) for cell in sheet.row(number) if not cell.empty}
        known = {place: column for place, name in names.items() if (column := column_of(name)) is not None}
        if len(known) >= _LEAST_COLUMNS:
            return Header(number, known, {place: name for place, name in names.items() if place not in known})
    return None


def rows_of(sheet: Sheet, header: Header, reading: CellReading) -> Iterator[Row]:
    """The rows below the header that are not empty; where no column says it, the sheet's name is the event."""
    kind = event_kind_of(sheet.name) or ""
    for number in range(header.row + 1, len(sheet.rows) + 1):
        cells = {cell.column: cell for cell in sheet.row(number)}
        original = {
            name: shown
            for place, name in _names(header).items()
            if (shown := raw_text(cells[place].value)) and place in cells
        }
        if original:
            yield _row(sheet.name, number, header, cells, original, reading, kind)


def _names(header: Header) -> dict[int, str]:
    """All headers by where they stand."""
    named = {place: column.label["en"] for place, column in header.columns.items()} | dict(header.others)
    return dict(sorted(named.items()))


def _row(
    sheet: str,
    number: int,
    header: Header,
    cells: Mapping[int, Cell],
    original: Mapping[str, str],
    reading: CellReading,
    kind: str,
) -> Row:
    values: dict[str, Read] = {"event_kind": kind} if kind else {}
    try:
        for place, column in header.columns.items():
            _note(column, cells[place], reading, values)
        others = {name: found for place, name in header.others.items() if (found := text(cells[place]))}
    except UnreadableCell as unreadable:
        return Row(sheet, number, original=original, fault=str(unreadable))
    return Row(sheet, number, values, others, original)


def _note(column: Column, cell: Cell, reading: CellReading, values: dict[str, Read]) -> None:
    """What a cell says; the first of several columns of one name that is filled holds."""
    found, unit = _read(column, cell, reading)
    if found not in ("", None):
        values.setdefault(column.name, found)
    if unit:
        values.setdefault(_UNITS[column.name], unit)


def _read(column: Column, cell: Cell, reading: CellReading) -> tuple[Read, str]:
    """The value, and the unit of measure that stands beside a number."""
    match column.kind:
        case "kind":
            return _event_kind(cell), ""
        case "number":
            number, unit = amount(cell, reading.decimal)
            return ("" if number is None else number), unit
        case "unit":
            return unit_of(text(cell)), ""
        case "date" | "time":
            found = when(cell, reading.dates)
            return ("" if found is None else found.iso), ""
        case "code" | "place" | "product":
            return identifier(cell), ""
    return text(cell), ""


def _event_kind(cell: Cell) -> str:
    named = text(cell)
    if not named:
        return ""
    kind = event_kind_of(named)
    if kind is None:
        raise UnreadableCell(cell, "is no critical tracking event; enter one such as Shipping or Initial packing")
    return kind


def grouped(rows: Sequence[Row]) -> list[list[Row]]:
    """Rows of one event together, in the order in which each event comes first: those that have the same kind and event
    number; a row without number is an event of its own."""
    found: dict[tuple[str, str, str], list[Row]] = {}
    for row in rows:
        number = row.text("event_id")
        alone = "" if number else f"{row.sheet}!{row.number}"
        found.setdefault((row.text("event_kind"), number, alone), []).append(row)
    return list(found.values())
