"""The goods of some units as the records certainly show them moving, up to a time."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tracegraph.model.custody import Holding, is_supposed
from tracegraph.model.measures import dimension as dimension_of
from tracegraph.model.quantity import Quantity
from tracegraph.stores.port import Legs
from tracegraph.trace.answer import CARRIED
from tracegraph.trace.balance.following import Followed, Knot, follow
from tracegraph.trace.envelope import Json, quantity_json
from tracegraph.trace.reach import Node, Reached, Starts, reach, select_legs
from tracegraph.trace.shares.amounts import measured_in
from tracegraph.trace.shares.mixtures import Mixture, Mixtures
from tracegraph.trace.shares.network import ordered
from tracegraph.trace.snapshot import Snapshot
from tracegraph.trace.trail import Trail, trail_of

#: The role of a holding that takes in what an outflow took beyond what was there.
OVERDRAFT = "overdraft"


@dataclass(slots=True)
class Goods:
    """`nodes` and `mixtures`: what the set's goods reached by then; `order`: each node behind its sources; `mine`: the
    holdings of the set; `supposed`: nodes of which it is only supposed that goods came
    there."""

    part: Reached
    nodes: Mapping[int, Node]
    mixtures: Mapping[int, Mixture]
    order: Sequence[Knot]
    mine: frozenset[int]
    supposed: frozenset[int]

    def follow(self, dimension: str) -> Followed:
        """Where all goods of the set are that are measured in that dimension."""
        counted = {node for node in self.mine if dimension in self.dimensions(node)}
        return follow(self.mixtures, self.order, counted, self.supposed)

    def excess(self, dimension: str) -> dict[int, Fraction]:
        """How much of the set's goods left a place beyond what was there."""
        return {
            node: inflow.amount
            for node in sorted(self.mine)
            if isinstance(holding := self.nodes[node], Holding) and holding.role == OVERDRAFT
            for inflow in self.mixtures[node].inflows
            if not inflow.sources and inflow.amount and measured_in(inflow.dimension) == dimension
        }

    def apart(self, dimension: str) -> list[Json]:
        """Quantities of the set that are not in the account: without a value, or of another dimension."""
        missing = [
            (self.nodes[node], inflow)
            for node in self.mine
            for inflow in self.mixtures[node].inflows
            if not inflow.sources and (inflow.amount is None or measured_in(inflow.dimension) != dimension)
        ]
        rows = [
            {"unit": node.unit, "holding": node.id, "quantity": quantity_json(node.quantity)}
            for node, _ in missing
            if isinstance(node, Holding)
        ]
        return sorted(rows, key=lambda row: (row["unit"], row["holding"]))

    def stated(self, of: str | None = None) -> list[Quantity]:
        """The quantities of the set's holdings that have a value (`of`: and that dimension)."""
        holdings = [node for number in self.mine if isinstance(node := self.nodes[number], Holding)]
        known = [one.quantity for one in holdings if one.quantity is not None and one.quantity.value is not None]
        return [quantity for quantity in known if of is None or dimension_of(quantity.unit) == of]

    def dimensions(self, node: int) -> Collection[str]:
        """Those of a holding; of pieces without the product that they are of."""
        return {measured_in(inflow.dimension) for inflow in self.mixtures[node].inflows}

    def later_than(self, on: int) -> bool:
        """Whether anything of it happened after an instant."""
        return any(_began(node) > on for node in self.nodes.values())

    def trail(self) -> Trail:
        """What was reached by then."""
        return trail_of([self.part], [frozenset(self.nodes)])


def goods_of(snapshot: Snapshot, starts: Starts, on: int | None, part: Reached | None = None) -> Goods:
    """The goods that were in the start holdings, up to the instant `on` (None: now). `part`: all that the starts reach
    forward, where that is known already."""
    part = reach(snapshot, starts, "forward") if part is None else part
    nodes = {number: node for number, node in part.nodes.items() if on is None or _began(node) <= on}
    legs = _shown(snapshot, nodes, on)
    mixtures = Mixtures(snapshot, nodes, legs).all()
    order = ordered(mixtures, frozenset(), lambda number: nodes[number].id)
    return Goods(part, nodes, mixtures, order, part.starts & nodes.keys(), _supposed(nodes, legs))


def _began(node: Node) -> int:
    return node.since if isinstance(node, Holding) else node.instant


def _shown(snapshot: Snapshot, nodes: Mapping[int, Node], on: int | None) -> Legs:
    """The legs into the nodes by then. What was left is carried on for sure, however much it is; of what came in
    otherwise, a possible source counts where no source is certain. What left a place beyond what was there has none:
    all that the records know of is elsewhere."""
    legs = snapshot.legs(sorted(nodes), "backward")
    overdrawn = {number for number, node in nodes.items() if isinstance(node, Holding) and node.role == OVERDRAFT}
    certain = {
        target
        for target, rule, sure in zip(legs.target, legs.rule, legs.confirmed, strict=True)
        if sure and rule != CARRIED
    }

    def wanted(number: int) -> bool:
        if on is not None and legs.instant[number] > on:
            return False
        if legs.rule[number] == CARRIED or legs.confirmed[number]:
            return True
        return legs.target[number] not in certain and legs.target[number] not in overdrawn

    kept = select_legs(legs, wanted)
    kept.confirmed = [sure or rule == CARRIED for sure, rule in zip(kept.confirmed, kept.rule, strict=True)]
    return kept


def _supposed(nodes: Mapping[int, Node], legs: Legs) -> frozenset[int]:
    """Stays that no record shows, and pools of what may have come from many places: unless goods left them for where a
    record shows them, by more than being carried on; then some were there."""
    found = {number for number, node in nodes.items() if isinstance(node, Holding) and is_supposed(node)}
    while True:
        shown = {
            source
            for source, target, rule in zip(legs.source, legs.target, legs.rule, strict=True)
            if source in found and rule != CARRIED and target in nodes and target not in found
        }
        if not shown:
            return frozenset(found)
        found -= shown
