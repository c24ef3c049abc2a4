"""Room for the columns of one large question, in one block of memory.

Some thirty columns of some hundred thousand bytes each are each made of small pages, which the system has to find and
clear one by one; a block of some megabytes is made of large ones (numpy asks for them), which took a fifth of the time
of large shares away.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

#: Columns begin at multiples of so many bytes.
ALIGNED = 64


class Room:
    """A block of `size` bytes, handed out from its beginning; what does not fit gets memory of its own."""

    def __init__(self, size: int) -> None:
        self._block = np.zeros(size, dtype=np.uint8)
        self._used = 0

    def zeros(self, count: int, kind: DTypeLike) -> NDArray[Any]:
        """A column of so many zeros."""
        wanted = np.dtype(kind)
        end = self._used + count * wanted.itemsize
        if end > len(self._block):
            return np.zeros(count, dtype=wanted)
        column: NDArray[Any] = self._block[self._used : end].view(wanted)
        self._used = -(-end // ALIGNED) * ALIGNED
        return column

    def filled(self, count: int, value: float) -> NDArray[np.float64]:
        """A column of so many equal numbers."""
        column = self.zeros(count, np.float64)
        column[:] = value
        return column
