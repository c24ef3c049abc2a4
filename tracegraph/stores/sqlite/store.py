"""The embedded store: one file, one writer, many readers in several processes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tracegraph.errors import StoreDamaged
from tracegraph.model.record import StoredRecord
from tracegraph.stores.faults import Fault, Watch, unwatched
from tracegraph.stores.ledger import refuse_filled
from tracegraph.stores.port import LedgerHead, Store, StoredEvent, Writing
from tracegraph.stores.sqlite.connections import Connections
from tracegraph.stores.sqlite.event_rows import read_events_between
from tracegraph.stores.sqlite.graph_queries import count_rows, query_changes, query_owners
from tracegraph.stores.sqlite.index.choice import Kernel
from tracegraph.stores.sqlite.index.following import TraceIndex
from tracegraph.stores.sqlite.ledger_rows import read_head
from tracegraph.stores.sqlite.numbers import Remembered
from tracegraph.stores.sqlite.reading import SqliteReading
from tracegraph.stores.sqlite.record_rows import read_records_between
from tracegraph.stores.sqlite.schema import read_identity, write_identity
from tracegraph.stores.sqlite.writing import SqliteWriting

if TYPE_CHECKING:
    from tracegraph.stores.sqlite.compacting import Compacted
    from tracegraph.stores.sqlite.index.condition import Condition

#: Seconds that a writer waits for another one before StoreLocked.
BUSY_TIMEOUT = 30.0


def open_sqlite(
    path: str | Path, create: bool = True, busy_timeout: float = BUSY_TIMEOUT, kernel: Kernel = Kernel.AUTO
) -> Store:
    """Open the store in the file at `path`.

    `create` makes it where the file is missing or empty; without it nothing is ever created. A file or folder that
    may not be written can be read. `busy_timeout`: seconds to wait for another writer. `kernel`: what follows legs,
    where the store has a trace index; the answers are the same.

    Raises StoreUnreachable (no such file, not readable), StoreForeign (not ours), StoreNewer, StoreDamaged,
    StoreReadOnly, StoreFull, StoreLocked (tracegraph.errors).
    """
    return SqliteStore(path, create, busy_timeout, kernel=kernel)


class SqliteStore(SqliteReading):
    """port.Store in one SQLite file; safe to use from several threads."""

    def __init__(
        self,
        path: str | Path,
        create: bool = True,
        busy_timeout: float = BUSY_TIMEOUT,
        durable: bool = True,
        kernel: Kernel = Kernel.AUTO,
    ) -> None:
        self.url = f"sqlite:///{path}"
        self._remembered = Remembered()
        self._connections = Connections(Path(path).absolute(), busy_timeout, durable)
        super().__init__(self._connections.reading, TraceIndex(self._connections.path, kernel))
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

    def adopt(self, identity: str) -> None:
        """Take the identity of the store that this one is to become a copy of; UsageError where it holds entries."""
        with self._connections.writing() as connection:
            refuse_filled(read_head(connection), self.url)
            write_identity(connection, identity)
        self.identity = identity

    def build_index(self, progress: Callable[[int, int], None] | None = None) -> bool:
        """Make the trace index of the present state while others read and write; False where another process is doing
        so. `progress` is told how many leg rows have been read, of how many. An index is never needed for an answer.

        Raises StoreReadOnly, StoreFull, UsageError (numbers that an index cannot hold).
        """
        from tracegraph.stores.sqlite.index.building import build_index

        with self._connections.reading() as connection:
            return build_index(connection, self._connections.path, progress)

    def index_is_due(self) -> bool:
        """Whether the store is large enough for an index, and it has none or much was added since."""
        from tracegraph.stores.sqlite.index.condition import index_is_due

        with self._connections.reading() as connection:
            return index_is_due(connection, self._connections.path)

    def index_condition(self) -> Condition:
        """How the index is; every block of it is checked."""
        from tracegraph.stores.sqlite.index.condition import index_condition

        with self._connections.reading() as connection:
            return index_condition(connection, self._connections.path)

    def one_state(self) -> AbstractContextManager[None]:
        """Within this context all questions asked in this thread are answered from one state."""
        return self._connections.holding()

    def verify(self) -> Iterator[str]:
        """A sentence per fault of chain, facts, graph and file, first bad row first; nothing when all is well."""
        return self.check()

    def check(self, watch: Watch = unwatched, processes: int = 1) -> Iterator[Fault]:
        """What `verify` finds, each with its kind; the work is spread over so many processes."""
        # care of the store is loaded when it is asked for: a question must not wait for that
        from tracegraph.stores.sqlite.checking import find_faults

        return find_faults(self._connections.path, self._connections, watch, processes)

    def sizes(self) -> dict[str, int]:
        """How many units, holdings, legs and gaps are known now."""
        with self._connections.reading() as connection:
            return count_rows(connection)

    def back_up(self, place: Path, overwrite: bool = False, watch: Watch = unwatched) -> LedgerHead:
        """Copy the store as it is now to a new file, while others may write; returns how the ledger in it ends.

        The copy is checked before it gets its name. Raises Refused where the file is there and `overwrite` is False,
        StoreDamaged where the store itself has faults, StoreFull; nothing is left of the copy then.
        """
        from tracegraph.stores.sqlite.backup import new_copy

        with (
            new_copy(self._connections, place.absolute(), overwrite, watch) as path,
            closing(SqliteStore(path, create=False)) as copy,
        ):
            refuse_damaged(copy, self.url, watch)
            return copy.head()

    def facts_between(self, after: int, upto: int) -> list[StoredEvent]:
        """The stored events with `after` < position <= `upto`, in ledger order."""
        with self._connections.reading() as connection:
            return read_events_between(connection, after, upto)

    def records_between(self, after: int, upto: int) -> list[StoredRecord]:
        """The record versions with `after` < position <= `upto`, in ledger order."""
        with self._connections.reading() as connection:
            return read_records_between(connection, after, upto)

    def owners(self) -> list[str]:
        """Everything that owns, or owned, a part of the graph; sorted."""
        with self._connections.reading() as connection:
            return query_owners(connection)

    def changed_at(self, owners: Collection[str]) -> dict[str, list[int]]:
        """The positions at which each owner began to contribute something else, or to be another kind of unit."""
        with self._connections.reading() as connection:
            return query_changes(connection, owners)

    def compact(self) -> Compacted:
        """Give unused space back to the system; see compacting.compact_file."""
        from tracegraph.stores.sqlite.compacting import compact_file

        return compact_file(self._connections)

    def close(self) -> None:
        """Release the file; using the store afterwards is an error."""
        self._connections.close()


def refuse_damaged(copy: SqliteStore, origin: str, watch: Watch) -> None:
    """Raise StoreDamaged with the first fault of a copy of `origin`."""
    fault = next(copy.check(watch), None)
    if fault is not None:
        raise StoreDamaged(f"{origin} is damaged, so nothing was made of it: {fault}; see tracegraph doctor")
