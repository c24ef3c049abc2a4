"""What an event changes: which owners to compile again, and nothing else (custody-graph section 1).

Pure but for reading the store: old and new facts are compiled and compared, so that a late event touches its units,
the contents of containers whose history it changes, and the transformations that share its transformationID.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, replace

from tracegraph.identifiers import product_of
from tracegraph.model.custody import Timeline
from tracegraph.model.facts import Alias, EventFacts, Role
from tracegraph.model.master_data import MasterData
from tracegraph.model.record import Record
from tracegraph.stores.port import HoldingQuery, Reading, UnitRow
from tracegraph.stores.stored_facts import MEMBER_RECORD, StoredAliases, StoredFacts, alias_records, master_data
from tracegraph.timeline.acts import unit_facts
from tracegraph.timeline.history import History, earliest_difference
from tracegraph.timeline.live_events import LiveEvent, LiveSet
from tracegraph.timeline.places import Places
from tracegraph.timeline.steps import DAY, Settings
from tracegraph.timeline.transformations import owner_of
from tracegraph.timeline.world import Compiler, add_gaps, lost_retractions


@dataclass(frozen=True, slots=True)
class Changes:
    """What to write: owners with their new contribution (None: nothing any more), and the units' rows."""

    timelines: dict[str, Timeline | None]
    units: list[UnitRow]


BEGINNING = -(2**62)


