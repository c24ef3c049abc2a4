"""What the books of a unit are made of: plain containers and records, or such as can go back (see `journal`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from tracegraph.model.custody import Place

T = TypeVar("T")


class Materials:
    """Plain ones, for a unit that is compiled once and whole."""

    __slots__ = ()

    def table(self) -> dict[Any, Any]:
        """An empty mapping."""
        return {}

    def row(self) -> list[Any]:
        """An empty list."""
        return []

    def record(self, kind: Callable[..., T], place: Place | None, *values: Any) -> T:
        """A record of that kind; `place`: the pool that it belongs to, None for none."""
        return kind(*values)


PLAIN = Materials()
