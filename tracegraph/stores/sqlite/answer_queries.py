"""What an answer says of the nodes that it lists: few statements over all of them, texts joined or looked up once.

The nodes go in as one JSON array in ascending order, so that neighbouring rows are read together; CROSS JOIN keeps
SQLite to that order.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping

from tracegraph.model.custody import Gap, Joint
from tracegraph.stores.port import Described, Onwards, UnitRow
from tracegraph.stores.sqlite.graph_rows import GAP, read_gaps, read_texts
from tracegraph.stores.sqlite.held import HELD, NAMED, Places, read_held
from tracegraph.stores.sqlite.numbers import find_numbers, find_texts, json_numbers
from tracegraph.stores.sqlite.versions import known

_DESCRIBED = f"""
SELECT {HELD}
FROM json_each(?) AS wanted CROSS JOIN holding ON holding.node = wanted.value AND {{holding_known}} {NAMED}
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
    units = {row[0]: row[1] for row in rows}
    found = Described(read_held(connection, rows), {}, _unit_rows(connection, units, at))
    if len(found.holdings) < len(nodes):
        others = set(nodes) - found.holdings.keys()
        found.joints.update(_joints(connection, others, at))
    return found


def _unit_rows(connection: sqlite3.Connection, keys: Mapping[int, str], at: int | None) -> dict[str, UnitRow]:
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


def _joints(connection: sqlite3.Connection, nodes: Collection[int], at: int | None) -> Iterator[tuple[int, Joint]]:
    """The joints among the nodes."""
    joint_known, parameters = known(at, "joint")
    rows = connection.execute(_JOINTS.format(joint_known=joint_known), (_ascending(nodes), *parameters)).fetchall()
    places = Places(find_texts(connection, {row[-1] for row in rows}))
    for node, id, transformation, events, instant, place_kind, place in rows:
        yield node, Joint(id, transformation, read_texts(events), places[place_kind, place], instant)


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
    (gap_known, parameters), (holding_known, _) = known(at, "gap"), known(at, "holding")
    listed = _ascending(nodes)
    columns = ", ".join(f"gap.{column}" for column in GAP.columns)
    rows = connection.execute(
        f"SELECT {columns} FROM json_each(?) AS wanted CROSS JOIN gap ON gap.node = wanted.value AND {gap_known}",
        (listed, *parameters),
    ).fetchall()
    if not _has_gaps_of_units(connection):
        return [gap for _, gap in read_gaps(connection, rows)]
    rows += connection.execute(
        "WITH held (unit) AS (SELECT value FROM json_each(?) UNION SELECT holding.unit FROM json_each(?) AS wanted "
        f"CROSS JOIN holding ON holding.node = wanted.value AND {holding_known}) "
        f"SELECT {columns} FROM held CROSS JOIN gap ON gap.unit = held.unit AND gap.node IS NULL AND {gap_known}",
        (json_numbers(find_numbers(connection, units).values()), listed, *parameters, *parameters),
    ).fetchall()
    return [gap for _, gap in read_gaps(connection, rows)]


def _has_gaps_of_units(connection: sqlite3.Connection) -> bool:
    """Whether there is any gap that concerns no holding: there are few kinds of them, and often none."""
    return connection.execute("SELECT 1 FROM gap WHERE node IS NULL LIMIT 1").fetchone() is not None


def _ascending(nodes: Iterable[int]) -> str:
    return json_numbers(sorted(set(nodes)))
