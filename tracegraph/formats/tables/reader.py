"""Files of plain tables as pieces, like every other format: events, master data, records, and rejected rows.

A rejected row is kept whole with the address of its cell. A sheet whose columns are only guessed is rejected as a whole
until somebody confirms the guess; a sheet that is no table of any kind too.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import cast, get_args

from tracegraph.errors import InputError, UsageError
from tracegraph.formats.epcis.acceptance import event_piece, master_data_piece, packed_rest, rejected
from tracegraph.formats.epcis.json_text import json_text
from tracegraph.formats.epcis.payload import surroundings
from tracegraph.formats.epcis.pieces import AcceptedEvent, AcceptedRecord, Piece, Rejected, SourcePosition
from tracegraph.formats.source import Kept, SourceFile, Unpacked
from tracegraph.formats.tables.cells import DecimalMark
from tracegraph.formats.tables.columns import Layout, layout
from tracegraph.formats.tables.dates import DateOrder
from tracegraph.formats.tables.kinds import ABOUT, ABOUT_TABLES, TableKind, all_kinds
from tracegraph.formats.tables.reading import MOST_BYTES, Sheet, is_workbook, read_sheets
from tracegraph.formats.tables.records import StatedRecord, record_rows
from tracegraph.formats.tables.rows import BadRow, Line, Ways, cells_of, lines
from tracegraph.formats.tables.statements import DECLARED, element, events
from tracegraph.formats.tables.writing import sheet_name
from tracegraph.model.event import Finding, Json

#: Findings that say nothing new of a table: people call places and goods by names there.
_USUAL = frozenset({"not_a_uri"})
_MASTER = frozenset({"organisations", "sites", "products"})
#: How many of the guessed columns a sentence names.
_MOST_NAMED = 12


@dataclass(frozen=True, slots=True)
class TableOptions:
    """How tables are read. `kind`: the kind of all of them, empty where their columns tell. `columns`: their names and
    ours, as somebody said them; `confirmed`: columns that are only alike are taken. `ways`: what cells that can be read
    in two ways mean. `encoding`: of CSV files, empty where their bytes tell. `reason`: why records are recorded whose
    rows do not say it."""

    kind: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    confirmed: bool = False
    ways: Ways = field(default_factory=Ways)
    encoding: str = ""
    reason: str = ""


def is_table(beginning: bytes) -> bool:
    """Whether a file that begins so is a workbook, or CSV with columns of a plain table."""
    if is_workbook(beginning):
        return True
    try:
        sheets = read_sheets(_whole_lines(beginning), "beginning")
        found = layout(sheets[0], all_kinds().values())
    except InputError:
        return False
    return _is_about(sheets[0]) or (found is not None and not found.missing())


def _is_about(sheet: Sheet) -> bool:
    """Whether a sheet is no table, but says what the others are."""
    return sheet.name == ABOUT or sheet.rows[:1] == (ABOUT_TABLES,)


def _whole_lines(beginning: bytes) -> bytes:
    """The beginning up to its last end of a line, which in UTF-16 may have a zero behind it; all where it has none."""
    end = beginning.rfind(b"\n") + 1
    return beginning[: end + (beginning[end : end + 1] == b"\0")] if end else beginning


def read_tables(
    file: SourceFile, stream: Unpacked, *, strict: bool, options: TableOptions | None = None
) -> Iterator[Piece]:
    """The pieces of an open file of plain tables, CSV or a workbook, each sheet a table. `strict`: an event with
    findings is a rejected piece too."""
    data = _bounded(stream)
    position = SourcePosition(file.name)
    if stream.damage and (missing := packed_rest(stream, position, told=False)):
        yield missing
        return
    chosen = options or TableOptions()
    try:
        sheets = read_sheets(data, file.name, chosen.encoding)
    except InputError as unreadable:
        yield Rejected(position, str(unreadable), Kept(data))
        return
    for sheet in sheets:
        yield from _TableReader(file.name, sheet, chosen, strict).pieces()


def _bounded(stream: Unpacked) -> bytes:
    """All of a stream, but no more than one byte beyond what is read."""
    parts: list[bytes] = []
    left = MOST_BYTES + 1
    while left > 0 and (part := stream.read(min(left, 1 << 20))):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def ways_of(dates: str, decimal: str) -> Ways:
    """How cells that can be read in two ways are meant, as somebody says it. UsageError for another word."""
    if dates not in get_args(DateOrder):
        raise UsageError(f"{dates!r} is no order of day, month and year; choose dmy, mdy or ymd")
    if decimal not in get_args(DecimalMark):
        raise UsageError(f"{decimal!r} is no decimal mark; choose point or comma")
    return Ways(cast(DateOrder, dates), cast(DecimalMark, decimal))


def kind_of(name: str) -> str:
    """The name of a kind of table that is captured, or an empty one. UsageError for another."""
    if name and name not in all_kinds():
        raise UsageError(f"{name!r} is no kind of table that is captured; choose one of {', '.join(all_kinds())}")
    return name


def layouts(data: bytes, name: str, options: TableOptions) -> list[tuple[Sheet, Layout | None]]:
    """How each sheet that holds anything would be read. InputError where the file is no spreadsheet, or two columns of
    one of its sheets could be the same one of ours."""
    read = read_sheets(data, name, options.encoding)
    sheets = [sheet for sheet in read if sheet.rows and not _is_about(sheet)]
    return [(sheet, layout(sheet, _kinds(sheet, options), options.columns)) for sheet in sheets]


def guess_told(found: Layout) -> str:
    """The columns that are only alike, in the words of a message."""
    told = [f"{chosen.header!r} = {chosen.ours} ({chosen.likeness} %)" for chosen in found.guessed]
    more = f" and {len(told) - _MOST_NAMED} more" if len(told) > _MOST_NAMED else ""
    return ", ".join(told[:_MOST_NAMED]) + more


def _kinds(sheet: Sheet, options: TableOptions) -> Iterable[TableKind]:
    """The kinds that a sheet may be: what was said, what its name says, else any that is no decision."""
    known = all_kinds()
    if options.kind in known:
        return [known[options.kind]]
    named = [kind for kind in known.values() if sheet.name.casefold() in _names_of_sheets(kind)]
    return named or [kind for kind in known.values() if not kind.decides]


def _names_of_sheets(kind: TableKind) -> list[str]:
    return [kind.name, *(sheet_name(label).casefold() for label in kind.labels.values())]


@dataclass(slots=True)
class _TableReader:
    """One sheet being read."""

    name: str
    sheet: Sheet
    options: TableOptions
    strict: bool
    _seen: set[bytes] = field(default_factory=set)

    def pieces(self) -> Iterator[Piece]:
        """Everything in the sheet, damage at its end included."""
        if not self.sheet.rows or _is_about(self.sheet):
            return
        try:
            found = layout(self.sheet, _kinds(self.sheet, self.options), self.options.columns)
        except InputError as doubtful:
            yield self._whole(str(doubtful))
            return
        fault = self._fault(found)
        if fault or found is None:
            yield self._whole(fault)
            return
        for line in self._lines(found):
            if isinstance(line, BadRow):
                yield self._bad(line.row, line.reason, line.cells)
            elif isinstance(line, StatedRecord):
                original = _kept(cells_of(self.sheet, found, line.row)).read()
                yield AcceptedRecord(line.record, self._position(line.row), line.cells, original)
            else:
                yield from self._stated(line, found)
        if self.sheet.damage is not None:
            damage = self.sheet.damage
            reason = f"row {damage.row} {damage.reason}; all from there on is rejected, repair it and capture again"
            yield rejected(self._position(damage.row), reason, Kept(damage.rest.encode("utf-8", "surrogateescape")))

    def _lines(self, found: Layout) -> Iterator[Line | StatedRecord | BadRow]:
        if found.kind.of_records:
            return record_rows(self.sheet, found, self.options.ways, self.options.reason, self.name)
        return lines(self.sheet, found, self.options.ways)

    def _fault(self, found: Layout | None) -> str:
        """Why nothing of the sheet is read; empty where it is."""
        if found is None:
            kinds = ", ".join(all_kinds())
            return f"no row names columns of a table that is read here ({kinds}); see tracegraph template, or --table"
        if found.missing():
            lacking = ", ".join(found.missing())
            looks = f"it looks like {found.kind.name} and has no column for {lacking}"
            return f"{looks}; say which it is with --columns, or what table with --table"
        if found.guessed and not self.options.confirmed:
            return f"its columns are guessed as {found.kind.name}: {guess_told(found)}; confirm with --yes or --columns"
        return ""

    def _stated(self, line: Line, found: Layout) -> Iterator[Piece]:
        """What a row states; what another row of the sheet states too is stated once."""
        position = self._position(line.row)

        def original() -> Kept:
            return _kept(cells_of(self.sheet, found, line.row))

        if found.kind.name in _MASTER:
            vocabulary_type, value = element(found.kind.name, line)
            yield master_data_piece(vocabulary_type, value, surroundings(DECLARED), position, original)
            return
        for event, findings in events(found.kind.name, line):
            piece = event_piece(event, json_text(event), surroundings(DECLARED), position, original, strict=False)
            if not isinstance(piece, AcceptedEvent):
                yield piece
            elif found.kind.name == "deliveries" or piece.entry_payload not in self._seen:
                self._seen.add(piece.entry_payload)
                yield self._with_findings(piece, findings, original())

    def _with_findings(self, piece: AcceptedEvent, assumed: tuple[Finding, ...], original: Kept) -> Piece:
        findings = (*assumed, *(finding for finding in piece.findings if finding.code not in _USUAL))
        if self.strict and findings:
            return rejected(
                piece.position, f"rejected as strict: {findings[0].message}".rstrip("."), original, findings
            )
        return replace(piece, findings=findings)

    def _position(self, row: int) -> SourcePosition:
        return SourcePosition(self.name, self.sheet.name, 0, row)

    def _bad(self, row: int, reason: str, cells: Mapping[str, str]) -> Rejected:
        return Rejected(self._position(row), f"{self.name}: {reason}.", _kept(cells))

    def _whole(self, reason: str) -> Rejected:
        """The sheet as it is, rejected."""
        file = io.StringIO(newline="")
        rows = [[str(value) if value is not None else "" for value in row] for row in self.sheet.rows]
        csv.writer(file).writerows(rows)
        sheet = f" sheet {self.sheet.name!r}" if self.sheet.name else ""
        return Rejected(self._position(1), f"{self.name}{sheet}: {reason}.", Kept(file.getvalue().encode()))


def _kept(cells: Mapping[str, Json]) -> Kept:
    return Kept(json.dumps(dict(cells), ensure_ascii=False).encode("utf-8", "surrogateescape"))
