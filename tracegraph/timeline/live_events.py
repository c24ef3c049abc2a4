"""Which events count (custody-graph section 2): duplicates, copies without eventID, retractions, conflicts.

Pure, and independent of the order of arrival: the same set of stored events gives the same live events and gaps.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Set
from typing import Any

from tracegraph.model.facts import EventFacts, NamedUnit, Role
from tracegraph.model.values import value

Key = tuple[str, str]  # content hash, eventID or empty
NONE: frozenset[str] = frozenset()
NO_LOTS: dict[str, set[str]] = {}


class LiveEvent:
    """An event that counts. `id` is its public id; `notes` are gap kinds with a detail that belong to the event.

    What it says of one unit among many is looked up, never searched: an event may name 100,000 units. `by_unit`: how it
    names each unit; `numbers`: every unit number that it says something about; `parent`: the container that it names as
    parent, empty where there is none; `children`: the numbers of what it names as children; `lots_of`: the lots that it
    says an item belongs to. Made at once, as nearly all of it is asked for; nothing changes it but `remembered`: what
    `ActMaker` made of it last."""

    __slots__ = ("by_unit", "children", "facts", "id", "lots_of", "notes", "numbers", "parent", "remembered")

    def __init__(self, id: str, facts: EventFacts, notes: tuple[tuple[str, str], ...] = ()) -> None:
        self.id = id
        self.facts = facts
        self.notes = notes
        self.remembered: Any = None
        self.parent = ""
        self.by_unit: dict[str, list[NamedUnit]] = {}
        children: list[str] = []
        for named in facts.named:
            known = self.by_unit.get(named.unit)
            if known is None:
                self.by_unit[named.unit] = [named]
            else:
                known.append(named)
            if named.role is Role.CHILD:
                children.append(named.unit)
            elif named.role is Role.PARENT and not self.parent:
                self.parent = named.unit
        self.children: Set[str] = frozenset(children) if children else NONE
        plain = not facts.aliases and not facts.memberships
        self.numbers: Set[str] = self.by_unit.keys() if plain else frozenset(facts.numbers())
        self.lots_of = _lots(facts) if facts.memberships else NO_LOTS

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, LiveEvent):
            return False
        return self.id == other.id and self.notes == other.notes and self.facts == other.facts

    def __hash__(self) -> int:
        return hash(self.id)

    @property
    def has_children(self) -> bool:
        """Whether it names children."""
        return bool(self.children)

    def names(self, units: Collection[str]) -> list[NamedUnit]:
        """How it names a unit that is known under any of these numbers."""
        if len(units) == 1:
            return self.by_unit.get(next(iter(units)), [])
        return [named for unit in units for named in self.by_unit.get(unit, ())]


def _lots(facts: EventFacts) -> dict[str, set[str]]:
    """The lots that each item belongs to."""
    found: dict[str, set[str]] = {}
    for member in facts.memberships:
        found.setdefault(member.item, set()).add(member.lot)
    return found


@value
class LostRetraction:
    """An error declaration that retracts nothing known (gap `retraction_without_original`)."""

    facts: EventFacts


@value
class LiveSet:
    """The events that count, sorted by public id, and the declarations that found nothing."""

    events: tuple[LiveEvent, ...]
    lost: tuple[LostRetraction, ...]


def live_events(stored: Iterable[EventFacts]) -> LiveSet:
    """The live events among `stored`, which must hold whole families: with an event, every event of equal content hash
    or equal eventID."""
    originals: dict[Key, EventFacts] = {}
    declarations: dict[Key, EventFacts] = {}
    for facts in stored:
        known = declarations if facts.retracts else originals
        key = (facts.content_hash, facts.event_id)
        known[key] = _deciding(known.get(key), facts)
    events = _without_copies(originals)
    found = {key: _retracted_by(key, events) for key in sorted(declarations)}
    retracted = {key for keys in found.values() for key in keys}
    alive = {key: facts for key, facts in events.items() if key not in retracted}
    lost = tuple(LostRetraction(declarations[key]) for key, keys in found.items() if not keys)
    return LiveSet(_with_public_ids(alive), lost)


def _deciding(known: EventFacts | None, other: EventFacts) -> EventFacts:
    """Of copies of equal content that are read differently (a thousandth of a second, a blank) one decides, whichever
    came first."""
    return other if known is None or (known != other and repr(other) < repr(known)) else known


def _without_copies(originals: dict[Key, EventFacts]) -> dict[Key, EventFacts]:
    """A copy without eventID is the same event as the one of equal content with the smallest eventID."""
    named = {content for content, event_id in originals if event_id}
    return {key: facts for key, facts in originals.items() if key[1] or key[0] not in named}


def _retracted_by(declaration: Key, events: dict[Key, EventFacts]) -> list[Key]:
    """Equal in eventID and content; else the only event with that eventID; else, where one side has no eventID, the
    event of equal content (the smallest eventID where several have it)."""
    content, event_id = declaration
    if declaration in events:
        return [declaration]
    same_id = [key for key in events if event_id and key[1] == event_id]
    if len(same_id) == 1:
        return same_id
    same_content = sorted(key for key in events if key[0] == content and not (event_id and key[1]))
    return same_content[:1]


def _with_public_ids(alive: dict[Key, EventFacts]) -> tuple[LiveEvent, ...]:
    by_hash: dict[str, list[str]] = defaultdict(list)
    by_id: dict[str, list[str]] = defaultdict(list)
    for content, event_id in sorted(alive):
        by_hash[content].append(event_id)
        if event_id:
            by_id[event_id].append(content)
    events = [
        LiveEvent(_public_id(key, by_hash), facts, _notes(key, facts, by_hash, by_id)) for key, facts in alive.items()
    ]
    return tuple(sorted(events, key=lambda event: event.id))


def _public_id(key: Key, by_hash: dict[str, list[str]]) -> str:
    content, event_id = key
    return content if len(by_hash[content]) == 1 else f"{content}#{event_id}"


def _notes(
    key: Key, facts: EventFacts, by_hash: dict[str, list[str]], by_id: dict[str, list[str]]
) -> tuple[tuple[str, str], ...]:
    content, event_id = key
    notes = []
    if len(by_hash[content]) > 1:
        notes.append(("repeated_content", event_id))
    if event_id and len(by_id[event_id]) > 1:
        notes.append(("conflicting_event_id", event_id))
    if facts.assumed:
        notes.append(("assumed_time", facts.assumed))
    return tuple(notes)
