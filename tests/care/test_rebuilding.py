"""A store made again from its ledger says the same, whatever was wrong with what is derived; and deep checks see it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.care.filled import answers, master_data, story
from tests.end_to_end.building import (
    born,
    epcis,
    lot,
    put,
)
from tracegraph import Tracegraph
from tracegraph.capture import Capture
from tracegraph.care.deep import deep_faults
from tracegraph.care.rebuilding import rebuild
from tracegraph.errors import Refused, StoreDamaged, StoreLocked
from tracegraph.stores import open_store
from tracegraph.stores.care import keepable
from tracegraph.stores.faults import Fault


def path_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


@contextmanager
def changed(url: str) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path_of(url))) as connection, connection:
        yield connection


def faults(url: str, processes: int = 1) -> list[Fault]:
    with closing(open_store(url, create=False)) as store:
        return [*deep_faults(keepable(store), processes=processes)]


def names(url: str) -> list[str]:
    return sorted(path.name for path in path_of(url).parent.glob("*.db*"))


def test_a_sound_store_has_no_fault(url: str) -> None:
    assert faults(url) == []
    assert names(url) == ["store.db"]


def test_a_store_made_again_says_the_same(url: str) -> None:
    before = answers(url)
    with closing(open_store(url, create=False)) as store:
        identity, entries, records = store.identity, list(store.entries()), store.records()
    rebuilt = rebuild(url)
    assert rebuilt.kept == path_of(url).with_name("store.db.before-rebuild")
    assert answers(url) == before
    with closing(open_store(url, create=False)) as store:
        assert (store.identity, list(store.entries()), store.records()) == (identity, entries, records)
        assert list(store.verify()) == []


GRAPH_DAMAGE = [
    "DELETE FROM leg",
    "DELETE FROM timeline; DELETE FROM holding; DELETE FROM leg; DELETE FROM joint; DELETE FROM gap",
    "UPDATE leg SET confirmed = 1 - confirmed",
    "UPDATE holding SET until = until + 1 WHERE until IS NOT NULL",
    "UPDATE holding SET known_from = known_from + 1 WHERE known_to < 100",
    "DELETE FROM gap",
    "UPDATE unit SET kind = 'item'",
    "DELETE FROM unit",
    "UPDATE joint SET instant = instant + 1",
    "DELETE FROM alias",
    "DELETE FROM joint_event",
]


@pytest.mark.parametrize("statements", GRAPH_DAMAGE)
def test_a_wrong_graph_is_found_and_made_again(url: str, statements: str) -> None:
    before = answers(url)
    with changed(url) as connection:
        connection.executescript(statements)
    found = faults(url)
    assert found
    assert {fault.kind for fault in found} == {"graph"}
    rebuild(url)
    assert faults(url) == []
    assert answers(url) == before


def test_facts_that_no_payload_says_are_found(url: str) -> None:
    """Changed so that facts, look-ups and graph agree with each other: only the payload says otherwise."""
    before = answers(url)
    with changed(url) as connection:
        connection.execute("""UPDATE event SET facts = replace(facts, '"100"', '"99"')""")
    with closing(open_store(url, create=False)) as store:
        assert list(store.verify()) == []
    found = [fault for fault in faults(url) if fault.kind == "facts"]
    assert len(found) == 4
    assert "the facts of the event at position" in found[0]
    rebuild(url)
    assert answers(url) == before


def test_records_that_no_payload_says_are_found(url: str) -> None:
    with changed(url) as connection:
        connection.execute("UPDATE record SET data = replace(data, 'Field', 'Meadow')")
    (found,) = (fault for fault in faults(url) if fault.kind == "record")
    assert "the data of the record at position" in found
    rebuild(url)
    assert faults(url) == []


def test_several_processes_find_the_same(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracegraph.care.deep.RANGE", 3)
    with changed(url) as connection:
        connection.execute("""UPDATE event SET facts = replace(facts, '"100"', '"99"')""")
        connection.execute("DELETE FROM gap")
    assert faults(url, processes=2) == faults(url)


def test_a_damaged_ledger_is_not_made_good(url: str) -> None:
    """To chain changed entries anew would hide that they were changed."""
    with changed(url) as connection:
        connection.execute(
            "UPDATE ledger SET payload = CAST(replace(CAST(payload AS TEXT), '100', '900') AS BLOB) WHERE position = 7"
        )
    with pytest.raises(StoreDamaged, match="does not give its own hashes"):
        rebuild(url)
    with changed(url) as connection:
        connection.execute("UPDATE ledger SET payload = x'00' WHERE position = 7")
    with pytest.raises(StoreDamaged, match="at position 7 cannot be read again"):
        rebuild(url)
    assert names(url) == ["store.db"]


def test_into_a_new_file(url: str, tmp_path: Path) -> None:
    before = path_of(url).read_bytes()
    rebuilt = rebuild(url, tmp_path / "new.db")
    assert (rebuilt.path, rebuilt.kept) == (tmp_path / "new.db", None)
    assert answers(f"sqlite:///{tmp_path}/new.db") == answers(url)
    assert path_of(url).read_bytes() == before
    with pytest.raises(Refused, match="exists already"):
        rebuild(url, tmp_path / "new.db")


def test_what_is_captured_meanwhile_is_not_lost(url: str) -> None:
    late = born(80, lot("late"), "shop", 1)
    captured: list[str] = []

    def watch(stage: str, done: int, total: int) -> None:
        if not captured:
            captured.append(stage)
            with Tracegraph.open(url) as graph:
                put(graph, [late])

    with closing(open_store(url)) as store:
        count = store.head().count
    assert rebuild(url, watch=watch).head.count == count + 1
    with Tracegraph.open(url) as graph:
        assert [unit["id"] for unit in graph.trace(lot("late")).units] == [lot("late")]


def test_a_store_in_use_is_left_alone(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracegraph.stores.sqlite.renewing.BUSY_TIMEOUT", 0.05)
    with closing(open_store(url)) as store:
        store.head()
        with pytest.raises(StoreLocked, match="open elsewhere"):
            rebuild(url)
    assert names(url) == ["store.db"]


def test_batches_of_one_time_are_whole_portions(url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A portion may end inside a batch of events, but not between the records of one piece of master data."""
    same_time = f"sqlite:///{tmp_path}/same.db"
    file = tmp_path / "all.json"
    file.write_text(json.dumps(epcis(story(), epcisHeader={"epcisMasterData": {"vocabularyList": master_data()}})))
    with closing(open_store(same_time)) as store:
        Capture(store, clock=lambda: 5).run([file])
    before = answers(same_time)
    for size in (1, 2, 3, 4):
        monkeypatch.setattr("tracegraph.care.rebuilding.BATCH", size)
        rebuild(same_time)
        assert answers(same_time) == before
