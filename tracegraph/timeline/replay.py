"""One pass over a unit's acts that can go back to before any of its last groups and take another course from there.

Acts that come or go, and containers' histories that differ from an instant on, change nothing before that instant: the
books are undone to it, and only what follows is applied again.
"""

from __future__ import annotations

from bisect import bisect_left, insort_right
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from operator import itemgetter
from typing import NamedTuple

from tracegraph.model.custody import Gap, Place
from tracegraph.timeline.account import Carry, Draws
from tracegraph.timeline.acts import Act, UnitFacts
from tracegraph.timeline.flows import Flows
from tracegraph.timeline.history import Histories
from tracegraph.timeline.journal import Reversible, ReversibleAccount, take_touched
from tracegraph.timeline.places import Places
from tracegraph.timeline.schedule import Schedule
from tracegraph.timeline.steps import Settings
from tracegraph.timeline.stock import ZERO
from tracegraph.timeline.unit_timeline import act_order

#: So many changes can be undone at least; older ones are forgotten, and a late event before them costs the history.
KEPT = 100_000


class Mark(NamedTuple):
    """Before a group: the last instant at which it, or one before it, looked for acts (what a date's packing schedules
    may follow that date's group); how many changes and acts there were."""

    end: int
    position: int
    cursor: int


class Touched(NamedTuple):
    """What changed in the books: places of pools, keys of holdings and legs, gaps, holdings that leaked, places drawn
    from."""

    pools: set[Place]
    holdings: set[str]
    legs: set[tuple[str, str, str]]
    gaps: set[Gap]
    leaks: set[str]
    draws: set[Place]

    def with_others(self, other: Touched) -> Touched:
        """All of both."""
        return Touched(
            self.pools | other.pools,
            self.holdings | other.holdings,
            self.legs | other.legs,
            self.gaps | other.gaps,
            self.leaks | other.leaks,
            self.draws | other.draws,
        )


class Replay:
    """`applied` counts the groups of acts that were ever applied: the work done."""

    def __init__(
        self,
        unit: UnitFacts,
        acts: Sequence[Act],
        histories: Histories,
        places: Places,
        settings: Settings,
        draws: Draws,
    ) -> None:
        materials = Reversible()
        self.journal = materials.journal
        self.account = ReversibleAccount(unit, places, settings, draws, materials)
        self.account.carries = materials.table()
        self.flows = Flows.over(self.account, Histories(histories.by_unit))
        self.acts = list(acts)
        self.schedule = Schedule(self.acts, self.flows)
        self.marks: list[Mark] = []
        self.horizon: int | None = None
        self.called_again: list[tuple[int, str, int]] = []
        self.to_call: dict[str, int] = {}
        self.applied = 0
        self.take_touched()
        self.run()

    def take_touched(self) -> Touched:
        """What changed, or changed back, since last asked."""
        books, stays = self.account, self.flows.supply.stays
        pools = self.journal.take_places() | take_touched(books.pools) | take_touched(stays)
        tables = (books.holdings, books.legs, books.gaps, books.leaks, books.draws)
        return Touched(pools, *(take_touched(table) for table in tables))

    def run(self) -> None:
        """Apply the acts that are left."""
        while self.schedule.more:
            position, cursor = self.journal.position, self.schedule.cursor
            self.schedule.run_group()
            latest = self.marks[-1].end if self.marks else self.horizon
            end = self.schedule.end if latest is None else max(self.schedule.end, latest)
            self.marks.append(Mark(end, position, cursor))
            self.applied += 1
            if len(self.journal.entries) > 2 * KEPT:
                self._forget()

    def _forget(self) -> None:
        oldest = bisect_left(self.marks, self.journal.position - KEPT, key=lambda mark: mark.position)
        if oldest:
            self.horizon = self.marks[oldest - 1].end
            del self.marks[:oldest]
            self.journal.forget(self.marks[0].position if self.marks else self.journal.position)
            self.called_again = [one for one in self.called_again if one[0] > self.journal.dropped]

    def go_back(self, instant: int) -> bool:
        """To before the first group that acts at an instant can belong to; False: nobody remembers that far back."""
        if self.horizon is not None and instant <= self.horizon:
            return False
        first = bisect_left(self.marks, instant, key=lambda mark: mark.end)
        if first < len(self.marks):
            self.journal.undo(self.marks[first].position)
            self.schedule.cursor = self.marks[first].cursor
            del self.marks[first:]
        while self.called_again and self.called_again[-1][0] > self.journal.position:
            _, container, since = self.called_again.pop()
            self.to_call[container] = min(since, self.to_call.get(container, since))
        return True

    def swap(self, gone: Iterable[Act], come: Iterable[Act]) -> None:
        """Other acts, all of them at instants to which the books went back."""
        swap(self.acts, gone, come)

    def look_anew(self, histories: Histories, since: Mapping[str, int]) -> None:
        """Other histories, which differ at instants to which the books went back: emptyings and ends of these
        containers are scheduled again; so are those that were before, and that going back undid."""
        self.flows.look.histories.by_unit = histories.by_unit
        for container, instant in since.items():
            self.to_call[container] = min(instant, self.to_call.get(container, instant))
        for container, instant in sorted(self.to_call.items()):
            if container in self.schedule.calls:
                self.schedule.call_again(container, instant)
                self.called_again.append((self.journal.position, container, instant))
        self.to_call = {}

    def carried_otherwise(self, places: Iterable[Place]) -> int | None:
        """The first instant at which, by what is drawn now, goods were carried on with another certainty."""
        assert self.account.carries is not None
        carries, draws = self.account.carries, self.account.later_draws
        found = [_decided_otherwise(carries.get(place, ()), draws.get(place, ())) for place in places]
        return min((instant for instant in found if instant is not None), default=None)


def _decided_otherwise(carries: Iterable[Carry], draws: Iterable[tuple[int, Decimal | None]]) -> int | None:
    """The first carry that the draws after it decide otherwise than it was decided; one walk back through both."""
    later = sorted(draws, key=itemgetter(0))
    total: Decimal | None = ZERO
    first: int | None = None
    for carry in sorted(carries, key=lambda carry: carry.instant, reverse=True):
        while later and later[-1][0] > carry.instant:
            value = later.pop()[1]
            total = None if total is None or value is None else total + value
        if carry.certain != carry.decide(total):
            first = carry.instant
    return first


def swap(acts: list[Act], gone: Iterable[Act], come: Iterable[Act]) -> None:
    """Take acts out of a list in order, and put others in."""
    for act in gone:
        index = bisect_left(acts, act_order(act), key=act_order)
        while acts[index] != act:
            index += 1
        acts.pop(index)
    for act in come:
        insort_right(acts, act, key=act_order)
