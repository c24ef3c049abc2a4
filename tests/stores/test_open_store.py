"""From a URL to a store."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.stores.children import environment
from tracegraph.errors import StoreUnreachable, UsageError
from tracegraph.stores import file_of_url, open_store, with_credentials


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
def test_a_server_is_no_file(url: str) -> None:
    with pytest.raises(UsageError, match="tools of its own server") as raised:
        file_of_url(url)
    assert "secret" not in str(raised.value)


def test_credentials_from_elsewhere() -> None:
    """They complete a URL that has none, in any characters; one that has its own, or is of a file, stays as it is."""
    assert with_credentials("neo4j://host:1/db", "me", "a@b/:%") == "neo4j://me:a%40b%2F%3A%25@host:1/db"
    assert with_credentials("bolt://you:secret@host", "me", "x") == "bolt://you:secret@host"
    assert with_credentials("bolt://host", None, "x") == "bolt://host"
    assert with_credentials("sqlite:///plant.db", "me", "x") == "sqlite:///plant.db"


def test_a_missing_driver_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("tracegraph.stores.neo4j")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "neo4j", None)
    with pytest.raises(UsageError, match=r"tracegraph\[neo4j\]") as raised:
        open_store("bolt://user:secret@host")
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
    assert not {"sqlite3", "neo4j", "cryptography", "rfc8785", "pytest"}.intersection(loaded)
