"""What the index says of transformations: what their events say went in and came out.

In `held` a transformation's row has its id, where its inputs begin and end, and whether they could be told (1); `input`
has the numbers of event and unit of each, in the order of their texts, and `input_amount` amount and dimension. Behind
the inputs stands what came out: all of it where it can be added, else what is not known.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from tracegraph.stores.facts_codec import decode_named
from tracegraph.stores.flow import INEXACT, LARGEST, NOT_KNOWN
from tracegraph.stores.sqlite.event_rows import content_key
from tracegraph.stores.sqlite.graph_rows import read_texts
from tracegraph.stores.sqlite.index.arrays import Array
from tracegraph.stores.sqlite.index.exact import PIECE, PIECES, Dimensions
from tracegraph.stores.sqlite.index.held import DIGITS
from tracegraph.stores.sqlite.numbers import find_numbers, find_texts, json_numbers
from tracegraph.stores.sqlite.schema import OPEN
from tracegraph.timeline.stock import ONE_PIECE

#: Transformations looked at together.
PAGE = 5_000

#: An amount and its dimension, of which pieces are pieces of anything yet.
Amount = tuple[int, int]
UNKNOWN: Amount = (NOT_KNOWN, 0)

#: One piece, as quantities are stored.
ONE = (str(ONE_PIECE.value), ONE_PIECE.unit)


class Named(NamedTuple):
    """What an event says went in and came out, by unit."""

    inputs: dict[str, Amount]
    outputs: dict[str, Amount]


class Around(NamedTuple):
    """A transformation, and the numbers of the units that legs lead into it from and from it to."""

    node: int
    id: str
    events: tuple[str, ...]
    before: list[int]
    behind: list[int]


class Consumed:
    """The inputs of all transformations, one behind the other."""

    def __init__(self, dimensions: Dimensions) -> None:
        self.names = array("i")
        self.amounts = array("q")
        self._dimensions = dimensions

    def fill(self, connection: sqlite3.Connection, arrays: Mapping[str, Array], shift: int, pieces: Array) -> None:
        """Add all transformations that are known now, and say in their rows where. Legs and units are in the arrays
        already. `pieces`: of what pieces of a unit are pieces, by its number."""
        held = arrays["held"]
        taken_part = _events_of(connection)
        for page in _joints(connection):
            nodes = np.array([node for node, _, _ in page], dtype=np.int64)
            ends = [_led_to(arrays, way, nodes, shift) for way in ("backward", "forward")]
            told = [
                Around(node, id, read_texts(of), before, behind)
                for (node, id, of), before, behind in zip(page, *ends, strict=True)
            ]
            named = self._named(connection, {event for one in told for event in one.events})
            events = _numbered(connection, told, taken_part)
            texts = find_texts(connection, {unit for one in told for unit in one.before})
            plain = [one for one in told if _is_number(one.id)]
            rows = [self._add(one, named, events, texts, pieces) for one in plain]
            nodes = np.array([one.node for one in plain], dtype=np.int64)
            ids = bytes.fromhex("".join(one.id for one in plain))
            held[nodes, :4] = np.frombuffer(ids, dtype="<i4").reshape(-1, 4)
            held[nodes, 4:7] = np.array(rows, dtype=np.int32).reshape(-1, 3)

    def _add(
        self,
        one: Around,
        named: Mapping[str, Named],
        events: Mapping[str, int],
        texts: Mapping[int, str],
        pieces: Array,
    ) -> tuple[int, int, int]:
        """Add one; returns where its inputs begin and end, and whether they could be told."""
        begin, plain = len(self.names) // 2, True
        before = {texts[unit]: unit for unit in one.before}
        for event in sorted(one.events):
            inputs = named[event].inputs
            for unit in sorted(inputs):
                number, (value, of) = before.get(unit, 0), inputs[unit]
                if of == PIECE:
                    plain = plain and number > 0
                    of = PIECES + int(pieces[number])
                plain = plain and value != INEXACT
                self.names.extend((events[event], number))
                self.amounts.extend((value, of))
        end = len(self.names) // 2
        value, of = added([amount for event in one.events for amount in named[event].outputs.values()])
        if of == PIECE:
            made = set(pieces[one.behind].tolist())
            outputs = {unit for event in one.events for unit in named[event].outputs}
            plain = plain and len(outputs) == len(set(one.behind))  # else some are known by other numbers
            value, of = (value, PIECES + made.pop()) if len(made) == 1 else UNKNOWN
        self.names.extend((0, 0))
        self.amounts.extend((value, of))
        return begin, end, int(plain and value != INEXACT)

    def _named(self, connection: sqlite3.Connection, events: Iterable[str]) -> dict[str, Named]:
        """What the events name. Events of equal content name the same, so the content is enough to know it by."""
        hashes = {event: event.partition("#")[0] for event in events}
        found: dict[str, Named] = {}
        wanted = set(hashes.values())
        keys = json_numbers(sorted(map(content_key, wanted)))
        statement = "SELECT position FROM event WHERE content_key IN (SELECT value FROM json_each(?))"
        positions = json_numbers(sorted(position for (position,) in connection.execute(statement, (keys,))))
        statement = "SELECT facts FROM event WHERE position IN (SELECT value FROM json_each(?))"
        for (facts,) in connection.execute(statement, (positions,)):
            content, retracts, named = decode_named(facts)
            if content in wanted and not retracts:
                found[content] = self._by_unit(named)
        return {event: found.get(content) or Named({}, {}) for event, content in hashes.items()}

    def _by_unit(self, named: Iterable[tuple[str, str, bool, list[str | None] | None]]) -> Named:
        """The amounts by role; of what is named one by one it is one piece."""
        found, told = Named({}, {}), self._dimensions.told
        for unit, role, as_class, quantity in named:
            if role == "input" or role == "output":
                here = found.inputs if role == "input" else found.outputs
                if quantity is None:
                    amount = UNKNOWN if as_class else told(*ONE)
                else:
                    amount = told(quantity[0], quantity[1] or "")
                here[unit] = added([here[unit], amount]) if unit in here else amount
        return found


def added(amounts: Sequence[Amount]) -> Amount:
    """The sum, where all are known and of one dimension."""
    if len(amounts) == 1:
        return amounts[0]
    if not amounts:
        return UNKNOWN
    values, dimensions = zip(*amounts, strict=True)
    if len(set(dimensions)) > 1 or NOT_KNOWN in values:
        return UNKNOWN
    total = sum(values)
    return total if total <= LARGEST and INEXACT not in values else INEXACT, dimensions[0]


def _is_number(id: str) -> bool:
    """Whether an id is a number of 32 digits, as a row needs it."""
    return len(id) == DIGITS and not id.strip("0123456789abcdef")


def _joints(connection: sqlite3.Connection) -> Iterator[list[Any]]:
    cursor = connection.execute(
        "SELECT joint.node, node.text, joint.events FROM joint NOT INDEXED CROSS JOIN node ON node.number = joint.node "
        f"WHERE joint.known_to = {OPEN}"
    )
    while page := cursor.fetchmany(PAGE):
        yield page


def _events_of(connection: sqlite3.Connection) -> dict[int, int]:
    """The number of the event of each transformation in which only one ever took part."""
    found: dict[int, int] = {}
    several: set[int] = set()
    for event, node in connection.execute("SELECT event, node FROM joint_event"):
        if node in found:
            several.add(node)
        found[node] = event
    for node in several:
        del found[node]
    return found


def _numbered(connection: sqlite3.Connection, told: Iterable[Around], taken_part: Mapping[int, int]) -> dict[str, int]:
    """The numbers of the events, of which most need not be looked for."""
    found: dict[str, int] = {}
    others: set[str] = set()
    for one in told:
        if len(one.events) == 1 and one.node in taken_part:
            found[one.events[0]] = taken_part[one.node]
        else:
            others.update(one.events)
    return dict.fromkeys(others, 0) | found | find_numbers(connection, others)


def _led_to(arrays: Mapping[str, Array], way: str, nodes: Array, shift: int) -> list[list[int]]:
    """The numbers of the units that the legs of each node lead to."""
    spans = arrays[f"{way}_spans"].take(nodes, axis=0)
    ends, counts = spans[:, 0].astype(np.int64), spans[:, 1]
    stops = counts.cumsum(dtype=np.int64)
    places = (ends - stops).repeat(counts) + np.arange(int(stops[-1]))
    units = arrays["units"].take(arrays[f"{way}_entries"].take(places) >> shift)
    found = units.tolist()
    bounds = [0, *stops.tolist()]
    return [[unit for unit in found[begin:end] if unit > 0] for begin, end in pairwise(bounds)]
