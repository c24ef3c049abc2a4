"""Data frames of pandas as sources of tables: their columns are the head of a sheet, their rows its rows."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracegraph.formats.source import SourceFile
from tracegraph.formats.tables.cells import Value
from tracegraph.formats.tables.writing import Row, write_xlsx

if TYPE_CHECKING:
    import pandas as pd

    from tracegraph.formats.tables.reader import TableOptions

#: What messages call a data frame.
NAME = "data frame"


def source_of(source: str | Path | pd.DataFrame) -> str | Path | SourceFile:
    """What is to be read: a path as it is, a data frame as a workbook in memory, row 1 the names of its columns."""
    if isinstance(source, (str, Path)):
        return source
    rows: list[Row] = [[str(name) for name in source.columns]]
    rows += [[_value(cell) for cell in row] for row in source.itertuples(index=False, name=None)]
    file = io.BytesIO()
    write_xlsx(file, {"": rows})
    file.seek(0)
    return SourceFile(NAME, stream=file)


def table_options(kind: str, options: TableOptions | None) -> TableOptions:
    """The options with a kind of table that was named. UsageError for one that there is not."""
    from tracegraph.formats.tables.reader import TableOptions, kind_of

    chosen = options or TableOptions()
    return replace(chosen, kind=kind_of(kind)) if kind else chosen


def _value(cell: Any) -> Value:
    """A value of a data frame as that of a cell; what is missing (NaN, NaT, None) is empty."""
    if cell is None or cell != cell:
        return None
    if isinstance(cell, bool | str | Decimal):
        return cell
    if isinstance(cell, datetime):
        midnight = not (cell.hour or cell.minute or cell.second or cell.microsecond) and cell.tzinfo is None
        return cell.date().isoformat() if midnight else cell.isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, int | float) or hasattr(cell, "item"):
        return Decimal(str(cell.item() if hasattr(cell, "item") else cell))
    return str(cell)
