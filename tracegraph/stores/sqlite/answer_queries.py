"""What an answer says of the nodes that it lists: few statements over all of them, texts joined or looked up once.

The nodes go in as one JSON array in ascending order, so that neighbouring rows are read together; CROSS JOIN keeps
SQLite to that order.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping

from tracegraph.model.custody import Gap, Joint
from tracegraph.stores.port import Described, HoldingRow, Onwards, UnitRow
from tracegraph.stores.sqlite.graph_rows import GAP, read_gaps, read_texts
from tracegraph.stores.sqlite.held import HELD, NAMED, NAMES, Places, read_held, read_held_units
from tracegraph.stores.sqlite.numbers import Known, find_numbers, find_texts, json_numbers, known_by
from tracegraph.stores.sqlite.versions import known

_DESCRIBED = f"""
SELECT {HELD}
FROM json_each(?) AS wanted CROSS JOIN holding ON holding.node = wanted.value AND {{holding_known}} {NAMED}
"""

_HELD_DURING = f"""
SELECT {HELD}
FROM (
    SELECT json_extract(value, '$[0]') AS unit, json_extract(value, '$[1]') AS since,
        json_extract(value, '$[2]') AS until
    FROM json_each(?) LIMIT -1
) AS asked
CROSS JOIN node ON node.unit = asked.unit
CROSS JOIN holding ON holding.node = node.number AND {{holding_known}}
WHERE (asked.until IS NULL OR holding.since <= asked.until)
AND (asked.since IS NULL OR holding.until IS NULL OR holding.until >= asked.since)
"""

_GAPS = f"""
SELECT {", ".join(f"gap.{column}" for column in GAP.columns)}
FROM json_each(?) AS wanted CROSS JOIN gap ON {{here}} AND {{known}}
"""

_JOINTS = """
SELECT joint.node, node.text, name.text, joint.events, joint.instant, joint.place_kind, joint.place
FROM json_each(?) AS wanted
CROSS JOIN joint ON joint.node = wanted.value AND {joint_known}
CROSS JOIN node ON node.number = joint.node
CROSS JOIN name ON name.number = joint.transformation
"""


def query_described(connection: sqlite3.Connection, nodes: Collection[int], at: int | None) -> Described:
    """The holdings and joints at the nodes, and the rows of the units held there."""
    holding_known, parameters = known(at, "holding")
    rows = connection.execute(
        _DESCRIBED.format(holding_known=holding_known), (_ascending(nodes), *parameters)
    ).fetchall()
    holdings, units = read_held_units(connection, rows)
    note_units(connection, at, [(row[0], row[NAMES.start]) for row in rows])
    found = Described(holdings, {}, read_unit_rows(connection, units, at))
    if len(found.holdings) < len(nodes):
        others = set(nodes) - found.holdings.keys()
        found.joints.update(read_joints_at(connection, others, at))
    return found


def read_unit_rows(connection: sqlite3.Connection, keys: Mapping[int, str], at: int | None) -> dict[str, UnitRow]:
    """The known rows of units, by key; `keys` are those of the units' numbers."""
    unit_known, parameters = known(at, "unit")
    rows = connection.execute(
        "SELECT unit.unit, unit.kind, unit.product FROM json_each(?) AS wanted "
        f"CROSS JOIN unit ON unit.unit = wanted.value AND {unit_known}",
        (_ascending(keys), *parameters),
    ).fetchall()
    products = find_texts(connection, {product for *_, product in rows if product is not None})
    return {
        keys[number]: UnitRow(keys[number], kind, None if product is None else products[product])
        for number, kind, product in rows
    }


def read_joints_at(
    connection: sqlite3.Connection, nodes: Collection[int], at: int | None
) -> Iterator[tuple[int, Joint]]:
    """The joints among the nodes."""
    joint_known, parameters = known(at, "joint")
    rows = connection.execute(_JOINTS.format(joint_known=joint_known), (_ascending(nodes), *parameters)).fetchall()
    places = Places(find_texts(connection, {row[-1] for row in rows}))
    for node, id, transformation, events, instant, place_kind, place in rows:
        yield node, Joint(id, transformation, read_texts(events), places[place_kind, place], instant)


