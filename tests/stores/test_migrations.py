"""Stores of every released version: brought up to the newest, they say what they said when they were made."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.stores.released.answers import answers_of
from tracegraph import Tracegraph
from tracegraph.stores.sqlite import open_sqlite
from tracegraph.stores.sqlite.migrations import STEPS
from tracegraph.stores.sqlite.schema import SCHEMA_VERSION

RELEASED = Path(__file__).parent / "released"


@pytest.fixture(params=range(1, SCHEMA_VERSION + 1))
def version(request: pytest.FixtureRequest) -> int:
    number: int = request.param
    return number


@pytest.fixture
def store(tmp_path: Path, version: int) -> Path:
    """A copy of the store of that version."""
    return Path(shutil.copy(RELEASED / f"version_{version}.sqlite", tmp_path / "store.sqlite"))


def migrate(path: Path, version: int) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (version,)
        for step in range(version, SCHEMA_VERSION):
            STEPS[step](connection)
        assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)


def shape(path: Path) -> dict[str, str]:
    """What the schema says of each table and index, spaces and quotes aside."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    return {name: "".join(sql.replace('"', "").split()) for name, sql in rows}


def test_every_version_has_a_step_and_a_store() -> None:
    assert sorted(STEPS) == list(range(1, SCHEMA_VERSION))
    assert sorted(path.name for path in RELEASED.glob("*.sqlite")) == [
        f"version_{number}.sqlite" for number in range(1, SCHEMA_VERSION + 1)
    ]


def test_answers_stay(store: Path, version: int) -> None:
    """Every trace, now and as of earlier, and every row at every position, node numbers included."""
    expected = json.loads((RELEASED / f"version_{version}.json").read_text(encoding="utf-8"))
    migrate(store, version)
    with Tracegraph.open(f"sqlite:///{store}", create=False) as graph:
        assert answers_of(graph) == expected
        assert list(graph.store.verify()) == []


def test_tables_are_those_of_a_new_store(store: Path, version: int, tmp_path: Path) -> None:
    migrate(store, version)
    open_sqlite(tmp_path / "new.sqlite").close()
    assert shape(store) == shape(tmp_path / "new.sqlite")


def test_captured_into_afterwards(store: Path, version: int) -> None:
    """A migrated store takes what it has as known, and late events as any other store does."""
    migrate(store, version)
    with closing(open_sqlite(store)) as opened:
        units = [row.key for row in opened.units()]
        before = opened.timelines(units)
        with opened.write() as writing:
            position = writing.head().count
            assert writing.replace(position, before) == 0
            assert writing.replace(position, dict.fromkeys(before)) > 0
            assert writing.replace(position, before) > 0
        assert opened.timelines(units) == before
        assert list(opened.verify()) == []


@pytest.mark.parametrize("step", sorted(STEPS))
def test_all_or_nothing(tmp_path: Path, step: int) -> None:
    """Where a statement fails, the store is as it was."""
    path = Path(shutil.copy(RELEASED / f"version_{step}.sqlite", tmp_path / "store.sqlite"))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("CREATE TABLE leg_2 (number INTEGER)")
        before = shape(path)
        with pytest.raises(sqlite3.OperationalError):
            STEPS[step](connection)
        assert connection.execute("PRAGMA user_version").fetchone() == (step,)
    assert shape(path) == before
