"""Starts that count from an instant on, and that goods in scope came to another way too.

What left such a stay before its time is none of the goods that were asked for; but where those came to it by a way of
their own, before its time or after, what left it is followed as from any other stay. As a start it is therefore a node
of its own, whose number is the complement, which only what left in time leads on from. So is what goods in scope met by
an assumption: only what left it since then can be contaminated.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from tracegraph.stores.port import Legs
from tracegraph.trace.assumptions.asked import CONTAMINATION
from tracegraph.trace.distances import Onward, Steps, descendants, onward


@dataclass(frozen=True, slots=True)
class Late:
    """`since`: late starts, and the instant from which on what leaves them counts. `met`: those to which legs lead that
    an assumption adds; what these lead to counts from then on too."""

    since: Mapping[int, int] = field(default_factory=dict)
    met: frozenset[int] = frozenset()

    @classmethod
    def among(
        cls, legs: Legs, begin: Collection[int], early: Mapping[int, int], met: Mapping[int, int] | None = None
    ) -> Late:
        """Those of the bounded (`early`) starts to which some start leads, itself included where goods go round; and
        all that were `met` since an instant."""
        met = met or {}
        if not early and not met:
            return cls()
        bounds = {**early, **{node: min(since, early.get(node, since)) for node, since in met.items()}}
        every = cls(bounds, frozenset(met))
        reached = descendants(every.starts(begin), every.ways(onward(legs, "forward"), legs))
        return cls({node: since for node, since in bounds.items() if node in reached or node in met}, frozenset(met))

    def starts(self, nodes: Collection[int]) -> list[int]:
        """Start nodes by the numbers under which they are searched."""
        return sorted(~node if node in self.since else node for node in nodes)

    def ways(self, ways: Onward, legs: Legs) -> Onward:
        """The legs by the node that they leave, those of late starts too."""
        ways = self._turned(ways, legs)
        own = {
            ~node: [(leg, head) for leg, head in ways.get(node, ()) if legs.instant[leg] >= since]
            for node, since in self.since.items()
        }
        return {**ways, **own} if own else ways

    def _turned(self, ways: Onward, legs: Legs) -> Onward:
        """With the legs that an assumption adds leading to what counts since then."""
        if not self.met:
            return ways
        added = {leg for leg, rule in enumerate(legs.rule) if rule == CONTAMINATION and legs.target[leg] in self.met}
        tails = {legs.source[leg] for leg in added}
        turned = {tail: [(leg, ~head if leg in added else head) for leg, head in ways.get(tail, ())] for tail in tails}
        return {**ways, **turned}

    def real(self, numbers: set[int]) -> set[int]:
        """The real numbers of nodes."""
        return {real(number) for number in numbers} if self.since else numbers

    def nearest(self, distance: dict[int, int]) -> dict[int, int]:
        """Distances by the real numbers of nodes."""
        if not self.since:
            return distance
        found: dict[int, int] = {}
        for number, far in distance.items():
            found[real(number)] = min(far, found.get(real(number), far))
        return found

    def fewest(self, steps: dict[int, Steps]) -> dict[int, Steps]:
        """Steps by the real numbers of nodes: to start at a node is nearer than to come to it, if not farther."""
        late = {node: steps[~node] for node in self.since if ~node in steps}
        return steps | {node: found for node, found in late.items() if found.count <= steps.get(node, found).count}


def real(number: int) -> int:
    """The number of the node that is searched under this number."""
    return ~number if number < 0 else number
