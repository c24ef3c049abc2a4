"""One state held for several questions: what others write is not seen in it, and errors are told as everywhere."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from tracegraph.contract.samples import ACTOR, event, put, rich_timeline
from tracegraph.errors import StoreDamaged, UsageError
from tracegraph.stores import open_store
from tracegraph.stores.port import Store
from tracegraph.stores.sqlite import numbers
from tracegraph.stores.sqlite.connections import Connections
from tracegraph.stores.sqlite.index.rows import read_standing
from tracegraph.stores.sqlite.numbers import NamingConnection, find_numbers, find_texts, known_by


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    yield opened
    opened.close()


def append(store: Store, name: str) -> None:
    with store.write() as change:
        change.append([event(name)], 1, ACTOR)


def test_what_is_written_meanwhile_is_not_seen(store: Store) -> None:
    append(store, "one")
    with store.one_state():
        assert store.head().count == 1
        append(store, "two")
        assert store.head().count == 1
        elsewhere: list[int] = []
        other = Thread(target=lambda: elsewhere.append(store.head().count))
        other.start()
        other.join()
        assert elsewhere == [2], "another thread holds nothing"
    assert store.head().count == 2


def test_errors_are_told_as_outside(tmp_path: Path, store: Store) -> None:
    connections = Connections(tmp_path / "store.db", 1.0)
    with connections.holding():
        with connections.reading() as first, connections.reading() as second:
            assert first is second
        with pytest.raises(StoreDamaged, match="cannot be read as it was written"), connections.reading() as connection:
            connection.execute("SELECT nothing FROM nowhere")
        with pytest.raises(StoreDamaged, match="KeyError"), connections.reading():
            raise KeyError("a row")
        with pytest.raises(UsageError, match="as it was"), connections.reading():
            raise UsageError("as it was")
        with pytest.raises(KeyboardInterrupt), connections.reading():
            raise KeyboardInterrupt
    connections.close()


def test_an_answer_that_fails_lets_go(tmp_path: Path, store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.one_state():
        print(1 // store.head().count)
    append(store, "one")
    assert store.head().count == 1
    with sqlite3.connect(tmp_path / "store.db") as other:
        assert other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
    other.close()


def test_names_are_looked_up_once_in_a_state(tmp_path: Path, store: Store) -> None:
    put(store, rich_timeline("a"))
    connections = Connections(tmp_path / "store.db", 1.0)
    with connections.holding(), connections.reading() as connection:
        statements: list[str] = []
        connection.set_trace_callback(statements.append)
        number = find_numbers(connection, ["a", "never"])["a"]
        assert find_texts(connection, [number])[number] == "a"
        told = len(statements)
        assert find_numbers(connection, ["a"]) == {"a": number}
        assert find_texts(connection, [number, number])[number] == "a"
        assert len(statements) == told, "nothing had to be read again"
        assert find_numbers(connection, ["a"], "node") == {}, "a node's number is another one"
        with pytest.raises(StoreDamaged, match="names name 99999"):
            find_texts(connection, [number, 99_999])
    with connections.reading() as again:
        assert again is connection
        assert isinstance(again, NamingConnection)
        assert again.known is None, "only of a state that is held it is known what it says"
    connections.close()


def test_names_are_kept_for_the_next_state_unless_somebody_wrote(tmp_path: Path, store: Store) -> None:
    put(store, rich_timeline("a"))
    connections = Connections(tmp_path / "store.db", 1.0)
    first, again = (_known_numbers(connections) for _ in range(2))
    put(store, rich_timeline("b"))
    after = _known_numbers(connections)
    assert (first, again, after) == (set(), {"a"}, set())
    connections.close()


def test_what_holds_for_one_state_is_asked_again_when_somebody_wrote(tmp_path: Path, store: Store) -> None:
    connections = Connections(tmp_path / "store.db", 1.0)
    heads = []
    for name in ("one", "two"):
        with connections.holding(), connections.reading() as connection:
            heads.append(read_standing(connection, 1).count)
        append(store, name)
    with connections.holding(), connections.reading() as connection:
        assert [*heads, read_standing(connection, 1).count] == [0, 1, 2]
    connections.close()


def test_more_names_than_are_worth_it_are_not_kept(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(numbers, "KEPT", 0)
    put(store, rich_timeline("a"))
    connections = Connections(tmp_path / "store.db", 1.0)
    assert [_known_numbers(connections) for _ in range(2)] == [set(), set()]
    connections.close()


def _known_numbers(connections: Connections) -> set[str]:
    """Which names are known when a state begins; `a` is looked up then."""
    with connections.holding(), connections.reading() as connection:
        known = known_by(connection)
        assert known is not None
        before = set(known.numbers)
        find_numbers(connection, ["a"])
    return before
