"""A few rounds of the kill loop; `python -m tests.stores.kill_loop --rounds 500` runs many."""

from __future__ import annotations

from pathlib import Path

from tests.stores.kill_loop import SIZE, run


def test_killed_writers_lose_nothing(tmp_path: Path) -> None:
    assert run(tmp_path / "store.db", rounds=10, seed=1) >= 10 * SIZE
