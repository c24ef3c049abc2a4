"""What the doctor wants to know of a server: what it is, and whether the store has what makes it safe and quick."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tracegraph.stores.neo4j.connections import Connections
from tracegraph.stores.neo4j.statements import statement, statements_beginning

_NAMED = re.compile(r"(?:CONSTRAINT|INDEX) (\w+) IF NOT EXISTS")


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """`clock`: the server's, in microseconds since 1970. `wanted`: constraints and indexes that a store has; `missing`:
    those of them that are not there; `unready`: those that are not usable yet, or failed."""

    version: str
    edition: str
    clock: int
    wanted: tuple[str, ...]
    missing: tuple[str, ...]
    unready: tuple[str, ...]


def look_around(connections: Connections) -> ServerFacts:
    """Ask the server what it is, and for all constraints and indexes."""
    version, edition, clock = connections.read(lambda asking: asking.columns("components"))
    names, states = connections.read(lambda asking: asking.columns("states_of_indexes"))
    there = dict(zip(names, states, strict=True))
    wanted = wanted_names()
    return ServerFacts(
        version,
        edition,
        clock,
        wanted,
        tuple(name for name in wanted if name not in there),
        tuple(name for name in wanted if there.get(name, "ONLINE") != "ONLINE"),
    )


def wanted_names() -> tuple[str, ...]:
    """The names of the constraints and indexes of a store."""
    files = (*statements_beginning("constrain_"), *statements_beginning("index_"))
    return tuple(name for file in files for name in _NAMED.findall(statement(file)))
