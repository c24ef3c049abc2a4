"""Where a unit is, as its own books and its containers' histories say: questions that change nothing."""

from __future__ import annotations

from tracegraph.model.custody import Place, PlaceKind, UnitKind
from tracegraph.model.values import value
from tracegraph.timeline.account import Account, Pool
from tracegraph.timeline.acts import UNKNOWN, Act, Kind
from tracegraph.timeline.history import Histories
from tracegraph.timeline.matching import Candidate, Match, Receipt, by_document, match, without_conflict
from tracegraph.timeline.sources import candidates


@value
class Lookups:
    """Questions about one unit while it is compiled."""

    account: Account
    histories: Histories

    def current(self, place: Place | None) -> str | None:
        """The open holding at a place."""
        pool = self.account.pools.get(place) if place else None
        return pool.current.id if pool and pool.current else None

    def holds(self, kind: PlaceKind, place: str) -> Pool | None:
        """The pool in that container or shipment, if it may hold goods."""
        return self.account.live.get(Place(kind, place))

    def pool_at(self, spot: Place) -> Pool | None:
        """A pool at the place; see `pools_at`."""
        return next(iter(self.pools_at(spot)), None)

    def pools_at(self, spot: Place) -> list[Pool]:
        """The pool at the place itself, else those at sites above or below it, or of the same organisation where one
        side has no site."""
        exact = self.account.live.get(spot)
        if exact is not None:
            return [exact]
        if spot.kind is PlaceKind.SITE and not self.account.places.told:
            return []
        located = self.account.holding_in(PlaceKind.PARTY, PlaceKind.SITE)
        return [pool for pool in located if self.account.places.agree(pool.place, spot)]

    def held_by(self, act: Act) -> tuple[list[Pool], bool]:
        """The first recorded place that holds the unit; recorded at none: every place that does. And whether that is
        certain."""
        for spot in act.origins:
            pools = self.pools_at(spot)
            if pools:
                return pools, len(pools) == 1
        if act.origins:
            return [], True
        pools = self.account.holding_in(PlaceKind.PARTY, PlaceKind.SITE, PlaceKind.UNKNOWN)
        return pools, len(pools) == 1

    def containers(self) -> list[Pool]:
        """The pools in containers; most units are in none."""
        inside = self.account.kinds.get(PlaceKind.CONTAINER)
        return [self.account.live[place] for place in inside] if inside else []

    def standing_at(self, act: Act, place: Place) -> list[Pool]:
        """The pools in containers that are at the place."""
        return [pool for pool in self.containers() if self.stands_at(pool, act, place)]

    def opened_at(self, act: Act, place: Place, since: dict[Place, int]) -> list[Pool]:
        """The pools in containers that records show at the place, and that were not packed over since the load came."""
        return [
            pool
            for pool in self.standing_at(act, place)
            if any(
                self.account.places.agree(spot, place) for spot in self.histories.shown_at(pool.place.id, act.instant)
            )
            and not self.histories.of(pool.place.id).packed_over(since.get(pool.place, pool.loaded), act.instant)
        ]

    def stands_at(self, pool: Pool, act: Act, place: Place) -> bool:
        """Whether the container of a pool is at the place."""
        places = self.histories.places(pool.place.id, act.instant)
        return any(self.account.places.agree(spot, place) for spot in places)

    def contained_at(self, act: Act, place: Place) -> bool:
        """Whether the unit is in a container at the place."""
        return any(self.stands_at(pool, act, place) for pool in self.containers())

    def named_with_container(self, act: Act, pool: Pool) -> bool:
        """Whether the event names a container of the unit too (nested ones count)."""
        container, seen = pool.place.id, set[str]()
        while container and container not in seen:
            if container in act.named and container != act.container:
                return True
            seen.add(container)
            container = self.histories.above(container, act.instant)
        return False

    def moves_with_container(self, act: Act) -> bool:
        """Whether the event names the container too, so that it says nothing of its own about the unit inside."""
        named = [pool for pool in self.containers() if self.named_with_container(act, pool)]
        return bool(named) and not self._loose_beside(act, named)

    def _loose_beside(self, act: Act, named: list[Pool]) -> bool:
        """Whether a lot named beside its container means loose goods: there are some, and the quantity is not that of
        what is inside."""
        inside = act.quantity is None or any(pool.stock.balance() == act.quantity for pool in named)
        if inside or self.account.unit.kind is UnitKind.ITEM:
            return False
        if act.kind is Kind.RECEIVE:
            return any(candidate.pool.kind is PlaceKind.TRANSIT for candidate in self.agreeing(act))
        return any(self.pools_at(spot) for spot in act.origins)

    def agreeing(self, act: Act) -> list[Candidate]:
        """The shipments that nothing speaks against."""
        receipt = receipt_of(act)
        return without_conflict(receipt, self.candidates(act, receipt), self.account.places)

    def candidates(self, act: Act, receipt: Receipt) -> list[Candidate]:
        """The shipments that may be this receipt; not by way of a container that the event names itself."""
        return self._candidates(act, receipt, self.account.holding_in(PlaceKind.TRANSIT))

    def documented(self, act: Act, receipt: Receipt) -> list[Candidate]:
        """At least those of them that have a document of the receipt."""
        named = {place for document in receipt.documents for place in self.account.papers.get(document.id, ())}
        live = self.account.live
        return self._candidates(act, receipt, [live[place] for place in sorted(named) if place in live])

    def matched(self, act: Act, receipt: Receipt) -> Match:
        """The shipments that a receipt comes from; most have its document, and the others need not be looked at."""
        places = self.account.places
        found = by_document(receipt, self.documented(act, receipt), places) if receipt.documents else None
        return found or match(receipt, self.candidates(act, receipt), places)

    def _candidates(self, act: Act, receipt: Receipt, shipments: list[Pool]) -> list[Candidate]:
        apart = {pool.place for pool in self.containers() if self.named_with_container(act, pool)}
        found = candidates(self.account, self.histories, act, receipt, shipments)
        return [candidate for candidate in found if candidate.pool not in apart]

    def left_here(self, act: Act, pool: Pool) -> bool:
        """Whether a shipment left from where the act is."""
        if pool.shipment is None:
            return False
        spots = act.origins or ((act.place,) if act.place else ())
        return not spots or any(self.account.places.agree(spot, pool.shipment.origin) for spot in spots)


def receipt_of(act: Act) -> Receipt:
    """What a receiving act says."""
    return Receipt(act.place or UNKNOWN, act.source, act.documents, act.quantity)
