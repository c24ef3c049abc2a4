"""The first to come makes the store, one store, however many come at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Barrier
from typing import TYPE_CHECKING

from tracegraph.stores.neo4j import open_neo4j

if TYPE_CHECKING:
    from tests.neo4j_server.database import Database

SEVERAL = 4


def test_several_that_come_at_once_make_one_store(bare_neo4j_database: Database) -> None:
    ready = Barrier(SEVERAL)

    def begin(_: int) -> str:
        ready.wait()
        with closing(open_neo4j(bare_neo4j_database.url)) as store:
            return store.identity

    with ThreadPoolExecutor(SEVERAL) as threads:
        assert len(set(threads.map(begin, range(SEVERAL)))) == 1
    for label in ("Store", "Published"):
        assert bare_neo4j_database.run(f"MATCH (one:{label}) RETURN count(one) AS count") == [{"count": 1}]
    with closing(open_neo4j(bare_neo4j_database.url)) as store:
        assert store.server().missing == ()
