"""Files of every format that is read: which format a file has, and what reads it.

`auto` decides for each file by what it begins with, whatever its name. A format that is asked for by name is taken at
that word: what a file holds instead is rejected with a sentence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from tracegraph.errors import UsageError
from tracegraph.formats.epcis import Piece
from tracegraph.formats.epcis.reader import FileReader, read_epcis
from tracegraph.formats.source import SourceFile, Unpacked

if TYPE_CHECKING:
    from tracegraph.formats.tables.reader import TableOptions

AUTO = "auto"
EPCIS = "epcis"
TABLES = "tables"
FSMA204 = "fsma204"


@dataclass(frozen=True, slots=True)
class Reading:
    """A format by its name, and how tables among the files are read."""

    form: str = AUTO
    tables: TableOptions | None = None


def reader_of(form: str | Reading) -> FileReader:
    """What reads files of a format by its name. UsageError where no such format is read."""
    if isinstance(form, Reading):
        if form.tables is not None and form.form in _READERS_OF_TABLES:
            return partial(_READERS_OF_TABLES[form.form], tables=form.tables)
        return reader_of(form.form)
    if form not in _READERS:
        raise UsageError(f"format {form!r} is not read; choose one of {', '.join(_READERS)}")
    return _READERS[form]


def _read_any(
    file: SourceFile, stream: Unpacked, *, strict: bool, tables: TableOptions | None = None
) -> Iterator[Piece]:
    """The pieces of an open file, in whichever format it is."""
    from tracegraph.formats.foodchainlab.recognise import all_in_one, is_foodchainlab_json, is_workbook
    from tracegraph.formats.record_documents import is_record_document, read_record_document

    if is_workbook(stream.peek()):
        stream, found = all_in_one(file.name, stream)
        if found:
            return _read_foodchainlab(file, stream, strict=strict)
    if may_be_table(stream.peek()):
        from tracegraph.formats.tables.reader import is_table

        if is_table(stream.peek()):
            return _read_tables(file, stream, strict=strict, tables=tables)
    if is_record_document(stream.peek()):
        return read_record_document(file, stream)
    if is_foodchainlab_json(stream.peek()):
        return _read_foodchainlab(file, stream, strict=strict)
    return read_epcis(file, stream, strict=strict)


def _read_foodchainlab(file: SourceFile, stream: Unpacked, *, strict: bool) -> Iterator[Piece]:
    from tracegraph.formats.foodchainlab import read_file

    return read_file(file, stream, strict=strict)


def may_be_table(beginning: bytes) -> bool:
    """Whether a file that begins so can be a spreadsheet at all: nothing that is plainly JSON, XML or empty."""
    return beginning.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"{", b"[", b"<", b"")


def _read_tables(
    file: SourceFile, stream: Unpacked, *, strict: bool, tables: TableOptions | None = None
) -> Iterator[Piece]:
    from tracegraph.formats.tables.reader import read_tables

    return read_tables(file, stream, strict=strict, options=tables)


def _read_fsma204(
    file: SourceFile, stream: Unpacked, *, strict: bool, tables: TableOptions | None = None
) -> Iterator[Piece]:
    from tracegraph.formats.fsma204 import AS_WRITTEN, CellReading, read_file

    reading = AS_WRITTEN if tables is None else CellReading(tables.ways.dates, tables.ways.decimal, tables.encoding)
    return read_file(file, stream, strict=strict, reading=reading)


_READERS: dict[str, FileReader] = {
    AUTO: _read_any,
    EPCIS: read_epcis,
    "foodchainlab": _read_foodchainlab,
    TABLES: _read_tables,
    FSMA204: _read_fsma204,
}
_READERS_OF_TABLES = {AUTO: _read_any, TABLES: _read_tables, FSMA204: _read_fsma204}
