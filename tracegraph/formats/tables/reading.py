"""Spreadsheets to sheets of cells: CSV in the encodings and with the separators that occur, and XLSX workbooks.

A file is read whole, within limits. What a CSV file holds after a damaged row is kept and told; what a workbook has
merged or hidden is told. Which encoding a CSV file without byte-order mark has is told by its bytes: UTF-8 where they
are, GB18030 where all bytes above ASCII come in pairs, Windows-1252 where they stand alone, else it is asked.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from functools import cached_property
from typing import Any

from tracegraph.errors import InputError
from tracegraph.formats.archives import UNREADABLE
from tracegraph.formats.tables.cells import EXCEL_DIGITS, Cell, Value, column_letters
from tracegraph.formats.tables.writing import plain

#: Bytes of a file, and of what a workbook unpacks to.
MOST_BYTES = 128 * 2**20
MOST_UNPACKED = 1024 * 2**20
#: Cells of one sheet, empty ones between others included: a sheet with one cell in the last row and column has 2**34.
MOST_CELLS = 20_000_000

_WORKBOOK = b"PK\x03\x04"
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Most of a text, where two encodings are told apart.
_MOST = 0.7
#: The first byte of the last row of common characters in GB 2312.
_LAST_COMMON = 0xD7
_SEPARATORS = (",", ";", "\t", "|")
_SAMPLED_ROWS = 50
_CHUNK = 2**20
#: The place of a row or cell, or its beginning, in whatever spelling a lenient reader takes, which makes room for all
#: cells up to there. One of so many letters or digits is nowhere, and so much blank has no reason.
_LONGEST = 64
_REFERENCE = re.compile(rb"""(?<![\w:.-])r\s{0,64}=\s{0,64}["']([A-Za-z]{0,64})([0-9]{0,64})""")
_BLANK = re.compile(rb"\s{64}=|=\s{64}")
#: Longer than any of these.
_OVERLAP = 512
#: What makes an archive a workbook of another kind, for a reader that tries one kind after the other.
_OTHER_KINDS = frozenset({"xl/workbook.bin", "content.xml"})
_EPOCH_1904 = re.compile(rb"""\sdate1904=["'](1|true)["']""")
_STATED_SEPARATOR = re.compile(r"sep=([,;\t|])\r?\n?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Damage:
    """From which row on a CSV file cannot be read, why (the end of a sentence), and the text from there on."""

    row: int
    reason: str
    rest: str


@dataclass(frozen=True)
class Sheet:
    """One sheet, or a CSV file (`name` empty). `rows`: the values as they stand, row 1 first, each without empty cells
    at its end. `merged`: ranges of merged cells as (first row, first column, last row, last column), from 1. `hidden`:
    its maker hid it. `encoding`: of a CSV file, as it was read. `damage`: what could not be read."""

    name: str
    rows: tuple[tuple[Value, ...], ...]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    hidden: bool = False
    epoch_1904: bool = False
    encoding: str = ""
    damage: Damage | None = None

    @property
    def width(self) -> int:
        """The number of columns."""
        return max(map(len, self.rows), default=0)

    def cell(self, row: int, column: int) -> Cell:
        """The cell at row and column, from 1; an empty one where nothing stands."""
        values = self.rows[row - 1] if row <= len(self.rows) else ()
        found = values[column - 1] if column <= len(values) else None
        return Cell(found, row, column, self.name, self._covering.get((row, column), ""), self.epoch_1904)

    def row(self, row: int) -> list[Cell]:
        """All cells of a row, as many as the sheet has columns."""
        return [self.cell(row, column) for column in range(1, self.width + 1)]

    @cached_property
    def _covering(self) -> dict[tuple[int, int], str]:
        """The range that covers a cell, for all but the first cell of each range within the sheet."""
        found: dict[tuple[int, int], str] = {}
        for first_row, first_column, last_row, last_column in self.merged:
            named = f"{column_letters(first_column)}{first_row}:{column_letters(last_column)}{last_row}"
            for row in range(first_row, min(last_row, len(self.rows)) + 1):
                for column in range(first_column, min(last_column, self.width) + 1):
                    if (row, column) != (first_row, first_column):
                        found[row, column] = named
        return found


def is_workbook(beginning: bytes) -> bool:
    """Whether a file that begins so is a workbook rather than text."""
    return beginning.startswith((_WORKBOOK, _OLD_WORKBOOK))


def read_sheets(data: bytes, name: str, encoding: str = "") -> list[Sheet]:
    """The sheets of a workbook in their order, hidden ones included, or the one of a CSV file. `name`: what messages
    call the file; `encoding`: of a CSV file, empty where its bytes are to tell.

    Errors: InputError where it is neither, too large, or its encoding cannot be told.
    """
    if len(data) > MOST_BYTES:
        raise InputError(
            f"{name} is larger than {MOST_BYTES >> 20} MiB, which is the limit for a spreadsheet; split it"
        )
    if data.startswith(_WORKBOOK):
        return _Workbook(data, name).sheets()
    if data.startswith(_OLD_WORKBOOK):
        raise InputError(f"{name} is a workbook of the old kind or has a password; save it as .xlsx without one")
    return [_csv_sheet(data, name, encoding)]


# CSV


def _csv_sheet(data: bytes, name: str, encoding: str) -> Sheet:
    chosen = encoding or _encoding_of(data, name)
    try:
        decoded = data.decode(chosen)
    except LookupError:
        raise InputError(f"the encoding {chosen!r} of {name} is not known; name one such as gb18030") from None
    except UnicodeError as error:
        raise InputError(f"{name} is no {chosen} ({error}); name its encoding with --encoding") from None
    decoded = decoded.removeprefix("\ufeff")
    stated = _STATED_SEPARATOR.match(decoded)
    separator = stated[1] if stated else _separator_of(decoded)
    rows, damage = _parsed(decoded, separator)
    if stated:
        rows[0] = ()
    return Sheet("", _trimmed(rows), encoding=chosen, damage=damage)


def _encoding_of(data: bytes, name: str) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    if wide := _wide_encoding(data[:_CHUNK]):
        return wide
    try:
        data.decode()
    except UnicodeDecodeError:
        return _national_encoding(data, name)
    return "utf-8"


def _wide_encoding(data: bytes) -> str:
    """UTF-16 without byte-order mark: most characters of a table have a zero as their first or last byte."""
    half = len(data) // 2
    if half and data[1::2].count(0) * 2 > half and not data[::2].count(0):
        return "utf-16-le"
    if half and data[::2].count(0) * 2 > half and not data[1::2].count(0):
        return "utf-16-be"
    return ""


def _national_encoding(data: bytes, name: str) -> str:
    """GB18030 or Windows-1252: in the first most characters are common Chinese ones, in the second most bytes above
    ASCII stand alone between letters of ASCII."""
    if b"\0" in data:
        raise InputError(f"{name} is neither CSV nor a workbook; give CSV, or a workbook as .xlsx")
    runs = [len(run) for run in re.findall(rb"[\x80-\xff]+", data)]
    western = runs.count(1) >= _MOST * len(runs) and _decodes(data, "windows-1252")
    chinese = _decodes(data, "gb18030") and _common_share(data.decode("gb18030")) >= _MOST
    if western != chinese:
        return "windows-1252" if western else "gb18030"
    raise InputError(
        f"{name} is in an encoding that its bytes do not tell; name it, such as --encoding gb18030 or windows-1252, or "
        "save the file as UTF-8"
    )


def _common_share(decoded: str) -> float:
    """Which part of the characters beyond ASCII are signs or common Chinese characters (rows 1 to 55 of GB 2312)."""
    beyond = [character.encode("gb2312", "ignore") for character in decoded if not character.isascii()]
    return sum(encoded != b"" and encoded[0] <= _LAST_COMMON for encoded in beyond) / len(beyond)


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _separator_of(decoded: str) -> str:
    """What separates cells: what gives most rows the same number of cells, more than one, and then most cells."""
    scores = {separator: _evenness(decoded, separator) for separator in _SEPARATORS}
    return max(_SEPARATORS, key=lambda separator: scores[separator])


def _evenness(decoded: str, separator: str) -> tuple[float, int]:
    """The share of rows with the commonest number of cells, and that number; 0 where most rows are one cell."""
    rows, _ = _parsed(decoded[: _CHUNK // 4], separator, _SAMPLED_ROWS)
    widths = Counter(len(row) for row in rows if any(row))
    several = [(count, width) for width, count in widths.items() if width > 1]
    if not several:
        return 0.0, 0
    count, width = max(several)
    return count / sum(widths.values()), width


def _parsed(decoded: str, separator: str, most: int | None = None) -> tuple[list[tuple[Value, ...]], Damage | None]:
    """The rows up to damage, and the damage."""
    lines = io.StringIO(decoded, newline="")
    begun: list[int] = []
    counted = _Lines(lines, begun)
    reader = csv.reader(counted, delimiter=separator, strict=True)
    rows: list[tuple[Value, ...]] = []
    while most is None or len(rows) < most:
        begun.clear()
        try:
            rows.append(tuple(plain(cell) or None for cell in next(reader)))
        except StopIteration:
            break
        except csv.Error as error:
            start = begun[0] if begun else len(decoded)
            return rows, Damage(len(rows) + 1, _sentence(error), decoded[start:])
    return rows, None


class _Lines:
    """The lines of a text, noting where each one that was taken begins."""

    def __init__(self, lines: io.StringIO, begun: list[int]) -> None:
        self._lines = lines
        self._begun = begun

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        position = self._lines.tell()
        line = next(iter(self._lines.readline, ""))
        self._begun.append(position)
        return line


def _sentence(error: csv.Error) -> str:
    """What is wrong with a row, as the end of a sentence."""
    said = str(error)
    if "field larger" in said:
        return "has a cell longer than 131,072 characters, or a quotation mark that is never closed"
    if "end of data" in said:
        return "has a quotation mark that is never closed"
    return "has a quotation mark within a cell that is not doubled"


def _trimmed(rows: Iterable[Sequence[Value]]) -> tuple[tuple[Value, ...], ...]:
    """Without empty cells at the end of rows and empty rows at the end."""
    kept = [_without_tail(row) for row in rows]
    while kept and not kept[-1]:
        kept.pop()
    return tuple(kept)


def _without_tail(row: Sequence[Value]) -> tuple[Value, ...]:
    end = len(row)
    while end and row[end - 1] is None:
        end -= 1
    return tuple(row[:end])


# workbooks


@dataclass
class _Workbook:
    """One workbook being read."""

    data: bytes
    name: str
    epoch_1904: bool = field(default=False, init=False)

    def sheets(self) -> list[Sheet]:
        """All its sheets. InputError where it cannot be read."""
        from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum, ZipError

        self._check()
        try:
            with CalamineWorkbook.from_filelike(io.BytesIO(self.data)) as workbook:
                return [
                    self._sheet(workbook, about.name, about.visible != SheetVisibleEnum.Visible)
                    for about in workbook.sheets_metadata
                    if about.typ == SheetTypeEnum.WorkSheet
                ]
        except (CalamineError, ZipError, ValueError, OSError) as error:
            raise self._unreadable(str(error)) from None

    def _sheet(self, workbook: Any, name: str, hidden: bool) -> Sheet:
        sheet = workbook.get_sheet_by_name(name)
        rows = _trimmed([_value(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False))
        merged = tuple(
            (first[0] + 1, first[1] + 1, last[0] + 1, last[1] + 1) for first, last in sheet.merged_cell_ranges or ()
        )
        return Sheet(name, rows, merged, hidden, self.epoch_1904)

    def _check(self) -> None:
        """Limits and structure, before anything is unpacked into memory."""
        try:
            with zipfile.ZipFile(io.BytesIO(self.data)) as archive:
                self._check_archive(archive)
        except UNREADABLE as error:
            raise self._unreadable(str(error)) from None

    def _check_archive(self, archive: zipfile.ZipFile) -> None:
        entries = archive.infolist()
        if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
            limit = f"{MOST_UNPACKED >> 20} MiB"
            raise InputError(f"{self.name} unpacks to more than {limit}, which is the limit for a workbook; split it")
        names = {entry.filename.lower().replace("\\", "/") for entry in entries}
        if "xl/workbook.xml" not in {entry.filename for entry in entries} or names & _OTHER_KINDS:
            raise InputError(f"{self.name} is an archive without an Excel workbook; give CSV, or a workbook as .xlsx")
        for entry in entries:
            if entry.filename == "xl/workbook.xml":
                self.epoch_1904 = bool(_EPOCH_1904.search(archive.read(entry)))
            self._check_extent(archive, entry)  # which of the files are sheets is said elsewhere, and can be any

    def _check_extent(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
        """How far the cells of a sheet spread: all between them take memory."""
        rows = columns = 1
        tail = b""
        with archive.open(entry) as stream:
            while chunk := stream.read(_CHUNK):
                looked_at = tail + chunk
                for letters, digits in _REFERENCE.findall(looked_at):
                    if _LONGEST in (len(letters), len(digits)):
                        raise self._unreadable("a cell is nowhere")
                    rows = max(rows, int(digits or b"1"))
                    columns = max(columns, _column_number(letters))
                if _BLANK.search(looked_at):
                    raise self._unreadable("there is too much blank between a name and its value")
                tail = looked_at[-_OVERLAP:]
        if rows * columns > MOST_CELLS:
            last = f"{column_letters(columns)}{rows}"
            raise InputError(
                f"a sheet of {self.name} spreads to {last}, which is more than {MOST_CELLS:,} cells; delete what "
                "stands far off, or split it"
            )

    def _unreadable(self, said: str) -> InputError:
        reason = " ".join(said.split())[:200].rstrip(".")
        return InputError(f"{self.name} cannot be read as a workbook ({reason}); save it again as .xlsx, or as CSV")


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number


def _value(value: Any) -> Value:
    """A value as the workbook has it; a number with the digits that Excel keeps."""
    if isinstance(value, str):
        return plain(value) or None
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, float | int):
        return Decimal(f"{value:.{EXCEL_DIGITS}g}") if isinstance(value, float) else Decimal(value)
    if isinstance(value, date | time):
        return value
    return str(value)
