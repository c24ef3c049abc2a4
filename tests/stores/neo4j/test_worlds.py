"""Answers about simulated worlds, arriving late and out of order: to the byte those of the embedded store."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.end_to_end.building import every_answer, put
from tests.neo4j_server.database import Database
from tests.simulator.world import make_world
from tracegraph import Tracegraph

BATCHES = 3
#: Units asked about after each batch; the embedded store is asked about all of them elsewhere.
ASKED = 6


@pytest.mark.parametrize("kind", ["recorded", "careless"])
def test_answers_about_a_world(tmp_path: Path, neo4j_database: Database, kind: str) -> None:
    world = make_world(43, 1, kind)
    events = list(world.document["epcisBody"]["eventList"])
    random.Random(5).shuffle(events)
    size = len(events) // BATCHES + 1
    units = random.Random(6).sample(sorted(world.units), ASKED)
    with Tracegraph.open(neo4j_database.url) as served, Tracegraph.open(f"sqlite:///{tmp_path}/store.db") as embedded:
        for number in range(BATCHES):
            batch = events[number * size : (number + 1) * size]
            put(served, batch)
            put(embedded, batch)
            assert every_answer(served, units) == every_answer(embedded, units)
        assert served.store.head().count == embedded.store.head().count
        assert list(served.verify()) == []
