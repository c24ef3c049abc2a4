"""What an answer asks of a store, answered by the simpler questions of the port.

A store that has no faster way inherits these; the contract compares every store with them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager, nullcontext

from tracegraph.model.custody import Gap, Holding
from tracegraph.stores.flow import Flow
from tracegraph.stores.gathered import Following, Gathered
from tracegraph.stores.ledger import EMPTY_HASH
from tracegraph.stores.port import Described, HoldingQuery, HoldingRow, Onwards, Reading


class PlainReading:
    """Composite questions of port.Reading, to inherit."""

    def one_state(self) -> AbstractContextManager[None]:
        """Nothing is held: known positions alone keep the questions of an answer together."""
        return nullcontext()

    def hash_at(self: Reading, position: int) -> str:
        """The hash of the ledger entry at a position."""
        return hash_at(self, position)

    def describe(self: Reading, nodes: Collection[int], at: int | None = None) -> Described:
        """The holdings and joints at the nodes, and the rows of the units held there."""
        return describe(self, nodes, at)

    def held_during(
        self: Reading, spans: Mapping[str, tuple[int | None, int | None]], at: int | None = None
    ) -> list[HoldingRow]:
        """The holdings of each unit that touch its span of time, sorted by holding id."""
        return held_during(self, spans, at)

    def onwards(self: Reading, nodes: Collection[int], at: int | None = None) -> Onwards:
        """What leads on from the nodes, certainly or possibly."""
        return onwards(self, nodes, at)

    def links(self: Reading, nodes: Collection[int], at: int | None = None) -> list[tuple[int, int, bool]]:
        """The legs that leave the nodes as (source, target, confirmed)."""
        return links(self, nodes, at)

    def flow(self: Reading, starts: Collection[int], at: int | None = None) -> Flow | None:
        """Nothing: the store has no arrays."""
        return None

    def gathered(self: Reading, asked: Following) -> Gathered | None:
        """Nothing: no quicker way is known."""
        return None

    def gaps_at(self: Reading, nodes: Collection[int], units: Collection[str] = (), at: int | None = None) -> list[Gap]:
        """Gaps of the holdings at the nodes, and of their units and `units` as a whole."""
        return gaps_at(self, nodes, units, at)


def hash_at(store: Reading, position: int) -> str:
    """See port.Reading.hash_at."""
    return next((entry.hash for entry in store.entries(position - 1, position)), EMPTY_HASH)


def describe(store: Reading, nodes: Collection[int], at: int | None = None) -> Described:
    """See port.Reading.describe."""
    wanted = set(nodes)
    if not wanted:
        return Described()
    holdings = {row.node: row.holding for row in store.holdings(HoldingQuery(nodes=wanted), at)}
    joints = {row.node: row.joint for row in store.joints(wanted - holdings.keys(), at)}
    keys = {holding.unit for holding in holdings.values()}
    return Described(holdings, joints, {row.key: row for row in store.units(keys=keys, at=at)})


def held_during(
    store: Reading, spans: Mapping[str, tuple[int | None, int | None]], at: int | None = None
) -> list[HoldingRow]:
    """See port.Reading.held_during."""

    def touches(holding: Holding) -> bool:
        begin, end = spans[holding.unit]
        over = begin is not None and holding.until is not None and holding.until < begin
        return not over and (end is None or holding.since <= end)

    return [row for row in store.holdings(HoldingQuery(units=spans.keys()), at) if touches(row.holding)]


def onwards(store: Reading, nodes: Collection[int], at: int | None = None) -> Onwards:
    """See port.Reading.onwards."""
    legs = store.legs(sorted(nodes), "forward", at=at)
    joints = {row.node for row in store.joints(set(legs.target), at)}
    return Onwards.of(legs, joints)


def links(store: Reading, nodes: Collection[int], at: int | None = None) -> list[tuple[int, int, bool]]:
    """See port.Reading.links."""
    legs = store.legs(sorted(nodes), "forward", at=at)
    return list(zip(legs.source, legs.target, legs.confirmed, strict=True))


def gaps_at(store: Reading, nodes: Collection[int], units: Collection[str] = (), at: int | None = None) -> list[Gap]:
    """See port.Reading.gaps_at."""
    holdings = [row.holding for row in store.holdings(HoldingQuery(nodes=set(nodes)), at)]
    ids = {holding.id for holding in holdings}
    return store.gaps(ids, {holding.unit for holding in holdings}.union(units), at)
