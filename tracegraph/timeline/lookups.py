"""Where a unit is, as its own books and its containers' histories say: questions that change nothing."""

from __future__ import annotations

from dataclasses import dataclass

from tracegraph.model.custody import Place, PlaceKind
from tracegraph.timeline.account import Account, Pool
from tracegraph.timeline.acts import UNKNOWN, Act
from tracegraph.timeline.history import Histories
from tracegraph.timeline.matching import Candidate, Receipt
from tracegraph.timeline.sources import candidates

_LOOSE = (PlaceKind.SITE, PlaceKind.PARTY, PlaceKind.UNKNOWN)


@dataclass(frozen=True, slots=True)
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
        """The pool at the place itself, else at a site above or below it, or of the same organisation where one side
        has no site."""
        exact = self.account.live.get(spot)
        if exact is not None:
            return exact
        for pool in self.account.holding():
            located = pool.place.kind in (PlaceKind.SITE, PlaceKind.PARTY)
            if located and self.account.places.agree(pool.place, spot):
                return pool
        return None

    def held_by(self, act: Act) -> tuple[list[Pool], bool]:
        """The first recorded place that holds the unit; recorded at none: every place that does. And whether that is
        certain."""
        for spot in act.origins:
            pool = self.pool_at(spot)
            if pool is not None:
                return [pool], True
        if act.origins:
            return [], True
        pools = [pool for pool in self.account.holding() if pool.place.kind in _LOOSE]
        return pools, len(pools) == 1

    def containers(self) -> list[Pool]:
        """The pools in containers."""
        return [pool for pool in self.account.holding() if pool.place.kind is PlaceKind.CONTAINER]

    def inside(self, act: Act) -> Pool | None:
        """The container pool that an outflow at a place would unpack: the one named, one at the place, else any."""
        spots = act.origins or ((act.place,) if act.place else ())
        ranked = sorted(self.containers(), key=lambda pool: not self.named_with_container(act, pool))
        for pool in ranked:
            if self.named_with_container(act, pool) or any(self.stands_at(pool, act, spot) for spot in spots):
                return pool
        return ranked[0] if ranked else None

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
        return any(self.named_with_container(act, pool) for pool in self.containers())

    def candidates(self, act: Act, receipt: Receipt) -> list[Candidate]:
        """The shipments that may be this receipt."""
        return candidates(self.account, self.histories, act, receipt)

    def left_here(self, act: Act, pool: Pool) -> bool:
        """Whether a shipment left from where the act is."""
        if pool.shipment is None:
            return False
        spots = act.origins or ((act.place,) if act.place else ())
        return not spots or any(self.account.places.agree(spot, pool.shipment.origin) for spot in spots)


def receipt_of(act: Act) -> Receipt:
    """What a receiving act says."""
    return Receipt(act.place or UNKNOWN, act.source, act.documents, act.quantity)
