"""Whether a file is meant as FoodChain-Lab's: JSON by what it begins with, a workbook by its sheets."""

from __future__ import annotations

import io
import json
import re
import zipfile

from tracegraph.errors import InputError
from tracegraph.formats.archives import UNREADABLE
from tracegraph.formats.source import Unpacked, read_fully

#: Members with which FoodChain-Lab's documents begin, and no document or event of EPCIS does.
_FIRST = frozenset(
    {"version", "data", "tracing", "settings", "samples", "title", "investigator"}
    | {"stations", "deliveries", "deliveriesRelations"}
)
#: Bytes of the list of a workbook's sheets that are looked at.
_LONGEST_LIST = 2**20
_BEGINNING = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*("(?:[^"\\]|\\.)*")\s*:')


def is_foodchainlab_json(beginning: bytes) -> bool:
    """Whether a text that begins so is meant as FoodChain-Lab JSON: by the name of its first member."""
    match = _BEGINNING.match(beginning)
    try:
        return match is not None and json.loads(match[1]) in _FIRST
    except ValueError:
        return False


def is_workbook(beginning: bytes) -> bool:
    """Whether a file that begins so is a workbook."""
    return beginning.startswith(b"PK\x03\x04")


def all_in_one(name: str, stream: Unpacked) -> tuple[Unpacked, bool]:
    """A stream with the same bytes as that of a workbook, and whether it is FoodChain-Lab's All-in-One."""
    from tracegraph.formats.foodchainlab.workbook import is_all_in_one
    from tracegraph.formats.tables.reading import MOST_BYTES, read_sheets

    data = read_fully(stream, MOST_BYTES + 1)
    again = Unpacked(io.BytesIO(data))
    try:
        return again, not stream.damage and _may_be(data) and is_all_in_one(read_sheets(data, name))
    except InputError:
        return again, False


def _may_be(data: bytes) -> bool:
    """Whether the list of a workbook's sheets names the two that All-in-One always has: a look that costs little."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open("xl/workbook.xml") as listed:
            sheets = listed.read(_LONGEST_LIST).lower()
    except (*UNREADABLE, KeyError):
        return False
    return b"stations" in sheets and b"deliveries" in sheets
