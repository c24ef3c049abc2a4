"""The spreadsheets that authorities ask for, of the lots of a case: FSMA 204's and the eight items of EU 931/2011.

Their rows and columns are those of reports/sortable; here they are of the lots in a scope version, and a document, so
that they are had in every form.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from tracegraph.errors import UsageError
from tracegraph.formats.tables.cells import Value, raw_text
from tracegraph.messages import Language, words
from tracegraph.recall.case import CaseFile
from tracegraph.reports.documents.paper import Cell, Entry, Grid, Paper, Part
from tracegraph.reports.documents.recall.enforcement import RECALLED
from tracegraph.reports.documents.recall.grids import fact, made
from tracegraph.reports.sheet_forms import SheetChoice
from tracegraph.reports.sortable import SHEETS
from tracegraph.reports.sortable.gathering import lines
from tracegraph.trace.snapshot import Snapshot

#: Columns of one table on paper, beside the number of the row.
MOST_COLUMNS = 8
#: Everything about the lots.
EVERYTHING = SheetChoice()


def case_choice(case: CaseFile, choice: SheetChoice = EVERYTHING) -> SheetChoice:
    """A choice of rows, with the lots of the scope version that holds. Raises UsageError where the case has none."""
    version = case.approved or case.scope
    units = version.units(*(one.value for one in RECALLED)) if version else ()
    if not units:
        raise UsageError(f"case {case.id} has no lots in scope yet; make a scope version first")
    return replace(choice, lots=units)


def sheet(
    form: str, choice: SheetChoice, snapshot: Snapshot, language: Language, case: CaseFile | None = None
) -> Paper:
    """A sheet as a document; columns that no row fills are left out on it. Raises UsageError for another form."""
    if form not in SHEETS:
        raise UsageError(f"there is no sheet {form!r}; choose one of {', '.join(SHEETS)}")
    heads, *rows = (list(row) for row in SHEETS[form](lines(snapshot, choice, language), language))
    kept = [place for place in range(len(heads)) if any(row[place] not in (None, "") for row in rows)] or [0]
    return Paper(
        words(f"sheet_{form}", language),
        case.id if case else "",
        language,
        (
            Part(
                "",
                (fact("rows", Decimal(len(rows)), language),),
                _tables(form, heads, rows, kept, language),
                name="sheet",
            ),
        ),
        (),
        (words("doc_sheet_note", language),),
        made(snapshot, (_chosen(name, text, language) for name, text in choice.told().items())),
        drill=case is not None and case.is_drill,
        wide=True,
    )


def _chosen(name: str, text: str, language: Language) -> Entry:
    return fact("lots", text, language) if name == "lot" else Entry(name, text, name)


def _tables(
    form: str, heads: Sequence[Value], rows: Sequence[Sequence[Value]], kept: Sequence[int], language: Language
) -> tuple[Grid, ...]:
    """The columns in as many tables as paper has room for, the rows numbered alike in each."""
    title, count = words(f"sheet_{form}", language), -(-len(kept) // MOST_COLUMNS)
    found = []
    for number in range(count):
        part = kept[number * MOST_COLUMNS : (number + 1) * MOST_COLUMNS]
        named = f"{title} {number + 1}/{count}" if count > 1 else title
        cells = ((Decimal(line), *(_cell(row[place]) for place in part)) for line, row in enumerate(rows, 1))
        columns = (words("doc_number", language), *(raw_text(heads[place]) for place in part))
        found.append(Grid(named, columns, tuple(cells), form if number == 0 else f"{form}_{number + 1}"))
    return tuple(found)


def _cell(value: Value) -> Cell:
    if isinstance(value, Decimal) and not isinstance(value, bool):
        return value
    return None if value is None else raw_text(value)
