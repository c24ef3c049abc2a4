"""Spreadsheets made in tests: workbooks with what people do to them."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from xlsxwriter import Workbook


def workbook(
    sheets: Mapping[str, Iterable[Sequence[Any]]],
    *,
    merged: Iterable[tuple[int, int, int, int, str]] = (),
    hidden: Iterable[str] = (),
    epoch_1904: bool = False,
) -> bytes:
    """A workbook as people make it: typed cells, dates in a date format, merged cells on the first sheet."""
    file = io.BytesIO()
    book = Workbook(file, {"in_memory": True, "date_1904": epoch_1904})
    day, moment = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        if name in hidden:
            sheet.hide()
        for row, values in enumerate(rows):
            for column, value in enumerate(values):
                if isinstance(value, datetime):
                    sheet.write_datetime(row, column, value, moment)
                elif isinstance(value, date):
                    sheet.write_datetime(row, column, value, day)
                elif isinstance(value, str):
                    sheet.write_string(row, column, value)
                else:
                    sheet.write(row, column, value)
    for *place, said in merged:
        book.worksheets()[0].merge_range(*place, said)
    book.close()
    return file.getvalue()


def semicolons(rows: Iterable[Sequence[str]], encoding: str = "utf-8") -> bytes:
    """CSV as a spreadsheet in a country of decimal commas saves it."""
    return "".join(";".join(row) + "\r\n" for row in rows).encode(encoding)
