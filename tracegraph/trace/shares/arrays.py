"""Shares as arrays, forward: for whoever computes on with them, and asks a store with an index in a process with numba.

An answer in full has the same shares as text; most of its time goes into texts.
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from tracegraph.model.custody import Holding
from tracegraph.stores.room import Room
from tracegraph.trace.reach import Reached, Starts
from tracegraph.trace.shares.flowing import Array, FlowNetwork, as_column, compiled_loops, network_of_flow
from tracegraph.trace.shares.kernels import Kernel, compiled_kernel, run_forward
from tracegraph.trace.shares.network import Network
from tracegraph.trace.snapshot import Snapshot

#: Starts up to which each is looked for by itself.
FEW = 16


class Bounded(NamedTuple):
    """Shares (nan: unknown), and their bounds: whatever was mixed with what, and with losses falling on all alike."""

    share: Array
    least: Array
    most: Array
    least_even: Array
    most_even: Array


class ShareArrays(NamedTuple):
    """Numbers in the store of the reached nodes, in the order of their ids, and of the units, ascending, with the part
    of each that derives from the starts."""

    nodes: Array
    units: Array
    of_nodes: Bounded
    of_units: Bounded


def share_arrays(snapshot: Snapshot, starts: Starts) -> ShareArrays | None:
    """The shares of everything that the starts reach; None where the store does not have it as arrays (no index, an
    older position, rows that changed since), numba is not loaded, or the records are not plain: see `shares`."""
    found = _made(snapshot, starts)
    return None if found is None else _mixed(*found, compiled_kernel())


def flowed_network(snapshot: Snapshot, starts: Starts, part: Reached) -> Network | None:
    """The network of what was reached, as `network` makes it; None where `share_arrays` says so, the trace goes
    backward, or time was up before all was followed."""
    if part.direction == "backward" or part.unfollowed:
        return None
    found = _made(snapshot, starts)
    if found is None:
        return None
    made, node, _ = found
    place = dict(zip(node.tolist(), made.places.tolist(), strict=True))
    if place.keys() != part.nodes.keys():
        return None
    places, first = np.unique(made.columns.unit, return_index=True)
    shown = node[made.places.argsort()[first[places >= 0]]]
    keys = [holding.unit for one in shown.tolist() if isinstance(holding := part.nodes[one], Holding)]
    order = np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=np.int64)
    columns = replace(made.columns, unit=as_column(np.append(order.argsort(), -1)[made.columns.unit]))
    return Network(columns, place, [keys[number] for number in order.tolist()])


def _made(snapshot: Snapshot, starts: Starts) -> tuple[FlowNetwork, Array, Array] | None:
    """The network, the numbers of its nodes in the store by their ids, and which of them are starts."""
    flow = snapshot.flow(starts.certain) if "numba" in sys.modules and not starts.early else None
    if flow is None:
        return None
    nodes = flow.node[: len(flow.first) - 1]
    start = _among(nodes, list(starts.certain))
    made = network_of_flow(flow, start, compiled_loops())
    return None if made is None else (made, nodes, start)


def _among(nodes: Array, wanted: list[int]) -> Array:
    """Which of the nodes are wanted: few are compared one by one, which is faster."""
    if len(wanted) > FEW:
        return np.isin(nodes, wanted)
    found = np.zeros(len(nodes), dtype=np.bool_)
    for node in wanted:
        found |= nodes == node
    return found


def _mixed(made: FlowNetwork, nodes: Array, start: Array, kernel: Kernel) -> ShareArrays:
    (some, units), (even, even_units) = _both_losses(made, kernel)
    places = made.places.astype(np.intp)
    of_nodes = Bounded(*(_whole(column.take(places), start) for column in (*some[:3], *even[1:3])))
    return ShareArrays(nodes, made.units, of_nodes, Bounded(*_of_units(*units), *_of_units(*even_units)[1:]))


def _both_losses(made: FlowNetwork, kernel: Kernel) -> list[tuple[list[Any], list[Any]]]:
    """Both kinds of bounds, side by side: compiled loops let other threads run."""
    with ThreadPoolExecutor(1) as beside:
        even = beside.submit(_mix, made, True, kernel)
        return [_mix(made, False, kernel), even.result()]


def _mix(made: FlowNetwork, even: bool, kernel: Kernel) -> tuple[list[Any], list[Any]]:
    room = Room(4096 + 64 * (len(made.places) + len(made.units)))
    return run_forward(made.columns, len(made.units), even, replace(kernel, filled=room.filled))


def _whole(column: Array, start: Array) -> Array:
    """A start is wholly of the start."""
    column[start] = 1.0
    return column


def _of_units(first: Array, alike: Array, part: Array, whole: Array, marked: Array, others: Array) -> tuple[Any, ...]:
    """As `kernels` says it of one unit."""
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(alike != 0.0, first, part / whole)
        least = np.where(whole > 0.0, np.maximum(0.0, (whole - others) / whole), np.where(others == 0.0, 1.0, 0.0))
        most = np.where(whole > 0.0, np.minimum(1.0, marked / whole), np.where(marked > 0.0, 1.0, 0.0))
    nothing = first == -1.0
    return np.where(nothing, np.nan, share), np.where(nothing, 0.0, least), np.where(nothing, 1.0, most)
