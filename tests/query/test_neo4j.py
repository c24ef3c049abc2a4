"""The same events answer the same queries from a server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.neo4j_server.database import Database
from tests.query.cases import CASES
from tests.query.conftest import fill
from tests.query.generated import CONTEXT
from tracegraph.query import find, find_page, read_url
from tracegraph.stores import open_store
from tracegraph.stores.port import Store

#: A server takes long to capture: fewer than the embedded store is asked about, and enough for each query.
COUNT = 150


@pytest.fixture
def both(neo4j_database: Database, tmp_path: Path) -> Iterator[list[Store]]:
    stores = [open_store(url) for url in (neo4j_database.url, f"sqlite:///{tmp_path}/store.db")]
    for store in stores:
        fill(store, COUNT)
    yield stores
    for store in stores:
        store.close()


def test_a_server_answers_as_the_embedded_store_does(both: list[Store]) -> None:
    served, embedded = both
    names = [
        name for name in CASES if name.startswith(("MATCH_", "EQ_eventID", "EQ_transformation", "WD_", "GE_record"))
    ]
    for name in (*names, "LE_recordTime", "EQATTR_bizLocation_countryCode", "EQ_ILMD_ex:amount"):
        asked = read_url([(name, CASES[name][0])], CONTEXT)
        found = list(find(embedded, asked))
        assert found, f"{name} finds nothing to compare"
        assert list(find(served, asked)) == found, name
    first = [("orderBy", "eventTime"), ("perPage", "50")]
    pages = [find_page(store, read_url(first)) for store in both]
    assert pages[0] == pages[1]
    second = read_url([*first, ("nextPageToken", pages[1].next_page_token or "")])
    assert find_page(served, second) == find_page(embedded, second)
