"""The network of a large trace, most of it made as arrays: the same as `network` makes of all mixtures, to the bit.

Nearly all that a large trace reaches are holdings into which one leg leads, of goods that stay together: lone holdings.
Their columns are made with numpy. Everything else (starts, transformations, balances, knots) becomes mixtures as in a
small trace, and both are put together. All nodes are numbered by the order of their ids here.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tracegraph.model.custody import Holding
from tracegraph.stores.port import Direction, Legs
from tracegraph.trace.answer import CARRIED
from tracegraph.trace.reach import Node, pick_legs
from tracegraph.trace.shares.amounts import as_float
from tracegraph.trace.shares.joining import LoneColumns, joined
from tracegraph.trace.shares.mixtures import ZERO, Mixture, Mixtures, added, compare
from tracegraph.trace.shares.network import Columns, Network, add_node, add_root
from tracegraph.trace.shares.ordering import Circles, circles, name_order
from tracegraph.trace.shares.stated import Stated
from tracegraph.trace.snapshot import Snapshot

Array = NDArray[Any]

#: What rounding can have done to a sum of floats that are not below zero.
SLACK = 1e-9


def wide_network(
    snapshot: Snapshot,
    nodes: Mapping[int, Node],
    legs: Legs,
    dropped: Collection[int],
    starts: frozenset[int],
    direction: Direction,
    compiled: bool | None = None,
) -> Network:
    """The columns of everything that was reached; arguments as of `Mixtures` and `network`."""
    compiled = "numba" in sys.modules if compiled is None else compiled
    known = _Nodes(nodes, starts)
    into = _Into(known, legs, dropped)
    rest = _Rest(snapshot, nodes, legs, dropped, known)
    rest.add(np.flatnonzero(~into.lone))
    order = circles(*_following(known, into, rest), compiled)
    knotted = into.lone & order.in_circle
    if knotted.any():
        rest.add(np.flatnonzero(knotted))
        into.lone &= ~knotted
    stated = Stated(known.count, known.ranks, known.holdings, known.unit[known.ranks], known.units)
    rest.compare(stated)
    lone = _Lone.of(known, into, stated)
    excess = _excess(known, lone, stated, rest)
    return _together(known, _places(known, order, direction), lone, stated, rest, excess, direction, compiled)


class _Nodes:
    """The reached nodes in the order of their ids. `numbers`: their node numbers; `rank`: their place by number;
    `holdings` stand at `ranks`; `unit`: the number of whose holding each is among `units` (-1: none)."""

    def __init__(self, nodes: Mapping[int, Node], starts: frozenset[int]) -> None:
        order = name_order([node.id for node in nodes.values()])
        self.numbers: Array = np.fromiter(nodes, dtype=np.int64, count=len(nodes))[order]
        self._by_number: Array = self.numbers.argsort()
        self._sorted: Array = self.numbers[self._by_number]
        self.count = len(nodes)
        self.rank = {number: rank for rank, number in enumerate(self.numbers.tolist())}
        in_order = [nodes[number] for number in self.rank]
        self.holdings = [node for node in in_order if isinstance(node, Holding)]
        self.is_holding: Array = np.array([isinstance(node, Holding) for node in in_order], dtype=np.bool_)
        self.ranks: Array = np.flatnonzero(self.is_holding)
        owners = [holding.unit for holding in self.holdings]
        self.units = sorted(set(owners))
        numbers = {unit: number for number, unit in enumerate(self.units)}
        self.unit: Array = np.full(self.count, -1)
        self.unit[self.ranks] = [numbers[unit] for unit in owners]
        self.start: Array = np.zeros(self.count, dtype=np.bool_)
        self.start[[self.rank[start] for start in starts]] = True

    def ranked(self, numbers: Sequence[int]) -> Array:
        """Where the nodes with these numbers stand; -1 what is none of them."""
        wanted = np.array(numbers, dtype=np.int64)
        places = np.minimum(self._sorted.searchsorted(wanted), self.count - 1)
        return np.where(self._sorted[places] == wanted, self._by_number[places], -1)


class _Into:
    """The legs into reached nodes: `source` (-1: nothing of a start comes from there) and `target` as ranks; `one` is a
    leg into each node (-1: there is none), `lone` says which nodes are lone holdings."""

    def __init__(self, known: _Nodes, legs: Legs, dropped: Collection[int]) -> None:
        source, target = known.ranked(legs.source), known.ranked(legs.target)
        source[np.array(sorted(dropped), dtype=np.int64)] = -1
        kept = target >= 0
        carried = np.array([rule == CARRIED for rule in legs.rule], dtype=np.bool_)[kept]
        self.source, self.target = source[kept], target[kept]
        self.confirmed: Array = np.array(legs.confirmed, dtype=np.bool_)[kept]
        self.one: Array = np.full(known.count, -1)
        self.one[self.target] = np.arange(len(self.target))
        several = np.bincount(self.target, minlength=known.count) > 1
        self.lone: Array = known.is_holding & ~known.start & ~several
        self.lone[self.target[carried | (self.source == self.target)]] = False


class _Rest:
    """The mixtures of all that is no lone holding, by rank."""

    def __init__(
        self, snapshot: Snapshot, nodes: Mapping[int, Node], legs: Legs, dropped: Collection[int], known: _Nodes
    ) -> None:
        self._snapshot, self._nodes, self._legs, self._dropped = snapshot, nodes, legs, frozenset(dropped)
        self._known = known
        self.dimensions: dict[int, str] = {}
        self.found: dict[int, Mixture] = {}

    def add(self, ranks: Array) -> None:
        """Make the mixtures of these nodes too."""
        numbers = self._known.numbers[ranks].tolist()
        wanted = set(numbers)
        chosen = [leg for leg, target in enumerate(self._legs.target) if target in wanted]
        dropped = [place for place, leg in enumerate(chosen) if leg in self._dropped]
        mixtures = Mixtures(self._snapshot, self._nodes, pick_legs(self._legs, chosen), dropped)
        found, dimensions = mixtures.of(numbers)
        rank = self._known.rank
        self.found |= {rank[number]: mixture for number, mixture in found.items()}
        self.dimensions |= {rank[number]: dimension for number, dimension in dimensions.items()}

    def sources(self) -> tuple[Array, Array]:
        """All that the nodes' goods may have come from: (node, source), the sources in order; starts have none."""
        here: list[int] = []
        there: list[int] = []
        for node, mixture in self.found.items():
            if not self._known.start[node]:
                sources = {self._known.rank[source] for one in mixture.inflows for source in one.sources}
                there += sorted(sources)
                here += [node] * len(sources)
        return np.array(here, dtype=np.int64), np.array(there, dtype=np.int64)

    def compare(self, stated: Stated) -> Array:
        """Say of each inflow what it can be compared with. Returns the number of each node's dimension."""
        for node, name in self.dimensions.items():
            stated.dimension[node] = stated.number(name)
        names, rank = stated.names(), self._known.rank
        own = stated.dimension.tolist()
        sources = {source for mixture in self.found.values() for one in mixture.inflows for source in one.sources}
        compare(self.found, {source: names[own[rank[source]]] for source in sources})
        return stated.dimension


