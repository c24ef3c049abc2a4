"""What events say of stock without moving it: that it was counted, put aside, or let go again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tracegraph.model.custody import PlaceKind
from tracegraph.model.facts import EventFacts
from tracegraph.model.measures import dimension as dimension_of
from tracegraph.model.measures import in_base
from tracegraph.timeline.live_events import live_events
from tracegraph.trace.balance.rows import Row
from tracegraph.trace.snapshot import Snapshot

COUNTING = "cycle_counting"
HOLDING = "holding"
LETTING_GO = frozenset({"storing", "stocking"})
STEPS = LETTING_GO | {COUNTING, HOLDING}


@dataclass(frozen=True, slots=True)
class Said:
    """So much of a unit (None: no amount was given) was said to be at a site at an instant, by an event of that
    step."""

    instant: int
    amount: Fraction | None
    step: str


def in_stock(row: Row) -> bool:
    """Is it of goods on hand at a site? Those can be counted or put aside."""
    return row.bucket == "on_hand" and row.place.kind is PlaceKind.SITE


def saying(snapshot: Snapshot, rows: Iterable[Row], on: int | None) -> list[EventFacts]:
    """The events, up to the instant `on`, that say something of what is on hand, in the order of time."""
    units = sorted({row.unit for row in rows if in_stock(row)})
    stored = snapshot.events(units=units) if units else ()
    found = [one.facts for one in live_events(event.facts for event in stored).events if one.facts.step in STEPS]
    until = [facts for facts in found if on is None or facts.instant <= on]
    return sorted(until, key=lambda facts: (facts.instant, facts.content_hash))


def last_said(events: Sequence[EventFacts], steps: Collection[str], dimension: str) -> dict[tuple[str, str], Said]:
    """What the last event with one of these steps says of each unit at each site. Amounts of another dimension say
    nothing."""
    found: dict[tuple[str, str], Said] = {}
    for facts in events:
        if facts.step in steps:
            found |= _told_by(facts, dimension)
    return found


def _told_by(facts: EventFacts, dimension: str) -> dict[tuple[str, str], Said]:
    found = {}
    for named in facts.named:
        amount = None if named.quantity is None else in_base(named.quantity)
        if named.quantity is not None and amount is not None and dimension_of(named.quantity.unit) != dimension:
            continue
        for site in {facts.biz_location, facts.read_point} - {None}:
            found[named.unit, str(site)] = Said(facts.instant, amount, facts.step)
    return found