class Recompilation:
    """Compares the store before and after position `before` for a batch of new events and records."""

    def __init__(self, reading: Reading, before: int, settings: Settings) -> None:
        self.reading = reading
        self.new = StoredFacts(reading)
        self.old = StoredFacts(reading, before)
        self.old_aliases = StoredAliases(reading, before)
        self.aliases = StoredAliases(reading)
        self.compiler = Compiler(self.new, Places.of(master_data(reading)), self.aliases, settings)
        self.old_compiler = Compiler(self.old, Places.of(master_data(reading, before)), self.old_aliases, settings)

    def changes(
        self, events: Collection[EventFacts], records: Collection[str] = (), places: Collection[str] = ()
    ) -> Changes:
        """Everything that these new events, and master data of these places, change. `records` are unit numbers named
        by new alias records."""
        touched = self.new.family(events), self.old.family(events)
        numbers = {number for facts in (*events, *_all_facts(touched)) for number in facts.numbers()}
        numbers |= {*records, *(self.reading.units_at(self._within(places)) if places else ())}
        if records or any(facts.aliases for facts in (*events, *_all_facts(touched))):
            numbers |= self._restate_aliases(numbers)
        owners = {
            owner_of(event) for live in touched for event in live.events if event.facts.type == "TransformationEvent"
        }
        if places:
            owners |= self._owners_of(numbers)
        numbers |= self._joined_differently(owners)
        units = {self.aliases.unit(number) for number in numbers}
        self.new.preload({number for unit in units for number in self.aliases.numbers(unit)})
        units |= self._contents(units, bool(places))
        return self._compiled(units, numbers, owners)

    def _restate_aliases(self, numbers: set[str]) -> set[str]:
        """Where alias statements come or go, the groups are made anew from the live events and records."""
        group = set(numbers)
        statements: set[Alias] = set()
        pending = set(numbers)
        while pending:
            known = [self.old_aliases.numbers(self.old_aliases.unit(number)) for number in pending]
            pending = pending.union(*known)
            group |= pending
            found = {alias for event in self.new.naming(sorted(pending)) for alias in event.facts.aliases}
            found |= {alias for alias in alias_records(self.reading) if {alias.unit, alias.alias} & pending}
            statements |= found
            pending = {number for alias in found for number in (alias.unit, alias.alias)} - group
        self.aliases.restate(group, statements)
        return group

    def _owners_of(self, numbers: Collection[str]) -> set[str]:
        return set(_owners(self.new.naming(sorted(numbers))))

    def _joined_differently(self, owners: Iterable[str]) -> set[str]:
        """Units of events that meet another joint than before, because others share their transformationID."""
        numbers: set[str] = set()
        for owner in owners:
            before = self.old_compiler.transformation(owner).joints
            after = self.compiler.transformation(owner).joints
            for event in self.new.sharing(owner):
                if before.get(event.id) != after[event.id]:
                    numbers |= {named.unit for named in event.facts.named}
        return numbers

    def _within(self, places: Collection[str]) -> set[str]:
        """The places, all that lie in them, and all that the parties among them run, before or after."""
        found = set(places)
        for known in (self.compiler.places, self.old_compiler.places):
            found |= {site for site, party in known.parties.items() if party in found}
        pending = True
        while pending:
            below = {
                location
                for known in (self.compiler.places, self.old_compiler.places)
                for location, parent in known.parents.items()
                if parent in found
            }
            pending = not below <= found
            found |= below
        return found

    def _contents(self, units: set[str], whole: bool) -> set[str]:
        """Units inside containers whose history changed, from the first difference on (`whole`: from the beginning, as
        the places mean something else); nested ones too."""
        found: set[str] = set()
        pending = [unit for unit in sorted(units) if self._is_container(unit)]
        checked: set[str] = set()
        while pending:
            container = pending.pop()
            if container in checked:
                continue
            checked.add(container)
            since = earliest_difference(self._history(container, old=True), self._history(container, old=False))
            since = BEGINNING if whole or self._renamed(container) else since
            if since is None:
                continue
            contents = self._inside(container, since)
            found |= contents
            pending.extend(unit for unit in sorted(contents) if self._is_container(unit))
        return found - units

    def _inside(self, container: str, since: int) -> set[str]:
        """Units with a stay in the container at or after an instant, or that an event puts in or takes out then."""
        keys = self.aliases.numbers(container)
        names = sorted({self.old_aliases.unit(number) for number in keys} | {container})
        stays = self.reading.holdings(HoldingQuery(containers=names, since=since - 1))
        named = {
            one.unit
            for event in self.new.naming(sorted(keys))
            if event.parent in keys and event.facts.instant >= since - DAY
            for one in event.facts.named
            if one.role is Role.CHILD
        }
        return {self.aliases.unit(number) for number in named | {row.holding.unit for row in stays}}

    def _renamed(self, container: str) -> bool:
        """Whether the container went under another number before."""
        return any(self.old_aliases.unit(number) != container for number in self.aliases.numbers(container))

    def _is_container(self, unit: str) -> bool:
        numbers = self.aliases.numbers(unit)
        events = [*self.new.naming(numbers), *self.old.naming(self.old_aliases.numbers(unit))]
        return any(event.parent in numbers for event in events)

    def _history(self, container: str, old: bool) -> History:
        compiler = self.old_compiler if old else self.compiler
        return compiler.unit(compiler.aliases.unit(container)).history

    def _compiled(self, units: set[str], numbers: set[str], owners: set[str]) -> Changes:
        gone = {self.old_aliases.unit(number) for number in numbers} | numbers
        changes: dict[str, Timeline | None] = dict.fromkeys(gone - units)
        for unit in sorted(units):
            known = self.new.naming(sorted(self.aliases.numbers(unit)))
            changes[unit] = self.compiler.unit(unit).timeline if known else self._without_events(unit)
        for owner in sorted(owners):
            changes[owner] = self.compiler.transformation(owner).timeline if self.new.sharing(owner) else None
        self._add_lost_retractions(changes, units)
        self._add_lots(changes, units)
        rows = [UnitRow(unit, timeline.kind, product_of(unit)) for unit in sorted(units) if (timeline := changes[unit])]
        return Changes(changes, rows)

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
        declared = [s.facts for s in self.reading.events(units=sorted(numbers)) if s.facts.retracts]
        for lost in lost_retractions(self.new.family(declared), self.aliases) if declared else ():
            if lost.owner in units:
                known = changes[lost.owner]
                changes[lost.owner] = add_gaps(known, lost.gaps) if known else None


def _owners(events: Iterable[LiveEvent]) -> Iterable[str]:
    return (owner_of(event) for event in events if event.facts.type == "TransformationEvent")


def _all_facts(touched: tuple[LiveSet, LiveSet]) -> Iterable[EventFacts]:
    for live in touched:
        yield from (event.facts for event in live.events)
        yield from (lost.facts for lost in live.lost)


def record_of(master: MasterData, source: str = "") -> Record:
    """Master data as a record."""
    data = {**asdict(master), "children": list(master.children)}
    kept = {key: value for key, value in data.items() if key not in ("kind", "id") and value not in (None, [], {})}
    return Record(master.kind, master.id, kept, source=source)
