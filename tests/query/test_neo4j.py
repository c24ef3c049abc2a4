"""The same events answer the same queries from a server."""

from __future__ import annotations

import pytest

from tests.neo4j_server.database import Database
from tests.query.cases import CASES
from tests.query.conftest import Filled, fill
from tests.query.generated import CONTEXT
from tracegraph.query import find, find_page, read_url
from tracegraph.stores import open_store


@pytest.fixture
def served(neo4j_database: Database):
    store = open_store(neo4j_database.url)
    fill(store)
    yield store
    store.close()


def test_a_server_answers_as_the_embedded_store_does(served, filled: Filled) -> None:
    names = [
        name for name in CASES if name.startswith(("MATCH_", "EQ_eventID", "EQ_transformation", "WD_", "GE_record"))
    ]
    for name in (*names, "LE_recordTime", "EQATTR_bizLocation_countryCode", "EQ_ILMD_ex:amount"):
        asked = read_url([(name, CASES[name][0])], CONTEXT)
        assert list(find(served, asked)) == list(find(filled.store, asked)), name
    first = read_url([("orderBy", "eventTime"), ("perPage", "100")])
    pages = [find_page(store, first) for store in (served, filled.store)]
    assert pages[0] == pages[1]
    second = read_url([("orderBy", "eventTime"), ("perPage", "100"), ("nextPageToken", pages[1].next_page_token or "")])
    assert find_page(served, second) == find_page(filled.store, second)
