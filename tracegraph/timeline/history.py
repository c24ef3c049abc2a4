"""Where a container was, what it did and when it was emptied: what the timelines of its contents look up.

A child's stay is inside (parent, since packing); nothing of the parent's movements is copied (custody-graph section 7).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import accumulate, islice, takewhile
from typing import TypeVar

from tracegraph.model.custody import Place, PlaceKind
from tracegraph.model.facts import Document, NamedUnit, Role
from tracegraph.model.values import value
from tracegraph.timeline.acts import Act
from tracegraph.timeline.live_events import LiveEvent
from tracegraph.timeline.steps import DAY
from tracegraph.timeline.stock import ZERO

_FOREVER = 2**63
T = TypeVar("T")


@value
class Stop:
    """One stay of the container at one place; `implied`: nothing recorded how it came there; `shown`: a record shows
    that it was there."""

    place: Place
    since: int
    until: int | None
    event: str
    implied: bool
    shown: bool = True


@value
class Travel:
    """One shipment of the container; `arrived` None: still open."""

    event: str
    origin: Place
    destination: Place | None
    documents: frozenset[Document]
    departed: int
    arrived: int | None


@dataclass(frozen=True)
class History:
    """A container's finished timeline as its contents need it; all lists in time order."""

    stops: tuple[Stop, ...] = ()
    travels: tuple[Travel, ...] = ()
    packings: tuple[int, ...] = ()
    empties: tuple[Act, ...] = ()
    ends: tuple[Act, ...] = ()

    @cached_property
    def open_until(self) -> list[int]:
        """For each stop the latest end of it and all stops before, so that a look-up can stop early."""
        return ends_of_stops(self.stops, 0, None)

    def next_empties(self, after: int) -> list[Act]:
        """The next times that the container as a whole was emptied, at or after an instant: those of the first such
        instant, and those of which only the date is known and which may be later than they say."""
        later = self.empties[bisect_left(self.empties, after - DAY, key=_instant) :]
        possible = takewhile(lambda act: act.day or act.instant < after, later)
        floating = [act for act in possible if act.day and act.instant + DAY > after]
        exact = later[bisect_left(later, after, key=_instant) :]
        return [*floating, *takewhile(lambda act: act.instant == exact[0].instant, exact)]

    def emptied_between(self, after: int, before: int) -> bool:
        """Whether the container as a whole was emptied in [after, before)."""
        first = bisect_left(self.empties, after, key=_instant)
        return first < len(self.empties) and self.empties[first].instant < before

    def ends_after(self, after: int) -> list[Act]:
        """All consumptions, destructions and sales of the container, at or after an instant or on its date."""
        later = self.ends[bisect_left(self.ends, after - DAY, key=_instant) :]
        return [act for act in later if act.instant >= after or (act.day and act.instant + DAY > after)]

    def repacked_after(self, instant: int) -> int | None:
        """The last packing after an instant, None where there is none."""
        later = self.packings[-1] if self.packings else None
        return later if later is not None and later > instant else None

    def packed_over(self, since: int, before: int) -> bool:
        """Whether the container was packed again in (since, before) after it had moved: then an older load in it has no
        recorded unpacking."""
        next_stop = bisect_right(self.stops, since, key=lambda stop: stop.since)
        if next_stop == len(self.stops):
            return False
        packed = bisect_left(self.packings, self.stops[next_stop].since)
        return packed < len(self.packings) and self.packings[packed] < before


def _instant(act: Act) -> int:
    return act.instant


NOTHING = History()


def ends_of_stops(stops: Sequence[Stop], first: int, latest: int | None) -> list[int]:
    """For each stop from the `first` on the latest end of it and all stops before, of which `latest` is the latest."""
    ends = (_FOREVER if stop.until is None else stop.until for stop in stops[first:])
    if latest is None:
        return list(accumulate(ends, max))
    return list(accumulate(ends, max, initial=latest))[1:]


