"""Facts of events: stored beside their ledger entry and found by unit, hash, eventID, transformationID or place."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from hashlib import blake2b

from tracegraph.model.facts import EventFacts
from tracegraph.stores.facts_codec import decode_facts, encode_facts
from tracegraph.stores.port import NewEntry, StoredEvent
from tracegraph.stores.sqlite.numbers import Find, Numbering, among, find_numbers, portions

#: The beginnings of statements that find positions; which numbers are meant follows.
_BY_UNIT = "SELECT position FROM mention WHERE unit"
_BY_CONTENT_KEY = "SELECT position FROM event WHERE content_key"
_BY_EVENT_ID = "SELECT position FROM event WHERE event_id"
_BY_TRANSFORMATION = "SELECT position FROM event WHERE transformation"
_BY_PLACE = "SELECT position FROM event_place WHERE place"

#: One of the four ways to ask: the beginning of the statement, and the texts (None: not asked).
Selector = tuple[str, Collection[str] | None]


def places_named(facts: EventFacts) -> set[str]:
    """Every location and party key that the event mentions."""
    keys = (
        facts.read_point,
        facts.biz_location,
        facts.source_place,
        facts.destination_place,
        facts.source_party,
        facts.destination_party,
        facts.source_owner,
        facts.destination_owner,
    )
    return {key for key in keys if key is not None}


def selectors(
    units: Collection[str] | None,
    hashes: Collection[str] | None,
    event_ids: Collection[str] | None,
    transformations: Collection[str] | None,
) -> list[Selector]:
    """The port's four conditions as statements."""
    return [
        (_BY_UNIT, units),
        (_BY_CONTENT_KEY, hashes),
        (_BY_EVENT_ID, event_ids),
        (_BY_TRANSFORMATION, transformations),
    ]


def read_events(
    connection: sqlite3.Connection, find: Find, asked: Sequence[Selector], upto: int | None
) -> list[StoredEvent]:
    """Events that meet any of the conditions (all events where none is asked), in ledger order."""
    if all(texts is None for _, texts in asked):
        return _decoded(connection.execute("SELECT position, facts FROM event ORDER BY position"), upto)
    positions: set[int] = set()
    hashed: set[int] = set()
    for statement, texts in asked:
        if texts and statement is _BY_CONTENT_KEY:
            hashed = _positions(connection, statement, {content_key(text) for text in texts})
        elif texts:
            positions |= _positions(connection, statement, find(texts).values())
    hashes = set(asked[1][1] or ())
    found = _at_positions(connection, positions | hashed, upto)
    return [event for event in found if event.position in positions or event.facts.content_hash in hashes]


def _positions(connection: sqlite3.Connection, statement: str, numbers: Collection[int]) -> set[int]:
    """The positions that a statement finds for the numbers."""
    if not numbers:
        return set()
    condition, parameters = among(numbers)
    return {row[0] for row in connection.execute(f"{statement} {condition}", parameters)}


def _at_positions(connection: sqlite3.Connection, positions: Collection[int], upto: int | None) -> list[StoredEvent]:
    """The events at the positions, in order."""
    found: list[StoredEvent] = []
    for portion in portions(sorted(positions), 10_000):
        condition, parameters = among(portion)
        statement = f"SELECT position, facts FROM event WHERE position {condition} ORDER BY position"
        found += _decoded(connection.execute(statement, parameters), upto)
    return found


def read_events_between(connection: sqlite3.Connection, after: int, upto: int) -> list[StoredEvent]:
    """Events with `after` < position <= `upto`, in ledger order."""
    statement = "SELECT position, facts FROM event WHERE position > ? AND position <= ? ORDER BY position"
    return _decoded(connection.execute(statement, (after, upto)), None)


def read_units_at(connection: sqlite3.Connection, places: Collection[str]) -> set[str]:
    """Unit keys named by events that mention one of the places."""
    positions = _positions(connection, _BY_PLACE, find_numbers(connection, places).values())
    return {unit for event in _at_positions(connection, positions, None) for unit in event.facts.numbers()}


@lru_cache(maxsize=8192)
def content_key(content_hash: str) -> int:
    """48 bits made of a content hash: enough to find an event by, few enough to keep the index small."""
    return int.from_bytes(blake2b(content_hash.encode(), digest_size=6).digest())


def insert_events(connection: sqlite3.Connection, names: Numbering, entries: Iterable[tuple[int, NewEntry]]) -> None:
    """Store the facts of the events among the entries at their ledger positions, and every way to find them."""
    named = [
        (position, entry, entry.facts, entry.facts.numbers(), places_named(entry.facts))
        for position, entry in entries
        if entry.facts is not None
    ]
    texts: list[str | None] = []
    for _, _, facts, units, places in named:
        texts += (facts.event_id or None, facts.transformation, *units, *places)
    names.prepare(texts)
    known = names.known
    connection.executemany(
        "INSERT INTO event (position, content_key, event_id, transformation, facts) VALUES (?, ?, ?, ?, ?)",
        (
            (position, *_found_by(names, facts), entry.encoded_facts or encode_facts(facts))
            for position, entry, facts, _, _ in named
        ),
    )
    connection.executemany(
        "INSERT INTO mention (unit, position) VALUES (?, ?)",
        [(known[unit], position) for position, _, _, units, _ in named for unit in units],
    )
    connection.executemany(
        "INSERT INTO event_place (place, position) VALUES (?, ?)",
        [(known[place], position) for position, _, _, _, places in named for place in places],
    )


def _found_by(names: Numbering, facts: EventFacts) -> tuple[int, int | None, int | None]:
    """Content hash, eventID and transformationID; an empty eventID is none, so that asking for it finds nothing."""
    return content_key(facts.content_hash), names.known[facts.event_id or None], names.known[facts.transformation]


def _decoded(rows: Iterable[tuple[int, str]], upto: int | None) -> list[StoredEvent]:
    """Rows up to a position as events."""
    return [StoredEvent(position, decode_facts(text)) for position, text in rows if upto is None or position <= upto]
