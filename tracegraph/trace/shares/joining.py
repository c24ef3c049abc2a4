"""Columns of a network joined of two parts: of lone holdings as arrays, and of all else as it stands in `Columns`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracegraph.trace.shares.network import HOLDING, Columns

Array = NDArray[Any]


class LoneColumns(NamedTuple):
    """A row for each lone holding: its place, and what `Columns` says of it; `there`: something came in; `source`: the
    place of where it came from (-1: elsewhere)."""

    place: Array
    unit: Array
    total: Array
    excess: Array
    there: Array
    source: Array
    sure: Array
    doubtful: Array
    comparable: Array


def joined(lone: LoneColumns, rest: Columns, places: Array, as_arrays: bool = False) -> Columns:
    """Both as columns; `places`: where the nodes of the rest stand. `as_arrays`: for a kernel that wants arrays."""
    count = len(lone.place) + len(places)
    node = _Joining(lone.place, places, count)
    inflows = _filled(node, lone.there, np.diff(rest.first_inflow))
    first_inflow = _summed(inflows)
    inflow = _Joining(
        first_inflow[lone.place[lone.there]], _runs(first_inflow, places, rest.first_inflow), inflows.sum()
    )
    there = lone.there
    source = lone.source[there]
    sources = _filled(inflow, source >= 0, np.diff(rest.first_source))
    first_source = _summed(sources)
    origin = _Joining(
        first_source[inflow.one[source >= 0]], _runs(first_source, inflow.other, rest.first_source), sources.sum()
    )
    whole, real = _typed(np.int64), _typed(np.float64)
    made: dict[str, Any] = {
        "kind": whole(node, HOLDING, rest.kind),
        "unit": whole(node, lone.unit, rest.unit),
        "start": whole(node, 0, rest.start),
        "total": real(node, lone.total, rest.total),
        "made": real(node, np.nan, rest.made),
        "excess": real(node, lone.excess, rest.excess),
        "first_inflow": first_inflow,
        "amount": real(inflow, lone.total[there], rest.amount),
        "sure": whole(inflow, lone.sure[there], rest.sure),
        "elsewhere": whole(inflow, source < 0, rest.elsewhere),
        "doubtful": whole(inflow, lone.doubtful[there], rest.doubtful),
        "comparable": whole(inflow, lone.comparable[there], rest.comparable),
        "first_source": first_source,
        "source": whole(origin, source[source >= 0], rest.source),
    }
    return Columns(**{name: column if as_arrays else column.tolist() for name, column in made.items()})


class _Joining(NamedTuple):
    """Where the rows of the one part and of the other go among all of them."""

    one: Array
    other: Array
    size: int


def _typed(kind: type[np.int64] | type[np.float64]) -> Callable[[_Joining, Any, Any], Array]:
    def make(where: _Joining, one: Any, other: Any) -> Array:
        found = np.empty(where.size, dtype=kind)
        found[where.one] = one
        found[where.other] = other
        return found

    return make


def _filled(where: _Joining, one: Array, other: Array) -> Array:
    return _typed(np.int64)(where, one, other)


def _summed(counts: Array) -> Array:
    """Where the run of each begins, and where the last ends."""
    found = np.zeros(len(counts) + 1, dtype=np.int64)
    np.cumsum(counts, out=found[1:])
    return found


def _runs(first: Array, rows: Array, old: Any) -> Array:
    """Where items go that stand in runs now, a run for each of the rows."""
    bounds: Array = np.array(old, dtype=np.int64)
    found: Array = (first[rows] - bounds[:-1]).repeat(bounds[1:] - bounds[:-1]) + np.arange(old[-1])
    return found
