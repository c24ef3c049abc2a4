"""Compiling many units: which events name them, which containers come first, where transformations join.

`Compiler` is asked for owners and fetches facts through a `FactsSource`, so that the same code compiles a whole world
in memory and the few units that a late event touches in a store.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Set
from dataclasses import dataclass, field
from typing import Protocol

from tracegraph.model.facts import NamedUnit
from tracegraph.timeline.acts import Act, ActMaker, unit_facts
from tracegraph.timeline.aliases import Aliases
from tracegraph.timeline.history import Histories, History, loads
from tracegraph.timeline.live_events import NONE, LiveEvent
from tracegraph.timeline.long_history import LongHistory, News
from tracegraph.timeline.places import Places
from tracegraph.timeline.siblings import Member, Stories
from tracegraph.timeline.steps import Settings
from tracegraph.timeline.transformations import JointOf, Transformation, compile_transformation, owner_of
from tracegraph.timeline.unit_timeline import NO_NAMES, NO_ROLE, Compiled, ContainerRole, Names, compile_unit

#: How an event names a unit of which it only says something (the lot of an item).
NOT_NAMED: list[NamedUnit] = []


class FactsSource(Protocol):
    """Where live events come from."""

    def naming(self, units: Collection[str]) -> list[LiveEvent]:
        """The live events that name one of the units, sorted by public id."""

    def sharing(self, owner: str) -> list[LiveEvent]:
        """The live transformation events of one owner of joints."""


@dataclass(slots=True)
class Compiler:
    """Compiles owners on demand and remembers what it compiled; containers come before their contents."""

    source: FactsSource
    places: Places
    aliases: Aliases
    settings: Settings = field(default_factory=Settings)
    compiled: dict[str, Compiled] = field(default_factory=dict)
    transformations: dict[str, Transformation] = field(default_factory=dict)
    circling: dict[str, History] = field(default_factory=dict)
    stories: dict[tuple[str, ...], Stories] = field(default_factory=dict)
    long: dict[str, LongHistory] = field(default_factory=dict)
    news: News = field(default_factory=News)
    long_from: int | None = None
    maker: ActMaker = field(init=False)
    _containers: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.maker = ActMaker(self.settings.steps, self.places, self.aliases, self._joint)

    def unit(self, key: str) -> Compiled:
        """One unit's timeline (by its representative key)."""
        pending = [key] if key not in self.compiled else []
        while pending:
            unit = pending[-1]
            above = self.above(unit) if self.containers(unit) else NONE
            circle = self._circle(unit, above)
            missing = sorted([one for one in above if one not in self.compiled and one not in circle])
            if missing and unit not in self.compiled:
                pending.extend(missing)
                continue
            pending.pop()
            if unit not in self.compiled:
                self._compile_circle(sorted(circle))
        return self.compiled[key]

    def forget(self, owners: Iterable[str]) -> None:
        """Compile these anew when they are asked for again."""
        for owner in owners:
            self.compiled.pop(owner, None)
            self._containers.pop(owner, None)
            self.transformations.pop(owner, None)

    def adopt(self, places: Places) -> None:
        """Places, or the numbers of units, mean something else from now on; forget what that concerns."""
        self.places = places
        self.maker = ActMaker(self.settings.steps, places, self.aliases, self._joint)

    def forget_events(self) -> None:
        """What was kept of single events goes; units stay."""
        self.stories.clear()
        self.maker.forget()
        self.news = News()

    def release(self) -> None:
        """It is asked no more: what it holds goes at once, not when garbage is searched, as it and its maker of acts
        know each other."""
        del self.maker

    def _compile_circle(self, units: list[str]) -> None:
        """Units that were in each other (at different times, or by bad data) look each other up: they are compiled
        together, each round on the histories of the round before, until nothing changes; the order does not matter."""
        if len(units) == 1:
            self.compiled[units[0]] = self._told(units[0])
            return
        for unit in units:
            self.long.pop(unit, None)
        for _ in range(2 * len(units)):
            before = {unit: self.circling.get(unit) for unit in units}
            compiled = {unit: self._compile(unit) for unit in units}
            self.circling = {unit: compiled[unit].history for unit in units}
            if self.circling == before:
                break
        self.compiled.update(compiled)
        self.circling = {}

    def transformation(self, owner: str) -> Transformation:
        """The joints of one owner."""
        if owner not in self.transformations:
            events = self.source.sharing(owner)
            self.transformations[owner] = compile_transformation(owner, events, self.places, self.settings)
        return self.transformations[owner]

    def containers(self, unit: str) -> list[str]:
        """The containers that the unit was ever in."""
        if unit not in self._containers:
            known = self.long.get(unit)
            found = set(+known.containers) if known else self._containers_of(unit)
            self._containers[unit] = sorted(found - {unit})
        return self._containers[unit]

    def _containers_of(self, unit: str) -> set[str]:
        keys = self.aliases.numbers(unit)
        packing = [event for event in self.source.naming(keys) if event.parent and packs(event, keys)]
        return {self.aliases.unit(event.parent) for event in packing}

    def _container_of(self, event: LiveEvent, keys: frozenset[str]) -> str | None:
        return self.aliases.unit(event.parent) if packs(event, keys) else None

    def circle(self, unit: str) -> frozenset[str]:
        """The unit, and those that were in it and it in them, by any chain."""
        return self._circle(unit, self.above(unit) if self.containers(unit) else NONE)

    def _circle(self, unit: str, above: Set[str]) -> frozenset[str]:
        """The same, where all its containers are known."""
        if unit not in above:
            return frozenset((unit,))
        return frozenset(one for one in above if unit in self.above(one))

    def above(self, unit: str) -> set[str]:
        """All containers of the unit, by any chain."""
        found = set(self.containers(unit))
        pending = list(found)
        while pending:
            for container in self.containers(pending.pop()):
                if container not in found:
                    found.add(container)
                    pending.append(container)
        return found

    # units with long histories

    def hear(self, units: Iterable[str]) -> None:
        """Tell the units with long histories the news; those that are another unit now are compiled anew."""
        for unit in units:
            known = self.long.get(unit)
            if known is not None and not (known.keys == self.aliases.numbers(unit) and self._heard(known, self.news)):
                del self.long[unit]

    def _heard(self, known: LongHistory, news: News) -> bool:
        return known.hear(news, lambda facts: lambda event: self.maker.acts(event, known.keys, facts.kind))

    def _remember(self, unit: str, keys: frozenset[str], events: list[LiveEvent]) -> None:
        known = LongHistory(unit, keys, lambda event: self._container_of(event, keys))
        if self._heard(known, News(come=dict.fromkeys(keys, events))):
            self.long[unit] = known

    def _grown(self, known: LongHistory) -> Compiled:
        def emptying_of(event: LiveEvent) -> Act | None:
            return self.maker.empties(event, known.keys)

        above = self.above(known.unit) & self.news.since.keys()
        since = {container: self.news.since[container] for container in above}
        known.grow(self._histories(known.unit), self.places, self.settings, emptying_of, since)
        return known.compiled

    # any unit

    def _told(self, unit: str) -> Compiled:
        """A unit by itself: compiled, unless it grows, or one of the same story was compiled."""
        keys = self.aliases.numbers(unit)
        if unit not in self.long:
            events = self.source.naming(keys)
            if self.long_from is None or len(events) < self.long_from:
                return self._short(unit, keys, events)
            self._remember(unit, keys, events)
        return self._grown(self.long[unit])

    def _short(self, unit: str, keys: frozenset[str], events: list[LiveEvent]) -> Compiled:
        histories = self._histories(unit)
        if len(keys) > 1:
            return self._compiled_of(unit, keys, events, histories)
        member = Member(unit, events, histories)
        alike = self.stories.setdefault(tuple([event.id for event in events]), Stories())
        story = alike.same_as(member)
        if story is not None:
            return story.told_of(unit, _lots(events, keys))
        compiled = self._compiled_of(unit, keys, events, histories)
        alike.add(member, compiled)
        return compiled

    def _compile(self, unit: str) -> Compiled:
        keys = self.aliases.numbers(unit)
        return self._compiled_of(unit, keys, self.source.naming(keys), self._histories(unit))

    def _compiled_of(self, unit: str, keys: frozenset[str], events: list[LiveEvent], histories: Histories) -> Compiled:
        if len(keys) > 1:
            numbers = sorted(keys)
            named = [(event, event.names(numbers)) for event in events]
        else:
            named = [(event, event.by_unit.get(unit, NOT_NAMED)) for event in events]
        facts = unit_facts(unit, (one for _, ones in named for one in ones))
        acts: list[Act] = []
        for event, ones in named:
            acts += self.maker.acts_of(event, ones, facts.kind)
        role = _role(self.maker, keys, events)
        lots = _lots(events, keys)
        names = Names(tuple(sorted(keys - {unit})), lots) if lots or len(keys) > 1 else NO_NAMES
        return compile_unit(facts, acts, histories, self.places, self.settings, role, names)

    def _joint(self, event: LiveEvent) -> JointOf:
        return self.transformation(owner_of(event)).joints[event.id]

    def _histories(self, unit: str) -> Histories:
        """Histories of its containers and of theirs."""
        pending = list(self.containers(unit))
        if not pending:
            return Histories()
        found: dict[str, History] = {}
        while pending:
            container = pending.pop()
            known = self.compiled.get(container)
            history = known.history if known else self.circling.get(container)
            if container not in found and container != unit and history is not None:
                found[container] = history
                pending.extend(self.containers(container))
        return Histories(found)


def packs(event: LiveEvent, keys: frozenset[str]) -> bool:
    """Whether an event says that a unit (known under `keys`) goes into or out of a container, or is in it."""
    if event.facts.type != "AggregationEvent" or not event.parent:
        return False
    return not event.children.isdisjoint(keys)


def _lots(events: Iterable[LiveEvent], keys: frozenset[str]) -> tuple[str, ...]:
    telling = [event.lots_of for event in events if event.lots_of]
    return tuple(sorted({lot for lots_of in telling for key in keys for lot in lots_of.get(key, ())}))


def _role(maker: ActMaker, keys: frozenset[str], events: list[LiveEvent]) -> ContainerRole:
    own = [event for event in events if event.parent in keys]
    if not own:
        return NO_ROLE
    packings, held = loads(own)
    acts = [act for event in own if (act := maker.empties(event, keys)) is not None]
    return ContainerRole(packings, tuple(_with_held(act, held) for act in acts))


def _with_held(act: Act, held: dict[str, bool]) -> Act:
    return act._replace(held_earlier=held.get(act.event, False))
