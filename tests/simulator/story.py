"""A story: one small chain of acts in a world, each of them done to the goods and written down by the clerk.

Every act moves the goods first (physical.py) and then writes the event that a careful clerk would write. It returns
the event, which a chapter may spoil. What the goods did is never changed by what is written.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.simulator.clerk import Clerk, Event, Line, Written
from tests.simulator.identifiers import Names, Site, Unit
from tests.simulator.physical import Goods, Place, Portion

START = datetime(2025, 1, 6, 6, tzinfo=UTC)
ONE = Decimal(1)
Wanted = Unit | tuple[Unit, Decimal | int | str]


@dataclass(slots=True)
class Load:
    """Goods on the road: what, from where, to where, with which document, and the event that says so."""

    place: Place
    lines: list[Line]
    origin: Site
    destination: Site
    document: str
    event: Event


class Story:
    """The acts of one chapter, on goods of its own; clerk, names and some sites are those of the world."""

    def __init__(
        self, name: str, chance: random.Random, clerk: Clerk, names: Names, shared_sites: Sequence[Site] = ()
    ) -> None:
        self.name, self.chance, self.clerk, self.names, self.rows = name, chance, clerk, names, clerk.rows
        self.goods = Goods()  # no goods ever pass from one story to another
        self.shared_sites, self.visited = shared_sites, list[Site]()
        self.now = START + timedelta(minutes=chance.randrange(60 * 24 * 20))
        self.units: dict[str, Unit] = {}
        self.totes: set[str] = set()  # what goods were ever packed into
        self.carriers: set[str] = set()  # those of them that are nothing but carriers
        self.members: dict[str, list[str]] = {}  # start -> the units that a start there starts at
        self.aliases: dict[str, str] = {}  # other number -> key
        self.asked_as: dict[str, list[str]] = {}  # start -> ways to name it that only this story knows
        self.must_confirm: list[tuple[str, str]] = []
        self.day = False
        self.still = False

    # names ------------------------------------------------------------------------------------------------------

    def met(self, *rows: str) -> None:
        """These rows occurred."""
        for row in rows:
            self.rows.met(row)

    def know(self, unit: Unit, *, carrier: bool = False) -> Unit:
        """A unit of this story; answers about it are judged."""
        self.units[unit.key] = unit
        if carrier:
            self.totes.add(unit.key)
            self.carriers.add(unit.key)
        return unit

    def lot(self, scheme: str | None = None) -> Unit:
        """A lot that does not exist yet."""
        scheme = scheme or self.chance.choice(("opaque", "lgtin", "digital_link"))
        self.met(f"3 lot_{scheme}")
        return self.know(self.names.lot(scheme))

    def item(self, scheme: str | None = None) -> Unit:
        """An item that does not exist yet."""
        scheme = scheme or self.chance.choice(("opaque", "sgtin", "digital_link", "sscc"))
        self.met(f"3 item_{scheme}")
        return self.know(self.names.item(scheme))

    def tote(self, site: Site, scheme: str | None = None) -> Unit:
        """An empty carrier that stands at a site; nothing is written about its making."""
        scheme = scheme or self.chance.choice(("opaque", "grai", "sscc"))
        if scheme != "opaque":
            self.met(f"3 item_{scheme}")
        tote = self.know(self.names.tote(scheme), carrier=True)
        self.goods.make(tote.key, at(site), ONE)
        return tote

    def site(self, scheme: str | None = None) -> Site:
        """A site that this story has not used yet; now and then one that other stories use too."""
        free = [site for site in self.shared_sites if site not in self.visited]
        site = (
            self.chance.choice(free) if free and not scheme and self.chance.random() < 0.4 else self.names.site(scheme)
        )
        self.visited.append(site)
        return site

    def sites(self, count: int) -> list[Site]:
        return [self.site() for _ in range(count)]

    # time -------------------------------------------------------------------------------------------------------

    def later(self, hours: float | None = None) -> datetime:
        """Time goes on, by half an hour to a day unless said; not while the story holds it still."""
        if not self.still:
            self.now += timedelta(hours=hours) if hours else timedelta(minutes=self.chance.randrange(30, 60 * 24))
        return self.now

    def write(self, kind: str, **fields: Any) -> Event:
        """Write an event now."""
        event = self.clerk.write(self.now, kind, **fields)
        self.page(event).day = self.day
        return event

    def page(self, event: Event) -> Written:
        return self.clerk.entry(event)

    # acts -------------------------------------------------------------------------------------------------------

    def born(self, unit: Unit, site: Site, amount: Decimal | int | str = 1, step: str = "commissioning") -> Event:
        """A unit comes into being out of nothing that is recorded."""
        self.later()
        lines = [(unit, Decimal(amount))]
        self.goods.make(unit.key, at(site), Decimal(amount))
        self.met("5 birth_creating" if step == "creating_class_instance" else "5 birth_commissioning", "4 site")
        return self.write("ObjectEvent", action="ADD", bizStep=step, **self.what(lines), **here(site))

    def turn(self, inputs: Sequence[Wanted], outputs: Sequence[Wanted], site: Site, batch: str | None = None) -> Event:
        """Inputs become outputs, in one event."""
        self.later()
        took = [self.take(wanted, at(site)) for wanted in inputs]
        made = [line(wanted) for wanted in outputs]
        for unit, amount in made:
            self.goods.make(unit.key, at(site), amount, took)
        self.met("5 transformation")
        return self.transformation(self.lines_of(took), made, site, batch)

    def transformation(self, inputs: Iterable[Line], outputs: Iterable[Line], site: Site, batch: str | None) -> Event:
        """Only writes it."""
        inputs, outputs = list(inputs), list(outputs)
        return self.write(
            "TransformationEvent",
            transformationID=batch,
            bizStep="commissioning",
            inputEPCList=self.clerk.items(inputs),
            inputQuantityList=self.clerk.quantities(inputs),
            outputEPCList=self.clerk.items(outputs),
            outputQuantityList=self.clerk.quantities(outputs),
            **here(site),
        )

    def made(self, site: Site, amount: Decimal | int | str = 20, unit: Unit | None = None) -> Unit:
        """A unit (a new lot unless given) made of a raw lot of its own, so that it has something to trace back to."""
        raw, unit = self.lot(), unit or self.lot()
        self.born(raw, site, 50)
        self.turn([raw], [(unit, amount if unit.is_lot else 1)], site)
        return unit

    def used(self, unit: Unit, site: Site, amount: Decimal | int | str | None = None) -> Unit:
        """Some or all of a unit's goods at a site become a product."""
        product = self.item() if self.chance.random() < 0.4 else self.lot()
        self.turn([unit if amount is None else (unit, amount)], [(product, 7 if product.is_lot else 1)], site)
        return product

    def rework(self, unit: Unit, site: Site) -> Unit:
        """All goods of a lot at a site become more of the same lot; returns what was added."""
        added = self.lot()
        self.born(added, site, 5)
        amount = self.goods.amount(unit.key, at(site))
        self.turn([unit, added], [(unit, amount + 5)], site)
        return added

    def ship(
        self,
        wanted: Sequence[Wanted],
        origin: Site,
        destination: Site,
        step: str = "shipping",
        document: str | None = None,
        **fields: Any,
    ) -> Load:
        """Goods leave for somewhere."""
        self.later()
        document = document or self.names.opaque("despatch")
        place = ("road", self.names.opaque("load"))
        took = [self.take(each, at(origin)) for each in wanted]
        for portion in took:
            self.goods.put(portion, place)
        lines = self.lines_of(took)
        self.met(f"5 {step}", "4 in_transit")
        event = self.shipping(lines, origin, destination, document, step, **fields)
        return Load(place, lines, origin, destination, document, event)

    def shipping(
        self, lines: list[Line], origin: Site, destination: Site, document: str, step: str, **fields: Any
    ) -> Event:
        """Only writes it."""
        written = {
            "action": "OBSERVE",
            "bizStep": step,
            "disposition": "in_transit",
            "readPoint": {"id": origin.written},
            "bizTransactionList": papers(document),
            **route(origin, destination),
            **self.what(lines),
            **fields,
        }
        return self.write(written.pop("type", "ObjectEvent"), **written)

    def receive(self, load: Load, site: Site | None = None, step: str = "receiving", **fields: Any) -> Event:
        """All goods of a load arrive, at its destination unless said otherwise."""
        self.later()
        site = site or load.destination
        for unit in self.goods.at(load.place):
            self.goods.put(self.goods.take(unit, load.place), at(site))
        self.met(f"5 {step}")
        return self.receiving(load, site, step, **fields)

    def receiving(self, load: Load, site: Site, step: str = "receiving", **fields: Any) -> Event:
        """Only writes it."""
        written = {
            "action": "OBSERVE",
            "bizStep": step,
            "bizTransactionList": papers(load.document),
            **route(load.origin, load.destination),
            **self.what(load.lines),
            **here(site),
            **fields,
        }
        return self.write(written.pop("type", "ObjectEvent"), **written)

    def move(self, wanted: Sequence[Wanted], origin: Site, destination: Site) -> Load:
        """Ship and receive."""
        load = self.ship(wanted, origin, destination)
        self.receive(load)
        return load

    def moved_unseen(
        self, unit: Unit, origin: Site, destination: Site, amount: Decimal | int | str | None = None
    ) -> None:
        """Goods move and nobody writes it down."""
        self.goods.put(self.take(unit if amount is None else (unit, amount), at(origin)), at(destination))

    def pack(self, parent: Unit, wanted: Sequence[Wanted], site: Site) -> Event:
        """Goods go from a site into a carrier."""
        self.later()
        took = [self.take(each, at(site)) for each in wanted]
        for portion in took:
            self.goods.put(portion, ("inside", parent.key))
        self.met("5 pack", "4 inside")
        return self.packing("ADD", "packing", parent, self.lines_of(took), site)

    def packing(self, action: str, step: str, parent: Unit, lines: list[Line], site: Site, **fields: Any) -> Event:
        """Only writes it."""
        written = {
            "action": action,
            "bizStep": step,
            "parentID": parent.say(self.clerk.chance),
            "childEPCs": self.clerk.items(lines),
            "childQuantityList": self.clerk.quantities(lines),
            **here(site),
            **fields,
        }
        return self.write("AggregationEvent", **written)

    def unpack(
        self, parent: Unit, site: Site, wanted: Sequence[Wanted] | None = None, *, named: bool | None = None
    ) -> Event:
        """Goods (all, unless said) come out of a carrier; children are named if only some come out, else sometimes."""
        self.later()
        inside = ("inside", parent.key)
        whole = wanted is None
        took = [self.take(each, inside) for each in (wanted or [self.units[key] for key in self.goods.at(inside)])]
        for portion in took:
            self.goods.put(portion, at(site))
        named = (not whole or self.chance.random() < 0.5) if named is None else named
        self.met("5 unpack_named" if named else "5 unpack_all")
        return self.packing("DELETE", "unpacking", parent, self.lines_of(took) if named else [], site)

    def end(self, step: str, wanted: Sequence[Wanted], site: Site, action: str = "OBSERVE") -> Event:
        """Goods end: destroyed, sold, taken as a sample."""
        self.later()
        took = [self.take(each, at(site)) for each in wanted]
        for portion in took:
            self.goods.put(portion, ("gone", step))
        self.met("4 sink")
        return self.write("ObjectEvent", action=action, bizStep=step, **self.what(self.lines_of(took)), **here(site))

    def see(self, units: Sequence[Unit], site: Site, step: str = "inspecting") -> Event:
        """Somebody looks at goods; nothing moves."""
        self.later()
        event = self.write(
            "ObjectEvent", action="OBSERVE", bizStep=step, **self.what([(u, ONE) for u in units]), **here(site)
        )
        for element in event.get("quantityList", []):
            element.pop("quantity"), element.pop("uom")
        return event

    # goods ------------------------------------------------------------------------------------------------------

    def take(self, wanted: Wanted, place: Place) -> Portion:
        if isinstance(wanted, Unit):
            return self.goods.take(wanted.key, place)
        return self.goods.take(wanted[0].key, place, Decimal(wanted[1]))

    def lines_of(self, portions: Iterable[Portion]) -> list[Line]:
        return [(self.units[portion.unit], portion.amount) for portion in portions]

    def what(self, lines: list[Line]) -> Event:
        """The what-dimension of an object event; an empty epcList is legal."""
        return {"epcList": self.clerk.items(lines), "quantityList": self.clerk.quantities(lines)}


def line(wanted: Wanted) -> Line:
    """A unit and how much of it; an item is one."""
    return (wanted, ONE) if isinstance(wanted, Unit) else (wanted[0], Decimal(wanted[1]))


def at(site: Site) -> Place:
    """The physical place of a site."""
    return ("site", site.key)


def here(site: Site) -> Event:
    """The where-dimension of something that happens at a site."""
    return {"readPoint": {"id": site.written}, "bizLocation": {"id": site.written}}


def papers(document: str) -> list[Event]:
    """A despatch advice."""
    return [{"type": "desadv", "bizTransaction": document}]


def route(origin: Site, destination: Site) -> Event:
    """From where to where."""
    return {
        "sourceList": [{"type": "location", "source": origin.written}],
        "destinationList": [{"type": "location", "destination": destination.written}],
    }
