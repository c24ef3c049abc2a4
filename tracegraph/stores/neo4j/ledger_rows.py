"""The ledger and what was derived from its entries: facts of events and records."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from tracegraph.errors import StoreDamaged
from tracegraph.model.custody import Place, PlaceKind
from tracegraph.model.facts import EventFacts
from tracegraph.model.record import Record, StoredRecord
from tracegraph.stores.facts_codec import decode_facts, encode_facts
from tracegraph.stores.ledger import EMPTY_HEAD
from tracegraph.stores.neo4j.asking import Asking, distinct, portions
from tracegraph.stores.neo4j.naming import Naming
from tracegraph.stores.neo4j.rows import place_key
from tracegraph.stores.port import EntryKind, LedgerEntry, LedgerHead, NewEntry, StoredEvent
from tracegraph.stores.record_codec import encode_data, read_many

#: Entries read at once while streaming.
PAGE = 1_000

#: Entries sent with one statement.
_AT_ONCE = 5_000


def read_head(asking: Asking, upto: int) -> LedgerHead:
    """The end of the chain, or of its part up to a position."""
    rows = asking.column("last_entry", upto=upto)
    return LedgerHead(*rows[0]) if rows else EMPTY_HEAD


def read_page(asking: Asking, after: int, upto: int) -> list[LedgerEntry]:
    """The next entries with `after` < position <= `upto`, at most a page of them, in order."""
    columns = asking.columns("entries", after=after, upto=upto, most=PAGE)
    return [
        LedgerEntry(position, EntryKind(kind), recorded_at, actor, bytes(payload), previous, hash)
        for position, kind, recorded_at, actor, payload, previous, hash in zip(*columns, strict=True)
    ]


def find_position(asking: Asking, known: int) -> int:
    """The last position recorded at or before an instant (0: none): times never go back along the chain."""
    low, high = 0, read_head(asking, asking.known(None)).count
    while low < high:
        middle = (low + high + 1) // 2
        times = asking.column("time_of_entry", position=middle)
        if not times:
            raise StoreDamaged(f"the ledger has no entry from position {middle} on; see tracegraph doctor")
        if times[0] <= known:
            low = middle
        else:
            high = middle - 1
    return low


def insert_entries(asking: Asking, naming: Naming, chained: Sequence[LedgerEntry], entries: Sequence[NewEntry]) -> None:
    """Write entries that were chained before, with their facts and records."""
    events = [(entry, new) for entry, new in zip(chained, entries, strict=True) if new.facts is not None]
    records = [(entry, new.record) for entry, new in zip(chained, entries, strict=True) if new.record is not None]
    facts = [new.facts for _, new in events if new.facts is not None]
    naming.prepare_owners(unit for one in facts for unit in one.numbers())
    naming.prepare_places(place for one in facts for place in places_named(one))
    for portion in portions(events, _AT_ONCE):
        asking.columns("append_events", rows=[_event_row(entry, new) for entry, new in portion])
    for part in portions(records, _AT_ONCE):
        asking.columns("append_records", rows=[{"entry": record_properties(entry, record)} for entry, record in part])


def places_named(facts: EventFacts) -> set[Place]:
    """Every location and party that the event mentions."""
    sites = (facts.read_point, facts.biz_location, facts.source_place, facts.destination_place)
    parties = (facts.source_party, facts.destination_party, facts.source_owner, facts.destination_owner)
    return {Place(PlaceKind.SITE, key) for key in sites if key is not None} | {
        Place(PlaceKind.PARTY, key) for key in parties if key is not None
    }


def find_events(
    asking: Asking,
    units: Collection[str] | None,
    hashes: Collection[str] | None,
    event_ids: Collection[str] | None,
    transformations: Collection[str] | None,
    upto: int | None,
) -> list[StoredEvent]:
    """Events that meet any of the conditions (all events where none is given), in ledger order."""
    last = asking.known(upto)
    if units is None and hashes is None and event_ids is None and transformations is None:
        return read_events_between(asking, 0, last)
    positions = asking.column(
        "find_events",
        units=distinct(units or ()),
        hashes=distinct(hashes or ()),
        event_ids=[id for id in distinct(event_ids or ()) if id],
        transformations=distinct(transformations or ()),
        upto=last,
    )
    found = asking.in_portions("events_at", "positions", positions)
    return [StoredEvent(position, decode_facts(text)) for position, text in zip(*found, strict=True)]


def read_events_between(asking: Asking, after: int, upto: int) -> list[StoredEvent]:
    """Events with `after` < position <= `upto`, in ledger order."""
    found: list[StoredEvent] = []
    while True:
        columns = asking.columns("events_between", after=after, upto=upto, most=10 * PAGE)
        found += [StoredEvent(position, decode_facts(text)) for position, text in zip(*columns, strict=True)]
        if not columns[0]:
            return found
        after = columns[0][-1]


def find_units_at(asking: Asking, places: Collection[str]) -> set[str]:
    """Unit keys named by events that mention one of the places, as location or as party."""
    kinds = (PlaceKind.SITE, PlaceKind.PARTY)
    keys = [place_key(Place(kind, place)) for place in distinct(places) for kind in kinds]
    return set(asking.rows("units_at", "places", keys, upto=asking.known(None)))


def find_records(asking: Asking, kind: str | None, ids: Collection[str] | None, at: int | None) -> list[StoredRecord]:
    """For each (kind, id) the newest version known at a position, sorted by (kind, id)."""
    known = asking.known(at)
    if ids is None:
        kinds = asking.column("record_kinds") if kind is None else [kind]
        rows = asking.column("records_about", kinds=kinds, at=known)
    else:
        rows = asking.rows("records_of", "ids", distinct(ids), at=known)
    found = list(read_many(row for row in rows if kind is None or row[0] == kind))
    return sorted(found, key=lambda stored: (stored.record.kind, stored.record.id))


def _event_row(entry: LedgerEntry, new: NewEntry) -> dict[str, object]:
    """An event's entry with what it names."""
    facts = new.facts
    assert facts is not None
    return {
        "entry": event_properties(entry, facts, new.encoded_facts),
        "units": list(facts.numbers()),
        "places": [place_key(place) for place in places_named(facts)],
    }


def event_properties(entry: LedgerEntry, facts: EventFacts, encoded: str | None = None) -> dict[str, object]:
    """What an event's node says: the entry, what the event is found by, and what people see of it."""
    found_by = {
        "content_hash": facts.content_hash,
        "event_id": facts.event_id or None,
        "transformation": facts.transformation,
        "facts": encoded or encode_facts(facts),
    }
    shown = {"type": facts.type, "step": facts.step, "instant": facts.instant}
    return _entry(entry) | found_by | shown


def record_properties(entry: LedgerEntry, record: Record) -> dict[str, object]:
    """What a record's node says."""
    return _entry(entry) | {
        "about": record.kind,
        "id": record.id,
        "data": encode_data(record.data),
        "valid_from": record.valid_from,
        "valid_to": record.valid_to,
        "withdrawn": record.withdrawn,
        "reason": record.reason,
        "source": record.source,
    }


def _entry(entry: LedgerEntry) -> dict[str, object]:
    return {
        "position": entry.position,
        "recorded_at": entry.recorded_at,
        "actor": entry.actor,
        "payload": bytes(entry.payload),
        "previous": entry.previous,
        "hash": entry.hash,
    }
