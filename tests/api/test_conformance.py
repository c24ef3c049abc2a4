"""schemathesis finds nothing, on both stores. `make conformance` looks longer."""

from __future__ import annotations

from pathlib import Path

from tests.api.conformance import conform
from tests.neo4j_server.database import Database

#: Random requests for each operation; the examples and the limits of every parameter come besides.
EXAMPLES = 5
#: Limits of parameters are looked at before any store is asked: once is enough. `make conformance STORE=URL` does all.
ON_NEO4J = "examples,fuzzing,stateful"


def test_the_interface_is_as_described_on_the_embedded_store(tmp_path: Path) -> None:
    ran = conform(f"sqlite:///{tmp_path}/store.db", tmp_path, EXAMPLES)
    assert ran.returncode == 0, ran.stdout


def test_the_interface_is_as_described_on_neo4j(neo4j_database: Database, tmp_path: Path) -> None:
    ran = conform(neo4j_database.url, tmp_path, EXAMPLES, phases=ON_NEO4J)
    assert ran.returncode == 0, ran.stdout
