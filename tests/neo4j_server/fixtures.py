"""A pytest plugin: a Neo4j database for every test that asks for one.

    def test_it(neo4j_database: Database) -> None:
        store = open_store(neo4j_database.url)

The server is, in this order, the one that TRACEGRAPH_TEST_NEO4J names (`neo4j://user:password@host/database`; it must
be empty and is left empty), a container where Docker runs and testcontainers is installed, else one from Maven's jars.
One server serves all tests of a worker, and is empty when a test begins. Where none can be had, the test fails and says
what to install. A test that must stop, kill or configure a server starts one of its own: `with Server() as server:`.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

import pytest

from tests.neo4j_server.cache import cache_folder, exclusive
from tests.neo4j_server.database import Database, connected
from tests.neo4j_server.java import chosen_version
from tests.neo4j_server.server import Server

URL = "TRACEGRAPH_TEST_NEO4J"


@pytest.fixture(scope="session")
def neo4j_url() -> Iterator[str]:
    """A server for all tests of this worker. Tests ask for `neo4j_database`, which is empty."""
    yield from choose()


def choose() -> Iterator[str]:
    """The URL of a server that runs until the next step."""
    given = os.environ.get(URL)
    if given:
        yield given
    elif docker_runs():
        with container() as url:
            yield url
    else:
        with Server() as server:
            yield server.url()


@pytest.fixture(scope="session")
def neo4j_shared(neo4j_url: str) -> Iterator[Database]:
    """The database of `neo4j_url`, as the tests before left it."""
    with connected(neo4j_url) as driver:
        yield Database(neo4j_url, driver)


@pytest.fixture
def neo4j_database(neo4j_shared: Database) -> Iterator[Database]:
    """An empty database, this test's alone; constraints and indexes of an earlier store may be there."""
    with exclusive(cache_folder() / f"{hashlib.sha256(neo4j_shared.url.encode()).hexdigest()[:16]}.lock"):
        if not neo4j_shared.is_empty():
            pytest.fail(
                f"the database at {URL} is not empty, and tests would erase it: name an empty one", pytrace=False
            )
        try:
            yield neo4j_shared
        finally:
            neo4j_shared.empty()


@pytest.fixture
def bare_neo4j_database(neo4j_database: Database) -> Database:
    """An empty database without any constraint or index: as a new one."""
    neo4j_database.bare()
    return neo4j_database


def refuse_content(database: Database) -> None:
    """Fail where a database holds something before a test: somebody else's."""
    if not database.is_empty():
        pytest.fail(f"the database of {URL} is not empty, and tests would erase it: name an empty one", pytrace=False)


def docker_runs() -> bool:
    """Whether testcontainers can be used: the package is there, and Docker answers."""
    if not shutil.which("docker") or not find_spec("testcontainers"):
        return False
    return subprocess.run(["docker", "info"], capture_output=True, check=False).returncode == 0


@contextmanager
def container() -> Iterator[str]:
    """A server in a container. By bolt: it does not know the port under which others see it."""
    from testcontainers.neo4j import Neo4jContainer

    password = hashlib.sha256(os.urandom(16)).hexdigest()
    with Neo4jContainer(f"neo4j:{chosen_version()}", password=password) as started:
        scheme, _, address = started.get_connection_url().partition("://")
        yield f"{scheme}://neo4j:{password}@{address}/neo4j"
