"""What events name, for browsing: event types, units, business steps, dispositions, read points, business locations.

Of a whole store it is kept in the service file and brought up to date by the events that were stored since: the first
listing reads all of them once, a later one only what is new. Of a restricted view nothing is kept: its events, which
are few beside the store's, are read at each listing, so that no list ever holds what its caller may not know.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import StrEnum
from threading import Lock
from typing import Any, NamedTuple

from tracegraph.formats.epcis.context import STANDARD, Context
from tracegraph.formats.epcis.facts import NO_UNIT
from tracegraph.formats.epcis.parse import term_of
from tracegraph.formats.epcis.vocabulary import BIZ_STEPS, DISPOSITIONS, TYPES
from tracegraph.identifiers import location, parse
from tracegraph.service.file import ServiceFile
from tracegraph.stores.port import EntryKind, LedgerEntry, Reading, Store

#: Entries that are read between two writes.
_AT_ONCE = 2_000


class Kind(StrEnum):
    """What is listed."""

    EVENT_TYPE = "eventTypes"
    EPC = "epcs"
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
        self.update()
        with self._file.reading() as connection:
            rows = connection.execute(
                "SELECT value FROM seen WHERE kind = ? AND value > ? ORDER BY value LIMIT ?", (kind, after, most)
            )
            return [row["value"] for row in rows]

    def knows(self, reading: Reading, kind: Kind, value: str) -> bool:
        """Whether an event in the caller's view names the value."""
        if reading is not self._store:
            return value in _values(reading.entries(), kind)
        self.update()
        with self._file.reading() as connection:
            wanted = "SELECT 1 FROM seen WHERE kind = ? AND value = ?"
            return connection.execute(wanted, (kind, value)).fetchone() is not None

    def update(self) -> None:
        """Take in what was stored since the last time; one thread at once, and nothing is taken in by halves."""
        with self._turn:
            for entries in _chunks(self._store.entries(self._position())):
                found = _pairs(entries)
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
    return {value for found, value in _pairs(entries) if found is kind}


def _pairs(entries: Iterable[LedgerEntry]) -> set[tuple[Kind, str]]:
    """What the entries name, in canonical form. Few texts are named by many events, so each is understood once."""
    written = {text for entry in entries if entry.kind is EntryKind.EVENT for text in _written(entry.payload)}
    pairs = ((one.kind, one.canonical()) for one in written)
    return {(kind, value) for kind, value in pairs if value}


class _Written(NamedTuple):
    """A text that an event has for something, and the contexts around it, as text."""

    kind: Kind
    text: str
    contexts: str

    def canonical(self) -> str:
        """The same as in the facts of the event (model.facts)."""
        words = _WORDS.get(self.kind)
        if words is None:
            return _identified(self.kind, self.text) if self.text.strip() else ""
        context = Context(json.loads(self.contexts)) if ":" in self.text else STANDARD
        return term_of(self.text, words, context)[0].value.strip()


def _identified(kind: Kind, text: str) -> str:
    if kind is not Kind.EPC:
        return location(text)
    unit = parse(text)
    return "" if unit.scheme in NO_UNIT else unit.key


_WORDS = {Kind.EVENT_TYPE: TYPES, Kind.BIZ_STEP: BIZ_STEPS, Kind.DISPOSITION: DISPOSITIONS}


def _written(payload: bytes) -> Iterator[_Written]:
    """What stands in an event, taken from its JSON alone: a tenth of the time of reading all of it."""
    told = json.loads(payload)
    event = told["event"]
    for kind, member in _MEMBERS.items():
        value = event.get(member)
        if kind not in _WORDS:
            value = value.get("id") if isinstance(value, dict) else None
        if isinstance(value, str) and value:
            needed = ":" in value and kind in _WORDS
            yield _Written(kind, value, json.dumps([*told["context"], event.get("@context")]) if needed else "")
    for text in _units(event):
        if isinstance(text, str):
            yield _Written(Kind.EPC, text, "")


def _units(event: Mapping[str, Any]) -> Iterator[object]:
    """Whatever stands where units are named."""
    yield event.get("parentID")
    for member in _LISTS:
        listed = event.get(member)
        yield from listed if isinstance(listed, list) else ()
    for member in _COUNTED:
        counted = event.get(member)
        for element in counted if isinstance(counted, list) else ():
            yield element.get("epcClass") if isinstance(element, dict) else None


_LISTS = ("epcList", "childEPCs", "inputEPCList", "outputEPCList")
_COUNTED = ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList")
_MEMBERS = {
    Kind.EVENT_TYPE: "type",
    Kind.BIZ_STEP: "bizStep",
    Kind.DISPOSITION: "disposition",
    Kind.READ_POINT: "readPoint",
    Kind.BIZ_LOCATION: "bizLocation",
}
