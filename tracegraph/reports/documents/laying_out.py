"""A document as a page, as PDF and as a workbook: the same words and numbers in each."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from html import escape
from importlib.resources import files
from typing import IO

from tracegraph.errors import UsageError
from tracegraph.formats.tables.writing import Row, sheet_name, write_xlsx
from tracegraph.messages import Language, words
from tracegraph.reports.documents.paper import Cell, Entry, Grid, Paper, Part, cell_text
from tracegraph.reports.page import document


def html(paper: Paper) -> str:
    """One page without scripts; nothing is loaded from elsewhere."""
    body = [
        f"<h1>{escape(paper.title)}</h1>",
        f'<p class="meta"><b>{escape(paper.subtitle)}</b></p>',
        *_banner(paper),
        *(line for part in paper.parts for line in _part(part, paper.language)),
        *(f'<p class="note">{escape(note)}</p>' for note in paper.notes),
    ]
    return document(f"{paper.title} {paper.subtitle}", body, paper.language, _style())


@cache
def _style() -> str:
    return files("tracegraph.reports.documents").joinpath("paper.css").read_text(encoding="utf-8")


def pdf(paper: Paper) -> bytes:
    """A4 with numbered pages and embedded fonts; the same document gives the same bytes. Raises UsageError where
    WeasyPrint or what it draws with is missing."""
    try:
        from weasyprint import HTML
    except (ImportError, OSError):
        raise UsageError(
            "PDF needs WeasyPrint and Pango, which are not installed; run pip install 'tracegraph[documents]' and see "
            "docs/documents.md for Pango and fonts, or choose html or xlsx"
        ) from None
    logging.getLogger("weasyprint").setLevel(logging.ERROR)  # it warns of every style that is for screens only
    made: bytes = HTML(string=html(paper)).write_pdf()
    return made


def workbook(paper: Paper, file: IO[bytes]) -> None:
    """One sheet: facts as label and value, tables under their headings; numbers are numbers."""
    write_xlsx(file, {sheet_name(paper.title): _rows(paper)}, heads=0)


def _banner(paper: Paper) -> Iterator[str]:
    if paper.lacking:
        told = words("paper_lacking", paper.language)
        yield f'<p class="banner bad" role="status">{escape(told)}: <span>{escape("; ".join(paper.lacking))}</span></p>'


def _part(part: Part, language: Language) -> Iterator[str]:
    if part.title:
        yield f"<h2>{escape(part.title)}</h2>"
    if part.entries:
        rows = "".join(_fact(one, language) for one in part.entries)
        yield f'<div class="table facts"><table><tbody>{rows}</tbody></table></div>'
    for grid in part.grids:
        yield from _grid(grid, language)


def _fact(one: Entry, language: Language) -> str:
    value = f"<td{_class(False, one.value is None)}>{escape(cell_text(one.value, language))}</td>"
    return f"<tr><th scope=row>{escape(one.label)}</th>{value}</tr>"


def _grid(grid: Grid, language: Language) -> Iterator[str]:
    yield f"<h3>{escape(grid.title)}</h3>"
    columns = range(len(grid.heads))
    numbers = {place for place in columns if any(isinstance(row[place], Decimal) for row in grid.rows)}
    heads = "".join(f'<th scope="col"{_class(place in numbers)}>{escape(grid.heads[place])}</th>' for place in columns)
    yield f'<div class="table"><table><thead><tr>{heads}</tr></thead><tbody>'
    for row in grid.rows:
        yield f"<tr>{''.join(_cell(row[place], place in numbers, language) for place in columns)}</tr>"
    yield "</tbody></table></div>"


def _cell(cell: Cell, number: bool, language: Language) -> str:
    return f"<td{_class(number, cell is None)}>{escape(cell_text(cell, language))}</td>"


def _class(number: bool, lacking: bool = False) -> str:
    names = ["number"] * number + ["lacking"] * lacking
    return f' class="{" ".join(names)}"' if names else ""


def _rows(paper: Paper) -> Iterator[Row]:
    yield (paper.title, paper.subtitle)
    if paper.lacking:
        yield (words("paper_lacking", paper.language), "; ".join(paper.lacking))
    for part in paper.parts:
        yield ()
        yield from ([(part.title,)] if part.title else [])
        for one in part.entries:
            yield (one.label, _value(one.value, paper.language))
        for grid in part.grids:
            yield ()
            yield (grid.title,)
            yield grid.heads
            yield from (tuple(_value(cell, paper.language) for cell in row) for row in grid.rows)
    yield ()
    for note in paper.notes:
        yield (note,)


def _value(cell: Cell, language: Language) -> str | Decimal:
    return cell if isinstance(cell, Decimal) else cell_text(cell, language)


def _write_html(paper: Paper, file: IO[bytes]) -> None:
    file.write(html(paper).encode("utf-8", "backslashreplace"))


def _write_pdf(paper: Paper, file: IO[bytes]) -> None:
    file.write(pdf(paper))


#: What writes a document, by the name of the form.
FORMS: dict[str, Callable[[Paper, IO[bytes]], None]] = {"html": _write_html, "pdf": _write_pdf, "xlsx": workbook}
