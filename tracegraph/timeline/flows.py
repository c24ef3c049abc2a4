"""What each act does to the books: one small function per row (custody-graph sections 5 to 8)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from tracegraph.model.custody import Holding, Place, PlaceKind, UnitKind
from tracegraph.model.quantity import Quantity
from tracegraph.timeline.account import Account, Pool, Shipment, Source
from tracegraph.timeline.acts import UNKNOWN, Act, Kind
from tracegraph.timeline.history import Histories
from tracegraph.timeline.loads import Loads
from tracegraph.timeline.matching import Match, Receipt, conflicts, match, same_document
from tracegraph.timeline.sources import candidates, elsewhere, ever_elsewhere
from tracegraph.timeline.stock import ZERO


@dataclass(slots=True)
class Stay:
    """One load of the unit in one container, for the second pass."""

    container: str
    since: int
    holding: str
    day: bool
    left_possibly: bool = False


@dataclass(slots=True)
class Flows:
    """Applies acts. `loads` recognises the same load again; `stays` are the loads that are in containers, by place;
    `tied`: the next act precedes the inflows of its date that it draws on; `afloat` is the pool of shipments without destination, `ashore` which of its states each site has seen."""

    account: Account
    histories: Histories
    loads: Loads = field(default_factory=Loads)
    stays: dict[Place, Stay] = field(default_factory=dict)
    afloat: str = ""
    tied: bool = False
    ashore: dict[Place, str] = field(default_factory=dict)

    def apply(self, act: Act) -> None:
        """Do what the act says, and note what its event has against it."""
        before = len(self.account.holdings)
        if self.afloat and act.kind in _OUTWARD:
            for spot in act.origins:
                self.wash_ashore(act, spot)
        getattr(self, f"_{act.kind.value}")(act)
        opened = list(self.account.holdings)[before:]
        if self.tied:
            self.account.same_day.append((act.origins[0], act, act.joint or opened[-1]))
            self.tied = False
        for kind, detail in act.notes:
            self.account.gap(kind, act, opened[-1] if opened else None, detail=detail)
        self.account.seen = True
        self.stays = {place: stay for place, stay in self.stays.items() if self.account.pools[place].holds}

    # whether what an act needs is there (ties)

    def holds_in(self, kind: PlaceKind, place: str) -> bool:
        """Whether the unit is in that container or shipment."""
        pool = self.account.pools.get(Place(kind, place))
        return pool is not None and pool.holds

    def can_receive(self, act: Act) -> bool:
        """Whether an open shipment agrees with the receipt."""
        receipt = Receipt(act.place or UNKNOWN, act.source, act.documents, act.quantity)
        found = candidates(self.account, self.histories, act, receipt)
        return any(not conflicts(receipt, candidate, self.account.places) for candidate in found)

    def can_void(self, act: Act) -> bool:
        """Whether an open shipment left from there."""
        return any(self._left_here(act, pool) for pool in self.account.holding())

    def can_see(self, act: Act) -> bool:
        """Whether the unit is where it is seen."""
        return act.place is None or self._held_at(act.place) or self._contained_at(act, act.place)

    def can_leave(self, act: Act, unpacking: bool) -> bool:
        """Whether enough of the unit is where the act takes it from, loose or in a container there (unless its
        unpacking is recorded and still to come)."""
        pools, _ = self._held_by(act)
        if pools:
            return all(pool.stock.shortage(act.quantity) == ZERO for pool in pools)
        inside = None if unpacking else self._inside(act)
        return inside is not None and any(self._stands_at(inside, act, spot) for spot in act.origins)

    def needs(self, act: Act, others: list[Act]) -> bool:
        """Whether an outflow certainly cannot do with what is there and these other inflows."""
        pools, _ = self._held_by(act)
        amounts = [pool.stock.high for pool in pools] + [other.quantity and other.quantity.value for other in others]
        known = [amount for amount in amounts if amount is not None]
        wanted = act.quantity.value if act.quantity else None
        if wanted is None:
            return not amounts
        return len(known) == len(amounts) and sum(known, ZERO) < wanted

    # births and ends

    def _birth(self, act: Act) -> None:
        self._born(act, [])

    def _output(self, act: Act) -> None:
        self._born(act, [Source(act.joint, True, "transformation", 0)])

    def _born(self, act: Act, sources: list[Source]) -> None:
        """A birth; of a unit held elsewhere also a possible link; of one that moved before, the late origin."""
        place = act.place or UNKNOWN
        again = act.kind is not Kind.OUTPUT or self.account.unit.kind is UnitKind.ITEM
        held = [pool for pool in self.account.holding() if again and _held_elsewhere(pool, place)]
        self._at_two_places(act, place, held)
        links = [Source(pool.current.id, False, "second_birth") for pool in held if pool.current]
        joined = self.account.joined(("second_birth",), links, act, "second_birth") if links else []
        holding = self.account.inflow(act, place, [*sources, *joined], act.quantity)
        self._at_unknown_place(act, holding)
        orphan = self.account.orphan
        if orphan is not None and orphan.event != act.event:
            self.account.connect(holding.id, orphan.id, act, False, "born_late")
            self.account.gaps = {
                gap for gap in self.account.gaps if (gap.kind, gap.holding) != ("unknown_origin", orphan.id)
            }
            self.account.gap("born_late", act, orphan.id)
            self.account.orphan = None

    def _end(self, act: Act) -> None:
        self._consume(act, act.step or "deleting")

    def _consume(self, act: Act, step: str) -> None:
        sources = self._leaving(act)
        self.account.inflow(act, Place(PlaceKind.SINK, step), sources, act.quantity, role="end")

    def _input(self, act: Act) -> None:
        for source in self._leaving(act):
            self.account.connect(source.node, act.joint, act, source.certain, "transformation", 1)

    # shipments and receipts

    def _ship(self, act: Act) -> None:
        if self._moves_with_container(act) or self.loads.again(act, self._still_open(act)):
            return
        if act.born and not self.account.seen:
            self._born(replace(act, place=act.origins[0] if act.origins else UNKNOWN), [])
        sources = self._leaving(act)
        origin = act.origins[0] if act.origins else UNKNOWN
        left = self.account.holdings.get(sources[0].node) if sources else None
        place = Place(PlaceKind.TRANSIT, act.event)
        self.account.inflow(act, place, sources, act.quantity, role="ship")
        origin = left.place if left and left.place.kind in (PlaceKind.SITE, PlaceKind.PARTY) else origin
        paper = Shipment(act.event, origin, act.destination, act.documents, act.instant)
        self.account.pools[place].shipment = paper
        self.loads.remember(act, origin, paper)

    def _receive(self, act: Act) -> None:
        place = act.place or UNKNOWN
        if self._moves_with_container(act) or self.loads.again(act, self._still_here(place)):
            return
        receipt = Receipt(place, act.source, act.documents, act.quantity)
        if act.born and not self.account.seen:
            self._born(act, [])
        elif self.loads.received_again(act) and not self._open_under(act):
            self.account.gap("received_again", act, self._current(place))
            return
        else:
            self._take_in(act, receipt)
        self.loads.remember(act, place, None)

    def _take_in(self, act: Act, receipt: Receipt) -> None:
        """Open the receipt's holding with all that it may have come from, and say what is doubtful."""
        found = match(receipt, candidates(self.account, self.histories, act, receipt), self.account.places)
        sources = self._draw_candidates(act, receipt, found)
        others, unmatched = elsewhere(self.account, act, receipt.place) if found.elsewhere else ([], [])
        self.account.draw(others, act, act.quantity)
        holding = self.account.inflow(act, receipt.place, [*sources, *unmatched], act.quantity)
        self._doubts(act, found, holding, bool(unmatched))
        self._at_unknown_place(act, holding)

    def _doubts(self, act: Act, found: Match, holding: Holding, unmatched: bool) -> None:
        kinds = [*found.gaps, *(["unmatched_receipt"] if found.elsewhere else [])]
        for kind in kinds:
            self.account.gap(kind, act, holding.id)
        if act.shifted:
            self.account.gap("time_conflict", act, holding.id)
        if not found.candidates and not unmatched:
            self._origin_unknown(act, holding)

    def _draw_candidates(self, act: Act, receipt: Receipt, found: Match) -> list[Source]:
        """Take the goods out of the shipments; a confirmed match takes each one's part, the last one the rest."""
        certain = found.certain and not act.shifted
        wanted = receipt.quantity.value if receipt.quantity else None
        sources: list[Source] = []
        for candidate in found.candidates:
            pool = self.account.pools[candidate.pool]
            part = wanted if wanted is None or candidate.available is None else min(wanted, candidate.available)
            quantity = Quantity(part, receipt.quantity.unit) if part is not None and receipt.quantity else None
            if certain and wanted is not None and part is not None and len(found.candidates) > 1:
                wanted -= part
            sources.append(self._from_pool(act, pool, quantity, certain, found.rule))
        key = ("route", *sorted({_route(self.account.pools[candidate.pool]) for candidate in found.candidates}))
        return sources if certain else self.account.joined(key, sources, act, found.rule)

    def _from_pool(self, act: Act, pool: Pool, quantity: Quantity | None, certain: bool, rule: str) -> Source:
        node = self._take(act, pool, quantity, certain)
        paper = pool.shipment
        if not certain:
            self._left_possibly(pool)
        if paper is not None:
            paper.touched = True
            paper.confirmed = paper.confirmed or certain
            paper.closed = paper.closed or not pool.holds or (certain and quantity is None)
        return Source(node, certain, rule)

    def _left_possibly(self, pool: Pool) -> None:
        if pool.place in self.stays:
            self.stays[pool.place].left_possibly = True

    def _void(self, act: Act) -> None:
        """Back from transit: the shipment of its document, else every open one from there."""
        pools = [pool for place, pool in sorted(self.account.pools.items()) if self._left_here(act, pool)]
        documented = [pool for pool in pools if pool.shipment and same_document(act.documents, pool.shipment.documents)]
        chosen = [pool for pool in documented or pools if pool.holds and pool.shipment and not pool.shipment.closed]
        if documented and not chosen or not chosen:
            self.account.gap("void_after_receipt" if pools else "void_without_shipment", act, self._current(act.place))
            return
        certain = len(chosen) == 1
        sources = [self._from_pool(act, pool, act.quantity, certain, "void_shipping") for pool in chosen]
        origin = chosen[0].shipment.origin if chosen[0].shipment else UNKNOWN
        self.account.inflow(act, origin, self._maybe_joined(act, sources, certain), act.quantity)
        for pool in chosen if certain else ():
            if pool.shipment:
                pool.shipment.closed = True
                self.loads.forget(pool.shipment)

    def _maybe_joined(self, act: Act, sources: list[Source], certain: bool) -> list[Source]:
        return sources if certain else self.account.joined(("void",), sources, act, "void_shipping")

    def _left_here(self, act: Act, pool: Pool) -> bool:
        if pool.shipment is None:
            return False
        spots = act.origins or ((act.place,) if act.place else ())
        return not spots or any(self.account.places.agree(spot, pool.shipment.origin) for spot in spots)

    # containers

    def _pack(self, act: Act) -> None:
        inside = Place(PlaceKind.CONTAINER, act.container)
        located, certain = self._beside_parent(act)
        sources = [replace(source, certain=source.certain and certain) for source in self._leaving(located)]
        fresh = not self.account.pool(inside).holds
        holding = self.account.inflow(located, inside, sources, act.quantity, role="pack")
        if fresh:
            self.stays[inside] = Stay(act.container, act.instant, holding.id, act.day)

    def _unpack(self, act: Act) -> None:
        """Out of the named container; a unit not known to be in it is an unrecorded move."""
        pool = self.account.pools.get(Place(PlaceKind.CONTAINER, act.container))
        located, certain = self._beside_parent(act)
        if pool is None or not pool.holds:
            self._see(located)
            return
        self._out_of_container(located, pool, act.quantity, certain)

    def _empty(self, act: Act) -> None:
        """The container is emptied as a whole; what was packed at the same instant stays if an earlier load was there."""
        pool = self.account.pools.get(Place(PlaceKind.CONTAINER, act.container))
        if pool is None or not pool.holds or (act.held_earlier and pool.loaded == act.instant):
            return
        located, certain = self._beside_parent(act)
        self._out_of_container(located, pool, None, certain)

    def _out_of_container(self, act: Act, pool: Pool, quantity: Quantity | None, certain: bool) -> None:
        place = act.place or UNKNOWN
        known = self.histories.places(act.container, act.instant, act.event)
        taken = quantity if quantity is not None and quantity.value is not None else pool.stock.balance()
        if quantity is None or quantity.value is None:
            node = self.account.empty_out(act, pool)
        else:
            node = self._take(act, pool, quantity, True)
        holding = self.account.inflow(act, place, [Source(node, certain, "unpack")], taken, role="unpack")
        if known and all(self.account.places.agree(spot, place) is False for spot in known):
            self.account.gap("container_elsewhere", act, holding.id)
        self._at_unknown_place(act, holding)

    def _container_end(self, act: Act) -> None:
        """What consumes, destroys or sells a container does the same, as possible, to what is in it."""
        pool = self.account.pools.get(Place(PlaceKind.CONTAINER, act.container))
        if pool is None or not pool.holds:
            return
        node = self.account.outflow(act, pool, pool.stock.balance(), certain=False)
        if act.joint:
            self.account.connect(node, act.joint, act, False, "with_container", 1)
        else:
            sink = Place(PlaceKind.SINK, act.step or "deleting")
            self.account.inflow(act, sink, [Source(node, False, "with_container")], None, False, role="with_container")

    def _leak(self, act: Act) -> None:
        """Second pass: a stay without certain unpacking is unpacked, possible, at a stop of its container."""
        pool = self.account.pools.get(Place(PlaceKind.CONTAINER, act.container))
        if pool is None or not pool.holds or act.place is None:
            return
        node = self.account.outflow(act, pool, pool.stock.balance(), certain=False)
        self.account.inflow(act, act.place, [Source(node, False, "never_unpacked")], None, False, role="leak")

    def _beside_parent(self, act: Act) -> tuple[Act, bool]:
        """The act at the place where the container is, where the event says none, and whether that is certain; in
        transit: at its declared destination."""
        if act.place is not None:
            return act, True
        spots = self.histories.places(act.container, act.instant)
        sites = [spot for spot in spots if spot.kind is not PlaceKind.TRANSIT]
        bound = [travel.destination for travel in self.histories.travels(act.container, 0, act.instant)]
        chosen = sites[0] if sites else next((spot for spot in bound if spot), None)
        located = replace(act, place=chosen, origins=(chosen,) if chosen else ())
        return located, len(spots) == 1 and bool(sites)

    # seen, arrived

    def _see(self, act: Act) -> None:
        """An observation moves nothing, but a unit seen where it is not held must have come there."""
        place = act.place
        if place is None or self._moves_with_container(act) or self._held_at(place) or self._contained_at(act, place):
            return
        if act.born and not self.account.seen:
            self.account.orphan = self.account.inflow(act, place, [], act.quantity, role="first_packed")
            return
        self._imply(act, place, None)

    def _arrive(self, act: Act) -> None:
        """Second pass: a shipment not certainly received may have arrived at its destination from its departure on."""
        pool = self.account.pools.get(Place(PlaceKind.TRANSIT, act.event))
        if pool is None or not pool.holds or pool.current is None:
            return
        source = Source(pool.current.id, False, "never_received")
        if act.place is None:
            self.afloat = self.account.pooled(("afloat",), [source], act)
            return
        self.account.inflow(act, act.place, [source], pool.stock.balance() or act.quantity, False, role="arrive")

    def wash_ashore(self, act: Act, place: Place) -> None:
        """Shipments without destination may have arrived wherever the unit is recorded: one leg from their pool."""
        if place.kind is PlaceKind.SITE and self.ashore.get(place) != self.afloat:
            self.ashore[place] = self.afloat
            source = Source(self.afloat, False, "never_received")
            self.account.inflow(act, place, [source], None, False, role="ashore")

    # where goods leave

    def _leaving(self, act: Act) -> list[Source]:
        """The holdings that the goods of an outflow leave; where none holds them, their receipt is implied first."""
        pools, certain = self._held_by(act)
        inside = None if pools else self._inside(act)
        if inside is not None and self._named_with_container(act, inside):
            return [Source(self._take(act, inside, act.quantity, True), True, act.kind.value)]
        if not pools and self.tied:
            self.account.pool(act.origins[0]).stock.owe(act.quantity)
        elif not pools:
            place = (act.origins[0] if act.origins else act.place) or UNKNOWN
            self._imply(act, place, inside)
            pools, certain = [self.account.pools[place]], True
        sources = []
        for pool in pools:
            sure = certain and pool.place not in self.account.twins
            sources.append(Source(self._take(act, pool, act.quantity, certain), sure, act.kind.value))
        return sources

    def _held_by(self, act: Act) -> tuple[list[Pool], bool]:
        """The first recorded place that holds the unit; recorded at none: every place that does."""
        for spot in act.origins:
            pool = self._pool_holding(spot)
            if pool is not None:
                return [pool], True
        if act.origins:
            return [], True
        kinds = (PlaceKind.SITE, PlaceKind.PARTY, PlaceKind.UNKNOWN)
        pools = [pool for pool in self.account.holding() if pool.place.kind in kinds]
        return pools, len(pools) == 1

    def _pool_holding(self, spot: Place) -> Pool | None:
        """The pool at the place itself, else at a site above or below it, or of the same organisation where one side
        has no site."""
        exact = self.account.pools.get(spot)
        if exact is not None and exact.holds:
            return exact
        for pool in self.account.holding():
            located = pool.place.kind in (PlaceKind.SITE, PlaceKind.PARTY)
            if located and self.account.places.agree(pool.place, spot):
                return pool
        return None

    def _take(self, act: Act, pool: Pool, quantity: Quantity | None, certain: bool) -> str:
        """An outflow; one above what was held proves that an inflow is missing."""
        missing = pool.stock.shortage(quantity) if certain else ZERO
        if self.tied:
            pool.stock.owe(Quantity(missing, quantity.unit) if quantity else None)
            missing = ZERO
        if missing > ZERO and pool.current is not None and self.account.unit.kind is UnitKind.LOT:
            self._overdraw(act, pool, Quantity(missing, quantity.unit if quantity else ""))
        return self.account.outflow(act, pool, quantity, certain)

    def _overdraw(self, act: Act, pool: Pool, missing: Quantity) -> None:
        others, sources = ever_elsewhere(self.account, act, pool.place)
        self.account.draw([other for other in others if other.holds], act, missing)
        holding = self.account.inflow(act, pool.place, sources, missing, role="overdraft")
        pool.stock.overdrawn = True
        self.account.gap("overdrawn_holding", act, holding.id, pool.place, f"{missing.value} {missing.unit}".strip())

    # what is needed but not recorded

    def _imply(self, act: Act, place: Place, inside: Pool | None) -> None:
        """The receipt that an event needs: an implied unpack, a shipment not recorded as received, or a move."""
        if inside is not None and self._stands_at(inside, act, place):
            node = self._take(act, inside, act.quantity, True)
            self.account.inflow(act, place, [Source(node, True, "implied_unpack")], act.quantity, role="implied_unpack")
            return
        if inside is not None:
            self._left_possibly(inside)
        self._mark_overdrawn(place)
        receipt = Receipt(place, None, frozenset(), None, implied=True)
        found = match(receipt, candidates(self.account, self.histories, act, receipt), self.account.places)
        others, unmatched = elsewhere(self.account, act, place) if found.elsewhere else ([], [])
        diverted = found.candidates if "destination_mismatch" in found.gaps else ()
        self._at_two_places(act, place, [*others, *(self.account.pools[one.pool] for one in diverted)])
        sources = self._draw_candidates(act, receipt, found)
        if inside is not None and inside.current is not None:
            unmatched = [*unmatched, Source(inside.current.id, False, "implied_unpack")]
        self.account.draw(others, act, act.quantity)
        holding = self._open_implied(act, place, [*sources, *unmatched])
        self.account.gap("implied_move", act, holding.id, place)
        if not sources and not unmatched:
            self._origin_unknown(act, holding)
        self._at_unknown_place(act, holding)

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

    def _at_two_places(self, act: Act, place: Place, others: list[Pool]) -> None:
        """An item certainly held elsewhere and recorded here is followed in both places."""
        if self.account.unit.kind is not UnitKind.ITEM:
            return
        for pool in others:
            if pool.stock.low > ZERO and pool.place.kind in _LOCATED and pool.current:
                self.account.gap("item_at_two_places", act, pool.current.id, pool.place)
                self.account.twins |= {pool.place, place}

    def _origin_unknown(self, act: Act, holding: Holding) -> None:
        self.account.gap("unknown_origin", act, holding.id, holding.place)
        if self.account.orphan is None and len(self.account.holdings) == 1:
            self.account.orphan = holding

    def _at_unknown_place(self, act: Act, holding: Holding) -> None:
        if holding.place == UNKNOWN:
            self.account.gap("unknown_place", act, holding.id)

    # look-ups

    def _current(self, place: Place | None) -> str | None:
        pool = self.account.pools.get(place) if place else None
        return pool.current.id if pool and pool.current else None

    def _held_at(self, place: Place) -> bool:
        return self._pool_holding(place) is not None

    def _containers(self) -> list[Pool]:
        return [pool for pool in self.account.holding() if pool.place.kind is PlaceKind.CONTAINER]

    def _inside(self, act: Act) -> Pool | None:
        """The container pool that an outflow at a place would unpack: the one named, one at the place, else any."""
        pools = self._containers()
        spots = act.origins or ((act.place,) if act.place else ())
        ranked = sorted(pools, key=lambda pool: not self._named_with_container(act, pool))
        for pool in ranked:
            if self._named_with_container(act, pool) or any(self._stands_at(pool, act, spot) for spot in spots):
                return pool
        return ranked[0] if ranked else None

    def _stands_at(self, pool: Pool, act: Act, place: Place) -> bool:
        places = self.histories.places(pool.place.id, act.instant)
        return any(self.account.places.agree(spot, place) for spot in places)

    def _contained_at(self, act: Act, place: Place) -> bool:
        return any(self._stands_at(pool, act, place) for pool in self._containers())

    def _named_with_container(self, act: Act, pool: Pool) -> bool:
        """The event names a container of the unit too (nested ones count)."""
        container, seen = pool.place.id, set[str]()
        while container and container not in seen:
            if container in act.named and container != act.container:
                return True
            seen.add(container)
            container = self.histories.above(container, act.instant)
        return False

    def _moves_with_container(self, act: Act) -> bool:
        """The event names the container too, so that it says nothing of its own about the unit inside."""
        return any(self._named_with_container(act, pool) for pool in self._containers())

    def _still_open(self, act: Act) -> Callable[[Shipment | None], bool]:
        return lambda paper: paper is not None and not paper.closed

    def _still_here(self, place: Place) -> Callable[[Shipment | None], bool]:
        return lambda paper: self._held_at(place)

    def _open_under(self, act: Act) -> bool:
        """Whether a shipment of one of the act's documents is still open."""
        receipt = Receipt(act.place or UNKNOWN, act.source, act.documents, act.quantity)
        found = candidates(self.account, self.histories, act, receipt)
        return any(same_document(act.documents, candidate.documents) for candidate in found)


def _held_elsewhere(pool: Pool, place: Place) -> bool:
    return pool.holds and pool.place != place and pool.place.kind is not PlaceKind.SINK


def _route(pool: Pool) -> str:
    paper = pool.shipment
    if paper is None:
        return pool.place.id
    return f"{paper.origin.id}>{paper.destination.id if paper.destination else ''}"


_LOCATED = (PlaceKind.SITE, PlaceKind.PARTY, PlaceKind.TRANSIT)
_OUTWARD = frozenset({Kind.SHIP, Kind.END, Kind.PACK, Kind.INPUT, Kind.SEE})
