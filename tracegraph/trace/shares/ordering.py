"""The order of the nodes of a large trace: by their ids, and each behind its sources."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tracegraph.trace.shares.circles import components

Array = NDArray[Any]

#: Digits of most ids, which are numbers of 128 bits.
DIGITS = 32


@dataclass(frozen=True, slots=True)
class Circles:
    """Of each node the number of its strong component, in an order in which components stand behind their sources, and
    whether there are others in it."""

    component: Array
    in_circle: Array


def circles(first: Array, following: Array, compiled: bool) -> Circles:
    """The strong components; see `components`."""
    count = len(first) - 1
    columns = [np.full(count, -1), *(np.zeros(count, dtype=np.int64) for _ in range(5))]
    if compiled:
        found = _compiled()(first, following, *columns)
        component = columns[0]
    else:
        lists = [column.tolist() for column in columns]
        found = components(first.tolist(), following.tolist(), *lists)
        component = np.array(lists[0], dtype=np.int64)
    return Circles(component, (np.bincount(component, minlength=found) > 1)[component])


def name_order(names: Sequence[str]) -> Array:
    """Where the names stand when they are sorted, least first. Numbers of 32 digits are sorted as numbers."""
    digits = "".join(names)
    if len(digits) == DIGITS * len(names) and all(len(name) == DIGITS for name in names):
        try:
            raw = bytes.fromhex(digits)
        except ValueError:
            raw = b""
        if raw.hex() == digits:
            halves = np.frombuffer(raw, dtype=">u8").reshape(-1, 2).astype(np.uint64)
            return np.lexsort((halves[:, 1], halves[:, 0]))
    return np.array(sorted(range(len(names)), key=names.__getitem__), dtype=np.int64)


@cache
def _compiled() -> Callable[..., int]:
    """The same in machine code, kept on the disk between processes where that can be written."""
    from numba import njit

    made: Callable[..., int] = njit(cache=True, nogil=True)(components)
    return made
