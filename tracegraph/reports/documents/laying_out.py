"""A document in each of its forms, with the same words and numbers: a page and PDF here, tables in `sheets`."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from html import escape
from importlib.resources import files

from tracegraph.errors import UsageError
from tracegraph.messages import Language, words
from tracegraph.reports.documents.content import content, content_hash, ending, marks
from tracegraph.reports.documents.paper import BLANK, Cell, Entry, Grid, Paper, Part, Picture, cell_text
from tracegraph.reports.documents.sheets import csv, workbook
from tracegraph.reports.page import document
from tracegraph.reports.svg import svg

#: Letters of a word that may be broken anywhere, for else it would be wider than its column.
_LONG = 24
#: Tables with more columns are set smaller on paper.
MANY = 7
_WIDE = "@page{size:A4 landscape}"


def html(paper: Paper) -> str:
    """One page without scripts; nothing is loaded from elsewhere."""
    body = [
        *_marks(paper),
        f"<h1>{escape(paper.title)}</h1>",
        f'<p class="meta"><b>{escape(paper.subtitle)}</b></p>',
        *_banner(paper),
        *(line for part in (*paper.parts, *ending(paper)) for line in _part(part, paper.language)),
        *(f'<p class="note">{escape(note)}</p>' for note in paper.notes),
    ]
    return document(f"{paper.title} {paper.subtitle}", body, paper.language, _style() + (_WIDE if paper.wide else ""))


@cache
def _style() -> str:
    return files("tracegraph.reports.documents").joinpath("paper.css").read_text(encoding="utf-8")


def _marks(paper: Paper) -> Iterator[str]:
    """The marks; for paper, also a line that is repeated on each page, and across each page of a drill its stamp."""
    told = marks(paper)
    line, bold = escape(f"{paper.title} · {paper.subtitle}"), escape(" · ".join(told))
    yield f'<p class="running" aria-hidden="true">{f"<b>{bold}</b> · " if bold else ""}{line}</p>'
    if paper.drill:
        yield f'<p class="stamp" aria-hidden="true">{escape(words("paper_stamp", paper.language))}</p>'
    yield from (f'<p class="mark" role="note">{escape(mark)}</p>' for mark in told)


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


def _banner(paper: Paper) -> Iterator[str]:
    if paper.lacking:
        told = words("paper_lacking", paper.language)
        yield f'<p class="banner bad" role="status">{escape(told)}: <span>{escape("; ".join(paper.lacking))}</span></p>'


def _part(part: Part, language: Language) -> Iterator[str]:
    if part.title:
        yield f"<h2>{escape(part.title)}</h2>"
    yield from (f'<p class="text">{escape(text)}</p>' for text in part.texts)
    if part.entries:
        rows = "".join(_fact(one, language) for one in part.entries)
        yield f'<div class="table facts"><table><tbody>{rows}</tbody></table></div>'
    yield from (f'<div class="graph">{_drawn(picture, language)}</div>' for picture in part.pictures)
    for grid in part.grids:
        yield from _grid(grid, language)


def _drawn(picture: Picture, language: Language) -> str:
    """The picture with its own style: what lays out pages for print does not give it that of the page."""
    return svg(picture.drawing, {}, language, _picture_style())


@cache
def _picture_style() -> str:
    return files("tracegraph.reports.documents").joinpath("picture.css").read_text(encoding="utf-8")


def _fact(one: Entry, language: Language) -> str:
    value = f"<td{_class(False, one.value)}>{escape(cell_text(one.value, language))}</td>"
    return f"<tr><th scope=row>{escape(one.label)}</th>{value}</tr>"


def _grid(grid: Grid, language: Language) -> Iterator[str]:
    yield f"<h3>{escape(grid.title)}</h3>"
    columns = range(len(grid.heads))
    numbers = {place for place in columns if any(isinstance(row[place], Decimal) for row in grid.rows)}
    heads = "".join(f'<th scope="col"{_class(place in numbers)}>{escape(grid.heads[place])}</th>' for place in columns)
    many = " many" if len(grid.heads) > MANY else ""
    yield f'<div class="table{many}"><table><thead><tr>{heads}</tr></thead><tbody>'
    for row in grid.rows:
        yield f"<tr>{''.join(_cell(row[place], place in numbers, language) for place in columns)}</tr>"
    yield "</tbody></table></div>"


def _cell(cell: Cell, number: bool, language: Language) -> str:
    return f"<td{_class(number, cell)}>{escape(cell_text(cell, language))}</td>"


def _class(number: bool, cell: Cell = "-") -> str:
    names = ["number"] * number + ["lacking"] * (cell is None) + ["open"] * (cell == BLANK)
    names += ["long"] * (isinstance(cell, str) and max(map(len, cell.split()), default=0) > _LONG)
    return f' class="{" ".join(names)}"' if names else ""


def data(paper: Paper) -> bytes:
    """The content as JSON, with its hash."""
    told = {"content": content(paper), "hash": content_hash(paper)}
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


#: What makes the bytes of a document, by the name of the form.
FORMS: dict[str, Callable[[Paper], bytes]] = {
    "html": lambda paper: html(paper).encode("utf-8", "backslashreplace"),
    "pdf": pdf,
    "xlsx": workbook,
    "csv": csv,
    "json": data,
}
