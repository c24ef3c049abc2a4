"""Files of every format that is read: which format a file has, and what reads it.

`auto` decides for each file by what it begins with, whatever its name. A format that is asked for by name is taken at
that word: what a file holds instead is rejected with a sentence.
"""

from __future__ import annotations

from collections.abc import Iterator

from tracegraph.errors import UsageError
from tracegraph.formats.epcis import Piece
from tracegraph.formats.epcis.reader import FileReader, read_epcis
from tracegraph.formats.source import SourceFile, Unpacked

AUTO = "auto"
EPCIS = "epcis"


def reader_of(form: str) -> FileReader:
    """What reads files of a format by its name. UsageError where no such format is read."""
    if form not in _READERS:
        raise UsageError(f"format {form!r} is not read; choose one of {', '.join(_READERS)}")
    return _READERS[form]


def _read_any(file: SourceFile, stream: Unpacked, *, strict: bool) -> Iterator[Piece]:
    """The pieces of an open file, in whichever format it is."""
    from tracegraph.formats.foodchainlab.recognise import all_in_one, is_foodchainlab_json, is_workbook

    if is_workbook(stream.peek()):
        stream, found = all_in_one(file.name, stream)
        if found:
            return _read_foodchainlab(file, stream, strict=strict)
    if is_foodchainlab_json(stream.peek()):
        return _read_foodchainlab(file, stream, strict=strict)
    return read_epcis(file, stream, strict=strict)


def _read_foodchainlab(file: SourceFile, stream: Unpacked, *, strict: bool) -> Iterator[Piece]:
    from tracegraph.formats.foodchainlab import read_file

    return read_file(file, stream, strict=strict)


_READERS: dict[str, FileReader] = {AUTO: _read_any, EPCIS: read_epcis, "foodchainlab": _read_foodchainlab}
