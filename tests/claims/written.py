"""Worlds of records written down, for tests."""

from __future__ import annotations

from typing import Any

from tracegraph.claims.vectors import world_of
from tracegraph.claims.world import World
from tracegraph.model.instants import parse_instant


def world(*records: dict[str, Any], valid: str | None = None) -> World:
    """The world of these records, each `{"kind", field: text}`."""
    return world_of({"records": records} | ({} if valid is None else {"valid": valid}))


def at(text: str) -> int:
    """The instant; of a date its first."""
    return parse_instant(text, "at")
