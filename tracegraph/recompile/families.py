"""What new events do to the events that count: whole families before and after, and the difference.

A family holds, with an event, every event of equal content hash or equal eventID; only within one can an event change
whether another counts (custody-graph section 2).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tracegraph.model.facts import EventFacts
from tracegraph.stores.port import NewEntry
from tracegraph.timeline.live_events import LiveSet, live_events


@dataclass(frozen=True, slots=True)
class Difference:
    """Live events and lost retractions that are no longer so, those that are newly so (an event whose public id or
    notes change is in both), and the facts that are new."""

    before: LiveSet
    after: LiveSet
    fresh: tuple[EventFacts, ...]

    def numbers(self) -> set[str]:
        """Every unit number that these say something about."""
        found = {number for event in (*self.before.events, *self.after.events) for number in event.numbers}
        return found.union(*(facts.numbers() for facts in self._other_facts()))

    def facts(self) -> Iterator[EventFacts]:
        """All facts that take part."""
        yield from (event.facts for event in (*self.before.events, *self.after.events))
        yield from self._other_facts()

    def _other_facts(self) -> Iterator[EventFacts]:
        yield from (one.facts for one in (*self.before.lost, *self.after.lost))
        shown = {id(event.facts) for event in self.after.events}
        yield from (facts for facts in self.fresh if id(facts) not in shown)


def difference(stored: Iterable[EventFacts], fresh: Sequence[EventFacts]) -> Difference:
    """What fresh events change; `stored` are the families that they join."""
    known = list(stored)
    before = live_events(known) if known else LiveSet((), ())
    after = live_events([*known, *fresh])
    return Difference(_without(before, after), _without(after, before), tuple(fresh))


def _without(live: LiveSet, other: LiveSet) -> LiveSet:
    known, lost = {event.id: event for event in other.events}, set(other.lost)
    return LiveSet(
        tuple(event for event in live.events if known.get(event.id) != event),
        tuple(one for one in live.lost if one not in lost),
    )


def new_events(entries: Sequence[NewEntry], stored: Iterable[EventFacts]) -> list[NewEntry]:
    """Events of which no equal copy is stored; of copies in the batch the first. Copies of equal content and eventID
    that are written differently enough to be read differently are kept, and one of them decides whatever came first."""
    known: dict[tuple[str, str], list[EventFacts]] = defaultdict(list)
    for facts in stored:
        known[facts.content_hash, facts.event_id].append(facts)
    fresh: list[NewEntry] = []
    for entry in entries:
        if entry.facts:
            alike = known[entry.facts.content_hash, entry.facts.event_id]
            if entry.facts not in alike:
                alike.append(entry.facts)
                fresh.append(entry)
    return fresh
