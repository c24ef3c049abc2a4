"""schemathesis finds nothing on Neo4j. A file of its own: another process can run it."""

from __future__ import annotations

from pathlib import Path

from tests.api.conformance import conform_briefly
from tests.neo4j_server.database import Database

#: Limits of parameters are looked at before any store is asked: once is enough. `make conformance STORE=URL` does all.
PHASES = "examples,fuzzing,stateful"


def test_the_interface_is_as_described_on_neo4j(neo4j_database: Database, tmp_path: Path) -> None:
    ran = conform_briefly(neo4j_database.url, tmp_path, PHASES)
    assert ran.returncode == 0, ran.stdout
