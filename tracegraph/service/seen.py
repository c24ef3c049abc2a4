"""What events name, for browsing: event types, business steps, dispositions, read points, business locations.

Of a whole store it is kept in the service file and brought up to date by the events that were stored since: the first
listing reads all of them once, a later one only what is new. Of a restricted view nothing is kept: its events, which
are few beside the store's, are read at each listing, so that no list ever holds what its caller may not know.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator
from enum import StrEnum
from threading import Lock

from tracegraph.formats.epcis import facts_of_payload
from tracegraph.model.facts import EventFacts
from tracegraph.service.file import ServiceFile
from tracegraph.stores.port import EntryKind, LedgerEntry, Reading, Store

#: Entries that are read between two writes.
_AT_ONCE = 2_000


class Kind(StrEnum):
    """What is listed."""

    EVENT_TYPE = "eventTypes"
    BIZ_STEP = "bizSteps"
    DISPOSITION = "dispositions"
    READ_POINT = "readPoints"
    BIZ_LOCATION = "bizLocations"


class Seen:
    """The lists of one store."""

    def __init__(self, file: ServiceFile, store: Store) -> None:
        self._file = file
        self._store = store
        self._turn = Lock()

    def values(self, reading: Reading, kind: Kind, after: str = "", most: int = 1_000) -> list[str]:
        """The values of a kind in the caller's view, sorted, from behind `after` on."""
        if reading is not self._store:
            found = sorted(_values(reading.entries(), kind))
            start = bisect_right(found, after)
            return found[start : start + most]
        self._update()
        with self._file.reading() as connection:
            rows = connection.execute(
                "SELECT value FROM seen WHERE kind = ? AND value > ? ORDER BY value LIMIT ?", (kind, after, most)
            )
            return [row["value"] for row in rows]

    def knows(self, reading: Reading, kind: Kind, value: str) -> bool:
        """Whether an event in the caller's view names the value."""
        if reading is not self._store:
            return value in _values(reading.entries(), kind)
        self._update()
        with self._file.reading() as connection:
            wanted = "SELECT 1 FROM seen WHERE kind = ? AND value = ?"
            return connection.execute(wanted, (kind, value)).fetchone() is not None

    def _update(self) -> None:
        """Take in what was stored since the last time; one thread at once, and nothing is taken in by halves."""
        with self._turn:
            for entries in _chunks(self._store.entries(self._position())):
                found = {pair for entry in entries for pair in _pairs(entry)}
                with self._file.changing() as change:
                    change.executemany("INSERT INTO seen VALUES (?, ?) ON CONFLICT DO NOTHING", sorted(found))
                    change.execute(
                        "INSERT INTO seen_upto VALUES (?, ?)"
                        " ON CONFLICT (store) DO UPDATE SET position = max(position, excluded.position)",
                        (self._store.identity, entries[-1].position),
                    )

    def _position(self) -> int:
        """Up to where the store was read; another store than before is read from its beginning."""
        with self._file.changing() as change:
            rows = dict(change.execute("SELECT store, position FROM seen_upto").fetchall())
            if self._store.identity in rows and rows[self._store.identity] <= self._store.head().count:
                return int(rows[self._store.identity])
            change.execute("DELETE FROM seen")
            change.execute("DELETE FROM seen_upto")
        return 0


def _chunks(entries: Iterable[LedgerEntry]) -> Iterator[list[LedgerEntry]]:
    chunk: list[LedgerEntry] = []
    for entry in entries:
        chunk.append(entry)
        if len(chunk) == _AT_ONCE:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _values(entries: Iterable[LedgerEntry], kind: Kind) -> Collection[str]:
    return {value for entry in entries for found, value in _pairs(entry) if found is kind}


def _pairs(entry: LedgerEntry) -> Iterator[tuple[Kind, str]]:
    """What an entry names."""
    if entry.kind is EntryKind.EVENT:
        for kind, value in _named(facts_of_payload(entry.payload)):
            if value:
                yield kind, value


def _named(facts: EventFacts) -> tuple[tuple[Kind, str | None], ...]:
    return (
        (Kind.EVENT_TYPE, facts.type),
        (Kind.BIZ_STEP, facts.step),
        (Kind.DISPOSITION, facts.disposition),
        (Kind.READ_POINT, facts.read_point),
        (Kind.BIZ_LOCATION, facts.biz_location),
    )
