"""Follows the goods of a set of units to where they ended up, exactly: whatever flows on is taken in proportion.

What of a holding neither flowed on nor may have is left there. Of what may have flowed on, in an amount or to a place
that the records leave open, nobody knows where it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from tracegraph.trace.shares.mixtures import ZERO, Inflow, Mixture, added

Knot = Sequence[int]


class Own(NamedTuple):
    """A holding's own goods, whatever they derive from: what came, what certainly went on, and what is left or was
    carried on (None: nobody knows)."""

    came: Fraction | None
    gone: Fraction
    left: Fraction | None


@dataclass(slots=True)
class Followed:
    """Amounts in the account's measure, by node. `begun`: all that was ever there of the set's goods; `left`: what
    stayed at a holding; `lost`: what of a transformation's inputs is in no output; `open`: what left a node for where
    nobody knows, or may have; `local`: how much was left at a holding of its own goods, whatever they derive from;
    `own`: what flowed in and out there."""

    begun: Fraction = ZERO
    left: dict[int, Fraction] = field(default_factory=dict)
    lost: dict[int, Fraction] = field(default_factory=dict)
    open: dict[int, Fraction] = field(default_factory=dict)
    local: dict[int, Fraction] = field(default_factory=dict)
    moved: set[int] = field(default_factory=set)
    own: dict[int, Own] = field(default_factory=dict)


@dataclass(slots=True)
class _Outflows:
    """What leaves a node: (head, inflow number, amount) where all three are certain, in which dimensions; where the
    rest is carried on to; and how much more may leave it, `doubt` and, where `unbounded`, nobody knows how much."""

    known: list[tuple[int, int, Fraction]] = field(default_factory=list)
    measures: set[str] = field(default_factory=set)
    carried: tuple[int, int] | None = None
    doubt: Fraction = ZERO
    unbounded: bool = False

    @property
    def doubtful(self) -> bool:
        """May more leave it?"""
        return self.unbounded or self.doubt > ZERO

    @property
    def gone(self) -> Fraction:
        """All that certainly left."""
        return _sum([amount for _, _, amount in self.known])


def follow(
    mixtures: Mapping[int, Mixture], order: Sequence[Knot], counted: Collection[int], supposed: Collection[int]
) -> Followed:
    """`counted`: the holdings of the set, of which all goods count, what came from another member of the set once;
    `supposed`: nodes of which it is only supposed that goods came there. `order`: each node behind its sources."""
    return _Following(mixtures, frozenset(counted), frozenset(supposed), _outflows(mixtures, order, supposed)).all(
        order
    )


@dataclass(slots=True)
class _Following:
    """`arrived`: by node and inflow, what of it is the set's; `rest`: what was carried over to a node of its own goods
    (None: nobody knows)."""

    mixtures: Mapping[int, Mixture]
    counted: frozenset[int]
    supposed: frozenset[int]
    outflows: Mapping[int, _Outflows]
    arrived: dict[tuple[int, int], Fraction] = field(default_factory=lambda: defaultdict(Fraction))
    rest: dict[int, Fraction | None] = field(default_factory=dict)
    found: Followed = field(default_factory=Followed)

    def all(self, order: Sequence[Knot]) -> Followed:
        """Every node, behind its sources."""
        for knot in order:
            for node in knot:
                here = self._here(node)
                out = self.outflows[node] if len(knot) == 1 else _Outflows(unbounded=True)
                if self.mixtures[node].unit is None:
                    self._pass_through(node, here, out)
                else:
                    self._pass_on(node, here, out)
        return self.found

    def _here(self, node: int) -> Fraction:
        """What of the set came into a node; of the set's own holdings what is new with it."""
        inflows = self.mixtures[node].inflows
        for number, inflow in enumerate(inflows) if node in self.counted else ():
            new = self._new(inflow, self.arrived[node, number])
            self.arrived[node, number] += new
            self.found.begun += new
        if len(inflows) == 1:
            return self.arrived.get((node, 0), ZERO)
        return _sum([self.arrived[node, number] for number in range(len(inflows))])

    def _new(self, inflow: Inflow, came: Fraction) -> Fraction:
        """Goods that no member of the set brought: births, goods of unknown origin, other ingredients. What came, or
        may have come, from another holding is counted where that was."""
        if inflow.amount is None or (inflow.sources and not inflow.sure):
            return ZERO
        if not inflow.sources:
            return inflow.amount
        source = self.mixtures[inflow.sources[0]]
        if source.unit is not None:
            return ZERO
        into, made = source.total, source.made
        mine = sum((one.amount or ZERO for one in source.inflows if self.counted.intersection(one.sources)), ZERO)
        part = inflow.amount * mine / max(into, made) if into and made is not None else ZERO
        return max(ZERO, inflow.amount - max(came, part))

    def _pass_on(self, node: int, here: Fraction, out: _Outflows) -> None:
        """Of a holding each outflow takes its part; of the rest as much as may have left is undetermined, and what
        certainly remains is left or carried on."""
        total = self._total(node)
        if total is not None and out.carried is None and not out.doubtful and self._is_usual(node, here, out, total):
            return
        gone = out.gone
        self.found.own[node] = Own(total, gone, None)
        if total is None:
            self._carry(out, None)
            _note(self.found.open, node, here)
            return
        rest = ZERO if gone is total or gone >= total else total - gone
        kept = _without(here, self._move(here, out, gone, total if rest else gone))
        left = ZERO if out.unbounded else max(ZERO, rest - out.doubt) if out.doubt else rest
        self.found.own[node] = Own(total, gone, None if out.doubtful else rest)
        certain = _part(kept, left, rest) if rest else kept
        _note(self.found.open, node, _without(kept, certain))
        if out.known:
            self.found.moved.add(node)
        if out.carried is not None:
            self.arrived[out.carried] += certain
            self._carry(out, left)
        else:
            _note(self.found.left, node, certain)
            self.found.local[node] = left

    def _is_usual(self, node: int, here: Fraction, out: _Outflows, total: Fraction) -> bool:
        """Whether all of it stayed, or went on in one piece, as at nine of ten holdings; then it is done here, where
        nothing has to be reckoned."""
        if not out.known:
            self.found.own[node] = Own(total, ZERO, total)
            _note(self.found.left, node, here)
            self.found.local[node] = total
            return True
        head, number, amount = out.known[0]
        if len(out.known) > 1 or not amount or (amount is not total and amount != total):
            return False
        before = self.arrived.get((head, number))
        self.arrived[head, number] = before + here if before else here
        self.found.own[node] = Own(total, amount, ZERO)
        self.found.moved.add(node)
        self.found.local[node] = ZERO
        return True

    def _pass_through(self, node: int, here: Fraction, out: _Outflows) -> None:
        """Of a transformation: outputs are parts of what went in; what they are not was lost. Where the two cannot be
        compared, outputs that can be are parts of each other."""
        mixture, gone = self.mixtures[node], out.gone
        into = mixture.total if mixture.made is not None else None
        if into is None and (out.doubtful or len(out.measures) > 1):
            _note(self.found.open, node, here)
            return
        moved = self._move(here, out, gone, max(gone, into or ZERO))
        _note(self.found.open if out.doubtful or not out.known else self.found.lost, node, _without(here, moved))

    def _move(self, here: Fraction, out: _Outflows, gone: Fraction, basis: Fraction) -> Fraction:
        """Give each outflow its part of what is here; returns the sum."""
        if not basis or not here:
            return ZERO
        arrived = self.arrived
        for head, number, amount in out.known:
            part, before = _part(here, amount, basis), arrived.get((head, number))
            arrived[head, number] = before + part if before else part
        return _part(here, gone, basis)

    def _total(self, node: int) -> Fraction | None:
        """A holding's own goods, whatever they derive from; what is only supposed to have come is none."""
        inflows = self.mixtures[node].inflows
        carried = self.rest.get(node, ZERO)
        if len(inflows) == 1 and not carried and carried is not None and not inflows[0].carried:
            return carried if node in self.supposed else inflows[0].amount
        flowing = [one.amount for one in inflows if not one.carried]
        if node in self.supposed or not flowing:
            return carried
        flowed = flowing[0] if len(flowing) == 1 else added(flowing)
        return None if carried is None or flowed is None else carried + flowed if carried else flowed

    def _carry(self, out: _Outflows, left: Fraction | None) -> None:
        if out.carried is not None:
            self.rest[out.carried[0]] = left


