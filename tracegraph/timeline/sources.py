"""Where goods may have come from when nothing certain says so: open shipments, containers, other places, sinks."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from tracegraph.model.custody import Place, PlaceKind
from tracegraph.model.quantity import Quantity
from tracegraph.timeline.account import Account, Pool, Source
from tracegraph.timeline.acts import UNKNOWN, Act
from tracegraph.timeline.history import Histories
from tracegraph.timeline.matching import Candidate, Receipt

#: Everything but sinks, in order.
_MOVABLE = (PlaceKind.CONTAINER, PlaceKind.PARTY, PlaceKind.SITE, PlaceKind.TRANSIT, PlaceKind.UNKNOWN)


def candidates(
    account: Account, histories: Histories, act: Act, receipt: Receipt, shipments: Iterable[Pool]
) -> list[Candidate]:
    """Those of the shipments that are open, every container the unit is in that left before the receipt, and
    containers that already stand at the receiving place; sorted, so that the order of arrival does not matter."""
    packed = [
        candidate
        for pool in account.holding_in(PlaceKind.CONTAINER)
        for candidate in _container(account, histories, pool, act, receipt)
    ]
    packed.sort(key=lambda one: (one.pool, one.standing, one.origin or UNKNOWN))
    shipped = [
        Candidate(pool.place, paper.origin, paper.destination, paper.documents, available(pool, receipt.quantity))
        for pool in shipments
        if (paper := pool.shipment) is not None and not paper.closed
    ]
    return packed + shipped


def _container(account: Account, histories: Histories, pool: Pool, act: Act, receipt: Receipt) -> Iterable[Candidate]:
    container, amount = pool.place.id, available(pool, receipt.quantity)
    for travel in histories.travels(container, pool.loaded, act.instant):
        yield Candidate(pool.place, travel.origin, travel.destination, travel.documents, amount)
    for place in histories.places(container, act.instant):
        if account.places.agree(place, receipt.place):
            yield Candidate(pool.place, None, place, frozenset(), amount, standing=True)


def available(pool: Pool, quantity: Quantity | None) -> Decimal | None:
    """The upper bound of what the pool holds, where it can be compared with the quantity."""
    if quantity is not None and pool.stock.comparable(quantity) is None:
        return None
    return pool.stock.high


def elsewhere(account: Account, act: Act, receiving: Place) -> tuple[list[Pool], list[Source]]:
    """Rule 4: every other place that may still hold the unit; if none, all that ever held it, and the sinks."""
    pools = _others(account.holding_in(*_MOVABLE), act, receiving)
    if pools:
        return pools, _unmatched(account, act, "0", [node for pool in pools for node in _now(pool)])
    pools = _others([account.pools[place] for place in sorted(account.pools)], act, receiving)
    if pools:
        return pools, _unmatched(account, act, "1", [node for pool in pools for node in _ever(pool)])
    return [], []


def _unmatched(account: Account, act: Act, step: str, nodes: list[str]) -> list[Source]:
    sources = [Source(node, False, "unmatched_receipt") for node in nodes]
    return account.joined(("elsewhere", step), sources, act, "unmatched_receipt")


def ever_elsewhere(account: Account, act: Act, receiving: Place) -> tuple[list[Pool], list[Source]]:
    """Overdraft: any inflow of the unit's other holdings before it."""
    movable = [account.pools[place] for place in sorted(account.pools) if place.kind is not PlaceKind.SINK]
    pools = _others(movable, act, receiving)
    sources = [Source(node, False, "overdraft") for pool in pools for node in _ever(pool)]
    return pools, account.joined(("ever",), sources, act, "overdraft")


def _others(pools: list[Pool], act: Act, receiving: Place) -> list[Pool]:
    """Pools of other places, without what came from this event itself."""
    return [
        pool
        for pool in pools
        if pool.place != receiving and pool.current is not None and pool.current.event != act.event
    ]


def _now(pool: Pool) -> list[str]:
    return [pool.current.id] if pool.current else []


def _ever(pool: Pool) -> list[str]:
    return [*pool.ended, *_now(pool)]
