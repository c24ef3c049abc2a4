"""The demo, captured once, and clients of a service that answers from it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.api.v1.demo import client_of, made_demo, served
from tracegraph import Tracegraph
from tracegraph.api import Serving


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a store with the demo."""
    return made_demo(tmp_path_factory.mktemp("demo"))


@pytest.fixture
def graph(demo: str) -> Iterator[Tracegraph]:
    """The same from Python."""
    with Tracegraph.open(demo) as opened:
        yield opened


@pytest.fixture
def serving(demo: str, tmp_path: Path) -> Iterator[Serving]:
    with served(demo, tmp_path) as opened:
        yield opened


@pytest.fixture
def client(serving: Serving) -> Iterator[TestClient]:
    """An administrator."""
    with client_of(serving, "admin") as opened:
        yield opened
