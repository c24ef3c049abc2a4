"""Work that is due now and then, in a thread of its own."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event, Thread

from tracegraph.errors import TracegraphError

log = logging.getLogger("tracegraph")


class Regularly:
    """Calls `work` when it is started, and every so many seconds after it was done; an error is logged, no more."""

    def __init__(self, name: str, work: Callable[[], object], seconds: float) -> None:
        self._work = work
        self._seconds = seconds
        self._ended = Event()
        self._thread = Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what is at hand, and end."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                self._work()
            except TracegraphError as error:
                log.warning("%s failed: %s", self._thread.name, error)
            self._ended.wait(self._seconds)
