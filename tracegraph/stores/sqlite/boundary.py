"""The one place where errors of the driver become errors of tracegraph; nothing of sqlite3 leaves this package."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from types import TracebackType

from tracegraph.errors import (
    InputError,
    StoreDamaged,
    StoreError,
    StoreForeign,
    StoreFull,
    StoreLocked,
    StoreReadOnly,
    StoreUnreachable,
    UsageError,
)
from tracegraph.stores.unreadable import map_unreadable

#: Extended result codes of refused writes: a full disk, a quota or a file size limit (the system says no more).
_NO_SPACE = frozenset(
    {
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR_WRITE,
        sqlite3.SQLITE_IOERR_FSYNC,
        sqlite3.SQLITE_IOERR_DIR_FSYNC,
        sqlite3.SQLITE_IOERR_TRUNCATE,
        sqlite3.SQLITE_IOERR_SHMSIZE,
    }
)

#: What the system says of a full disk, a quota, a limit on the size of files; and of a file that may not be changed.
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_REFUSED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})

#: Primary result codes (the low byte of an extended one): the error and the rest of the sentence.
_MEANING: dict[int, tuple[type[StoreError], str]] = {
    sqlite3.SQLITE_BUSY: (
        StoreLocked,
        "is being written by another process that did not finish in time; try again, or wait longer",
    ),
    sqlite3.SQLITE_LOCKED: (StoreLocked, "is being written in the same process; finish that change first"),
    sqlite3.SQLITE_READONLY: (
        StoreReadOnly,
        "cannot be written; allow writing to the file and its folder, or copy it to a place that allows it",
    ),
    sqlite3.SQLITE_NOTADB: (StoreForeign, "is not a tracegraph store (no SQLite database); name another file"),
    sqlite3.SQLITE_CORRUPT: (StoreDamaged, "is damaged; restore a backup, or rebuild the store from its export"),
    sqlite3.SQLITE_CANTOPEN: (
        StoreUnreachable,
        "cannot be opened; check that the file and its folder exist and that you may read them",
    ),
    sqlite3.SQLITE_PERM: (StoreUnreachable, "cannot be opened; check that you may read the file"),
    sqlite3.SQLITE_IOERR: (StoreUnreachable, "cannot be read from its disk; check the disk, then restore a backup"),
    sqlite3.SQLITE_NOMEM: (StoreUnreachable, "needs more memory than there is; ask for less at once"),
}


@contextmanager
def map_exceptions(path: str) -> Iterator[None]:
    """Raise what sqlite3 says about the store at `path` as the closest error of tracegraph.errors."""
    try:
        yield
    except sqlite3.Error as error:
        raise mapped(path, error) from None
    except UnicodeEncodeError as error:
        raise InputError(
            f"{error.object!r:.200} holds half of a surrogate pair and cannot be stored; correct the text in its source"
        ) from None
    except OverflowError:
        raise InputError("a time or number is above 64 bits and cannot be stored; correct it in its source") from None


@contextmanager
def map_reading(path: str) -> Iterator[None]:
    """Both of these, for what only reads."""
    with map_exceptions(path), map_unreadable(path):
        yield


class Lent:
    """A connection in a `with`, again and again, errors mapped. An answer or a change asks a dozen questions: hence a
    class and no generator."""

    __slots__ = ("_connection", "_mapping", "_path")

    def __init__(
        self, connection: sqlite3.Connection, path: str, mapping: Callable[[str], AbstractContextManager[None]]
    ) -> None:
        self._connection = connection
        self._path = path
        self._mapping = mapping

    def __enter__(self) -> sqlite3.Connection:
        return self._connection

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if isinstance(error, Exception):
            with self._mapping(self._path):
                raise error


def mapped(path: str, error: sqlite3.Error) -> Exception:
    """The error of tracegraph that says the same about the store at `path`."""
    code: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    if code in _NO_SPACE:
        return _full(path)
    if code & 0xFF in _MEANING:
        kind, rest = _MEANING[code & 0xFF]
        return kind(f"the store {path} {rest}")
    if isinstance(error, sqlite3.ProgrammingError):
        return UsageError(f"the store {path} cannot be used like that: {error}")
    return StoreDamaged(f"the store {path} cannot be read as it was written ({error}); restore a backup")


def _full(path: str) -> StoreFull:
    return StoreFull(
        f"the store {path} cannot grow (disk full, quota or file size limit); "
        "nothing of this operation was stored; free some space and try again"
    )


@contextmanager
def map_system_errors(path: str) -> Iterator[None]:
    """Raise what the system says about the file at `path` (of a store, or of a copy of one) as an error of ours."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise _full(path) from None
        if error.errno in _REFUSED:
            raise StoreReadOnly(f"{path} cannot be written ({error.strerror}); allow it, or name another") from None
        raise StoreUnreachable(f"{path} cannot be used ({error.strerror}); check its folder and disk") from None
