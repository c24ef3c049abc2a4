"""A store made anew beside the old one, to take its place when it is whole."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tracegraph.errors import Refused
from tracegraph.stores.port import LedgerHead, Store
from tracegraph.stores.sqlite.boundary import map_system_errors
from tracegraph.stores.sqlite.connections import Connections
from tracegraph.stores.sqlite.replacing import put_store, unfinished
from tracegraph.stores.sqlite.schema import holds_something, write_identity
from tracegraph.stores.sqlite.store import BUSY_TIMEOUT, SqliteStore


@dataclass(frozen=True, slots=True)
class Renewal:
    """An empty store at `path`, to be filled and put at `place`."""

    path: Path
    place: Path

    @contextmanager
    def opened(self) -> Iterator[Store]:
        """The new store."""
        store = SqliteStore(self.path, create=False, durable=False)
        try:
            yield store
        finally:
            store.close()

    def put(self, ending: str, made_of: LedgerHead | None) -> Path | None:
        """Give the new store, which must be closed, its place. An old one that ends in `made_of` is kept under a name
        with this ending, which is returned; replacing.StoreChanged where it went on."""
        return put_store(self.path, self.place, made_of is not None, ending, BUSY_TIMEOUT, made_of)


@contextmanager
def renewal(place: Path, identity: str, overwrite: bool) -> Iterator[Renewal]:
    """A new store with this identity, gone at the end unless it was put at `place`. Raises Refused where a file is
    there and `overwrite` is False."""
    if not overwrite and holds_something(place):
        raise Refused(f"the file {place} exists already; name another one")
    with map_system_errors(str(place)), unfinished(place) as path:
        connections = Connections(path, BUSY_TIMEOUT, durable=False)
        connections.create_if_missing()
        with connections.writing() as connection:
            write_identity(connection, identity)
        connections.close()
        yield Renewal(path, place)
