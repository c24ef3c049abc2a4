"""Starts that count from an instant on, and that goods in scope came to another way too.

What left such a stay before its time is none of the goods that were asked for; but where those came to it by a way of
their own, before its time or after, what left it is followed as from any other stay. As a start it is therefore a node
of its own, whose number is the complement, which only what left in time leads on from.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from tracegraph.stores.port import Legs
from tracegraph.trace.distances import Onward, Steps, descendants, onward


@dataclass(frozen=True, slots=True)
class Late:
    """`since`: late starts, and the instant from which on what leaves them counts."""

    since: Mapping[int, int] = field(default_factory=dict)

    @classmethod
    def among(cls, legs: Legs, begin: Collection[int], early: Mapping[int, int]) -> Late:
        """Those of the bounded (`early`) starts to which some start leads, itself included where goods go round."""
        if not early:
            return cls()
        every = cls(early)
        reached = descendants(every.starts(begin), every.ways(onward(legs, "forward"), legs))
        return cls({node: since for node, since in early.items() if node in reached})

    def starts(self, nodes: Collection[int]) -> list[int]:
        """Start nodes by the numbers under which they are searched."""
        return sorted(~node if node in self.since else node for node in nodes)

    def ways(self, ways: Onward, legs: Legs) -> Onward:
        """The legs by the node that they leave, those of late starts too."""
        own = {
            ~node: [(leg, head) for leg, head in ways.get(node, ()) if legs.instant[leg] >= since]
            for node, since in self.since.items()
        }
        return {**ways, **own} if own else ways

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
        """Steps by the real numbers of nodes: to start at a node is nearer than to come to it."""
        return steps | {node: steps[~node] for node in self.since if ~node in steps}


def real(number: int) -> int:
    """The number of the node that is searched under this number."""
    return ~number if number < 0 else number
