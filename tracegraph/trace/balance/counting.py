"""Stock counts: what was counted is there, and what the records say beyond it is unaccounted for.

A count is an event with the step `cycle_counting` that names the unit and an amount at the place. Of several the last
holds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tracegraph.model.custody import Holding
from tracegraph.model.facts import EventFacts
from tracegraph.model.measures import dimension as dimension_of
from tracegraph.model.measures import in_base
from tracegraph.timeline.live_events import live_events
from tracegraph.trace.balance.recorded import goods_of
from tracegraph.trace.balance.rows import Row
from tracegraph.trace.reach import Starts
from tracegraph.trace.snapshot import Snapshot

COUNTING = "cycle_counting"


@dataclass(frozen=True, slots=True)
class Count:
    """So much of a unit (None: no amount was given) was counted, or said to be, at a site at an instant."""

    instant: int
    amount: Fraction | None
    step: str = COUNTING


def with_counts(snapshot: Snapshot, starts: Starts, rows: Sequence[Row], on: int | None, dimension: str) -> list[Row]:
    """The rows, with what is on hand where it was counted, and what is not there as unaccounted (below zero: there was
    more than the records say)."""
    here = [row for row in rows if row.stored]
    said = said_of(snapshot, {row.unit for row in here}, (COUNTING,), on, dimension)
    counts = {key: count for key, count in said.items() if count.amount is not None}
    found = [row for row in rows if not row.stored]
    for row in here:
        count = counts.get((row.unit, row.place.id))
        found += [row] if count is None else _split(snapshot, starts, row, count, dimension)
    return found


def _split(snapshot: Snapshot, starts: Starts, row: Row, count: Count, dimension: str) -> list[Row]:
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


def said_of(
    snapshot: Snapshot, units: Iterable[str], steps: Collection[str], on: int | None, dimension: str
) -> dict[tuple[str, str], Count]:
    """The last event with one of these steps of each unit at each site. Amounts of another dimension say nothing."""
    wanted = sorted(units)
    if not wanted:
        return {}
    stored = [one.facts for one in snapshot.events(units=wanted)]
    found: dict[tuple[str, str], Count] = {}
    saying = [one.facts for one in live_events(stored).events if one.facts.step in steps]
    for facts in sorted(saying, key=lambda facts: (facts.instant, facts.content_hash)):
        if on is None or facts.instant <= on:
            found |= _told_by(facts, dimension)
    return found


def _told_by(facts: EventFacts, dimension: str) -> dict[tuple[str, str], Count]:
    found = {}
    for named in facts.named:
        amount = None if named.quantity is None else in_base(named.quantity)
        if named.quantity is not None and amount is not None and dimension_of(named.quantity.unit) != dimension:
            continue
        for site in {facts.biz_location, facts.read_point} - {None}:
            found[named.unit, str(site)] = Count(facts.instant, amount, facts.step)
    return found
