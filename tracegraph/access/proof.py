"""Which own holdings are proven to be what they seem: a claim alone proves nothing.

To unpack goods from a container elsewhere than the container is known to be is a certain flow (custody-graph section
7), whoever says so. Before such a flow tells an organisation where the goods came from, or what else is in the
container, the container itself must be proven: it began there, or certain legs lead to it from somebody else's place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from tracegraph.model.custody import Holding, Joint, PlaceKind
from tracegraph.stores.port import HoldingQuery, Legs
from tracegraph.trace.reach import Node, fetch_nodes
from tracegraph.trace.snapshot import Snapshot

#: Roles of holdings in which a unit begins.
BIRTHS = frozenset({"birth", "output", "first_packed"})
UNPACK = "unpack"
_PLACES = frozenset({PlaceKind.SITE, PlaceKind.PARTY})


@dataclass(slots=True)
class Proof:
    """`certain`: own holdings that began at the organisation, or that certain legs lead to from elsewhere; not asked
    where nothing came out of a container and nothing is in one. `claims`: those that came out of one elsewhere."""

    own: Mapping[int, Holding]
    certain: set[int] = field(default_factory=set)
    claims: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, snapshot: Snapshot, own: Mapping[int, Holding]) -> Proof:
        """What the legs into the own holdings prove."""
        legs = snapshot.legs(sorted(own), "backward")
        claims = {
            target
            for source, target, rule in zip(legs.source, legs.target, legs.rule, strict=True)
            if rule == UNPACK and source not in own
        }
        units = {holding.unit for holding in own.values()}
        boxes = {row.holding.place.id for row in snapshot.holdings(HoldingQuery(containers=units))}
        asked = claims.union(node for node, holding in own.items() if holding.unit in boxes)
        return cls(own, _Proving(snapshot, own, legs, asked).proven() if asked else set(), claims)

    def trusts(self, legs: Legs, number: int) -> bool:
        """Whether a leg may be followed back: not one by which an unproven claim took goods out of a container."""
        if legs.rule[number] != UNPACK:
            return True
        target = legs.target[number]
        return target not in self.own or target in self.certain or legs.source[number] in self.own


class _Proving:
    """Follows certain legs from where something is proven by itself."""

    def __init__(self, snapshot: Snapshot, own: Mapping[int, Holding], entering: Legs, asked: Collection[int]) -> None:
        self.own = own
        legs = snapshot.reach(sorted(asked), "backward", confirmed_only=True)
        self.nodes = fetch_nodes(snapshot, {*legs.source, *legs.target, *asked})
        self.ways: dict[int, list[int]] = defaultdict(list)
        self.claims: list[tuple[int, int]] = []
        for source, target, rule in zip(legs.source, legs.target, legs.rule, strict=True):
            if rule == UNPACK and target in own and source not in own:
                self.claims.append((source, target))
            else:
                self.ways[source].append(target)
        self.entered: dict[int, list[int]] = defaultdict(list)
        for source, target in zip(entering.source, entering.target, strict=True):
            self.entered[target].append(source)
        born = {own[node].unit for node in self.nodes if node in own and own[node].role in BIRTHS}
        rows = snapshot.holdings(HoldingQuery(units=born))
        self.born_elsewhere = {row.holding.unit for row in rows if row.holding.role in BIRTHS and row.node not in own}

    def proven(self) -> set[int]:
        """The own holdings that are proven; what came out of a proven container is, and may be a container itself."""
        found: set[int] = set()
        pending = [node for node in self.nodes if self.stands_alone(node)]
        while pending:
            self.spread(pending, found)
            here: dict[str, list[Holding]] = defaultdict(list)
            for node in found & self.own.keys():
                here[self.own[node].unit].append(self.own[node])
            stood = (target for source, target in self.claims if _stood(self.nodes[source], self.own[target], here))
            pending = [target for target in stood if target not in found]
        return found & self.own.keys()

    def spread(self, begin: list[int], found: set[int]) -> None:
        """Add what certain legs lead to."""
        pending = list(begin)
        while pending:
            node = pending.pop()
            if node not in found:
                found.add(node)
                pending += self.ways.get(node, ())

    def stands_alone(self, node: int) -> bool:
        """Whether a node is proven by itself: somebody else's place, or a beginning that nothing puts in doubt."""
        what = self.nodes[node]
        if node not in self.own:
            return isinstance(what, Holding) and what.place.kind in _PLACES
        sources = self.entered.get(node, ())
        if not isinstance(what, Holding) or what.role not in BIRTHS or what.unit in self.born_elsewhere:
            return False
        return all(self.is_joint(source) for source in sources)

    def is_joint(self, node: int) -> bool:
        """Whether a node is a transformation that is known to lead here."""
        return isinstance(self.nodes.get(node), Joint)


def _stood(packed: Node, unpacked: Holding, here: Mapping[str, list[Holding]]) -> bool:
    """Whether the container of the packed goods was here when they were unpacked."""
    if not isinstance(packed, Holding) or packed.place.kind is not PlaceKind.CONTAINER:
        return False
    stays = here.get(packed.place.id, ())
    return any(stay.since <= unpacked.since and (stay.until is None or stay.until >= unpacked.since) for stay in stays)
