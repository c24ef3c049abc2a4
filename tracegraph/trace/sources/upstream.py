"""What lies upstream of the cases: one backward reach for all of them, and which of them each node leads to.

A set of cases is a whole number with a bit for each, by their order. Nodes are numbered by their ids, so that neither
node numbers of a store nor the order of arrival show in any sum.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracegraph.model.custody import INCOMPLETE_GAPS, Gap, Holding
from tracegraph.trace.components import strong_components
from tracegraph.trace.reach import Node, Reached, Starts, reach
from tracegraph.trace.snapshot import Snapshot
from tracegraph.trace.sources.cases import Begun


@dataclass(frozen=True, slots=True)
class Upstream:
    """`numbers`: the store's node numbers in the order of ids; `place`: the reverse. `following`: where the goods of
    each node went on. `explained`: the cases that each node leads to; `confirmed`: those to which confirmed legs
    suffice. `doubtful`: cases of whose trace something is missing. `gaps`: of all that was reached."""

    part: Reached
    numbers: Sequence[int]
    place: dict[int, int]
    following: Sequence[Sequence[int]]
    explained: Sequence[int]
    confirmed: Sequence[int]
    doubtful: int
    gaps: Sequence[Gap]

    def node(self, place: int) -> Node:
        """The node at a place of the order."""
        return self.part.nodes[self.numbers[place]]


def upstream(snapshot: Snapshot, cases: Sequence[Begun], confirmed_only: bool) -> Upstream:
    """Everything that the goods of the cases came from."""
    part = reach(snapshot, _together(cases), "backward", confirmed_only)
    numbers = sorted(part.nodes, key=lambda number: part.nodes[number].id)
    place = {number: order for order, number in enumerate(numbers)}
    every, sure = _legs(part, place)
    begun = [_begun(cases, numbers, certain) for certain in (False, True)]
    explained = _flown_back(every, begun[0])
    gaps = snapshot.gaps_at(numbers, sorted({unit for case in cases for unit in case.starts.units}))
    doubtful = _doubtful(gaps, part, place, explained)
    return Upstream(part, numbers, place, every, explained, _flown_back(sure, begun[1]), doubtful, gaps)


def _together(cases: Iterable[Begun]) -> Starts:
    certain: dict[int, bool] = {}
    for case in cases:
        for node, sure in case.starts.certain.items():
            certain[node] = sure or certain.get(node, False)
    return Starts(certain)


def _legs(part: Reached, place: dict[int, int]) -> tuple[list[list[int]], list[list[int]]]:
    """Where the goods of each node went on the way to a case: by all legs, and by confirmed ones."""
    every: list[set[int]] = [set() for _ in place]
    sure: list[set[int]] = [set() for _ in place]
    legs = part.legs
    for source, target, confirmed in zip(legs.source, legs.target, legs.confirmed, strict=True):
        every[place[source]].add(place[target])
        if confirmed:
            sure[place[source]].add(place[target])
    return [sorted(ways) for ways in every], [sorted(ways) for ways in sure]


def _begun(cases: Sequence[Begun], numbers: Sequence[int], certain: bool) -> list[int]:
    """The cases whose trace begins at each node."""
    found = dict.fromkeys(numbers, 0)
    for bit, case in enumerate(cases):
        for node, sure in case.starts.certain.items():
            if sure or not certain:
                found[node] |= 1 << bit
    return [found[number] for number in numbers]


def _flown_back(following: Sequence[Sequence[int]], begun: Sequence[int]) -> list[int]:
    """The cases that each node leads to."""
    reached = list(begun)
    for together in strong_components(range(len(begun)), dict(enumerate(following))):
        found = 0
        for place in together:
            found |= reached[place]
            for further in following[place]:
                found |= reached[further]
        for place in together:
            reached[place] = found
    return reached


def _doubtful(gaps: Iterable[Gap], part: Reached, place: dict[int, int], explained: Sequence[int]) -> int:
    """The cases upstream of which the records say that something is missing."""
    holdings = {node.id: place[number] for number, node in part.nodes.items() if isinstance(node, Holding)}
    of_units: dict[str, int] = {}
    for number, node in part.nodes.items():
        if isinstance(node, Holding):
            of_units[node.unit] = of_units.get(node.unit, 0) | explained[place[number]]
    found = 0
    for gap in gaps:
        if gap.kind in INCOMPLETE_GAPS:
            found |= explained[holdings[gap.holding]] if gap.holding in holdings else of_units.get(gap.unit, 0)
    return found
