"""The server that other tests rely on: it is there, empty, and gone at the end, also after a crash."""

from __future__ import annotations

import pytest

from tests.neo4j_server.database import Database


@pytest.mark.parametrize("turn", [1, 2])
def test_every_test_begins_with_nothing(neo4j_database: Database, turn: int) -> None:
    assert neo4j_database.is_empty()
    neo4j_database.run("UNWIND range(1, 5) AS turn CREATE (:Left {turn: turn})-[:TO]->(:Behind)")
    assert not neo4j_database.is_empty()


def test_constraints_stay_until_they_are_removed(neo4j_database: Database) -> None:
    neo4j_database.run("CREATE CONSTRAINT left_turn IF NOT EXISTS FOR (left:Left) REQUIRE left.turn IS UNIQUE")
    neo4j_database.run("CREATE INDEX left_age IF NOT EXISTS FOR (left:Left) ON (left.age)")
    neo4j_database.empty()
    assert neo4j_database.run("SHOW CONSTRAINTS YIELD name") == [{"name": "left_turn"}]
    neo4j_database.bare()
    assert neo4j_database.run("SHOW CONSTRAINTS YIELD name") == []
    assert [row for row in neo4j_database.run("SHOW INDEXES YIELD type") if row["type"] != "LOOKUP"] == []