@dataclass(slots=True)
class Histories:
    """The histories of all containers that matter, nested ones too."""

    by_unit: Mapping[str, History] = field(default_factory=dict)

    def of(self, container: str) -> History:
        """The history of a container; one that nothing is known of has an empty history."""
        return self.by_unit.get(container) or NOTHING

    def places(self, container: str, instant: int, without_event: str = "") -> list[Place]:
        """Where the container is at an instant (both ends of a stay count), looked up through what it is in itself;
        sites, parties and in-transit places, in order, without what `without_event` itself brought about."""
        return list(dict.fromkeys(self._places(container, instant, without_event, {container})))

    def _places(self, container: str, instant: int, without_event: str, seen: set[str]) -> Iterable[Place]:
        for stop in self._stops_at(container, instant):
            if stop.implied and stop.event == without_event:
                continue
            if stop.place.kind is PlaceKind.CONTAINER:
                if stop.place.id not in seen:
                    yield from self._places(stop.place.id, instant, without_event, seen | {stop.place.id})
            else:
                yield stop.place

    def _stops_at(self, container: str, instant: int) -> Iterable[Stop]:
        history = self.of(container)
        stops, open_until = history.stops, history.open_until
        known = bisect_right(stops, instant, key=lambda stop: stop.since)
        found: list[Stop] = []
        for index in range(known - 1, -1, -1):
            if open_until[index] < instant:
                break
            if (until := stops[index].until) is None or until >= instant:
                found.append(stops[index])
        return found[::-1]

    def above(self, container: str, instant: int) -> str:
        """The container that the container is in at an instant, empty where it is in none."""
        inside = [stop for stop in self._stops_at(container, instant) if stop.place.kind is PlaceKind.CONTAINER]
        return inside[-1].place.id if inside else ""

    def shown_at(self, container: str, instant: int) -> list[Place]:
        """Where records show the container at an instant, looked up through what it is in itself."""
        found: list[Place] = []
        pending, seen = [container], set[str]()
        while pending:
            one = pending.pop()
            seen.add(one)
            for stop in self._stops_at(one, instant):
                if stop.shown and stop.place.kind is not PlaceKind.CONTAINER:
                    found.append(stop.place)
                elif stop.shown and stop.place.id not in seen:
                    pending.append(stop.place.id)
        return found

    def standing(self, container: str, instant: int) -> list[Stop]:
        """The stays of the container itself at sites or parties at an instant."""
        kinds = (PlaceKind.SITE, PlaceKind.PARTY)
        return [stop for stop in self._stops_at(container, instant) if stop.place.kind in kinds]

    def travels(self, container: str, since: int, instant: int) -> list[Travel]:
        """Shipments of the container, or of what it is in, that left in [since, instant] and are still open then."""
        found = list(self._travels(container, since, instant, {container}))
        return list({travel.event: travel for travel in found}.values())

    def _travels(self, container: str, since: int, instant: int, seen: set[str]) -> Iterable[Travel]:
        travels = self.of(container).travels
        first = bisect_left(travels, since, key=lambda travel: travel.departed)
        last = bisect_right(travels, instant, key=lambda travel: travel.departed)
        for travel in travels[first:last]:
            if travel.arrived is None or travel.arrived >= instant:
                yield travel
        for stop in self._stops_at(container, instant):
            if stop.place.kind is PlaceKind.CONTAINER and stop.place.id not in seen:
                yield from self._travels(stop.place.id, max(since, stop.since), instant, seen | {stop.place.id})

    def site_stops(self, container: str, after: int, before: int | None) -> list[Stop]:
        """Stays at sites or parties that began after an instant and not later than `before`, through nesting."""
        found: dict[tuple[Place, int], Stop] = {}
        self._site_stops(container, after, before, {container}, found)
        return [found[key] for key in sorted(found, key=lambda key: (key[1], key[0]))]

    def _site_stops(
        self, container: str, after: int, before: int | None, seen: set[str], found: dict[tuple[Place, int], Stop]
    ) -> None:
        known = self.of(container).stops
        first = bisect_right(known, after, key=lambda stop: stop.since)
        around = [stop for stop in self._stops_at(container, after) if stop.place.kind is PlaceKind.CONTAINER]
        for stop in (*around, *islice(known, first, None)):
            if before is not None and stop.since > before:
                break
            if stop.place.kind in (PlaceKind.SITE, PlaceKind.PARTY) and stop.since > after:
                found[(stop.place, stop.since)] = stop
            elif stop.place.kind is PlaceKind.CONTAINER and stop.place.id not in seen:
                end = before if stop.until is None else stop.until if before is None else min(before, stop.until)
                self._site_stops(stop.place.id, max(after, stop.since), end, seen | {stop.place.id}, found)


def earliest_difference(one: History, other: History) -> int | None:
    """The first instant from which two histories of one container differ for its contents; None: they are equal."""
    instants = [
        *differences(*_apart(one.stops, other.stops), stop_key, stop_span),
        *differences(*_apart(one.travels, other.travels), travel_key, travel_span),
        *_only_in_one(one.packings, other.packings),
        *(act.instant for act in _only_in_one(one.empties, other.empties)),
        *(act.instant for act in _only_in_one(one.ends, other.ends)),
    ]
    return min(instants, default=None)


