"""What a growing unit shows: its holdings, legs and gaps as they are after the end of the records, kept by key.

What is open at the end (what remains in holdings, shipments to be found, loads without unpacking) is made for each pool
that changed, so that it costs what changed.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Generic, TypeVar

from tracegraph.model.custody import Gap, Holding, Leg, Place, same_to_the_letter
from tracegraph.model.quantity import Quantity
from tracegraph.timeline.account import Account, Pool, ended
from tracegraph.timeline.history import Travel
from tracegraph.timeline.replay import Touched
from tracegraph.timeline.unit_timeline import never_unpacked, open_shipment, travel_of

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Parts(Generic[K, V]):
    """Parts by key: as they are now, and as they were when changes were last asked for."""

    def __init__(self) -> None:
        self.now: dict[K, V] = {}
        self.before: dict[K, V | None] = {}

    def put(self, key: K, value: V | None) -> tuple[V | None, V | None] | None:
        """Set a part, or take it away (None); returns what it was and what it is, or None where nothing changes."""
        old = self.now.get(key)
        if same_to_the_letter(old, value):
            return None
        self.before.setdefault(key, old)
        if value is None:
            del self.now[key]
        else:
            self.now[key] = value
        return old, value

    def take_changes(self) -> tuple[list[V], list[V]]:
        """What went and what came since last asked."""
        gone: list[V] = []
        come: list[V] = []
        for key, old in self.before.items():
            new = self.now.get(key)
            if not same_to_the_letter(old, new):
                gone += () if old is None else (old,)
                come += () if new is None else (new,)
        self.before = {}
        return gone, come


class Shown:
    """`settled`: the holding that is open in each pool, `remaining`: what is left in those; `doubts`: gaps of what is
    open, by pool, by holding that leaked, or of the unit as a whole; `travels`: shipments by pool."""

    def __init__(self) -> None:
        self.holdings: Parts[str, Holding] = Parts()
        self.legs: Parts[tuple[str, str, str], Leg] = Parts()
        self.gaps: Parts[Gap, Gap] = Parts()
        self.settled: dict[Place, str] = {}
        self.remaining: dict[str, Quantity | None] = {}
        self.doubts: dict[Hashable, tuple[Gap, ...]] = {}
        self.travels: dict[Place, Travel] = {}

    def everything(self) -> Touched:
        """All that may have to go when the books are made anew."""
        pools = {*self.settled, *(key for key in self.doubts if isinstance(key, Place)), *self.travels}
        leaks = {key for key in self.doubts if isinstance(key, str)}
        return Touched(pools, {*self.holdings.now}, {*self.legs.now}, {*self.gaps.now}, leaks, set())

    def show(
        self, account: Account, touched: Touched, unit_gaps: tuple[Gap, ...]
    ) -> tuple[list[Holding], list[Holding]]:
        """Bring up to date what changed; returns the holdings that went and that came."""
        changed = touched.holdings | self._settle(account, touched.pools)
        for key in touched.legs:
            self.legs.put(key, account.legs.get(key))
        doubtful = self._doubt(account, touched, unit_gaps)
        standing = {gap for gaps in doubtful for gap in gaps[1]}
        for gap in touched.gaps | {gap for gaps in doubtful for gap in (*gaps[0], *gaps[1])}:
            self.gaps.put(gap, gap if gap in account.gaps or gap in standing else None)
        found = [self.holdings.put(key, self._holding(account, key)) for key in changed]
        gone = [pair[0] for pair in found if pair and pair[0] is not None]
        come = [pair[1] for pair in found if pair and pair[1] is not None]
        return gone, come

    def _holding(self, account: Account, key: str) -> Holding | None:
        holding = account.holdings.get(key)
        if holding is None or key not in self.remaining:
            return holding
        return ended(holding, None, self.remaining[key])

    def _settle(self, account: Account, places: Iterable[Place]) -> set[str]:
        """What is left in the holdings that are still open; returns the holdings of which that changed."""
        pools = [(place, account.pools.get(place)) for place in places]
        changed = {self.settled.pop(place) for place, _ in pools if place in self.settled}
        for key in changed:
            del self.remaining[key]
        for place, pool in pools:
            if pool is not None and pool.current is not None and account.holdings[pool.current.id].until is None:
                self.settled[place] = pool.current.id
                self.remaining[pool.current.id] = pool.stock.balance()
                changed.add(pool.current.id)
        return changed

    def _doubt(
        self, account: Account, touched: Touched, unit_gaps: tuple[Gap, ...]
    ) -> list[tuple[tuple[Gap, ...], tuple[Gap, ...]]]:
        """Gaps of what is open, before and now."""
        new: dict[Hashable, tuple[Gap, ...]] = {None: unit_gaps}
        for place in touched.pools:
            pool = account.pools.get(place)
            gap = open_shipment(account, pool) if pool is not None else None
            new[place] = (gap,) if gap else ()
        for source in touched.leaks:
            new[source] = (never_unpacked(account, source),) if source in account.leaks else ()
        before = {key: self.doubts.pop(key, ()) for key in new}
        self.doubts.update((key, gaps) for key, gaps in new.items() if gaps)
        return [(before[key], new[key]) for key in new if before[key] or new[key]]

    def travel(self, account: Account, places: Iterable[Place]) -> tuple[list[Travel], list[Travel]]:
        """Bring shipments up to date; returns what went and what came."""
        gone: list[Travel] = []
        come: list[Travel] = []
        for place in places:
            old = self.travels.pop(place, None)
            new = _travel(account, account.pools.get(place))
            if new is not None:
                self.travels[place] = new
            if old != new:
                gone += () if old is None else (old,)
                come += () if new is None else (new,)
        return gone, come


def _travel(account: Account, pool: Pool | None) -> Travel | None:
    if pool is None or pool.shipment is None or pool.current is None:
        return None
    return travel_of(account, pool, pool.shipment)
