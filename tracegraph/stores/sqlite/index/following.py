"""The index of an open store: finds the newest generation, keeps it up with the store, asks it, and lets it go where it
does not fit. Nothing of it shows outside: where the index cannot answer it gives None, and SQL answers."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from tracegraph.stores.sqlite.index.choice import Kernel
from tracegraph.stores.sqlite.index.manifest import Manifest, index_folder, manifest_mark, read_manifest
from tracegraph.stores.sqlite.index.rows import read_standing

if TYPE_CHECKING:
    from tracegraph.stores.sqlite.index.asking import Engine

Told = TypeVar("Told")


class Fit(NamedTuple):
    """A generation that fits a state of the store, and the position at which it is asked."""

    manifest: Manifest
    position: int


class TraceIndex:
    """Safe to use from several threads: one asks at a time."""

    def __init__(self, store: Path, kernel: Kernel) -> None:
        self._folder = index_folder(store)
        self._kernel = kernel
        self._lock = Lock()
        self._mark: tuple[int, int, int] | None = None
        self._manifest: Manifest | None = None
        self._engine: Engine | None = None
        self.answered = 0
        """How many questions it has answered."""

    @property
    def warm(self) -> bool:
        """Whether asking costs no more than the question itself, or whether SQL has to be spared in any case."""
        return self._engine is not None or self._kernel in (Kernel.NUMPY, Kernel.NUMBA)

    def fitting(self, connection: sqlite3.Connection, at: int | None) -> Fit | None:
        """The generation that can answer a question of this state; None where there is none.

        It cannot tell what was known before it was made, and it fits only the ledger and the rows it was made of.
        """
        if self._kernel is Kernel.SQL:
            return None
        with self._lock:
            manifest = self._newest()
        if manifest is None:
            return None
        standing = read_standing(connection, manifest.position)
        if (standing.identity, standing.lineage, standing.hash) != (manifest.identity, manifest.lineage, manifest.head):
            return None
        position = standing.count if at is None else min(at, standing.count)
        return Fit(manifest, position) if position >= manifest.position else None

    def ask(self, connection: sqlite3.Connection, fit: Fit, question: Callable[[Engine], Told]) -> Told | None:
        """What the engine, brought forward to the position, says; None where it cannot."""
        from tracegraph.stores.sqlite.index.arrays import DamagedIndex
        from tracegraph.stores.sqlite.index.ways import FullIndex

        with self._lock:
            try:
                engine = self._brought_to(connection, fit)
                told = None if engine is None else question(engine)
                self.answered += told is not None
                return told
            except (DamagedIndex, FullIndex, IndexError, ValueError, OverflowError):
                # until another generation is published
                self._engine = self._manifest = None
                return None

    def _newest(self) -> Manifest | None:
        """The published manifest; a new one lets go of the generation in use."""
        mark = manifest_mark(self._folder)
        if mark != self._mark:
            self._mark = mark
            self._manifest = read_manifest(self._folder) if mark else None
            self._engine = None
        return self._manifest

    def _brought_to(self, connection: sqlite3.Connection, fit: Fit) -> Engine | None:
        from tracegraph.stores.sqlite.index.asking import Engine

        if self._manifest is not fit.manifest:
            return None
        if self._engine is None:
            self._engine = Engine(self._folder, fit.manifest, self._kernel)
        if self._engine.position < fit.position:
            self._engine.advance(connection, fit.position)
        return self._engine if self._engine.position == fit.position else None
