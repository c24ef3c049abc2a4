"""The store on a Neo4j server passes the contract, all of it."""

from __future__ import annotations

import pytest

from tests.neo4j_server.database import Database
from tracegraph.contract import StoreContract, StoreHarness
from tracegraph.contract.tracing import TracingContract
from tracegraph.stores.neo4j import Settings, open_neo4j
from tracegraph.stores.port import Store


class Neo4jHarness(StoreHarness):
    @pytest.fixture(autouse=True)
    def _database(self, neo4j_database: Database) -> None:
        self.database = neo4j_database

    def open_store(self, patience: float = 10.0) -> Store:
        return open_neo4j(self.database.url, settings=Settings(patience=patience))


class TestNeo4j(Neo4jHarness, StoreContract):
    """Everything that a store must do."""


class TestTracingOnNeo4j(Neo4jHarness, TracingContract):
    """Every question about small graphs."""
