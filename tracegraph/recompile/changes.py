"""What a batch changes: which owners to compile again, and nothing else (custody-graph section 1).

A late event touches its units, the contents of containers whose history it changes, and the transformations that share
its transformationID. Whether a history changed is seen by compiling it before and after.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from tracegraph.identifiers import product_of
from tracegraph.model.custody import Timeline
from tracegraph.model.facts import Alias, NamedUnit, Role
from tracegraph.recompile.families import Difference
from tracegraph.recompile.workbench import Workbench
from tracegraph.stores.amendments import amendment, changes_nothing
from tracegraph.stores.port import Amendment, HoldingQuery, Reading, UnitRow, Writing
from tracegraph.stores.stored_facts import MEMBER_RECORD, StoredAliases, StoredFacts, alias_records, master_data
from tracegraph.timeline.acts import unit_facts
from tracegraph.timeline.compiler import Compiler
from tracegraph.timeline.history import History, earliest_difference
from tracegraph.timeline.live_events import LiveEvent, LiveSet
from tracegraph.timeline.long_history import LongHistory, News
from tracegraph.timeline.places import Places
from tracegraph.timeline.steps import DAY
from tracegraph.timeline.transformations import Transformation, owner_of
from tracegraph.timeline.unit_timeline import Compiled
from tracegraph.timeline.world import add_gaps, lost_retractions


@dataclass(slots=True)
class Changes:
    """What to write: owners of which the stored contribution is known, as what goes and what comes; the others with
    their new contribution (None: nothing any more), transformations apart; and the units' rows that are new."""

    known: dict[str, Amendment] = field(default_factory=dict)
    timelines: dict[str, Timeline | None] = field(default_factory=dict)
    transformations: dict[str, Timeline | None] = field(default_factory=dict)
    units: list[UnitRow] = field(default_factory=list)

    def write(self, change: Writing, position: int) -> None:
        """Bring the graph up to date at a position: first the transformations, whose joints the units' legs name."""
        if self.transformations:
            change.replace(position, self.transformations)
        if self.known or self.units:
            change.amend(position, self.known, self.units)
        if self.timelines:
            change.replace(position, self.timelines)


BEGINNING = -(2**62)
BLANK = Timeline("", "")


