"""The books of one unit while its history is compiled: pools of goods by place, holdings, legs and gaps.

Everything here is bookkeeping that the acts share: opening and closing holdings, carrying what remained, joining
sources that cannot be told apart. What an act means is in `flows`.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from tracegraph.model.custody import Certainty, Gap, Holding, Leg, Place, PlaceKind, UnitKind
from tracegraph.model.facts import Document
from tracegraph.model.quantity import Quantity
from tracegraph.timeline.acts import Act, UnitFacts
from tracegraph.timeline.nodes import node_id
from tracegraph.timeline.places import Places
from tracegraph.timeline.steps import Settings
from tracegraph.timeline.stock import ZERO, Stock

Draws = dict[Place, list[tuple[int, Decimal | None]]]


@dataclass(slots=True)
class Shipment:
    """An in-transit pool's papers. `closed`: no longer open for matching; `confirmed`, `touched`: how it came in."""

    event: str
    origin: Place
    destination: Place | None
    documents: frozenset[Document]
    departed: int
    closed: bool = False
    confirmed: bool = False
    touched: bool = False


@dataclass(slots=True)
class Pool:
    """Goods of the unit at one place. `current`: the open holding; `ended`: holdings before a clean break;
    `loaded`: when the present load came (the place was empty before)."""

    place: Place
    stock: Stock = field(default_factory=Stock)
    current: Holding | None = None
    ended: list[str] = field(default_factory=list)
    loaded: int = 0
    shipment: Shipment | None = None

    @property
    def holds(self) -> bool:
        """Whether the pool may still hold goods."""
        return self.current is not None and not self.stock.empty


@dataclass(frozen=True, slots=True)
class Source:
    """Where goods of an inflow come from: a node, and what the leg says."""

    node: str
    certain: bool
    rule: str
    cost: int = 1


@dataclass(slots=True)
class Common:
    """A pool holding in time order that joins sources which cannot be told apart."""

    latest: str
    members: set[str]


