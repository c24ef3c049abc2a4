"""What an event changes: which owners to compile again, and nothing else (custody-graph section 1).

Pure but for reading the store: old and new facts are compiled and compared, so that a late event touches its units,
the contents of containers whose history it changes, and the transformations that share its transformationID.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, field, replace

from tracegraph.identifiers import product_of
from tracegraph.model.custody import Timeline
from tracegraph.model.facts import Alias, EventFacts, Role
from tracegraph.model.master_data import MasterData
from tracegraph.model.record import Record
from tracegraph.stores.port import HoldingQuery, Reading, UnitRow
from tracegraph.timeline.acts import unit_facts
from tracegraph.timeline.aliases import Aliases
from tracegraph.timeline.history import History, earliest_difference
from tracegraph.timeline.live_events import LiveEvent, LiveSet, live_events
from tracegraph.timeline.places import Places
from tracegraph.timeline.steps import Settings
from tracegraph.timeline.transformations import owner_of
from tracegraph.timeline.world import Compiler, add_gaps, lost_retractions

ALIAS_RECORD = "alias"
MEMBER_RECORD = "member"
MASTER_KINDS = ("other", "party", "product", "site")


@dataclass(slots=True)
class StoredFacts:
    """A FactsSource over a store as it was at a ledger position (None: now); fetches whole families, each once."""

    reading: Reading
    upto: int | None = None
    by_unit: dict[str, dict[str, LiveEvent]] = field(default_factory=dict)
    by_owner: dict[str, list[LiveEvent]] = field(default_factory=dict)

    def preload(self, units: Collection[str]) -> None:
        """Fetch the events of many units at once."""
        missing = [unit for unit in units if unit not in self.by_unit]
        if not missing:
            return
        self.by_unit.update({unit: {} for unit in missing})
        wanted = set(missing)
        fetched = [stored.facts for stored in self.reading.events(units=missing, upto=self.upto)]
        for event in self.family(fetched).events:
            for unit in event.facts.numbers() & wanted:
                self.by_unit[unit][event.id] = event

    def family(self, facts: Iterable[EventFacts]) -> LiveSet:
        """The live events of whole families: with an event, all of equal content or equal eventID."""
        known = {_identity(one): one for one in facts}
        fresh = list(known.values())
        while fresh:
            hashes = {one.content_hash for one in fresh}
            event_ids = {one.event_id for one in fresh if one.event_id}
            found = self.reading.events(hashes=hashes, event_ids=event_ids, upto=self.upto)
            fresh = [stored.facts for stored in found if _identity(stored.facts) not in known]
            known.update({_identity(one): one for one in fresh})
        return live_events(known.values())

    def naming(self, units: Collection[str]) -> list[LiveEvent]:
        """See timeline.world.FactsSource."""
        self.preload(units)
        found = {key: event for unit in units for key, event in self.by_unit[unit].items()}
        return [found[key] for key in sorted(found)]

    def sharing(self, owner: str) -> list[LiveEvent]:
        """See timeline.world.FactsSource."""
        if owner not in self.by_owner:
            name = owner.removeprefix("transformation:")
            content = name.partition("#")[0]
            stored = self.reading.events(transformations=[name], hashes=[content], upto=self.upto)
            live = self.family(one.facts for one in stored).events
            self.by_owner[owner] = [e for e in live if e.facts.type == "TransformationEvent" and owner_of(e) == owner]
        return self.by_owner[owner]


def _identity(facts: EventFacts) -> tuple[str, str, bool]:
    return (facts.content_hash, facts.event_id, facts.retracts)


@dataclass(frozen=True, slots=True)
class Changes:
    """What to write: owners with their new contribution (None: nothing any more), and the units' rows."""

    timelines: dict[str, Timeline | None]
    units: list[UnitRow]


