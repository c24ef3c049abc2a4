"""Rows of a table as records of a kind that people enter (model.record_kinds): its columns are the fields of the kind.

Whatever kind there is can be read so; a row that makes no such record is told by its cell, and the others stand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tracegraph.errors import InputError, InvalidField
from tracegraph.formats.tables.cells import UnreadableCell
from tracegraph.formats.tables.columns import Layout, layout
from tracegraph.formats.tables.kinds import REASON, TableKind, kind_named
from tracegraph.formats.tables.reading import Sheet, read_sheets
from tracegraph.formats.tables.rows import BadRow, Line, Ways, bad_row, lines
from tracegraph.model.record import Record
from tracegraph.model.record_kinds import record_kind, record_of

#: Why a row is on record where nobody said it.
IMPORTED = "imported as reported"


@dataclass(frozen=True, slots=True)
class StatedRecord:
    """The record that a row states, and where the values of its fields stand (`B7`)."""

    row: int
    record: Record
    cells: Mapping[str, str]


@dataclass(slots=True)
class RecordTable:
    """What was read: the records in their order, and the rows that are none."""

    records: list[Record] = field(default_factory=list)
    rejected: list[BadRow] = field(default_factory=list)


def read_records(data: bytes, name: str, kind: str, reason: str = "", ways: Ways | None = None) -> RecordTable:
    """The records of a kind in a file called `name`: those of its first sheet in view that has the columns of one.
    Columns that are only alike are not taken.

    Raises InputError where it is no spreadsheet, or none of its sheets has the columns that such a record needs.
    """
    known = kind_named(kind)
    for sheet in read_sheets(data, name):
        found = None if sheet.hidden else layout(sheet, [known])
        if found is not None and not found.by_name.missing():
            return _read(sheet, found.by_name, ways or Ways(), reason, name)
    needed = " and ".join(_needed(known))
    raise InputError(f"{name} has no row with the columns {needed}; name the columns {', '.join(known.columns)}")


def _needed(kind: TableKind) -> list[str]:
    """The columns that no row can do without."""
    required = [column.name for column in kind.columns.values() if column.required]
    return required + [" or ".join(group) for group in kind.any_of]


def _read(sheet: Sheet, found: Layout, ways: Ways, reason: str, name: str) -> RecordTable:
    table = RecordTable()
    for row in record_rows(sheet, found, ways, reason, name):
        if isinstance(row, BadRow):
            table.rejected.append(row)
        else:
            table.records.append(row.record)
    if sheet.damage is not None:
        at = sheet.damage.row
        table.rejected.append(BadRow(at, f"A{at}", f"row {at} {sheet.damage.reason}", {}))
    return table


def record_rows(
    sheet: Sheet, found: Layout, ways: Ways, reason: str = "", source: str = ""
) -> Iterator[StatedRecord | BadRow]:
    """All rows below the names of the columns, of a layout whose kind is one of records. `reason`: why they are
    recorded, where a row does not say it; a kind that needs a reason has none otherwise."""
    for line in lines(sheet, found, ways):
        if isinstance(line, BadRow):
            yield line
            continue
        try:
            yield _stated(sheet, found, line, reason, source)
        except UnreadableCell as unreadable:
            yield bad_row(sheet, found, line.row, unreadable)


def _stated(sheet: Sheet, found: Layout, line: Line, reason: str, source: str) -> StatedRecord:
    kind = record_kind(found.kind.name)
    at = {chosen.ours: chosen.column for chosen in found.columns if chosen.ours}
    values = line.written()
    why = reason if REASON in kind.names else values.pop(REASON, reason)
    if kind.reason and not why.strip():
        cell = sheet.cell(line.row, at.get(REASON, 1))
        raise UnreadableCell(cell, f"leaves open why; fill in a column {REASON}, or say it with --reason")
    try:
        record = record_of(kind.name, values, why.strip() or IMPORTED, source)
        str(record.data).encode()
    except InvalidField as invalid:
        cell = sheet.cell(line.row, at.get(invalid.field, 1))
        raise UnreadableCell(cell, f"makes no {invalid}") from None
    except UnicodeEncodeError:
        raise UnreadableCell(sheet.cell(line.row, 1), "or another one of its row has no UTF-8 form; type it") from None
    return StatedRecord(line.row, record, {name: sheet.cell(line.row, column).address for name, column in at.items()})
