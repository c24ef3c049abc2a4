"""Which kernel follows the legs. All give the same answer; the figures are in docs/adr/004-trace-index.md."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tracegraph.stores.sqlite.index.arrays import Array
    from tracegraph.stores.sqlite.index.scratch import Scratch
    from tracegraph.stores.sqlite.index.ways import Ways

    Search = Callable[[Ways, list[int], bool, Scratch], tuple[Array, Array]]

#: Seconds that a process searches with numpy before it is worth loading the compiled search, which costs about as much:
#: whatever comes after, the whole never takes more than twice what the better choice would have taken.
PATIENCE = 1.0


class Kernel(StrEnum):
    """What may follow the legs; AUTO chooses."""

    AUTO = "auto"
    SQL = "sql"
    NUMPY = "numpy"
    NUMBA = "numba"


def choose_search(kernel: Kernel, shift: int, spent: float) -> tuple[Search, bool]:
    """The search to use after `spent` seconds of searching, and whether that is final."""
    from tracegraph.stores.sqlite.index import search_numpy

    if kernel is Kernel.NUMPY or (kernel is Kernel.AUTO and not _can_compile()):
        return search_numpy.search, True
    if kernel is Kernel.AUTO and spent < PATIENCE:
        return search_numpy.search, False
    from tracegraph.stores.sqlite.index import search_numba

    return (search_numba.search if shift == search_numba.SHIFT else search_numpy.search), True


@cache
def _can_compile() -> bool:
    """Whether the compiled search is installed: looking for it takes longer than a small search."""
    return find_spec("numba") is not None
