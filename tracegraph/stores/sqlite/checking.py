"""Is the file what it was: the chain, then what was derived from it, then the file itself."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tracegraph.errors import StoreDamaged
from tracegraph.model.custody import PlaceKind, UnitKind
from tracegraph.model.facts import EventFacts
from tracegraph.processes import in_order
from tracegraph.stores.facts_codec import decode_facts
from tracegraph.stores.faults import Fault, Kind, Watch, unwatched
from tracegraph.stores.ledger import verify_chain
from tracegraph.stores.port import LedgerEntry
from tracegraph.stores.record_codec import decode_data
from tracegraph.stores.sqlite.connections import Connections
from tracegraph.stores.sqlite.event_rows import content_key, places_named
from tracegraph.stores.sqlite.ledger_rows import read_head, read_page
from tracegraph.stores.sqlite.numbers import find_numbers
from tracegraph.stores.sqlite.schema import OPEN
from tracegraph.stores.unreadable import UNREADABLE

#: Events whose facts are compared at once.
PAGE = 1_000

#: Ledger entries checked by one process at a time.
RANGE = 20_000

#: Seconds that a check in another process waits for a lock.
PATIENCE = 30.0

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

_PLACE_KINDS = ", ".join(repr(kind.value) for kind in PlaceKind)
_NO_NUMBER = "GLOB '*[^0-9.eE+-]*'"
#: Values that no row has, by table.
_STRANGE_VALUES = {
    "holding": f"place_kind NOT IN ({_PLACE_KINDS}) OR quantity_value {_NO_NUMBER} OR remaining_value {_NO_NUMBER}",
    "joint": f"place_kind NOT IN ({_PLACE_KINDS}) OR NOT json_valid(events)",
    "leg": "confirmed NOT IN (0, 1) OR cost NOT IN (0, 1)",
    "gap": "NOT json_valid(ask)",
    "unit": f"kind NOT IN ({', '.join(repr(kind.value) for kind in UnitKind)})",
}

#: Events with the texts by which they are found.
_EVENTS = (
    "SELECT event.position, event.content_key, identity.text, transformation.text, event.facts FROM event "
    "LEFT JOIN name AS identity ON identity.number = event.event_id "
    "LEFT JOIN name AS transformation ON transformation.number = event.transformation "
    "WHERE event.position > ? AND event.position <= ? ORDER BY event.position LIMIT ?"
)

#: The tables that find events, the texts that each finds one by, and the column with the texts' numbers.
_LOOKUPS: dict[str, Callable[[EventFacts], Collection[str]]] = {
    "mention": EventFacts.numbers,
    "event_place": places_named,
}
_COLUMN = {"mention": "unit", "event_place": "place"}

#: Tables with known_from and known_to.
_VERSIONED = ("unit", "timeline", "holding", "joint", "leg", "gap", "alias", "membership")


#: A check of one consistent state, of the ledger positions after the first number up to the second.
Check = Callable[[sqlite3.Connection, int, int], Iterator[str]]


@dataclass(frozen=True, slots=True)
class Task:
    """One check of the store at `path`; `weight` is about how many rows it looks at."""

    path: Path
    check: str
    after: int
    upto: int
    weight: int


def find_faults(path: Path, connections: Connections, watch: Watch = unwatched, processes: int = 1) -> Iterator[Fault]:
    """A sentence per fault, first bad row first. A file too damaged to be read is a fault, not an error."""
    try:
        with connections.reading() as connection:
            count = read_head(connection).count
    except StoreDamaged as error:
        yield Fault(str(error), "file")
        return
    tasks = list(_tasks(path, count))
    left = total = sum(task.weight for task in tasks)

    def tell(task: Task) -> None:
        nonlocal left
        left -= task.weight
        watch("verify", total - left, total)

    def here(task: Task) -> list[Fault]:
        return _faults(task, connections)

    last: Fault | None = None
    for faults in in_order(_faults_elsewhere if processes > 1 else here, tasks, processes, _weight, tell):
        for fault in faults:
            if fault != last:  # damage that stops one check stops the next one in the same words
                yield fault
            last = fault


def _tasks(path: Path, count: int) -> Iterator[Task]:
    """Everything to be checked of a store with so many ledger entries."""
    ranges = [(after, min(after + RANGE, count)) for after in range(0, count, RANGE)]
    for name, (_, _, share) in CHECKS.items():
        parts = ranges if share < 1 else [(0, count)]
        yield from (Task(path, name, after, upto, int((upto - after) * share) + 1) for after, upto in parts)


def _weight(task: Task) -> int:
    return task.weight


def _faults_elsewhere(task: Task) -> list[Fault]:
    """The same in another process, which has no connection yet."""
    with closing(Connections(task.path, PATIENCE)) as connections:
        return _faults(task, connections)


def _faults(task: Task, connections: Connections) -> list[Fault]:
    """What one check finds, and one fault more where the file breaks off under it."""
    check, kind, _ = CHECKS[task.check]
    found: list[Fault] = []
    try:
        with connections.reading() as connection:
            found.extend(Fault(sentence, kind) for sentence in check(connection, task.after, task.upto))
    except StoreDamaged as error:
        found.append(Fault(str(error), "file"))
    return found


def _chain_faults(connection: sqlite3.Connection, after: int, upto: int) -> Iterator[str]:
    """Whether the entries follow each other, from the last one up to `after` on."""
    yield from verify_chain(_entries(connection, after, upto), read_head(connection, after))


def _entries(connection: sqlite3.Connection, after: int, upto: int) -> Iterator[LedgerEntry]:
    while page := read_page(connection, after, upto):
        yield from page
        after = page[-1].position


def _ledger_faults(connection: sqlite3.Connection, after: int, upto: int) -> Iterator[str]:
    """Entries without their facts or record, and facts or records without their entry; by position."""
    found = [
        (position, sentence.format(position))
        for sentence, statement in _LEDGER_CONTRADICTIONS
        for (position,) in connection.execute(statement)
    ]
    yield from (sentence for _, sentence in sorted(found))


def _facts_faults(connection: sqlite3.Connection, after: int, end: int) -> Iterator[str]:
    """Events whose facts cannot be read, or are not found by what they say."""
    while rows := connection.execute(_EVENTS, (after, end, PAGE)).fetchall():
        upto = rows[-1][0]
        if upto <= after:
            yield f"the events are not in order after position {after}"
            return
        found: list[tuple[int, EventFacts]] = []
        for position, *columns, text in rows:
            try:
                facts = decode_facts(text)
            except UNREADABLE as error:
                yield f"the facts of the event at position {position} cannot be read ({error})"
                continue
            found.append((position, facts))
            if columns != [content_key(facts.content_hash), facts.event_id or None, facts.transformation]:
                yield _not_found_by(position)
        for table, texts_of in _LOOKUPS.items():
            asked = [(position, texts_of(facts)) for position, facts in found]
            yield from (_not_found_by(position) for position in _positions_lost(connection, table, asked))
        after = upto


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


def _record_faults(connection: sqlite3.Connection, after: int, upto: int) -> Iterator[str]:
    """Records whose data cannot be read."""
    for position, data in connection.execute("SELECT position, data FROM record ORDER BY position"):
        try:
            decode_data(data)
        except UNREADABLE as error:
            yield f"the record at position {position} cannot be read ({error})"


def _reference_faults(connection: sqlite3.Connection, after: int, upto: int) -> Iterator[str]:
    """Rows that name something missing."""
    for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        which = "a row" if row is None else f"row {row}"
        yield f"{which} of table {table} names a row of table {parent} that does not exist"


def _known_faults(connection: sqlite3.Connection, after: int, upto: int) -> Iterator[str]:
    """Rows that are known from a position that does not exist."""
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


def _graph_faults(connection: sqlite3.Connection, after: int, upto: int) -> Iterator[str]:
    """Holdings that are there twice, and legs that hang in the air."""
    for sentence, statement in _GRAPH_CONTRADICTIONS:
        for row, text in connection.execute(statement, {"open": OPEN}):
            yield sentence.format(row, text)


def _value_faults(connection: sqlite3.Connection, after: int, upto: int) -> Iterator[str]:
    """Rows of the graph with values that no row has."""
    for table, condition in _STRANGE_VALUES.items():
        for (row,) in connection.execute(f"SELECT rowid FROM {table} WHERE {condition}"):
            yield f"row {row} of table {table} has a value that no such row has"


def _file_faults(connection: sqlite3.Connection, after: int, upto: int) -> Iterator[str]:
    """What SQLite itself finds wrong with the file."""
    for (message,) in connection.execute("PRAGMA integrity_check"):
        if message != "ok":
            yield f"the file is damaged: {' '.join(message.split())}"


#: Every check with what is at fault where it finds something, and its weight per ledger entry; those that weigh less
#: than 1 are cut into ranges of entries.
CHECKS: dict[str, tuple[Check, Kind, float]] = {
    "chain": (_chain_faults, "chain", 0.9),
    "ledger": (_ledger_faults, "ledger", 1),
    "facts": (_facts_faults, "facts", 0.9),
    "records": (_record_faults, "record", 1),
    "references": (_reference_faults, "graph", 5),
    "known": (_known_faults, "graph", 1),
    "graph": (_graph_faults, "graph", 5),
    "values": (_value_faults, "graph", 3),
    "file": (_file_faults, "file", 5),
}
