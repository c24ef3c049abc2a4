"""A failure in the middle of a capture leaves no half batch: ledger and graph go together, or not at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.building import born, epcis, every_answer, lot, made, opened, put, received, shipped
from tracegraph import capture
from tracegraph.errors import RejectedInput
from tracegraph.stores.sqlite.versions import VersionedTable
from tracegraph.stores.sqlite.writing import SqliteWriting

UNITS = [lot("a"), lot("b")]
STORY = [born(0, lot("a"), "x", 10), shipped(1, lot("a"), "x", "y", 10)]
BATCH = 100
LATER = [received(2, lot("a"), "y", "x", 10), made(3, [lot("a")], [lot("b")], "y", 10, 10)]


class PowerCut(Exception):
    """Something that no program foresees."""


def failing_after(calls: int, wrapped: Any) -> Any:
    """The function, which works `calls` times and then fails."""
    left = [calls]

    def call(*arguments: Any, **options: Any) -> Any:
        left[0] -= 1
        if left[0] < 0:
            raise PowerCut
        return wrapped(*arguments, **options)

    return call


FAILURES = {
    "before anything of the graph": (SqliteWriting, "amend", 0),
    "before the ledger": (SqliteWriting, "append", 0),
    "in the middle of the graph": (VersionedTable, "amend", 2),
    "at the graph's last table": (VersionedTable, "amend", 5),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_a_failure_leaves_no_half_batch(failure: str, monkeypatch: pytest.MonkeyPatch) -> None:
    place, name, calls = FAILURES[failure]
    with opened() as graph, opened() as untroubled:
        put(graph, STORY)
        before, head = every_answer(graph, UNITS), graph.store.head()
        with monkeypatch.context() as patched:
            patched.setattr(place, name, failing_after(calls, getattr(place, name)))
            with pytest.raises(PowerCut):
                put(graph, LATER)
        assert (graph.store.head(), len(graph.store.events())) == (head, len(STORY))
        assert every_answer(graph, UNITS) == before
        assert list(graph.verify()) == []
        assert put(graph, LATER).accepted == len(LATER)
        put(untroubled, STORY, LATER)
        assert every_answer(graph, UNITS) == every_answer(untroubled, UNITS)
        assert list(graph.verify()) == []


def test_batches_before_a_failure_stay_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a long file the first batches are stored; captured again, the rest follows and nothing is stored twice."""
    monkeypatch.setattr(capture, "BATCH", BATCH)
    chain = [born(0, lot(0), "x", 10)] + [made(at, [lot(at - 1)], [lot(at)], "x", 10, 10) for at in range(1, 2 * BATCH)]
    with opened() as graph:
        with monkeypatch.context() as patched:
            patched.setattr(SqliteWriting, "amend", failing_after(1, SqliteWriting.amend))
            with pytest.raises(PowerCut):
                put(graph, chain)
        assert graph.store.head().count == BATCH
        assert len(graph.trace(lot(0)).units) == BATCH
        assert list(graph.verify()) == []
        report = put(graph, chain)
        assert (report.accepted, report.duplicates) == (BATCH, BATCH)
        assert len(graph.trace(lot(0)).units) == 2 * BATCH


def test_strict_refuses_a_file_as_a_whole(tmp_path: Path) -> None:
    doubtful = LATER[0] | {"eventTime": "2026-03-01T00:02:00"}
    path = tmp_path / "doubtful.json"
    path.write_text(json.dumps(epcis([*STORY, doubtful])), encoding="utf-8")
    with opened() as graph:
        with pytest.raises(RejectedInput, match=r"doubtful\.json"):
            graph.capture(path, strict=True, rejects=tmp_path / "rejects.ndjson")
        assert graph.store.head().count == 0
        assert "eventTime" in (tmp_path / "rejects.ndjson").read_text(encoding="utf-8")


def test_what_is_rejected_is_kept_whole_and_the_rest_is_stored(tmp_path: Path) -> None:
    broken = {"type": "ObjectEvent", "action": "ADD", "epcList": ["urn:x-item:1"], "note": "kept to the letter"}
    path, rejects = tmp_path / "mixed.json", tmp_path / "rejects.ndjson"
    path.write_text(json.dumps(epcis([STORY[0], broken, STORY[1]])), encoding="utf-8")
    with opened() as graph:
        report = graph.capture(path, rejects=rejects)
        assert (report.accepted, report.rejected, report.rejects) == (2, 1, rejects)
        assert "kept to the letter" in rejects.read_text(encoding="utf-8")
        assert "/epcisBody/eventList/1" in rejects.read_text(encoding="utf-8")
        assert list(graph.verify()) == []


def many(count: int) -> list[dict]:
    return [born(minute, lot(f"n{minute % 7}"), "x", 10) for minute in range(count)]


def file_of(events: list[Any], folder: Path) -> Path:
    path = folder / "events.json"
    path.write_text(json.dumps(epcis(events)), encoding="utf-8")
    return path


@pytest.mark.parametrize("count", [3, 4, 25])
def test_a_whole_source_is_one_change_however_many_portions_it_has(
    count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(capture, "BATCH", 4)
    units = [*UNITS, *(lot(f"n{number}") for number in range(7))]
    with opened() as graph, opened() as untroubled:
        path = file_of([*many(count), *STORY, *LATER], tmp_path)
        report = graph.capture(path, rejects=None, whole=True)
        assert (report.accepted, report.rejected) == (count + 4, 0)
        untroubled.capture(path, rejects=None)
        assert every_answer(graph, units) == every_answer(untroubled, units)
        assert list(graph.verify(deep=True)) == []
        assert len({entry.recorded_at for entry in graph.store.entries()}) == 1


@pytest.mark.parametrize("count", [3, 25])
def test_nothing_of_a_whole_source_is_stored_where_anything_is_rejected(
    count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(capture, "BATCH", 4)
    with opened() as graph:
        path = file_of([*many(count), {"type": "ObjectEvent"}], tmp_path)
        with pytest.raises(RejectedInput, match="eventTime"):
            graph.capture(path, rejects=None, whole=True)
        assert graph.store.head().count == 0


def test_nothing_of_a_whole_source_is_stored_where_a_later_portion_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(capture, "BATCH", 4)
    with opened() as graph:
        path = file_of([*many(25), *STORY], tmp_path)
        with monkeypatch.context() as patched:
            patched.setattr(SqliteWriting, "append", failing_after(3, SqliteWriting.append))
            with pytest.raises(PowerCut):
                graph.capture(path, rejects=None, whole=True)
        assert graph.store.head().count == 0
        assert graph.capture(path, rejects=None, whole=True).accepted == 27
        assert list(graph.verify(deep=True)) == []
