"""What a trace reaches, gathered from the index, with what changed since the index was made read from the store."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from tracegraph.model.custody import Joint
from tracegraph.stores.gathered import Gathered
from tracegraph.stores.sqlite.answer_queries import note_units, read_joints_at, read_unit_rows
from tracegraph.stores.sqlite.index.arrays import Array
from tracegraph.stores.sqlite.index.asking import Reached
from tracegraph.stores.sqlite.index.held import (
    Amounts,
    columns_of,
    encode_rows,
    id_order,
    ids_of,
    named_in,
    read_at,
    there,
    times_of,
)
from tracegraph.stores.sqlite.numbers import find_texts, json_numbers
from tracegraph.stores.sqlite.schema import OPEN

#: The share of rows that are read from the store again, at most: where more have changed, the plain way is as good.
_MOST_ANEW = 0.25

#: From so many numbers on it is quicker to mark them than to sort them.
_MANY = 2_000


class Position(NamedTuple):
    """The ledger position that is asked, and the one at which the index was made."""

    asked: int
    made: int


def holdings_in(reached: Reached) -> int:
    """How many holdings were reached."""
    return int(np.count_nonzero(reached.units))


def gather(connection: sqlite3.Connection, reached: Reached, position: Position) -> Gathered | None:
    """All that an answer says of what was reached; None where the store does not know all of it."""
    held = np.flatnonzero(reached.units)
    joints = _joints(connection, reached, position.asked)
    rows, extra = _brought_forward(connection, reached.nodes[held], reached.rows[held], position)
    if joints is None or rows is None:
        return None
    columns = columns_of(rows)
    high, low = id_order(rows)
    order = np.lexsort((low, high, reached.distance[held]))
    here, units = held[order], reached.units[held]
    since, until = times_of(rows)
    events = _distinct([reached.events])
    texts = find_texts(connection, _distinct([units, events, *named_in(columns)]).tolist())
    keys = {unit: texts[unit] for unit in _distinct([units]).tolist()}
    nodes, unit = reached.nodes[here].tolist(), units[order].tolist()
    note_units(connection, position.asked, zip(nodes, unit, strict=True))
    return Gathered(
        node=nodes,
        distance=reached.distance[here].tolist(),
        confirmed=reached.confirmed[here].tolist(),
        id=ids_of(rows[order]),
        since=since[order].tolist(),
        until=until[order].tolist(),
        unit=unit,
        moved=reached.moved[here].tolist(),
        consumed=reached.consumed[here].tolist(),
        first=reached.first[here].tolist(),
        texts=texts,
        amount_texts=reached.amounts | _texts_of(extra),
        joints=joints,
        events=events.tolist(),
        units=read_unit_rows(connection, keys, position.asked),
        **{name: column[order].tolist() for name, column in columns.items()},
    )


def _joints(connection: sqlite3.Connection, reached: Reached, at: int) -> list[tuple[Joint, bool]] | None:
    """The transformations, and whether each is confirmed."""
    places = np.flatnonzero(reached.units == 0)
    sure = dict(zip(reached.nodes[places].tolist(), reached.confirmed[places].tolist(), strict=True))
    found = [(joint, sure[node]) for node, joint in read_joints_at(connection, sure, at)] if sure else []
    return found if len(found) == len(sure) else None


def _brought_forward(
    connection: sqlite3.Connection, nodes: Array, rows: Array, position: Position
) -> tuple[Array | None, Amounts]:
    """The rows as known at the position that is asked, those that have changed read anew, and the texts of their
    amounts, which are counted backwards from -1; no rows where too many have changed, or the store has not all."""
    extra = Amounts()
    changed = ~there(rows)
    if position.asked > position.made:
        changed[nodes.searchsorted(_closed_since(connection, nodes, position.made))] = True
    wanted = nodes[changed]
    if not len(wanted):
        return rows, extra
    if len(wanted) > max(_MANY, _MOST_ANEW * len(nodes)):
        return None, extra
    read = read_at(connection, json_numbers(wanted.tolist()), position.asked)
    if len(read) < len(wanted):
        return None, extra
    try:
        found, anew = encode_rows(read, extra)
    except (ValueError, OverflowError):
        return None, extra
    anew[:, -1] = -1 - anew[:, -1]
    rows[nodes.searchsorted(found)] = anew
    return rows, extra


def _closed_since(connection: sqlite3.Connection, nodes: Array, made: int) -> list[int]:
    """Those of the nodes of which a row ended after the position at which the index was made. Whatever becomes of a
    holding, the row that was known then ends; the index on holdings tells without reading a row."""
    closed = connection.execute(
        "SELECT wanted.value FROM json_each(?) AS wanted CROSS JOIN holding ON holding.node = wanted.value "
        f"AND holding.known_to > ? AND holding.known_to < {OPEN}",
        (json_numbers(nodes.tolist()), made),
    )
    return [node for (node,) in closed]


def changed_since(connection: sqlite3.Connection, nodes: Array, made: int) -> bool:
    """Whether a row of one of these holdings or transformations ended after a position."""
    if _closed_since(connection, nodes, made):
        return True
    closed = connection.execute(
        "SELECT 1 FROM json_each(?) AS wanted CROSS JOIN joint ON joint.node = wanted.value "
        f"AND joint.known_to > ? AND joint.known_to < {OPEN} LIMIT 1",
        (json_numbers(nodes.tolist()), made),
    )
    return closed.fetchone() is not None


def _texts_of(extra: Amounts) -> dict[int, str]:
    """The texts of amounts that the index does not have."""
    begins = [0, *extra.ends]
    return {-1 - number: extra.text[begins[number] : end].decode() for number, end in enumerate(extra.ends)}


def _distinct(columns: Iterable[Array]) -> Array:
    """The numbers above 0 in all the columns, each once."""
    together = list(columns)
    if sum(map(len, together)) < _MANY:
        found = set[int]().union(*(column.tolist() for column in together))
        return np.array(sorted(number for number in found if number > 0), dtype=np.int64)
    marks = np.zeros(1 + max(int(column.max()) for column in together if len(column)), dtype=np.bool_)
    for column in together:
        marks[column] = True
    marks[0] = False
    return np.flatnonzero(marks)
