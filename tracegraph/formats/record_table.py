"""A spreadsheet of records of one kind: CSV or XLSX whose columns are the fields of the kind, by name or label.

Rows are read one by one; one that is no such record is told with its cell, and the others stand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tracegraph.errors import InputError, InvalidField
from tracegraph.formats.tables.cells import Cell, UnreadableCell, identifier, text, tidy
from tracegraph.formats.tables.dates import DateOrder, when
from tracegraph.formats.tables.reading import Sheet, read_sheets
from tracegraph.model.record import Record
from tracegraph.model.record_kinds import Field, RecordKind, record_kind, record_of

#: Types of fields whose digits a spreadsheet must not have cut.
IDENTIFIERS = frozenset({"pseudonym", "unit", "units", "site", "sites", "party", "product", "products"})


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that is no record: `cell` where it stands (`B7`), and why, as one sentence."""

    cell: str
    reason: str


@dataclass(slots=True)
class RecordTable:
    """What was read: the records in their order, and the rows that are none."""

    records: list[Record] = field(default_factory=list)
    rejected: list[BadRow] = field(default_factory=list)


def read_records(data: bytes, name: str, kind: str, reason: str = "", dates: DateOrder = "") -> RecordTable:
    """The records of a kind in a file called `name`. `dates`: in which order day, month and year stand where that is
    not plain.

    Raises InputError where it is no spreadsheet, or none of its sheets has the columns that name a record.
    """
    known = record_kind(kind)
    for sheet in read_sheets(data, name):
        header = None if sheet.hidden else _header(sheet, known)
        if header is not None:
            return _read(sheet, known, header, name, reason, dates)
    raise InputError(
        f"{name} has no row with the column {' and '.join(known.key)}; name the columns {', '.join(known.names)}"
    )


def _header(sheet: Sheet, kind: RecordKind) -> int | None:
    """The number of the first row that names all key fields."""
    for row in range(1, len(sheet.rows) + 1):
        if set(kind.key) <= set(_columns(sheet, kind, row).values()):
            return row
    return None


def _columns(sheet: Sheet, kind: RecordKind, row: int) -> dict[int, str]:
    """The fields by their columns, from 1."""
    spellings = {spelling.casefold(): one.name for one in kind.fields for spelling in (one.name, *one.label.values())}
    spellings |= {name.replace("_", " "): field_name for name, field_name in list(spellings.items())}
    headers = {cell.column: tidy(str(cell.value or "")).rstrip("*").strip().casefold() for cell in sheet.row(row)}
    return {column: spellings[header] for column, header in headers.items() if header in spellings}


def _read(sheet: Sheet, kind: RecordKind, header: int, name: str, reason: str, dates: DateOrder) -> RecordTable:
    columns = _columns(sheet, kind, header)
    fields = {one.name: one for one in kind.fields}
    found = RecordTable()
    for row in range(header + 1, len(sheet.rows) + 1):
        cells = {columns[cell.column]: cell for cell in sheet.row(row) if cell.column in columns}
        if all(cell.empty for cell in cells.values()):
            continue
        try:
            values = dict(_values(cells, fields, dates))
            found.records.append(record_of(kind.name, values, reason, name))
        except UnreadableCell as unreadable:
            found.rejected.append(BadRow(unreadable.cell.address, str(unreadable)))
        except InvalidField as invalid:
            cell = cells.get(invalid.field, Cell(None, row, 1, sheet.name))
            found.rejected.append(BadRow(cell.address, str(invalid)))
    if sheet.damage is not None:
        found.rejected.append(BadRow(f"A{sheet.damage.row}", f"row {sheet.damage.row} {sheet.damage.reason}"))
    return found


def _values(cells: dict[str, Cell], fields: dict[str, Field], dates: DateOrder) -> Iterator[tuple[str, str]]:
    for name, cell in cells.items():
        match fields[name].type:
            case "time":
                found = when(cell, dates)
                yield name, "" if found is None else found.iso
            case kind if kind in IDENTIFIERS:
                yield name, identifier(cell)
            case _:
                yield name, text(cell)
