"""Records: versioned statements about the world that are not events (master data, aliases, memberships, later
certificates, claims, recall cases). Entered from files or by hand, corrected by newer versions, never changed."""

from __future__ import annotations

from dataclasses import field
from typing import Any

from tracegraph.model.values import value


@value
class Record:
    """One version of one statement.

    `kind` and `id` name the thing (`site` and its canonical key); the newest version known at a ledger position holds.
    `valid_from`, `valid_to`: valid time as instants (None: unbounded). `data`: JSON values, decimals as Decimal.
    `withdrawn` ends the record. `reason` and `source` say why and from where it was entered.
    """

    kind: str
    id: str
    data: dict[str, Any] = field(default_factory=dict)
    valid_from: int | None = None
    valid_to: int | None = None
    withdrawn: bool = False
    reason: str = ""
    source: str = ""


@value
class StoredRecord:
    """A record with its known time: the ledger position and instant at which it was entered, and by whom."""

    record: Record
    position: int
    recorded_at: int
    actor: str
