"""Held stock: what an event with the step `holding` put aside is held until one with `storing` or `stocking` lets go.

Without an amount all of the unit at the place is meant. What left since was not held, as long as there was other stock.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from tracegraph.model.facts import EventFacts
from tracegraph.trace.balance.rows import Row
from tracegraph.trace.balance.said import HOLDING, LETTING_GO, in_stock, last_said


def with_held(rows: Sequence[Row], events: Sequence[EventFacts], dimension: str) -> list[Row]:
    """The rows, with what is held of what is on hand in a row of its own. `events`: see said.saying."""
    said = last_said(events, LETTING_GO | {HOLDING}, dimension)
    if not said:
        return list(rows)
    found: list[Row] = []
    for row in rows:
        last = said.get((row.unit, row.place.id)) if in_stock(row) else None
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