class Account:
    """The books of one unit. `later_draws` is what the first pass found: moves out of a place that nothing records."""

    def __init__(self, unit: UnitFacts, places: Places, settings: Settings, later_draws: Draws) -> None:
        self.unit = unit
        self.places = places
        self.settings = settings
        self.later_draws = later_draws
        self.pools: dict[Place, Pool] = {}
        self.live: dict[Place, Pool] = {}
        self.order: list[Place] = []
        self.holdings: dict[str, Holding] = {}
        self.legs: dict[tuple[str, str, str], Leg] = {}
        self.gaps: set[Gap] = set()
        self.draws: Draws = {}
        self.commons: dict[tuple[str, ...], Common] = {}
        self.same_day: list[tuple[Place, Act, str]] = []
        self.group = 0
        self.orphan: Holding | None = None
        self.twins: set[Place] = set()
        self.originated = False
        self.seen = False

    # inflow and outflow

    def inflow(
        self,
        act: Act,
        place: Place,
        sources: Sequence[Source],
        quantity: Quantity | None,
        certain: bool = True,
        role: str = "",
    ) -> Holding:
        """Open a holding at the place, fed by the sources and by what remained there."""
        pool = self.pool(place)
        if not pool.holds:
            pool.loaded = act.instant
        holding = self._open(act, place, quantity, role or act.kind.value)
        self._carry(pool, holding, act)
        for source in sources:
            self.connect(source.node, holding.id, act, source.certain, source.rule, source.cost)
        fresh = not pool.holds
        pool.stock.add(quantity, certain)
        if self.unit.kind is UnitKind.ITEM and pool.stock.high is not None and pool.stock.high > 1:
            pool.stock.high, pool.stock.low = Decimal(1), min(pool.stock.low, Decimal(1))
        if not fresh and certain:
            holding = self.holdings[holding.id] = replace(holding, quantity=pool.stock.balance() or quantity)
        pool.current = holding
        self._keep(pool)
        self._reach_same_day(place, act, holding)
        self.seen = True
        return holding

    def outflow(self, act: Act, pool: Pool, quantity: Quantity | None, certain: bool = True) -> str:
        """Take goods out of a pool that holds some; returns the holding that they leave."""
        assert pool.current is not None, "an outflow needs a holding; imply a receipt first"
        pool.stock.take(quantity, certain)
        leaving = pool.current
        if pool.stock.empty:
            self._close(pool, act.instant)
        self._keep(pool)
        return leaving.id

    def empty_out(self, act: Act, pool: Pool) -> str:
        """Take everything out, whatever it is."""
        assert pool.current is not None, "an empty pool cannot be emptied"
        pool.stock.take_all()
        leaving = pool.current
        self._close(pool, act.instant)
        self._keep(pool)
        return leaving.id

    def rest(self, act: Act, pool: Pool) -> None:
        """What may be left after an outflow of which nobody knows whether it took all: a stay of its own, reached as
        possible."""
        if pool.holds and not pool.stock.sure:
            holding = self._open(act, pool.place, None, "rest")
            self._carry(pool, holding, act)
            pool.current = holding

    def holding(self) -> list[Pool]:
        """The pools that may still hold goods, in an order that does not depend on the order of arrival."""
        return [self.live[place] for place in self.order]

    def _keep(self, pool: Pool) -> None:
        if pool.holds and pool.place not in self.live:
            insort(self.order, pool.place)
            self.live[pool.place] = pool
        elif not pool.holds and pool.place in self.live:
            del self.live[pool.place]
            del self.order[bisect_left(self.order, pool.place)]

    def pool(self, place: Place) -> Pool:
        """The pool at a place, made where there is none."""
        if place not in self.pools:
            self.pools[place] = Pool(place)
        return self.pools[place]

    def _open(self, act: Act, place: Place, quantity: Quantity | None, role: str) -> Holding:
        identity = node_id("holding", self.unit.key, act.event, role)
        ordinal = 0
        while identity in self.holdings:
            ordinal += 1
            identity = node_id("holding", self.unit.key, act.event, role, str(ordinal))
        holding = Holding(
            id=identity,
            unit=self.unit.key,
            place=place,
            since=act.instant,
            until=None,
            event=act.event,
            role=role,
            party=act.party or self.places.party_of(place),
            owner=act.owner,
            quantity=quantity,
            sublocation=act.sublocation,
            destination=act.destination.id if act.destination and place.kind is PlaceKind.TRANSIT else None,
        )
        self.holdings[identity] = holding
        return holding

    def settle(self, pool: Pool) -> None:
        """At the end of the records: what is left in a holding that is still open."""
        if pool.current is not None and self.holdings[pool.current.id].until is None:
            holding = self.holdings[pool.current.id]
            self.holdings[holding.id] = replace(holding, remaining=pool.stock.balance())

    def _close(self, pool: Pool, instant: int) -> None:
        """End the open holding; after a clean break the next inflow starts anew."""
        assert pool.current is not None
        holding = self.holdings[pool.current.id]
        self.holdings[holding.id] = replace(holding, until=instant, remaining=pool.stock.balance())

    def _carry(self, pool: Pool, holding: Holding, act: Act) -> None:
        """From the open holding to the next one at the same place: confirmed, possible, or a clean break."""
        previous = pool.current
        if previous is None:
            return
        if pool.stock.empty or pool.place.kind is PlaceKind.SINK:
            pool.ended.append(previous.id)
            pool.stock = Stock()
            return
        certain = pool.stock.remains(self._drawn_later(pool, act.instant))
        self.connect(previous.id, holding.id, act, certain, "carried", 0)
        self._close(pool, act.instant)

    def _drawn_later(self, pool: Pool, instant: int) -> Decimal | None:
        total = ZERO
        for when, value in self.later_draws.get(pool.place, ()):
            if when > instant:
                if value is None:
                    return None
                total += value
        return total

    # legs and gaps

    def connect(self, source: str, target: str, act: Act, certain: bool, rule: str, cost: int = 1) -> None:
        """Add a leg; of two alike the certain one stays. A unit without lot number has possible legs only."""
        certainty = Certainty.CONFIRMED if certain and self.unit.numbered else Certainty.POSSIBLE
        key = (source, target, act.event)
        known = self.legs.get(key)
        if source != target and (known is None or known.certainty is Certainty.POSSIBLE):
            self.legs[key] = Leg(source, target, act.event, certainty, rule, cost, act.instant)
        if cost and source in self.holdings and rule != "same_day":
            self.same_day.append((self.holdings[source].place, act, target))

    def _reach_same_day(self, place: Place, act: Act, holding: Holding) -> None:
        """An inflow reaches the outflows of its date that were booked before it; many of both meet in one pool."""
        met = [
            (earlier, target)
            for where, earlier, target in self.same_day
            if where == place and (earlier.day or act.day) and earlier.event != act.event
        ]
        source = holding.id
        if len(met) > self.settings.fan_limit:
            source = self.gathered(("date", place.id, str(self.group)), Source(holding.id, False, "pool", 0), act)
            met = [pair for pair in met if (source, pair[1], pair[0].event) not in self.legs]
        for earlier, target in met:
            self.connect(source, target, earlier, False, "same_day")

    def gap(
        self,
        kind: str,
        act: Act,
        holding: str | None,
        place: Place | None = None,
        detail: str = "",
        also: Iterable[Place] = (),
    ) -> None:
        """Note what the records do not say; who to ask are the parties, else the sites, that took part, and `also`
        those of other places."""
        where = place or act.place
        involved = [spot for spot in (where, act.source, act.destination, *also) if spot and spot.id]
        self.gaps.add(
            Gap(
                kind=kind,
                unit=self.unit.key,
                place=where.id if where else "",
                event=act.event,
                holding=holding,
                ask=tuple(sorted({self.places.party_of(spot) or spot.id for spot in involved if _can_tell(spot)})),
                detail=detail,
            )
        )

    # sources that cannot be told apart

    def joined(self, key: tuple[str, ...], sources: Iterable[Source], act: Act, rule: str) -> list[Source]:
        """The sources as they are or, above the fan limit, one pool holding that they and earlier ones flow into."""
        wanted = list({source.node: source for source in sources}.values())
        if key not in self.commons and len(wanted) <= self.settings.fan_limit:
            return wanted
        return [Source(self.pooled(key, wanted, act), False, rule)]

    def gathered(self, key: tuple[str, ...], source: Source, act: Act) -> str:
        """The one pool holding of that name, whose members no time tells apart."""
        common = self.commons.get(key)
        if common is None:
            return self.pooled(key, [source], act)
        self.connect(source.node, common.latest, act, False, "pool", 0)
        return common.latest

    def pooled(self, key: tuple[str, ...], sources: Sequence[Source], act: Act) -> str:
        """The pool holding of that name, extended by the sources that do not flow into it yet."""
        common = self.commons.get(key)
        fresh = [source for source in sources if common is None or source.node not in common.members]
        if common is None or fresh:
            common = self._extend(key, common, fresh, act)
        return common.latest

    def _extend(self, key: tuple[str, ...], common: Common | None, fresh: list[Source], act: Act) -> Common:
        place = Place(PlaceKind.UNKNOWN)
        holding = self._open(act, place, None, "pool " + " ".join(key))
        for source in fresh:
            self.connect(source.node, holding.id, act, False, "pool", 0)
        if common is not None:
            self.connect(common.latest, holding.id, act, False, "pool", 0)
        members = (common.members if common else set()) | {source.node for source in fresh}
        self.commons[key] = Common(holding.id, members)
        return self.commons[key]

    def draw(self, pools: Iterable[Pool], act: Act, quantity: Quantity | None) -> None:
        """Note that goods may have left these places unrecorded; their balance has no certain rest from that."""
        for pool in pools:
            value = pool.stock.comparable(quantity)
            if pool.place.kind in (PlaceKind.SITE, PlaceKind.PARTY):
                self.draws.setdefault(pool.place, []).append((act.instant, value))
            pool.stock.take(quantity if value is not None else None, certain=False)


def _can_tell(place: Place) -> bool:
    return place.kind in (PlaceKind.SITE, PlaceKind.PARTY)
