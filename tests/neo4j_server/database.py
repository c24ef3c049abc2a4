"""A database that a test may fill: its URL, and how it gets empty again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from neo4j import Driver

USER = "neo4j"

EMPTY = "MATCH (node) CALL (node) { DETACH DELETE node } IN TRANSACTIONS OF 10000 ROWS"
CONSTRAINTS = "SHOW CONSTRAINTS YIELD name RETURN name"
INDEXES = "SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP' RETURN name"


@dataclass(frozen=True)
class Database:
    """`url`: with credentials, as `tracegraph --store` takes it; `driver`: connected, for tests that look inside."""

    url: str
    driver: Driver

    @property
    def name(self) -> str:
        """The database's name on its server."""
        return urlsplit(self.url).path.strip("/") or "neo4j"

    def run(self, statement: str, **parameters: Any) -> list[dict[str, Any]]:
        """The rows of a statement, past tracegraph."""
        with self.driver.session(database=self.name) as session:
            return session.run(statement, parameters).data()

    def empty(self) -> None:
        """Remove everything but constraints and indexes, which a store makes once and finds again."""
        self.run(EMPTY)

    def bare(self) -> None:
        """Remove everything, so that nothing tells this database from a new one."""
        self.empty()
        for kind, names in (("CONSTRAINT", CONSTRAINTS), ("INDEX", INDEXES)):
            for row in self.run(names):
                self.run(f"DROP {kind} `{row['name']}` IF EXISTS")

    def is_empty(self) -> bool:
        """Whether it holds nothing."""
        return self.run("MATCH (node) RETURN count(node) AS nodes") == [{"nodes": 0}]


def connected(url: str) -> Driver:
    """A driver for a URL with credentials."""
    from neo4j import GraphDatabase

    parts = urlsplit(url)
    address = f"{parts.scheme}://{parts.hostname}:{parts.port or 7687}"
    return GraphDatabase.driver(address, auth=(unquote(parts.username or USER), unquote(parts.password or "")))
