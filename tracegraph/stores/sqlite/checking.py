"""Is the file what it was: the chain, then what was derived from it, then the file itself."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterator

from tracegraph.errors import StoreDamaged
from tracegraph.model.facts import EventFacts
from tracegraph.stores.facts_codec import decode_facts
from tracegraph.stores.ledger import verify_chain
from tracegraph.stores.port import Reading
from tracegraph.stores.record_codec import decode_data
from tracegraph.stores.sqlite.connections import Connections
from tracegraph.stores.sqlite.event_rows import content_key, places_named
from tracegraph.stores.sqlite.ledger_rows import read_head
from tracegraph.stores.sqlite.numbers import find_numbers
from tracegraph.stores.sqlite.schema import OPEN

#: Events whose facts are compared at once.
PAGE = 1_000

#: What a stored text that is not ours can do to a decoder.
_UNREADABLE = (LookupError, TypeError, ValueError, ArithmeticError)

#: Rows that contradict the ledger: a sentence for each, and the statement that finds the positions.
_LEDGER_CONTRADICTIONS = (
    (
        "ledger entry at position {} is an event without facts",
        "SELECT position FROM ledger WHERE kind = 'event' AND position NOT IN (SELECT position FROM event)",
    ),
    (
        "ledger entry at position {} is a record without its row",
        "SELECT position FROM ledger WHERE kind = 'record' AND position NOT IN (SELECT position FROM record)",
    ),
    (
        "facts at position {} belong to no event of the ledger",
        "SELECT position FROM event WHERE position NOT IN (SELECT position FROM ledger WHERE kind = 'event')",
    ),
    (
        "a record row at position {} belongs to no record of the ledger",
        "SELECT position FROM record WHERE position NOT IN (SELECT position FROM ledger WHERE kind = 'record')",
    ),
)

#: Rows of the graph that contradict each other; the statements give a node's or row's number and a text.
_GRAPH_CONTRADICTIONS = (
    (
        "holding or joint {1} is there more than once at the same time",
        "SELECT now.node, node.text FROM (SELECT node FROM holding WHERE known_to = :open UNION ALL "
        "SELECT node FROM joint WHERE known_to = :open) AS now JOIN node ON node.number = now.node "
        "GROUP BY now.node HAVING count(*) > 1",
    ),
    (
        "the id {1} stands for more than one node, {0} among them",
        "SELECT max(number), text FROM node GROUP BY text HAVING count(*) > 1",
    ),
    (
        "leg {0} starts at {1}, which is no holding and no transformation",
        "SELECT leg.rowid, node.text FROM leg JOIN node ON node.number = leg.source WHERE leg.known_to = :open"
        " AND NOT EXISTS (SELECT 1 FROM holding WHERE holding.node = leg.source AND holding.known_to = :open)"
        " AND NOT EXISTS (SELECT 1 FROM joint WHERE joint.node = leg.source AND joint.known_to = :open)",
    ),
    (
        "leg {0} leads to {1}, which is no holding and no transformation",
        "SELECT leg.rowid, node.text FROM leg JOIN node ON node.number = leg.target WHERE leg.known_to = :open"
        " AND NOT EXISTS (SELECT 1 FROM holding WHERE holding.node = leg.target AND holding.known_to = :open)"
        " AND NOT EXISTS (SELECT 1 FROM joint WHERE joint.node = leg.target AND joint.known_to = :open)",
    ),
)

#: Events with the texts by which they are found.
_EVENTS = (
    "SELECT event.position, event.content_key, identity.text, transformation.text, event.facts FROM event "
    "LEFT JOIN name AS identity ON identity.number = event.event_id "
    "LEFT JOIN name AS transformation ON transformation.number = event.transformation "
    "WHERE event.position > ? ORDER BY event.position LIMIT ?"
)

#: The tables that find events, the texts that each finds one by, and the column with the texts' numbers.
_LOOKUPS: dict[str, Callable[[EventFacts], Collection[str]]] = {
    "mention": EventFacts.numbers,
    "event_place": places_named,
}
_COLUMN = {"mention": "unit", "event_place": "place"}

#: Tables with known_from and known_to.
_VERSIONED = ("unit", "timeline", "holding", "joint", "leg", "gap", "alias", "membership")


#: A check of one consistent state.
Check = Callable[[sqlite3.Connection], Iterator[str]]


def find_faults(store: Reading, connections: Connections) -> Iterator[str]:
    """A sentence per fault, first bad row first. A file too damaged to be read is a fault, not an error."""
    yield from _guarded(connections, verify_chain(store.entries()))
    for check in (_ledger_faults, _facts_faults, _record_faults, _graph_faults, _file_faults):
        yield from _guarded(connections, _checked(check, connections))


def _checked(check: Check, connections: Connections) -> Iterator[str]:
    """The faults that a check finds in the state of now."""
    with connections.reading() as connection:
        yield from check(connection)


def _guarded(connections: Connections, faults: Iterator[str]) -> Iterator[str]:
    """The faults, and one more where the file breaks off under the check."""
    try:
        yield from faults
    except StoreDamaged as error:
        yield str(error)
    except _UNREADABLE as error:
        yield f"the store {connections.path} has a row that cannot be read ({error}); restore a backup"


def _ledger_faults(connection: sqlite3.Connection) -> Iterator[str]:
    """Entries without their facts or record, and facts or records without their entry; by position."""
    found = [
        (position, sentence.format(position))
        for sentence, statement in _LEDGER_CONTRADICTIONS
        for (position,) in connection.execute(statement)
    ]
    yield from (sentence for _, sentence in sorted(found))


def _facts_faults(connection: sqlite3.Connection) -> Iterator[str]:
    """Events whose facts cannot be read, or are not found by what they say; and what finds them by something else."""
    after = 0
    stated = dict.fromkeys(_LOOKUPS, 0)
    while rows := connection.execute(_EVENTS, (after, PAGE)).fetchall():
        after = rows[-1][0]
        found: list[tuple[int, EventFacts]] = []
        for position, *columns, text in rows:
            try:
                facts = decode_facts(text)
            except _UNREADABLE as error:
                yield f"the facts of the event at position {position} cannot be read ({error})"
                continue
            found.append((position, facts))
            if columns != [content_key(facts.content_hash), facts.event_id or None, facts.transformation]:
                yield _not_found_by(position)
        for table, texts_of in _LOOKUPS.items():
            asked = [(position, texts_of(facts)) for position, facts in found]
            stated[table] += sum(len(texts) for _, texts in asked)
            yield from (_not_found_by(position) for position in _positions_lost(connection, table, asked))
    for table, count in stated.items():
        there = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        if there != count:
            yield f"table {table} has {there} rows, but the facts of the events state {count}"


def _not_found_by(position: int) -> str:
    return f"the facts of the event at position {position} do not agree with how it is found"


def _positions_lost(
    connection: sqlite3.Connection, table: str, asked: Collection[tuple[int, Collection[str]]]
) -> list[int]:
    """Positions whose events are not found by one of their texts."""
    numbers = find_numbers(connection, {text for _, texts in asked for text in texts})
    pairs = [[numbers.get(text), position] for position, texts in asked for text in texts]
    rows = connection.execute(
        f"SELECT asked.value ->> 1 FROM json_each(?) AS asked LEFT JOIN {table} "
        f"ON {table}.{_COLUMN[table]} = asked.value ->> 0 AND {table}.position = asked.value ->> 1 "
        f"WHERE {table}.position IS NULL",
        (json.dumps(pairs),),
    )
    return sorted({row[0] for row in rows})


def _record_faults(connection: sqlite3.Connection) -> Iterator[str]:
    """Records whose data cannot be read."""
    for position, data in connection.execute("SELECT position, data FROM record ORDER BY position"):
        try:
            decode_data(data)
        except _UNREADABLE as error:
            yield f"the record at position {position} cannot be read ({error})"


def _graph_faults(connection: sqlite3.Connection) -> Iterator[str]:
    """Rows that name something missing, are known from a position that does not exist, or hang in the air."""
    for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        yield f"row {row} of table {table} names a row of table {parent} that does not exist"
    count = read_head(connection).count
    for table in _VERSIONED:
        for row, known_from in connection.execute(
            f"SELECT rowid, known_from FROM {table} WHERE known_from > ? OR (known_to > ? AND known_to < ?)",
            (count, count, OPEN),
        ):
            yield (
                f"row {row} of table {table} comes from ledger position {known_from} or ends later than the ledger, "
                f"which ends at {count}: ledger entries are missing"
            )
    for sentence, statement in _GRAPH_CONTRADICTIONS:
        for row, text in connection.execute(statement, {"open": OPEN}):
            yield sentence.format(row, text)


def _file_faults(connection: sqlite3.Connection) -> Iterator[str]:
    """What SQLite itself finds wrong with the file."""
    for (message,) in connection.execute("PRAGMA integrity_check"):
        if message != "ok":
            yield f"the file is damaged: {message}"
