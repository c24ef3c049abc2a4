"""The ledger read again: what its payloads say, and whether that is what is stored of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from tracegraph.capture import master_entries
from tracegraph.errors import InputError
from tracegraph.formats.epcis import AcceptedMasterData, SourcePosition, facts_of_payload
from tracegraph.formats.epcis.master_data import UnusableElement, master_data_of
from tracegraph.formats.epcis.parse import Unusable
from tracegraph.model.facts import EventFacts
from tracegraph.model.record import Record
from tracegraph.model.record_kinds import valid_span
from tracegraph.stores.care import Keepable
from tracegraph.stores.faults import Fault, Kind
from tracegraph.stores.port import EntryKind, LedgerEntry, NewEntry

#: What a payload that is not ours can do to its readers.
_UNREADABLE = (Unusable, UnusableElement, LookupError, TypeError, ValueError, ArithmeticError, RecursionError)


def reread(entries: Sequence[LedgerEntry]) -> Iterator[NewEntry]:
    """What was captured to give these entries. Of a piece of master data it is everything that the piece states, also
    what was known before and has no entry of its own. Raises InputError, naming the position."""
    before: LedgerEntry | None = None
    for entry in entries:
        if entry.kind is EntryKind.EVENT:
            yield NewEntry(entry.payload, facts=_facts(entry))
        elif before is None or (before.kind, before.payload) != (entry.kind, entry.payload):
            yield from (NewEntry(entry.payload, record=record) for record in _records(entry))
        before = entry


def _facts(entry: LedgerEntry) -> EventFacts:
    try:
        return facts_of_payload(entry.payload)
    except _UNREADABLE as error:
        raise InputError(f"the event at position {entry.position} cannot be read again: {error}") from None


def _records(entry: LedgerEntry) -> list[Record]:
    """Every record that the payload states: entered by hand it is one, of master data there may be several."""
    try:
        stated = json.loads(entry.payload, parse_float=Decimal, parse_int=Decimal)
        if "vocabulary" not in stated:
            valid = valid_span(stated["kind"], stated["data"])
            said = (stated.get("withdrawn", False), stated["reason"])
            return [Record(stated["kind"], stated["id"], stated["data"], *valid, *said)]
        data = master_data_of(stated["vocabulary"], stated["element"])
        piece = AcceptedMasterData(entry.payload, data, SourcePosition(""))
        return [new.record for new in master_entries(piece) if new.record]
    except _UNREADABLE as error:
        raise InputError(f"the record at position {entry.position} cannot be read again: {error}") from None


def reread_faults(store: Keepable, after: int, upto: int) -> Iterator[Fault]:
    """Where what is stored of the entries with `after` < position <= `upto` is not what they say."""
    facts = {stored.position: stored.facts for stored in store.facts_between(after, upto)}
    records = {stored.position: stored.record for stored in store.records_between(after, upto)}
    for entry in store.entries(after, upto):
        try:
            if entry.kind is EntryKind.EVENT:
                yield from _compared(entry, facts.get(entry.position), [_facts(entry)])
            else:
                stored_record = records.get(entry.position)
                yield from _compared(entry, _plain(stored_record), _records(entry))
        except InputError as error:
            yield Fault(str(error), "ledger")


def _plain(record: Record | None) -> Record | None:
    """Without the name of the file that it came from, which no payload says."""
    return None if record is None else replace(record, source="")


def _compared(
    entry: LedgerEntry, stored: EventFacts | Record | None, said: Iterable[EventFacts | Record]
) -> Iterator[Fault]:
    if stored is None:
        return  # a fault that the store itself finds
    plain = [_plain(one) if isinstance(one, Record) else one for one in said]
    if stored not in plain:
        what, kind = _WHAT[entry.kind]
        yield Fault(f"{what} at position {entry.position} are not what its payload says", kind)


_WHAT: dict[EntryKind, tuple[str, Kind]] = {
    EntryKind.EVENT: ("the facts of the event", "facts"),
    EntryKind.RECORD: ("the data of the record", "record"),
}
