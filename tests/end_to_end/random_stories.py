"""Small stories full of doubt: few units, few places, few instants, so that ties, copies and conflicts are frequent."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as some

from tests.end_to_end.building import (
    Event,
    amount,
    born,
    document,
    event,
    item,
    lot,
    made,
    packed,
    received,
    shipped,
    site,
)

LOTS = [lot(name) for name in "abc"]
ITEMS = [item("i")]
TOTES = [item("tote"), item("pallet")]
UNITS = [*LOTS, *ITEMS, *TOTES]
SITES = ["x", "y", "z"]

STEPS = {
    "ADD": ["commissioning", "shipping", "receiving"],
    "OBSERVE": [
        "shipping",
        "departing",
        "receiving",
        "arriving",
        "void_shipping",
        "inspecting",
        "destroying",
        "sampling",
    ],
    "DELETE": ["destroying", "decommissioning"],
}


@dataclass(frozen=True)
class Draw:
    """Draws members of events."""

    draw: some.DrawFn

    def one(self, of: list[Any]) -> Any:
        return self.draw(some.sampled_from(of))

    def perhaps(self, value: Any, odds: int = 2) -> Any:
        return value if self.draw(some.integers(1, odds)) == 1 else None

    def kilos(self) -> int | None:
        return self.one([None, 5, 10, 10, 20])

    def place(self) -> Event:
        return {"id": site(self.one(SITES))}

    def units(self, of: list[str], prefix: str = "", most: int = 2) -> Event:
        """Lots as classes, items as instances."""
        chosen = self.draw(some.lists(some.sampled_from(of), min_size=1, max_size=most, unique=True))
        classes = [amount(unit, self.kilos()) for unit in chosen if unit in LOTS]
        items = [unit for unit in chosen if unit not in LOTS]
        quantities, instances = (f"{prefix}QuantityList", f"{prefix}EPCList") if prefix else ("quantityList", "epcList")
        instances = "childEPCs" if prefix == "child" else instances
        return ({quantities: classes} if classes else {}) | ({instances: items} if items else {})


@some.composite
def moves(draw: some.DrawFn) -> Event:
    """An ObjectEvent."""
    its = Draw(draw)
    action = its.one(["ADD", "OBSERVE", "OBSERVE", "OBSERVE", "DELETE"])
    return event(
        "ObjectEvent",
        draw(some.integers(0, 9)),
        action=action,
        bizStep=its.one(STEPS[action]),
        readPoint=its.perhaps(its.place(), 1),
        bizLocation=its.perhaps(its.place(), 4),
        bizTransactionList=its.perhaps(document(its.one([1, 2])), 3),
        sourceList=its.perhaps([{"type": "location", "source": site(its.one(SITES))}], 4),
        destinationList=its.perhaps([{"type": "location", "destination": site(its.one(SITES))}], 3),
        **its.units(UNITS),
    )


@some.composite
def packings(draw: some.DrawFn) -> Event:
    """An AggregationEvent, without children now and then."""
    its = Draw(draw)
    action = its.one(["ADD", "ADD", "DELETE", "DELETE", "OBSERVE"])
    parent = its.one(TOTES)
    children = its.units([unit for unit in UNITS if unit != parent], "child")
    return event(
        "AggregationEvent",
        draw(some.integers(0, 9)),
        action=action,
        bizStep=its.one(["packing", "unpacking", "shipping", "receiving"]),
        parentID=parent,
        readPoint=its.perhaps(its.place(), 1),
        **({} if action == "DELETE" and draw(some.booleans()) else children),
    )


@some.composite
def makings(draw: some.DrawFn) -> Event:
    """A TransformationEvent, sometimes told in several."""
    its = Draw(draw)
    batch = its.one([None, "urn:x-batch:1", "urn:x-batch:1", "urn:x-batch:2"])
    sides = its.one(
        [("input", "output"), ("input", "output"), ("input",), ("output",)] if batch else [("input", "output")]
    )
    return event(
        "TransformationEvent",
        draw(some.integers(0, 9)),
        transformationID=batch,
        bizStep="commissioning",
        readPoint={"id": site(its.one(["x", "x", "y"]))},
        **{name: value for side in sides for name, value in its.units(UNITS, side).items()},
    )


def dated(story: Event, day: bool) -> Event:
    """The same on a date: only the day is meant."""
    return story | {"tracegraph:timePrecision": "day"} if day else story


@some.composite
def events(draw: some.DrawFn) -> Event:
    """Any event, with an eventID that others may have too, or none."""
    told = draw(some.one_of(moves(), moves(), packings(), makings()))
    name = draw(some.sampled_from([None, None, 1, 2, 3]))
    told = told if name is None else told | {"eventID": f"urn:x-event:{name}"}
    return dated(told, draw(some.integers(1, 6)) == 1)


def distinct(told: list[Event]) -> list[Event]:
    """The events without those that say the same as an earlier one under whatever eventID."""
    return list({repr(sorted({**one, "eventID": ""}.items())): one for one in told}.values())


@dataclass
class Clerk:
    """Follows goods that really move, and writes carelessly: leaves out amounts, documents, places and whole events."""

    its: Draw
    minute: int = 0
    orders: int = 0
    written: list[Event] = field(default_factory=list)
    where: dict[str, str] = field(default_factory=dict)
    inside: dict[str, str] = field(default_factory=dict)
    made: int = 0

    def write(self, told: Event) -> None:
        """One event, unless it is forgotten."""
        if self.its.draw(some.integers(1, 8)) > 1:
            self.written.append(told)

    def kilos(self) -> int | None:
        return self.its.one([None, 5, 10])

    def loose(self) -> list[str]:
        return [unit for unit in self.where if unit not in self.inside]

    def birth(self) -> None:
        unit = self.its.one([unit for unit in UNITS if unit not in self.where] or [f"{LOTS[0]}.{self.made}"])
        self.made += 1
        self.where[unit] = self.its.one(SITES)
        self.write(born(self.minute, unit, self.where[unit], self.kilos()))

    def trip(self) -> None:
        """Shipped and received a little later; the minute between may be none."""
        unit, goal = self.its.one(self.loose()), self.its.one(SITES)
        self.orders += 1
        paper, kilos, start = self.its.perhaps(document(self.orders)), self.kilos(), self.where[unit]
        to, origin = self.its.perhaps(goal), self.its.perhaps(start)
        self.write(shipped(self.minute, unit, start, to, kilos, bizTransactionList=paper))
        self.minute += self.its.one([0, 1, 2])
        self.write(received(self.minute, unit, goal, origin, kilos, bizTransactionList=paper))
        self.where[unit] = goal

    def load(self) -> None:
        """Into a tote that stands there, or out of one."""
        totes = [unit for unit in self.loose() if unit in TOTES]
        if not totes:
            return self.birth()
        parent = self.its.one(totes)
        load = [unit for unit, tote in self.inside.items() if tote == parent]
        if load:
            for unit in load:
                del self.inside[unit]
                self.where[unit] = self.where[parent]
            named = self.its.perhaps(load) or []
            return self.write(packed(self.minute, parent, named, self.where[parent], None, "DELETE"))
        here = [unit for unit in self.loose() if self.where[unit] == self.where[parent] and unit != parent]
        if here:
            unit = self.its.one(here)
            self.inside[unit] = parent
            self.write(packed(self.minute, parent, [unit], self.where[parent], self.kilos()))
        return None

    def process(self) -> None:
        """Some of a lot into another lot, which may be known already."""
        lots = [unit for unit in self.loose() if unit in LOTS]
        if not lots:
            return self.birth()
        source, product = self.its.one(lots), self.its.one(LOTS)
        self.where.setdefault(product, self.where[source])
        batch = self.its.perhaps("urn:x-batch:1", 4)
        return self.write(made(self.minute, [source], [product], self.where[source], self.kilos(), self.kilos(), batch))

    def act(self) -> None:
        self.minute += self.its.one([0, 1, 1, 5])
        acts = [self.trip, self.trip, self.load, self.load, self.process] if self.loose() else []
        self.its.one([self.birth, *acts])()


@some.composite
def careless_stories(draw: some.DrawFn) -> list[Event]:
    """What a careless clerk wrote of goods that really moved; sometimes by date only."""
    clerk = Clerk(Draw(draw))
    for _ in range(draw(some.integers(4, 12))):
        clerk.act()
    by_date = draw(some.integers(1, 4)) == 1
    return distinct([dated(told, by_date) for told in clerk.written] or [born(0, LOTS[0], "x", 10)])


@some.composite
def told_in_parts(draw: some.DrawFn) -> list[Event]:
    """One transformation in several events, each naming a lot of its own; at two sites it is two."""
    its = Draw(draw)
    parts = []
    for name in LOTS[: draw(some.integers(2, 3))]:
        inputs, outputs = ([name], []) if draw(some.booleans()) else ([], [name])
        here = its.one(["x", "x", "x", "y"])
        parts.append(made(draw(some.integers(0, 4)), inputs, outputs, here, 5, 5, "urn:x-batch:1"))
    return distinct(parts + draw(some.lists(events(), max_size=3)))


#: Anything at all; transformations; containers in containers; what a clerk wrote.
stories = some.one_of(
    some.lists(events(), min_size=2, max_size=9).map(distinct),
    told_in_parts(),
    some.lists(some.one_of(packings(), packings(), moves()), min_size=3, max_size=9).map(distinct),
    careless_stories(),
    careless_stories(),
)
