"""The service file: one SQLite file beside the store with what a running service must not forget.

Nothing in it is evidence: the ledger stays in the store. Losing it loses keys, jobs and subscriptions, never an event.
Each table is described in `tables/`, a file for each module that uses them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.resources import files
from pathlib import Path
from threading import RLock

from tracegraph.errors import StoreForeign, StoreLocked, StoreUnreachable
from tracegraph.stores.sqlite.boundary import map_exceptions

#: Tells a service file from other SQLite files ("tgsv").
APPLICATION_ID = 0x74677376

#: Seconds to wait for another process that writes.
BUSY_TIMEOUT = 30.0


class ServiceFile:
    """The open file; safe to use from several threads and processes. Changes survive the loss of power."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = RLock()
        if not path.parent.is_dir():
            raise StoreUnreachable(
                f"the service file {path} cannot be made: its folder does not exist; make the folder"
            )
        with map_exceptions(str(path)):
            path.touch(mode=0o600)  # nobody else's: it holds what callers asked, and what signs deliveries
            with suppress(PermissionError):  # also one that was copied here; not another's, which is his to guard
                path.chmod(0o600)
            self._connection = sqlite3.connect(path, BUSY_TIMEOUT, isolation_level=None, check_same_thread=False)
            self._connection.row_factory = sqlite3.Row
            self._prepare()

    def _prepare(self) -> None:
        """Make the tables that are missing."""
        found = self._connection.execute("PRAGMA application_id").fetchone()[0]
        objects = self._connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
        if objects and found != APPLICATION_ID:
            self._connection.close()
            raise StoreForeign(f"{self.path} is no service file of tracegraph; name another file")
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute("PRAGMA foreign_keys = ON")
        self._connection.execute("PRAGMA secure_delete = ON")  # persons and what is sent to them are in it
        self._connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        for table in sorted(files("tracegraph.service").joinpath("tables").iterdir(), key=lambda file: file.name):
            if table.name.endswith(".sql"):
                self._connection.executescript(table.read_text(encoding="utf-8"))

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Look things up."""
        with self._lock, map_exceptions(str(self.path)):
            yield self._connection

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """One change: all of it when the context ends without an error, else nothing."""
        with self._lock, map_exceptions(str(self.path)):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def overwrite_deleted(self) -> None:
        """Leave no byte of anything deleted before, in the file or its log: the file is written anew. StoreLocked where
        another process keeps the log in use."""
        with self._lock, map_exceptions(str(self.path)):
            self._connection.execute("VACUUM")  # secure_delete leaves copies that were made when pages were divided
            if self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                raise StoreLocked(f"{self.path} is being read by another process; do the same again when it has ended")

    def reader(self) -> ServiceReader:
        """A connection of its own for what every request looks up: it waits for no change that is being written."""
        return ServiceReader(self.path)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()


class ServiceReader:
    """A second connection that reads, and tells whether anybody changed the file; one thread at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with map_exceptions(str(path)):
            self._connection = sqlite3.connect(path, BUSY_TIMEOUT, isolation_level=None, check_same_thread=False)
            self._connection.row_factory = sqlite3.Row
            self._connection.execute("PRAGMA query_only = ON")

    def version(self) -> int:
        """Another number after each change by any other connection, of this process or another one."""
        with map_exceptions(str(self._path)):
            found: int = self._connection.execute("PRAGMA data_version").fetchone()[0]
            return found

    def row(self, statement: str, *values: object) -> sqlite3.Row | None:
        """The first row, if there is one."""
        with map_exceptions(str(self._path)):
            found: sqlite3.Row | None = self._connection.execute(statement, values).fetchone()
            return found

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()


def beside(url: str, ending: str = ".service") -> Path:
    """Where the service file of a store is unless another is named: beside an embedded store, else in this folder. With
    another `ending`, where other things are kept beside it."""
    if url.startswith("sqlite:///"):
        return Path(f"{url.removeprefix('sqlite:///')}{ending}")
    return Path(f"tracegraph{ending}")
