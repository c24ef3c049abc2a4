"""A made-up supply chain of twelve layers, run forward in time: the events of benchmarks, one after the other.

Raw material comes into being in the first layers; each layer turns 1 to 6 lots into 1 to 20 (few into many rarely) and
sends them on, loose or packed, mostly along its own lane, 12 % to another lane, 12 % past a layer. Some raw lots are
hubs that go everywhere. The tenth layer makes serialised cases, the last one sells. Nothing is drawn from a real chain.
Memory holds what is under way, not what has happened.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from benchmarks.event_text import DAY, HOUR, Clerk, EventJson, Facility, Goods, Trip

LAYERS = 12
START = 1_704_067_200_000  # 2024-01-01
SPAN = 1_000 * DAY
INPUTS = (0.22, 0.24, 0.20, 0.15, 0.11, 0.08)
OUTPUTS = tuple(1 / outputs**2 for outputs in range(1, 21))
HUB_SHARE = 0.01
ELSEWHERE = 0.12
SKIPPING = 0.12
#: In how many other lanes a site has customers.
PARTNERS = 2
Step = Callable[..., EventJson | None]


@dataclass(frozen=True, slots=True)
class Density:
    """How much one event names. `load`: least and most portions on one pallet; `patience`: how long a load may wait for
    more (milliseconds); `loose`: share of goods for unusual customers that are not packed; `cases`: made at once;
    `sold`: cases sold at once; the rest keeps the pace of about a thousand days."""

    load: tuple[int, int]
    patience: int
    loose: float
    cases: tuple[int, int]
    sold: int
    events_per_lane: int
    events_per_birth: int


DENSITIES = {
    "usual": Density((1, 3), 7 * DAY, 0.5, (1, 8), 1, 20_000, 75),
    "dense": Density((8, 20), 14 * DAY, 0.1, (10, 20), 10, 40_000, 18),
}


class SupplyChain:
    """The chain, and `events()` in the order of their times, for ever."""

    def __init__(self, seed: int, events: int, density: str = "usual") -> None:
        self._chance = random.Random(seed)
        self._clerk = Clerk(self._chance)
        self._density = DENSITIES[density]
        self._lanes = max(2, events // self._density.events_per_lane)
        self._layers = [[self._facility(layer, lane) for lane in range(self._lanes)] for layer in range(LAYERS)]
        self._between_births = SPAN * self._lanes * self._density.events_per_birth / max(events, 1)
        self._agenda: list[tuple[int, int, Step, tuple[object, ...]]] = []
        self._planned = 0
        for facility in self._layers[0]:
            self._plan(START, self._exponential(self._between_births), self._birth, facility)

    def events(self) -> Iterator[tuple[int, EventJson]]:
        """Instant (milliseconds since 1970) and event; in time order."""
        while True:
            instant, _, step, arguments = heapq.heappop(self._agenda)
            event = step(instant, *arguments)
            if event is not None:
                yield instant, event

    # what happens

    def _birth(self, instant: int, at: Facility) -> EventJson:
        self._plan(instant, self._exponential(self._between_births), self._birth, at)
        owner = at if self._chance.random() < 0.85 else self._layers[self._chance.randint(1, 4)][at.lane]
        number = owner.lot_number(instant)
        lot = owner.lot(number)
        hub = self._chance.random() < HUB_SHARE
        grams = self._chance.randint(400, 2_000) * (60_000 if hub else 1_000)
        self._dispatch(instant, owner, lot, grams, hub)
        return self._clerk.birth(instant, owner, lot, number, grams)

    def _dispatch(self, instant: int, at: Facility, lot: str, grams: int, hub: bool = False) -> None:
        """A lot goes out in portions over the next days (a hub lot over two months, to any lane)."""
        portions = self._chance.randint(30, 150) if hub else self._chance.choices((1, 2, 3), (0.84, 0.12, 0.04))[0]
        portions = min(portions, grams)
        for which in range(portions):
            share = grams // portions if which else grams - grams // portions * (portions - 1)
            wait = self._chance.uniform(0, 60 * DAY) if hub else self._exponential(3 * DAY)
            self._plan(instant, 4 * HOUR + wait, self._ready, at, self._customer(at, hub), {lot: share})
        if self._chance.random() < 0.15:
            self._plan(instant, self._chance.uniform(HOUR, 3 * HOUR), self._inspect, at, lot, grams)

    def _inspect(self, instant: int, at: Facility, lot: str, grams: int) -> EventJson:
        return self._clerk.inspection(instant, at, lot, grams)

    def _ready(self, instant: int, at: Facility, customer: Facility, goods: Goods) -> None:
        """Goods for an unusual customer may leave loose; all others wait for a load to the same customer."""
        usual = customer.lane == at.lane and customer.layer == at.layer + 1
        if not usual and self._chance.random() < self._density.loose:
            return self._plan(instant, self._a_shift(), self._ship_loose, at, customer, [goods])
        load = at.loads.setdefault(customer.number, [])
        load.append(goods)
        if len(load) >= self._chance.randint(*self._density.load):
            self._close(instant, at, customer, load)
        elif len(load) == 1:
            self._plan(instant, self._density.patience, self._close, at, customer, load)
        return None

    def _close(self, instant: int, at: Facility, customer: Facility, load: list[Goods]) -> None:
        """A load is full, or has waited long enough."""
        if at.loads.get(customer.number) is load:
            del at.loads[customer.number]
            self._plan(instant, self._a_shift(), self._pack, at, customer, load)

    def _ship_loose(self, instant: int, at: Facility, customer: Facility, load: list[Goods]) -> EventJson:
        trip = self._trip(at, customer)
        self._plan(instant, self._on_the_road(), self._receive_loose, trip, load)
        return self._clerk.shipping(instant, trip, _together(load))

    def _receive_loose(self, instant: int, trip: Trip, load: list[Goods]) -> EventJson:
        self._stock(instant, trip.destination, _together(load))
        return self._clerk.receiving(instant, trip, _together(load))

    def _pack(self, instant: int, at: Facility, customer: Facility, load: list[Goods]) -> EventJson:
        goods = _together(load)
        parent = at.tote() if self._chance.random() < 0.1 else at.pallet()
        self._plan(instant, self._chance.uniform(HOUR, DAY), self._ship, self._trip(at, customer), parent, goods)
        return self._clerk.packing(instant, at, parent, goods)

    def _ship(self, instant: int, trip: Trip, parent: str, goods: Goods) -> EventJson:
        self._plan(instant, self._on_the_road(), self._receive, trip, parent, goods)
        return self._clerk.shipping(instant, trip, {parent: None})

    def _receive(self, instant: int, trip: Trip, parent: str, goods: Goods) -> EventJson:
        if goods:
            self._plan(instant, self._chance.uniform(HOUR, DAY), self._unpack, trip, parent, goods)
        else:
            trip.destination.totes.append(parent)
        return self._clerk.receiving(instant, trip, {parent: None})

    def _unpack(self, instant: int, trip: Trip, parent: str, goods: Goods) -> EventJson:
        """What was in it is in stock now; an emptied tote goes home."""
        self._stock(instant, trip.destination, goods)
        if ":grai:" in parent:
            home = self._trip(trip.destination, trip.origin)
            self._plan(instant, self._exponential(4 * DAY) + HOUR, self._ship, home, parent, {})
        return self._clerk.unpacking(instant, trip.destination, parent, goods)

    def _stock(self, instant: int, at: Facility, goods: Goods) -> None:
        if at.layer == LAYERS - 1:
            return self._put_on_sale(instant, at, goods)
        for lot, grams in goods.items():
            at.stock[lot] = (at.stock.get(lot) or 0) + (grams or 0)
        return self._plan_production(instant, at)

    def _put_on_sale(self, instant: int, at: Facility, goods: Goods) -> None:
        units = iter(goods.items())
        while sold := dict(islice(units, self._density.sold)):
            if self._chance.random() < 0.7:
                self._plan(instant, self._exponential(6 * DAY) + HOUR, self._sell, at, sold)

    def _sell(self, instant: int, at: Facility, goods: Goods) -> EventJson:
        return self._clerk.sale(instant, at, goods)

    def _plan_production(self, instant: int, at: Facility) -> None:
        if not at.busy and len(at.stock) >= at.recipe:
            at.busy = True
            self._plan(instant, self._exponential(DAY) + 2 * HOUR, self._produce, at)

    def _produce(self, instant: int, at: Facility) -> EventJson:
        used = {lot: self._drawn(at, lot) for lot in list(at.stock)[: at.recipe]}
        number = at.lot_number(instant)
        made = self._made(instant, at, sum(used.values()))
        at.recipe = self._chance.choices(range(1, 7), INPUTS)[0]
        at.busy = False
        self._plan_production(instant, at)
        return self._clerk.production(instant, at, used, made, number)

    def _drawn(self, at: Facility, lot: str) -> int:
        """Mostly all that is there of the lot, sometimes half."""
        held = at.stock[lot] or 0
        if held < 2 or self._chance.random() < 0.8:
            del at.stock[lot]
            return held
        at.stock[lot] = held - held // 2
        return held // 2

    def _made(self, instant: int, at: Facility, grams: int) -> dict[str, int | None]:
        """Lots with 97 % of the inputs' weight, or serialised cases that stay together."""
        if at.layer == LAYERS - 2:
            cases: dict[str, int | None] = dict.fromkeys(at.items(self._chance.randint(*self._density.cases)))
            self._plan(instant, 4 * HOUR + self._exponential(DAY), self._ready, at, self._customer(at), cases)
            return cases
        outputs = self._chance.choices(range(1, 21), OUTPUTS)[0]
        share = max(1, grams * 97 // 100 // outputs)
        made: dict[str, int | None] = {at.lot(at.lot_number(instant)): share for _ in range(outputs)}
        for lot in made:
            self._dispatch(instant, at, lot, share)
        return made

    # chance

    def _customer(self, at: Facility, anywhere: bool = False) -> Facility:
        skip = at.layer + 2 < LAYERS and self._chance.random() < SKIPPING
        lane = self._chance.randrange(self._lanes) if anywhere else at.lane
        if self._chance.random() < ELSEWHERE:
            lane = (lane * PARTNERS + at.layer + self._chance.randint(1, PARTNERS)) % self._lanes
        return self._layers[at.layer + (2 if skip else 1)][lane]

    def _trip(self, origin: Facility, destination: Facility) -> Trip:
        origin.shipments += 1
        return Trip(origin, destination, f"D{origin.location[-2:]}{origin.shipments:07d}")

    def _a_shift(self) -> float:
        return self._chance.uniform(HOUR, 8 * HOUR)

    def _on_the_road(self) -> float:
        return 5 * HOUR + self._exponential(2 * DAY)

    def _exponential(self, mean: float) -> float:
        return self._chance.expovariate(1 / mean)

    def _plan(self, instant: int, wait: float, step: Step, *arguments: object) -> None:
        self._planned += 1
        heapq.heappush(self._agenda, (instant + int(wait), self._planned, step, arguments))

    def _facility(self, layer: int, lane: int) -> Facility:
        return Facility(layer * self._lanes + lane, layer, lane, self._chance)


def _together(load: list[Goods]) -> dict[str, int | None]:
    """Several portions as one load; portions of one lot are added."""
    goods: dict[str, int | None] = {}
    for portion in load:
        for unit, grams in portion.items():
            goods[unit] = None if grams is None else (goods.get(unit) or 0) + grams
    return goods
