"""A document as rows: a workbook, and CSV. Numbers are numbers; no cell runs when it is opened."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from itertools import chain, count

from tracegraph.formats.tables.writing import Row, csv_bytes, sheet_name, write_xlsx
from tracegraph.messages import Language, words
from tracegraph.reports.documents.content import ending, marks
from tracegraph.reports.documents.paper import Cell, Grid, Paper, Part, cell_text

#: What a name of a sheet must not hold.
_NOT_IN_NAME = re.compile(r"[\[\]:*?/\\]")


def csv(paper: Paper) -> bytes:
    """The whole document as CSV."""
    return csv_bytes(all_rows(paper))


def all_rows(paper: Paper) -> Iterator[Row]:
    """The whole document as rows: facts as label and value, tables under their headings."""
    return _rows(paper, in_place=True)


def workbook(paper: Paper) -> bytes:
    """A sheet of facts as label and value and of tables under their headings; but tables with a name on sheets of their
    own, with filters. The marks of the document stand over each sheet."""
    first = _named(paper.title, {})
    sheets: dict[str, list[Row]] = {first: list(_rows(paper, in_place=False))}
    for grid in (grid for part in paper.parts for grid in part.grids if grid.name):
        sheets[_named(grid.title, sheets)] = [*_marks(paper), *_grid(grid, paper.language)]
    above = len(marks(paper)) + 1
    file = BytesIO()
    write_xlsx(file, sheets, heads={name: 0 if name == first else above for name in sheets})
    return file.getvalue()


def _named(title: str, taken: dict[str, list[Row]]) -> str:
    """The title as the name of one more sheet; case does not tell two sheets apart."""
    plain, used = sheet_name(_NOT_IN_NAME.sub(" ", title)), {one.casefold() for one in taken}
    others = (f"{plain[:25]} {number}" for number in count(2))
    return next(name for name in chain([plain], others) if name.casefold() not in used)


def _rows(paper: Paper, *, in_place: bool) -> Iterator[Row]:
    """`in_place`: tables with a name stand here as well."""
    yield from _marks(paper)
    yield (paper.title, paper.subtitle)
    if paper.lacking:
        yield (words("paper_lacking", paper.language), "; ".join(paper.lacking))
    for part in (*paper.parts, *ending(paper)):
        yield ()
        yield from _part(part, paper.language, in_place)
    yield ()
    for note in paper.notes:
        yield (note,)


def _marks(paper: Paper) -> Iterator[Row]:
    return ((mark,) for mark in marks(paper))


def _part(part: Part, language: Language, in_place: bool) -> Iterator[Row]:
    yield from ([(part.title,)] if part.title else [])
    yield from ((text,) for text in part.texts)
    for one in part.entries:
        yield (one.label, _value(one.value, language))
    for grid in part.grids:
        if in_place or not grid.name:
            yield ()
            yield (grid.title,)
            yield from _grid(grid, language)


def _grid(grid: Grid, language: Language) -> Iterator[Row]:
    yield grid.heads
    yield from (tuple(_value(cell, language) for cell in row) for row in grid.rows)


def _value(cell: Cell, language: Language) -> str | Decimal:
    return cell if isinstance(cell, Decimal) else cell_text(cell, language)
