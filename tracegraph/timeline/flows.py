"""What each act does to the books: one small function per row (custody-graph sections 5 to 8)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tracegraph.model.custody import Place, PlaceKind, UnitKind
from tracegraph.model.quantity import Quantity
from tracegraph.timeline.account import Account, Pool, Shipment, Source
from tracegraph.timeline.acts import UNKNOWN, Act, Kind
from tracegraph.timeline.history import Histories
from tracegraph.timeline.loads import Loads
from tracegraph.timeline.lookups import Lookups, receipt_of
from tracegraph.timeline.matching import same_document
from tracegraph.timeline.supply import Stay, Supply

_OUTWARD = frozenset({Kind.SHIP, Kind.END, Kind.PACK, Kind.INPUT, Kind.SEE})


@dataclass(slots=True)
class Flows:
    """Applies acts. `loads` recognises the same load again."""

    account: Account
    look: Lookups
    supply: Supply
    loads: Loads

    @classmethod
    def over(cls, account: Account, histories: Histories) -> Flows:
        """Flows into fresh books."""
        look = Lookups(account, histories)
        return cls(account, look, Supply(account, look, account.materials.table()), Loads(account.materials))

    def apply(self, act: Act) -> None:
        """Do what the act says, and note what its event has against it."""
        account = self.account
        before = len(account.holdings)
        if account.afloat and act.kind in _OUTWARD:
            for spot in act.origins:
                self.wash_ashore(act, spot)
        ROWS[act.kind](self, act)
        if self.supply.tied or act.notes:
            self._of_its_event(act, next(reversed(account.holdings)) if len(account.holdings) > before else None)
        if not account.seen:
            account.seen = True
        if account.left:
            self._end_stays()

    def _of_its_event(self, act: Act, newest: str | None) -> None:
        if self.supply.tied and (act.joint or newest):
            self.account.same_day.append((act.origins[0], act, act.joint or newest or ""))
        self.supply.tied = False
        for kind, detail in act.notes:
            self.account.gap(kind, act, newest, detail=detail)

    def _end_stays(self) -> None:
        """Stays in containers that the act left empty."""
        for place in self.account.left:
            if place in self.supply.stays and not self.account.pools[place].holds:
                del self.supply.stays[place]
        self.account.left.clear()

    # births and ends

    def _birth(self, act: Act) -> None:
        self._born(act, [])

    def _output(self, act: Act) -> None:
        self._born(act, [Source(act.joint, True, "transformation", 0)])

    def _born(self, act: Act, sources: list[Source]) -> None:
        """A birth; of a unit held elsewhere also a possible link; of one that moved before, the late origin."""
        place = act.place or UNKNOWN
        again = act.kind is not Kind.OUTPUT or self.account.unit.kind is UnitKind.ITEM
        held = [pool for pool in self.account.holding() if _held_elsewhere(pool, place)] if again else []
        self.supply.at_two_places(act, place, held)
        links = [Source(pool.current.id, False, "second_birth") for pool in held if pool.current]
        joined = self.account.joined(("second_birth",), links, act, "second_birth") if links else []
        holding = self.account.inflow(act, place, [*sources, *joined], act.quantity)
        self.supply.at_unknown_place(act, holding)
        self.account.originated = True
        self._feed_orphan(act, holding.id)

    def _feed_orphan(self, act: Act, birth: str) -> None:
        """A unit that moved before it was born: the birth feeds its first holding; so does a later run there."""
        orphan = self.account.orphan
        if orphan is None or orphan.event == act.event:
            return
        unexplained = self.account.unexplained
        first = unexplained is not None or orphan.role == "first_packed"
        if first or self.account.places.agree(act.place, orphan.place):
            if unexplained is not None:
                del self.account.gaps[unexplained]
                self.account.unexplained = None
            self.account.connect(birth, orphan.id, act, False, "born_late")
            self.account.gap("born_late", act, orphan.id)

    def _end(self, act: Act) -> None:
        sources = self.supply.leaving(act)
        sink = Place(PlaceKind.SINK, act.step or "deleting")
        self.account.inflow(act, sink, sources, act.quantity, role="end")

    def _input(self, act: Act) -> None:
        for source in self.supply.leaving(act):
            self.account.connect(source.node, act.joint, act, source.certain, "transformation", 1)

    # shipments and receipts

    def _ship(self, act: Act) -> None:
        if self.look.moves_with_container(act) or self.loads.again(act, _still_open):
            return
        origin = act.origins[0] if act.origins else UNKNOWN
        if act.born and not self.account.seen:
            self._born(act._replace(place=origin), [])
        sources = self.supply.leaving(act)
        left = self.account.holdings.get(sources[0].node) if sources else None
        if left and left.place.kind in (PlaceKind.SITE, PlaceKind.PARTY):
            origin = left.place
        place = Place(PlaceKind.TRANSIT, act.event)
        self.account.inflow(act, place, sources, act.quantity, role="ship")
        paper = self.account.materials.record(
            Shipment, place, act.event, origin, act.destination, act.documents, act.instant
        )
        self.account.shipped(self.account.pools[place], paper)
        self.loads.remember(act, origin, paper)

    def _receive(self, act: Act) -> None:
        place = act.place or UNKNOWN
        if self.look.moves_with_container(act) or self.loads.again(act, self._still_at(place)):
            return
        if act.born and not self.account.seen:
            self._born(act, [])
        elif self.look.pool_at(place) and self.loads.received_again(act) and not self._open_under(act):
            self.account.gap("received_again", act, self.look.current(place))
            return
        else:
            self.supply.take_in(act)
        self.loads.remember(act, place, None)

    def _still_at(self, place: Place) -> Callable[[Shipment | None], bool]:
        return lambda paper: self.look.pool_at(place) is not None

    def _open_under(self, act: Act) -> bool:
        """Whether a shipment of one of the act's documents is still open."""
        found = self.look.documented(act, receipt_of(act))
        return any(same_document(act.documents, candidate.documents) for candidate in found)

    def _void(self, act: Act) -> None:
        """Back from transit: the shipment of its document, else every open one from there."""
        pools = [pool for _, pool in sorted(self.account.pools.items()) if self.look.left_here(act, pool)]
        documented = [pool for pool in pools if pool.shipment and same_document(act.documents, pool.shipment.documents)]
        chosen = [pool for pool in documented or pools if pool.holds and pool.shipment and not pool.shipment.closed]
        if not chosen:
            kind = "void_after_receipt" if pools else "void_without_shipment"
            self.account.gap(kind, act, self.look.current(act.place))
            return
        certain = len(chosen) == 1 and not (chosen[0].shipment and chosen[0].shipment.touched)
        sources = [self.supply.out_of_shipment(act, one, act.quantity, certain, "void_shipping") for one in chosen]
        joined = sources if certain else self.account.joined(("void",), sources, act, "void_shipping")
        papers = [pool.shipment for pool in chosen if pool.shipment]
        self.account.inflow(act, papers[0].origin, joined, act.quantity)
        if certain:
            papers[0].closed = True
            self.loads.forget(papers[0])

    # containers

    def _pack(self, act: Act) -> None:
        inside = Place(PlaceKind.CONTAINER, act.container)
        located, certain = self._beside_parent(act)
        sources = [source._replace(certain=source.certain and certain) for source in self.supply.leaving(located)]
        fresh = not self.account.pool(inside).holds
        holding = self.account.inflow(located, inside, sources, act.quantity, role="pack")
        if fresh:
            made = self.account.materials.record(Stay, inside, act.container, act.instant, holding.id)
            self.supply.stays[inside] = made

    def _unpack(self, act: Act) -> None:
        """Out of the named container; a unit not known to be in it is an unrecorded move."""
        pool = self.look.holds(PlaceKind.CONTAINER, act.container)
        located, certain = self._beside_parent(act)
        if pool is None:
            self._see(located)
        else:
            self._out_of_container(located, pool, act.quantity, certain)

    def _empty(self, act: Act) -> None:
        """The container is emptied as a whole. What was packed at the same instant stays if an earlier load was there;
        a load that was packed over after a move has no recorded unpacking: this one is only possible for it."""
        pool = self.look.holds(PlaceKind.CONTAINER, act.container)
        if pool is None or (act.held_earlier and pool.loaded == act.instant):
            return
        located, certain = self._beside_parent(act)
        stay = self.supply.stays.get(pool.place)
        over = stay is not None and self.look.histories.of(act.container).packed_over(stay.since, act.instant)
        topped_up = act.held_earlier and pool.current is not None and pool.current.since == act.instant
        if stay and over:
            stay.left_possibly = True
        if over or topped_up:
            self._leak(located)
        else:
            self._out_of_container(located, pool, None, certain)

    def _out_of_container(self, act: Act, pool: Pool, quantity: Quantity | None, certain: bool) -> None:
        """An unpacking of unknown size takes the whole load; at each place where the container may be."""
        known = self.look.histories.places(act.container, act.instant, act.event)
        whole = quantity is None or quantity.value is None
        taken = pool.stock.balance() if whole else quantity
        node = self.account.empty_out(act, pool) if whole else self.supply.take(act, pool, quantity, True)
        for place in act.origins or (act.place or UNKNOWN,):
            source = Source(node, certain, "unpack")
            holding = self.account.inflow(act, place, [source], taken, certain, role="unpack")
            if known and all(self.account.places.agree(spot, place) is False for spot in known):
                self.account.gap("container_elsewhere", act, holding.id)
            self.supply.at_unknown_place(act, holding)
        self.account.rest(act, pool)

    def _container_end(self, act: Act) -> None:
        """What consumes, destroys or sells a container does the same, as possible, to what is in it."""
        pool = self.look.holds(PlaceKind.CONTAINER, act.container)
        if pool is None:
            return
        node = self.account.outflow(act, pool, pool.stock.balance(), certain=False)
        if act.joint:
            self.account.connect(node, act.joint, act, False, "with_container", 1)
        else:
            sink = Place(PlaceKind.SINK, act.step or "deleting")
            self.account.inflow(act, sink, [Source(node, False, "with_container")], None, False, role="with_container")

    def _leak(self, act: Act) -> None:
        """Second pass: a stay without certain unpacking is unpacked, possible, at a stop of its container."""
        pool = self.look.holds(PlaceKind.CONTAINER, act.container)
        if pool is None or act.place is None:
            return
        node = self.account.outflow(act, pool, pool.stock.balance(), certain=False)
        self.account.inflow(act, act.place, [Source(node, False, "never_unpacked")], None, False, role="leak")
        self.account.rest(act, pool)

    def _beside_parent(self, act: Act) -> tuple[Act, bool]:
        """The act at the place where the container is, where the event says none, and whether that is certain; in
        transit: at its declared destination."""
        if act.place is not None:
            itself = act.kind is Kind.PACK or act.origins == (act.place,)
            return act if itself else act._replace(origins=(act.place,)), True
        spots = self.look.histories.places(act.container, act.instant)
        sites = tuple(spot for spot in spots if spot.kind is not PlaceKind.TRANSIT)
        travels = self.look.histories.travels(act.container, 0, act.instant)
        bound = tuple(dict.fromkeys(travel.destination for travel in travels if travel.destination))
        chosen = tuple(dict.fromkeys((*sites, *bound)))
        located = act._replace(place=chosen[0] if chosen else None, origins=chosen)
        return located, len(spots) == 1 and bool(sites)

    # seen, arrived

    def _see(self, act: Act) -> None:
        """An observation moves nothing, but a unit seen where it is not held must have come there."""
        place = act.place
        if place is None or self.look.moves_with_container(act):
            return
        if self.look.pool_at(place) is not None or self.look.contained_at(act, place):
            return
        if act.born and not self.account.seen:
            self.account.orphan = self.account.inflow(act, place, [], act.quantity, role="first_packed")
            return
        self.supply.imply(act, place)

    def _arrive(self, act: Act) -> None:
        """Second pass: a shipment not certainly received may have arrived at its destination from its departure on."""
        pool = self.look.holds(PlaceKind.TRANSIT, act.event)
        if pool is None or pool.current is None:
            return
        source = Source(pool.current.id, False, "never_received")
        if act.place is None:
            self.account.afloat = self.account.pooled(("afloat",), [source], act)
            return
        self.account.inflow(act, act.place, [source], pool.stock.balance() or act.quantity, False, role="arrive")

    def wash_ashore(self, act: Act, place: Place) -> None:
        """Shipments without destination may have arrived wherever the unit is recorded: one leg from their pool."""
        account = self.account
        if place.kind is PlaceKind.SITE and account.ashore.get(place) != account.afloat:
            account.ashore[place] = account.afloat
            source = Source(account.afloat, False, "never_received")
            account.inflow(act, place, [source], None, False, role="ashore")


ROWS: dict[Kind, Callable[[Flows, Act], None]] = {
    Kind.BIRTH: Flows._birth,
    Kind.OUTPUT: Flows._output,
    Kind.END: Flows._end,
    Kind.INPUT: Flows._input,
    Kind.SHIP: Flows._ship,
    Kind.RECEIVE: Flows._receive,
    Kind.VOID: Flows._void,
    Kind.PACK: Flows._pack,
    Kind.UNPACK: Flows._unpack,
    Kind.EMPTY: Flows._empty,
    Kind.CONTAINER_END: Flows._container_end,
    Kind.SEE: Flows._see,
    Kind.ARRIVE: Flows._arrive,
    Kind.LEAK: Flows._leak,
}


def _held_elsewhere(pool: Pool, place: Place) -> bool:
    return pool.holds and pool.place != place and pool.place.kind is not PlaceKind.SINK


def _still_open(paper: Shipment | None) -> bool:
    return paper is not None and not paper.closed
