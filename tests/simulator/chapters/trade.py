"""A trading floor: one long random story over shared lots, sites and totes; written fully, or carelessly."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal

from tests.simulator.chapters.register import careless, recorded
from tests.simulator.clerk import Event, without, without_quantities
from tests.simulator.identifiers import Site, Unit
from tests.simulator.story import Load, Story, Wanted, at, here, papers

RAWS = 6
STEPS = 70
PARTS = (Decimal("0.25"), Decimal("0.5"), Decimal(1), Decimal(1))


class Floor:
    """Sites, totes and loads on the road, and the acts that may come next."""

    def __init__(self, story: Story) -> None:
        self.story, self.chance = story, story.chance
        self.sites = story.sites(3)
        self.totes = [story.tote(self.chance.choice(self.sites)) for _ in range(3)]
        self.loads: list[Load] = []
        self.packed_at: dict[str, Site] = {}
        self.emptied: dict[str, Event] = {}  # tote that travelled with a load -> the event that emptied it
        self.forgettable: list[Event] = []  # emptied, and packed again later

    def run(self) -> None:
        """Some raw goods, seventy acts, then all that is on the road arrives."""
        acts = (
            self.raw,
            self.run_batch,
            self.run_batch,
            self.run_batch,
            self.ship,
            self.ship,
            self.ship,
            self.arrive,
            self.arrive,
            self.pack,
            self.pack,
            self.unpack,
            self.lose,
            self.look,
        )
        for _ in range(RAWS):
            self.raw()
        for _ in range(STEPS):
            self.chance.choice(acts)()
        while self.loads:
            self.arrive()

    def stock(self, site: Site) -> list[Unit]:
        """What stands at a site, loose, without totes."""
        units = [self.story.units[key] for key in self.story.goods.at(at(site))]
        return [unit for unit in units if unit.key not in self.story.carriers]

    def some(self, units: list[Unit], site: Site, most: int) -> list[Wanted]:
        """Some units, of lots a part or all."""
        chosen = self.chance.sample(units, min(len(units), self.chance.randint(1, most)))
        return [(u, self.part(self.story.goods.amount(u.key, at(site)))) if u.is_lot else u for u in chosen]

    def part(self, amount: Decimal) -> Decimal:
        """A part of an amount, or all of it, with three decimals at most."""
        share = (amount * self.chance.choice(PARTS)).quantize(Decimal("0.001"), ROUND_DOWN)
        return share or amount

    def raw(self) -> None:
        unit = self.story.lot() if self.chance.random() < 0.7 else self.story.item()
        self.story.born(unit, self.chance.choice(self.sites), self.chance.randint(8, 80) if unit.is_lot else 1)

    def run_batch(self) -> None:
        """Some stock becomes one to three units, now and then more of a lot that exists."""
        site = self.chance.choice(self.sites)
        if not (stock := self.stock(site)):
            return
        inputs = self.some(stock, site, 3)
        outputs: list[Wanted] = [
            (self.story.lot(), self.chance.randint(2, 40)) for _ in range(self.chance.randint(1, 2))
        ]
        outputs += [self.story.item() for _ in range(self.chance.randint(0, 1))]
        again = self.chance.choice(stock)
        if again.is_lot and self.harmless(again, inputs, site):
            outputs.append((again, self.chance.randint(2, 9)))
        self.story.turn(inputs, outputs, site)

    def harmless(self, again: Unit, inputs: list[Wanted], site: Site) -> bool:
        """Whether more of a lot may be made here: what is in it elsewhere is also in the new goods."""
        goods = self.story.goods
        units = [wanted if isinstance(wanted, Unit) else wanted[0] for wanted in inputs]
        new = {again.key}.union(*(goods.pools[unit.key, at(site)].tags for unit in units))
        return goods.tags_elsewhere(again.key, at(site)) <= new

    def ship(self) -> None:
        origin, destination = self.chance.sample(self.sites, 2)
        packed = [tote for tote in self.totes if self.story.goods.amount(tote.key, at(origin))]
        stock = self.stock(origin)
        if packed and (not stock or self.chance.random() < 0.5):
            wanted: list[Wanted] = [self.chance.choice(packed)]
        elif stock:
            wanted = self.some(stock, origin, 2)
        else:
            return
        load = self.story.ship(wanted, origin, destination)
        fate = self.chance.random()
        if fate < 0.1:
            self.void(load)
            return
        if fate < 0.35:
            self.story.later()
            self.story.shipping(load.lines, origin, destination, load.document, "departing")
            self.story.met("5 same_load_departing")
        self.loads.append(load)

    def void(self, load: Load) -> None:
        self.story.later()
        for key in self.story.goods.at(load.place):
            self.story.goods.put(self.story.goods.take(key, load.place), at(load.origin))
        self.story.write(
            "ObjectEvent",
            action="OBSERVE",
            bizStep="void_shipping",
            bizTransactionList=papers(load.document),
            **self.story.what(load.lines),
            **here(load.origin),
        )
        self.story.met("5 void_document")

    def arrive(self) -> None:
        if not self.loads:
            return
        load = self.loads.pop(self.chance.randrange(len(self.loads)))
        twice = self.chance.random() < 0.2
        self.story.receive(load, step="arriving" if twice else "receiving")
        if twice:
            self.story.later()
            self.story.receiving(load, load.destination, "accepting")
            self.story.met("5 same_load_accepting")
        self.story.met("6 one")

    def pack(self) -> None:
        """Stock, sometimes a packed tote, goes into an empty tote."""
        tote = self.chance.choice(self.totes)
        site = next((s for s in self.sites if self.story.goods.amount(tote.key, at(s))), None)
        if site is None or self.story.goods.at(("inside", tote.key)):
            return
        others = [other for other in self.totes if other is not tote and self.story.goods.amount(other.key, at(site))]
        wanted: list[Wanted] = list(others[:1]) if self.chance.random() < 0.3 else []
        if wanted:
            self.story.met("7 nested")
        if stock := self.stock(site):
            wanted += self.some(stock, site, 3)
        if wanted:
            self.story.pack(tote, wanted, site)
            self.packed_at[tote.key] = site
            if tote.key in self.emptied:
                self.forgettable.append(self.emptied.pop(tote.key))

    def unpack(self) -> None:
        """A tote that stands at a site is emptied, or a part of one content comes out."""
        standing = [
            (tote, site)
            for tote in self.totes
            for site in self.sites
            if self.story.goods.amount(tote.key, at(site)) and self.story.goods.at(("inside", tote.key))
        ]
        if not standing:
            return
        tote, site = self.chance.choice(standing)
        inside = ("inside", tote.key)
        unit = self.story.units[self.chance.choice(self.story.goods.at(inside))]
        if unit.is_lot and self.chance.random() < 0.3:
            self.story.unpack(tote, site, [(unit, self.part(self.story.goods.amount(unit.key, inside)))])
            self.story.met("7 part_unpacked")
        else:
            event = self.story.unpack(tote, site)
            self.emptied.pop(tote.key, None)
            if self.packed_at[tote.key] is not site:
                self.emptied[tote.key] = event

    def lose(self) -> None:
        site = self.chance.choice(self.sites)
        if stock := self.stock(site):
            step = self.chance.choice(("destroying", "retail_selling"))
            self.story.end(step, self.some(stock, site, 1), site)
            self.story.met(f"5 {step}")

    def look(self) -> None:
        site = self.chance.choice(self.sites)
        if stock := self.stock(site):
            self.story.see([self.chance.choice(stock)], site)


@recorded
def floor(story: Story) -> None:
    """Everything is written."""
    Floor(story).run()


@careless
def careless_floor(story: Story) -> None:
    """Receipts, unpackings, documents, routes and quantities are left out."""
    first = len(story.clerk.book)
    shared = Floor(story)
    shared.run()
    for page in story.clerk.book[first:]:
        spoil(story, page.event, shared.forgettable)


def spoil(story: Story, event: Event, forgettable: list[Event]) -> None:
    """What a careless clerk does to one event. An unpacking is forgotten only where a later packing shows it."""
    step, luck = event.get("bizStep", "").rsplit("-", 1)[-1].rsplit(":", 1)[-1], story.chance.random
    shown = any(event is each for each in forgettable)
    if (step in ("receiving", "arriving") and luck() < 0.1) or (shown and luck() < 0.3):
        story.clerk.forget(event)
        return
    if luck() < 0.1:
        without_quantities(event)
    if luck() < 0.1:
        without(event, "bizTransactionList")
    if luck() < 0.05:
        without(event, "sourceList", "destinationList")
