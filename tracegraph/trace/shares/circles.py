"""Strong components over columns, as trace.components finds them: plain loops, for the interpreter and numba alike."""

from __future__ import annotations

from collections.abc import MutableSequence, Sequence

Whole = Sequence[int]
Written = MutableSequence[int]


def components(
    first: Whole, following: Whole, component: Written, index: Written, low: Written, waiting: Written, path: Written,
    cursor: Written,
) -> int:  # fmt: skip
    """Fill in for each node the number of its strong component (before: -1), in an order in which every component
    stands behind all that it leads to; returns how many there are. `first[n]` to `first[n + 1]` is what follows on node
    n. Nodes, and what follows, are taken in order. `index` begins with 0; the others are room for a number per node."""
    entered = held = depth = closed = 0
    for root in range(len(component)):
        further = root if index[root] == 0 else -1
        while further >= 0 or depth > 0:
            if further >= 0:
                entered += 1
                index[further] = low[further] = entered
                cursor[further] = first[further]
                waiting[held] = path[depth] = further
                held += 1
                depth += 1
            node, further = path[depth - 1], -1
            if cursor[node] < first[node + 1]:
                ahead = following[cursor[node]]
                cursor[node] += 1
                if index[ahead] == 0:
                    further = ahead
                elif component[ahead] == -1:
                    low[node] = min(low[node], index[ahead])
                continue
            depth -= 1
            if depth > 0:
                low[path[depth - 1]] = min(low[path[depth - 1]], low[node])
            if low[node] == index[node]:
                while component[node] == -1:
                    held -= 1
                    component[waiting[held]] = closed
                closed += 1
    return closed
