"""Sheets to files: CSV that spreadsheets open as it is meant, and XLSX. No cell runs when it is opened.

The same rows give the same bytes. What does not fit into a workbook is an error, never cut.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import IO

from tracegraph.errors import UsageError
from tracegraph.formats.tables.cells import EXCEL_DIGITS, Value, column_letters, raw_text

#: What makes a spreadsheet take a cell for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_RUNS = re.compile(r"'*[=+\-@\t\r\n]")
_NEUTRALISED = re.compile(r"''*[=+\-@\t\r\n]")

#: Limits of a workbook (ECMA-376 and Excel).
MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
MOST_CHARACTERS = 32_767
_MOST_IN_NAME = 31

#: The moment that a workbook says it was made: always the same, so that its bytes are.
_MADE = datetime(2000, 1, 1)  # noqa: DTZ001 (XlsxWriter takes no zone)
_WIDEST_COLUMN = 60

Row = Sequence[Value]


def neutral(cell: str) -> str:
    """The cell, with an apostrophe before it where a spreadsheet would run it (or would, without its apostrophes)."""
    return f"'{cell}" if _RUNS.match(cell) else cell


def plain(cell: str) -> str:
    """The cell without the apostrophe that neutral() put before it."""
    return cell[1:] if _NEUTRALISED.match(cell) else cell


def csv_bytes(rows: Iterable[Row]) -> bytes:
    """Rows as CSV (RFC 4180): commas, CRLF, UTF-8 with a byte-order mark, without which Excel takes it for the
    encoding of the computer."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    for row in rows:
        writer.writerow([_csv_cell(value) for value in row])
    return file.getvalue().encode("utf-8-sig")


def _csv_cell(value: Value) -> str:
    """A value as text; numbers are no formula, whatever their sign."""
    return neutral(value) if isinstance(value, str) else raw_text(value)


def write_xlsx(file: IO[bytes], sheets: Mapping[str, Iterable[Row]], heads: int | Mapping[str, int] = 1) -> None:
    """Write a workbook: its sheets by name. The first `heads` rows of each (or of the sheet of that name) are headers:
    bold, staying in view, the last of them with filters. Numbers are numbers where they keep all their digits, all else
    is text.

    Errors: UsageError where something does not fit into a workbook; UsageError where XlsxWriter is missing.
    """
    from xlsxwriter import Workbook

    workbook = Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    workbook.set_properties({"created": _MADE})
    bold = workbook.add_format({"bold": True})
    for name, rows in sheets.items():
        sheet = workbook.add_worksheet(name)
        widths: dict[int, int] = {}
        last, above = -1, heads if isinstance(heads, int) else heads[name]
        for last, row in enumerate(rows):
            _check_row(name, last, row)
            for column, value in enumerate(row):
                _write(sheet, last, column, value, bold if last < above else None)
                widths[column] = max(widths.get(column, 0), len(raw_text(value)))
        _lay_out(sheet, widths, last, above)
    workbook.close()


def sheet_name(label: str) -> str:
    """A label as the name of a sheet: as much of it as a workbook can hold there."""
    return label[:_MOST_IN_NAME]


def _lay_out(sheet: object, widths: Mapping[int, int], last: int, heads: int) -> None:
    """Columns wide enough, headers in view, filters."""
    from xlsxwriter.worksheet import Worksheet

    assert isinstance(sheet, Worksheet)
    for column, width in widths.items():
        sheet.set_column(column, column, min(width + 2, _WIDEST_COLUMN))
    if heads and widths:
        sheet.freeze_panes(heads, 0)
        sheet.autofilter(heads - 1, 0, max(last, heads - 1), max(widths))


def _check_row(name: str, row: int, values: Row) -> None:
    if row >= MOST_ROWS:
        raise UsageError(
            f"sheet {name!r} has more than {MOST_ROWS:,} rows, which is the limit of a workbook; write csv"
        )
    if len(values) > MOST_COLUMNS:
        raise UsageError(f"sheet {name!r} has more than {MOST_COLUMNS:,} columns, which is the limit of a workbook")
    for column, value in enumerate(values):
        if isinstance(value, str) and len(neutral(value)) > MOST_CHARACTERS:
            address = f"{column_letters(column + 1)}{row + 1}"
            raise UsageError(
                f"cell {address} of sheet {name!r} has more than {MOST_CHARACTERS:,} characters, which is the limit of "
                "a workbook; write csv"
            )


def _write(sheet: object, row: int, column: int, value: Value, style: object) -> None:
    """One cell, never as a formula or a link."""
    from xlsxwriter.worksheet import Worksheet

    assert isinstance(sheet, Worksheet)
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value, style)
    elif isinstance(value, Decimal) and _fits(value):
        sheet.write_number(row, column, float(value), style)
    else:
        sheet.write_string(row, column, neutral(raw_text(value)) if isinstance(value, str) else raw_text(value), style)


def _fits(number: Decimal) -> bool:
    """Whether a workbook keeps all digits of a number."""
    return number.is_finite() and Decimal(f"{float(number):.{EXCEL_DIGITS}g}") == number
