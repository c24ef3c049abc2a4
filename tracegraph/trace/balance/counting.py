"""Stock counts: what was counted is there, and what the records say beyond it is unaccounted for.

A count is an event with the step `cycle_counting` that names the unit and an amount at the place. Of several the last
holds.
"""

from __future__ import annotations

from collections.abc import Sequence

from tracegraph.model.custody import Holding
from tracegraph.model.facts import EventFacts
from tracegraph.trace.balance.recorded import goods_of
from tracegraph.trace.balance.rows import Row
from tracegraph.trace.balance.said import COUNTING, Said, in_stock, last_said
from tracegraph.trace.reach import Starts
from tracegraph.trace.snapshot import Snapshot


def with_counts(
    snapshot: Snapshot, starts: Starts, rows: Sequence[Row], events: Sequence[EventFacts], dimension: str
) -> list[Row]:
    """The rows, with what is on hand where it was counted, and what is not there as unaccounted (below zero: there was
    more than the records say). `events`: see said.saying."""
    said = last_said(events, (COUNTING,), dimension)
    counts = {key: count for key, count in said.items() if count.amount is not None}
    if not counts:
        return list(rows)
    found = [row for row in rows if not in_stock(row)]
    for row in filter(in_stock, rows):
        count = counts.get((row.unit, row.place.id))
        found += [row] if count is None else _split(snapshot, starts, row, count, dimension)
    return found


def _split(snapshot: Snapshot, starts: Starts, row: Row, count: Said, dimension: str) -> list[Row]:
    """A row as counted, and the difference to what the records said then."""
    then = goods_of(snapshot, starts, count.instant)
    local = then.follow(dimension).local
    booked = [
        local[number]
        for number, node in then.nodes.items()
        if isinstance(node, Holding) and number in local and (node.unit, node.place) == (row.unit, row.place)
    ]
    if len(booked) != 1 or not row.whole or count.amount is None:
        return [row]
    difference = booked[0] - count.amount
    part = difference * row.amount / row.whole
    return [
        row._replace(amount=row.amount - part, whole=row.whole - difference),
        row._replace(bucket="unaccounted", amount=part, whole=None),
    ]
