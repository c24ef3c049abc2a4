"""What a batch changes: which owners to compile again, and nothing else (custody-graph section 1).

A late event touches its units, the contents of containers whose history it changes, and the transformations that share
its transformationID. Whether a history changed is seen by compiling it before and after.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import TypeVar

from tracegraph.identifiers import product_of
from tracegraph.model.custody import Timeline
from tracegraph.model.facts import Alias, Role
from tracegraph.recompile.families import Difference
from tracegraph.recompile.workbench import Workbench
from tracegraph.stores.port import Amendment, HoldingQuery, Reading, UnitRow
from tracegraph.stores.stored_facts import MEMBER_RECORD, StoredAliases, StoredFacts, alias_records, master_data
from tracegraph.timeline.acts import unit_facts
from tracegraph.timeline.history import History, earliest_difference
from tracegraph.timeline.live_events import LiveEvent, LiveSet
from tracegraph.timeline.places import Places
from tracegraph.timeline.steps import DAY
from tracegraph.timeline.transformations import Transformation, owner_of
from tracegraph.timeline.unit_timeline import Compiled
from tracegraph.timeline.world import Compiler, add_gaps, lost_retractions


@dataclass(slots=True)
class Changes:
    """What to write: owners of which the stored contribution is known, as what goes and what comes; the others with
    their new contribution (None: nothing any more); and the units' rows."""

    known: dict[str, Amendment] = field(default_factory=dict)
    timelines: dict[str, Timeline | None] = field(default_factory=dict)
    units: list[UnitRow] = field(default_factory=list)


BEGINNING = -(2**62)


