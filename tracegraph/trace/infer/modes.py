"""The named assumptions about goods without a lot number."""

from __future__ import annotations

import re
from typing import NamedTuple

from tracegraph.errors import UsageError

FIFO, LIFO, WINDOW, WEIGHTED = "fifo", "lifo", "window", "weighted"
DAY = 86_400_000_000
_MODE = re.compile(r"(?P<name>fifo|lifo|weighted|window)(?::(?P<days>[0-9]{1,5}))?", re.ASCII)


class Mode(NamedTuple):
    """`fifo`: what came first left first; `lifo`: what came last; `weighted`: of everything that was there, in
    proportion; `window`: of everything that had come, in the last `days` where they are given, quantities unseen."""

    name: str
    days: int | None = None

    @property
    def text(self) -> str:
        """As it is asked for."""
        return self.name if self.days is None else f"{self.name}:{self.days}"

    @property
    def span(self) -> int | None:
        """The window in microseconds (None: without end)."""
        return None if self.days is None else self.days * DAY


def parse_mode(text: str) -> Mode:
    """A mode from what a person writes; raises UsageError with what to write instead."""
    match = _MODE.fullmatch(text.strip().lower())
    if match is None or (match["days"] is not None and match["name"] != WINDOW):
        raise UsageError(f"infer is {text!r}; choose fifo, lifo, weighted, window or window:DAYS")
    return Mode(match["name"], None if match["days"] is None else int(match["days"]))
