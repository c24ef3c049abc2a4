"""What new records are about: master data as records, and the places and unit numbers that records touch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from tracegraph.model.master_data import MasterData
from tracegraph.model.record import Record
from tracegraph.stores.port import NewEntry, Reading
from tracegraph.stores.stored_facts import ALIAS_RECORD, MASTER_KINDS, MEMBER_RECORD, master_data_of


def record_of(master: MasterData, source: str = "") -> Record:
    """Master data as a record."""
    data = {**asdict(master), "children": list(master.children)}
    kept = {key: value for key, value in data.items() if key not in ("kind", "id") and value not in (None, [], {})}
    return Record(master.kind, master.id, kept, source=source)


def new_records(reading: Reading, entries: Sequence[NewEntry]) -> list[NewEntry]:
    """Records that say something else than the newest known version; of several in the batch each that changes."""
    records = [entry for entry in entries if entry.record]
    stored = reading.records(ids={entry.record.id for entry in records if entry.record}) if records else []
    known = {(one.record.kind, one.record.id): one.record for one in stored}
    fresh: list[NewEntry] = []
    for entry in records:
        record = entry.record
        assert record is not None
        newest = known.get((record.kind, record.id))
        if newest is None or (newest.data, newest.withdrawn) != (record.data, record.withdrawn):
            known[(record.kind, record.id)] = record
            fresh.append(entry)
    return fresh


def places_touched(reading: Reading, records: Sequence[NewEntry]) -> set[str]:
    """Locations and parties whose meaning master data change, as they were and as they will be."""
    new = [entry.record for entry in records if entry.record and entry.record.kind in MASTER_KINDS]
    old = [stored.record for stored in reading.records(ids={record.id for record in new})] if new else []
    touched: set[str] = set()
    for record in (*new, *old):
        if record.kind in MASTER_KINDS:
            master = master_data_of(record)
            touched |= {master.id, *master.children, *filter(None, (master.parent, master.party))}
    return touched


def numbers_touched(records: Sequence[NewEntry]) -> set[str]:
    """Unit numbers named by alias and member records."""
    said = [entry.record for entry in records if entry.record]
    named = [record.data for record in said if record.kind == ALIAS_RECORD]
    items = {record.id for record in said if record.kind == MEMBER_RECORD}
    return items | {str(data[key]) for data in named for key in ("unit", "alias")}
