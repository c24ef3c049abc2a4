"""Whether what an act needs is there, which orders acts that no time tells apart (custody-graph section 2)."""

from __future__ import annotations

from tracegraph.model.custody import PlaceKind
from tracegraph.model.values import value
from tracegraph.timeline.acts import INFLOWS, Act, Kind
from tracegraph.timeline.lookups import Lookups
from tracegraph.timeline.stock import ZERO

OUTFLOWS = frozenset({Kind.SHIP, Kind.END, Kind.PACK, Kind.INPUT})
FROM_CONTAINER = frozenset({Kind.UNPACK, Kind.EMPTY, Kind.CONTAINER_END, Kind.LEAK})


@value
class Readiness:
    """Asked about one act among the pending ones of its instant or date."""

    look: Lookups

    def ready(self, act: Act, pending: list[Act]) -> bool:
        """Whether what the act needs is there."""
        if act.kind is Kind.BIRTH:
            return True
        if act.kind is Kind.OUTPUT:
            return not any(other.kind is Kind.INPUT and _one_transformation(act, other) for other in pending)
        if act.kind in FROM_CONTAINER:
            return self.look.holds(PlaceKind.CONTAINER, act.container) is not None
        if act.kind is Kind.ARRIVE:
            return self.look.holds(PlaceKind.TRANSIT, act.event) is not None
        if act.kind is Kind.RECEIVE:
            return bool(self.look.agreeing(act))
        if act.kind is Kind.VOID:
            return any(self.look.left_here(act, pool) for pool in self.look.account.holding())
        if act.kind is Kind.SEE:
            return self._can_see(act, pending)
        return self._can_leave(act, pending)

    def supplied_by(self, act: Act, pending: list[Act]) -> bool:
        """Whether another pending act may bring what this one waits for."""
        others = [other for other in pending if other is not act]
        if act.kind in (Kind.RECEIVE, Kind.VOID):
            return any(other.kind in (Kind.SHIP, Kind.PACK) for other in others)
        if act.kind in FROM_CONTAINER:
            return any(other.kind is Kind.PACK and other.container == act.container for other in others)
        spots = set(act.origins) | ({act.place} if act.kind is Kind.SEE and act.place else set())
        return any(other.kind in INFLOWS and other.place in spots for other in others)

    def needs(self, act: Act, others: list[Act]) -> bool:
        """Whether an outflow certainly cannot do with what is there and these other inflows."""
        pools, _ = self.look.held_by(act)
        amounts = [pool.stock.high for pool in pools]
        amounts += [other.quantity.value if other.quantity else None for other in others]
        known = [amount for amount in amounts if amount is not None]
        wanted = act.quantity.value if act.quantity else None
        if wanted is None:
            return not amounts
        return len(known) == len(amounts) and sum(known, ZERO) < wanted

    def _can_see(self, act: Act, pending: list[Act]) -> bool:
        """Whether the unit is where it is seen; or a container first appears with its packing."""
        if act.place is None or self.look.pool_at(act.place) or self.look.contained_at(act, act.place):
            return True
        return act.born and not self.look.account.seen and not any(other.kind in INFLOWS for other in pending)

    def _can_leave(self, act: Act, pending: list[Act]) -> bool:
        """Whether enough of the unit is where the act takes it from, loose or in a container there (unless its
        unpacking is recorded and still to come)."""
        pools, _ = self.look.held_by(act)
        if pools:
            return all(pool.stock.shortage(act.quantity) == ZERO for pool in pools)
        if any(other.kind in (Kind.UNPACK, Kind.EMPTY) for other in pending):
            return False
        return any(self.look.standing_at(act, spot) for spot in act.origins)


def _one_transformation(one: Act, other: Act) -> bool:
    return one.event == other.event or bool(one.transformation and one.transformation == other.transformation)
