"""Distances, certainty and steps over reached legs: pure functions on columns, linear in nodes and legs.

Everything here visits nodes, never paths, so stacked diamonds and fully mixed lots cost what their legs cost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from tracegraph.stores.port import Direction, Legs

#: From each node the (leg number, next node) pairs in the direction of the trace.
Onward = dict[int, list[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Steps:
    """Least organisation boundaries to a node, and the organisations that such shortest ways come from last."""

    count: int
    parties: frozenset[str | None]


def onward(legs: Legs, direction: Direction) -> Onward:
    """The legs by the node at which a trace in that direction takes them."""
    tails, heads = (legs.source, legs.target) if direction == "forward" else (legs.target, legs.source)
    found: Onward = defaultdict(list)
    for number, (tail, head) in enumerate(zip(tails, heads, strict=True)):
        found[tail].append((number, head))
    found.default_factory = None  # type: ignore[attr-defined]
    return found


def distances(starts: Iterable[int], ways: Onward, cost: list[int]) -> dict[int, int]:
    """The least number of events from any start to each node: a search by levels, as costs are small whole numbers."""
    settled: dict[int, int] = {}
    levels: dict[int, list[int]] = {0: list(starts)}
    level = 0
    while levels:
        pending = levels.pop(level, [])
        while pending:
            node = pending.pop()
            if node in settled:
                continue
            settled[node] = level
            for number, head in ways.get(node, ()):
                if head not in settled:
                    further = pending if cost[number] == 0 else levels.setdefault(level + cost[number], [])
                    further.append(head)
        level += 1
    return settled


def confirmed_nodes(starts: Iterable[int], ways: Onward, confirmed: list[bool]) -> set[int]:
    """The nodes that some chain of confirmed legs reaches from a confirmed start."""
    found: set[int] = set(starts)
    pending = list(found)
    while pending:
        for number, head in ways.get(pending.pop(), ()):
            if confirmed[number] and head not in found:
                found.add(head)
                pending.append(head)
    return found


def steps(starts: Iterable[int], ways: Onward, party: Mapping[int, str | None]) -> dict[int, Steps]:
    """The least number of organisation boundaries to each node.

    A node without a party (in transit, in a container, a transformation) belongs to whom the goods came from. Only ways
    that are shortest so far need to be kept apart by their last organisation: one boundary more is never better than
    one more change of hands.
    """
    best: dict[int, int] = {}
    seen: dict[int, set[str | None]] = defaultdict(set)
    levels: dict[int, list[tuple[int, str | None]]] = {0: [(node, party.get(node)) for node in starts]}
    level = 0
    while levels:
        pending = levels.pop(level, [])
        while pending:
            node, holder = pending.pop()
            if best.setdefault(node, level) < level or holder in seen[node]:
                continue
            seen[node].add(holder)
            for _number, head in ways.get(node, ()):
                if best.get(head, level) >= level:
                    taker = party.get(head) or holder
                    crossed = holder is not None and taker != holder
                    further = levels.setdefault(level + 1, []) if crossed else pending
                    further.append((head, taker))
        level += 1
    return {node: Steps(count, frozenset(seen[node])) for node, count in best.items()}


def descendants(starts: Collection[int], ways: Onward) -> set[int]:
    """The starts and everything that follows from them."""
    found = set(starts)
    pending = list(found)
    while pending:
        for _number, head in ways.get(pending.pop(), ()):
            if head not in found:
                found.add(head)
                pending.append(head)
    return found


def finishing_order(starts: Iterable[int], ways: Onward) -> list[int]:
    """Nodes in the order in which a depth-first search is done with them; of those left over by what was taken away
    before, the last one is always in a circle (or alone) that nothing else leads into (Kosaraju)."""
    seen: set[int] = set()
    done: list[int] = []
    for start in starts:
        pending = [(start, False)]
        while pending:
            node, left = pending.pop()
            if left:
                done.append(node)
            elif node not in seen:
                seen.add(node)
                pending.append((node, True))
                pending += [(head, False) for _number, head in ways.get(node, ()) if head not in seen]
    return done