@dataclass(frozen=True, slots=True)
class _Lone:
    """Lone holdings by rank: `there`: something came in; `source`: the rank of where it came from (-1: elsewhere);
    `doubtful`, `comparable`: see Inflow."""

    node: Array
    there: Array
    source: Array
    doubtful: Array
    comparable: Array

    @classmethod
    def of(cls, known: _Nodes, into: _Into, stated: Stated) -> _Lone:
        """What came into each."""
        node = np.flatnonzero(into.lone)
        leg = into.one[node]
        found = leg >= 0
        born = np.zeros(known.count, dtype=np.bool_)
        born[known.ranks] = [holding.role != "rest" for holding in known.holdings]
        if not len(into.source):
            return cls(node, born[node], leg, found, stated.dimension[node] > 0)
        source = np.where(found, into.source[leg], -1)
        own = stated.dimension[node]
        comparable = (own > 0) & ((source < 0) | (stated.dimension[source] == own))
        return cls(node, found | born[node], source, found & ~into.confirmed[leg], comparable)

    @property
    def sure(self) -> Array:
        """See Inflow."""
        found: Array = (self.source >= 0) & ~self.doubtful
        return found


def _following(known: _Nodes, into: _Into, rest: _Rest) -> tuple[Array, Array]:
    """What each node's goods may have come from, as columns for `circles`."""
    leg = into.one
    lone = np.flatnonzero(into.lone & (leg >= 0))
    source = into.source[leg[lone]] if len(lone) else lone
    here, there = rest.sources()
    here, there = np.concatenate((lone[source >= 0], here)), np.concatenate((source[source >= 0], there))
    first = np.zeros(known.count + 1, dtype=np.int64)
    np.cumsum(np.bincount(here, minlength=known.count), out=first[1:])
    return first, there[here.argsort(kind="stable")]


