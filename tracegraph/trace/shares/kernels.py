"""Runs the mixing over a network: interpreted, or compiled (extra `fast`) where numba is loaded already.

Loading numba costs more than mixing 100,000 nodes does without it, so nothing is loaded here. Both give the same bits.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from math import nan
from types import FunctionType
from typing import Any, NamedTuple

from tracegraph.trace.shares import mixing
from tracegraph.trace.shares.network import KNOT, Columns, Network


class Part(NamedTuple):
    """A share (nan: unknown) with its bounds."""

    share: float
    least: float
    most: float


#: What nothing is known of.
UNKNOWN = Part(nan, 0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Mixed:
    """Parts of the nodes by their places in the columns, and of the units by their numbers."""

    nodes: Sequence[Part]
    units: Sequence[Part]


Make = Callable[[Any], Any]

#: What each kernel is given of the columns, in its order, and which of it are whole numbers.
FORWARD = (
    "kind", "unit", "start", "total", "made", "excess", "first_inflow", "amount", "elsewhere", "doubtful", "comparable",
    "first_source", "source",
)  # fmt: skip
BACKWARD = (
    "kind", "unit", "total", "made", "excess", "first_inflow", "amount", "sure", "elsewhere", "comparable",
    "first_source", "source",
)  # fmt: skip
REAL = frozenset({"total", "made", "excess", "amount"})
SMALL = frozenset({"kind", "start", "sure", "elsewhere", "doubtful", "comparable"})


@dataclass(frozen=True, slots=True)
class Kernel:
    """A way to mix. `whole`, `small`, `real`: make the columns that it works on; `filled` one of equal numbers."""

    forward: Callable[..., None]
    backward: Callable[..., None]
    whole: Make
    small: Make
    real: Make
    filled: Callable[[int, float], Any]

    def given(self, columns: Columns, names: Sequence[str]) -> list[Any]:
        """Those columns, as the kernel wants them."""
        make = {name: self.real if name in REAL else self.small if name in SMALL else self.whole for name in names}
        return [make[name](getattr(columns, name)) for name in names]

    def numbers(self, value: float, count: int, columns: int) -> list[Any]:
        """So many columns of one value, to be filled in."""
        return [self.filled(count, value) for _ in range(columns)]


def _listed(column: Any) -> list[Any]:
    found: list[Any] = column.tolist() if hasattr(column, "tolist") else list(column)
    return found


INTERPRETED = Kernel(mixing.forward, mixing.backward, _listed, _listed, _listed, lambda count, value: [value] * count)


def mix_forward(made: Network, even: bool, compiled: bool | None = None) -> Mixed:
    """What derives from the starts."""
    nodes, came = run_forward(made.columns, len(made.units), even, _kernel(compiled))
    found = [_of_unit(*values) for values in zip(*map(_listed, came), strict=True)]
    parts = _parts(*nodes[:3])
    return Mixed(parts, _through_knots(made, parts, found))


def run_forward(columns: Columns, units: int, even: bool, kernel: Kernel) -> tuple[list[Any], list[Any]]:
    """What `mixing.forward` fills in: columns of the nodes, and of what came into the units."""
    nodes = kernel.numbers(0.0, len(columns.kind), 5)
    came = [*kernel.numbers(-1.0, units, 1), *kernel.numbers(1.0, units, 1), *kernel.numbers(0.0, units, 4)]
    kernel.forward(*kernel.given(columns, FORWARD), even, *nodes, *came)
    return nodes, came


def mix_backward(made: Network, even: bool, compiled: bool | None = None) -> Mixed:
    """What the starts derive from. A unit that goods left and came back to is mixed again with what lies behind it cut
    off, so that nothing counts twice."""
    found = _mix_backward(made, even, -1, compiled)
    units = list(found.units)
    for number in returning(made.columns, len(units)):
        units[number] = _mix_backward(made, even, number, compiled).units[number]
    return Mixed(found.nodes, _through_knots(made, found.nodes, units))


def _mix_backward(made: Network, even: bool, absorbing: int, compiled: bool | None) -> Mixed:
    columns = made.columns
    kernel = _kernel(compiled)
    nodes = kernel.numbers(0.0, len(columns.kind), 4)
    units = kernel.numbers(0.0, len(made.units), 3)
    kernel.backward(*kernel.given(columns, BACKWARD), even, absorbing, *nodes, *units)
    knots = {number for number, kind in enumerate(columns.kind) if kind == KNOT}
    parts = [_in_knot(part) if number in knots else part for number, part in enumerate(_parts(*nodes[:3]))]
    return Mixed(parts, _parts(*units))


def _parts(share: Sequence[float], least: Sequence[float], most: Sequence[float]) -> list[Part]:
    """What is unknown is one object, so that equal parts are found equal."""
    known = [one if one == one else nan for one in _listed(share)]
    return list(map(Part._make, zip(known, _listed(least), _listed(most), strict=True)))


def _in_knot(part: Part) -> Part:
    """Of what flows through a knot nobody knows how much of it passes each of its nodes."""
    return part if part.most == 0.0 else Part(nan, 0.0, part.most)


def _of_unit(first: float, alike: float, part: float, whole: float, marked: float, others: float) -> Part:
    """Of all that came into a unit, as `mixing.forward` leaves it."""
    if first == -1.0:
        return UNKNOWN
    share = float(first) if alike else float(part) / float(whole)
    if whole > 0.0:
        return Part(share, max(0.0, float((whole - others) / whole)), min(1.0, float(marked / whole)))
    return Part(share, 1.0 if others == 0.0 else 0.0, 1.0 if marked > 0.0 else 0.0)


def _through_knots(made: Network, nodes: Sequence[Part], units: Sequence[Part]) -> list[Part]:
    """Units with a holding in a knot: their parts are those of the knot and of all else, whichever is wider."""
    found = list(units)
    for number, knot in made.knotted:
        one, other = found[number], nodes[knot]
        share = one.share if one.share == other.share else nan
        found[number] = Part(share, min(one.least, other.least), max(one.most, other.most))
    return found


def returning(columns: Columns, units: int) -> list[int]:
    """The units that goods may leave and come back to: a walk upstream over units and transformations."""
    upstream: list[set[int]] = [set() for _ in range(units + len(columns.kind))]

    def vertex(node: int) -> int:
        return columns.unit[node] if columns.unit[node] >= 0 else units + node

    for node in range(len(columns.kind)):
        for place in range(
            columns.first_source[columns.first_inflow[node]], columns.first_source[columns.first_inflow[node + 1]]
        ):
            tail = vertex(columns.source[place])
            if tail != vertex(node):
                upstream[vertex(node)].add(tail)
    return [number for number, circle in enumerate(_in_circles(upstream)) if circle and number < units]


def _in_circles(upstream: Sequence[set[int]]) -> list[bool]:
    """Which vertices lie on a circle: those that are left when ends are taken away from both sides, over and over.
    (What lies between two circles is left too, which costs a pass and changes no answer.)"""
    left = [True] * len(upstream)
    downstream: list[set[int]] = [set() for _ in upstream]
    for vertex, tails in enumerate(upstream):
        for tail in tails:
            downstream[tail].add(vertex)
    for ahead, behind in ((upstream, downstream), (downstream, upstream)):
        count = [sum(left[other] for other in others) for others in ahead]
        ends = [vertex for vertex, number in enumerate(count) if number == 0 and left[vertex]]
        while ends:
            vertex = ends.pop()
            left[vertex] = False
            for other in behind[vertex]:
                count[other] -= 1
                if count[other] == 0 and left[other]:
                    ends.append(other)
    return left


def _kernel(compiled: bool | None) -> Kernel:
    if compiled is None:
        compiled = "numba" in sys.modules
    return compiled_kernel() if compiled else INTERPRETED


@cache
def compiled_kernel() -> Kernel:
    """The same in machine code, kept on the disk between processes where that can be written."""
    import numpy as np
    from numba import njit

    make = njit(cache=True, nogil=True)
    parts = {part.__name__: make(part) for part in (mixing.gathered, mixing.passed_on, mixing.reaching)}
    forward, backward = (
        make(FunctionType(whole.__code__, {**vars(mixing), **parts}, whole.__name__))
        for whole in (mixing.forward, mixing.backward)
    )
    return Kernel(
        forward,
        backward,
        lambda column: np.asarray(column, dtype=np.int64),
        lambda column: np.asarray(column, dtype=np.int8),
        lambda column: np.asarray(column, dtype=np.float64),
        lambda count, value: np.full(count, value, dtype=np.float64),
    )
