"""The order of acts: by time, and among acts that no time tells apart, each as soon as what it needs is there.

Within one event and one transformation outflows precede inflows. At one instant inflows come first; on one date
(date-only data) an outflow that does not need an inflow of that date precedes it, so that the inflow reaches it only as
possible. What remains circular is applied in a fixed order, its goods implied as possible (custody-graph section 2).
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from tracegraph.model.custody import PlaceKind
from tracegraph.timeline.acts import INFLOWS, Act, Kind
from tracegraph.timeline.flows import Flows
from tracegraph.timeline.readiness import OUTFLOWS, Readiness
from tracegraph.timeline.steps import DAY

Key = tuple[int, str, str, int]


@dataclass(slots=True)
class Schedule:
    """A queue of acts that grows while it runs: packing schedules when the container is next emptied or consumed."""

    acts: Sequence[Act]
    flows: Flows
    queue: list[tuple[Key, Act]] = field(default_factory=list)
    follow_ups: set[tuple[str, str, str]] = field(default_factory=set)
    readiness: Readiness = field(init=False)
    counter: Iterator[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        self.readiness = Readiness(self.flows.look)

    def run(self) -> None:
        """Apply all acts."""
        for act in self.acts:
            self._push(act)
        while self.queue:
            self._run_group()

    def _push(self, act: Act) -> None:
        heapq.heappush(self.queue, ((act.instant, act.event, act.kind, next(self.counter)), act))

    def _run_group(self) -> None:
        pending = self._group()
        self.flows.account.same_day.clear()
        self.flows.account.group = pending[0].instant
        by_date = any(act.day for act in pending)
        while pending:
            act = self._choose(pending, by_date)
            pending.remove(act)
            self.flows.apply(act)
            self._follow_up(act)
            self._join_in(pending)

    def _group(self) -> list[Act]:
        """Acts of one instant; with a date-only act among them, of that whole day."""
        first = heapq.heappop(self.queue)[1]
        pending = [first]
        end = first.instant
        while self.queue and self.queue[0][1].instant <= end:
            pending.append(heapq.heappop(self.queue)[1])
            if any(act.day for act in pending[-1:]) or first.day:
                end = first.instant + DAY - 1
        if first.day:
            end = first.instant + DAY - 1
            while self.queue and self.queue[0][1].instant <= end:
                pending.append(heapq.heappop(self.queue)[1])
        return pending

    def _join_in(self, pending: list[Act]) -> None:
        """Acts scheduled meanwhile that belong to the group."""
        end = max((act.instant for act in pending), default=None)
        while end is not None and self.queue and self.queue[0][1].instant <= end:
            pending.append(heapq.heappop(self.queue)[1])

    def _follow_up(self, act: Act) -> None:
        """After packing: the next emptying and end of the container; after an emptying that left goods: the next."""
        if act.kind is Kind.PACK:
            self._schedule(act, act.instant)
        elif act.kind is Kind.EMPTY and self.flows.look.holds(PlaceKind.CONTAINER, act.container):
            self._schedule(act, act.instant + 1)

    def _schedule(self, act: Act, after: int) -> None:
        history = self.flows.look.histories.of(act.container)
        for follow_up in (*history.next_empties(after), *history.ends_after(after)):
            key = (follow_up.kind, follow_up.event, follow_up.container)
            if key not in self.follow_ups:
                self.follow_ups.add(key)
                self._push(replace(follow_up, instant=max(follow_up.instant, act.instant)))

    # which act comes next

    def _choose(self, pending: list[Act], by_date: bool) -> Act:
        if len(pending) == 1:
            return pending[0]
        eligible = sorted(_eligible(pending), key=lambda act: self._preference(act, by_date))
        seen_first = sorted(eligible, key=lambda act: act.kind is not Kind.SEE)
        first = next((act for act in seen_first if self.readiness.ready(act, pending)), None)
        if first is not None:
            return self._needed(first, eligible, pending) if by_date else first
        for act in eligible:
            if not self.readiness.supplied_by(act, pending):
                return act
        return eligible[0]

    def _needed(self, first: Act, eligible: list[Act], pending: list[Act]) -> Act:
        """On one date: of several inflows that an outflow waits for, those that it cannot do without come first; where
        it can do without each of them, it comes first itself, and all reach it as possible."""
        waiting = [act for act in eligible if act.kind in OUTFLOWS and first.place in act.origins]
        if first.kind not in INFLOWS or not waiting:
            return first
        beside = [act for act in eligible if act.kind in INFLOWS and act.place == first.place]
        rivals = [act for act in beside if act is first or self.readiness.ready(act, pending)]
        if len(rivals) < 2:
            return first
        for act in rivals:
            if self.readiness.needs(waiting[0], [rival for rival in rivals if rival is not act]):
                return act
        self.flows.supply.tied = True
        return waiting[0]

    def _preference(self, act: Act, by_date: bool) -> tuple[int, int, str, str]:
        """Inflows first; on one date outflows first; observations last."""
        if act.kind is Kind.SEE:
            rank = 2
        elif act.kind in OUTFLOWS:
            rank = 0 if by_date else 1
        else:
            rank = 1 if by_date else 0
        return (rank, act.instant, act.event, act.kind)


def _eligible(pending: list[Act]) -> list[Act]:
    """Date-only acts float within their day; timed ones keep their order."""
    timed = min((act.instant for act in pending if not act.day), default=None)
    return [act for act in pending if act.day or act.instant == timed]
