"""What holds while an answer is made: the store gives one state, and the collector of cyclic garbage pauses.

An answer makes many objects that live and none that form a circle, so each round of the collector would look at all of
them and find nothing: of an answer with 40,000 elements that was a quarter of the time. The first round afterwards
would look at all of them at once; so they are handed over as old, which only a full round looks at.

Others make circles: a driver that asked a server, a web framework. Old objects are looked at by full rounds alone, and
what is handed over never makes one due; so the objects are counted, and a full round is held when they are many.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from tracegraph.stores.port import Reading

#: Objects handed over or made meanwhile until a full round is held: some hundred answers of a Neo4j server, which leave
#: 1,300 objects in circles each (with their buffers 400 kB).
MANY = 300_000


@contextmanager
def answering(store: Reading) -> Iterator[None]:
    """For as long as the context lasts; where several threads answer, the collector pauses until the last is done."""
    with collector_paused(), store.one_state():
        yield


@contextmanager
def collector_paused() -> Iterator[None]:
    """The pause alone, for whoever makes as many objects and writes to the store meanwhile."""
    _collector.pause()
    try:
        yield
    finally:
        _collector.go_on()


class _Collector:
    """Pauses the collector of the process while anybody answers, and holds the full rounds that are due."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._answering = 0
        self._was_on = False
        self._handed_over = 0

    def pause(self) -> None:
        with self._guard:
            if self._answering == 0:
                self._was_on = gc.isenabled()
                gc.disable()
            self._answering += 1

    def go_on(self) -> None:
        with self._guard:
            self._answering -= 1
            if not self._was_on:
                return
            if self._handed_over + gc.get_count()[0] > MANY:
                gc.collect()
                self._handed_over = 0
            if self._answering == 0:
                self._make_old()
                gc.enable()

    def _make_old(self) -> None:
        """Take everything that lives for old. What the program froze itself stays frozen, then the rest stays young."""
        if gc.get_freeze_count() == 0:
            self._handed_over += gc.get_count()[0]
            gc.freeze()
            gc.unfreeze()


_collector = _Collector()
