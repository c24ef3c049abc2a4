"""Why a candidate explains a case: a shortest way of recorded events from the one to the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tracegraph.trace.distances import Onward, distances, onward
from tracegraph.trace.envelope import Json
from tracegraph.trace.paths import hops_json
from tracegraph.trace.reach import Reached
from tracegraph.trace.sources.candidates import Candidate
from tracegraph.trace.sources.cases import Begun
from tracegraph.trace.sources.measures import members
from tracegraph.trace.sources.upstream import Upstream


@dataclass(frozen=True, slots=True)
class Explained:
    """Paths as JSON values, and the nodes on them."""

    paths: list[Json]
    nodes: frozenset[int]


class Explaining:
    """Finds ways to the cases; what is known of a case is kept for the next candidate."""

    def __init__(self, above: Upstream, cases: Sequence[Begun]) -> None:
        self.above = above
        self.cases = cases
        self.every = _Ways(above.part, confirmed_only=False)
        self.sure = _Ways(above.part, confirmed_only=True)

    def paths(self, candidate: Candidate) -> Explained:
        """One way to each case that the candidate explains, of confirmed legs where there is such a one."""
        begin = [self.above.numbers[place] for place in candidate.places]
        found: list[Json] = []
        nodes: set[int] = set()
        for case in members(candidate.explained):
            legs = self._way(begin, case, bool(candidate.confirmed >> case & 1))
            certainty, hops = hops_json(self.above.part, legs)
            length = sum(self.above.part.legs.cost[number] for number in legs)
            told = {"case": self.cases[case].case.id, "distance": length, "certainty": certainty, "hops": hops}
            found.append(told)
            nodes |= {end for number in legs for end in self._ends(number)}
        return Explained(found, frozenset(nodes))

    def _ends(self, number: int) -> tuple[int, int]:
        legs = self.above.part.legs
        return legs.source[number], legs.target[number]

    def _way(self, begin: Sequence[int], case: int, sure: bool) -> list[int]:
        ways = self.sure if sure else self.every
        starts = [node for node, certain in self.cases[case].starts.certain.items() if certain or not sure]
        return ways.shortest(begin, case, starts)


class _Ways:
    """Legs in both directions, and how far every node is from each case."""

    def __init__(self, part: Reached, confirmed_only: bool) -> None:
        self.part = part
        legs = part.legs
        kept = (lambda number: legs.confirmed[number]) if confirmed_only else (lambda number: True)
        self.back = {head: [way for way in ways if kept(way[0])] for head, ways in part.ways.items()}
        self.on: Onward = {
            tail: sorted((way for way in ways if kept(way[0])), key=self._order)
            for tail, ways in onward(legs, "forward").items()
        }
        self.away: dict[int, tuple[dict[int, int], dict[int, int]]] = {}

    def _order(self, way: tuple[int, int]) -> tuple[str, str, str]:
        number, head = way
        return self.part.nodes[head].id, self.part.legs.event[number], self.part.legs.rule[number]

    def shortest(self, begin: Sequence[int], case: int, starts: Sequence[int]) -> list[int]:
        """The legs of a shortest way from one of the nodes to a start of the case; of equally short ones that with the
        fewest legs, and then the first by names."""
        if case not in self.away:
            cost = self.part.legs.cost
            events = distances(starts, self.back, cost)
            self.away[case] = events, self._legs_left(events, starts)
        events, legs_left = self.away[case]
        nodes = [node for node in begin if node in events]
        node = min(nodes, key=lambda one: (events[one], legs_left[one], self.part.nodes[one].id))
        found: list[int] = []
        while legs_left[node]:
            number, node = next(
                (number, head)
                for number, head in self.on[node]
                if head in events
                and events[head] + self.part.legs.cost[number] == events[node]
                and legs_left[head] + 1 == legs_left[node]
            )
            found.append(number)
        return found

    def _legs_left(self, events: Mapping[int, int], starts: Sequence[int]) -> dict[int, int]:
        """The least number of legs from each node to the case along shortest ways."""
        found = {node: 0 for node in starts if node in events}
        level = list(found)
        while level:
            further: list[int] = []
            for node in level:
                for number, tail in self.back.get(node, ()):
                    shortest = events.get(tail) == events[node] + self.part.legs.cost[number]
                    if shortest and tail not in found:
                        found[tail] = found[node] + 1
                        further.append(tail)
            level = further
        return found
