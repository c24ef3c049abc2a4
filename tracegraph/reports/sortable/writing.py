"""The sheets as files: CSV, or a workbook that also says what was asked for and what the records lack.

The same records and the same question give the same bytes on every store. Cells that a spreadsheet would run are
neutralised by the one function that writes cells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import IO

from tracegraph import __version__
from tracegraph.formats.fsma204.telling import labels, values
from tracegraph.formats.tables.cells import Value
from tracegraph.formats.tables.writing import Row, csv_bytes, write_xlsx
from tracegraph.messages import Language, words
from tracegraph.model.instants import optional_text
from tracegraph.reports.exports import Sharing
from tracegraph.reports.sheet_forms import SheetChoice
from tracegraph.reports.sortable.eight_items import HEADER, eight_items
from tracegraph.reports.sortable.gathering import Line, lines
from tracegraph.trace.snapshot import Snapshot

#: The events, as the rows of one sheet under its header.
Sheet = Callable[[list[Line], Language], Iterator[Row]]


def _critical_tracking_events(found: list[Line], language: Language) -> Iterator[Row]:
    """The union of all key data elements; blank where one does not apply (21 CFR 1.1455(c)(3)(ii)). Columns that only
    their sender knew stand behind."""
    others = sorted({name for line in found for row in line.rows for name in row.others})
    yield [*labels(language), *others]
    for line in found:
        yield from (values(row, others) for row in line.rows)


def _dispatches(found: list[Line], language: Language) -> Iterator[Row]:
    """Regulation (EU) 931/2011 article 3: one row for each lot dispatched."""
    yield [words(name, language) for name in HEADER]
    for line in found:
        yield from eight_items(line)


#: What makes each sheet, by the name of the form.
SHEETS: dict[str, Sheet] = {"fsma204": _critical_tracking_events, "eu931": _dispatches}


def write_sheet(
    form: str,
    snapshot: Snapshot,
    choice: SheetChoice,
    file: IO[bytes],
    sharing: Sharing,
    language: Language = "en",
    workbook: bool = False,
) -> None:
    """Write a sheet of the chosen events. `workbook`: XLSX with a second sheet about the first, else CSV, in which
    that stands above the header where the sheet is less than everything that is recorded of the events."""
    rows = SHEETS[form](lines(snapshot, choice, language), language)
    about = list(_about(form, snapshot, choice, sharing))
    if workbook:
        write_xlsx(file, {words(f"sheet_{form}", language): rows, words("sheet_about", language): about})
        return
    file.write(csv_bytes(_with_head(about, rows) if sharing != Sharing() else rows))


def _about(form: str, snapshot: Snapshot, choice: SheetChoice, sharing: Sharing) -> Iterator[Row]:
    """What the sheet is, of which records, and for whom."""
    yield ["tracegraph", __version__]
    yield ["sheet", form]
    yield from map(list, (choice.told() | sharing.told()).items())
    yield ["as of", optional_text(snapshot.known) or "", snapshot.head]


def _with_head(about: Iterable[Row], rows: Iterable[Row]) -> Iterator[Row]:
    empty: list[Value] = []
    yield from about
    yield empty
    yield from rows
