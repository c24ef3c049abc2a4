"""One restricted view of a store, below everything: what a caller may not know is not there.

A view is a store's whole `Reading` port over the knowable part of it. Traces, origins, whereabouts, exports and queries
above it are computed on that part, so that no distance, count, path or nearest name can speak of anything else; an
identifier that the caller may not know behaves as one that nobody ever recorded.

What is knowable is found once for each set of organisations and ledger position and kept for the last few. The ledger's
positions stay those of the store, so that questions of an earlier day are exact; `LedgerHead.counted` is False, and
answers do not say them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from weakref import WeakKeyDictionary

from tracegraph.access.caller import Caller
from tracegraph.access.concerning import Concerning
from tracegraph.access.conditions import fits, meets, places_in
from tracegraph.access.redaction import (
    OF_SOURCES,
    EventSight,
    shown_facts,
    shown_gap,
    shown_holding,
    shown_joint,
    shown_master_payload,
    shown_payload,
    shown_record,
    withheld,
)
from tracegraph.access.rights import Distance, Rights, Sees, load_rights
from tracegraph.access.sight import Sight, followed
from tracegraph.access.sights import Sights
from tracegraph.formats.epcis import facts_of_payload
from tracegraph.model.custody import Gap, Timeline
from tracegraph.model.record import StoredRecord
from tracegraph.model.record_kinds import record_kinds
from tracegraph.stores.plain import PlainReading
from tracegraph.stores.port import (
    Direction,
    EntryKind,
    HoldingQuery,
    HoldingRow,
    JointRow,
    LedgerEntry,
    LedgerHead,
    Legs,
    Reading,
    StoredEvent,
    UnitReach,
    UnitRow,
)
from tracegraph.stores.stored_facts import ALIAS_RECORD, MASTER_KINDS, MEMBER_RECORD
from tracegraph.stores.unit_reach import Steps, least_distances, nearest_units
from tracegraph.timeline.unit_timeline import gap_order as timeline_order
from tracegraph.trace.envelope import gap_order
from tracegraph.trace.reach import select_legs

#: Ledger entries between two that show are read over where they are no more than this.
_READ_OVER = 50

#: Ledger entries that are read to see what shows of them, rather than all of which something shows.
_FEW_ENTRIES = 500

_sights: WeakKeyDictionary[Reading, Sights] = WeakKeyDictionary()


def view_of(store: Reading, caller: Caller, rights: Rights | None = None) -> Reading:
    """What the caller may know of a store: the store itself for a role that sees everything, else a restricted view.
    `rights`: None for those that are shipped."""
    chosen = load_rights() if rights is None else rights
    sees = chosen.seen_by(caller)
    if sees is Sees.EVERYTHING:
        return store
    organisations = caller.organisations if sees is Sees.ORGANISATIONS else frozenset[str]()
    return RestrictedView(store, organisations, chosen, _sights.setdefault(store, Sights()))


class RestrictedView(PlainReading):
    """The knowable part of a store (port.Reading says what each question answers)."""

    def __init__(self, store: Reading, organisations: frozenset[str], rights: Rights, sights: Sights) -> None:
        self._store = store
        self._organisations = organisations
        self._rights = rights
        self._sights = sights
        self._unit_numbers: dict[str, int] = {}
        self._events_shown: tuple[int, dict[int, EventSight | None]] | None = None

    def sight(self, at: int | None = None) -> Sight:
        """What is knowable at a ledger position (None: now)."""
        position = self._store.head().count if at is None else at
        return self._sights.of(self._store, self._organisations, self._rights.confirmed_only, position)

    def one_state(self) -> AbstractContextManager[None]:
        """That of the store."""
        return self._store.one_state()

    @property
    def _names_products(self) -> bool:
        return "product" in self._rights.fields(Distance.BEYOND, "unit")

    # the ledger

    def head(self) -> LedgerHead:
        """The end of the chain; how long it is may not be told."""
        return replace(self._store.head(), counted=False)

    def position_at(self, known: int) -> int:
        """The last position recorded at or before the instant `known` (0: none)."""
        return self._store.position_at(known)

    def hash_at(self, position: int) -> str:
        """The hash of an entry, which says nothing of what is in it."""
        return self._store.hash_at(position)

    def entries(self, after: int = 0, upto: int | None = None) -> Iterator[LedgerEntry]:
        """The entries of which something shows as of now, in order, without what does not show. Their hashes are those
        of the whole entries."""
        count = self._store.head().count
        end = count if upto is None else min(upto, count)
        if end - after <= _FEW_ENTRIES:
            yield from self._shown_entries(list(self._store.entries(after, end)))
            return
        events = self._events_showing(count)
        records = {stored.position: stored for stored in self.records()}
        wanted = [position for position in sorted({*events, *records}) if after < position <= end]
        for entry in self._entries_at(wanted):
            yield from self._shown_entry(entry, events, records)

    def _events_showing(self, count: int) -> dict[int, EventSight | None]:
        """What shows of each event of which something does, by position; found once as long as nothing is recorded."""
        known = self._events_shown
        if known is None or known[0] != count:
            found = {stored.position: seen for stored, seen in self._seen(self._concerned(None), None)}
            known = self._events_shown = (count, found)
        return known[1]

    def _shown_entries(self, entries: Sequence[LedgerEntry]) -> Iterator[LedgerEntry]:
        """What shows of a few entries."""
        events = [
            StoredEvent(entry.position, facts_of_payload(entry.payload))
            for entry in entries
            if entry.kind is EntryKind.EVENT
        ]
        seen = {stored.position: shown for stored, shown in self._seen(events, None)}
        described = len(events) < len(entries)
        records = {stored.position: stored for stored in self.records()} if described else {}
        for entry in entries:
            yield from self._shown_entry(entry, seen, records)

    def _shown_entry(
        self, entry: LedgerEntry, events: Mapping[int, EventSight | None], records: Mapping[int, StoredRecord]
    ) -> Iterator[LedgerEntry]:
        if entry.position in events:
            yield self._shown_event_entry(entry, events[entry.position])
        elif entry.position in records and (shown := self._shown_record_entry(entry, records[entry.position])):
            yield shown

    def _entries_at(self, positions: Sequence[int]) -> Iterator[LedgerEntry]:
        """The entries at the positions, which ascend; those near to each other are read together."""
        wanted = set(positions)
        begin = 0
        while begin < len(positions):
            end = begin
            while end + 1 < len(positions) and positions[end + 1] - positions[end] <= _READ_OVER:
                end += 1
            for entry in self._store.entries(positions[begin] - 1, positions[end]):
                if entry.position in wanted:
                    yield entry
            begin = end + 1

    def _shown_event_entry(self, entry: LedgerEntry, seen: EventSight | None) -> LedgerEntry:
        if seen is None:
            return entry
        return replace(entry, actor="", payload=shown_payload(entry.payload, seen, self._rights))

    def _shown_record_entry(self, entry: LedgerEntry, stored: StoredRecord) -> LedgerEntry | None:
        record = stored.record
        own = self._record_distance(record.id) is Distance.OWN and self._rights.is_full(Distance.OWN)
        if own or _is_entered(record.kind):
            return entry
        if record.kind not in MASTER_KINDS:
            return None
        return replace(entry, actor="", payload=shown_master_payload(entry.payload, record))

    # events

    def events(
        self,
        units: Collection[str] | None = None,
        hashes: Collection[str] | None = None,
        event_ids: Collection[str] | None = None,
        transformations: Collection[str] | None = None,
        upto: int | None = None,
    ) -> list[StoredEvent]:
        """Stored events as they show that meet one of the conditions by what shows of them."""
        given = (units, hashes, event_ids, transformations)
        everything = all(condition is None for condition in given)
        stored = self._concerned(upto) if everything else self._store.events(*given, upto=upto)
        shown = [
            one if seen is None else StoredEvent(one.position, shown_facts(one.facts, seen, self._rights))
            for one, seen in self._seen(stored, upto)
        ]
        return [one for one in shown if everything or meets(one, units, hashes, event_ids, transformations)]

    def _concerned(self, at: int | None) -> list[StoredEvent]:
        """The events of which anything may show: those that moved something knowable, and those at own places."""
        sight = self.sight(at)
        hashes = {name.partition("#")[0] for name in sight.told}
        units = self._store.units_at(sight.ground.keys)
        return self._store.events(units=units, hashes=hashes, upto=at) if units or hashes else []

    def _seen(self, stored: Iterable[StoredEvent], at: int | None) -> list[tuple[StoredEvent, EventSight | None]]:
        """The events of which something shows, each with what does (None: all)."""
        sight = self.sight(at)
        chosen = [(one, *self._known(one, sight)) for one in stored]
        relevant = [(one, distance, units) for one, distance, units in chosen if distance is not None]
        unclear = {number for one, _, units in relevant if units is not None for number in one.facts.numbers() - units}
        named = self._representatives(unclear, at)
        found: list[tuple[StoredEvent, EventSight | None]] = []
        for one, distance, units in relevant:
            shows = (
                None
                if units is None
                else frozenset(
                    number for number in one.facts.numbers() if number in units or named.get(number) in units
                )
            )
            everything = shows is not None and distance is Distance.ADJACENT and shows >= one.facts.numbers()
            seen = EventSight(distance, None if everything else shows, sight.places.__contains__)
            found.append((one, None if seen.whole(one.facts, self._rights) else seen))
        return found

    def _known(self, stored: StoredEvent, sight: Sight) -> tuple[Distance | None, set[str] | None]:
        """How far an event is (None: nothing of it shows), and the units that it moved as far as knowable (None: all
        that it names, for it happened at an own place)."""
        facts = stored.facts
        if sight.ground.happens_here(facts):
            return Distance.OWN, None
        units = sight.units_told(facts.content_hash, facts.event_id)
        if not units or facts.retracts:
            return None, units
        return Distance.ADJACENT if sight.ground.takes_part(facts) else Distance.BEYOND, units

    def _representatives(self, numbers: Collection[str], at: int | None) -> dict[str, str]:
        """The knowable unit that each of these numbers means, where it is another number of one."""
        known = self.sight(at).units
        pairs = self._store.aliases(numbers, at) if numbers else []
        return {alias: unit for unit, alias in pairs if unit in known}

    def units_at(self, places: Collection[str]) -> set[str]:
        """Unit keys that show in an event that shows one of these location or party keys."""
        units = self._store.units_at(places)
        wanted = set(places)
        shown = self.events(units=units) if units else []
        return {named.unit for one in shown if not places_in(one).isdisjoint(wanted) for named in one.facts.named}

    # records

    def records(
        self, kind: str | None = None, ids: Collection[str] | None = None, at: int | None = None
    ) -> list[StoredRecord]:
        """Master data about what may be named, aliases and memberships of knowable units, and what people entered that
        concerns the organisations; nothing else."""
        sight = self.sight(at)
        concerning, found = Concerning(self._store, sight, at), []
        for stored in self._store.records(kind, ids, at):
            record = stored.record
            if _is_entered(record.kind):
                found += [stored] if concerning.shows(record) else []
                continue
            distance = self._record_distance(record.id, at)
            subject = str(record.data.get("unit")) if record.kind == ALIAS_RECORD else record.id
            in_question = record.kind in MASTER_KINDS or record.kind in (ALIAS_RECORD, MEMBER_RECORD)
            if not in_question or not (distance is Distance.OWN or sight.names(subject)):
                continue
            if record.kind in MASTER_KINDS:
                shown = shown_record(record, distance, sight, self._rights)
                stored = stored if shown is record else replace(stored, record=shown, actor="")
            found.append(stored)
        return found

    def _record_distance(self, name: str, at: int | None = None) -> Distance:
        return Distance.OWN if self.sight(at).ground.is_own(name) else Distance.BEYOND

    # the graph

    def timelines(self, owners: Collection[str], at: int | None = None) -> dict[str, Timeline]:
        """What shows of what each owner contributes; owners of which nothing shows are left out."""
        sight = self.sight(at)
        found = {}
        for owner, timeline in self._store.timelines(owners, at).items():
            shown = self._shown_timeline(timeline, sight, at)
            if shown.holdings or shown.joints:
                found[owner] = shown
        return found

    def _shown_timeline(self, timeline: Timeline, sight: Sight, at: int | None) -> Timeline:
        known = sight.numbers.keys() | sight.joints
        holdings = [(one, sight.numbers[one.id]) for one in timeline.holdings if one.id in sight.numbers]
        unit = [timeline.owner] if timeline.owner in sight.units else []
        return replace(
            timeline,
            holdings=tuple(shown_holding(one, node, sight, self._rights) for one, node in holdings),
            joints=tuple(shown_joint(one, sight) for one in timeline.joints if one.id in sight.joints),
            legs=tuple(leg for leg in timeline.legs if leg.source in known and leg.target in known),
            gaps=tuple(sorted(self.gaps([one.id for one, _ in holdings], unit, at), key=timeline_order)),
            aliases=tuple(alias for _, alias in self.aliases(unit, at)) if unit else (),
            lots=tuple(sorted(self._lots(unit, at).get(timeline.owner, set()) & set(timeline.lots))),
        )

    def units(
        self, keys: Collection[str] | None = None, products: Collection[str] | None = None, at: int | None = None
    ) -> list[UnitRow]:
        """Knowable units among `keys`, or of the products, or all; sorted by key."""
        known, named = self.sight(at).units, self._names_products
        if keys is None and products is None:
            rows = self._store.units(keys=known, at=at)
        else:
            rows = self._store.units(keys, products if named else None if keys is not None else (), at)
        shown = [row for row in rows if row.key in known]
        return shown if named else [replace(row, product=None) for row in shown]

    def aliases(self, numbers: Collection[str], at: int | None = None) -> list[tuple[str, str]]:
        """(unit, alias) pairs of knowable units, of numbers that an event or record that shows names."""
        known = self.sight(at).units
        pairs = [(unit, alias) for unit, alias in self._store.aliases(numbers, at) if unit in known]
        if not pairs:
            return []
        told = {
            number
            for one in self.events(units={n for pair in pairs for n in pair}, upto=at)
            for number in one.facts.numbers()
        }
        told |= {stored.record.id for stored in self.records(ALIAS_RECORD, at=at)}
        return [(unit, alias) for unit, alias in pairs if alias in told]

    def members(self, lots: Collection[str], at: int | None = None) -> list[tuple[str, str]]:
        """(lot, unit) pairs of knowable units, where an event or record that shows says so."""
        known = self.sight(at).units
        pairs = [(lot, unit) for lot, unit in self._store.members(lots, at) if unit in known]
        told = self._lots({unit for _, unit in pairs}, at)
        return [(lot, unit) for lot, unit in pairs if lot in told.get(unit, ())]

    def _lots(self, units: Collection[str], at: int | None) -> dict[str, set[str]]:
        """The lots that each unit belongs to by what shows, under whichever number it was recorded."""
        found: dict[str, set[str]] = {unit: set() for unit in units}
        if not found:
            return found
        unit_of = {alias: unit for unit, alias in self.aliases(units, at)} | {unit: unit for unit in units}
        for one in self.events(units=unit_of.keys(), upto=at):
            for member in one.facts.memberships:
                if member.item in unit_of:
                    found[unit_of[member.item]].add(member.lot)
        for stored in self.records(MEMBER_RECORD, unit_of.keys(), at):
            if not stored.record.withdrawn:
                found[unit_of[stored.record.id]].add(str(stored.record.data["lot"]))
        return found

    def holdings(self, query: HoldingQuery, at: int | None = None) -> list[HoldingRow]:
        """Knowable holdings that meet the query by what shows of them, sorted by holding id."""
        sight = self.sight(at)
        if query.products is not None and not self._names_products:
            return []
        nodes = None if query.nodes is None else {node for node in query.nodes if node in sight.levels}
        if query.ids is not None:
            named = {sight.numbers[name] for name in query.ids if name in sight.numbers}
            nodes = named if nodes is None else nodes & named
        chosen = (query.units, query.products, query.containers, query.events, query.sites)
        if nodes is None and all(condition is None for condition in chosen):
            nodes = set(sight.numbers.values())
        rows = self._store.holdings(replace(query, nodes=nodes, ids=None, since=None), at)
        shown = (
            HoldingRow(row.node, shown_holding(row.holding, row.node, sight, self._rights))
            for row in rows
            if row.node in sight.levels
        )
        return [row for row in shown if fits(row.holding, query)]

    def joints(self, nodes: Collection[int], at: int | None = None) -> list[JointRow]:
        """Knowable transformations among the nodes, sorted by id."""
        sight = self.sight(at)
        rows = self._store.joints([node for node in nodes if node in sight.levels], at)
        return [JointRow(row.node, shown_joint(row.joint, sight)) for row in rows]

    def joints_of(self, events: Collection[str], at: int | None = None) -> list[JointRow]:
        """Knowable transformations in which one of these public event ids takes part, sorted by id."""
        sight = self.sight(at)
        rows = self._store.joints_of([event for event in events if event in sight.told], at)
        return [JointRow(row.node, shown_joint(row.joint, sight)) for row in rows if row.node in sight.levels]

    def reach(
        self, starts: Sequence[int], direction: Direction, confirmed_only: bool = False, at: int | None = None
    ) -> Legs:
        """Every leg on some path from the starts that leads through knowable nodes alone."""
        known = self.sight(at).levels
        begin = [node for node in starts if node in known]
        legs = self._among(self._store.reach(begin, direction, confirmed_only, at), known)
        return followed(legs, begin, direction, lambda number: True)

    def reach_units(
        self, starts: Sequence[int], direction: Direction, confirmed_only: bool = False, at: int | None = None
    ) -> UnitReach:
        """The units of all nodes on such paths, with their least distances."""
        begin = [node for node in starts if node in self.sight(at).levels]
        legs = self.reach(begin, direction, confirmed_only, at)
        distances = least_distances(begin, Steps(legs.source, legs.target, legs.cost), direction)
        rows = self.holdings(HoldingQuery(nodes=distances.keys()), at)
        return nearest_units(distances, ((row.node, self._unit_number(row.holding.unit)) for row in rows))

    def _unit_number(self, unit: str) -> int:
        return self._unit_numbers.setdefault(unit, len(self._unit_numbers))

    def unit_keys(self, units: Sequence[int]) -> list[str]:
        """The keys of units by their numbers, which are this view's own."""
        keys = list(self._unit_numbers)
        return [keys[unit] for unit in units]

    def legs(
        self, nodes: Sequence[int], direction: Direction, confirmed_only: bool = False, at: int | None = None
    ) -> Legs:
        """The legs between knowable nodes that leave (backward: enter) the nodes."""
        known = self.sight(at).levels
        return self._among(
            self._store.legs([node for node in nodes if node in known], direction, confirmed_only, at), known
        )

    def _among(self, legs: Legs, known: Mapping[int, Distance]) -> Legs:
        """The legs of which both ends are knowable."""
        if known.keys() >= set(legs.source) and known.keys() >= set(legs.target):
            return legs
        return select_legs(legs, lambda number: legs.source[number] in known and legs.target[number] in known)

    def gaps(
        self, holdings: Collection[str] | None = None, units: Collection[str] | None = None, at: int | None = None
    ) -> list[Gap]:
        """Gaps that may be told, and one that something is withheld for each holding that does not show in full or at
        which the knowable ends."""
        sight = self.sight(at)
        if holdings is None and units is None:
            nodes, told = sight.numbers, sight.units
        else:
            nodes = {name: sight.numbers[name] for name in holdings or () if name in sight.numbers}
            told = {unit for unit in units or () if unit in sight.units}
        stored = self._store.gaps_at(nodes.values(), told, at)
        found = [
            self._shown_gap(gap, sight)
            for gap in stored
            if gap.holding in nodes or (gap.holding is None and gap.unit in told)
        ]
        shown = {gap for gap in found if gap is not None} | self._withheld(nodes, sight, at)
        return sorted(shown, key=gap_order)

    def _shown_gap(self, gap: Gap, sight: Sight) -> Gap | None:
        if gap.holding is None:
            return shown_gap(gap, Distance.OWN, sight, self._rights)
        node = sight.numbers[gap.holding]
        if node in sight.unproven and gap.kind in OF_SOURCES:
            return None
        return shown_gap(gap, sight.levels[node], sight, self._rights)

    def _withheld(self, nodes: Mapping[str, int], sight: Sight, at: int | None) -> set[Gap]:
        """Of holdings of others, and of own ones without a certain source."""
        full = Distance.OWN if self._rights.is_full(Distance.OWN) else None
        hidden = [node for node in nodes.values() if sight.levels[node] is not full or node in sight.unproven]
        rows = self.holdings(HoldingQuery(nodes=hidden), at) if hidden else []
        return {withheld(row.holding, sight) for row in rows}


def _is_entered(kind: str) -> bool:
    """Whether people enter records of that kind; other numbers of units show with the units."""
    return kind != ALIAS_RECORD and kind in record_kinds()
