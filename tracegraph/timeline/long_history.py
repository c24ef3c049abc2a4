"""A unit with a long history as a compiler remembers it: which acts its events make, and the compilation that grows.

An event that comes or goes costs what it changes. Everything here can be made again from the unit's events.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from tracegraph.model.custody import Timeline
from tracegraph.model.facts import Role
from tracegraph.timeline.acts import Act, UnitFacts, unit_facts_of
from tracegraph.timeline.growing import GrowingUnit
from tracegraph.timeline.growing_role import GrowingRole
from tracegraph.timeline.history import Histories
from tracegraph.timeline.live_events import LiveEvent
from tracegraph.timeline.places import Places
from tracegraph.timeline.steps import Settings
from tracegraph.timeline.unit_timeline import Compiled, ContainerRole, Names

#: Events from which on a unit is remembered as it grows; below, compiling it anew costs less than remembering.
LONG = 128

#: The acts that an event makes; the act by which one empties the unit as a whole; the container that one names.
ActsOf = Callable[[LiveEvent], list[Act]]
EmptyingOf = Callable[[LiveEvent], Act | None]
ContainerOf = Callable[[LiveEvent], str | None]


@dataclass(slots=True)
class News:
    """What is new since the compiler was last asked: live events that count no longer, and newly so, by the numbers
    that they name (one that makes other acts than before is in both), and from which instant on the histories of
    containers differ."""

    gone: Mapping[str, list[LiveEvent]] = field(default_factory=dict)
    come: Mapping[str, list[LiveEvent]] = field(default_factory=dict)
    since: dict[str, int] = field(default_factory=dict)


class LongHistory:
    """One unit. `hear` first, then `grow`, once its containers have grown."""

    def __init__(self, unit: str, keys: frozenset[str], container_of: ContainerOf) -> None:
        self.unit = unit
        self.keys = keys
        self.container_of = container_of
        self.acts: dict[str, list[Act]] = {}
        self.ways: Counter[bool] = Counter()
        self.lots: Counter[str] = Counter()
        self.containers: Counter[str] = Counter()
        self.own: list[tuple[int, str, LiveEvent]] = []
        self.gone: list[Act] = []
        self.come: list[Act] = []
        self.role = GrowingRole()
        self.own_gone: list[LiveEvent] = []
        self.own_come: list[LiveEvent] = []
        self.facts = unit_facts_of(unit, ())
        self.growing: GrowingUnit | None = None
        self.unwritten = True

    @property
    def length(self) -> int:
        """How many events."""
        return len(self.acts)

    def hear(self, news: News, acts_of: Callable[[UnitFacts], ActsOf]) -> bool:
        """Take note of events. False where the unit is another than it was: nothing of it holds any more."""
        gone, come = (self._named(side) for side in (news.gone, news.come))
        for event in gone:
            self._account(event, -1)
        for event in come:
            self._account(event, 1)
        facts = unit_facts_of(self.unit, {way for way, count in self.ways.items() if count > 0})
        if self.growing is not None and facts != self.facts:
            return False
        self.facts = facts
        for event in gone:
            self.gone += self.acts.pop(event.id)
        for event in come:
            self.acts[event.id] = acts_of(facts)(event)
            self.come += self.acts[event.id]
        return bool(self.acts)

    def grow(
        self,
        histories: Histories,
        places: Places,
        settings: Settings,
        emptying_of: EmptyingOf,
        since: Mapping[str, int],
    ) -> None:
        """Compile what was heard."""
        role = self._role(emptying_of)
        names = Names(tuple(sorted(self.keys - {self.unit})), tuple(sorted(+self.lots)))
        if self.growing is None:
            acts = [act for acts in self.acts.values() for act in acts]
            own = role or ContainerRole()
            self.growing = GrowingUnit.of(self.facts, acts, histories, places, settings, own, names)
        else:
            self.growing.change(self.gone, self.come, histories, since, role, names)
        self.gone, self.come, self.own_gone, self.own_come = [], [], [], []

    def _role(self, emptying_of: EmptyingOf) -> ContainerRole | None:
        """What it does as a container, None where that is the same."""
        if not (self.own_gone or self.own_come):
            return None
        acts = {event.id: act for event in self.own_come if (act := emptying_of(event)) is not None}
        return self.role.change(self.own_gone, self.own_come, acts)

    @property
    def compiled(self) -> Compiled:
        """The unit as it is now; the whole of its timeline is made when it is asked for."""
        growing = self._grown
        return Compiled(lambda: growing.compiled.timeline, lambda: growing.history)

    def changes(self) -> tuple[Timeline, Timeline]:
        """What went and what came since last asked."""
        return self._grown.changes()

    def differs_since(self) -> int | None:
        """The first instant from which its history differs for its contents, since last asked."""
        return self._grown.history_since()

    @property
    def _grown(self) -> GrowingUnit:
        assert self.growing is not None, "grow first"
        return self.growing

    def own_since(self, instant: int) -> Iterable[LiveEvent]:
        """The events at or after an instant in which it is the container."""
        return [event for _, _, event in self.own[bisect_left(self.own, (instant, "")) :]]

    def _named(self, events: Mapping[str, list[LiveEvent]]) -> list[LiveEvent]:
        found = {event.id: event for key in self.keys for event in events.get(key, ())}
        return list(found.values())

    def _account(self, event: LiveEvent, by: int) -> None:
        """Everything about an event but its acts."""
        for named in event.names(self.keys):
            if named.role is not Role.PARENT:
                self.ways[named.as_class or named.quantity is not None] += by
        for key in self.keys:
            for lot in event.lots_of.get(key, ()):
                self.lots[lot] += by
        container = self.container_of(event)
        if container is not None:
            self.containers[container] += by
        if event.parent in self.keys:
            self._own(event, by)

    def _own(self, event: LiveEvent, by: int) -> None:
        entry = (event.facts.instant, event.id, event)
        if by > 0:
            insort(self.own, entry, key=_order)
            self.own_come.append(event)
        else:
            del self.own[bisect_left(self.own, _order(entry), key=_order)]
            self.own_gone.append(event)


def _order(entry: tuple[int, str, LiveEvent]) -> tuple[int, str]:
    return entry[:2]
