"""The embedded store: one file, one writer, many readers in several processes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tracegraph.stores.port import Store, Writing
from tracegraph.stores.sqlite.checking import find_faults
from tracegraph.stores.sqlite.connections import Connections
from tracegraph.stores.sqlite.numbers import Remembered
from tracegraph.stores.sqlite.reading import SqliteReading
from tracegraph.stores.sqlite.schema import read_identity
from tracegraph.stores.sqlite.writing import SqliteWriting

#: Seconds that a writer waits for another one before StoreLocked.
BUSY_TIMEOUT = 30.0


def open_sqlite(path: str | Path, create: bool = True, busy_timeout: float = BUSY_TIMEOUT) -> Store:
    """Open the store in the file at `path`.

    `create` makes it where the file is missing or empty; without it nothing is ever created. A file or folder that
    may not be written can be read. `busy_timeout`: seconds to wait for another writer.

    Raises StoreUnreachable (no such file, not readable), StoreForeign (not ours), StoreNewer, StoreDamaged,
    StoreReadOnly, StoreFull, StoreLocked (tracegraph.errors).
    """
    return SqliteStore(path, create, busy_timeout)


class SqliteStore(SqliteReading):
    """port.Store in one SQLite file; safe to use from several threads."""

    def __init__(self, path: str | Path, create: bool = True, busy_timeout: float = BUSY_TIMEOUT) -> None:
        self.url = f"sqlite:///{path}"
        self._connections = Connections(Path(path).absolute(), busy_timeout)
        self._remembered = Remembered()
        super().__init__(self._connections.reading)
        if create:
            self._connections.create_if_missing()
        with self._connections.reading() as connection:
            self.identity = read_identity(connection)

    @contextmanager
    def write(self) -> Iterator[Writing]:
        """Begin the one exclusive change; waits for other writers, then StoreLocked."""
        with self._connections.writing() as connection:
            writing = SqliteWriting(connection, str(self._connections.path), self._remembered)
            try:
                yield writing
            finally:
                writing.end()
        writing.remember()

    def verify(self) -> Iterator[str]:
        """A sentence per fault of chain, facts, graph and file, first bad row first; nothing when all is well."""
        return find_faults(self, self._connections)

    def close(self) -> None:
        """Release the file; using the store afterwards is an error."""
        self._connections.close()
