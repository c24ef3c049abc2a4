"""Two empty stores: one on a server, one in a file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.neo4j_server.database import Database
from tests.stores.neo4j.both import Both
from tracegraph import Tracegraph


@pytest.fixture
def both(tmp_path: Path, neo4j_database: Database) -> Iterator[Both]:
    with ExitStack() as opened:
        urls = neo4j_database.url, f"sqlite:///{tmp_path}/store.db"
        yield Both(*(opened.enter_context(Tracegraph.open(url)) for url in urls))
