"""Migration: on a copy, checked, put in place in one step; the old file stays."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.stores.children import environment
from tests.stores.test_backup import append, held_open
from tests.stores.test_sqlite_file import filled, names_in
from tracegraph.care.verifying import find_faults
from tracegraph.errors import StoreDamaged, StoreForeign, StoreLocked, StoreNewer, StoreOlder, StoreUnreachable
from tracegraph.stores.care import migrate
from tracegraph.stores.faults import unwatched
from tracegraph.stores.sqlite import migrating, open_sqlite, schema
from tracegraph.stores.sqlite.about import facts_of_file
from tracegraph.stores.sqlite.migrating import Migrated, migrate_file

NOW = schema.SCHEMA_VERSION
LATER = NOW + 2


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As if two versions later."""
    with monkeypatch.context() as patched:
        patched.setattr(schema, "SCHEMA_VERSION", LATER)
        yield


def add_table(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE novelty (number INTEGER PRIMARY KEY) STRICT")


def fill_table(connection: sqlite3.Connection) -> None:
    connection.execute("INSERT INTO novelty SELECT position FROM ledger")


STEPS = {NOW: add_table, NOW + 1: fill_table}


def migrated(path: Path, steps: migrating.Steps = STEPS) -> Migrated:
    return migrate_file(path, unwatched, steps, LATER)


def test_steps_run_in_order_and_the_old_file_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = filled(tmp_path / "store.db")
    with closing(open_sqlite(path)) as store:
        entries, identity = list(store.entries()), store.identity
    with monkeypatch.context() as patched:
        patched.setattr(schema, "SCHEMA_VERSION", LATER)
        with pytest.raises(StoreOlder, match="run tracegraph migrate"):
            open_sqlite(path)
        assert migrated(path) == Migrated(NOW, LATER, tmp_path / f"store.db.version-{NOW}")
        with closing(open_sqlite(path)) as store:
            assert (list(store.entries()), store.identity) == (entries, identity)
            assert list(store.verify()) == []
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("SELECT count(*) FROM novelty").fetchone() == (6,)
        assert migrated(path) == Migrated(LATER, LATER, None)
    with pytest.raises(StoreNewer):
        open_sqlite(path)
    with closing(open_sqlite(tmp_path / f"store.db.version-{NOW}")) as store:
        assert list(store.entries()) == entries
    assert names_in(tmp_path) == ["store.db", f"store.db.version-{NOW}"]


@pytest.mark.usefixtures("later")
def test_a_step_that_fails_changes_nothing(tmp_path: Path) -> None:
    def fail(connection: sqlite3.Connection) -> None:
        connection.execute("DELETE FROM ledger")
        connection.execute("SELECT unheard_of")

    def lose(connection: sqlite3.Connection) -> None:
        connection.execute("DELETE FROM ledger WHERE position = 3")

    path = made_before(tmp_path)
    before = path.read_bytes()
    for step, says in ((fail, "no such column"), (lose, "position 3 is missing")):
        with pytest.raises(StoreDamaged, match=says):
            migrated(path, {**STEPS, NOW + 1: step})
        assert path.read_bytes() == before
        assert names_in(tmp_path) == ["store.db"]


def made_before(folder: Path) -> Path:
    """A store of today, made by a process to which today is today."""
    code = (
        "import sys; from pathlib import Path; from tests.stores.test_sqlite_file import filled;"
        "filled(Path(sys.argv[1]))"
    )
    path = folder / "store.db"
    subprocess.run([sys.executable, "-c", code, str(path)], env=with_tests(), check=True)
    return path


def with_tests() -> dict[str, str]:
    root = Path(__file__).parents[2]
    return {**environment(), "PYTHONPATH": f"{environment()['PYTHONPATH']}{os.pathsep}{root}"}


KILLED = """
import os, sys
from pathlib import Path
from tests.stores.test_migrating import LATER, STEPS
from tracegraph.stores.faults import unwatched
from tracegraph.stores.sqlite import migrating, schema
schema.SCHEMA_VERSION = LATER
stage, path = sys.argv[1:]
def die(*anything, **more):
    os.kill(os.getpid(), 9)
if stage == "rename":
    Path.replace = die
def watch(told, done, total):
    if (told, done) == (stage, total) or (told, done) == (stage, 1):
        die()
migrating.migrate_file(Path(path), watch, STEPS, LATER)
"""


@pytest.mark.parametrize("stage", ["copy", "migrate", "verify", "rename"])
def test_killed_in_a_migration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stage: str) -> None:
    """The store is the old one, whole, and the next migration goes through."""
    path = filled(tmp_path / "store.db")
    done = subprocess.run([sys.executable, "-c", KILLED, stage, str(path)], env=with_tests(), check=False)
    assert done.returncode == -9
    with closing(open_sqlite(path)) as store:
        assert list(store.verify()) == []
    monkeypatch.setattr(schema, "SCHEMA_VERSION", LATER)
    assert migrated(path).kept
    with closing(open_sqlite(path)) as store:
        assert list(store.verify()) == []


@pytest.mark.usefixtures("later")
def test_nobody_else_may_have_it_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrating, "BUSY_TIMEOUT", 0.05)
    path = made_before(tmp_path)
    with held_open(path), pytest.raises(StoreLocked, match="open elsewhere"):
        migrated(path)
    assert names_in(tmp_path) == ["store.db"]
    assert migrated(path).kept


def test_what_is_written_meanwhile_is_not_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = filled(tmp_path / "store.db")
    monkeypatch.setattr(schema, "SCHEMA_VERSION", LATER)

    def late(stage: str, done: int, total: int) -> None:
        if (stage, done) == ("migrate", 0):
            with monkeypatch.context() as earlier:
                earlier.setattr(schema, "SCHEMA_VERSION", NOW)
                append(path, "late")

    with pytest.raises(StoreLocked, match="written meanwhile"):
        migrate_file(path, late, STEPS, LATER)
    assert migrated(path).kept
    with closing(open_sqlite(path)) as store:
        assert store.head().count == 7


def test_what_cannot_be_migrated(tmp_path: Path) -> None:
    path = filled(tmp_path / "store.db")
    url = f"sqlite:///{path}"
    assert migrate(url) == Migrated(NOW, NOW, None)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {NOW + 1}")
    with pytest.raises(StoreNewer):
        migrate(url)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 0")
    with pytest.raises(StoreDamaged, match="version 0, which never existed"):
        migrate(url)
    path.write_text("no database at all")
    with pytest.raises(StoreForeign):
        migrate(url)
    path.unlink()
    with pytest.raises(StoreUnreachable):
        migrate(url)


@pytest.mark.parametrize("version", range(1, NOW))
def test_released_stores_become_what_their_ledgers_say(tmp_path: Path, version: int) -> None:
    """By the command itself, from the store of each released version; checked down to the payloads."""
    released = Path(__file__).parent / "released" / f"version_{version}.sqlite"
    path = Path(shutil.copy(released, tmp_path / "store.db"))
    with pytest.raises(StoreOlder, match="run tracegraph migrate"):
        open_sqlite(path)
    moved = migrate(f"sqlite:///{path}")
    assert moved == Migrated(version, NOW, tmp_path / f"store.db.version-{version}")
    assert moved.kept is not None
    assert facts_of_file(moved.kept).schema_version == version
    with closing(open_sqlite(path)) as store:
        assert list(find_faults(store, deep=True)) == []
