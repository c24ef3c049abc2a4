"""What one event asks of one unit: the table of custody-graph section 5, first row that fits, as acts in its history.

An event becomes at most a few acts per unit. Acts know places (at site level), documents and quantities, and nothing
of what was before: that is the timeline's work.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from tracegraph.identifiers import has_lot_number, unit_kind
from tracegraph.model.custody import Place, PlaceKind, UnitKind
from tracegraph.model.facts import Document, EventFacts, NamedUnit, Role
from tracegraph.model.quantity import Quantity
from tracegraph.model.values import value
from tracegraph.timeline.aliases import Aliases
from tracegraph.timeline.live_events import LiveEvent
from tracegraph.timeline.places import Places
from tracegraph.timeline.steps import Effect, Steps
from tracegraph.timeline.stock import ONE_PIECE
from tracegraph.timeline.transformations import JointOf

UNKNOWN = Place(PlaceKind.UNKNOWN)
NO_DOCUMENTS: frozenset[Document] = frozenset()


class Kind(StrEnum):
    """What happens to the unit. The last four never come from an event that names the unit: EMPTY and CONTAINER_END
    come from its container, ARRIVE and LEAK are what the second pass inserts."""

    __hash__ = str.__hash__  # looked up for every act
    BIRTH = "birth"
    SHIP = "ship"
    RECEIVE = "receive"
    VOID = "void"
    END = "end"
    PACK = "pack"
    UNPACK = "unpack"
    INPUT = "input"
    OUTPUT = "output"
    SEE = "see"
    EMPTY = "empty"
    CONTAINER_END = "container_end"
    ARRIVE = "arrive"
    LEAK = "leak"


INFLOWS = frozenset({Kind.BIRTH, Kind.OUTPUT, Kind.RECEIVE, Kind.UNPACK, Kind.EMPTY, Kind.VOID, Kind.ARRIVE, Kind.LEAK})


class Act(NamedTuple):
    """One thing that happens to one unit at one instant.

    `place`: where goods are afterwards or are seen; `origins`: where they may leave, in order of preference;
    `source`, `destination`: as declared; `born`: with ADD, so also a birth if never seen; `named`: every unit of the
    event; `joint`: the node of the transformation; `held_earlier`: the emptied container held an earlier load.
    """

    kind: Kind
    event: str
    instant: int
    day: bool = False
    born: bool = False
    quantity: Quantity | None = None
    place: Place | None = None
    origins: tuple[Place, ...] = ()
    source: Place | None = None
    destination: Place | None = None
    party: str | None = None
    owner: str | None = None
    sublocation: str | None = None
    documents: frozenset[Document] = frozenset()
    step: str = ""
    type: str = ""
    container: str = ""
    joint: str = ""
    transformation: str = ""
    held_earlier: bool = False
    named: frozenset[str] = frozenset()
    notes: tuple[tuple[str, str], ...] = ()
    shifted: bool = False


@value
class EventPlaces:
    """The places of one event, at site level; `receiver`: who comes into possession; `sublocation`: the dock door or
    point that was recorded, where it is not the site itself; `shipped_from`: `origins` after the declared source."""

    here: Place | None
    origins: tuple[Place, ...]
    source: Place | None
    destination: Place | None
    receiver: str | None
    sublocation: str | None
    shipped_from: tuple[Place, ...]


class Base(NamedTuple):
    """What an event is for every unit that it names: an observation; where it was; and, for each kind of unit (of an
    aggregation: each role) that was asked for, what it is by its step, before the quantity; None: nothing."""

    act: Act
    where: EventPlaces
    by_step: dict[UnitKind | Role, Act | None]


#: What an event says of places: read point, business location, declared source, its party, destination, its party.
Spots = tuple[str | None, str | None, str | None, str | None, str | None, str | None]
#: So many different ones are remembered.
_MOST_SPOTS = 10_000


class ActMaker:
    """Turns live events into acts. Holds what is shared: steps and places."""

    def __init__(self, steps: Steps, places: Places, aliases: Aliases, joints: Callable[[LiveEvent], JointOf]) -> None:
        self.steps = steps
        self.places = places
        self.aliases = aliases
        self.joints = joints
        self._mark = object()
        self._places: dict[Spots, EventPlaces] = {}

    def acts(self, event: LiveEvent, units: frozenset[str], kind: UnitKind) -> list[Act]:
        """The acts of one event on one unit (known under any of the keys `units`), in the order within the event:
        outflows precede inflows."""
        return self.acts_of(event, event.names(sorted(units) if len(units) > 1 else units), kind)

    def acts_of(self, event: LiveEvent, named: list[NamedUnit], kind: UnitKind) -> list[Act]:
        """The same, where it is known how the event names the unit."""
        if len(named) == 1:
            return self._of(event, named[0], kind)
        acts = [act for one in _merge(named) for act in self._of(event, one, kind)]
        return sorted(acts, key=lambda act: (act.kind in INFLOWS, act.kind))

    def forget(self) -> None:
        """Keep no more of the places seen so far than is worth it."""
        if len(self._places) > _MOST_SPOTS:
            self._places.clear()

    def _of(self, event: LiveEvent, named: NamedUnit, kind: UnitKind) -> list[Act]:
        facts = event.facts
        base, where, by_step = self._base(event)
        quantity = ONE_PIECE if kind is UnitKind.ITEM else named.quantity
        if facts.type == "TransformationEvent":
            takes_part = named.role in (Role.INPUT, Role.OUTPUT)  # other lists are not of this type, and say nothing
            return [self._transformation(event, named, base, quantity)] if takes_part else []
        if facts.type == "AssociationEvent":
            return []
        if facts.type == "AggregationEvent":
            if named.role not in by_step:
                by_step[named.role] = self._aggregation(event, named.role, base, where)
            act = by_step[named.role]
        else:
            if kind not in by_step:
                by_step[kind] = self._by_step(facts, base, where, kind)
            act = by_step[kind]
        return [] if act is None else [_of_quantity(act, quantity)]

    def _transformation(self, event: LiveEvent, named: NamedUnit, base: Act, quantity: Quantity | None) -> Act:
        joints = self.joints(event)
        notes = (*base.notes, ("reused_transformation_id", base.transformation)) if joints.reused else base.notes
        if named.role is Role.INPUT:
            return base._replace(kind=Kind.INPUT, joint=joints.inputs, notes=notes, quantity=quantity)
        return base._replace(kind=Kind.OUTPUT, joint=joints.outputs, notes=notes, born=True, quantity=quantity)

    def empties(self, event: LiveEvent, units: frozenset[str]) -> Act | None:
        """The act by which an event empties one of these containers as a whole, for the contents."""
        facts = event.facts
        if facts.type != "AggregationEvent" or facts.action != "DELETE" or event.has_children:
            return None
        return self._emptying(event, event.parent) if event.parent in units else None

    def _emptying(self, event: LiveEvent, parent: str) -> Act:
        return self._base(event).act._replace(kind=Kind.EMPTY, container=self.aliases.unit(parent))

    def _by_step(self, facts: EventFacts, base: Act, where: EventPlaces, kind: UnitKind) -> Act:
        """Rows of flows, then ADD, DELETE and the steps that end goods, else an observation."""
        effect = self.steps.effect(facts.step)
        if effect in _FLOWS:
            return _flow(effect, base, where)
        if facts.type == "ObjectEvent" and facts.action == "ADD":
            return base._replace(kind=Kind.BIRTH)
        if facts.type == "ObjectEvent" and facts.action == "DELETE":
            return base._replace(kind=Kind.END)
        if effect is Effect.END or (effect is Effect.SAMPLE and kind is UnitKind.LOT):
            return base._replace(kind=Kind.END)
        return base

    def _aggregation(self, event: LiveEvent, role: Role, base: Act, where: EventPlaces) -> Act | None:
        """The parent is seen, or moved by a flow step; children are packed by ADD, unpacked by DELETE."""
        facts, parent = event.facts, event.parent
        effect = self.steps.effect(facts.step)
        if effect is Effect.END:
            return base._replace(kind=Kind.END)
        if role is Role.PARENT or not parent:
            return _flow(effect, base, where) if effect in _FLOWS else base
        kind = _PACKINGS.get(facts.action, Kind.SEE)
        if kind is Kind.SEE and effect in _FLOWS:
            return None
        return base._replace(kind=kind, container=self.aliases.unit(parent), born=False)

    def _base(self, event: LiveEvent) -> Base:
        """What is the same for every unit of the event; the event remembers it for who made it."""
        known: tuple[object, Base] | None = event.remembered
        if known is None or known[0] is not self._mark:
            known = event.remembered = (self._mark, self._make_base(event))
        return known[1]

    def _make_base(self, event: LiveEvent) -> Base:
        facts = event.facts
        where = self._where(facts)
        act = Act(
            kind=Kind.SEE,
            event=event.id,
            instant=facts.instant,
            day=facts.day,
            born=facts.action == "ADD",
            place=where.here,
            origins=where.origins,
            source=where.source,
            destination=where.destination,
            owner=facts.destination_owner or facts.source_owner,
            sublocation=where.sublocation,
            documents=frozenset(facts.documents) if facts.documents else NO_DOCUMENTS,
            step=facts.step,
            type=facts.type,
            transformation=facts.transformation or "",
            named=self.aliases.units(event.by_unit.keys()),
            notes=event.notes,
        )
        return Base(act, where, {})

    def _where(self, facts: EventFacts) -> EventPlaces:
        """The places of an event; most events say of places what others said before."""
        spots = (
            facts.read_point, facts.biz_location, facts.source_place, facts.source_party,
            facts.destination_place, facts.destination_party,
        )  # fmt: skip
        known = self._places.get(spots)
        if known is None:
            known = self._places[spots] = self._find(*spots)
        return known

    def _find(
        self,
        read_point: str | None,
        biz_location: str | None,
        source_place: str | None,
        source_party: str | None,
        destination_place: str | None,
        destination_party: str | None,
    ) -> EventPlaces:
        read = self.places.site(read_point, biz_location)
        business = self.places.site(biz_location)
        source = self._place(source_place, source_party)
        destination = self._place(destination_place, destination_party)
        origins = tuple(dict.fromkeys(Place(PlaceKind.SITE, site) for site in (read, business) if site))
        here = Place(PlaceKind.SITE, business or read or "") if business or read else None
        recorded = [spot for spot in (read_point, biz_location) if spot]
        inner = [spot for spot in recorded if self.places.site(spot, biz_location) != spot]
        shipped_from = tuple(dict.fromkeys((source, *origins))) if source else origins
        return EventPlaces(
            here, origins, source, destination, destination_party, inner[0] if inner else None, shipped_from
        )

    def _place(self, location: str | None, party: str | None) -> Place | None:
        """A declared source or destination: the site, else the organisation."""
        if location:
            return Place(PlaceKind.SITE, self.places.site(location) or location)
        return Place(PlaceKind.PARTY, party) if party else None


_BEFORE_QUANTITY = Act._fields.index("quantity")
_PACKINGS = {"ADD": Kind.PACK, "DELETE": Kind.UNPACK}
_FLOWS = frozenset({Effect.SHIP, Effect.RECEIVE, Effect.VOID})


def _flow(effect: Effect | None, base: Act, where: EventPlaces) -> Act:
    if effect is Effect.SHIP:
        return base._replace(kind=Kind.SHIP, origins=where.shipped_from)
    if effect is Effect.RECEIVE:
        return base._replace(kind=Kind.RECEIVE, place=where.here or where.destination or UNKNOWN, party=where.receiver)
    return base._replace(kind=Kind.VOID)


def _of_quantity(act: Act, quantity: Quantity | None) -> Act:
    """The act on so much. What `_replace` would do, in a quarter of the time: nearly every act is made by it."""
    if quantity is None:
        return act
    return tuple.__new__(Act, (*act[:_BEFORE_QUANTITY], quantity, *act[_BEFORE_QUANTITY + 1 :]))


def _merge(named: Iterable[NamedUnit]) -> list[NamedUnit]:
    """A unit that one event names twice in one role (two lines of one lot, two numbers of one unit) counts once, its
    quantities added."""
    by_role: dict[Role, NamedUnit] = {}
    for one in named:
        earlier = by_role.get(one.role)
        by_role[one.role] = one if earlier is None else replace(earlier, quantity=_sum(earlier.quantity, one.quantity))
    return list(by_role.values())


def _sum(one: Quantity | None, other: Quantity | None) -> Quantity | None:
    if one is None or other is None or one.value is None or other.value is None or one.unit != other.unit:
        return None
    return Quantity(Decimal(one.value + other.value), one.unit)


@value
class UnitFacts:
    """What a unit is: its kind, whether records contradict each other about it, whether it has a lot number."""

    key: str
    kind: UnitKind
    conflicting: bool
    numbered: bool


def unit_facts(key: str, named: Iterable[NamedUnit]) -> UnitFacts:
    """What a unit is, as events name it."""
    by_scheme = unit_kind(key)
    if by_scheme is not None:
        return _facts(key, by_scheme, conflicting=False)
    return unit_facts_of(
        key, {one.as_class or one.quantity is not None for one in named if one.role is not Role.PARENT}
    )


def unit_facts_of(key: str, ways: Collection[bool]) -> UnitFacts:
    """Kind by identifier scheme; an opaque id is a lot if any event gives it as class or with a quantity, which `ways`
    holds (custody-graph section 3)."""
    by_scheme = unit_kind(key)
    if by_scheme is not None:
        return _facts(key, by_scheme, conflicting=False)
    return _facts(key, UnitKind.LOT if True in ways else UnitKind.ITEM, conflicting=len(ways) > 1)


def _facts(key: str, kind: UnitKind, conflicting: bool) -> UnitFacts:
    return UnitFacts(key, kind, conflicting, kind is UnitKind.ITEM or has_lot_number(key))
