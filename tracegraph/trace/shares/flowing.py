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

from tracegraph.stores.flow import Flow
from tracegraph.trace.shares import assembling
from tracegraph.trace.shares.circles import components
from tracegraph.trace.shares.network import Columns
from tracegraph.trace.shares.ordering import compiled_components

Array = NDArray[Any]


class Loops(NamedTuple):
    """The loops of `assembling`, and of `circles`."""

    following: Callable[..., int]
    components: Callable[..., int]
    place: Callable[..., None]
    state: Callable[..., None]
    assemble: Callable[..., int]
    exceed: Callable[..., None]


INTERPRETED = Loops(
    assembling.following, components, assembling.place, assembling.state, assembling.assemble, assembling.exceed
)


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
    begins = np.zeros(count + 1, dtype=np.int64)
    ahead = np.empty(len(flow.source), dtype=np.int64)
    found = loops.following(flow.first, flow.source, start, begins, ahead)
    if found < 0:
        return None
    component, *rooms = (np.full(count, -1), *(np.zeros(count, dtype=np.int64) for _ in range(5)))
    closed = loops.components(begins, ahead[:found], component, *rooms)
    if closed < count:
        return None
    places, ranks = (np.empty(count, dtype=np.int64) for _ in range(2))
    loops.place(component, start, closed, places, ranks)
    columns = _columns(flow, start, places, ranks, loops)
    if columns is None:
        return None
    units, numbers = np.unique(flow.unit[ranks], return_inverse=True)
    joints = int(len(units) > 0 and units[0] == 0)
    columns = replace(columns, unit=as_column(numbers - joints))
    return FlowNetwork(columns, units[joints:], places)


def _columns(flow: Flow, start: Array, places: Array, ranks: Array, loops: Loops) -> Columns | None:
    """The columns but for the units."""
    count, legs = len(places), len(flow.source)
    dimension, kept, kept_of, stays, whole, gone = (np.zeros(count, dtype=np.int64) for _ in range(6))
    into = (flow.first, flow.source)
    inputs = (flow.begin, flow.end)
    loops.state(
        count, flow.unit, flow.came, flow.came_of, flow.left, flow.left_of, *into, flow.confirmed, flow.carried,
        *inputs, flow.amounts, dimension, kept, kept_of, stays,
    )  # fmt: skip
    most = 2 * count + legs + int((flow.end - flow.begin).sum())
    kind = np.zeros(count, dtype=np.int64)
    total, made, excess = np.empty(count), np.full(count, np.nan), np.zeros(count)
    first_inflow, first_source = np.zeros(count + 1, dtype=np.int64), np.zeros(most + 1, dtype=np.int64)
    amount, source, group = np.empty(most), np.empty(legs, dtype=np.int64), np.zeros(legs, dtype=np.int64)
    sure, elsewhere, doubtful, comparable = (np.empty(most, dtype=np.int64) for _ in range(4))
    inflows = loops.assemble(
        ranks, places, flow.unit, flow.rest, flow.came, flow.came_of, flow.left, *into, flow.event, flow.confirmed,
        flow.carried, *inputs, flow.inputs, flow.amounts, dimension, kept, kept_of, stays, group, whole, gone,
        kind, total, made, first_inflow, amount, sure, elsewhere, doubtful, comparable, first_source, source,
    )  # fmt: skip
    if inflows < 0:
        return None
    loops.exceed(ranks, flow.unit, whole, gone, excess)
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
    by_node |= {"start": start[ranks].astype(np.int64), "first_inflow": first_inflow}
    first_source = first_source[: inflows + 1]
    return Columns(**by_node, **by_inflow, first_source=first_source, source=source[: first_source[-1]])  # type: ignore[arg-type]


@cache
def compiled_loops() -> Loops:
    """The same in machine code, kept on the disk between processes where that can be written."""
    from numba import njit

    make: Callable[..., Any] = njit(cache=True, nogil=True)
    parts = {part.__name__: make(part) for part in (assembling.ungrouped, assembling.came_in)}
    following, place, state, assemble, exceed = (
        make(FunctionType(whole.__code__, {**vars(assembling), **parts}, whole.__name__))
        for whole in (
            assembling.following,
            assembling.place,
            assembling.state,
            assembling.assemble,
            assembling.exceed,
        )
    )
    return Loops(following, compiled_components(), place, state, assemble, exceed)
