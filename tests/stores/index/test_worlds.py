"""Whole answers about simulated worlds, arriving late and out of order: the same to the byte with and without index."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.end_to_end.building import every_answer, put
from tests.simulator.world import make_world
from tests.stores.index.stores import COMPILED, IndexedStore
from tracegraph import Tracegraph
from tracegraph.stores.sqlite import open_sqlite
from tracegraph.stores.sqlite.index.choice import Kernel

BATCHES = 5


@pytest.mark.parametrize("kernel", COMPILED)
@pytest.mark.parametrize("kind", ["recorded", "careless"])
def test_answers_about_a_world(tmp_path: Path, kind: str, kernel: Kernel) -> None:
    """The index is made after the second batch and after the fourth, and brought forward over the others."""
    world = make_world(41, 1, kind)
    events = list(world.document["epcisBody"]["eventList"])
    random.Random(5).shuffle(events)
    size = len(events) // BATCHES + 1
    path = tmp_path / "store.db"
    store = IndexedStore(path, kernel, every=10**6)
    with Tracegraph(store) as indexed, Tracegraph(open_sqlite(path, kernel=Kernel.SQL)) as plain:
        moments = []
        for number in range(BATCHES):
            put(indexed, events[number * size : (number + 1) * size])
            moments.append(store.head().recorded_at)
            if number in (1, 3):
                assert store.build_index()
            units = sorted(world.units)[number::BATCHES]
            before = store.answered
            assert every_answer(indexed, units) == every_answer(plain, units)
            assert (store.answered > before) == (number > 0)
    assert len(set(moments)) == BATCHES
