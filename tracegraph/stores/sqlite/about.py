"""What can be said of a store's file without opening it as a store: for diagnosis, also of files that are none."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from tracegraph.errors import StoreForeign, StoreUnreachable
from tracegraph.stores.sqlite.schema import holds_something

_MAGIC = b"SQLite format 3\x00"
#: Where SQLite's header keeps user_version, which is the store's schema version (file format, section 1.3).
_VERSION_AT = slice(60, 64)


@dataclass(frozen=True, slots=True)
class FileFacts:
    """The schema version in the header, and the size in bytes."""

    schema_version: int
    size: int


def engine_version() -> str:
    """The version of the SQLite library."""
    return sqlite3.sqlite_version


def facts_of_file(path: Path) -> FileFacts:
    """Read the header. It must not be called while this process has the store open: closing the file would drop the
    locks that SQLite holds. Raises StoreUnreachable and StoreForeign (tracegraph.errors)."""
    if not holds_something(path):
        raise StoreUnreachable(f"there is no store at {path}; capture something first, or name another store")
    try:
        with path.open("rb") as file:
            header = file.read(100)
    except OSError as error:
        raise StoreUnreachable(f"the store {path} cannot be read: {error.strerror}; allow reading it") from None
    if not header.startswith(_MAGIC):
        raise StoreForeign(f"the store {path} is not a tracegraph store (no SQLite database); name another file")
    return FileFacts(int.from_bytes(header[_VERSION_AT], "big"), path.stat().st_size)