def _only_in_one(one: tuple[T, ...], other: tuple[T, ...]) -> Iterable[T]:
    return () if one == other else set(one) ^ set(other)


def _apart(one: Sequence[T], other: Sequence[T]) -> tuple[Sequence[T], Sequence[T]]:
    """Both without the beginning that they share: mostly all but what an event added."""
    alike = next((place for place, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), None)
    shared = min(len(one), len(other)) if alike is None else alike
    return one[shared:], other[shared:]


def differences(
    one: Iterable[T], other: Iterable[T], key: Callable[[T], Hashable], span: Callable[[T], tuple[int, int | None]]
) -> list[int]:
    """The instants from which two collections of spans differ: their beginnings or, of two that differ in their ends
    only, the earlier end."""
    counted, others = Counter(one), Counter(other)
    if not counted or not others:
        return [span(each)[0] for each in counted or others]
    removed, added = list((counted - others).elements()), list((others - counted).elements())
    before, after = {key(each): each for each in removed}, {key(each): each for each in added}
    instants = [span(each)[0] for each in (*removed, *added) if not (key(each) in before and key(each) in after)]
    for each in before.keys() & after.keys():
        ends = [end for found in (before[each], after[each]) if (end := span(found)[1]) is not None]
        instants.append(min(ends))
    if len(before) < len(removed) or len(after) < len(added):
        instants += [span(each)[0] for each in (*removed, *added)]
    return instants


def stop_key(stop: Stop) -> Hashable:
    """Everything but the end."""
    return (stop.place, stop.since, stop.event, stop.implied, stop.shown)


def stop_span(stop: Stop) -> tuple[int, int | None]:
    """Beginning and end."""
    return stop.since, stop.until


def travel_key(travel: Travel) -> Hashable:
    """Everything but the end."""
    return (travel.event, travel.origin, travel.destination, travel.documents, travel.departed)


def travel_span(travel: Travel) -> tuple[int, int | None]:
    """Beginning and end."""
    return travel.departed, travel.arrived


def loads(events: Iterable[LiveEvent]) -> tuple[tuple[int, ...], dict[str, bool]]:
    """The instants at which the container was packed, and for each event that empties it as a whole whether it held an
    earlier load then, counted over all earlier packings and unpackings."""
    cargo = Cargo()
    held = {event.id: cargo.held_earlier(event) for event in sorted(filter(handles, events), key=load_order)}
    return tuple(cargo.packings), {event: earlier for event, earlier in held.items() if earlier is not None}


def handles(event: LiveEvent) -> bool:
    """Whether an event can pack or unpack its parent."""
    return event.facts.type == "AggregationEvent"


def load_order(event: LiveEvent) -> tuple[int, bool, str]:
    """The order in which events pack and unpack a container."""
    return (event.facts.instant, event.facts.action != "ADD", event.id)


@value
class Packed:
    """What of one child is in the container: since when, how much (None: unknown)."""

    since: int
    amount: Decimal | None


@dataclass(slots=True)
class Cargo:
    """What is in a container while its events are told in order, and when it was packed."""

    inside: dict[str, Packed] = field(default_factory=dict)
    packings: list[int] = field(default_factory=list)

    def held_earlier(self, event: LiveEvent) -> bool | None:
        """Tell of an event; for one that empties the container as a whole, whether it held an earlier load then."""
        instant = event.facts.instant
        children = [named for named in event.facts.named if named.role is Role.CHILD]
        if event.facts.action == "ADD":
            self.packings.append(instant)
            for named in children:
                self._load(named, instant)
        elif event.facts.action == "DELETE" and children:
            for named in children:
                self._unload(named)
        elif event.facts.action == "DELETE":
            earlier = any(packed.since < instant for packed in self.inside.values())
            kept = self.inside.items() if earlier else ()
            self.inside = {unit: packed for unit, packed in kept if packed.since == instant}
            return earlier
        return None

    def _load(self, named: NamedUnit, instant: int) -> None:
        value = named.quantity.value if named.quantity else None
        before = self.inside.get(named.unit, Packed(instant, ZERO))
        total = None if before.amount is None or value is None else before.amount + value
        self.inside[named.unit] = Packed(before.since, total)

    def _unload(self, named: NamedUnit) -> None:
        """An unpacking of unknown size ends the load."""
        value = named.quantity.value if named.quantity else None
        before = self.inside.pop(named.unit, None)
        if before and before.amount is not None and value is not None and value < before.amount:
            self.inside[named.unit] = Packed(before.since, before.amount - value)
