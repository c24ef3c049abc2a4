"""Held stock: what an event with the step `holding` put aside is held until one with `storing` or `stocking` lets go.

Without an amount all of the unit at the place is meant. What left since was not held, as long as there was other stock.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from tracegraph.model.custody import PlaceKind
from tracegraph.trace.balance.counting import said_of
from tracegraph.trace.balance.rows import Row
from tracegraph.trace.snapshot import Snapshot

HOLDING = "holding"
LETTING_GO = frozenset({"storing", "stocking"})


def with_held(snapshot: Snapshot, rows: Sequence[Row], on: int | None, dimension: str) -> list[Row]:
    """The rows, with what is held of what is on hand in a row of its own."""
    here = [row for row in rows if row.bucket == "on_hand" and row.place.kind is PlaceKind.SITE]
    said = said_of(snapshot, {row.unit for row in here}, LETTING_GO | {HOLDING}, on, dimension)
    found: list[Row] = []
    for row in rows:
        last = said.get((row.unit, row.place.id)) if row in here else None
        if last is None or last.step != HOLDING:
            found.append(row)
        else:
            found += _split(row, last.amount)
    return found


def _split(row: Row, held: Fraction | None) -> list[Row]:
    """What is held, and the rest."""
    if held is None or not row.whole or held >= row.whole:
        return [row._replace(bucket="held")]
    part = row.amount * held / row.whole
    return [
        row._replace(amount=row.amount - part, whole=row.whole - held),
        row._replace(bucket="held", amount=part, whole=held),
    ]
