"""Stores whose index is made again after every so many changes, and what two stores say to every question."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tracegraph.stores.port import Direction, Legs, Reading, Writing
from tracegraph.stores.sqlite.index.choice import Kernel
from tracegraph.stores.sqlite.store import SqliteStore

DIRECTIONS: tuple[Direction, Direction] = ("forward", "backward")
COMPILED = (Kernel.NUMPY, Kernel.NUMBA)


class IndexedStore(SqliteStore):
    """Makes its index after every `every`-th change; in between it has to be brought forward."""

    def __init__(self, path: Path, kernel: Kernel, every: int = 1, busy_timeout: float = 10.0) -> None:
        super().__init__(path, busy_timeout=busy_timeout, kernel=kernel)
        self.every = every
        self.changes = 0

    @contextmanager
    def write(self) -> Iterator[Writing]:
        with super().write() as writing:
            yield writing
        self.changes += 1
        if self.changes % self.every == 0:
            self.build_index()

    @property
    def answered(self) -> int:
        """How many questions the index has answered."""
        assert self._index is not None
        return self._index.answered


def leg_rows(legs: Legs) -> list[tuple[object, ...]]:
    """Legs as sorted rows."""
    columns = (legs.source, legs.target, legs.event, legs.rule, legs.confirmed, legs.cost, legs.instant)
    return sorted(zip(*columns, strict=True))


def told(store: Reading, starts: Sequence[int], at: int | None = None) -> list[object]:
    """All that a store says of what the starts reach."""
    found: list[object] = []
    for direction in DIRECTIONS:
        for confirmed_only in (False, True):
            found.append(leg_rows(store.reach(starts, direction, confirmed_only, at)))
            found.append(leg_rows(store.legs(starts, direction, confirmed_only, at)))
            reached = store.reach_units(starts, direction, confirmed_only, at)
            found.append((reached.units.tolist(), reached.distances.tolist()))
    onwards = store.onwards(starts, at)
    found.append((onwards.moved, onwards.consumed, onwards.first))
    return found
