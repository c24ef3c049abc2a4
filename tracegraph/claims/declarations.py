"""The register of declared chain-of-custody models: which site declared which model of what, and what held at a date.

Source: ISO 22095:2020, 5.1 and 6.2.
"""

from __future__ import annotations

from typing import Any

from tracegraph.claims.row import Row
from tracegraph.claims.world import World

#: What is told of a declaration, as it was recorded.
NAMES = (
    "party", "site", "product", "charset", "scheme", "model", "method", "balance_months", "evaluation_months",
    "reviewed", "from", "to",
)  # fmt: skip


def declarations(world: World, at: int) -> tuple[dict[str, Any], ...]:
    """All declarations by number, each with whether it holds at an instant (`in_force`)."""
    return tuple(_entry(row, at) for row in world.rows("declaration"))


def _entry(row: Row, at: int) -> dict[str, Any]:
    told = {"declaration": row.id, **{name: row.data.get(name) for name in NAMES}}
    return told | {"boundary": list(row.several("boundary")), "in_force": row.holds_at(at)}