def _excess(known: _Nodes, lone: _Lone, stated: Stated, rest: _Rest) -> Array:
    """How much more certainly left each holding than was there, known by rank; that of mixtures is told to them.
    Floats say where that may be, fractions whether it is, and how much."""
    sure = np.flatnonzero(lone.sure & lone.comparable & stated.known[lone.node])
    target, source = lone.node[sure], lone.source[sure]
    others = [
        (known.rank[one.sources[0]], one.amount)
        for mixture in rest.found.values()
        for one in mixture.inflows
        if one.sure and one.comparable and one.amount is not None
    ]
    other = np.array([node for node, _ in others], dtype=np.int64)
    weight = np.concatenate((stated.value[target], np.array([as_float(amount) for _, amount in others])))
    left = np.concatenate((source, other))
    gone = np.bincount(left, weights=weight, minlength=known.count)
    times = np.bincount(left, minlength=known.count)
    total = stated.value.copy()
    for node, mixture in rest.found.items():
        total[node] = as_float(mixture.total)
    maybe = known.is_holding & (times > 0) & ~(gone * (1 + SLACK) < total)
    moved_on = np.zeros(known.count, dtype=np.bool_)  # as a whole, or never came
    moved_on[source[stated.alike(source, target)]] = True
    moved_on &= times == 1
    moved_on[list(rest.found)] = False
    moved_on[lone.node[~lone.there]] = True
    maybe &= ~moved_on
    return _exactly(maybe, rest, stated, zip(target.tolist(), source.tolist(), strict=True), others)


def _exactly(
    maybe: Array,
    rest: _Rest,
    stated: Stated,
    moved: Iterable[tuple[int, int]],
    others: Iterable[tuple[int, Fraction]],
) -> Array:
    """The excess where there may be one. `moved`: (lone holding, where it came from)."""
    excess = np.zeros(len(maybe))
    wanted = maybe.tolist()
    left: dict[int, list[Fraction]] = defaultdict(list)
    for node, source in moved:
        if wanted[source] and (amount := stated.exact(node)) is not None:
            left[source].append(amount)
    for source, amount in others:
        if wanted[source]:
            left[source].append(amount)
    for node, amounts in left.items():
        mixture = rest.found.get(node)
        total = stated.exact(node) if mixture is None else mixture.total
        if total is None or (len(amounts) == 1 and amounts[0] is total):
            continue
        gone = added(amounts) or ZERO
        if gone > total:
            excess[node] = as_float(gone - total)
            if mixture is not None:
                mixture.excess = gone - total
    return excess


def _places(known: _Nodes, order: Circles, direction: Direction) -> Array:
    """Where each node stands in the network; see `network`."""
    begun = np.zeros(known.count, dtype=np.bool_)
    begun[order.component[known.start]] = True
    number = np.cumsum(~begun) - 1
    starts = int(known.start.sum())
    found: Array = number[order.component]
    if direction == "backward":
        found[known.start] = order.component.max() + 1 - starts
        return found
    found += starts
    found[known.start] = np.arange(starts)
    return found


def _together(
    known: _Nodes,
    place: Array,
    lone: _Lone,
    stated: Stated,
    rest: _Rest,
    excess: Array,
    direction: Direction,
    compiled: bool,
) -> Network:
    """Both parts as one network. Backward, units that come back are looked for in lists."""
    numbers = {unit: number for number, unit in enumerate(known.units)}
    by_number = dict(zip(known.rank, place.tolist(), strict=True))
    columns, places, knotted = _others(known, place, by_number, rest, numbers, direction)
    made = joined(
        LoneColumns(
            place[lone.node],
            known.unit[lone.node],
            np.where(lone.there, stated.value[lone.node], np.nan),
            excess[lone.node],
            lone.there,
            np.where(lone.source >= 0, place[lone.source], -1),
            lone.sure,
            lone.doubtful,
            lone.comparable,
        ),
        columns,
        np.array(places, dtype=np.int64),
        as_arrays=compiled and direction == "forward",
    )
    return Network(made, by_number, known.units, knotted)


def _others(
    known: _Nodes,
    place: Array,
    by_number: Mapping[int, int],
    rest: _Rest,
    numbers: Mapping[str, int],
    direction: Direction,
) -> tuple[Columns, list[int], list[tuple[int, int]]]:
    """The columns of all that is no lone holding, where those nodes stand, and units with their knots."""
    columns = Columns()
    knotted: set[tuple[int, int]] = set()
    members: dict[int, list[int]] = defaultdict(list)
    for node in sorted(rest.found):
        members[int(place[node])].append(node)
    for where, together in members.items():
        mixtures = [rest.found[node] for node in together]
        start = bool(known.start[together[0]])
        if start and direction == "backward":
            add_root(columns, mixtures, by_number, where)
            continue
        add_node(columns, mixtures, start, by_number, numbers, where)
        if len(together) > 1:
            knotted |= {(numbers[one.unit], where) for one in mixtures if one.unit is not None}
    return columns, list(members), sorted(knotted)
