"""The order of acts: by time, and among acts that no time tells apart, each as soon as what it needs is there.

Within one event and one transformation outflows precede inflows. At one instant inflows come first; on one date
(date-only data) an outflow that does not need an inflow of that date precedes it, so that the inflow reaches it only as
possible. What remains circular is applied in a fixed order, its goods implied as possible (custody-graph section 2).
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tracegraph.model.custody import PlaceKind
from tracegraph.timeline.acts import INFLOWS, Act, Kind
from tracegraph.timeline.flows import Flows
from tracegraph.timeline.readiness import OUTFLOWS, Readiness
from tracegraph.timeline.steps import DAY

Key = tuple[int, str, str]


class FollowUp(NamedTuple):
    """An emptying or end of a container that a call for them found: in the order of acts, then of calls."""

    key: Key
    call: int
    position: int
    act: Act


class Call(NamedTuple):
    """After packing into a container at an instant its next emptyings and all its ends are called for."""

    number: int
    container: str
    after: int
    instant: int


@dataclass(slots=True)
class Schedule:
    """`acts`, in order, from `cursor` on, and `late`: what packing scheduled meanwhile. `end`: the last instant
    at which the present group looked for acts."""

    acts: Sequence[Act]
    flows: Flows
    cursor: int = 0
    end: int = 0
    late: list[FollowUp] = field(init=False)
    follow_ups: dict[tuple[str, str, str], int] = field(init=False)
    calls: dict[str, list[Call]] = field(init=False)
    called: int = 0
    readiness: Readiness = field(init=False)

    def __post_init__(self) -> None:
        materials = self.flows.account.materials
        self.late, self.follow_ups, self.calls = materials.row(), materials.table(), materials.table()
        self.readiness = Readiness(self.flows.look)

    def run(self) -> None:
        """Apply all acts."""
        while self.more:
            self.run_group()

    @property
    def more(self) -> bool:
        """Whether acts are left."""
        return self.cursor < len(self.acts) or bool(self.late)

    def run_group(self) -> None:
        """Apply the acts of the next instant, or date."""
        account = self.flows.account
        pending = self._group()
        if account.same_day:
            account.same_day.clear()
        account.group = pending[0].instant
        by_date = any(act.day for act in pending) if len(pending) > 1 else pending[0].day
        while pending:
            act = self._choose(pending, by_date) if len(pending) > 1 else pending[0]
            pending.remove(act)
            self.flows.apply(act)
            if act.kind is Kind.PACK or act.kind is Kind.EMPTY:
                self._follow_up(act)
            if pending:
                self._join_in(pending)

    def _pop(self) -> Act:
        if self.late and (self.cursor >= len(self.acts) or self.late[0].key < _key(self.acts[self.cursor])):
            return self.late.pop(0).act
        self.cursor += 1
        return self.acts[self.cursor - 1]

    def _due(self, end: int) -> bool:
        """Whether the next act is not later than that."""
        if self.cursor < len(self.acts) and self.acts[self.cursor].instant <= end:
            return True
        return bool(self.late) and self.late[0].key[0] <= end

    def _group(self) -> list[Act]:
        """Acts of one instant; with a date-only act among them, of that whole day."""
        first = self._pop()
        pending = [first]
        end = first.instant + DAY - 1 if first.day else first.instant
        while self._due(end):
            pending.append(self._pop())
            if pending[-1].day:
                end = first.instant + DAY - 1
        self.end = end
        return pending

    def _join_in(self, pending: list[Act]) -> None:
        """Acts scheduled meanwhile that belong to the group."""
        end = max([act.instant for act in pending])
        while self._due(end):
            pending.append(self._pop())

    def _follow_up(self, act: Act) -> None:
        """After packing: the next emptying and end of the container; after an emptying that left goods: the next."""
        if act.kind is Kind.PACK:
            self._schedule(act, act.instant)
        elif act.kind is Kind.EMPTY and self.flows.look.holds(PlaceKind.CONTAINER, act.container):
            self._schedule(act, act.instant + 1)

    def _schedule(self, act: Act, after: int) -> None:
        if act.container not in self.calls:
            self.calls[act.container] = self.flows.account.materials.row()
        self.called += 1
        call = Call(self.called, act.container, after, act.instant)
        self.calls[act.container].append(call)
        self._answer(call)

    def call_again(self, container: str, instant: int) -> None:
        """What the calls for a container find, where its history differs from an instant on; what was applied stays."""
        waiting = [index for index, one in enumerate(self.late) if one.act.container == container]
        for index in reversed(waiting):
            act = self.late.pop(index).act
            del self.follow_ups[_name(act)]
        history, calls = self.flows.look.histories.of(container), self.calls[container]
        newest = len(calls)
        while newest > 1 and not history.emptied_between(calls[newest - 1].after, instant):
            newest -= 1
        for call in (calls[0], *calls[max(newest - 1, 1) :]):
            self._answer(call)

    def _answer(self, call: Call) -> None:
        """Schedule what a call for emptyings and ends finds, each thing once."""
        history = self.flows.look.histories.of(call.container)
        for position, found in enumerate((*history.next_empties(call.after), *history.ends_after(call.after))):
            key = _name(found)
            if key not in self.follow_ups:
                act = found if found.instant >= call.instant else found._replace(instant=call.instant)
                self.follow_ups[key] = call.number
                insort(self.late, FollowUp(_key(act), call.number, position, act), key=_place_in_queue)

    # which act comes next

    def _choose(self, pending: list[Act], by_date: bool) -> Act:
        eligible = sorted(_eligible(pending), key=lambda act: _preference(act, by_date))
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


def _preference(act: Act, by_date: bool) -> tuple[int, int, str, str]:
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


def _name(act: Act) -> tuple[str, str, str]:
    return (act.kind, act.event, act.container)


def _key(act: Act) -> Key:
    return (act.instant, act.event, act.kind)


def _place_in_queue(one: FollowUp) -> tuple[Key, int, int]:
    return (one.key, one.call, one.position)
