"""With whom the goods of a scope are, as the custody graph shows it: by consignee, everything else with nobody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from tracegraph.model.custody import Holding, Joint, PlaceKind
from tracegraph.model.measures import dimension
from tracegraph.recall.accounting.account import OWN, Stakes
from tracegraph.recall.accounting.buckets import Buckets, put
from tracegraph.recall.accounting.replies import Key
from tracegraph.trace.answer import container_spots
from tracegraph.trace.balance.answering import Account
from tracegraph.trace.reach import Node
from tracegraph.trace.shares.amounts import measured_in
from tracegraph.trace.shares.mixtures import Inflow
from tracegraph.trace.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Names:
    """By what the records call consignees: `places` (sites and parties) and `shipments` (public ids of the events that
    sent goods to one), each with the consignee; `units`: the unit in scope that an item of a lot belongs to, or that
    another number means."""

    places: Mapping[str, str]
    shipments: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)

    def unit(self, key: str) -> str:
        """The unit of the scope that it belongs to; itself where it is none's."""
        return self.units.get(key, key)

    def party(self, key: str) -> str:
        """The consignee that a site or party is; itself where it is none's."""
        return self.places.get(key, key)


def stakes(snapshot: Snapshot, account: Account, names: Names) -> Stakes:
    """What the rows of a quantity account show at each consignee, and what its goods went on from one."""
    return _Holders(snapshot, account, names).stakes()


class _Holders:
    """Who holds the goods at each node of an account."""

    def __init__(self, snapshot: Snapshot, account: Account, names: Names) -> None:
        self.account = account
        self.names = names
        self.nodes = account.goods.nodes
        packed = [(number, node) for number, node in self.nodes.items() if isinstance(node, Holding)]
        self.spots = container_spots(snapshot, packed)
        self.known: dict[int, str] = {}

    def stakes(self) -> Stakes:
        """All of them."""
        number_of = {node.id: number for number, node in self.nodes.items()}
        there: dict[Key, Buckets] = defaultdict(dict)
        for row in self.account.rows:
            put(there[self.holder(number_of[row.node]), self.names.unit(row.unit)], row.bucket, row.amount)
        return Stakes({key: buckets for key, buckets in there.items() if buckets}, self._gone())

    def holder(self, number: int) -> str:
        """The consignee who holds what is at a node; what ended there was held by whom it came from."""
        if number not in self.known:
            self.known[number] = OWN  # a way that comes back to itself ends nowhere
            self.known[number] = self._holder(number)
        return self.known[number]

    def _holder(self, number: int) -> str:
        node = self.nodes[number]
        found = self._named(node)
        if found is None and number in self.spots:
            at = [self._named(spot.holding) for spot in self.spots[number]]
            found = next((name for name in reversed(at) if name is not None), None)
        if found is not None:
            return found
        before = [source for inflow in self.account.goods.mixtures[number].inflows for source in inflow.sources]
        return self.holder(before[0]) if before else OWN

    def _named(self, node: Node) -> str | None:
        """The consignee at the place of a node; None where the place tells of nobody."""
        kind, name = node.place
        party = node.party or "" if isinstance(node, Holding) else ""
        if kind in (PlaceKind.SITE, PlaceKind.PARTY):
            return self._first(name, party)
        if kind is PlaceKind.TRANSIT and isinstance(node, Holding):
            return self.names.shipments.get(name) or self._first(node.destination or "")
        return None

    def _first(self, *names: str) -> str:
        return next((self.names.places[name] for name in names if name in self.names.places), OWN)

    def _gone(self) -> dict[Key, Buckets]:
        """What certainly went from a consignee to somebody else, or into what it made."""
        of = dimension(self.account.measure)
        found: dict[Key, Buckets] = defaultdict(dict)
        for number, mixture in self.account.goods.mixtures.items():
            for inflow in mixture.inflows:
                if _is_certain(inflow, of):
                    self._note(found, inflow.sources[0], number, inflow.amount)
        return dict(found)

    def _note(self, found: dict[Key, Buckets], source: int, target: int, amount: Fraction | None) -> None:
        node, holder = self.nodes[source], self.holder(source)
        if holder == OWN or isinstance(node, Joint) or not amount:
            return
        way = self._way(holder, source, target)
        if way is not None:
            put(found[holder, self.names.unit(node.unit)], way, amount)

    def _way(self, holder: str, source: int, target: int) -> str | None:
        """By which word of a reply goods went on from a consignee; None: they did not."""
        to = self.holder(target)
        if isinstance(self.nodes[target], Joint):
            return "sold"
        if to == holder:
            return None
        return "returned" if to == OWN and source in self._once_own else "distributed"

    @cached_property
    def _once_own(self) -> set[int]:
        """The nodes at which goods are that were the case owner's, or were with it, before: only those can come back
        to it. What it got from its supplier was never sent out."""
        onward = defaultdict(list)
        for number, mixture in self.account.goods.mixtures.items():
            for inflow in mixture.inflows:
                for source in inflow.sources:
                    onward[source].append(number)
        places = (PlaceKind.SITE, PlaceKind.PARTY)
        at_own = [number for number, node in self.nodes.items() if node.place.kind in places]
        waiting = [number for number in at_own if self.holder(number) == OWN]
        found = set(waiting)
        while waiting:
            new = [number for number in onward[waiting.pop()] if number not in found]
            found.update(new)
            waiting += new
        return found


def _is_certain(inflow: Inflow, of: str) -> bool:
    sure = inflow.sure and len(inflow.sources) == 1
    return sure and measured_in(inflow.dimension) == of
