"""What flowed into each reached node, and how much: holdings, legs and the quantities of transformations, as mixtures.

A holding's own quantity is what was there after its inflow where the records determine that, else what flowed in; what
was carried over from the holding before is what remained of that one. Inputs of a transformation are read from its
events, as a holding may feed several.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import NamedTuple

from tracegraph.identifiers import product_of
from tracegraph.model.custody import Holding, Joint
from tracegraph.model.facts import NamedUnit, Role
from tracegraph.model.quantity import Quantity
from tracegraph.stores.port import Legs
from tracegraph.timeline.stock import ONE_PIECE
from tracegraph.trace.answer import CARRIED
from tracegraph.trace.reach import Node
from tracegraph.trace.shares.amounts import NOTHING_KNOWN, Amount, Amounts
from tracegraph.trace.snapshot import Snapshot

ZERO = Fraction(0)
#: The rule of legs that a named assumption adds: goods without a lot number may be of this lot.
INFERRED = "inferred"


@dataclass(slots=True)
class Inflow:
    """Goods that came in together. `amount` in the node's dimension (None: unknown); `sources`: reached nodes that they
    may have come from; `elsewhere`: they may also come from what was not reached; `sure`: all of it certainly came from
    the only source; `doubtful`: none of it may have come from the sources; `comparable`: the sources' amounts are of
    the same `dimension`; `carried`: it is what was left there of an earlier holding."""

    amount: Fraction | None
    sources: tuple[int, ...] = ()
    elsewhere: bool = False
    sure: bool = False
    doubtful: bool = False
    comparable: bool = True
    dimension: str = ""
    carried: bool = False


@dataclass(slots=True)
class Mixture:
    """One node. `unit`: whose holding it is, None of a transformation; `made`: what came out of a transformation, in
    the dimension of its inputs (None: unknown); `excess`: how much more certainly left a holding than was there;
    `addable`: all that came in is of one dimension and known."""

    unit: str | None
    inflows: list[Inflow] = field(default_factory=list)
    made: Fraction | None = None
    excess: Fraction = ZERO
    addable: bool = True

    @property
    def total(self) -> Fraction | None:
        """All that came in (None: unknown)."""
        inflows = self.inflows
        if len(inflows) == 1:
            return inflows[0].amount if self.addable else None
        return added([inflow.amount for inflow in inflows]) if inflows and self.addable else None


class InLeg(NamedTuple):
    """A leg into a node, as far as it says something of amounts. `source` None: not reached; `holding`: what it comes
    from, None for a transformation (and for what was not reached and matters to nobody); `open`: whether it brings what
    the source is reached for is not known."""

    source: int | None
    holding: Holding | None
    event: str
    rule: str
    confirmed: bool
    open: bool = False


class Mixtures:
    """Makes the mixtures of the reached nodes."""

    def __init__(
        self,
        snapshot: Snapshot,
        nodes: Mapping[int, Node],
        legs: Legs,
        dropped: Iterable[int] = (),
        open_ones: Iterable[int] = (),
    ) -> None:
        """`legs`: every leg into one of the nodes, of which those numbered in `dropped` bring nothing from a start, and
        `open_ones` goods that may be of a start or not, in any part."""
        self.snapshot = snapshot
        self.nodes = nodes
        self.amounts = Amounts()
        self.joints = {number: node for number, node in nodes.items() if isinstance(node, Joint)}
        self.into = self._in_legs(legs, frozenset(dropped), frozenset(open_ones))
        self.recorded = Recorded(snapshot, self.joints.values(), self.amounts)

    def all(self) -> dict[int, Mixture]:
        """By node number."""
        found, dimensions = self.of([*self.joints, *(self.nodes.keys() - self.joints.keys())])
        compare(found, dimensions)
        _note_excess(found)
        return found

    def of(self, numbers: Iterable[int]) -> tuple[dict[int, Mixture], dict[int, str]]:
        """The mixtures of some nodes, into which all legs must be known, with the dimension of each. What depends on
        other nodes is left open: what can be compared, and the excess."""
        dimensions: dict[int, str] = {}
        found: dict[int, Mixture] = {}
        for number in numbers:
            node = self.nodes[number]
            made = self._of_holding(number, node) if isinstance(node, Holding) else self._of_joint(number, node)
            found[number], dimensions[number] = made
        return found, dimensions

    def _in_legs(self, legs: Legs, dropped: frozenset[int], open_ones: frozenset[int]) -> dict[int, list[InLeg]]:
        """The legs into each node, in an order that does not depend on node numbers."""
        nodes, outside = self.nodes, self._outside(legs)
        found: dict[int, list[tuple[str, InLeg]]] = defaultdict(list)
        for number, (source, target) in enumerate(zip(legs.source, legs.target, strict=True)):
            if target not in nodes:
                continue
            node = nodes.get(source)
            reached = None if node is None or number in dropped else source
            holding = node if isinstance(node, Holding) else outside.get(source)
            event, rule, sure = legs.event[number], legs.rule[number], legs.confirmed[number]
            leg = InLeg(reached, holding, event, rule, sure, number in open_ones)
            found[target].append((node.id if node is not None else "", leg))
        return {target: _in_order(pairs) for target, pairs in found.items()}

    def _outside(self, legs: Legs) -> dict[int, Holding]:
        """The holdings that were not reached and of which it matters whose they are, or what remained of them."""
        wanted = {
            source
            for source, target, rule in zip(legs.source, legs.target, legs.rule, strict=True)
            if source not in self.nodes and (rule == CARRIED or target in self.joints)
        }
        return self.snapshot.describe(wanted).holdings if wanted else {}

    # holdings

    def _of_holding(self, number: int, holding: Holding) -> tuple[Mixture, str]:
        legs = self.into.get(number, ())
        carried = [leg for leg in legs if leg.rule == CARRIED]
        stated = self.amounts.of(holding.quantity, holding.unit)
        if not carried:
            inflows = [_inflow(stated, legs)] if legs or holding.role != "rest" else []
            return Mixture(holding.unit, inflows), stated.dimension
        flowing = [leg for leg in legs if leg.rule != CARRIED]
        kept = self._kept(carried)
        if kept.dimension != stated.dimension and stated.value is not None:
            kept = NOTHING_KNOWN
        inflows = [_inflow(kept, carried)]
        if flowing or holding.role != "rest":
            came = Amount(_came_in(holding, stated, kept, carried, flowing), stated.dimension)
            inflows.append(_inflow(came, flowing))
        return Mixture(holding.unit, inflows), stated.dimension or kept.dimension

    def _kept(self, carried: Sequence[InLeg]) -> Amount:
        """What was carried over, where it certainly was."""
        before = carried[0].holding if len(carried) == 1 and carried[0].confirmed else None
        return self.amounts.of(before.remaining, before.unit) if before is not None else NOTHING_KNOWN

    # transformations

    def _of_joint(self, number: int, joint: Joint) -> tuple[Mixture, str]:
        legs = self.into.get(number, ())
        chained = [leg for leg in legs if leg.holding is None]
        inputs = self._inputs(joint, [leg for leg in legs if leg.holding is not None])
        amounts = [amount for amount, _ in inputs]
        dimension = _common(amounts)
        inflows = [_inflow(amount, group) for amount, group in inputs]
        inflows += [_inflow(NOTHING_KNOWN, [leg]) for leg in chained]
        outputs = [amount for event in joint.events for amount in self.recorded.of(event, Role.OUTPUT).values()]
        made = dimension and not chained and _common(outputs) == dimension
        total = added(amount.value for amount in outputs) if made else None
        return Mixture(None, inflows, total, addable=dimension != "" and not chained), dimension

    def _inputs(self, joint: Joint, legs: Sequence[InLeg]) -> list[tuple[Amount, list[InLeg]]]:
        """Each unit that went in with its legs; those without legs came from nowhere that was reached."""
        by_unit: dict[tuple[str, str], list[InLeg]] = defaultdict(list)
        for leg in legs:
            by_unit[leg.event, self._input(leg)].append(leg)
        events = {*joint.events, *(event for event, _ in by_unit)}
        inputs = {event: self.recorded.inputs(event, legs) for event in events}
        named = {(event, unit) for event in joint.events for unit in inputs[event]}
        return [
            (inputs[event].get(unit, NOTHING_KNOWN), by_unit.get((event, unit), []))
            for event, unit in sorted(named | by_unit.keys())
        ]

    def _input(self, leg: InLeg) -> str:
        """The unit as which it went in; what is inferred is so of an input of the same product."""
        unit = _unit(leg)
        inputs = self.recorded.of(leg.event, Role.INPUT)
        if leg.rule != INFERRED or unit in inputs:
            return unit
        product = product_of(unit)
        return next((other for other in inputs if product is not None and product_of(other) == product), unit)


class Recorded:
    """What the events of transformations say went in and came out."""

    def __init__(self, snapshot: Snapshot, joints: Iterable[Joint], amounts: Amounts) -> None:
        self.snapshot = snapshot
        self.amounts = amounts
        self._named = self._read({event for joint in joints for event in joint.events})
        self._summed: dict[tuple[str, Role], dict[str, Amount]] = {}
        self._meant: dict[str, dict[str, Amount]] = {}

    def of(self, event: str, role: Role) -> dict[str, Amount]:
        """The units in that role with their amounts; a unit named twice counts once, its amounts added."""
        key = (event, role)
        if key not in self._summed:
            quantities: dict[str, list[Quantity | None]] = defaultdict(list)
            for named in self._named.get(event, ()):
                if named.role is role:
                    quantities[named.unit].append(_quantity(named))
            self._summed[key] = {unit: self._sum(unit, quantities[unit]) for unit in sorted(quantities)}
        return self._summed[key]

    def inputs(self, event: str, legs: Sequence[InLeg]) -> dict[str, Amount]:
        """The inputs by the units whose holdings they were taken from, which may be known by other numbers."""
        found = self.of(event, Role.INPUT)
        if all(_unit(leg) in found for leg in legs if leg.event == event and leg.rule != INFERRED):
            return found
        if event not in self._meant:
            meant = {alias: unit for unit, alias in self.snapshot.aliases(list(found))}
            self._meant[event] = self._under(found, meant)
        return self._meant[event]

    def _under(self, found: Mapping[str, Amount], meant: Mapping[str, str]) -> dict[str, Amount]:
        """The amounts by what the numbers mean; two numbers of one unit are one input."""
        together: dict[str, list[Amount]] = defaultdict(list)
        for number, amount in found.items():
            together[meant.get(number, number)].append(amount)
        return {unit: _added(together[unit]) for unit in sorted(together)}

    def _sum(self, unit: str, quantities: Iterable[Quantity | None]) -> Amount:
        return _added([self.amounts.of(quantity, unit) for quantity in quantities])

    def _read(self, events: Iterable[str]) -> dict[str, tuple[NamedUnit, ...]]:
        """What each event names. Events of equal content name the same, so the content is enough to know it by."""
        hashes = {event: event.partition("#")[0] for event in events}
        stored = self.snapshot.events(hashes=sorted(set(hashes.values()))) if hashes else []
        named = {one.facts.content_hash: one.facts.named for one in stored if not one.facts.retracts}
        return {event: named.get(content, ()) for event, content in hashes.items()}


def _in_order(pairs: list[tuple[str, InLeg]]) -> list[InLeg]:
    if len(pairs) == 1:
        return [pairs[0][1]]
    return [leg for _, leg in sorted(pairs, key=lambda pair: (pair[0], pair[1].event, pair[1].rule))]


def _quantity(named: NamedUnit) -> Quantity | None:
    """What is said of the amount; of what is named one by one, one piece."""
    return ONE_PIECE if named.quantity is None and not named.as_class else named.quantity


def _added(amounts: Sequence[Amount]) -> Amount:
    if len(amounts) == 1:
        return amounts[0]
    dimension = _common(amounts)
    return Amount(added(amount.value for amount in amounts), dimension) if dimension else NOTHING_KNOWN


def added(values: Iterable[Fraction | None]) -> Fraction | None:
    """The sum; None where a part of it is not known. Fractions are reduced once, not after each step, which is slow."""
    parts = list(values)
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    if len(known) == 1:
        return known[0]
    bottoms = {part.denominator for part in known}
    if len(bottoms) == 1:
        return Fraction(sum([part.numerator for part in known]), bottoms.pop())
    bottom = lcm(*bottoms)
    return Fraction(sum([part.numerator * (bottom // part.denominator) for part in known]), bottom)


def _common(amounts: Sequence[Amount]) -> str:
    """The dimension of amounts that can be added; empty where they cannot, or one is not known."""
    dimensions = {amount.dimension for amount in amounts}
    return dimensions.pop() if len(dimensions) == 1 and all(amount.value is not None for amount in amounts) else ""


def _unit(leg: InLeg) -> str:
    return leg.holding.unit if leg.holding is not None else ""


def _came_in(
    holding: Holding, stated: Amount, kept: Amount, carried: Sequence[InLeg], flowing: Sequence[InLeg]
) -> Fraction | None:
    """What flowed in (None: unknown). A holding states what was there after the inflow where there was a balance, else,
    and where goods only perhaps came in, what flowed in. A balance at the end shows that there was one before."""
    balanced = any(leg.holding is not None and leg.holding.remaining is not None for leg in carried)
    if kept.value is None:
        return None if balanced else stated.value
    perhaps = bool(flowing) and not any(leg.confirmed for leg in flowing)
    if (perhaps and holding.remaining is None) or stated.value is None or stated.value < kept.value:
        return None
    return stated.value - kept.value


def _inflow(amount: Amount, legs: Sequence[InLeg]) -> Inflow:
    """What came in by these legs, in which it cannot be told apart."""
    if len(legs) == 1 and not legs[0].open:
        return _by_one_leg(amount, legs[0])
    sources = tuple(dict.fromkeys(leg.source for leg in legs if leg.source is not None))
    elsewhere = not legs or any(leg.source is None or leg.open for leg in legs)
    doubtful = any(not leg.confirmed for leg in legs)
    sure = len(sources) == 1 and not elsewhere and not doubtful
    carried = any(leg.rule == CARRIED for leg in legs)
    return Inflow(amount.value, sources, elsewhere, sure, doubtful, True, amount.dimension, carried)


def _by_one_leg(amount: Amount, leg: InLeg) -> Inflow:
    """The usual case, of which a large trace has ten thousands."""
    source, sure, carried = leg.source, leg.confirmed, leg.rule == CARRIED
    if source is None:
        return Inflow(amount.value, (), True, False, not sure, True, amount.dimension, carried)
    return Inflow(amount.value, (source,), False, sure, not sure, True, amount.dimension, carried)


def compare(found: Mapping[int, Mixture], dimensions: Mapping[int, str]) -> None:
    """Say of each inflow whether its sources' amounts are of its own dimension."""
    for mixture in found.values():
        for inflow in mixture.inflows:
            own = inflow.dimension
            sources = inflow.sources
            if len(sources) == 1:
                inflow.comparable = own != "" and dimensions[sources[0]] == own
            else:
                inflow.comparable = own != "" and all(dimensions[source] == own for source in sources)


def _note_excess(found: Mapping[int, Mixture]) -> None:
    """How much more certainly left each holding than was there: goods of which the records do not say what they are."""
    left: dict[int, list[Fraction]] = defaultdict(list)
    for mixture in found.values():
        for inflow in mixture.inflows:
            amount = inflow.amount
            if amount is not None and inflow.sure and inflow.comparable:
                left[inflow.sources[0]].append(amount)
    for number, amounts in left.items():
        mixture = found[number]
        if mixture.unit is None:
            continue
        total = mixture.total
        if total is None or (len(amounts) == 1 and amounts[0] is total):
            continue
        gone = added(amounts) or ZERO
        if gone > total:
            mixture.excess = gone - total