class Recompilation:
    """Compares the store before and after position `before` for a batch of new events and records."""

    def __init__(self, reading: Reading, before: int, settings: Settings) -> None:
        self.reading = reading
        self.new = StoredFacts(reading)
        self.old = StoredFacts(reading, before)
        self.old_aliases = StoredAliases(reading)
        self.aliases = StoredAliases(reading)
        self.compiler = Compiler(self.new, Places.of(_master_data(reading, None)), self.aliases, settings)
        self.old_compiler = Compiler(self.old, Places.of(_master_data(reading, before)), self.old_aliases, settings)

    def changes(
        self, events: Collection[EventFacts], records: Collection[str] = (), places: Collection[str] = ()
    ) -> Changes:
        """Everything that these new events, and master data of these places, change. `records` are unit numbers named
        by new alias records."""
        touched = self.new.family(events), self.old.family(events)
        numbers = {number for facts in (*events, *_all_facts(touched)) for number in facts.numbers()}
        numbers |= {*records, *(self.reading.units_at(places) if places else ())}
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
        units |= self._contents(units)
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
            found |= {alias for alias in _alias_records(self.reading) if {alias.unit, alias.alias} & pending}
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

    def _contents(self, units: set[str]) -> set[str]:
        """Units inside containers whose history changed, from the first difference on; nested ones too."""
        found: set[str] = set()
        pending = [unit for unit in sorted(units) if self._is_container(unit)]
        checked: set[str] = set()
        while pending:
            container = pending.pop()
            if container in checked:
                continue
            checked.add(container)
            since = earliest_difference(self._history(container, old=True), self._history(container, old=False))
            if since is None:
                continue
            inside = self.reading.holdings(HoldingQuery(containers=[container], since=since))
            contents = {self.aliases.unit(row.holding.unit) for row in inside}
            found |= contents
            pending.extend(unit for unit in sorted(contents) if self._is_container(unit))
        return found - units

    def _is_container(self, unit: str) -> bool:
        numbers = self.aliases.numbers(unit)
        events = [*self.new.naming(numbers), *self.old.naming(self.old_aliases.numbers(unit))]
        return any(one.role is Role.PARENT and one.unit in numbers for event in events for one in event.facts.named)

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


def _alias_records(reading: Reading) -> Iterable[Alias]:
    """Aliases entered by hand."""
    for stored in reading.records(ALIAS_RECORD):
        if not stored.record.withdrawn:
            yield Alias(str(stored.record.data["unit"]), str(stored.record.data["alias"]))


class StoredAliases(Aliases):
    """Aliases looked up in a store as they are needed, many at a time."""

    def __init__(self, reading: Reading) -> None:
        super().__init__()
        self.reading = reading
        self.known: set[str] = set()

    def learn(self, numbers: Collection[str]) -> None:
        """Look these numbers up, unless they are known."""
        missing = [number for number in numbers if number not in self.known]
        if missing:
            self.known.update(missing)
            self._join(Alias(owner, alias) for owner, alias in self.reading.aliases(missing))

    def restate(self, numbers: set[str], statements: Iterable[Alias]) -> None:
        """Forget what the store says of these numbers; the statements hold instead."""
        self.known |= numbers
        for number in numbers:
            self.representative.pop(number, None)
            self.groups.pop(number, None)
        self._join(statements)

    def _join(self, statements: Iterable[Alias]) -> None:
        found = Aliases.of(statements)
        self.representative.update(found.representative)
        self.groups.update(found.groups)
        self.known.update(found.representative)

    def unit(self, number: str) -> str:
        """The representative of a number."""
        if number not in self.known:
            self.learn([number])
        return super().unit(number)

    def numbers(self, unit: str) -> frozenset[str]:
        """All numbers of the unit with this representative."""
        if unit not in self.known:
            self.learn([unit])
        return super().numbers(unit)


def _master_data(reading: Reading, at: int | None) -> Iterable[MasterData]:
    for kind in MASTER_KINDS:
        for stored in reading.records(kind, at=at):
            if not stored.record.withdrawn:
                yield master_data_of(stored.record)


def master_data_of(record: Record) -> MasterData:
    """The master data that a record of kind site, party, product or other holds."""
    data = dict(record.data)
    return MasterData(kind=record.kind, id=record.id, **{**data, "children": tuple(data.get("children", ()))})


def record_of(master: MasterData, source: str = "") -> Record:
    """Master data as a record."""
    data = {**asdict(master), "children": list(master.children)}
    kept = {key: value for key, value in data.items() if key not in ("kind", "id") and value not in (None, [], {})}
    return Record(master.kind, master.id, kept, source=source)
