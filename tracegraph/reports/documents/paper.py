"""What stands on a document, in the words of one language, before anybody lays it out."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from tracegraph.claims.row import Row
from tracegraph.messages import Language, words
from tracegraph.model.measures import EXACT, decimal
from tracegraph.model.quantity import decimal_text
from tracegraph.model.record_kinds import record_kind
from tracegraph.model.values import value
from tracegraph.reports.drawing import Drawing

#: Decimals of amounts and percentages on paper; the records keep all of theirs.
PLACES = 6

Cell = str | Decimal | None
#: A cell that is left open for whoever fills in the document.
BLANK = ""


@value
class Entry:
    """A fact under its label; None: nobody recorded it, and the document says so. `name`: what programs call it."""

    label: str
    value: Cell
    name: str = ""


@value
class Grid:
    """A table: headings, and rows of as many cells. `name` and `names`: what programs call it and its columns; a table
    with a name has a sheet of its own in a workbook."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    name: str = ""
    names: tuple[str, ...] = ()


@value
class Picture:
    """What is drawn: boxes with the words in them, and lines."""

    title: str
    drawing: Drawing


@value
class Part:
    """A section under a heading (empty: none): paragraphs, facts, pictures, tables. `name`: what programs call it."""

    title: str
    entries: tuple[Entry, ...] = ()
    grids: tuple[Grid, ...] = ()
    texts: tuple[str, ...] = ()
    name: str = ""
    pictures: tuple[Picture, ...] = ()


@value
class Made:
    """From what a document was made, so that it can be made again: what was asked for, until when the records were
    known (an instant; None: everything), the hash of the last ledger entry among them."""

    parameters: tuple[Entry, ...]
    known: int | None
    head: str


@value
class Paper:
    """A document. `lacking`: what it ought to say and nobody recorded; `notes`: what it rests on; `made`: from what it
    was made, told at its end with the hash of the content. `marks`: what stands over all of it, on each page and sheet;
    `drill`: it is an exercise, and says so there. `wide`: its tables need paper on its side."""

    title: str
    subtitle: str
    language: Language
    parts: tuple[Part, ...]
    lacking: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    made: Made | None = None
    marks: tuple[str, ...] = ()
    drill: bool = False
    wide: bool = False


def label(kind: str, name: str, language: Language) -> str:
    """What a field of a kind of record is called."""
    return next(field.label[language] for field in record_kind(kind).fields if field.name == name)


def entry(row: Row, name: str, language: Language, said: Cell = None) -> Entry:
    """A field of a record; `said`: what stands there instead of its text."""
    text = row.text(name) or None
    number = row.number(name) if text is not None and _is_number(row, name) else None
    return Entry(label(row.kind, name, language), said or (text if number is None else number))


def _is_number(row: Row, name: str) -> bool:
    return any(field.name == name and field.type == "number" for field in record_kind(row.kind).fields)


def on_paper(amount: Fraction) -> Decimal:
    """An amount with at most six decimals, half to even."""
    return decimal(amount).quantize(Decimal(1).scaleb(-PLACES), ROUND_HALF_EVEN, EXACT).normalize(EXACT)


def cell_text(cell: Cell, language: Language) -> str:
    """A cell as it is read; what nobody recorded is said."""
    if cell is None:
        return words("paper_missing", language)
    return decimal_text(cell) if isinstance(cell, Decimal) else cell
