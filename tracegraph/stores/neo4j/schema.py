"""What an empty database gets to become a store, and what a database is that is not empty."""

from __future__ import annotations

import re
import uuid

from tracegraph.errors import StoreForeign, StoreNewer, StoreOlder, StoreUnreachable
from tracegraph.stores.neo4j.connections import Connections
from tracegraph.stores.neo4j.statements import statements_beginning

#: Kept in the store's node; raised when labels, types or properties change.
SCHEMA_VERSION = 1

#: The oldest server whose language is spoken here.
OLDEST_SERVER = (5, 26)


def check_server(connections: Connections) -> None:
    """Raise StoreUnreachable where the server is too old."""
    agent = connections.server_version()
    numbers = re.match(r"Neo4j/(\d+)\.(\d+)", agent)
    if numbers and tuple(map(int, numbers.groups())) < OLDEST_SERVER:
        oldest = ".".join(map(str, OLDEST_SERVER))
        raise StoreUnreachable(
            f"the server of {connections.shown} is {agent}, which is too old; use Neo4j {oldest} or newer"
        )


def open_schema(connections: Connections, create: bool) -> str:
    """The identity of the store; an empty database becomes a store where `create` says so.

    Raises StoreUnreachable (no store there), StoreForeign, StoreNewer, StoreOlder.
    """
    identity, version, prepared, nodes = connections.read(lambda asking: asking.columns("look"))
    if not identity:
        if nodes:
            raise StoreForeign(
                f"the database of {connections.shown} holds other data and is not a tracegraph store; name another one"
            )
        if not create:
            raise StoreUnreachable(f"there is no store at {connections.shown}; capture something first")
        create_schema(connections)  # before the store: so only one is made, however many begin at once
        identity, version = connections.change_at_once(
            lambda asking: asking.columns("create_store", identity=uuid.uuid4().hex, version=SCHEMA_VERSION)
        )
        connections.change_at_once(lambda asking: asking.columns("mark_prepared"))
        prepared = True
    _check_version(connections.shown, version)
    if not prepared:
        create_schema(connections)
        connections.change_at_once(lambda asking: asking.columns("mark_prepared"))
    return str(identity)


def create_schema(connections: Connections) -> None:
    """Make constraints and indexes, those that are missing."""
    for name in (*statements_beginning("constrain_"), *statements_beginning("index_")):
        connections.define(name)
    connections.define("await_indexes")


def _check_version(shown: str, version: int) -> None:
    if version > SCHEMA_VERSION:
        raise StoreNewer(
            f"the store {shown} has schema version {version}, this program knows {SCHEMA_VERSION}; update tracegraph"
        )
    if version < SCHEMA_VERSION:
        raise StoreOlder(
            f"the store {shown} has schema version {version}, this program works with {SCHEMA_VERSION}; "
            "run tracegraph migrate"
        )
