"""The books of one unit while its history is compiled: pools of goods by place, holdings, legs and gaps.

Everything here is bookkeeping that the acts share: opening and closing holdings, carrying what remained, joining
sources that cannot be told apart. What an act means is in `flows`.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from tracegraph.model.custody import Certainty, Gap, Holding, Leg, Place, PlaceKind, UnitKind
from tracegraph.model.facts import Document
from tracegraph.model.quantity import Quantity
from tracegraph.timeline.acts import UNKNOWN, Act, UnitFacts
from tracegraph.timeline.materials import PLAIN, Materials
from tracegraph.timeline.nodes import node_id
from tracegraph.timeline.places import Places
from tracegraph.timeline.steps import DAY, Settings
from tracegraph.timeline.stock import ZERO, Stock, certainly_remains

Draws = dict[Place, list[tuple[int, Decimal | None]]]
ONE = Decimal(1)


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
    ended: list[str] = field(default_factory=list)
    current: Holding | None = None
    loaded: int = 0
    shipment: Shipment | None = None

    @property
    def holds(self) -> bool:
        """Whether the pool may still hold goods."""
        stock = self.stock
        return self.current is not None and not (stock.exact and stock.high == ZERO and not stock.overdrawn)


class Source(NamedTuple):
    """Where goods of an inflow come from: a node, and what the leg says."""

    node: str
    certain: bool
    rule: str
    cost: int = 1


@dataclass(slots=True)
class Common:
    """A pool holding in time order that joins sources which cannot be told apart."""

    latest: str
    members: dict[str, None]


class Carry(NamedTuple):
    """What decided whether goods were certainly carried on, so that it can be decided again when draws change."""

    instant: int
    overdrawn: bool
    untouched: bool
    low: Decimal
    certain: bool

    def decide(self, drawn: Decimal | None) -> bool:
        """See `certainly_remains`."""
        return certainly_remains(self.overdrawn, self.untouched, self.low, drawn)


class Account:
    """The books of one unit. `later_draws` is what the first pass found: moves out of a place that nothing records.

    `live` are the pools that may hold goods, `kinds` their places by kind, sorted; `left` those that ceased to during
    the present act; `leaks` the stop that each possible unpacking led to; `papers` the shipments of each document;
    `carries` is kept only on request."""

    def __init__(
        self, unit: UnitFacts, places: Places, settings: Settings, later_draws: Draws, materials: Materials = PLAIN
    ) -> None:
        self.unit = unit
        self.places = places
        self.settings = settings
        self.later_draws = later_draws
        self.materials = materials
        self.pools: dict[Place, Pool] = materials.table()
        self.live: dict[Place, Pool] = materials.table()
        self.kinds: dict[PlaceKind, list[Place]] = {}
        self.left: list[Place] = []
        self.holdings: dict[str, Holding] = materials.table()
        self.legs: dict[tuple[str, str, str], Leg] = materials.table()
        self.gaps: dict[Gap, None] = materials.table()
        self.leaks: dict[str, str] = materials.table()
        self.papers: dict[str, tuple[Place, ...]] = materials.table()
        self.draws: Draws = materials.table()
        self.carries: dict[Place, list[Carry]] | None = None
        self.commons: dict[tuple[str, ...], Common] = materials.table()
        self.same_day: list[tuple[Place, Act, str]] = materials.row()
        self.group = 0
        self.orphan: Holding | None = None
        self.unexplained: Gap | None = None
        self.twins: frozenset[Place] = frozenset()
        self.originated = False
        self.seen = False
        self.afloat = ""
        self.ashore: dict[Place, str] = materials.table()

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
        pool, role = self.pool(place), role or act.kind._value_
        held = pool.holds
        if not held:
            pool.loaded = act.instant
        identity = self._identity(act, role)
        self._carry(pool, identity, act)
        fresh = not held or not pool.holds
        self._fill(pool, quantity, certain)
        amount = quantity if fresh or not certain else pool.stock.balance() or quantity
        holding = self._open(identity, act, place, amount, role)
        for source in sources:
            self.connect(source.node, identity, act, source.certain, source.rule, source.cost)
        pool.current = holding
        self._keep(pool)
        if self.same_day:
            self._reach_same_day(place, act, holding)
        if not self.seen:
            self.seen = True
        return holding

    def _fill(self, pool: Pool, quantity: Quantity | None, certain: bool) -> None:
        """Goods come in; an item is never more than one piece."""
        stock = pool.stock
        stock.add(quantity, certain)
        if self.unit.kind is UnitKind.ITEM and stock.high is not None and stock.high > 1:
            stock.high, stock.low = ONE, min(stock.low, ONE)

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
            identity = self._identity(act, "rest")
            self._carry(pool, identity, act)
            pool.current = self._open(identity, act, pool.place, None, "rest")

    def holding(self) -> list[Pool]:
        """The pools that may still hold goods, in an order that does not depend on the order of arrival."""
        return [self.live[place] for kind in sorted(self.kinds) for place in self.kinds[kind]]

    def holding_in(self, *kinds: PlaceKind) -> list[Pool]:
        """The pools in places of these kinds (in alphabetical order) that may still hold goods."""
        return [self.live[place] for kind in kinds for place in self.kinds.get(kind, ())]

    def _keep(self, pool: Pool) -> None:
        place, holds = pool.place, pool.holds
        if holds == (place in self.live):
            return
        if holds:
            if place.kind not in self.kinds:
                self.kinds[place.kind] = self.materials.row()
            insort(self.kinds[place.kind], place)
            self.live[place] = pool
        else:
            del self.live[place]
            order = self.kinds[place.kind]
            order.pop(bisect_left(order, place))
            self.left.append(place)

    def pool(self, place: Place) -> Pool:
        """The pool at a place, made where there is none."""
        known = self.pools.get(place)
        if known is None:
            make = self.materials
            known = self.pools[place] = make.record(Pool, place, place, make.record(Stock, place), make.row())
        return known

    def shipped(self, pool: Pool, paper: Shipment) -> None:
        """Papers for the goods in an in-transit pool."""
        pool.shipment = paper
        for document in paper.documents:
            known = self.papers.get(document.id, ())
            if pool.place not in known:
                self.papers[document.id] = (*known, pool.place)

    def _identity(self, act: Act, role: str) -> str:
        identity = node_id("holding", self.unit.key, act.event, role)
        ordinal = 0
        while identity in self.holdings:
            ordinal += 1
            identity = node_id("holding", self.unit.key, act.event, role, str(ordinal))
        return identity

    def _open(self, identity: str, act: Act, place: Place, quantity: Quantity | None, role: str) -> Holding:
        bound = act.destination.id if act.destination and place.kind is PlaceKind.TRANSIT else None
        party = act.party or self.places.party_of(place)
        holding = self.holdings[identity] = Holding(
            identity, self.unit.key, place, act.instant, None, act.event, role, party, act.owner, quantity, None,
            act.sublocation, bound,
        )  # fmt: skip
        return holding

    def settle(self, pool: Pool) -> None:
        """At the end of the records: what is left in a holding that is still open."""
        if pool.current is not None and self.holdings[pool.current.id].until is None:
            holding = self.holdings[pool.current.id]
            self.holdings[holding.id] = ended(holding, None, pool.stock.balance())

    def _close(self, pool: Pool, instant: int) -> None:
        """End the open holding; after a clean break the next inflow starts anew."""
        assert pool.current is not None
        holding = self.holdings[pool.current.id]
        self.holdings[holding.id] = ended(holding, instant, pool.stock.balance())

    def _carry(self, pool: Pool, target: str, act: Act) -> None:
        """From the open holding to the next one at the same place: confirmed, possible, or a clean break."""
        previous = pool.current
        if previous is None:
            return
        if pool.stock.empty or pool.place.kind is PlaceKind.SINK:
            pool.ended.append(previous.id)
            pool.stock = self.materials.record(Stock, pool.place)
            return
        stock = pool.stock
        certain = stock.remains(self.drawn_later(pool.place, act.instant))
        if self.carries is not None:
            kept = Carry(act.instant, stock.overdrawn, stock.untouched, stock.low, certain)
            self.carries.setdefault(pool.place, self.materials.row()).append(kept)
        self.connect(previous.id, target, act, certain, "carried", 0)
        self._close(pool, act.instant)

    def drawn_later(self, place: Place, instant: int) -> Decimal | None:
        """What later events draw from a place unrecorded (None: an unknown amount). Draws are noted in order but for
        those of one date."""
        total = ZERO
        for when, value in reversed(self.later_draws.get(place, ())):
            if when > instant:
                if value is None:
                    return None
                total += value
            elif when <= instant - DAY:
                break
        return total

    # legs and gaps

    def connect(self, source: str, target: str, act: Act, certain: bool, rule: str, cost: int = 1) -> None:
        """Add a leg; of two alike the certain one stays. A unit without lot number has possible legs only."""
        certainty = Certainty.CONFIRMED if certain and self.unit.numbered else Certainty.POSSIBLE
        key = (source, target, act.event)
        known = self.legs.get(key)
        if source != target and (known is None or known.certainty is Certainty.POSSIBLE):
            self.legs[key] = Leg(source, target, act.event, certainty, rule, cost, act.instant)
            if rule == "never_unpacked":
                self.leaks[source] = target
        if cost and rule != "same_day" and source in self.holdings:
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
    ) -> Gap:
        """Note what the records do not say."""
        gap = self.gap_of(kind, act, holding, place, detail, also)
        self.gaps[gap] = None
        return gap

    def gap_of(
        self,
        kind: str,
        act: Act,
        holding: str | None,
        place: Place | None = None,
        detail: str = "",
        also: Iterable[Place] = (),
    ) -> Gap:
        """A gap; who to ask are the parties, else the sites, that took part, and `also` those of other places."""
        where = place or act.place
        involved = (where, act.source, act.destination, *also)
        ask = {self.places.party_of(spot) or spot.id for spot in involved if spot and spot.id and _can_tell(spot)}
        return Gap(
            kind, self.unit.key, where.id if where else "", act.event, holding, tuple(sorted(ask)), detail
        )  # fmt: skip

    # sources that cannot be told apart

    def joined(self, key: tuple[str, ...], sources: Iterable[Source], act: Act, rule: str) -> list[Source]:
        """The sources as they are or, above the fan limit, one pool holding that they and earlier ones flow into."""
        wanted = list({source.node: source for source in sources}.values())
        if len(wanted) <= self.settings.fan_limit and key not in self.commons:
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
        role = "pool " + " ".join(key)
        holding = self._open(self._identity(act, role), act, UNKNOWN, None, role)
        for source in fresh:
            self.connect(source.node, holding.id, act, False, "pool", 0)
        if common is None:
            common = self.commons[key] = self.materials.record(Common, None, holding.id, self.materials.table())
        else:
            self.connect(common.latest, holding.id, act, False, "pool", 0)
            common.latest = holding.id
        for source in fresh:
            common.members[source.node] = None
        return common

    def draw(self, pools: Iterable[Pool], act: Act, quantity: Quantity | None) -> None:
        """Note that goods may have left these places unrecorded; their balance has no certain rest from that."""
        for pool in pools:
            value = pool.stock.comparable(quantity)
            if pool.place.kind in (PlaceKind.SITE, PlaceKind.PARTY):
                if pool.place not in self.draws:
                    self.draws[pool.place] = self.materials.row()
                drawn = self.draws[pool.place]
                drawn.append((act.instant, value))
                self.draws[pool.place] = drawn
            pool.stock.take(quantity if value is not None else None, certain=False)


def ended(holding: Holding, until: int | None, remaining: Quantity | None) -> Holding:
    """The holding with its end, and what was left then."""
    return Holding(
        holding.id, holding.unit, holding.place, holding.since, until, holding.event, holding.role, holding.party,
        holding.owner, holding.quantity, remaining, holding.sublocation, holding.destination,
    )  # fmt: skip


def _can_tell(place: Place) -> bool:
    return place.kind is PlaceKind.SITE or place.kind is PlaceKind.PARTY
