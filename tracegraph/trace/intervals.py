"""Which of many intervals touch a given one, without looking at the others: a tote has thousands of stays."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

#: [begin, end]; None: open on that side.
Interval = tuple[int | None, int | None]

EARLIEST = -(2**63)
LATEST = 2**63


class Intervals:
    """Intervals, found by what they have in common with another; ends that only touch count.

    They lie in order of their beginnings, under a binary tree of which each node knows the latest end below it.
    """

    def __init__(self, intervals: Sequence[Interval]) -> None:
        begins = [EARLIEST if begin is None else begin for begin, _ in intervals]
        self._order = sorted(range(len(intervals)), key=begins.__getitem__)
        self._begins = [begins[number] for number in self._order]
        ends = [_end(intervals[number]) for number in self._order]
        self._leaves = 1 << max(0, len(ends) - 1).bit_length()
        self._latest = [EARLIEST] * self._leaves + ends + [EARLIEST] * (self._leaves - len(ends))
        for node in range(self._leaves - 1, 0, -1):
            self._latest[node] = max(self._latest[2 * node], self._latest[2 * node + 1])

    def touching(self, interval: Interval) -> list[int]:
        """The numbers of the intervals that share at least an instant or an end with this one, ascending."""
        begin, end = EARLIEST if interval[0] is None else interval[0], _end(interval)
        first_after = self._leaves + bisect_right(self._begins, end)
        found: list[int] = []
        pending = [(1, self._leaves)] if self._begins else []
        while pending:
            node, width = pending.pop()
            leftmost = node * width
            if self._latest[node] < begin or leftmost >= first_after:
                continue
            if width == 1:
                found.append(self._order[node - self._leaves])
            else:
                pending += [(2 * node, width // 2), (2 * node + 1, width // 2)]
        return sorted(found)


def _end(interval: Interval) -> int:
    return LATEST if interval[1] is None else interval[1]
