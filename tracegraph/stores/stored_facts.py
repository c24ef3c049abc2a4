"""What the timeline compiler asks for, answered by a store: live events, aliases, master data.

So that compiling from a store and compiling in memory are the same code, for any ledger position and valid time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from tracegraph.model.facts import Alias, EventFacts
from tracegraph.model.master_data import MasterData
from tracegraph.model.record import Record
from tracegraph.stores.port import Reading
from tracegraph.timeline.aliases import Aliases
from tracegraph.timeline.live_events import LiveEvent, LiveSet, live_events
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
        """The live events of whole families: with an event, all of equal content or equal eventID. The given facts are
        where the search begins; only what was stored by then counts."""
        known: set[EventFacts] = set()
        fresh = list(facts)
        while fresh:
            hashes = {one.content_hash for one in fresh}
            event_ids = {one.event_id for one in fresh if one.event_id}
            found = self.reading.events(hashes=hashes, event_ids=event_ids, upto=self.upto)
            fresh = [stored.facts for stored in found if stored.facts not in known]
            known.update(fresh)
        return live_events(one for one in known if self.on is None or one.instant <= self.on)

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
