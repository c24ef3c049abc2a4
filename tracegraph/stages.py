"""Where the time of a capture goes: seconds per stage, or nothing at all where nobody asked."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

#: The stages of a capture, in the order in which an event passes them.
READING = "reading"
LEDGER = "ledger"
FACTS = "facts"
COMPILING = "compiling"
ROWS = "rows"
COMMIT = "commit"
#: Whatever else storing takes.
STORING = "storing"
ORDER = (READING, LEDGER, FACTS, COMPILING, ROWS, COMMIT, STORING)

_NOTHING = nullcontext()


class Stages:
    """Marks of stages that measure nothing: `with stages.stage("rows"): ...` costs a call, once per batch."""

    def stage(self, name: str) -> AbstractContextManager[None]:
        """A stage, for as long as the context lasts."""
        return _NOTHING

    def seconds(self) -> dict[str, float]:
        """Seconds by stage, in the order of `ORDER` and then of appearance; empty where nothing is measured."""
        return {}


class MeasuredStages(Stages):
    """Marks that measure. A stage within another one counts for itself alone, so that all add up to the whole.

    `clock` gives seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._seconds: dict[str, float] = {}
        self._open: list[str] = []
        self._since = 0.0

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """A stage, for as long as the context lasts."""
        self._charge()
        self._open.append(name)
        try:
            yield
        finally:
            self._charge()
            self._open.pop()

    def _charge(self) -> None:
        """What has passed since the last mark belongs to the innermost stage."""
        now = self._clock()
        if self._open:
            name = self._open[-1]
            self._seconds[name] = self._seconds.get(name, 0.0) + now - self._since
        self._since = now

    def seconds(self) -> dict[str, float]:
        """Seconds by stage."""
        known = [name for name in ORDER if name in self._seconds]
        return {name: self._seconds[name] for name in (*known, *self._seconds)}


#: For everybody who measures nothing.
UNMEASURED = Stages()
