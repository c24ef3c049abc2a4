"""The doctor and the backup, asked about a store on a server."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tracegraph import Tracegraph, cli
from tracegraph.commands import server_checks

if TYPE_CHECKING:
    from pathlib import Path

    from tests.neo4j_server.database import Database


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def made(bare_neo4j_database: Database) -> Database:
    Tracegraph.open(bare_neo4j_database.url).close()
    return bare_neo4j_database


def looked(database: Database, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any], str]:
    """The exit status, what was found by name, and what is advised."""
    status = cli.main(["--store", database.url, "doctor", "--format", "json"])
    told = capsys.readouterr()
    assert database.url.split(":")[2].split("@")[0] not in told.out + told.err, "the password is shown"
    return status, {check["name"]: check for check in json.loads(told.out)["checks"]}, told.err


def test_all_is_well(made: Database, capsys: pytest.CaptureFixture[str]) -> None:
    status, checks, advice = looked(made, capsys)
    assert (status, advice) == (0, "")
    assert checks["server"]["value"].startswith("Neo4j ")
    assert checks["server"]["value"].endswith(", community")
    there, wanted = checks["constraints"]["value"].split(" / ")
    assert there == wanted
    assert int(wanted) == len(made.run("SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP'"))
    assert checks["writable"]["value"] == "yes"


def test_a_constraint_is_missing(made: Database, capsys: pytest.CaptureFixture[str]) -> None:
    made.run("DROP CONSTRAINT tracegraph_node_id")
    status, checks, advice = looked(made, capsys)
    assert status == 1
    assert "tracegraph_node_id" in checks["constraints"]["advice"]
    assert "tracegraph copy" in advice


def test_the_clocks_differ(made: Database, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_checks, "now", lambda: 0)
    status, checks, advice = looked(made, capsys)
    assert status == 1
    assert "1970-01-01" in checks["server_clock"]["advice"]
    assert "set the one that is wrong" in advice


def test_no_store_yet(neo4j_database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    status, checks, advice = looked(neo4j_database, capsys)
    assert status == 4
    assert "there is no store" in advice
    assert checks["unusable"]["fatal"]


@pytest.mark.parametrize(
    "words", [("backup", "file.db"), ("restore", "file.db"), ("compact",), ("migrate",), ("rebuild",)]
)
def test_what_is_for_files_says_what_can_be_done(
    made: Database, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    status = cli.main(["--store", made.url, *words])
    (sentence,) = capsys.readouterr().err.splitlines()
    assert status == 2
    assert "tracegraph copy --from neo4j://127.0.0.1" in sentence
    assert "neo4j-admin database dump needs a Community server to be stopped" in sentence
