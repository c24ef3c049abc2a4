"""What truly went into what: a search through flows with time windows, which knows nothing of tracegraph.

Goods lie in pools: one unit in one place. What is taken from a pool holds part of everything that was put in since it
was last empty. A flow is a pool, a pool, a time and an amount; a transformation is a pool of its own, passed in no
time."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

Pool = tuple[str, str]
"""A unit (empty for a transformation) and a place."""


@dataclass(frozen=True, slots=True)
class Flow:
    """Goods from one pool (None: from nothing) to another (None: to an end), at a time, of an amount."""

    time: int
    source: Pool | None
    target: Pool | None
    amount: int


@dataclass(slots=True)
class Oracle:
    """All flows, in order of time."""

    flows: list[Flow] = field(default_factory=list)

    def truth(self) -> dict[str, set[str]]:
        """Every unit with the units that its goods went into, itself included."""
        leaving: dict[Pool, list[Flow]] = defaultdict(list)
        for flow in self.flows:
            if flow.source:
                leaving[flow.source].append(flow)
        emptied = self._emptied()
        units = {flow.target[0] for flow in self.flows if flow.target and flow.target[0]}
        return {unit: self._reached(unit, leaving, emptied) for unit in units}

    def _emptied(self) -> dict[Pool, list[int]]:
        """When each pool held nothing any more."""
        held: dict[Pool, int] = defaultdict(int)
        times: dict[Pool, list[int]] = defaultdict(list)
        for flow in self.flows:
            if flow.target and flow.target[0]:
                held[flow.target] += flow.amount
            if flow.source and flow.source[0]:
                held[flow.source] -= flow.amount
                assert held[flow.source] >= 0, f"more than there is: {flow}"
                if not held[flow.source]:
                    times[flow.source].append(flow.time)
        return times

    def _reached(self, unit: str, leaving: dict[Pool, list[Flow]], emptied: dict[Pool, list[int]]) -> set[str]:
        """The units of all pools that goods of this unit came into."""
        waiting = [(flow.target, flow.time) for flow in self.flows if flow.target and flow.target[0] == unit]
        seen = set(waiting)
        while waiting:
            pool, since = waiting.pop()
            last = min((time for time in emptied[pool] if time > since), default=None)
            for flow in leaving[pool]:
                in_time = flow.time >= since if not pool[0] else flow.time > since
                if in_time and (last is None or flow.time <= last) and flow.target:
                    step = (flow.target, flow.time)
                    if step not in seen:
                        seen.add(step)
                        waiting.append(step)
        return {pool[0] for pool, _ in seen if pool[0]}


def inverted(relation: dict[str, set[str]]) -> dict[str, set[str]]:
    """From each unit to the units that went into it."""
    return {unit: {source for source, targets in relation.items() if unit in targets} for unit in relation}
