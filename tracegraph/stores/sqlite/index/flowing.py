"""What flowed into all that a trace reaches, gathered from the arrays of the index by compiled loops."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from types import FunctionType
from typing import Any, NamedTuple

import numpy as np

from tracegraph.stores.flow import Flow
from tracegraph.stores.room import Room
from tracegraph.stores.sqlite.index import entering
from tracegraph.stores.sqlite.index.arrays import Array, DamagedIndex
from tracegraph.stores.sqlite.index.network import Network


class Loops(NamedTuple):
    """The loops of `entering`."""

    enter: Callable[..., int]
    tell: Callable[..., int]


INTERPRETED = Loops(entering.enter, entering.tell)


def gather_flow(network: Network, nodes: Array, ranks: Array, carried: int, loops: Loops) -> Flow | None:
    """What flowed into these nodes; None where the index does not tell all of it. `ranks`: a number per node of the
    index, all 0, which they are again afterwards; `carried`: the number of the rule by which goods stay."""
    nodes = nodes[_by_id(network, nodes)]
    first, source, leg, low, others = _legs(network, nodes, ranks, loops)
    everything = np.concatenate((nodes, others))
    network.hold_units(everything)
    stays = network.told("rule", leg) == carried
    told = _told(network, everything, len(nodes), source[stays], loops)
    if told is None:
        return None
    return Flow(
        node=everything,
        **told,
        first=first,
        source=source,
        event=network.told("event", leg),
        confirmed=(low & 1).astype(np.bool_),
        carried=stays,
        inputs=network.held.inputs,
        amounts=network.held.input_amounts,
    )


def _by_id(network: Network, nodes: Array) -> Array:
    """Where the nodes stand when they are sorted by their ids."""
    high = network.held.ids(nodes, 0)
    order = high.argsort()
    ordered = high[order]
    return np.lexsort((network.held.ids(nodes, 1), high)) if (ordered[1:] == ordered[:-1]).any() else order


def _legs(network: Network, nodes: Array, ranks: Array, loops: Loops) -> tuple[Array, Array, Array, Array, Array]:
    """The legs into the nodes, see `enter`, and what else they come from."""
    ways = network.backward
    ways.hold(nodes, legs=True)
    legs = int(ways.spans.take(nodes, axis=0)[:, 1].sum())
    room = Room(4096 + 4 * len(nodes) + 24 * legs)
    first = room.zeros(len(nodes) + 1, np.int32)
    source, leg, others = (room.zeros(legs, np.int32) for _ in range(3))
    keys, low = room.zeros(legs, np.int64), room.zeros(legs, np.int32)
    told = [network.column(name) for name in ("event", "rule", "instant")]
    met = loops.enter(
        nodes, ways.spans, ways.entries, ways.legs, ways.shift, *told, ranks, keys, first, source, leg, low, others
    )
    if met < 0:
        raise DamagedIndex("a leg leads outside the arrays")
    others = others[:met]
    ranks[nodes] = ranks[others] = 0
    found = int(first[-1])
    return first, source[:found], leg[:found], low[:found], others


def _told(network: Network, nodes: Array, count: int, stays: Array, loops: Loops) -> dict[str, Array] | None:
    """What is said of the nodes, see `tell`, of which the first `count` are reached. `stays`: where goods stay."""
    held = network.held
    room = Room(4096 + 48 * len(nodes))
    wanted = room.zeros(len(nodes), np.bool_)
    wanted[:count] = wanted[stays] = True
    held.hold(nodes[wanted])
    unit, begin, end = (room.zeros(len(nodes), np.int32) for _ in range(3))
    came, came_of, left, left_of = (room.zeros(len(nodes), np.int64) for _ in range(4))
    rest = room.zeros(len(nodes), np.bool_)
    columns = (unit, rest, came, came_of, left, left_of, begin, end)
    if loops.tell(
        nodes, count, network.units, held.words, held.values, held.input_amounts, held.pieces, wanted, *columns
    ):
        return None
    joints = np.flatnonzero(unit[:count] == 0)
    held.hold_flow(nodes[wanted & (unit > 0)], begin[joints], end[joints])
    names = ("unit", "rest", "came", "came_of", "left", "left_of", "begin", "end")
    return dict(zip(names, columns, strict=True))


@cache
def compiled_loops() -> Loops:
    """The same in machine code, kept on the disk between processes where that can be written."""
    from numba import njit

    make: Callable[..., Any] = njit(cache=True, nogil=True)
    parts = {part.__name__: make(part) for part in (entering.by_hand,)}
    enter, tell = (
        make(FunctionType(whole.__code__, {**vars(entering), **parts}, whole.__name__))
        for whole in (entering.enter, entering.tell)
    )
    return Loops(enter, tell)