def query_held_during(
    connection: sqlite3.Connection, spans: Mapping[str, tuple[int | None, int | None]], at: int | None
) -> list[HoldingRow]:
    """The holdings of each unit that touch its span. The spans come in a query of their own, which LIMIT keeps from
    being merged with the other, so that each is read from the JSON once."""
    holding_known, parameters = known(at, "holding")
    numbers = find_numbers(connection, spans)
    wanted = [(numbers[unit], *span) for unit, span in spans.items() if unit in numbers]
    rows = connection.execute(_HELD_DURING.format(holding_known=holding_known), (json.dumps(wanted), *parameters))
    found = [HoldingRow(node, holding) for node, holding in read_held(connection, rows.fetchall()).items()]
    return sorted(found, key=lambda row: row.holding.id)


def query_onwards(connection: sqlite3.Connection, nodes: Collection[int], at: int | None) -> Onwards:
    """What leads on from the nodes: their legs, and whether each leads into a joint."""
    (leg_known, parameters), (joint_known, _) = known(at, "leg"), known(at, "joint")
    rows = connection.execute(
        f"SELECT leg.source, leg.instant, EXISTS (SELECT 1 FROM joint WHERE joint.node = leg.target AND {joint_known}) "
        f"FROM json_each(?) AS wanted CROSS JOIN leg ON leg.source = wanted.value AND {leg_known}",
        (*parameters, _ascending(nodes), *parameters),
    )
    found = Onwards()
    for source, instant, into_joint in rows:
        found.note(source, instant, bool(into_joint))
    return found


def query_links(connection: sqlite3.Connection, nodes: Collection[int], at: int | None) -> list[tuple[int, int, bool]]:
    """The legs that leave the nodes as (source, target, confirmed)."""
    leg_known, parameters = known(at, "leg")
    rows = connection.execute(
        "SELECT leg.source, leg.target, leg.confirmed FROM json_each(?) AS wanted "
        f"CROSS JOIN leg ON leg.source = wanted.value AND {leg_known}",
        (_ascending(nodes), *parameters),
    )
    return [(source, target, bool(confirmed)) for source, target, confirmed in rows]


def query_gaps_at(
    connection: sqlite3.Connection, nodes: Collection[int], units: Collection[str], at: int | None
) -> list[Gap]:
    """Gaps of the holdings at the nodes, and those of their units and of `units` that concern no holding."""
    gap_known, parameters = known(at, "gap")
    rows = connection.execute(
        _GAPS.format(here="gap.node = wanted.value", known=gap_known), (_ascending(nodes), *parameters)
    ).fetchall()
    if _may_have_gaps_of_units(connection, len(nodes) + len(units)):
        wanted = {*find_numbers(connection, units).values(), *_units_at(connection, nodes, at)}
        here = "gap.unit = wanted.value AND gap.node IS NULL"
        rows += connection.execute(
            _GAPS.format(here=here, known=gap_known), (_ascending(wanted), *parameters)
        ).fetchall()
    return [gap for _, gap in read_gaps(connection, rows)] if rows else []


def _units_at(connection: sqlite3.Connection, nodes: Collection[int], at: int | None) -> set[int]:
    """The numbers of the units held at the nodes; those of nodes that the same answer has described are known."""
    state = known_by(connection)
    held = {} if state is None else state.units.get(at, {})
    others = [node for node in nodes if node not in held]
    found = {held[node] for node in nodes if node in held} if held else set[int]()
    if others:
        holding_known, parameters = known(at, "holding")
        found.update(
            unit
            for (unit,) in connection.execute(
                "SELECT holding.unit FROM json_each(?) AS wanted "
                f"CROSS JOIN holding ON holding.node = wanted.value AND {holding_known}",
                (_ascending(others), *parameters),
            )
        )
    return found


def note_units(connection: sqlite3.Connection, at: int | None, units: Iterable[tuple[int, int]]) -> None:
    """Remember the unit of each holding that is known at a position, for as long as the state is held."""
    state = known_by(connection)
    if state is not None:
        state.units.setdefault(at, {}).update(units)


def _may_have_gaps_of_units(connection: sqlite3.Connection, asked: int) -> bool:
    """Whether it is worth asking for gaps that concern no holding: there are few kinds of them, and often none. When
    many were asked for, in one answer or in several of the same state: look through the table first, which costs a
    twentieth of a look-up for each row of it."""
    state = known_by(connection) or Known()
    if state.whole_units is None:
        state.asked += asked
        (rows,) = connection.execute("SELECT max(rowid) FROM gap").fetchone()
        if rows is not None and rows > 20 * state.asked:
            return True
        state.whole_units = connection.execute("SELECT 1 FROM gap WHERE node IS NULL LIMIT 1").fetchone() is not None
    return state.whole_units


def _ascending(nodes: Iterable[int]) -> str:
    return json_numbers(sorted(set(nodes)))
