"""Which of the reached nodes an answer lists under its limits, and the frontier from which it can be resumed.

Distances, certainty and steps are those of the whole reach, so a limited answer says of what it lists exactly what the
unlimited one would. The frontier holds the listed holdings behind which something was left out. Resuming asks the same
question again with the earlier answer's holdings known: they are listed, and do not count against `max_nodes`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tracegraph.model.custody import Certainty, Holding, Joint
from tracegraph.stores.port import Direction
from tracegraph.trace.distances import Steps
from tracegraph.trace.question import Limits
from tracegraph.trace.reach import Reached


@dataclass(frozen=True, slots=True)
class FrontierEntry:
    """A listed holding behind which there is more; `direction` in which there is."""

    holding: str
    distance: int
    steps: int
    certainty: Certainty
    direction: Direction


@dataclass(frozen=True, slots=True)
class Listing:
    """The listed nodes of each direction's reach, and where the limits cut."""

    listed: tuple[frozenset[int], ...]
    frontier: tuple[FrontierEntry, ...]


def listing(parts: Sequence[Reached], limits: Limits, known: Collection[str] = ()) -> Listing:
    """Apply the limits to all directions together; `known` are the ids of holdings listed by an earlier answer."""
    if limits.unlimited:
        return Listing(tuple(frozenset(part.distance) for part in parts), ())
    counts = [part.steps() if limits.max_steps is not None else None for part in parts]
    near = [_within(part, limits, count, known) for part, count in zip(parts, counts, strict=True)]
    chosen = _nearest(parts, near, limits.max_nodes, known)
    listed = tuple(_with_joints(part, allowed, chosen) for part, allowed in zip(parts, near, strict=True))
    cut = [entry for part, shown in zip(parts, listed, strict=True) for entry in _frontier(part, shown)]
    return Listing(listed, tuple(sorted(cut, key=lambda entry: (entry.distance, entry.holding, entry.direction))))


def _within(part: Reached, limits: Limits, count: dict[int, Steps] | None, known: Collection[str]) -> set[int]:
    """The nodes near enough in events and in organisation boundaries, and the known ones."""
    nodes = set(part.distance)
    if limits.max_hops is not None:
        nodes = {node for node in nodes if part.distance[node] <= limits.max_hops}
    if limits.max_steps is not None and count is not None:
        nodes = {node for node in nodes if count[node].count <= limits.max_steps}
    return nodes.union(node for node in part.distance if known and part.nodes[node].id in known)


def _nearest(
    parts: Sequence[Reached], near: Sequence[set[int]], max_nodes: int | None, known: Collection[str]
) -> set[int]:
    """The holdings to list: the known ones and the `max_nodes` nearest others, ties by id."""
    distance: dict[int, tuple[int, str]] = {}
    for part, nodes in zip(parts, near, strict=True):
        for node in nodes:
            if isinstance(part.nodes[node], Holding):
                mine = (part.distance[node], part.nodes[node].id)
                distance[node] = min(distance.get(node, mine), mine)
    if max_nodes is None:
        return set(distance)
    free = {node for node, (_, name) in distance.items() if name in known}
    others = sorted((key, node) for node, key in distance.items() if node not in free)
    return free.union(node for _, node in others[:max_nodes])


def _with_joints(part: Reached, allowed: set[int], chosen: set[int]) -> frozenset[int]:
    """The chosen holdings, in whichever direction they were near, and the transformations that follow on them."""
    found = {node for node in part.distance if node in chosen}
    found.update(node for node in part.starts if isinstance(part.nodes.get(node), Joint))
    pending = list(found)
    while pending:
        for _number, head in part.ways.get(pending.pop(), ()):
            if head in allowed and head not in found and isinstance(part.nodes[head], Joint):
                found.add(head)
                pending.append(head)
    return frozenset(found)


def _frontier(part: Reached, listed: frozenset[int]) -> list[FrontierEntry]:
    """The listed nodes with something unlisted behind them, the starts that did not fit, and what time cut off."""
    open_ends = _open_ends(part, listed) | (part.starts - listed) | part.unfollowed
    if not open_ends:
        return []
    count = part.steps()
    return [
        FrontierEntry(
            part.nodes[node].id,
            part.distance[node],
            count[node].count,
            Certainty.CONFIRMED if node in part.confirmed else Certainty.POSSIBLE,
            part.direction,
        )
        for node in open_ends
        if isinstance(part.nodes[node], Holding) or node in part.starts
    ]


def _open_ends(part: Reached, listed: frozenset[int]) -> set[int]:
    """Listed holdings (and starting transformations) from which an unlisted node follows, directly or through
    transformations, which an answer does not list by themselves."""
    before: dict[int, list[int]] = {}
    for tail, ways in part.ways.items():
        for _number, head in ways:
            before.setdefault(head, []).append(tail)
    pending = [node for node in part.distance if node not in listed]
    pending += [node for node in part.unfollowed if isinstance(part.nodes[node], Joint)]
    found: set[int] = set()
    seen = set(pending)
    while pending:
        for tail in before.get(pending.pop(), ()):
            if tail in seen or tail not in listed:
                continue
            seen.add(tail)
            found.add(tail)
            if isinstance(part.nodes[tail], Joint):
                pending.append(tail)
    return {node for node in found if isinstance(part.nodes[node], Holding) or node in part.starts}
