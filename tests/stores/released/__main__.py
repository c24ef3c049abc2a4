"""python -m tests.stores.released FOLDER: make the store of the present schema version and note its answers.

Run once, before a version of the schema is released; what it made is kept unchanged for ever after.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from contextlib import closing
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from tests.simulator.world import make_world
from tests.stores.released.answers import answers_of
from tracegraph import Tracegraph
from tracegraph.capture import Capture
from tracegraph.stores.sqlite import open_sqlite
from tracegraph.stores.sqlite.schema import SCHEMA_VERSION

#: Files, each captured in a change of its own, a day after the one before; and events of each world.
FILES = 6
EVENTS = 60
BEGIN, DAY = 1_750_000_000_000_000, 86_400_000_000


def documents() -> list[dict[str, Any]]:
    """A careless world and a well recorded one, each shuffled and cut into parts, so that most events come late."""
    found = []
    for kind in ("lossy", "recorded"):
        document = make_world(3, 1, kind).document
        events = document["epcisBody"]["eventList"]
        Random(5).shuffle(events)
        del events[EVENTS:]
        for part in range(FILES // 2):
            found.append(document | {"epcisBody": document["epcisBody"] | {"eventList": events[part :: FILES // 2]}})
    return found


def make(path: Path) -> None:
    """Capture the documents into a new store, one a day."""
    with TemporaryDirectory() as folder, closing(open_sqlite(path)) as store:
        for day, document in enumerate(documents()):
            source = Path(folder, f"{day}.json")
            source.write_text(json.dumps(document), encoding="utf-8")
            Capture(store, partial(int, BEGIN + day * DAY), "clerk").run([source])


def main(folder: Path) -> None:
    """The store, and beside it what it answers."""
    path = folder / f"version_{SCHEMA_VERSION}.sqlite"
    make(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("VACUUM")
        connection.execute("PRAGMA journal_mode = DELETE")
    with Tracegraph.open(f"sqlite:///{path}", create=False) as graph:
        answers = answers_of(graph)
    path.with_suffix(".json").write_text(json.dumps(answers, indent=0, sort_keys=True), encoding="utf-8")


main(Path(sys.argv[1]))