class Recompilation:
    """Brings the workbench from the state before a batch to the state after it. Made before the batch is appended;
    asked for the changes afterwards."""

    def __init__(self, reading: Reading, bench: Workbench, difference: Difference) -> None:
        self.reading = reading
        self.bench = bench
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
        bench.facts.begin(self.fresh, ())

    def _never_seen(self) -> set[str]:
        """Numbers that no event named so far."""
        self.bench.aliases.learn(self.numbers)
        unknown = self.numbers - self.bench.facts.by_unit.keys()
        stored = {unit.key for unit in self.reading.units(keys=sorted(unknown))} if unknown else set()
        alone = (number for number in unknown - stored if self.bench.aliases.unit(number) == number)
        return {number for number in alone if self.bench.aliases.numbers(number) == {number}}

    @property
    def compiler(self) -> Compiler:
        """The state after the batch, once the events are brought up to date."""
        return self.bench.compiler

    @property
    def facts(self) -> StoredFacts:
        """The live events after the batch."""
        return self.bench.facts

    @property
    def aliases(self) -> StoredAliases:
        """The numbers of units after the batch."""
        return self.bench.aliases

    def changes(self, records: Collection[str] = (), places: Collection[str] = ()) -> Changes:
        """Everything that the difference, and master data of these places, change. `records` are unit numbers named by
        new alias and member records."""
        self.facts.amend(self.difference.before, self.difference.after)
        numbers = self.numbers | set(records)
        if places:
            self.compiler.adopt(Places.of(master_data(self.reading)))
            numbers |= self.reading.units_at(self._within(places))
        self.facts.preload(numbers)
        if records or any(facts.aliases for facts in self.difference.facts()):
            self.old_aliases = StoredAliases(self.reading, self.before)
            numbers |= self._restate_aliases(numbers)
        owners = self.owners | (self._owners_of(numbers) if places else set())
        self._set_aside((), owners)
        numbers |= self._joined_differently(owners)
        units = {self.aliases.unit(number) for number in numbers}
        self.facts.preload({number for unit in units for number in self.aliases.numbers(unit)})
        self._set_aside({*units, *numbers, *map(self.old_aliases.unit, numbers)}, ())
        units |= self._contents(units, bool(places))
        return self._compiled(units, numbers, owners)

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

    def _joined_differently(self, owners: Collection[str]) -> set[str]:
        """Units of events that meet another joint than before, because others share their transformationID."""
        self.facts.preload_owners(owners)
        come = {event.id for event in self.difference.after.events}
        numbers: set[str] = set()
        for owner in sorted(owners):
            events = self.facts.sharing(owner)
            after = self.compiler.transformation(owner).joints
            known = [event for event in events if event.id not in come]
            before = self._earlier_transformation(owner).joints if known else {}
            for event in known:
                if before.get(event.id) != after[event.id]:
                    numbers |= {named.unit for named in event.facts.named}
        return numbers

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
        while pending:
            ready = {unit for unit in pending if not self._inside_of(unit) & (pending - {unit})} or set(pending)
            beside = self._in_circles(ready) - units - found
            self._set_aside(beside, ())
            found |= beside
            ready |= beside
            pending -= ready
            checked |= ready
            contents: set[str] = set()
            for container in sorted(ready):
                since = BEGINNING if whole or self._renamed(container) else self._differs_since(container)
                contents |= self._inside(container, since) if since is not None else set()
            self.facts.preload({number for unit in contents for number in self.aliases.numbers(unit)})
            self._set_aside(contents - units - found, ())
            found |= contents
            pending |= {unit for unit in contents - checked if self._is_container(unit)}
        return found - units

    def _in_circles(self, containers: Collection[str]) -> set[str]:
        """Those that are compiled together with these, as they were in each other."""
        return set[str]().union(*map(self.compiler.circle, containers))

    def _inside_of(self, unit: str) -> set[str]:
        """The containers that a container was ever in, by any chain, but for those in a circle with it."""
        return self.compiler.above(unit) - self.compiler.circle(unit)

    def _differs_since(self, container: str) -> int | None:
        """From which instant on a container's history is another than before the batch."""
        if container in self.fresh:
            before = History()
        elif container in self.earlier:
            before = self.earlier[container].history
        else:
            old = self._old()
            before = old.unit(old.aliases.unit(container)).history
        return earliest_difference(before, self.compiler.unit(container).history)

    def _inside(self, container: str, since: int) -> set[str]:
        """Units with a stay in the container at or after an instant, or that an event puts in or takes out then."""
        keys = self.aliases.numbers(container)
        names = sorted({self.old_aliases.unit(number) for number in keys} | {container})
        stays = (
            [] if container in self.fresh else self.reading.holdings(HoldingQuery(containers=names, since=since - 1))
        )
        named = {
            one.unit
            for event in self.facts.naming(sorted(keys))
            if event.parent in keys and event.facts.instant >= since - DAY
            for one in event.facts.named
            if one.role is Role.CHILD
        }
        return {self.aliases.unit(number) for number in named | {row.holding.unit for row in stays}}

    def _renamed(self, container: str) -> bool:
        """Whether the container went under another number before."""
        if self.old_aliases is self.aliases:
            return False
        return any(self.old_aliases.unit(number) != container for number in self.aliases.numbers(container))

    def _is_container(self, unit: str) -> bool:
        numbers = self.aliases.numbers(unit)
        if any(event.parent in numbers for event in self.facts.naming(numbers)):
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
            known = any(self.facts.by_unit.get(number) for number in self.aliases.numbers(unit))
            timelines[unit] = self.compiler.unit(unit).timeline if known else self._without_events(unit)
        for owner in sorted(owners):
            shared = self.facts.by_owner.get(owner)
            timelines[owner] = self.compiler.transformation(owner).timeline if shared else None
        self._add_lost_retractions(timelines, units)
        self._add_lots(timelines, units)
        rows = [UnitRow(unit, line.kind, product_of(unit)) for unit in sorted(units) if (line := timelines[unit])]
        changes = Changes(units=rows)
        for owner, timeline in timelines.items():
            self._enter(changes, owner, timeline)
        return changes

    def _enter(self, changes: Changes, owner: str, timeline: Timeline | None) -> None:
        """An owner's new contribution, as a difference where the old one is known."""
        if owner in self.bench.written or owner in self.fresh:
            before = self.bench.written.get(owner)
            if before != timeline:
                changes.known[owner] = amendment(before, timeline)
        else:
            changes.timelines[owner] = timeline
        self.bench.note(owner, timeline)

    def _add_lots(self, changes: dict[str, Timeline | None], units: set[str]) -> None:
        """Lots that records (master data) say an item belongs to."""
        numbers = {number: unit for unit in units for number in self.aliases.numbers(unit)}
        for stored in self.reading.records(MEMBER_RECORD, ids=sorted(numbers)):
            unit = numbers[stored.record.id]
            timeline = changes[unit]
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
                known = changes[lost.owner]
                changes[lost.owner] = add_gaps(known, lost.gaps) if known else None


def amendment(before: Timeline | None, after: Timeline | None) -> Amendment:
    """From one contribution of an owner to the next: only the parts that differ."""
    return Amendment(_without(before, after), _without(after, before))


def _without(timeline: Timeline | None, other: Timeline | None) -> Timeline | None:
    """The parts of a timeline that the other does not have."""
    if timeline is None or other is None:
        return timeline
    return Timeline(
        timeline.owner,
        timeline.kind,
        holdings=_apart(timeline.holdings, other.holdings),
        joints=_apart(timeline.joints, other.joints),
        legs=_apart(timeline.legs, other.legs),
        gaps=_apart(timeline.gaps, other.gaps),
        aliases=_apart(timeline.aliases, other.aliases),
        lots=_apart(timeline.lots, other.lots),
    )


Part = TypeVar("Part")


def _apart(parts: tuple[Part, ...], others: tuple[Part, ...]) -> tuple[Part, ...]:
    known = set(others)
    return tuple(part for part in parts if part not in known)


def _transforms(event: LiveEvent) -> bool:
    return event.facts.type == "TransformationEvent"
