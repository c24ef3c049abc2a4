"""A store of dictionaries: an oracle for everything above the storage port, simple enough to be believed on sight.

It implements the port with full scans and naive loops on purpose and shares no code with any real store.
"""

from __future__ import annotations

import hashlib
import random
from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from tracegraph.model.custody import Certainty, Gap, Holding, Joint, Leg, Place, PlaceKind, Timeline
from tracegraph.model.record import StoredRecord
from tracegraph.stores.ledger import refuse_filled
from tracegraph.stores.plain import PlainReading
from tracegraph.stores.port import (
    Amendment,
    Direction,
    EntryKind,
    HoldingQuery,
    HoldingRow,
    JointRow,
    LedgerEntry,
    LedgerHead,
    Legs,
    NewEntry,
    StoredEvent,
    UnitReach,
    UnitRow,
)


@dataclass
class Version:
    """One timeline of one owner, known from one ledger position to another."""

    timeline: Timeline
    known_from: int
    known_to: int | None = None


class MemoryStore(PlainReading):
    """Reading, Writing and Store in one. `seed` decides the node numbers, which must not matter."""

    url = "memory:"
    identity = "memory"

    def __init__(self, seed: int = 0) -> None:
        self.chain: list[LedgerEntry] = []
        self.new: list[NewEntry] = []
        self.versions: dict[str, list[Version]] = {}
        self.known_units: dict[str, UnitRow] = {}
        self.numbers: dict[str, int] = {}
        self.free = random.Random(seed)
        self.lookups = 0

    # reading

    def head(self) -> LedgerHead:
        if not self.chain:
            return LedgerHead(0, "sha256:" + "0" * 64, None)
        return LedgerHead(len(self.chain), self.chain[-1].hash, self.chain[-1].recorded_at)

    def entries(self, after: int = 0, upto: int | None = None) -> Iterator[LedgerEntry]:
        for entry in self.chain:
            if entry.position > after and (upto is None or entry.position <= upto):
                yield entry

    def position_at(self, known: int) -> int:
        return max((entry.position for entry in self.chain if entry.recorded_at <= known), default=0)

    def events(
        self,
        units: Collection[str] | None = None,
        hashes: Collection[str] | None = None,
        event_ids: Collection[str] | None = None,
        transformations: Collection[str] | None = None,
        upto: int | None = None,
    ) -> list[StoredEvent]:
        everything = units is None and hashes is None and event_ids is None and transformations is None
        found = []
        for position, entry in enumerate(self.new, 1):
            facts = entry.facts
            if facts is None or (upto is not None and position > upto):
                continue
            named = {named.unit for named in facts.named}
            if (
                everything
                or (units is not None and named & set(units))
                or (hashes is not None and facts.content_hash in hashes)
                or (event_ids is not None and facts.event_id in event_ids)
                or (transformations is not None and facts.transformation in transformations)
            ):
                found.append(StoredEvent(position, facts))
        return found

    def units_at(self, places: Collection[str]) -> set[str]:
        found: set[str] = set()
        for entry in self.new:
            facts = entry.facts
            if facts is not None and {facts.read_point, facts.biz_location, facts.source_party} & set(places):
                found.update(named.unit for named in facts.named)
        return found

    def records(
        self, kind: str | None = None, ids: Collection[str] | None = None, at: int | None = None
    ) -> list[StoredRecord]:
        newest: dict[tuple[str, str], StoredRecord] = {}
        for entry, new in zip(self.chain, self.new, strict=True):
            record = new.record
            if record is None or (at is not None and entry.position > at):
                continue
            if (kind is None or record.kind == kind) and (ids is None or record.id in ids):
                stored = StoredRecord(record, entry.position, entry.recorded_at, entry.actor)
                newest[record.kind, record.id] = stored
        return [newest[key] for key in sorted(newest)]

    def timelines(self, owners: Collection[str], at: int | None = None) -> dict[str, Timeline]:
        return {timeline.owner: timeline for timeline in self._current(at) if timeline.owner in owners}

    def units(
        self, keys: Collection[str] | None = None, products: Collection[str] | None = None, at: int | None = None
    ) -> list[UnitRow]:
        found = [
            row
            for row in self.known_units.values()
            if (keys is None and products is None)
            or (keys is not None and row.key in keys)
            or (products is not None and row.product in products)
        ]
        return sorted(found, key=lambda row: row.key)

    def aliases(self, numbers: Collection[str], at: int | None = None) -> list[tuple[str, str]]:
        meant = [line for line in self._current(at) if {line.owner, *line.aliases} & set(numbers)]
        return sorted((line.owner, alias) for line in meant for alias in line.aliases)

    def members(self, lots: Collection[str], at: int | None = None) -> list[tuple[str, str]]:
        return sorted((lot, line.owner) for line in self._current(at) for lot in line.lots if lot in lots)

    def holdings(self, query: HoldingQuery, at: int | None = None) -> list[HoldingRow]:
        products = None if query.products is None else {row.key for row in self.units(products=query.products)}
        found = [
            HoldingRow(self.numbers[holding.id], holding)
            for timeline in self._current(at)
            for holding in timeline.holdings
            if self._meets(holding, query, products)
        ]
        return sorted(found, key=lambda row: row.holding.id)

    def _meets(self, holding: Holding, query: HoldingQuery, products: set[str] | None) -> bool:
        place = holding.place
        return (
            (query.nodes is None or self.numbers[holding.id] in query.nodes)
            and (query.ids is None or holding.id in query.ids)
            and (query.units is None or holding.unit in query.units)
            and (products is None or holding.unit in products)
            and (query.sites is None or (place.kind == PlaceKind.SITE and place.id in query.sites))
            and (query.parties is None or holding.party in query.parties)
            and (query.containers is None or (place.kind == PlaceKind.CONTAINER and place.id in query.containers))
            and (query.events is None or holding.event in query.events)
            and (query.since is None or holding.until is None or holding.until > query.since)
            and (query.until is None or holding.since < query.until)
        )

    def joints(self, nodes: Collection[int], at: int | None = None) -> list[JointRow]:
        return sorted((row for row in self._joints(at) if row.node in nodes), key=lambda row: row.joint.id)

    def joints_of(self, events: Collection[str], at: int | None = None) -> list[JointRow]:
        found = [row for row in self._joints(at) if set(row.joint.events) & set(events)]
        return sorted(found, key=lambda row: row.joint.id)

    def _joints(self, at: int | None) -> list[JointRow]:
        return [JointRow(self.numbers[joint.id], joint) for line in self._current(at) for joint in line.joints]

    def reach(
        self, starts: Sequence[int], direction: Direction, confirmed_only: bool = False, at: int | None = None
    ) -> Legs:
        seen, pending, found = set(starts), list(starts), Legs()
        while pending:
            more = self.legs(pending, direction, confirmed_only, at)
            for name in ("source", "target", "event", "rule", "confirmed", "cost", "instant"):
                getattr(found, name).extend(getattr(more, name))
            heads = more.target if direction == "forward" else more.source
            pending = sorted(set(heads) - seen)
            seen.update(pending)
        return found

    def reach_units(
        self, starts: Sequence[int], direction: Direction, confirmed_only: bool = False, at: int | None = None
    ) -> UnitReach:
        distance = dict.fromkeys(starts, 0)
        legs = self.reach(starts, direction, confirmed_only, at)
        ends = (legs.source, legs.target) if direction == "forward" else (legs.target, legs.source)
        for _ in range(len(legs.source)):
            for tail, head, cost in zip(*ends, legs.cost, strict=True):
                if tail in distance:
                    distance[head] = min(distance.get(head, distance[tail] + cost), distance[tail] + cost)
        names = {number: name for name, number in self.numbers.items()}
        found: dict[int, int] = {}
        for number, steps in distance.items():
            unit = self._unit_number(names.get(number))
            if unit is not None:
                found[unit] = min(found.get(unit, steps), steps)
        columns = [array("q", sorted(found)), array("q", (found[unit] for unit in sorted(found)))]
        return UnitReach(memoryview(columns[0]), memoryview(columns[1]))

    def unit_keys(self, units: Sequence[int]) -> list[str]:
        return [sorted(self.versions)[unit] for unit in units]

    def _unit_number(self, node: str | None) -> int | None:
        for versions in self.versions.values():
            for version in versions:
                for holding in version.timeline.holdings:
                    if holding.id == node:
                        return sorted(self.versions).index(holding.unit)
        return None

    def legs(
        self, nodes: Sequence[int], direction: Direction, confirmed_only: bool = False, at: int | None = None
    ) -> Legs:
        self.lookups += 1
        wanted, found = set(nodes), Legs()
        for timeline in self._current(at):
            for leg in timeline.legs:
                tail = self.numbers[leg.source if direction == "forward" else leg.target]
                if tail in wanted and (leg.certainty is Certainty.CONFIRMED or not confirmed_only):
                    self._add(found, leg)
        return found

    def _add(self, found: Legs, leg: Leg) -> None:
        found.source.append(self.numbers[leg.source])
        found.target.append(self.numbers[leg.target])
        found.event.append(leg.event)
        found.rule.append(leg.rule)
        found.confirmed.append(leg.certainty is Certainty.CONFIRMED)
        found.cost.append(leg.cost)
        found.instant.append(leg.instant)

    def gaps(
        self, holdings: Collection[str] | None = None, units: Collection[str] | None = None, at: int | None = None
    ) -> list[Gap]:
        found = {
            gap
            for timeline in self._current(at)
            for gap in timeline.gaps
            if (holdings is None and units is None)
            or (holdings is not None and gap.holding in holdings)
            or (units is not None and gap.holding is None and gap.unit in units)
        }
        return sorted(found, key=lambda gap: (gap.kind, gap.unit, gap.event, gap.place, gap.detail))

    def _current(self, at: int | None) -> list[Timeline]:
        return [
            version.timeline
            for versions in self.versions.values()
            for version in versions
            if (version.known_to is None if at is None else _known(version, at))
        ]

    # writing

    @contextmanager
    def write(self) -> Iterator[MemoryStore]:
        yield self

    def adopt(self, identity: str) -> None:
        refuse_filled(self.head(), self.url)
        self.identity = identity

    def append(self, entries: Sequence[NewEntry], recorded_at: int, actor: str) -> range:
        first = len(self.chain) + 1
        for entry in entries:
            previous = self.head().hash
            digest = hashlib.sha256(previous.encode() + entry.payload).hexdigest()
            position = len(self.chain) + 1
            kind = EntryKind.EVENT if entry.facts is not None else EntryKind.RECORD
            stored = LedgerEntry(position, kind, recorded_at, actor, entry.payload, previous, "sha256:" + digest)
            self.chain.append(stored)
            self.new.append(entry)
        return range(first, len(self.chain) + 1)

    def replace(self, position: int, changes: Mapping[str, Timeline | None], units: Iterable[UnitRow] = ()) -> int:
        for row in units:
            self.known_units[row.key] = row
        for owner, timeline in changes.items():
            versions = self.versions.setdefault(owner, [])
            for version in versions:
                version.known_to = position if version.known_to is None else version.known_to
            if timeline is not None:
                versions.append(Version(timeline, position))
                nodes: list[Holding | Joint] = [*timeline.holdings, *timeline.joints]
                for node in nodes:
                    self._number(node.id)
        return len(changes)

    def amend(self, position: int, amendments: Mapping[str, Amendment], units: Iterable[UnitRow] = ()) -> int:
        whole = {owner: self._amended(owner, amendment) for owner, amendment in amendments.items()}
        return self.replace(position, whole, units)

    def _amended(self, owner: str, amendment: Amendment) -> Timeline | None:
        """What stays and what comes."""
        gone, come = amendment.gone, amendment.come
        if gone is None or come is None:
            return come
        before = self.versions[owner][-1].timeline
        parts = ("holdings", "joints", "legs", "gaps", "aliases", "lots")
        stay = {name: [one for one in getattr(before, name) if one not in getattr(gone, name)] for name in parts}
        changed: dict[str, Any] = {name: (*stay[name], *getattr(come, name)) for name in parts}
        return replace(come, **changed)

    def _number(self, node: str) -> None:
        while node not in self.numbers:
            number = self.free.randrange(1, 1_000_000)
            if number not in self.numbers.values():
                self.numbers[node] = number

    def verify(self) -> Iterator[str]:
        yield from ()

    def close(self) -> None:
        pass


def _known(version: Version, at: int) -> bool:
    return version.known_from <= at and (version.known_to is None or version.known_to > at)


def at_site(name: str) -> Place:
    return Place(PlaceKind.SITE, name)
