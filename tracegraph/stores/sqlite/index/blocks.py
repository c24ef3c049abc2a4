"""Checksums of blocks, checked on first touch, so that a flipped bit in the file never gets into an answer and opening
costs nothing.

The checksum of a block is the sum of its 64-bit words, each times an odd constant of its place, modulo 2**64: every
change of a single word shows for certain, any other but once in 2**64. numpy computes it at the speed of memory.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]

#: Bytes in a block: what the system reads at once when memory that is mapped is touched.
BLOCK = 4096

_WORDS = BLOCK // 8

#: Blocks summed at once, so that their copy stays in the cache.
_AT_ONCE = 256

#: Once this share of a section has been touched the rest is checked too: one sweep is cheaper than asking each time.
_SWEEP = 8


def _weights() -> Words:
    """An odd constant for each place in a block (splitmix64)."""
    found = np.arange(1, _WORDS + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        found = (found ^ (found >> np.uint64(shift))) * np.uint64(factor)
    return found | np.uint64(1)


_WEIGHTS = _weights()


def checksums(words: Words) -> Words:
    """The checksum of each block; `words` has one row per block."""
    found = np.empty(len(words), dtype=np.uint64)
    for first in range(0, len(words), _AT_ONCE):
        portion = np.ascontiguousarray(words[first : first + _AT_ONCE])
        found[first : first + _AT_ONCE] = np.einsum("ij,j->i", portion, _WEIGHTS)
    return found


def distinct(numbers: NDArray[Any]) -> NDArray[Any]:
    """The numbers in order, each once; numpy has this too, but loads masked arrays for it, which takes time."""
    found = np.sort(numbers)
    first = np.ones(len(found), dtype=np.bool_)
    np.not_equal(found[1:], found[:-1], out=first[1:])
    return found[first]


class Blocks:
    """The blocks of one section: which of them are known to be whole.

    `words`: the section's memory, a row per block; `sums`: what the checksums should be; `per_block`: items in a block.
    """

    def __init__(self, words: Words, sums: Words, per_block: int) -> None:
        self._words = words
        self._sums = sums
        self._shift = per_block.bit_length() - 1
        self._checked = np.zeros(len(words), dtype=np.bool_)
        self.complete = len(words) == 0

    def hold(self, items: NDArray[np.integer]) -> bool:
        """Whether the blocks of all these items are whole; items past the end are room for later, where nothing is."""
        if self.complete:
            return True
        blocks = items >> self._shift
        if len(blocks) and blocks.max() < len(self._checked) and self._checked[blocks].all():
            return True
        return self._hold_blocks(distinct(blocks))

    def hold_ranges(self, begins: NDArray[np.integer], ends: NDArray[np.integer]) -> bool:
        """The same for all items from a begin up to its end."""
        if self.complete:
            return True
        some = ends > begins
        first, last = begins[some] >> self._shift, (ends[some] - 1) >> self._shift
        if not len(first):
            return True
        if last.max() < len(self._checked) and (last - first).max() < 2:
            return bool(self._checked[first].all() and self._checked[last].all()) or self._hold_blocks(
                distinct(np.concatenate((first, last)))
            )
        marks = np.zeros(len(self._checked) + 2, dtype=np.int64)
        limit = len(marks) - 1
        np.add.at(marks, np.minimum(first, limit), 1)
        np.add.at(marks, np.minimum(last + 1, limit), -1)
        return self._hold_blocks(np.flatnonzero(marks.cumsum()[: len(self._checked)]))

    def hold_all(self) -> bool:
        """Whether every block is whole."""
        return self._hold_blocks(np.arange(len(self._checked)))

    def _hold_blocks(self, blocks: NDArray[np.integer]) -> bool:
        blocks = blocks[blocks < len(self._checked)]
        waiting = blocks[~self._checked[blocks]]
        if len(waiting) * _SWEEP > len(self._checked):
            waiting = np.flatnonzero(~self._checked)
        if not len(waiting):
            return True
        if not np.array_equal(self._sums_now(waiting), self._sums[waiting]):
            return False
        self._checked[waiting] = True
        self.complete = bool(self._checked.all())
        return True

    def _sums_now(self, blocks: NDArray[np.integer]) -> Words:
        portions = [
            checksums(self._words[blocks[first : first + _AT_ONCE]]) for first in range(0, len(blocks), _AT_ONCE)
        ]
        return np.concatenate(portions)
