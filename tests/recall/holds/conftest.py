"""A plant in a store of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.recall.scope.plant import Plant
from tracegraph.stores import open_store


@pytest.fixture
def plant(tmp_path: Path) -> Iterator[Plant]:
    with closing(open_store(f"sqlite:///{tmp_path / 'plant.db'}")) as store:
        yield Plant(store)
