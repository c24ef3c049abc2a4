"""Memory that searches share. It is as large as the store, but only the pages that searches touch are ever taken from
the system, and each search wipes out its own marks: no question costs what the store is large."""

from __future__ import annotations

import numpy as np

from tracegraph.stores.sqlite.index.arrays import Array


class Scratch:
    """`marks`: a mark per node, all zero between two searches, but for node 0, which does not exist and is always
    marked. A scratch whose search failed must be thrown away."""

    def __init__(self, nodes: int) -> None:
        self.marks: Array = np.zeros(nodes, dtype=np.int32)
        self.marks[0] = 1
        self._ramp: Array = np.arange(1, 1025, dtype=np.int64)
        self._ranks: Array | None = None
        self._lists: tuple[Array, Array, Array] | None = None

    def ramp(self, length: int) -> Array:
        """The numbers 1 to `length`."""
        if length > len(self._ramp):
            self._ramp = np.arange(1, 2 * length, dtype=np.int64)
        return self._ramp[:length]

    def lists(self) -> tuple[Array, Array, Array]:
        """Three lists with room for every node, not initialised."""
        if self._lists is None:
            made = [np.empty(len(self.marks), dtype=np.int32) for _ in range(3)]
            self._lists = made[0], made[1], made[2]
        return self._lists

    def ranks(self) -> Array:
        """A number per node, all 0; who writes there must wipe it out."""
        if self._ranks is None:
            self._ranks = np.zeros(len(self.marks), dtype=np.int32)
        return self._ranks
