"""Strong components: what leads to each other, in an order in which everything stands behind what it leads to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence


def strong_components(roots: Iterable[int], following: Mapping[int, Sequence[int]]) -> list[list[int]]:
    """The nodes that the roots lead to, those in circles together, each behind all that it leads to (Tarjan, without
    recursion). Roots and what follows are taken in the order given, which alone decides the order of the result."""
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    waiting: list[int] = []
    is_waiting: set[int] = set()
    found: list[list[int]] = []

    def enter(node: int) -> None:
        index[node] = low[node] = len(index)
        waiting.append(node)
        is_waiting.add(node)

    for root in roots:
        if root in index:
            continue
        enter(root)
        path = [(root, iter(following[root]))]
        while path:
            node, rest = path[-1]
            further = next(rest, None)
            if further is None:
                path.pop()
                if path:
                    low[path[-1][0]] = min(low[path[-1][0]], low[node])
                if low[node] == index[node]:
                    found.append(_closed(node, waiting, is_waiting))
            elif further not in index:
                enter(further)
                path.append((further, iter(following[further])))
            elif further in is_waiting:
                low[node] = min(low[node], index[further])
    return found


def _closed(node: int, waiting: list[int], is_waiting: set[int]) -> list[int]:
    """Take a strong component off the stack."""
    found: list[int] = []
    while not found or found[-1] != node:
        found.append(waiting.pop())
        is_waiting.discard(found[-1])
    return found
