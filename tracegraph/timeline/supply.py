"""Where the goods of an act come from: what is held, what proves to be missing, what is implied (sections 6, 8)."""

from __future__ import annotations

from dataclasses import dataclass

from tracegraph.model.custody import Holding, Place, PlaceKind, UnitKind
from tracegraph.model.quantity import Quantity
from tracegraph.timeline.account import Account, Pool, Source
from tracegraph.timeline.acts import UNKNOWN, Act
from tracegraph.timeline.lookups import Lookups, receipt_of
from tracegraph.timeline.matching import Match, Receipt, match
from tracegraph.timeline.sources import elsewhere, ever_elsewhere
from tracegraph.timeline.stock import ZERO

_LOCATED = (PlaceKind.SITE, PlaceKind.PARTY, PlaceKind.TRANSIT)


@dataclass(slots=True)
class Stay:
    """One load of the unit in one container. `left_possibly`: a later event shows the unit outside."""

    container: str
    since: int
    holding: str
    left_possibly: bool = False


@dataclass(slots=True)
class Supply:
    """Takes goods out of pools. `stays` are the loads that are in containers now, by place; `tied`: the next outflow
    precedes the inflows of its date that it draws on."""

    account: Account
    look: Lookups
    stays: dict[Place, Stay]
    tied: bool = False

    # outflows

    def leaving(self, act: Act) -> list[Source]:
        """The holdings that the goods of an outflow leave; where none holds them, their receipt is implied first."""
        pools, certain = self.look.held_by(act)
        if pools:
            return self._from_held(act, pools, certain)
        if self.tied:
            self.account.pool(act.origins[0]).stock.owe(act.quantity)
            return []
        named = next((pool for pool in self.look.containers() if self.look.named_with_container(act, pool)), None)
        if named is not None:
            return [Source(self.take(act, named, act.quantity, True), True, act.kind.value)]
        place = (act.origins[0] if act.origins else act.place) or UNKNOWN
        self.imply(act, place)
        return [self._out_of(act, self.account.pools[place], True)]

    def _from_held(self, act: Act, pools: list[Pool], certain: bool) -> list[Source]:
        """Loose goods; where it is not certain that there are any, perhaps those of a container that stands there."""
        doubtful = not all(pool.stock.sure for pool in pools)
        sources = [self._out_of(act, pool, certain) for pool in pools]
        if doubtful:
            standing = [pool for spot in act.origins for pool in self.look.standing_at(act, spot)]
            sources += [self._perhaps_from(act, pool) for pool in standing]
        return self.account.joined(("loose",), sources, act, act.kind.value) if len(sources) > 1 else sources

    def _perhaps_from(self, act: Act, pool: Pool) -> Source:
        self._left_possibly(pool)
        return Source(self.account.outflow(act, pool, act.quantity, False), False, "implied_unpack")

    def _out_of(self, act: Act, pool: Pool, certain: bool) -> Source:
        if pool.stock.low == ZERO:
            self._elsewhere_too(act, pool)
        sure = certain and pool.place not in self.account.twins
        return Source(self.take(act, pool, act.quantity, certain), sure, act.kind.value)

    def _elsewhere_too(self, act: Act, pool: Pool) -> None:
        """An item leaves where it only may be, while records put it certainly somewhere else."""
        if self.account.unit.kind is UnitKind.ITEM:
            standing = self.account.holding_in(PlaceKind.PARTY, PlaceKind.SITE)
            self.at_two_places(act, pool.place, [other for other in standing if other is not pool])

    def take(self, act: Act, pool: Pool, quantity: Quantity | None, certain: bool) -> str:
        """An outflow; one above what was held proves that an inflow is missing."""
        missing = pool.stock.shortage(quantity) if certain else ZERO
        if self.tied:
            pool.stock.owe(Quantity(missing, quantity.unit) if quantity else None)
        elif missing > ZERO and pool.current is not None and self.account.unit.kind is UnitKind.LOT:
            self._overdraw(act, pool, Quantity(missing, quantity.unit if quantity else ""))
        return self.account.outflow(act, pool, quantity, certain)

    def _overdraw(self, act: Act, pool: Pool, missing: Quantity) -> None:
        others, sources = ever_elsewhere(self.account, act, pool.place)
        self.account.draw([other for other in others if other.holds], act, missing)
        holding = self.account.inflow(act, pool.place, sources, missing, role="overdraft")
        pool.stock.overdrawn = True
        self.account.gap("overdrawn_holding", act, holding.id, pool.place, f"{missing.value} {missing.unit}".strip())

    # receipts

    def take_in(self, act: Act) -> None:
        """Open the receipt's holding with all that it may have come from, and say what is doubtful."""
        receipt = receipt_of(act)
        found = self.look.matched(act, receipt)
        sources = self.draw_candidates(act, receipt, found)
        others, unmatched = elsewhere(self.account, act, receipt.place) if found.elsewhere else ([], [])
        self.account.draw(others, act, act.quantity)
        holding = self.account.inflow(act, receipt.place, [*sources, *unmatched], act.quantity)
        self._doubts(act, found, holding, bool(unmatched))

    def _doubts(self, act: Act, found: Match, holding: Holding, unmatched: bool) -> None:
        for kind in (*found.gaps, *(("unmatched_receipt",) if found.elsewhere else ())):
            self.account.gap(kind, act, holding.id)
        if act.shifted:
            self.account.gap("time_conflict", act, holding.id)
        if not found.candidates and not unmatched:
            self._origin_unknown(act, holding)
        self.at_unknown_place(act, holding)

    def draw_candidates(self, act: Act, receipt: Receipt, found: Match) -> list[Source]:
        """Take the goods out of the shipments; a confirmed match takes each one's part, the last one the rest."""
        certain = found.certain and not act.shifted
        wanted = receipt.quantity.value if receipt.quantity else None
        sources: list[Source] = []
        for candidate in found.candidates:
            pool = self.account.pools[candidate.pool]
            if not certain and self._spent(pool):
                sources.append(Source(pool.current.id if pool.current else "", False, found.rule))
                continue
            part = wanted if wanted is None or candidate.available is None else min(wanted, candidate.available)
            quantity = Quantity(part, receipt.quantity.unit) if part is not None and receipt.quantity else None
            if certain and wanted is not None and part is not None and len(found.candidates) > 1:
                wanted -= part
            sources.append(self.out_of_shipment(act, pool, quantity, certain, found.rule))
        return sources if certain else self._joined_by_route(act, found, sources)

    def _joined_by_route(self, act: Act, found: Match, sources: list[Source]) -> list[Source]:
        """Many shipments of one origin and destination meet in one pool, many of those in one of the unit."""
        routes: dict[str, list[Source]] = {}
        by_papers: dict[tuple[object, ...], list[Source]] = {}
        for candidate, source in zip(found.candidates, sources, strict=True):
            papers = candidate[1:3] if candidate.pool.kind is PlaceKind.TRANSIT else candidate[:1]
            alike = by_papers.get(papers)
            if alike is None:
                route = _route(self.account.pools[candidate.pool])
                alike = by_papers[papers] = routes.setdefault(route, [])
            alike.append(source)
        by_route = [
            source
            for route in sorted(routes)
            for source in self.account.joined(("route", route), routes[route], act, found.rule)
        ]
        return self.account.joined(("routes",), by_route, act, found.rule)

    def out_of_shipment(self, act: Act, pool: Pool, quantity: Quantity | None, certain: bool, rule: str) -> Source:
        """Goods out of a shipment, or out of a container that is or was one."""
        node = self.take(act, pool, quantity, certain)
        paper = pool.shipment
        if not certain:
            self._left_possibly(pool)
        if paper is not None:
            paper.touched = True
            paper.confirmed = paper.confirmed or certain
            if not pool.holds or (certain and quantity is None):
                paper.closed = True
        return Source(node, certain, rule)

    def _spent(self, pool: Pool) -> bool:
        """Whether another shipment's perhaps taking from this one changes nothing: no certain rest is left, and it is
        known to have been touched."""
        paper, stock = pool.shipment, pool.stock
        if paper is None or not paper.touched or self.tied:
            return False
        return stock.low == ZERO and not stock.untouched and pool.place not in self.stays

    def _left_possibly(self, pool: Pool) -> None:
        if pool.place in self.stays:
            self.stays[pool.place].left_possibly = True

    # what is needed but not recorded

    def imply(self, act: Act, place: Place) -> None:
        """The receipt that an event needs: an implied unpack, a shipment not recorded as received, or a move."""
        opened = self.look.opened_at(act, place, {spot: stay.since for spot, stay in self.stays.items()})
        if opened:
            self._imply_unpack(act, place, opened)
            return
        self._mark_overdrawn(place)
        sources = self._implied_sources(act, place)
        sources += [self._perhaps_from(act, pool) for pool in self.look.containers()]
        holding = self._open_implied(act, place, self.account.joined(("implied",), sources, act, "implied_move"))
        origins = [self.account.holdings[source.node].place for source in sources]
        self.account.gap("implied_move", act, holding.id, place, also=origins)
        if not sources:
            self._origin_unknown(act, holding)
        self.at_unknown_place(act, holding)

    def _imply_unpack(self, act: Act, place: Place, standing: list[Pool]) -> None:
        """Out of the container at the place; of several it may be any."""
        if len(standing) == 1:
            sources = [Source(self.take(act, standing[0], act.quantity, True), True, "implied_unpack")]
        else:
            found = [self._perhaps_from(act, pool) for pool in standing]
            sources = self.account.joined(("implied_unpack",), found, act, "implied_unpack")
        self.account.inflow(act, place, sources, act.quantity, role="implied_unpack")

    def _implied_sources(self, act: Act, place: Place) -> list[Source]:
        """By section 6, of an unknown quantity; never certain."""
        receipt = Receipt(place, None, frozenset(), None, implied=True)
        found = match(receipt, self.look.candidates(act, receipt), self.account.places)
        others, unmatched = elsewhere(self.account, act, place) if found.elsewhere else ([], [])
        diverted = found.candidates if "destination_mismatch" in found.gaps else ()
        self.at_two_places(act, place, [*others, *(self.account.pools[one.pool] for one in diverted)])
        sources = self.draw_candidates(act, receipt, found)
        self.account.draw(others, act, act.quantity)
        return [*sources, *unmatched]

    def _open_implied(self, act: Act, place: Place, sources: list[Source]) -> Holding:
        """A receipt of an unknown quantity, at least what is needed."""
        item = self.account.unit.kind is UnitKind.ITEM
        unique = list({source.node: source for source in sources}.values())
        holding = self.account.inflow(act, place, unique, act.quantity if item else None, role="implied")
        stock = self.account.pools[place].stock
        if not item and act.quantity is not None and act.quantity.value is not None:
            stock.low = max(stock.low, act.quantity.value) if stock.comparable(act.quantity) is not None else stock.low
            stock.unit = stock.unit or act.quantity.unit
        return holding

    def _mark_overdrawn(self, place: Place) -> None:
        """Goods needed from a place that was exactly emptied: its records are wrong, so its break is not clean."""
        pool = self.account.pools.get(place)
        if pool is not None and pool.current is not None and self.account.unit.kind is UnitKind.LOT:
            pool.stock.overdrawn = True

    # what is doubtful

    def at_two_places(self, act: Act, place: Place, others: list[Pool]) -> None:
        """An item certainly held elsewhere and recorded here is followed in both places, as possible."""
        if self.account.unit.kind is not UnitKind.ITEM:
            return
        for pool in others:
            if pool.stock.low > ZERO and pool.place.kind in _LOCATED and pool.current:
                self.account.gap("item_at_two_places", act, pool.current.id, pool.place)
                self.account.twins |= frozenset((pool.place, place))

    def at_unknown_place(self, act: Act, holding: Holding) -> None:
        """Goods of which nothing says where they are."""
        if holding.place == UNKNOWN:
            self.account.gap("unknown_place", act, holding.id)

    def _origin_unknown(self, act: Act, holding: Holding) -> None:
        gap = self.account.gap("unknown_origin", act, holding.id, holding.place)
        if self.account.orphan is None and not self.account.originated:
            self.account.orphan, self.account.unexplained = holding, gap


def _route(pool: Pool) -> str:
    paper = pool.shipment
    if paper is None:
        return pool.place.id
    return f"{paper.origin.id}>{paper.destination.id if paper.destination else ''}"
