"""Compacting gives space back and changes nothing else."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.stores.test_sqlite_file import filled, names_in
from tracegraph.contract.samples import ACTOR, event, graph_timeline
from tracegraph.errors import StoreFull
from tracegraph.stores.care import keepable
from tracegraph.stores.sqlite import SqliteStore, open_sqlite
from tracegraph.stores.sqlite.index.condition import State


def crowded(path: Path) -> Path:
    """A store with a large timeline that came and went."""
    filled(path)
    with closing(open_sqlite(path)) as store, store.write() as writing:
        (position,) = writing.append([event("h", "u")], 1, ACTOR)
        writing.replace(position, {"x": graph_timeline("x", [(f"n{n}", f"n{n + 1}", True) for n in range(3_000)])})
        writing.replace(position, {"x": None})
    return path


def rows(path: Path) -> dict[str, list[tuple]]:
    """Every row with its number, which an index of the trace may know it by."""
    with closing(sqlite3.connect(path)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        numbered = ("timeline", "holding", "joint", "leg", "gap")
        return {
            name: connection.execute(f"SELECT {'rowid, ' if name in numbered else ''}* FROM {name}").fetchall()
            for name in sorted(tables)
        }


def test_space_is_given_back_and_nothing_changes(tmp_path: Path) -> None:
    path = crowded(tmp_path / "store.db")
    before, size = rows(path), path.stat().st_size
    with closing(open_sqlite(path)) as store:
        sizes = keepable(store).compact()
        assert list(store.verify()) == []
    assert rows(path) == before
    assert (sizes.file_before, sizes.file_after) == (size, path.stat().st_size)
    assert sizes.unused > 100_000
    assert sizes.saved >= sizes.unused
    assert sizes.log_after == 0
    assert names_in(tmp_path) == ["store.db"]


def test_the_trace_index_stays_right(tmp_path: Path) -> None:
    path = crowded(tmp_path / "store.db")
    with closing(SqliteStore(path)) as store:
        store.build_index()
        assert store.index_condition().state is State.CURRENT
        store.compact()
        assert store.index_condition().state is State.CURRENT


def test_readers_keep_their_state(tmp_path: Path) -> None:
    path = crowded(tmp_path / "store.db")
    with closing(open_sqlite(path)) as store, closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        count = reader.execute("SELECT count(*) FROM node").fetchone()
        sizes = keepable(store).compact()
        assert reader.execute("SELECT count(*) FROM node").fetchone() == count
        assert sizes.log_after > 0
        reader.execute("COMMIT")
        assert keepable(store).compact().log_after == 0


def test_too_little_space(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = crowded(tmp_path / "store.db")
    monkeypatch.setattr(
        "tracegraph.stores.sqlite.compacting.shutil.disk_usage",
        lambda folder: SimpleNamespace(free=path.stat().st_size),
    )
    before = path.read_bytes()
    with closing(open_sqlite(path)) as store, pytest.raises(StoreFull, match="cannot be made compact"):
        keepable(store).compact()
    assert path.read_bytes() == before
