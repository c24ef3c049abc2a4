"""The ways in which tracegraph itself follows legs: SQL, the trace index with numpy, the same with compiled code."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Self

import numpy as np

from benchmarks.graph_rows import Numbers
from tracegraph.stores.sqlite.index.choice import Kernel as Way
from tracegraph.stores.sqlite.store import open_sqlite

NAMES = {Way.NUMBA: "tracegraph[fast], numba", Way.NUMPY: "tracegraph, numpy", Way.SQL: "tracegraph, SQL"}


class Kernel:
    """A store that follows legs in one certain way; a context manager. `target`: see targets.TARGETS."""

    def __init__(self, path: Path, way: Way) -> None:
        self.name = NAMES[way]
        self.target = "" if way is Way.SQL else f"reach {way}"
        self._path = path
        self._way = way

    def __enter__(self) -> Self:
        self._store: Any = open_sqlite(self._path, create=False, kernel=self._way)
        return self

    def __exit__(self, *problem: object) -> None:
        self._store.close()

    def units(self, starts: list[int], direction: str) -> Numbers:
        """Sorted unit numbers."""
        return np.asarray(self._store.reach_units(starts, direction).units)

    def reach(self, starts: list[int], direction: str, confirmed_only: bool = False) -> tuple[Numbers, Numbers]:
        """Sorted unit numbers, and the least number of events to each."""
        found = self._store.reach_units(starts, direction, confirmed_only)
        return np.asarray(found.units), np.asarray(found.distances)


def kernels(path: Path) -> Iterator[Kernel]:
    """All that can be used here, the fastest first."""
    for way in NAMES:
        if way is not Way.NUMBA or find_spec("numba"):
            yield Kernel(path, way)
