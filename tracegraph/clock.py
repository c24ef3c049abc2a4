"""The clock: the one place where the time of day comes from."""

from __future__ import annotations

from time import time_ns


def now() -> int:
    """This moment as an instant (microseconds since 1970-01-01T00:00Z)."""
    return time_ns() // 1_000
