"""The network of a large trace made of a flow: arrays from the store's index to the shares, and no objects between.

It is the same as `network` makes, to the bit; what is rare in a flow makes it give up, and the plain way is taken.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from types import FunctionType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracegraph.stores.flow import NODE_COLUMNS, SCALE, Flow
from tracegraph.stores.room import Room
from tracegraph.trace.shares import assembling
from tracegraph.trace.shares.network import Columns

Array = NDArray[Any]


#: Numbers of units up to so many times the nodes are marked.
MARKED = 64


class Loops(NamedTuple):
    """The loops of `assembling`."""

    place: Callable[..., int]
    move: Callable[..., None]
    state: Callable[..., None]
    assemble: Callable[..., int]


_WHOLE = (assembling.place, assembling.move, assembling.state, assembling.assemble)
INTERPRETED = Loops(*_WHOLE)


def as_column(values: Array) -> Any:
    """An array where `Columns` has lists: kernels take both."""
    return values


class FlowNetwork(NamedTuple):
    """`columns` as arrays, in which units are numbered as they stand in `units`, which has their numbers in the store;
    `places`: where each node of the flow stands."""

    columns: Columns
    units: Array
    places: Array


def network_of_flow(flow: Flow, start: Array, loops: Loops) -> FlowNetwork | None:
    """The network, forward; None where it is not plain enough. `start`: which of the reached nodes are starts."""
    count = len(flow.first) - 1
    room = Room(_bytes_of(flow))
    places = np.full(count, -1, dtype=np.int32)
    ranks, path, cursor = (room.zeros(count, np.int32) for _ in range(3))
    if loops.place(flow.first, flow.source, start, places, ranks, path, cursor):
        return None
    moved = _moved(flow, places, ranks, loops, room)
    columns = _columns(moved, start[ranks], loops, room)
    if columns is None:
        return None
    units, numbers = _numbered(moved.unit[:count])
    columns = replace(columns, unit=as_column(numbers))
    return FlowNetwork(columns, units, places)


def _bytes_of(flow: Flow) -> int:
    """Room for all columns between a flow and its network."""
    return 4096 + 160 * len(flow.node) + 64 * len(flow.source) + 24 * int((flow.end - flow.begin).sum())


def _numbered(owner: Array) -> tuple[Array, Array]:
    """The units, and for each node which of them it is (-1: none). Few numbers that are large are sorted, else they are
    marked, which is faster."""
    most = int(owner.max(initial=0)) + 1
    if most > MARKED * len(owner):
        units, numbers = np.unique(owner, return_inverse=True)
        none = int(len(units) > 0 and units[0] == 0)
        return units[none:], numbers - none
    marks = np.zeros(most, dtype=np.bool_)
    marks[owner] = True
    marks[0] = False
    units = np.flatnonzero(marks)
    number = np.full(most, -1, dtype=np.int32)
    number[units] = np.arange(len(units), dtype=np.int32)
    return units, number.take(owner)


def _moved(flow: Flow, places: Array, ranks: Array, loops: Loops, room: Room) -> Flow:
    """The flow with its reached nodes in the order of their places."""
    legs = len(flow.source)
    first = room.zeros(len(ranks) + 1, np.int32)
    source, event = room.zeros(legs, np.int32), room.zeros(legs, np.int32)
    confirmed, carried = room.zeros(legs, np.bool_), room.zeros(legs, np.bool_)
    loops.move(
        ranks, places, flow.first, flow.source, flow.event, flow.confirmed, flow.carried, first, source, event,
        confirmed, carried,
    )  # fmt: skip
    order = np.concatenate((ranks, np.arange(len(ranks), len(flow.node), dtype=np.int32)))
    nodes = {name: _taken(getattr(flow, name), order, room) for name in NODE_COLUMNS}
    legs_moved = {"first": first, "source": source, "event": event, "confirmed": confirmed, "carried": carried}
    return flow._replace(**nodes, **legs_moved)


def _taken(column: Array, order: Array, room: Room) -> Array:
    return column.take(order, out=room.zeros(len(order), column.dtype), mode="clip")


def _columns(flow: Flow, start: Array, loops: Loops, room: Room) -> Columns | None:
    """The columns but for the units, of nodes that stand at their places."""
    count, legs = len(start), len(flow.source)
    dimension, kept, kept_of, whole, gone = (room.zeros(count, np.int64) for _ in range(5))
    stays = room.zeros(count, np.int32)
    into = (flow.first, flow.source)
    inputs = (flow.begin, flow.end)
    loops.state(
        count, flow.unit, flow.came, flow.came_of, flow.left, flow.left_of, *into, flow.confirmed, flow.carried,
        *inputs, flow.amounts, dimension, kept, kept_of, stays,
    )  # fmt: skip
    most = 2 * count + legs + int((flow.end - flow.begin).sum())
    kind = room.zeros(count, np.int8)
    total, made, excess = room.zeros(count, np.float64), room.filled(count, np.nan), room.zeros(count, np.float64)
    first_inflow, first_source = room.zeros(count + 1, np.int64), room.zeros(most + 1, np.int64)
    amount, source, group = room.zeros(most, np.float64), room.zeros(legs, np.int64), room.zeros(legs, np.int32)
    sure, elsewhere, doubtful, comparable = (room.zeros(most, np.int8) for _ in range(4))
    inflows = loops.assemble(
        count, flow.unit, flow.rest, flow.came, flow.came_of, flow.left, *into, flow.event, flow.confirmed,
        flow.carried, *inputs, flow.inputs, flow.amounts, dimension, kept, kept_of, stays, group, whole, gone,
        kind, total, made, first_inflow, amount, sure, elsewhere, doubtful, comparable, first_source, source,
    )  # fmt: skip
    if inflows < 0:
        return None
    over = (flow.unit[:count] > 0) & (whole >= 0) & (gone > whole)
    excess[over] = (gone[over] - whole[over]) / SCALE
    by_inflow: dict[str, Any] = {
        name: column[:inflows]
        for name, column in (
            ("amount", amount),
            ("sure", sure),
            ("elsewhere", elsewhere),
            ("doubtful", doubtful),
            ("comparable", comparable),
        )
    }
    by_node: dict[str, Any] = {"kind": kind, "total": total, "made": made, "excess": excess}
    by_node |= {"start": start.astype(np.int8), "first_inflow": first_inflow}
    first_source = first_source[: inflows + 1]
    return Columns(**by_node, **by_inflow, first_source=first_source, source=source[: first_source[-1]])  # type: ignore[arg-type]


@cache
def compiled_loops() -> Loops:
    """The same in machine code, kept on the disk between processes where that can be written."""
    from numba import njit

    make: Callable[..., Any] = njit(cache=True, nogil=True)
    parts = {part.__name__: make(part) for part in (assembling.ungrouped, assembling.came_in)}
    glued = {**vars(assembling), **parts}
    return Loops(*(make(FunctionType(whole.__code__, glued, whole.__name__)) for whole in _WHOLE))
