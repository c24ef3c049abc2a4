"""Records: every version is kept; the newest one known at a ledger position holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable

from tracegraph.model.record import Record, StoredRecord
from tracegraph.stores.record_codec import encode_data, read_many
from tracegraph.stores.sqlite.numbers import marks, portions
from tracegraph.stores.sqlite.schema import OPEN

_COLUMNS = "kind, id, position, data, valid_from, valid_to, withdrawn, reason, source"

_VERSIONS = """
SELECT record.kind, record.id, record.data, record.valid_from, record.valid_to, record.withdrawn,
       record.reason, record.source, record.position, ledger.recorded_at, ledger.actor
FROM record JOIN ledger ON ledger.position = record.position
"""

#: Most stores have no records of most kinds: that is asked first, at a tenth of the cost.
_OF_KIND = "SELECT 1 FROM record WHERE kind = ? LIMIT 1"

_NEWEST = f"""{_VERSIONS}
WHERE record.position = (
    SELECT max(newer.position) FROM record AS newer
    WHERE newer.kind = record.kind AND newer.id = record.id AND newer.position <= ?
)"""


def read_records(
    connection: sqlite3.Connection, kind: str | None, ids: Collection[str] | None, at: int | None
) -> list[StoredRecord]:
    """For each (kind, id) the newest version known at a position, sorted by (kind, id)."""
    if kind is not None and not connection.execute(_OF_KIND, (kind,)).fetchone():
        return []
    statement = _NEWEST
    parameters: list[str | int] = [OPEN if at is None else at]
    if kind is not None:
        statement += " AND record.kind = ?"
        parameters.append(kind)
    if ids is None:
        found = _decoded(connection.execute(statement, parameters))
    else:
        found = []
        for portion in portions(set(ids)):
            narrowed = f"{statement} AND record.id IN ({marks(len(portion))})"
            found += _decoded(connection.execute(narrowed, [*parameters, *portion]))
    return sorted(found, key=lambda stored: (stored.record.kind, stored.record.id))


def read_records_between(connection: sqlite3.Connection, after: int, upto: int) -> list[StoredRecord]:
    """Record versions with `after` < position <= `upto`, in ledger order."""
    condition = "WHERE record.position > ? AND record.position <= ? ORDER BY record.position"
    return _decoded(connection.execute(f"{_VERSIONS} {condition}", (after, upto)))


def insert_records(connection: sqlite3.Connection, records: Iterable[tuple[int, Record]]) -> None:
    """Store records at their ledger positions."""
    connection.executemany(
        f"INSERT INTO record ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (_columns(position, record) for position, record in records),
    )


def _columns(position: int, record: Record) -> tuple[str | int | None, ...]:
    """A record's row."""
    return (
        record.kind,
        record.id,
        position,
        encode_data(record.data),
        record.valid_from,
        record.valid_to,
        int(record.withdrawn),
        record.reason,
        record.source,
    )


def _decoded(rows: Iterable[tuple[object, ...]]) -> list[StoredRecord]:
    """Rows as stored records."""
    return list(read_many(rows))
