"""What holds while an answer is made: no round of the collector, and none over all of it afterwards."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from weakref import ref

import pytest

from tests.trace.memory import MemoryStore
from tracegraph.trace import answering as module
from tracegraph.trace.answering import answering


@pytest.fixture(autouse=True)
def collector() -> Iterator[None]:
    """As it is in a new process, and again afterwards."""
    gc.unfreeze()
    gc.enable()
    yield
    gc.unfreeze()
    gc.enable()


def test_what_an_answer_made_is_old_afterwards() -> None:
    with answering(MemoryStore()):
        assert not gc.isenabled()
        made = [[number] for number in range(1_000)]
    assert gc.isenabled()
    old = {id(found) for found in gc.get_objects(generation=2)}
    assert sum(id(one) in old for one in made) > 900
    assert gc.get_freeze_count() == 0


def test_what_the_program_froze_stays_frozen() -> None:
    gc.freeze()
    frozen = gc.get_freeze_count()
    with answering(MemoryStore()):
        pass
    assert 0 < gc.get_freeze_count() <= frozen
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off() -> None:
    gc.disable()
    with answering(MemoryStore()):
        pass
    assert not gc.isenabled()


class Circle:
    """An object that only the collector frees."""

    def __init__(self) -> None:
        self.itself = self


def test_circles_are_freed_however_many_answers_follow_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MANY", 500)
    seen: list[ref[Circle]] = []
    for _ in range(100):
        with answering(MemoryStore()):
            seen += [ref(Circle()) for _ in range(50)]
    assert sum(one() is not None for one in seen) < 1_000


def test_circles_are_freed_while_others_are_still_answering(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MANY", 500)
    seen: list[ref[Circle]] = []
    with answering(MemoryStore()):
        for _ in range(100):
            with answering(MemoryStore()):
                seen += [ref(Circle()) for _ in range(50)]
            assert not gc.isenabled()
        assert sum(one() is not None for one in seen) < 1_000
    assert gc.isenabled()
