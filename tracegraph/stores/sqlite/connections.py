"""Connections to one store file: made once, checked, borrowed for each question, and closed together."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import Path
from threading import Lock, local
from urllib.parse import quote

from tracegraph.errors import StoreReadOnly, StoreUnreachable, UsageError
from tracegraph.stores.sqlite.boundary import Lent, map_exceptions, map_reading, mapped
from tracegraph.stores.sqlite.numbers import NamingConnection
from tracegraph.stores.sqlite.schema import check_ours, count_pages, create_schema, holds_something

#: A reader in a folder that it may not write fails with these when no other process has the store open.
_NO_SIDE_FILES = frozenset(
    {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_READONLY_DIRECTORY, sqlite3.SQLITE_READONLY_CANTINIT}
    | {sqlite3.SQLITE_READONLY_RECOVERY, sqlite3.SQLITE_CANTOPEN}
)

#: 32 MiB of pages; this setting reads the file, so it comes after the checks.
_CACHE = "PRAGMA cache_size = -32768"

#: 64 MiB of log before it is copied into the file: pages that several changes touch are copied once.
_LOG = "PRAGMA wal_autocheckpoint = 16000"

#: Changes after which a writer lets go of the pages that it keeps. Each event touches some more of the file, so a
#: service that captures one at a time would grow by 25 kB with each, up to the whole cache, and have little from it.
_CHANGES_KEPT = 64


class Connections:
    """A pool for one file: any number of readers (one transaction per question) and writers that exclude each other.

    `busy_timeout` is how many seconds a writer waits for another one. Changes of a file that is not `durable` survive
    the end of the process, but not of the machine: for files that are not the store yet.
    """

    def __init__(self, path: Path, busy_timeout: float, durable: bool = True) -> None:
        self.path = path
        self._synchronous = "FULL" if durable else "OFF"
        self.busy_timeout = busy_timeout
        self._lock = Lock()
        self._idle: list[NamingConnection] = []
        self._idle_writers: list[NamingConnection] = []
        self._frozen: set[int] = set()
        self._file_numbers: dict[int, int] = {}
        self._held = local()
        self._closed = False
        self._changes = 0

    def create_if_missing(self) -> None:
        """Make the store where the file is missing or empty; an existing store is left as it is."""
        if holds_something(self.path) and not self._was_left_unmade():
            return
        if not self.path.parent.is_dir():
            raise StoreUnreachable(f"the store {self.path} cannot be made: its folder does not exist; make the folder")
        with map_exceptions(str(self.path)), closing(self._connect("rwc")) as connection:
            connection.execute("PRAGMA synchronous = FULL")
            create_schema(connection)
            # Another process may be doing the same; every writer sets this again.
            with suppress(sqlite3.OperationalError):
                connection.execute("PRAGMA journal_mode = WAL")

    def _was_left_unmade(self) -> bool:
        """Whether a process that was killed while it made the store left nothing but a journal to undo."""
        if not Path(f"{self.path}-journal").exists():
            return False
        with map_exceptions(str(self.path)), closing(self._connect("rw")) as connection:
            return count_pages(connection) == 0

    @contextmanager
    def holding(self) -> Iterator[None]:
        """Everything read in this thread, for as long as the context lasts, is of one state: that of now."""
        if self._held_connection is not None:
            yield
            return
        with map_exceptions(str(self.path)):
            connection = self._borrow()
        try:
            with map_exceptions(str(self.path)):
                connection.execute("BEGIN")
            self._held.connection = connection
            connection.remember()
            yield
        finally:
            self._held.connection = None
            connection.forget()
            with map_exceptions(str(self.path)):
                self._give_back(connection, self._idle)

    def reading(self) -> AbstractContextManager[sqlite3.Connection]:
        """One consistent state, for as long as the context lasts."""
        held = self._held_connection
        return self._taking_state() if held is None else Lent(held, str(self.path), map_reading)

    @contextmanager
    def _taking_state(self) -> Iterator[NamingConnection]:
        """A state of its own."""
        with map_reading(str(self.path)):
            connection = self._borrow()
            try:
                connection.execute("BEGIN")
                yield connection
            finally:
                self._give_back(connection, self._idle)

    @contextmanager
    def writing(self) -> Iterator[NamingConnection]:
        """The exclusive change: committed when the context ends without an error, else undone."""
        with map_exceptions(str(self.path)):
            connection = self._borrow_writer()
        try:
            self._execute(connection, "BEGIN IMMEDIATE")
            yield connection
            self._execute(connection, "COMMIT")
            self._changes += 1
            if self._changes % _CHANGES_KEPT == 0:
                connection.execute("PRAGMA shrink_memory")
        finally:
            with map_exceptions(str(self.path)):
                self._give_back(connection, self._idle_writers)

    def _execute(self, connection: sqlite3.Connection, statement: str) -> None:
        """Begin or end a change."""
        try:
            connection.execute(statement)
        except sqlite3.Error as error:
            raise mapped(str(self.path), error) from None

    @contextmanager
    def maintaining(self) -> Iterator[NamingConnection]:
        """A writer without a change around it, for what SQLite does by itself; closed at the end."""
        with map_exceptions(str(self.path)), closing(self._of_this_file(self._open_writer)) as connection:
            # large sorts go to files, not to memory
            connection.execute("PRAGMA temp_store = FILE")
            yield connection

    def close(self) -> None:
        """Close everything that is not in use now; the rest when it is given back."""
        with self._lock:
            self._closed = True
            idle = self._idle + self._idle_writers
            self._idle.clear()
            self._idle_writers.clear()
        for connection in idle:
            connection.close()

    def __del__(self) -> None:
        """A store that was forgotten, not closed, still lets go of its file."""
        for connection in self._idle + self._idle_writers:
            connection.close()

    @property
    def _held_connection(self) -> NamingConnection | None:
        """The connection that this thread holds."""
        found: NamingConnection | None = getattr(self._held, "connection", None)
        return found

    def _borrow(self) -> NamingConnection:
        """An idle reader, or a new one."""
        connection = self._take(self._idle)
        if connection is not None and id(connection) in self._frozen and self._side_file_exists():
            self._discard(connection)
            connection = None
        return connection if connection is not None else self._of_this_file(self._open_reader)

    def _discard(self, connection: NamingConnection) -> None:
        self._frozen.discard(id(connection))
        self._file_numbers.pop(id(connection), None)
        connection.close()

    def _of_this_file(self, open_one: Callable[[], NamingConnection]) -> NamingConnection:
        """A new connection, to the file that has the name now: the store may be replaced while it is opened. Once it
        is open and has read, the store cannot be replaced (replacing.alone), but by those who may not write it."""
        while True:
            before = self._file_number()
            connection = open_one()
            if self._file_number() == before:
                self._file_numbers[id(connection)] = before
                return connection
            self._discard(connection)

    def _file_number(self) -> int:
        """What tells the file from another of the same name (0: there is none)."""
        try:
            return self.path.stat().st_ino
        except OSError:
            return 0

    def _borrow_writer(self) -> NamingConnection:
        """An idle writer, or a new one."""
        connection = self._take(self._idle_writers)
        return connection if connection is not None else self._of_this_file(self._open_writer)

    def _take(self, idle: list[NamingConnection]) -> NamingConnection | None:
        """The connection used last, whose cache is warm; those to a file that was replaced are closed."""
        number = self._file_number()
        while True:
            with self._lock:
                self._check_usable()
                connection = idle.pop() if idle else None
            if connection is None or self._file_numbers.get(id(connection)) == number:
                return connection
            self._discard(connection)

    def _give_back(self, connection: NamingConnection, idle: list[NamingConnection]) -> None:
        """End what is still open, undoing it, and keep the connection for the next time."""
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        with self._lock:
            if not self._closed:
                idle.append(connection)
                return
        connection.close()

    def _check_usable(self) -> None:
        if self._closed:
            raise UsageError(f"the store {self.path} was closed before; open it again")

    def _side_file_exists(self) -> bool:
        """Whether another process has written since, in which case a frozen reader would not see it."""
        return Path(f"{self.path}-wal").exists()

    def _open_reader(self) -> NamingConnection:
        """A connection that never changes what is stored. It opens the file for writing where it may, because only
        such a connection takes its side files away again; a file or folder that it may not write is read as it is."""
        if not holds_something(self.path):
            raise StoreUnreachable(f"there is no store at {self.path}; capture something first, or name another store")
        if not os.access(self.path, os.W_OK) and not self._side_file_exists():
            # side files of ours beside somebody else's file would lock its owner out
            return self._open_frozen()
        connection = self._connect("rw")
        try:
            self._prepare_reader(connection)
        except sqlite3.OperationalError as error:
            connection.close()
            if error.sqlite_errorcode not in _NO_SIDE_FILES:
                raise
            return self._open_frozen()
        except BaseException:
            connection.close()
            raise
        return connection

    def _open_frozen(self) -> NamingConnection:
        """Read a file in a folder where no side file can be made: right as long as nobody writes, which is checked."""
        log = Path(f"{self.path}-wal")
        if log.exists() and log.stat().st_size:
            raise StoreReadOnly(
                f"the store {self.path} has changes in {log.name} that cannot be read without writing to its folder; "
                "copy both files to a folder that you may write"
            )
        connection = self._connect("ro&immutable=1")
        try:
            self._prepare_reader(connection)
        except BaseException:
            connection.close()
            raise
        self._frozen.add(id(connection))
        return connection

    def _prepare_reader(self, connection: NamingConnection) -> None:
        connection.execute("PRAGMA query_only = ON")
        check_ours(connection, self.path)
        connection.execute(_CACHE)

    def _open_writer(self) -> NamingConnection:
        """A connection whose changes are durable at COMMIT."""
        if not holds_something(self.path):
            raise StoreUnreachable(f"the store {self.path} is gone; open it again to make a new one")
        if not os.access(self.path, os.W_OK):
            raise StoreReadOnly(
                f"the store {self.path} cannot be written; allow writing to the file and its folder, "
                "or copy it to a place that allows it"
            )
        connection = self._connect("rw")
        try:
            check_ours(connection, self.path)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(f"PRAGMA synchronous = {self._synchronous}")
            connection.execute("PRAGMA fullfsync = ON")
            # some builds overwrite every cell that becomes free, which costs writes and protects nothing here
            connection.execute("PRAGMA secure_delete = OFF")
            connection.execute(_CACHE)
            connection.execute(_LOG)
        except BaseException:
            connection.close()
            raise
        return connection

    def _connect(self, mode: str) -> NamingConnection:
        """A connection that waits as long as this pool does."""
        return connect(self.path, mode, self.busy_timeout)


def connect(path: Path, mode: str, patience: float) -> NamingConnection:
    """A connection with the settings that all share, in autocommit; `mode` is SQLite's URI parameter of that name,
    `patience` the seconds that it waits for a lock."""
    connection = sqlite3.connect(
        f"file:{quote(str(path))}?mode={mode}",
        uri=True,
        timeout=patience,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=256,
        factory=NamingConnection,
    )
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    connection.execute("PRAGMA temp_store = MEMORY")
    return connection
