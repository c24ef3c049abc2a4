"""Stores whose legs can be indexed apart from them, so that long traces are faster. No answer needs the index."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, runtime_checkable

from tracegraph.errors import UsageError
from tracegraph.stores.port import Store


@runtime_checkable
class Indexable(Store, Protocol):
    """A store with an index of its own."""

    def build_index(self, progress: Callable[[int, int], None] | None = None) -> bool:
        """Make the index of the present state; False where another process is doing so. `progress` is told now and
        then how many legs have been read, and of about how many."""

    def index_is_due(self) -> bool:
        """Whether so much has changed that making it anew is worth the while."""


def indexable(store: Store) -> Indexable:
    """The store as one that can be indexed. Raises UsageError where it keeps its own indexes."""
    if not isinstance(store, Indexable):
        raise UsageError(f"the store {store.url} keeps its own indexes; nothing has to be done")
    return store
