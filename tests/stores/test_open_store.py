"""From a URL to a store."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.stores.children import environment
from tracegraph.errors import StoreUnreachable, UsageError
from tracegraph.stores import open_store


def test_relative_and_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with (
        closing(open_store("sqlite:///plant.db")) as relative,
        closing(open_store(f"sqlite:///{tmp_path}/plant.db")) as same,
    ):
        assert relative.identity == same.identity
        assert (relative.url, same.url) == ("sqlite:///plant.db", f"sqlite:///{tmp_path}/plant.db")
    assert [path.name for path in tmp_path.iterdir()] == ["plant.db"]


def test_nothing_is_created_without_being_asked(tmp_path: Path) -> None:
    with pytest.raises(StoreUnreachable):
        open_store(f"sqlite:///{tmp_path}/plant.db", create=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", ["neo4j://host:7687/db", "bolt://user:secret@host", "neo4j+s://host"])
def test_stores_of_a_later_version(url: str) -> None:
    with pytest.raises(UsageError, match="comes with a later version") as raised:
        open_store(url)
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    "url",
    ["", "plant.db", "sqlite:", "sqlite://", "sqlite:///", "sqlite:////", "sqlite://host/x", "postgres://u:secret@h"],
)
def test_other_urls(url: str) -> None:
    with pytest.raises(UsageError, match="write sqlite:///FILE") as raised:
        open_store(url)
    assert "secret" not in str(raised.value)


def test_a_store_in_memory_is_refused() -> None:
    with pytest.raises(UsageError, match="write sqlite:///FILE"):
        open_store("sqlite:///:memory:")


def test_drivers_and_cryptography_are_loaded_on_use() -> None:
    code = "import sys, tracegraph.stores, tracegraph.stores.checkpoint; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"sqlite3", "cryptography", "rfc8785", "pytest"}.intersection(loaded)
