"""The store on a Neo4j server passes the contract, all of it."""

from __future__ import annotations

import pytest

from tests.neo4j_server.database import Database
from tracegraph.contract import StoreContract, StoreHarness, TamperingContract
from tracegraph.contract.tracing import TracingContract
from tracegraph.stores.neo4j import Settings, open_neo4j
from tracegraph.stores.port import Store


class Neo4jHarness(StoreHarness):
    many = 45_000  # two portions (stores/neo4j/asking.py) and a part

    @pytest.fixture(autouse=True)
    def _database(self, neo4j_database: Database) -> None:
        self.database = neo4j_database

    def open_store(self, patience: float = 10.0) -> Store:
        return open_neo4j(self.database.url, settings=Settings(patience=patience, question_timeout=3_600.0))


class TestNeo4j(Neo4jHarness, StoreContract):
    """Everything that a store must do."""


class TestTracingOnNeo4j(Neo4jHarness, TracingContract):
    """Every question about small graphs."""


class TestTamperingOnNeo4j(Neo4jHarness, TamperingContract):
    """Direct changes with the driver, as one who knows the graph makes them."""

    def change(self, statement: str, **parameters: object) -> None:
        assert self.database.run(f"{statement} RETURN count(*) AS changed", **parameters) != [{"changed": 0}]

    def change_payload(self, position: int, payload: bytes) -> None:
        self.change(
            "MATCH (e:Entry {position: $position}) SET e.payload = $payload", position=position, payload=payload
        )

    def change_actor(self, position: int, actor: str) -> None:
        self.change("MATCH (e:Entry {position: $position}) SET e.actor = $actor", position=position, actor=actor)

    def remove_entries(self, first: int, last: int) -> None:
        self.change("MATCH (e:Entry) WHERE $first <= e.position <= $last DETACH DELETE e", first=first, last=last)
        self.change("MATCH (e:Entry) WITH max(e.position) AS last MATCH (p:Published) SET p.position = last")

    def remove_facts(self, position: int) -> None:
        self.change("MATCH (e:Entry {position: $position}) REMOVE e.facts", position=position)

    def remove_node(self, id: str) -> None:
        self.change("MATCH (:Node {id: $id})-[stay:AT]->() DELETE stay", id=id)
