"""An identifier that no index of the server can hold is the input's fault, and is said so."""

from __future__ import annotations

from contextlib import closing

import pytest

from tests.neo4j_server.database import Database
from tracegraph.contract.samples import ACTOR, event
from tracegraph.errors import InputError
from tracegraph.stores.neo4j import open_neo4j


def test_a_key_of_more_than_8000_bytes(neo4j_database: Database) -> None:
    with closing(open_neo4j(neo4j_database.url)) as store:
        with pytest.raises(InputError, match="more than 8,000 bytes"), store.write() as change:
            change.append([event("h", "k" * 9_000)], 1, ACTOR)
        with store.write() as change:
            assert change.append([event("h", "k" * 8_000)], 1, ACTOR) == range(1, 2)
        assert [found.position for found in store.events(units=["k" * 8_000])] == [1]
