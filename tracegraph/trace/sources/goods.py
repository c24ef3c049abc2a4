"""The flow of goods through what lies upstream of cases: which part of each node's goods went where.

By amounts where the records say all of them in one measure, else in equal parts, which is counted. What was left in a
place or lost in a transformation went nowhere. What may have come from several stays came from each in equal parts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tracegraph.model.custody import Holding, Joint
from tracegraph.trace.reach import Node
from tracegraph.trace.shares.amounts import Amount, Amounts, as_float
from tracegraph.trace.shares.mixtures import Mixture, Mixtures
from tracegraph.trace.snapshot import Snapshot
from tracegraph.trace.sources.upstream import Upstream
from tracegraph.trace.sources.walk import Flow

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Goods:
    """`flow` over the nodes upstream, numbered as there, and behind them the nodes next to them. `weights`: by place,
    what came into a node, as far as it is known. `split`: how many nodes' goods were taken to have gone in equal parts,
    of `moving` that went somewhere."""

    flow: Flow
    weights: Mapping[int, Amount]
    split: int
    moving: int


def goods(snapshot: Snapshot, above: Upstream) -> Goods:
    """The flow from everything upstream, including what went elsewhere than to a case."""
    nodes: dict[int, Node] = dict(above.part.nodes)
    leaving = snapshot.legs(sorted(nodes), "forward")
    described = snapshot.describe(set(leaving.target) - nodes.keys())
    nodes |= {**described.holdings, **described.joints}
    outside = sorted(nodes.keys() - above.place.keys(), key=lambda number: nodes[number].id)
    place = above.place | {number: order for order, number in enumerate(outside, len(above.numbers))}
    mixtures = Mixtures(snapshot, nodes, snapshot.legs(sorted(nodes), "backward")).all()
    sent = _sent(mixtures, place)
    carried = {source for one in mixtures.values() for into in one.inflows if into.carried for source in into.sources}
    amounts = Amounts()
    ways: list[Sequence[tuple[int, float]]] = []
    split = 0
    for number in above.numbers:
        kept = Amount(ZERO) if number in carried else _kept(nodes[number], mixtures[number], amounts)
        found, even = _parts(sent.get(number, []), kept)
        ways.append(found)
        split += even
    weights = {place[number]: _came(nodes[number], mixtures[number], amounts) for number in above.numbers}
    moving = sum(bool(found) for found in ways)
    return Goods(Flow([*ways, *([] for _ in outside)]), weights, split, moving)


#: To a place, by how much (None: unknown), in which measure.
Sent = tuple[int, Fraction | None, str]


def _sent(mixtures: Mapping[int, Mixture], place: Mapping[int, int]) -> dict[int, list[Sent]]:
    """What went from each node, by what came into others."""
    found: dict[int, list[Sent]] = defaultdict(list)
    for number in sorted(mixtures, key=place.__getitem__):
        for inflow in mixtures[number].inflows:
            for source in inflow.sources:
                amount = None if inflow.amount is None else inflow.amount / len(inflow.sources)
                found[source].append((place[number], amount, inflow.dimension))
    return found


def _kept(node: Node, mixture: Mixture, amounts: Amounts) -> Amount:
    """What of a node's goods went nowhere: left in a place and not carried on, or lost in making."""
    if isinstance(node, Holding):
        return amounts.of(node.remaining, node.unit)
    total = mixture.total
    if total is None or mixture.made is None:
        return Amount(ZERO, "")
    return Amount(max(ZERO, total - mixture.made), mixture.inflows[0].dimension)


def _parts(sent: Sequence[Sent], kept: Amount) -> tuple[Sequence[tuple[int, float]], bool]:
    """Where the goods went, in parts, and whether they had to be taken as equal."""
    together: dict[int, Fraction] = defaultdict(Fraction)
    measures = {measure for _, _, measure in sent}
    if len(measures) == 1 and all(amount is not None for _, amount, _ in sent):
        for target, amount, _ in sent:
            together[target] += amount or ZERO
        stayed = kept.value if kept.value is not None and kept.dimension in measures else ZERO
        whole = sum(together.values(), stayed)
        if whole > 0 and any(together.values()):
            return [(to, as_float(part / whole)) for to, part in sorted(together.items()) if part > 0], False
    targets = sorted({target for target, _, _ in sent})
    return [(target, 1.0 / len(targets)) for target in targets], len(targets) > 1


def _came(node: Node, mixture: Mixture, amounts: Amounts) -> Amount:
    """How much a node weighs among others where goods begin: what was there, or what went in."""
    if isinstance(node, Joint):
        total = mixture.total
        return Amount(total, mixture.inflows[0].dimension) if total is not None else Amount()
    return amounts.of(node.quantity, node.unit)
