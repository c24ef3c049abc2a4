"""Mixtures as columns, in an order in which every node stands behind all that flowed into it.

Nodes that flow into each other (records that leave the order open) become one: a knot, of whose goods nobody knows how
they are mixed. Order and columns depend on ids alone, never on node numbers or on the order of arrival.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import nan

from tracegraph.stores.port import Direction
from tracegraph.trace.components import strong_components
from tracegraph.trace.shares.amounts import as_float
from tracegraph.trace.shares.mixtures import Inflow, Mixture, added

HOLDING, TRANSFORMATION, KNOT = 0, 1, 2


@dataclass(slots=True)
class Columns:
    """One entry for each node, inflow, or source of an inflow. `first_inflow[p]` to `first_inflow[p + 1]` are the
    inflows of node p, `first_source` the same of inflows. Flags are 0 or 1; nan: unknown.

    `kind` as above; `unit` the number of the unit (-1: none); `start`: a start of the trace; `total`: what came in;
    `made`, `excess`: see Mixture; `amount`, `sure`, `elsewhere`, `doubtful`, `comparable`: see Inflow; `source`: the
    node that an inflow may have come from.
    """

    kind: list[int] = field(default_factory=list)
    unit: list[int] = field(default_factory=list)
    start: list[int] = field(default_factory=list)
    total: list[float] = field(default_factory=list)
    made: list[float] = field(default_factory=list)
    excess: list[float] = field(default_factory=list)
    first_inflow: list[int] = field(default_factory=lambda: [0])
    amount: list[float] = field(default_factory=list)
    sure: list[int] = field(default_factory=list)
    elsewhere: list[int] = field(default_factory=list)
    doubtful: list[int] = field(default_factory=list)
    comparable: list[int] = field(default_factory=list)
    first_source: list[int] = field(default_factory=lambda: [0])
    source: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Network:
    """`place`: where each node stands in the columns; `units`: the units by their numbers there; `knotted`: units with
    the knots that a holding of theirs is in."""

    columns: Columns
    place: Mapping[int, int]
    units: Sequence[str]
    knotted: Sequence[tuple[int, int]] = ()


def network(
    mixtures: Mapping[int, Mixture], starts: frozenset[int], name: Callable[[int], str], direction: Direction
) -> Network:
    """The columns of the mixtures. `name`: the id of a node, by which all order is decided. What flowed into a start
    from another start moved nothing. Forward, the starts come first; backward, all of them are one node, the last."""
    knots = [knot for knot in ordered(mixtures, starts, name) if knot[0] not in starts]
    begun = sorted(starts, key=name)
    knots = [(node,) for node in begun] + knots if direction == "forward" else [*knots, tuple(begun)]
    place = {node: number for number, knot in enumerate(knots) for node in knot}
    units = sorted({mixture.unit for mixture in mixtures.values() if mixture.unit is not None})
    numbers = {unit: number for number, unit in enumerate(units)}
    columns = Columns()
    for knot in knots[: len(knots) - (direction == "backward")]:
        add_node(columns, [mixtures[node] for node in knot], knot[0] in starts, place, numbers, place[knot[0]])
    if direction == "backward":
        add_root(columns, [mixtures[node] for node in knots[-1]], place, len(knots) - 1)
    knotted = {
        (numbers[unit], place[node])
        for knot in knots
        if len(knot) > 1 and knot[0] not in starts
        for node in knot
        if (unit := mixtures[node].unit) is not None
    }
    return Network(columns, place, units, sorted(knotted))


def ordered(
    mixtures: Mapping[int, Mixture], starts: frozenset[int], name: Callable[[int], str]
) -> list[tuple[int, ...]]:
    """The nodes, each behind its sources; those in circles together."""
    names = {node: name(node) for node in mixtures}
    by_name = names.__getitem__
    sources = {
        node: () if node in starts else sources_of(mixture.inflows, by_name) for node, mixture in mixtures.items()
    }
    found = strong_components(sorted(mixtures, key=by_name), sources)
    return [tuple(sorted(together, key=by_name)) if len(together) > 1 else (together[0],) for together in found]


def sources_of(inflows: Sequence[Inflow], by_name: Callable[[int], str]) -> Sequence[int]:
    """All that a node's goods may have come from, in order; most nodes have one source."""
    if len(inflows) == 1 and len(inflows[0].sources) < 2:
        return inflows[0].sources
    return sorted({source for one in inflows for source in one.sources}, key=by_name)


def add_node(
    columns: Columns,
    mixtures: Sequence[Mixture],
    start: bool,
    place: Mapping[int, int],
    numbers: Mapping[str, int],
    number: int,
) -> None:
    """Add one node, or several as one knot. `number`: where it stands in the network."""
    one = mixtures[0]
    knot = len(mixtures) > 1
    columns.kind.append(KNOT if knot else TRANSFORMATION if one.unit is None else HOLDING)
    columns.unit.append(numbers[one.unit] if one.unit is not None and not knot else -1)
    columns.start.append(int(start))
    columns.total.append(nan if knot else as_float(one.total))
    columns.made.append(nan if knot else as_float(one.made))
    columns.excess.append(0.0 if knot else as_float(one.excess))
    for mixture in mixtures:
        for inflow in mixture.inflows:
            _add_inflow(columns, inflow, knot, mixture.addable, [place[source] for source in inflow.sources], number)
    columns.first_inflow.append(len(columns.amount))


def add_root(columns: Columns, mixtures: Sequence[Mixture], place: Mapping[int, int], number: int) -> None:
    """Add all starts as one node: what came into one of them from elsewhere; what came from a start was in it."""
    entered = [inflow for mixture in mixtures for inflow in mixture.inflows if not _inside(inflow, place, number)]
    columns.kind.append(HOLDING)
    columns.unit.append(-1)
    columns.start.append(1)
    columns.total.append(as_float(added(inflow.amount for inflow in entered)) if entered else nan)
    columns.made.append(nan)
    columns.excess.append(0.0)
    for inflow in entered:
        _add_inflow(columns, inflow, False, True, [place[source] for source in inflow.sources], number)
    columns.first_inflow.append(len(columns.amount))


def _inside(inflow: Inflow, place: Mapping[int, int], root: int) -> bool:
    return not inflow.elsewhere and all(place[source] == root for source in inflow.sources)


def _add_inflow(columns: Columns, inflow: Inflow, knot: bool, addable: bool, sources: Iterable[int], node: int) -> None:
    """Into a knot, and where they cannot be added, amounts say nothing. What flows inside a knot is no inflow."""
    others = [source for source in dict.fromkeys(sources) if source != node]
    if knot and not others and not inflow.elsewhere:
        return
    columns.amount.append(as_float(inflow.amount) if addable and not knot else nan)
    columns.sure.append(int(inflow.sure))
    columns.elsewhere.append(int(inflow.elsewhere))
    columns.doubtful.append(int(inflow.doubtful))
    columns.comparable.append(int(inflow.comparable))
    columns.source += others
    columns.first_source.append(len(columns.source))
