"""Checks cut into ranges and spread over processes find what one check from beginning to end finds."""

from __future__ import annotations

import pickle
import sqlite3
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from tests.stores.test_sqlite_file import filled
from tracegraph.contract.samples import ACTOR, event
from tracegraph.stores.care import keepable
from tracegraph.stores.faults import Fault
from tracegraph.stores.ledger import verify_chain
from tracegraph.stores.sqlite import checking, open_sqlite


def faults(path: Path, processes: int = 1) -> list[Fault]:
    with closing(open_sqlite(path, create=False)) as store:
        return list(keepable(store).check(processes=processes))


def change(path: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement, values)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_ranges_find_what_the_whole_chain_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """Also where a range begins or ends with a changed or missing entry."""
    monkeypatch.setattr(checking, "RANGE", size)
    random = Random(size)
    for turn in range(12):
        path = filled(tmp_path / f"{turn}.db", 30)
        for position in random.sample(range(1, 32), random.randrange(1, 8)):
            if random.random() < 0.5:
                change(path, "DELETE FROM ledger WHERE position = ?", position)
            else:
                change(path, "UPDATE ledger SET actor = 'x', recorded_at = 0 WHERE position = ?", position)
        with closing(open_sqlite(path, create=False)) as store:
            expected = list(verify_chain(store.entries()))
        assert [fault for fault in faults(path) if fault.kind == "chain"] == expected


def test_several_processes_find_the_same_in_the_same_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "RANGE", 7)
    path = filled(tmp_path / "store.db", 30)
    for statement in (
        "UPDATE ledger SET actor = 'x' WHERE position IN (3, 17)",
        "UPDATE event SET facts = '[]' WHERE position IN (4, 30)",
        "UPDATE record SET data = '{' WHERE position = 31",
        "DELETE FROM holding WHERE rowid = 2",
    ):
        change(path, statement)
    expected = faults(path)
    assert {fault.kind for fault in expected} == {"chain", "facts", "record", "graph"}
    assert faults(path, processes=2) == expected


def test_progress_goes_up_to_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "RANGE", 7)
    path = filled(tmp_path / "store.db", 30)
    for processes in (1, 2):
        told: list[tuple[str, int, int]] = []
        with closing(open_sqlite(path, create=False)) as store:
            assert list(keepable(store).check(lambda *look: told.append(look), processes)) == []  # noqa: B023
        assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)
        assert told[-1][1] == told[-1][2]


def test_a_writer_does_not_disturb_the_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "RANGE", 7)
    path = filled(tmp_path / "store.db", 30)
    with closing(open_sqlite(path)) as store:

        def write(stage: str, done: int, total: int) -> None:
            with store.write() as writing:
                writing.append([event(f"while checking {done}", "u")], 1, ACTOR)

        assert list(keepable(store).check(write)) == []
        assert store.head().count > 31


def test_a_fault_is_its_sentence_also_elsewhere() -> None:
    fault = pickle.loads(pickle.dumps(Fault("something is wrong", "graph")))
    assert (fault, fault.kind) == ("something is wrong", "graph")
