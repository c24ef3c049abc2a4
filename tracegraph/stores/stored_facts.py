"""What the timeline compiler asks for, answered by a store: live events, aliases, master data.

So that compiling from a store and compiling in memory are the same code, for any ledger position and valid time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from tracegraph.model.facts import Alias, EventFacts
from tracegraph.model.master_data import MasterData
from tracegraph.model.record import Record
from tracegraph.stores.port import Reading
from tracegraph.timeline.aliases import Aliases
from tracegraph.timeline.live_events import LiveEvent, LiveSet, LostRetraction, live_events
from tracegraph.timeline.transformations import owner_of

ALIAS_RECORD = "alias"
MEMBER_RECORD = "member"
MASTER_KINDS = ("other", "party", "product", "site")


@dataclass(slots=True)
class StoredFacts:
    """A FactsSource over a store as it was at a ledger position (None: now); fetches whole families, each once.
    `on` is a valid time: events after that instant are left out."""

    reading: Reading
    upto: int | None = None
    on: int | None = None
    by_unit: dict[str, dict[str, LiveEvent]] = field(default_factory=dict)
    by_owner: dict[str, dict[str, LiveEvent]] = field(default_factory=dict)
    lost: dict[LostRetraction, frozenset[str]] = field(default_factory=dict)
    _ordered: dict[str, list[LiveEvent]] = field(default_factory=dict)

    def preload(self, units: Collection[str]) -> Sequence[LiveEvent]:
        """Fetch the events of many units at once; returns those that were not fetched before, or again."""
        missing = [unit for unit in units if unit not in self.by_unit]
        if not missing:
            return ()
        self.by_unit.update({unit: {} for unit in missing})
        wanted = set(missing)
        fetched = [stored.facts for stored in self.reading.events(units=missing, upto=self.upto)]
        live = self.family(fetched)
        for event in live.events:
            for unit in event.numbers & wanted:
                self.by_unit[unit][event.id] = event
        for lost in live.lost:
            self.lost[lost] = frozenset(lost.facts.numbers())
        return live.events

    def begin(self, units: Iterable[str], owners: Iterable[str]) -> None:
        """These have no events yet: nothing is to be fetched."""
        for unit in units:
            self.by_unit.setdefault(unit, {})
        for owner in owners:
            self.by_owner.setdefault(owner, {})

    def amend(self, before: LiveSet, after: LiveSet) -> None:
        """Bring what was fetched up to date: what is no longer so, and what is newly so."""
        for event in before.events:
            for known in self._holding(event):
                known.pop(event.id, None)
        for event in after.events:
            for known in self._holding(event):
                known[event.id] = event
        for event in (*before.events, *after.events):
            for number in event.numbers:
                self._ordered.pop(number, None)
        for lost in before.lost:
            self.lost.pop(lost, None)
        self.lost.update((lost, frozenset(lost.facts.numbers())) for lost in after.lost)

    def lost_of(self, units: Collection[str]) -> list[LostRetraction]:
        """Declarations that retract nothing known and name one of these units, which must be fetched."""
        return [lost for lost, named in self.lost.items() if not named.isdisjoint(units)]

    def _holding(self, event: LiveEvent) -> Iterable[dict[str, LiveEvent]]:
        """The fetched collections that the event belongs to."""
        found = [self.by_unit.get(number) for number in event.numbers]
        if event.facts.type == "TransformationEvent":
            found.append(self.by_owner.get(owner_of(event)))
        return (known for known in found if known is not None)

    def forget(self, owner: str, numbers: Iterable[str]) -> None:
        """Fetch these again when they are asked for."""
        self.by_owner.pop(owner, None)
        for number in numbers:
            if self.by_unit.pop(number, None) is not None:
                self._ordered.pop(number, None)

    def family(self, facts: Iterable[EventFacts]) -> LiveSet:
        """The live events of whole families: with an event, all of equal content or equal eventID. The given facts are
        where the search begins; only what was stored by then counts."""
        known = relatives(self.reading, facts, self.upto)
        return live_events(one for one in known if self.on is None or one.instant <= self.on)

    def naming(self, units: Collection[str]) -> list[LiveEvent]:
        """See timeline.world.FactsSource."""
        if len(units) == 1:
            return self._naming(next(iter(units)))
        self.preload(units)
        found = {key: event for unit in units for key, event in self.by_unit[unit].items()}
        return [found[key] for key in sorted(found)]

    def _naming(self, unit: str) -> list[LiveEvent]:
        """The same of one number, which most units have; asked for several times in a change."""
        known = self._ordered.get(unit)
        if known is None:
            self.preload([unit])
            found = self.by_unit[unit]
            known = self._ordered[unit] = [found[key] for key in sorted(found)]
        return known

    def sharing(self, owner: str) -> list[LiveEvent]:
        """See timeline.world.FactsSource."""
        self.preload_owners([owner])
        found = self.by_owner[owner]
        return [found[key] for key in sorted(found)]

    def preload_owners(self, owners: Collection[str]) -> None:
        """Fetch the transformation events of many owners at once."""
        missing = [owner for owner in owners if owner not in self.by_owner]
        if not missing:
            return
        self.by_owner.update({owner: {} for owner in missing})
        names = [owner.removeprefix("transformation:") for owner in missing]
        hashes = [name.partition("#")[0] for name in names]
        stored = self.reading.events(transformations=names, hashes=hashes, upto=self.upto)
        for event in self.family(one.facts for one in stored).events:
            if event.facts.type == "TransformationEvent" and (owner := owner_of(event)) in self.by_owner:
                self.by_owner[owner].setdefault(event.id, event)


def relatives(reading: Reading, facts: Iterable[EventFacts], upto: int | None = None) -> list[EventFacts]:
    """Stored events of the families of these: of equal content hash or equal eventID, and so on from what is found."""
    known: dict[int, EventFacts] = {}
    hashes, event_ids = set[str](), set[str]()
    fresh = list(facts)
    while fresh:
        more_hashes = {one.content_hash for one in fresh} - hashes
        more_ids = {one.event_id for one in fresh if one.event_id} - event_ids
        hashes |= more_hashes
        event_ids |= more_ids
        found = reading.events(hashes=more_hashes, event_ids=more_ids, upto=upto) if more_hashes or more_ids else []
        fresh = [stored.facts for stored in found if stored.position not in known]
        known.update((stored.position, stored.facts) for stored in found)
    return list(known.values())


def alias_records(reading: Reading, at: int | None = None) -> Iterable[Alias]:
    """Aliases entered by hand or by master data, as known at a ledger position."""
    for stored in reading.records(ALIAS_RECORD, at=at):
        if not stored.record.withdrawn:
            yield Alias(str(stored.record.data["unit"]), str(stored.record.data["alias"]))


class StoredAliases(Aliases):
    """Aliases looked up in a store as they are needed, many at a time."""

    def __init__(self, reading: Reading, upto: int | None = None) -> None:
        super().__init__()
        self.reading = reading
        self.upto = upto
        self.known: set[str] = set()
        self.entered: frozenset[Alias] | None = None

    def learn(self, numbers: Collection[str]) -> None:
        """Look these numbers up, unless they are known."""
        missing = {number for number in numbers if number not in self.known}
        group, statements = set(missing), set[Alias]()
        while missing:
            found = {Alias(owner, alias) for owner, alias in self.reading.aliases(sorted(missing), at=self.upto)}
            found |= {alias for alias in self._records() if {alias.unit, alias.alias} & missing}
            statements |= found
            missing = {number for alias in found for number in (alias.unit, alias.alias)} - group
            group |= missing
        self.known |= group
        self._join(statements)

    def _records(self) -> frozenset[Alias]:
        """Aliases entered as records: they may be known before any event names the unit."""
        if self.entered is None:
            plain = (Alias(alias.unit, alias.alias) for alias in alias_records(self.reading, self.upto))
            self.entered = frozenset(plain)
        return self.entered

    def forget(self, numbers: Iterable[str]) -> None:
        """Look these up again, unless they belong to a group."""
        self.known.difference_update(number for number in numbers if number not in self.representative)

    def enter_anew(self) -> None:
        """Read the entered records again."""
        self.entered = None

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
        return self.representative.get(number, number)

    def units(self, numbers: Collection[str]) -> frozenset[str]:
        """The representatives of several numbers."""
        if not self.known.issuperset(numbers):
            self.learn(numbers)
        return super().units(numbers)

    def numbers(self, unit: str) -> frozenset[str]:
        """All numbers of the unit with this representative."""
        if unit not in self.known:
            self.learn([unit])
        return super().numbers(unit) if self.groups else frozenset((unit,))


def master_data(reading: Reading, at: int | None = None) -> Iterable[MasterData]:
    """All master data as known at a ledger position."""
    for kind in MASTER_KINDS:
        for stored in reading.records(kind, at=at):
            if not stored.record.withdrawn:
                yield master_data_of(stored.record)


def master_data_of(record: Record) -> MasterData:
    """The master data that a record of kind site, party, product or other holds."""
    data = dict(record.data)
    return MasterData(kind=record.kind, id=record.id, **{**data, "children": tuple(data.get("children", ()))})
