"""The server that other tests rely on: chosen well, empty; one sentence says what is missing."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from tests.neo4j_server import fixtures, java
from tests.neo4j_server.cache import CACHE
from tests.neo4j_server.server import Server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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
    assert {"name": "left_turn"} in neo4j_database.run("SHOW CONSTRAINTS YIELD name")
    neo4j_database.bare()
    assert neo4j_database.run("SHOW CONSTRAINTS YIELD name") == []
    assert [row for row in neo4j_database.run("SHOW INDEXES YIELD type") if row["type"] != "LOOKUP"] == []


def test_a_named_server_is_used_and_must_be_empty(neo4j_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(fixtures.URL, neo4j_database.url)
    with chosen_url() as url:
        assert url == neo4j_database.url
    fixtures.refuse_content(neo4j_database)
    neo4j_database.run("CREATE (:Precious)")
    with pytest.raises(pytest.fail.Exception, match="not empty, and tests would erase it: name an empty one"):
        fixtures.refuse_content(neo4j_database)
    assert neo4j_database.run("MATCH (kept:Precious) RETURN count(kept) AS count") == [{"count": 1}]


def test_a_container_is_used_where_docker_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked = []

    class Container:
        def __init__(self, image: str, password: str) -> None:
            asked.extend([image, password])

        def __enter__(self) -> Container:
            return self

        def __exit__(self, *_: object) -> None:
            asked.append("stopped")

        def get_connection_url(self) -> str:
            return "bolt://localhost:32768"

    package, module = ModuleType("testcontainers"), ModuleType("testcontainers.neo4j")
    module.Neo4jContainer = Container  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "testcontainers", package)
    monkeypatch.setitem(sys.modules, "testcontainers.neo4j", module)
    monkeypatch.setattr(fixtures, "docker_runs", lambda: True)
    monkeypatch.delenv(fixtures.URL, raising=False)
    monkeypatch.setenv(java.VERSION, "5.26.30")
    with chosen_url() as url:
        assert url == f"bolt://neo4j:{asked[1]}@localhost:32768/neo4j"
        assert asked[0] == "neo4j:5.26.30"
    assert asked[-1] == "stopped"


def test_docker_runs_only_where_it_answers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(fixtures, "find_spec", lambda _: object())
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not fixtures.docker_runs()
    docker = tmp_path / "docker"
    for status in (1, 0):
        docker.write_text(f"#!/bin/sh\nexit {status}\n", encoding="utf-8")
        docker.chmod(0o755)
        assert fixtures.docker_runs() is (status == 0)
    monkeypatch.setattr(fixtures, "find_spec", lambda _: None)
    assert not fixtures.docker_runs()


def test_what_is_missing_is_said_in_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv(CACHE, str(tmp_path))
    with pytest.raises(
        pytest.fail.Exception, match=r"install Maven .* or start Docker .* or name a running, empty server"
    ):
        java.server_jars("5.26.30")
    monkeypatch.setattr(java, "JAVA_FOLDERS", ())
    monkeypatch.delenv("JAVA_HOME", raising=False)
    for version, needed in [("5.26.30", 17), ("2026.08.1", 21)]:
        java.java_for.cache_clear()
        with pytest.raises(pytest.fail.Exception, match=f"no Java {needed} or newer was found, .* install it"):
            java.java_for(version)
    java.java_for.cache_clear()


def test_maven_that_fails_is_quoted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    maven = tmp_path / "mvn"
    maven.write_text("#!/bin/sh\necho no such version\nexit 1\n", encoding="utf-8")
    maven.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv(CACHE, str(tmp_path / "cache"))
    with pytest.raises(pytest.fail.Exception, match=r"could not fetch Neo4j 5\.0\.0; .*says:\nno such version"):
        java.server_jars("5.0.0")
    assert not list((tmp_path / "cache").rglob("jars"))


@pytest.mark.parametrize(("version", "needed"), [("5.26.30", 17), ("2026.08.1", 21)])
def test_a_java_that_is_new_enough(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, version: str, needed: int) -> None:
    for number in (11, needed, 99):
        program = tmp_path / str(number) / "bin" / "java"
        program.parent.mkdir(parents=True)
        program.write_text(f"#!/bin/sh\necho 'openjdk version \"{number}.0.1\"' >&2\n", encoding="utf-8")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "11"))
    monkeypatch.setattr(java, "JAVA_FOLDERS", (str(tmp_path),))
    java.java_for.cache_clear()
    assert java.java_for(version) == tmp_path / str(needed) / "bin" / "java"
    java.java_for.cache_clear()


def test_a_server_that_cannot_start_shows_its_log() -> None:
    with pytest.raises(pytest.fail.Exception, match=r"did not start(.|\n)*no\.such\.setting"):
        Server(settings={"no.such.setting": "1"}).__enter__()


@contextmanager
def chosen_url() -> Iterator[str]:
    """What the fixture would give."""
    with contextmanager(fixtures.choose)() as url:
        yield url
