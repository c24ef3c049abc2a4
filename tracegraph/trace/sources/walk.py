"""Where goods end that leave a node at random: hitting probabilities and effective distances over a flow.

Each node sends its goods on in parts that add up to at most 1; the rest stayed, was lost or left the picture. The
probability A[s, o] is that of a random walk from s ever meeting the outlet o, over all ways (Horn and Friedrich 2019:
A = (I - Q)^-1 R). The effective distance is the length of the shortest way where a step of part p is 1 - ln p long
(Brockmann and Helbing; Manitz 2014). Both come from one sweep against the flow; circles are solved as they stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite, log
from typing import TYPE_CHECKING

from tracegraph.trace.components import strong_components

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Table = NDArray[np.float64]

#: From a node to others: (node, part of the goods).
Ways = Sequence[tuple[int, float]]


@dataclass(frozen=True, slots=True)
class Flow:
    """For each node, numbered from 0, where its goods went. The numbers decide the order of arithmetic."""

    ways: Sequence[Ways]

    @classmethod
    def of(cls, count: int, amounts: Iterable[tuple[int, int, float]], left: Mapping[int, float] | None = None) -> Flow:
        """Parts from amounts (source, target, amount), all of one source in one measure; `left`: what went nowhere."""
        sums: list[dict[int, float]] = [{} for _ in range(count)]
        for source, target, amount in sorted(amounts):
            sums[source][target] = sums[source].get(target, 0.0) + amount
        kept = left or {}
        return cls([_parts(ways, kept.get(node, 0.0)) for node, ways in enumerate(sums)])

    @property
    def outlets(self) -> list[int]:
        """The nodes from which nothing goes on."""
        return [node for node, ways in enumerate(self.ways) if not ways]


@dataclass(frozen=True, slots=True)
class Swept:
    """Rows are nodes, columns outlets. `probability` of ever meeting the outlet; `distance` to it, infinite where no
    goods go there."""

    probability: Table
    distance: Table


def _parts(ways: Mapping[int, float], kept: float) -> Ways:
    whole = sum(ways.values(), kept)
    return [(target, amount / whole) for target, amount in sorted(ways.items()) if amount > 0] if whole > 0 else []


def sweep(flow: Flow, outlets: Sequence[Iterable[int]]) -> Swept:
    """Probabilities and distances to each outlet (a set of nodes: to meet one of them is to meet it)."""
    import numpy as np

    count = len(flow.ways)
    found = Swept(np.zeros((count, len(outlets))), np.full((count, len(outlets)), inf))
    at: dict[int, list[int]] = {}
    for number, nodes in enumerate(outlets):
        for node in nodes:
            at.setdefault(node, []).append(number)
    following = {node: [target for target, _ in ways] for node, ways in enumerate(flow.ways)}
    for together in strong_components(range(count), following):
        if len(together) > 1 or together[0] in following[together[0]]:
            _settle_circle(flow, sorted(together), at, found)
        else:
            _settle(flow, together[0], at, found)
    return found


def _settle(flow: Flow, node: int, at: Mapping[int, list[int]], found: Swept) -> None:
    """A node of which everything that it leads to is settled."""
    import numpy as np

    for target, part in flow.ways[node]:
        found.probability[node] += part * found.probability[target]
        np.minimum(found.distance[node], found.distance[target] + step_length(part), out=found.distance[node])
    found.probability[node, at.get(node, [])] = 1.0
    found.distance[node, at.get(node, [])] = 0.0


def step_length(part: float) -> float:
    """1 - ln p of one step."""
    return 1.0 - log(part)


def _settle_circle(flow: Flow, circle: list[int], at: Mapping[int, list[int]], found: Swept) -> None:
    """Nodes that lead to each other: distances until none gets shorter, probabilities as a system of equations."""
    import numpy as np

    shorter = True
    while shorter:
        before = found.distance[circle].copy()
        for node in circle:
            probability = found.probability[node].copy()
            _settle(flow, node, at, found)
            found.probability[node] = probability
        shorter = bool((found.distance[circle] < before).any())
    for outlet in range(found.probability.shape[1]):
        meeting = [node for node in circle if isfinite(found.distance[node, outlet])]
        inside = [node for node in meeting if outlet not in at.get(node, [])]
        found.probability[[node for node in meeting if node not in inside], outlet] = 1.0
        if inside:
            found.probability[inside, outlet] = np.minimum(_solved(flow, inside, outlet, found), 1.0)


def _solved(flow: Flow, inside: list[int], outlet: int, found: Swept) -> Table:
    """Each node's probability is what flows out of the circle, and what flows to others of the circle times theirs.
    Every one of them meets the outlet, so there is exactly one solution."""
    import numpy as np

    place = {node: number for number, node in enumerate(inside)}
    equations: Table = np.identity(len(inside))
    known: Table = np.zeros(len(inside))
    for node, number in place.items():
        for target, part in flow.ways[node]:
            if target in place:
                equations[number, place[target]] -= part
            else:
                known[number] += part * found.probability[target, outlet]
    return np.asarray(np.linalg.solve(equations, known), dtype=np.float64)
