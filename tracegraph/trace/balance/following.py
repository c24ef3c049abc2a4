"""Follows the goods of a set of units to where they ended up, exactly: whatever flows on is taken in proportion.

What of a holding neither flowed on nor may have is left there. Of what may have flowed on, in an amount or to a place
that the records leave open, nobody knows where it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from tracegraph.trace.shares.mixtures import ZERO, Inflow, Mixture

Knot = Sequence[int]


@dataclass(slots=True)
class Followed:
    """Amounts in the account's measure, by node. `begun`: all that was ever there of the set's goods; `left`: what
    stayed at a holding; `lost`: what of a transformation's inputs is in no output; `open`: what left a node for where
    nobody knows, or may have; `local`: how much was left at a holding of its own goods, whatever they derive from."""

    begun: Fraction = ZERO
    left: dict[int, Fraction] = field(default_factory=dict)
    lost: dict[int, Fraction] = field(default_factory=dict)
    open: dict[int, Fraction] = field(default_factory=dict)
    local: dict[int, Fraction] = field(default_factory=dict)
    moved: set[int] = field(default_factory=set)


@dataclass(slots=True)
class _Outflows:
    """What certainly leaves a node: (head, inflow number, amount), in which dimensions, and whether more may leave."""

    known: list[tuple[int, int, Fraction]] = field(default_factory=list)
    measures: set[str] = field(default_factory=set)
    doubt: bool = False

    @property
    def gone(self) -> Fraction:
        """All that certainly left."""
        return sum((amount for _, _, amount in self.known), ZERO)


def follow(
    mixtures: Mapping[int, Mixture], order: Sequence[Knot], counted: Collection[int], ignored: Collection[int]
) -> Followed:
    """`counted`: the holdings of the set, of which all goods count, what came from another member of the set once;
    `ignored`: nodes of which it is only supposed that goods came there. `order`: each node behind its sources."""
    outflows = _outflows(mixtures, order, ignored)
    arrived: dict[tuple[int, int], Fraction] = defaultdict(Fraction)
    found = Followed()
    for knot in order:
        for node in knot:
            mixture = mixtures[node]
            for number, inflow in enumerate(mixture.inflows) if node in counted else ():
                came = arrived[node, number]
                new = _new(inflow, came, mixtures, outflows, counted)
                arrived[node, number] = came + new
                found.begun += new
            here = sum((arrived[node, number] for number in range(len(mixture.inflows))), ZERO)
            out = outflows[node] if len(knot) == 1 else _Outflows(doubt=True)
            _pass_on(node, mixture, here, out, arrived, found)
    return found


def _new(
    inflow: Inflow,
    came: Fraction,
    mixtures: Mapping[int, Mixture],
    outflows: Mapping[int, _Outflows],
    counted: Collection[int],
) -> Fraction:
    """Goods of a member of the set that no member brought: births, goods of unknown origin, other ingredients, more
    than was there to be sent. What perhaps came from another holding is counted where that was."""
    if inflow.amount is None:
        return ZERO
    if not inflow.sources:
        return inflow.amount
    if not inflow.sure:
        return ZERO
    source = mixtures[inflow.sources[0]]
    gone, total = outflows[inflow.sources[0]].gone, source.total
    if source.unit is not None:
        return inflow.amount * max(ZERO, gone - total) / gone if total is not None and gone else ZERO
    mine = sum((one.amount or ZERO for one in source.inflows if any(node in counted for node in one.sources)), ZERO)
    basis = max(total, source.made) if total and source.made is not None else ZERO
    return max(ZERO, inflow.amount - max(came, inflow.amount * mine / basis if basis else ZERO))


def _pass_on(
    node: int,
    mixture: Mixture,
    here: Fraction,
    out: _Outflows,
    arrived: dict[tuple[int, int], Fraction],
    found: Followed,
) -> None:
    """Each outflow takes its part; the rest is left, lost or open."""
    if mixture.unit is None and mixture.made is None and (out.doubt or len(out.measures) > 1):
        out = _Outflows(doubt=True)
    gone, total = out.gone, mixture.total
    basis = _basis(mixture, gone)
    moved = ZERO
    for head, number, amount in out.known:
        part = here * amount / basis if basis else ZERO
        arrived[head, number] += part
        moved += part
    if out.known:
        found.moved.add(node)
    rest = here - moved
    if mixture.unit is None:
        _note(found.open if out.doubt or not out.known else found.lost, node, rest)
    elif out.doubt or total is None:
        _note(found.open, node, rest)
    else:
        _note(found.left, node, rest)
        found.local[node] = max(ZERO, total - gone)


def _basis(mixture: Mixture, gone: Fraction) -> Fraction:
    """Of how much the outflows are parts: of what was there; where more left, or what was there is not known, of what
    left. Outputs of a transformation are parts of what went in, and what it lost is in none."""
    total = mixture.total
    if mixture.unit is None:
        known = total is not None and mixture.made is not None
        return max(gone, total or ZERO) if known else gone
    return gone if total is None else max(gone, total)


def _note(where: dict[int, Fraction], node: int, amount: Fraction) -> None:
    if amount:
        where[node] = amount


def _outflows(mixtures: Mapping[int, Mixture], order: Sequence[Knot], ignored: Collection[int]) -> dict[int, _Outflows]:
    found: dict[int, _Outflows] = defaultdict(_Outflows)
    knotted = {node for knot in order if len(knot) > 1 for node in knot}
    for head, mixture in mixtures.items():
        if head in ignored:
            continue
        for number, inflow in enumerate(mixture.inflows):
            known = inflow.sure and inflow.amount is not None and head not in knotted
            for source in inflow.sources:
                if known and _measurable(mixtures[source], inflow):
                    found[source].known.append((head, number, inflow.amount or ZERO))
                    found[source].measures.add(inflow.dimension)
                else:
                    found[source].doubt = True
    return found


def _measurable(source: Mixture, inflow: Inflow) -> bool:
    """Whether it is known which part of its source an inflow is. Outputs of a transformation that are of one dimension
    are parts of each other, whatever its inputs are measured in."""
    return inflow.comparable or source.unit is None
