"""The part of the custody graph that a metric is about: nodes, legs, where goods begin and end, whose they are.

Nodes have numbers that differ from store to store; whatever order matters goes by ids.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from tracegraph.model.custody import INCOMPLETE_GAPS, Gap, Holding, Joint, PlaceKind, is_supposed
from tracegraph.model.measures import dimension, in_base, measure
from tracegraph.model.quantity import Quantity
from tracegraph.trace.answer import CARRIED, container_spots
from tracegraph.trace.containers import Spot
from tracegraph.trace.distances import Onward, finishing_order, onward
from tracegraph.trace.reach import Node
from tracegraph.trace.snapshot import Snapshot
from tracegraph.trace.trail import Trail, source_nodes

ZERO = Fraction(0)
NOBODY = ""


@dataclass
class Chain:
    """`gaps`: those of the nodes. `code`: the unit of measure of volumes (None: the one in which most ends are
    recorded)."""

    snapshot: Snapshot
    trail: Trail
    gaps: list[Gap]
    code: str | None = None
    names: dict[int, str] = field(init=False)
    _volumes: dict[Quantity | None, Fraction | None] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.names = {number: node.id for number, node in self.nodes.items()}

    @property
    def nodes(self) -> Mapping[int, Node]:
        """Holdings and transformations by number."""
        return self.trail.nodes

    def by_id(self, numbers: Iterable[int]) -> list[int]:
        """Nodes in an order that is the same on every store."""
        return sorted(numbers, key=self.names.__getitem__)

    # shape

    @cached_property
    def out(self) -> Onward:
        """(leg number, target) of the legs that leave each node."""
        return onward(self.trail.legs, "forward")

    @cached_property
    def into(self) -> Onward:
        """(leg number, source) of the legs that enter each node."""
        return onward(self.trail.legs, "backward")

    @cached_property
    def sources(self) -> dict[int, list[int]]:
        """The nodes that goods may have come from, by id and each once."""
        return {node: self.by_id({source for _, source in legs}) for node, legs in self.into.items()}

    @cached_property
    def roots(self) -> list[int]:
        """Where goods begin, or the records go no further; of a circle without a way in, its earliest node."""
        return self.by_id(source_nodes(self.trail))

    @cached_property
    def order(self) -> list[int]:
        """Each node behind its sources, but in circles."""
        return finishing_order([*self.roots, *self.by_id(self.nodes)], self.out)[::-1]

    @cached_property
    def units(self) -> dict[int, str]:
        """The unit of each holding."""
        return {number: node.unit for number, node in self.nodes.items() if isinstance(node, Holding)}

    def product(self, unit: str) -> str:
        """The product of a unit; of one that has none the unit itself."""
        return self._products.get(unit) or unit

    @cached_property
    def _products(self) -> dict[str, str | None]:
        return {row.key: row.product for row in self.snapshot.units(keys=set(self.units.values()))}

    # amounts

    @cached_property
    def measure(self) -> str:
        """The unit of measure of volumes."""
        if self.code is not None:
            return self.code
        codes = Counter(quantity.unit for quantity in self._ending.values() if quantity and quantity.value is not None)
        return min(codes, key=lambda code: (-codes[code], code), default="")

    def volume(self, quantity: Quantity | None) -> Fraction | None:
        """An amount in the measure of volumes; None where it is not known or of another dimension."""
        if quantity not in self._volumes:
            self._volumes[quantity] = None if quantity is None else self._in_measure(quantity)
        return self._volumes[quantity]

    def _in_measure(self, quantity: Quantity) -> Fraction | None:
        if dimension(quantity.unit) != dimension(self.measure):
            return None
        base = in_base(quantity)
        return None if base is None else base / measure(self.measure).factor

    @cached_property
    def ends(self) -> dict[int, Fraction]:
        """How much ended where: of every holding that nothing left, all; else what was left of it and not carried on.
        Stays that no record shows, and amounts that are not known, are left out."""
        volumes = {node: self.volume(quantity) for node, quantity in self._ending.items()}
        return {node: volume for node, volume in volumes.items() if volume}

    @cached_property
    def _ending(self) -> dict[int, Quantity | None]:
        found: dict[int, Quantity | None] = {}
        nowhere = {number for number, node in self.nodes.items() if isinstance(node, Holding) and is_supposed(node)}
        for number in self.by_id(self.nodes):
            node = self.nodes[number]
            if isinstance(node, Joint) or number in nowhere:
                continue
            legs = [leg for leg, target in self.out.get(number, ()) if target not in nowhere]
            if not legs:
                found[number] = node.quantity
            elif node.remaining is not None and not any(self.trail.legs.rule[leg] == CARRIED for leg in legs):
                found[number] = node.remaining
        return found

    # places and organisations

    @cached_property
    def spots(self) -> dict[int, list[Spot]]:
        """Where the container of each packed holding was."""
        packed = ((number, node) for number, node in self.nodes.items() if isinstance(node, Holding))
        return container_spots(self.snapshot, packed)

    @cached_property
    def sites(self) -> dict[int, frozenset[str]]:
        """The sites (of goods that came to an organisation whose site is not known: it) that goods were at in a stay:
        of packed goods those where the container certainly was."""
        found: dict[int, frozenset[str]] = {}
        for number, node in self.nodes.items():
            if node.place.kind in (PlaceKind.SITE, PlaceKind.PARTY):
                found[number] = frozenset((node.place.id,))
        for number, stays in self.spots.items():
            sites = (one.holding.place for one in stays if one.confirmed)
            found[number] = frozenset(place.id for place in sites if place.kind is PlaceKind.SITE)
        return found

    @cached_property
    def parties(self) -> dict[int, frozenset[str]]:
        """The organisations that certainly had the goods during a stay; of a site without one, the site."""
        found = {number: frozenset((name,)) for number, node in self.nodes.items() if (name := holder(node))}
        for number, stays in self.spots.items():
            found[number] = frozenset(name for one in stays if one.confirmed and (name := holder(one.holding)))
        return found

    @cached_property
    def sender(self) -> dict[int, str]:
        """Who had the goods at each node last: its own organisation or, on the way, that of where they came from."""
        found: dict[int, str] = {}
        for number in self.order:
            own = holder(self.nodes[number])
            before = (found[source] for source in self.sources.get(number, ()) if found.get(source))
            found[number] = own or next(before, NOBODY)
        return found

    @cached_property
    def countries(self) -> dict[str, str]:
        """The countries of sites, as their master data say."""
        stored = self.snapshot.records("site")
        return {one.record.id: str(one.record.data["country"]) for one in stored if one.record.data.get("country")}

    # gaps

    @cached_property
    def gaps_of(self) -> dict[str, list[Gap]]:
        """Gaps that may hide goods, by the holding or, where they are of a unit as a whole, by the unit."""
        found: dict[str, list[Gap]] = {}
        for gap in self.gaps:
            if gap.kind in INCOMPLETE_GAPS:
                found.setdefault(gap.holding or f"unit {gap.unit}", []).append(gap)
        return found

    def open_at(self, number: int) -> list[Gap]:
        """The gaps of a node that may hide goods."""
        node = self.nodes[number]
        if isinstance(node, Joint):
            return []
        return [*self.gaps_of.get(node.id, ()), *self.gaps_of.get(f"unit {node.unit}", ())]

    def reached(self, starts: Collection[int], confirmed_only: bool = False) -> set[int]:
        """The starts and all that follows from them."""
        found, confirmed = set(starts), self.trail.legs.confirmed
        pending = list(found)
        while pending:
            for leg, target in self.out.get(pending.pop(), ()):
                if target not in found and (confirmed[leg] or not confirmed_only):
                    found.add(target)
                    pending.append(target)
        return found


def holder(node: Node) -> str:
    """The organisation that has goods at a site or with a party: the possessor, else the place; of goods on the way
    nobody."""
    if isinstance(node, Joint) or node.place.kind not in (PlaceKind.SITE, PlaceKind.PARTY):
        return NOBODY
    return node.party or node.place.id