class Recompilation:
    """Brings the workbench from the state before a batch to the state after it. Made before the batch is appended;
    asked for the changes afterwards. `compiler`, `facts` and `aliases` are the workbench's: the state after the batch,
    once the events are brought up to date."""

    def __init__(self, reading: Reading, bench: Workbench, difference: Difference) -> None:
        self.reading = reading
        self.bench = bench
        self.compiler, self.facts, self.aliases = bench.compiler, bench.facts, bench.aliases
        self.difference = difference
        self.before = reading.head().count
        self.numbers = difference.numbers()
        self.owners = {
            owner_of(event) for event in (*difference.before.events, *difference.after.events) if _transforms(event)
        }
        self.earlier: dict[str, Compiled] = {}
        self.earlier_transformations: dict[str, Transformation] = {}
        self.old_aliases = bench.aliases
        self.old_places = bench.compiler.places
        self._old_compiler: Compiler | None = None
        self.fresh = self._never_seen()
        self.begun = set[str]()
        bench.facts.begin(self.fresh, ())

    def _never_seen(self) -> set[str]:
        """Numbers that no event named so far."""
        self.bench.aliases.learn(self.numbers)
        unknown = {number for number in self.numbers if number not in self.bench.facts.by_unit}
        stored = {unit.key for unit in self.reading.units(keys=sorted(unknown))} if unknown else set()
        alone = (number for number in unknown - stored if self.bench.aliases.unit(number) == number)
        return {number for number in alone if self.bench.aliases.numbers(number) == {number}}

    def changes(self, records: Collection[str] = (), places: Collection[str] = ()) -> Changes:
        """Everything that the difference, and master data of these places, change. `records` are unit numbers named by
        new alias and member records."""
        self.facts.amend(self.difference.before, self.difference.after)
        numbers = self.numbers | set(records)
        stated = bool(records) or any(facts.aliases for facts in self.difference.facts())
        if places or stated:
            self.compiler.forget(self.compiler.long)
            self.compiler.long.clear()
        if places:
            self.compiler.adopt(Places.of(master_data(self.reading)))
            numbers |= self.reading.units_at(self._within(places))
        self._preload(numbers)
        if stated:
            self.old_aliases = StoredAliases(self.reading, self.before)
            numbers |= self._restate_aliases(numbers)
            self.compiler.adopt(self.compiler.places)
        owners = self.owners | (self._owners_of(numbers) if places else set())
        self._set_aside((), owners)
        rejoined = self._joined_differently(owners)
        numbers |= {named.unit for event in rejoined for named in event.facts.named}
        units = {self.aliases.unit(number) for number in numbers}
        self._preload({number for unit in units for number in self.aliases.numbers(unit)})
        self._tell(units, rejoined)
        self._set_aside({*units, *numbers, *map(self.old_aliases.unit, numbers)}, ())
        self._preload_beside(units)
        units |= self._contents(units, bool(places))
        changes = self._compiled(units, numbers, owners)
        if self._old_compiler is not None:
            self._old_compiler.release()
        return changes

    def _preload(self, numbers: Collection[str]) -> None:
        """Fetch the events of these numbers, but for units that remember what they need of them."""
        known = {key for unit in self.compiler.long.values() for key in unit.keys}
        fetched = self.facts.preload([number for number in numbers if number not in known])
        if fetched:
            self.aliases.learn({number for event in fetched for number in event.numbers})
            self.facts.preload_owners({owner_of(event) for event in fetched if _transforms(event)})

    def _preload_beside(self, units: Collection[str]) -> None:
        """Fetch together what these units are looked up in: containers, and those that they are in; transformations."""
        pending, seen = set(units), set(units)
        while pending:
            short = [unit for unit in pending if unit not in self.compiler.long]
            joined = (event for unit in short for event in self.facts.naming(self.aliases.numbers(unit)))
            self.facts.preload_owners({owner_of(event) for event in joined if _transforms(event)})
            pending = {container for unit in pending for container in self.compiler.containers(unit)} - seen
            self._preload({number for unit in pending for number in self.aliases.numbers(unit)})
            seen |= pending

    def _tell(self, units: set[str], rejoined: Collection[LiveEvent]) -> None:
        """Units with long histories hear what is new of their events."""
        news = self.compiler.news = News(gone=defaultdict(list), come=defaultdict(list))
        changed = {event.id for event in (*self.difference.before.events, *self.difference.after.events)}
        again = [event for event in rejoined if event.id not in changed]
        sides = ((news.gone, self.difference.before.events), (news.come, self.difference.after.events))
        if self.compiler.long:
            for by_number, events in sides:
                for event in (*events, *again):
                    for number in event.numbers:
                        by_number[number].append(event)
        before = set(self.compiler.long)
        self.compiler.hear(sorted(units & before))
        lost = before - self.compiler.long.keys()
        self._preload({number for unit in lost for number in self.aliases.numbers(unit)})

    # which units and transformations

    def _set_aside(self, units: Collection[str], owners: Collection[str]) -> None:
        """These are compiled anew; how they were is kept for comparison."""
        for unit in units:
            if unit in self.compiler.compiled:
                self.earlier.setdefault(unit, self.compiler.compiled[unit])
        for owner in owners:
            if owner in self.compiler.transformations:
                self.earlier_transformations.setdefault(owner, self.compiler.transformations[owner])
        self.compiler.forget([*units, *owners])

    def _old(self) -> Compiler:
        """The state before the batch, for what is not remembered of it."""
        if self._old_compiler is None:
            facts = StoredFacts(self.reading, self.before)
            facts.begin(self.fresh, ())
            aliases = StoredAliases(self.reading, self.before)
            self._old_compiler = Compiler(facts, self.old_places, aliases, self.bench.settings)
        return self._old_compiler

    def _restate_aliases(self, numbers: set[str]) -> set[str]:
        """Where alias statements come or go, the groups are made anew from the live events and records."""
        group = set(numbers)
        statements: set[Alias] = set()
        pending = set(numbers)
        self.aliases.enter_anew()
        while pending:
            known = [self.old_aliases.numbers(self.old_aliases.unit(number)) for number in pending]
            pending = pending.union(*known)
            group |= pending
            found = {alias for event in self.facts.naming(sorted(pending)) for alias in event.facts.aliases}
            found |= {alias for alias in alias_records(self.reading) if {alias.unit, alias.alias} & pending}
            statements |= found
            pending = {number for alias in found for number in (alias.unit, alias.alias)} - group
        self.aliases.restate(group, statements)
        return group

    def _owners_of(self, numbers: Collection[str]) -> set[str]:
        return {owner_of(event) for event in self.facts.naming(sorted(numbers)) if _transforms(event)}

    def _joined_differently(self, owners: Collection[str]) -> list[LiveEvent]:
        """Events that meet another joint than before, because others share their transformationID."""
        self.facts.preload_owners(owners)
        come = {event.id for event in self.difference.after.events}
        gone = {owner_of(event) for event in self.difference.before.events if _transforms(event)}
        differently: list[LiveEvent] = []
        for owner in sorted(owners):
            events = self.facts.sharing(owner)
            after = self.compiler.transformation(owner).joints
            known = [event for event in events if event.id not in come]
            if not known and owner not in gone:
                self.begun.add(owner)
            before = self._earlier_transformation(owner).joints if known else {}
            differently += [event for event in known if before.get(event.id) != after[event.id]]
        return differently

    def _earlier_transformation(self, owner: str) -> Transformation:
        known = self.earlier_transformations.get(owner)
        return known if known is not None else self._old().transformation(owner)

    def _within(self, places: Collection[str]) -> set[str]:
        """The places, all that lie in them, and all that the parties among them run, before or after."""
        found = set(places)
        for known in (self.compiler.places, self.old_places):
            found |= {site for site, party in known.parties.items() if party in found}
        pending = True
        while pending:
            below = {
                location
                for known in (self.compiler.places, self.old_places)
                for location, parent in known.parents.items()
                if parent in found
            }
            pending = not below <= found
            found |= below
        return found

    # what is in containers

    def _contents(self, units: set[str], whole: bool) -> set[str]:
        """Units inside containers whose history changed, from the first difference on (`whole`: from the beginning, as
        the places mean something else); nested ones too. Outer containers come first, as inner ones look them up."""
        found: set[str] = set()
        pending = {unit for unit in units if self._is_container(unit)}
        checked: set[str] = set()
        inherited: dict[str, int] = {}
        while pending:
            ready = {unit for unit in pending if not self._inside_of(unit) & (pending - {unit})} or set(pending)
            beside = self._in_circles(ready) - units - found
            self._set_aside(beside, ())
            found |= beside
            ready |= beside
            pending -= ready
            checked |= ready
            contents = self._contents_of(ready, whole, inherited)
            self._preload({number for unit in contents for number in self.aliases.numbers(unit)})
            self._set_aside(contents - units - found, ())
            found |= contents
            pending |= {unit for unit in contents - checked if self._is_container(unit)}
        return found - units

    def _contents_of(self, containers: Collection[str], whole: bool, inherited: dict[str, int]) -> set[str]:
        """What is inside these from when on they differ. `inherited`: from when on the containers differ that each is
        in itself: its contents look through it, even where its own history is the same."""
        contents: set[str] = set()
        for container in sorted(containers):
            since = BEGINNING if whole or self._renamed(container) else self._differs_since(container)
            known = [instant for instant in (since, inherited.get(container)) if instant is not None]
            if known:
                first = self.compiler.news.since[container] = min(known)
                inside = self._inside(container, first)
                contents |= inside
                for unit in inside:
                    inherited[unit] = min(first, inherited.get(unit, first))
        return contents

    def _in_circles(self, containers: Collection[str]) -> set[str]:
        """Those that are compiled together with these, as they were in each other."""
        return set[str]().union(*map(self.compiler.circle, containers))

    def _inside_of(self, unit: str) -> set[str]:
        """The containers that a container was ever in, by any chain, but for those in a circle with it."""
        return self.compiler.above(unit) - self.compiler.circle(unit)

    def _differs_since(self, container: str) -> int | None:
        """From which instant on a container's history is another than before the batch."""
        known = self.compiler.long.get(container)
        if known and not known.unwritten:
            self.compiler.unit(container)
            return known.differs_since()
        before = self._history_before(container)  # asked before it is compiled anew: a growing one changes
        after = self.compiler.unit(container).history
        known = self.compiler.long.get(container)
        if known:
            known.differs_since()
        return earliest_difference(before, after)

    def _history_before(self, container: str) -> History:
        if container in self.fresh:
            return History()
        if container in self.earlier:
            return self.earlier[container].history
        old = self._old()
        return old.unit(old.aliases.unit(container)).history

    def _inside(self, container: str, since: int) -> set[str]:
        """Units with a stay in the container at or after an instant, or that an event puts in or takes out then."""
        keys = self.aliases.numbers(container)
        names = sorted({self.old_aliases.unit(number) for number in keys} | {container})
        stays = (
            [] if container in self.fresh else self.reading.holdings(HoldingQuery(containers=names, since=since - 1))
        )
        events = list(self._own_events(container, since - DAY))
        named = {one.unit for event in events if _lasts_until(event, since) for one in _children(event)}
        early = {one.unit for event in events for one in _children(event)} - named
        self._preload(early)
        named |= {number for number in early if self._goes_by_papers(number)}
        return {self.aliases.unit(number) for number in named | {row.holding.unit for row in stays}}

    def _goes_by_papers(self, number: str) -> bool:
        """Whether an event with documents names the unit: the date of its receipt may follow a later shipment of a
        container that it was in, within the clock tolerance."""
        return self.aliases.unit(number) in self.compiler.long or any(
            event.facts.documents for event in self.facts.naming([number])
        )

    def _own_events(self, container: str, since: int) -> Iterable[LiveEvent]:
        """The events at or after an instant that pack or empty the container."""
        known = self.compiler.long.get(container)
        if known is not None:
            return known.own_since(since)
        keys = self.aliases.numbers(container)
        return [
            event for event in self.facts.naming(sorted(keys)) if event.parent in keys and event.facts.instant >= since
        ]

    def _renamed(self, container: str) -> bool:
        """Whether the container went under another number before."""
        if self.old_aliases is self.aliases:
            return False
        return any(self.old_aliases.unit(number) != container for number in self.aliases.numbers(container))

    def _is_container(self, unit: str) -> bool:
        numbers = self.aliases.numbers(unit)
        known = self.compiler.long.get(unit)
        own = known.own if known else (event for event in self.facts.naming(numbers) if event.parent in numbers)
        if any(True for _ in own):
            return True
        if any(event.parent in numbers for event in self.difference.before.events):
            return True
        former = set() if self.old_aliases is self.aliases else self.old_aliases.numbers(unit) - numbers
        return bool(former) and any(event.parent in former for event in self._old().source.naming(former))

    # the new contributions

    def _compiled(self, units: set[str], numbers: set[str], owners: set[str]) -> Changes:
        gone = {self.old_aliases.unit(number) for number in numbers} | numbers
        timelines: dict[str, Timeline | None] = dict.fromkeys(sorted(gone - units))
        for unit in sorted(units):
            compiled = self.compiler.unit(unit) if self._has_events(unit) else None
            if unit not in self.compiler.long:
                timelines[unit] = compiled.timeline if compiled else self._without_events(unit)
        for owner in sorted(owners):
            shared = self.facts.by_owner.get(owner)
            timelines[owner] = self.compiler.transformation(owner).timeline if shared else None
        self._add_lost_retractions(timelines, units)
        self._add_lots(timelines, units)
        rows = (self._row(unit, timelines) for unit in sorted(units) if timelines.get(unit, BLANK))
        changes = Changes(units=[row for row in rows if self.bench.note_row(row)])
        for unit in sorted(units & self.compiler.long.keys()):
            self._enter_long(changes, unit, self.compiler.long[unit])
        for owner, timeline in timelines.items():
            self._enter(changes, owner, timeline)
        return changes

    def _has_events(self, unit: str) -> bool:
        return unit in self.compiler.long or any(map(self.facts.by_unit.get, self.aliases.numbers(unit)))

    def _row(self, unit: str, timelines: dict[str, Timeline | None]) -> UnitRow:
        timeline = timelines.get(unit)
        kind = timeline.kind if timeline else self.compiler.long[unit].facts.kind.value
        return UnitRow(unit, kind, product_of(unit))

    def _enter_long(self, changes: Changes, unit: str, known: LongHistory) -> None:
        """What changed in a long history; the first time all of it."""
        changed = Amendment(*known.changes())
        if known.unwritten:
            self._enter(changes, unit, self.compiler.compiled[unit].timeline)
            known.unwritten = False
        elif not changes_nothing(changed):
            changes.known[unit] = changed
        self.bench.note_long(unit)

    def _enter(self, changes: Changes, owner: str, timeline: Timeline | None) -> None:
        """An owner's new contribution, as a difference where the old one is known."""
        if owner in self.bench.written or owner in self.fresh or owner in self.begun:
            changed = amendment(self.bench.written.get(owner), timeline)
            if not changes_nothing(changed):
                changes.known[owner] = changed
        else:
            others = changes.transformations if owner in self.compiler.transformations else changes.timelines
            others[owner] = timeline
        self.bench.note(owner, timeline)

    def _whole(self, timelines: dict[str, Timeline | None], unit: str) -> Timeline | None:
        """A unit's contribution, to be added to: one with a long history does not remember what others add."""
        if unit in self.compiler.long:
            timelines[unit] = self.compiler.compiled[unit].timeline
            del self.compiler.long[unit]
        return timelines[unit]

    def _add_lots(self, changes: dict[str, Timeline | None], units: set[str]) -> None:
        """Lots that records (master data) say an item belongs to."""
        numbers = {number: unit for unit in units for number in self.aliases.numbers(unit)}
        for stored in self.reading.records(MEMBER_RECORD, ids=sorted(numbers)):
            unit = numbers[stored.record.id]
            timeline = self._whole(changes, unit)
            if timeline is not None and not stored.record.withdrawn:
                lots = {*timeline.lots, str(stored.record.data["lot"])}
                changes[unit] = replace(timeline, lots=tuple(sorted(lots)))

    def _without_events(self, unit: str) -> Timeline | None:
        """A unit of which every event is retracted is known all the same; one that nothing names is not."""
        stored = self.reading.events(units=sorted(self.aliases.numbers(unit)))
        named = [one for event in stored for one in event.facts.named if one.unit == unit]
        return Timeline(unit, unit_facts(unit, named).kind.value) if named else None

    def _add_lost_retractions(self, changes: dict[str, Timeline | None], units: set[str]) -> None:
        """Gaps of declarations that name the units and retract nothing known."""
        numbers = {number for unit in units for number in self.aliases.numbers(unit)}
        found = self.facts.lost_of(numbers)
        for lost in lost_retractions(LiveSet((), tuple(found)), self.aliases) if found else ():
            if lost.owner in units:
                known = self._whole(changes, lost.owner)
                changes[lost.owner] = add_gaps(known, lost.gaps) if known else None


def _children(event: LiveEvent) -> Iterable[NamedUnit]:
    return (named for named in event.facts.named if named.role is Role.CHILD)


def _lasts_until(event: LiveEvent, instant: int) -> bool:
    """Whether an event is at or after an instant, or on its date."""
    return event.facts.instant + (DAY if event.facts.day else 0) >= instant


def _transforms(event: LiveEvent) -> bool:
    return event.facts.type == "TransformationEvent"
