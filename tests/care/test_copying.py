"""A copy is the same store elsewhere: entries, hashes, identity, and what it says at every known time."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from tests.care.filled import answers, story
from tests.end_to_end.building import put
from tracegraph import Tracegraph
from tracegraph.care.copying import copy
from tracegraph.errors import Refused, StoreUnreachable, UsageError
from tracegraph.stores import open_store
from tracegraph.stores.port import LedgerEntry


@pytest.fixture
def target(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/copy.db"


def entries(url: str) -> list[LedgerEntry]:
    with closing(open_store(url, create=False)) as store:
        return list(store.entries())


def identity(url: str) -> str:
    with closing(open_store(url, create=False)) as store:
        return store.identity


def test_a_copy_is_the_same_store(url: str, target: str) -> None:
    head = copy(url, target)
    assert entries(target) == entries(url)
    assert (head.count, head.hash) == (len(entries(url)), entries(url)[-1].hash)
    assert identity(target) == identity(url)
    assert answers(target) == answers(url)
    with Tracegraph.open(target, create=False) as graph:
        assert list(graph.verify()) == []


def test_where_records_came_from_is_copied(url: str, target: str) -> None:
    copy(url, target)
    with closing(open_store(url)) as store, closing(open_store(target)) as copied:
        assert copied.records() == store.records()


def test_an_interrupted_copy_goes_on(url: str, target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(stage: str, done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        copy(url, target, stop)
    assert 0 < len(entries(target)) < len(entries(url))
    copy(url, target)
    assert entries(target) == entries(url)
    assert answers(target) == answers(url)


def test_a_later_copy_gets_what_was_added(url: str, target: str) -> None:
    copy(url, target)
    with Tracegraph.open(url) as graph:
        put(graph, [{**event, "eventID": f"urn:uuid:{number}"} for number, event in enumerate(story())])
    assert len(entries(target)) < len(entries(url))
    copy(url, target)
    assert answers(target) == answers(url)


def test_an_empty_store_is_copied(tmp_path: Path, target: str) -> None:
    origin = f"sqlite:///{tmp_path}/empty.db"
    open_store(origin).close()
    assert copy(origin, target).count == 0
    assert identity(target) == identity(origin)


@pytest.mark.parametrize("same_identity", [False, True])
def test_a_store_with_other_entries_is_left_alone(url: str, target: str, same_identity: bool) -> None:
    with Tracegraph.open(target) as graph:
        if same_identity:
            graph.store.adopt(identity(url))
        put(graph, story()[4:5])
    before = entries(target)
    with pytest.raises(Refused, match="holds 1 ledger entries that are no beginning"):
        copy(url, target)
    assert entries(target) == before


def test_a_longer_store_is_left_alone(url: str, target: str) -> None:
    copy(url, target)
    with Tracegraph.open(target) as graph:
        put(graph, [{**story()[0], "eventID": "urn:uuid:later"}])
    with pytest.raises(Refused, match="no beginning"):
        copy(url, target)


def test_a_store_is_not_copied_to_itself(url: str) -> None:
    with pytest.raises(UsageError, match="cannot be copied to itself"):
        copy(url, url)


def test_a_store_that_is_not_there_is_not_made(tmp_path: Path, target: str) -> None:
    with pytest.raises(StoreUnreachable):
        copy(f"sqlite:///{tmp_path}/none.db", target)
    assert not Path(target.removeprefix("sqlite:///")).exists()


def test_entries_made_meanwhile_are_left_for_the_next_copy(url: str, target: str) -> None:
    def write(stage: str, done: int, total: int) -> None:
        if not added:
            with Tracegraph.open(url) as graph:
                put(graph, [{**story()[0], "eventID": "urn:uuid:meanwhile"}])
            added.append(done)

    added: list[int] = []
    before = len(entries(url))
    assert copy(url, target, write).count == before
    assert copy(url, target).count == before + 1