def _sum(amounts: Sequence[Fraction]) -> Fraction:
    """All of them; most often there is one."""
    if len(amounts) == 1:
        return amounts[0]
    return (added(amounts) or ZERO) if amounts else ZERO


def _part(of: Fraction, amount: Fraction, basis: Fraction) -> Fraction:
    """What is `amount` of the `basis`, of something. Most often that is all of it: then it is the same object, and the
    arithmetic is spared, as denominators of some hundred digits make it slow."""
    return of if amount is basis or amount == basis else of * (amount / basis)


def _without(whole: Fraction, part: Fraction) -> Fraction:
    return ZERO if part is whole else whole - part if part else whole


def _note(where: dict[int, Fraction], node: int, amount: Fraction) -> None:
    if amount:
        where[node] = amount


def _outflows(
    mixtures: Mapping[int, Mixture], order: Sequence[Knot], supposed: Collection[int]
) -> dict[int, _Outflows]:
    found: dict[int, _Outflows] = defaultdict(_Outflows)
    knotted = {node for knot in order if len(knot) > 1 for node in knot}
    for head, mixture in mixtures.items():
        for number, inflow in enumerate(mixture.inflows):
            if inflow.carried and head not in knotted:
                for source in inflow.sources:
                    found[source].carried = (head, number)
            elif head not in supposed:
                _add_outflow(found, mixtures, head, number, inflow, head in knotted)
    return found


def _add_outflow(
    found: dict[int, _Outflows],
    mixtures: Mapping[int, Mixture],
    head: int,
    number: int,
    inflow: Inflow,
    knotted: bool,
) -> None:
    """Outputs of a transformation that are of one dimension are parts of each other, whatever went in is measured in;
    of a holding it is only known which part an outflow is where both are of one."""
    for source in inflow.sources:
        measurable = inflow.comparable or mixtures[source].unit is None
        if inflow.sure and inflow.amount is not None and measurable and not knotted:
            found[source].known.append((head, number, inflow.amount))
            found[source].measures.add(inflow.dimension)
        elif inflow.amount is not None and inflow.comparable and not knotted:
            found[source].doubt += inflow.amount
        else:
            found[source].unbounded = True
