"""Several writers that touch the same units at once end with the graph that one after the other would have made."""

from __future__ import annotations

import random
from pathlib import Path
from threading import Barrier, Thread

from tests.end_to_end.building import Event, born, document, every_answer, lot, made, put, received, shipped
from tests.neo4j_server.database import Database
from tracegraph import Tracegraph

WRITERS = 3
LOTS = [lot(number) for number in range(4)]


def story() -> list[Event]:
    """Lots that travel between three places and are mixed on the way: every writer gets events of every lot."""
    events = [born(number, name, "farm", 100) for number, name in enumerate(LOTS)]
    for turn, name in enumerate(LOTS * 3):
        paper = document(turn)
        events.append(shipped(100 + 10 * turn, name, "farm", "plant", 20, bizTransactionList=paper))
        events.append(received(105 + 10 * turn, name, "plant", "farm", 20, bizTransactionList=paper))
    events.append(made(500, LOTS, [lot("mix")], "plant", 5, 20))
    events.append(shipped(510, lot("mix"), "plant", "shop", 20))
    return events


def test_racing_writers_make_the_graph_of_one(tmp_path: Path, neo4j_database: Database) -> None:
    events = story()
    random.Random(3).shuffle(events)
    begin = Barrier(WRITERS)

    def write(number: int) -> None:
        with Tracegraph.open(neo4j_database.url) as graph:
            begin.wait()
            for event in events[number::WRITERS]:
                put(graph, [event])

    Tracegraph.open(neo4j_database.url).close()
    threads = [Thread(target=write, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    units = [*LOTS, lot("mix")]
    with Tracegraph.open(neo4j_database.url) as raced, Tracegraph.open(f"sqlite:///{tmp_path}/store.db") as alone:
        put(alone, events)
        assert [entry.position for entry in raced.store.entries()] == list(range(1, len(events) + 1))
        assert list(raced.verify(deep=True)) == []
        assert every_answer(raced, units) == every_answer(alone, units)
