"""What can be said of a store's file without opening it as a store: for diagnosis, also of files that are none."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tracegraph.errors import StoreForeign, StoreUnreachable
from tracegraph.stores.sqlite.schema import holds_something

_MAGIC = b"SQLite format 3\x00"
#: Where SQLite's header (file format, section 1.3) keeps the page size, the number of pages, and user_version, which is
#: the store's schema version.
_PAGE_SIZE_AT, _PAGES_AT, _VERSION_AT = slice(16, 18), slice(28, 32), slice(60, 64)
#: How files begin that are taken for stores.
_BEGINNINGS: tuple[tuple[str, FileKind], ...] = (
    (r"SQLite format 3\x00", "database"),
    (r"\x1f\x8b", "gzip"),
    (r"PK\x03\x04", "zip"),
    (r"(\xef\xbb\xbf)?\s*[\[{]", "json"),
    (r"(\xef\xbb\xbf)?\s*<", "xml"),
    (r"[\t\r\n -~\x80-\xff]+\Z", "text"),
)
FileKind = Literal["database", "gzip", "zip", "json", "xml", "text", "unknown"]


@dataclass(frozen=True, slots=True)
class FileFacts:
    """The schema version in the header, and the size in bytes; `stated` is the size that the header speaks of."""

    schema_version: int
    size: int
    stated: int

    @property
    def missing(self) -> int:
        """Bytes that were cut off."""
        return max(0, self.stated - self.size)


def engine_version() -> str:
    """The version of the SQLite library."""
    return sqlite3.sqlite_version


def facts_of_file(path: Path) -> FileFacts:
    """Read the header. It must not be called while this process has the store open: closing the file would drop the
    locks that SQLite holds. Raises StoreUnreachable and StoreForeign (tracegraph.errors)."""
    header = _beginning(path)
    if not header.startswith(_MAGIC):
        raise StoreForeign(f"the store {path} is not a tracegraph store (no SQLite database); name another file")
    page_size = int.from_bytes(header[_PAGE_SIZE_AT], "big")
    pages = int.from_bytes(header[_PAGES_AT], "big")
    stated = pages * (65_536 if page_size == 1 else page_size)
    return FileFacts(int.from_bytes(header[_VERSION_AT], "big"), path.stat().st_size, stated)


def kind_of_file(path: Path) -> FileKind:
    """What a file is by its beginning. Raises StoreUnreachable."""
    beginning = _beginning(path)
    for pattern, kind in _BEGINNINGS:
        if re.match(pattern.encode("latin-1"), beginning):
            return kind
    return "unknown"


def _beginning(path: Path) -> bytes:
    if not holds_something(path):
        raise StoreUnreachable(f"there is no store at {path}; capture something first, or name another store")
    try:
        with path.open("rb") as file:
            return file.read(100)
    except OSError as error:
        raise StoreUnreachable(f"the store {path} cannot be read: {error.strerror}; allow reading it") from None
