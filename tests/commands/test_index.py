"""`tracegraph index`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands.conftest import LOT, Run, document, story
from tests.trace.memory import MemoryStore
from tracegraph import Tracegraph
from tracegraph.commands import index
from tracegraph.errors import UsageError
from tracegraph.stores.indexing import indexable
from tracegraph.stores.sqlite.index import condition
from tracegraph.stores.sqlite.index.manifest import MANIFEST

FOLDER = Path("tracegraph.db.index")


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Commands that were started in processes of their own; they are not run."""
    commands: list[list[str]] = []

    class NoProcess:
        def __init__(self, command: list[str], **settings: object) -> None:
            assert settings["start_new_session"]
            commands.append(command)

        def poll(self) -> int:
            return 0

    monkeypatch.setattr(index, "_started", [])
    monkeypatch.setattr(subprocess, "Popen", NoProcess)
    return commands


def test_it_is_made_and_changes_no_answer(captured: Run) -> None:
    before = captured("trace", "forward", LOT, "--format", "json").json
    result = captured("index")
    assert (result.status, result.err) == (0, "")
    assert result.text.startswith("The trace index is made (")
    assert (FOLDER / MANIFEST).is_file()
    assert captured("trace", "forward", LOT, "--format", "json").json == before


def test_in_chinese(captured: Run) -> None:
    assert captured("index", "--lang", "zh").text.startswith("追溯索引已建立")


def test_a_store_that_is_not_there(run: Run) -> None:
    result = run("index")
    assert result.status == 4
    assert "there is no store" in result.sentence
    assert not FOLDER.exists()


def test_where_nothing_can_be_written(captured: Run) -> None:
    FOLDER.write_text("a file")
    result = captured("index")
    assert result.status == 4
    assert "the index folder" in result.sentence


def test_in_a_process_of_its_own(captured: Run, started: list[list[str]]) -> None:
    result = captured("index", "--background")
    assert result.status == 0
    assert result.sentence == "The trace index is being made in the background; answers do not wait for it."
    assert started == [[sys.executable, "-m", "tracegraph.cli", "--store=sqlite:///tracegraph.db", "index"]]
    assert captured(*started[0][3:]).text.startswith("The trace index is made (")


def test_a_small_capture_starts_nothing(captured: Run, started: list[list[str]]) -> None:
    assert started == []
    assert not FOLDER.exists()


def test_a_large_capture_starts_it(run: Run, started: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(condition, "FEWEST_LEGS", 1)
    result = run("capture", "-", stdin=document(*story()))
    assert result.status == 0
    assert len(started) == 1
    assert "in the background" in result.err


def test_other_stores_keep_their_own() -> None:
    with pytest.raises(UsageError, match="nothing has to be done"):
        indexable(MemoryStore())


def test_how_far_it_is(captured: Run) -> None:
    assert "100 %" in captured("index", "--progress").err


def test_from_python(captured: Run) -> None:
    with Tracegraph.open() as graph:
        assert graph.index()
    assert (FOLDER / MANIFEST).is_file()
