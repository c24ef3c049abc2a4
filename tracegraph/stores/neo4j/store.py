"""The store on a Neo4j server: one writer at a time, readers anywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TypeVar

from tracegraph.stores.ledger import refuse_filled
from tracegraph.stores.neo4j.about import ServerFacts, look_around
from tracegraph.stores.neo4j.address import read_address
from tracegraph.stores.neo4j.asking import LATEST, Asking
from tracegraph.stores.neo4j.boundary import map_exceptions
from tracegraph.stores.neo4j.checking import find_faults
from tracegraph.stores.neo4j.connections import Connections
from tracegraph.stores.neo4j.ledger_rows import read_head
from tracegraph.stores.neo4j.naming import Known
from tracegraph.stores.neo4j.reading import Neo4jReading
from tracegraph.stores.neo4j.schema import check_server, open_schema
from tracegraph.stores.neo4j.settings import Settings
from tracegraph.stores.neo4j.writing import Neo4jWriting
from tracegraph.stores.port import Writing

Answer = TypeVar("Answer")


def open_neo4j(url: str, create: bool = True, settings: Settings | None = None) -> Neo4jStore:
    """Open the store in the database at `url`: `neo4j://user:password@host:port/database` (routing), `bolt://` (one
    server), with `+s` encrypted.

    `create` makes it where the database is empty; without it nothing is ever created.

    Raises UsageError (a URL that says too little), StoreUnreachable (no server, wrong password, no such database),
    StoreForeign, StoreNewer, StoreOlder, StoreReadOnly (tracegraph.errors).
    """
    return Neo4jStore(url, create, settings or Settings())


class Neo4jStore(Neo4jReading):
    """port.Store in one database; safe to use from several threads."""

    def __init__(self, url: str, create: bool, settings: Settings) -> None:
        address = read_address(url)
        self.url = address.shown
        self._known = Known()
        self._connections = Connections(address, settings)
        try:
            check_server(self._connections)
            self.identity = open_schema(self._connections, create)
        except BaseException:
            self._connections.close()
            raise

    @contextmanager
    def write(self) -> Iterator[Writing]:
        """Begin the one exclusive change; waits for other writers, then StoreLocked.

        What was committed is published before this ends, so that everybody sees it.
        """
        with self._connections.writing() as asking:
            with map_exceptions(self.url):
                writing = Neo4jWriting(asking, self.url, self._known)
            try:
                yield writing
                writing.end()
            finally:
                writing.give_up()
        self._known.keep(writing.known)
        self._connections.publish(writing.count)

    def adopt(self, identity: str) -> None:
        """Take the identity of the store that this one is to become a copy of; UsageError where it holds entries."""
        with self._connections.writing() as asking, map_exceptions(self.url):
            refuse_filled(read_head(asking, LATEST), self.url)
            asking.columns("adopt_identity", identity=identity)
        self.identity = identity

    def one_state(self) -> AbstractContextManager[None]:
        """Within this context all questions of this thread are about one position."""
        return self._connections.one_state()

    def verify(self) -> Iterator[str]:
        """A sentence per fault of chain, facts and graph, first bad row first; nothing when all is well."""
        return find_faults(self._connections)

    def server(self) -> ServerFacts:
        """What the server is, and whether constraints and indexes are there."""
        return look_around(self._connections)

    def close(self) -> None:
        """Close all connections; using the store afterwards is an error."""
        self._connections.close()

    def _ask(self, work: Callable[[Asking], Answer]) -> Answer:
        return self._connections.read(work)
