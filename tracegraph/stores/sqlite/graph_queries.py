"""Questions to the custody graph: units, holdings, joints, legs, gaps, timelines and reach, each one as SQL."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any, TypeVar

from tracegraph.model.custody import Gap, PlaceKind, Timeline
from tracegraph.stores.port import Direction, HoldingQuery, HoldingRow, JointRow, Legs, UnitReach, UnitRow
from tracegraph.stores.sqlite.graph_rows import (
    ALIAS,
    GAP,
    HOLDING,
    JOINT,
    LEG,
    MEMBERSHIP,
    TIMELINE,
    UNIT,
    read_gaps,
    read_holdings,
    read_joints,
    read_legs,
    read_pairs,
    read_units,
)
from tracegraph.stores.sqlite.held import HELD, NAMED, read_held
from tracegraph.stores.sqlite.numbers import Find, among, find_numbers, find_texts, json_numbers
from tracegraph.stores.sqlite.versions import known
from tracegraph.stores.unit_reach import Steps, least_distances, nearest_units

Part = TypeVar("Part")

#: A condition in SQL and its parameters.
Condition = tuple[str, tuple[Any, ...]]

_LISTED = "IN (SELECT value FROM json_each(?))"

#: Per direction: the column where a leg is entered, and the one where it leads.
_ENDS: dict[Direction, tuple[str, str]] = {"forward": ("source", "target"), "backward": ("target", "source")}


def query_timelines(connection: sqlite3.Connection, owners: Collection[str], at: int | None) -> dict[str, Timeline]:
    """What each owner contributes at a position: parts in canonical order."""
    numbers = find_numbers(connection, owners)
    kinds: dict[int, str] = dict(TIMELINE.read(connection, numbers.values(), at))
    present = list(kinds)
    holdings = _by_owner(
        (owner, part) for owner, _, part in read_holdings(connection, HOLDING.read(connection, present, at))
    )
    joints = _by_owner((owner, part) for owner, _, part in read_joints(connection, JOINT.read(connection, present, at)))
    legs = _by_owner(read_legs(connection, LEG.read(connection, present, at)))
    gaps = _by_owner(read_gaps(connection, GAP.read(connection, present, at)))
    aliases, lots = (
        _by_owner((owner, other) for owner, _, other in read_pairs(connection, table.read(connection, present, at)))
        for table in (ALIAS, MEMBERSHIP)
    )
    return {
        owner: Timeline(
            owner,
            kinds[number],
            holdings[number],
            joints[number],
            legs[number],
            gaps[number],
            aliases[number],
            lots[number],
        )
        for owner, number in sorted(numbers.items())
        if number in kinds
    }


def query_units(
    connection: sqlite3.Connection,
    find: Find,
    keys: Collection[str] | None,
    products: Collection[str] | None,
    at: int | None,
) -> list[UnitRow]:
    """Known units among the keys or of the products; all where neither is given."""
    asked = [(column, texts) for column, texts in (("unit", keys), ("product", products)) if texts is not None]
    condition, parameters = known(at)
    select = f"SELECT {UNIT.listed} FROM unit WHERE {condition}"
    if not asked:
        return read_units(connection, connection.execute(select, parameters).fetchall())
    rows: set[Any] = set()
    for column, texts in asked:
        if numbers := find(texts).values():
            listed, listing = among(numbers)
            rows.update(connection.execute(f"{select} AND {column} {listed}", (*parameters, *listing)))
    return read_units(connection, list(rows))


def query_aliases(
    connection: sqlite3.Connection, find: Find, asked: Collection[str], at: int | None
) -> list[tuple[str, str]]:
    """(unit, alias) pairs of every unit that one of the numbers means, as owner or as alias."""
    condition, parameters = known(at)
    numbers = set(find(asked).values())
    if not numbers:
        return []
    listed, listing = among(numbers)
    owners = connection.execute(
        f"SELECT owner FROM alias WHERE alias {listed} AND {condition}", (*listing, *parameters)
    )
    meant = numbers | {row[0] for row in owners}
    return [(owner, alias) for _, owner, alias in read_pairs(connection, ALIAS.read(connection, meant, at))]


def query_owners(connection: sqlite3.Connection) -> list[str]:
    """Everything that owns, or owned, a timeline; sorted."""
    rows = connection.execute("SELECT DISTINCT name.text FROM timeline JOIN name ON name.number = timeline.owner")
    return sorted(text for (text,) in rows)


def query_changes(connection: sqlite3.Connection, owners: Collection[str]) -> dict[str, list[int]]:
    """The positions at which each owner began to say something else, or to be another kind of unit; ascending."""
    numbers = find_numbers(connection, owners)
    found: dict[int, set[int]] = {number: set() for number in numbers.values()}
    for table in (UNIT, TIMELINE, HOLDING, JOINT, LEG, GAP, ALIAS, MEMBERSHIP):
        for number, position in table.changes(connection, numbers.values()):
            found[number].add(position)
    return {owner: sorted(found[number]) for owner, number in numbers.items()}


def count_rows(connection: sqlite3.Connection) -> dict[str, int]:
    """How many units, holdings, legs and gaps are known now."""
    condition, parameters = known(None)
    return {
        f"{table}s": connection.execute(f"SELECT count(*) FROM {table} WHERE {condition}", parameters).fetchone()[0]
        for table in ("unit", "holding", "leg", "gap")
    }


def query_members(connection: sqlite3.Connection, lots: Collection[str], at: int | None) -> list[tuple[str, str]]:
    """(lot, unit) pairs of the units that are members of the lots."""
    condition, parameters = known(at)
    numbers = json_numbers(find_numbers(connection, lots).values())
    rows = connection.execute(
        f"SELECT lot, owner FROM membership WHERE lot {_LISTED} AND {condition}", (numbers, *parameters)
    ).fetchall()
    return [(lot, unit) for _, lot, unit in read_pairs(connection, rows)]


def query_holdings(connection: sqlite3.Connection, find: Find, query: HoldingQuery, at: int | None) -> list[HoldingRow]:
    """Holdings that meet every condition of the query."""
    conditions = [known(at, "holding"), *_listed_conditions(connection, find, query, at), *_window_conditions(query)]
    where = " AND ".join(condition for condition, _ in conditions)
    parameters = [value for _, values in conditions for value in values]
    rows = connection.execute(
        f"SELECT {HELD} FROM (SELECT * FROM holding WHERE {where}) AS holding {NAMED}", parameters
    ).fetchall()
    found = [HoldingRow(node, holding) for node, holding in read_held(connection, rows).items()]
    return sorted(found, key=lambda row: row.holding.id)


def query_joints(connection: sqlite3.Connection, nodes: Collection[int], at: int | None) -> list[JointRow]:
    """Transformations among the nodes."""
    condition, parameters = known(at)
    rows = connection.execute(
        f"SELECT {JOINT.listed} FROM joint WHERE node {_LISTED} AND {condition}", (json_numbers(nodes), *parameters)
    ).fetchall()
    return [JointRow(node, joint) for _, node, joint in read_joints(connection, rows)]


def query_joints_of(connection: sqlite3.Connection, events: Collection[str], at: int | None) -> list[JointRow]:
    """Transformations in which one of the events takes part at that position."""
    numbers = json_numbers(find_numbers(connection, events).values())
    nodes = connection.execute(f"SELECT DISTINCT node FROM joint_event WHERE event {_LISTED}", (numbers,))
    wanted = set(events)
    candidates = query_joints(connection, [row[0] for row in nodes], at)
    return [row for row in candidates if not wanted.isdisjoint(row.joint.events)]


def query_reached(
    connection: sqlite3.Connection,
    starts: Sequence[int],
    direction: Direction,
    confirmed_only: bool,
    at: int | None,
    limit: int = -1,
) -> list[int]:
    """The nodes on all paths from the starts, themselves included; at most `limit` of them (-1: all). UNION keeps each
    node once, so cycles end and diamonds stay small; only the index of the direction is read."""
    reached, parameters = _reached(starts, direction, confirmed_only, at, limit)
    return [row[0] for row in connection.execute(f"{reached} SELECT node FROM reached", parameters)]


def _reached(
    starts: Sequence[int], direction: Direction, confirmed_only: bool, at: int | None, limit: int = -1
) -> Condition:
    """The table `reached` of what `query_reached` finds, for a statement to begin with."""
    here, there = _ENDS[direction]
    condition, parameters = _leg_condition(confirmed_only, at)
    table = f"""
        WITH RECURSIVE reached (node) AS (
            SELECT value FROM json_each(?)
            UNION
            SELECT leg.{there} FROM reached CROSS JOIN leg ON leg.{here} = reached.node AND {condition}
            LIMIT ?
        )"""
    return table, (json_numbers(starts), *parameters, limit)


def query_legs(
    connection: sqlite3.Connection, nodes: Sequence[int], direction: Direction, confirmed_only: bool, at: int | None
) -> Legs:
    """The legs that leave (backward: enter) the nodes."""
    columns = "leg.source, leg.target, leg.event, leg.rule, leg.confirmed, leg.cost, leg.instant"
    rows = _leg_rows(connection, columns, nodes, direction, confirmed_only, at)
    return legs_from_rows(connection, rows)


def query_reach_units(
    connection: sqlite3.Connection,
    nodes: Sequence[int] | None,
    starts: Sequence[int],
    direction: Direction,
    confirmed_only: bool,
    at: int | None,
) -> UnitReach:
    """The units of the nodes that the starts reach, with their least distances; `nodes`: those, where they are known
    already."""
    if nodes is None:
        rows = _steps(connection, starts, direction, confirmed_only, at)
    else:
        rows = _leg_rows(connection, "leg.source, leg.target, leg.cost", nodes, direction, confirmed_only, at)
    source, target, cost = zip(*rows, strict=True) if rows else ((), (), ())
    distances = least_distances(starts, Steps(source, target, cost), direction)
    holders = connection.execute(
        f"SELECT number, unit FROM node WHERE number {_LISTED} AND event IS NOT NULL", (json_numbers(distances),)
    )
    return nearest_units(distances, holders)


def _steps(
    connection: sqlite3.Connection, starts: Sequence[int], direction: Direction, confirmed_only: bool, at: int | None
) -> list[Any]:
    """(source, target, cost) of the legs on all paths from the starts, found and read in one statement."""
    here, _ = _ENDS[direction]
    reached, parameters = _reached(starts, direction, confirmed_only, at)
    condition, more = _leg_condition(confirmed_only, at)
    statement = (
        f"{reached} SELECT leg.source, leg.target, leg.cost "
        f"FROM reached CROSS JOIN leg ON leg.{here} = reached.node AND {condition}"
    )
    return connection.execute(statement, (*parameters, *more)).fetchall()


def _leg_rows(
    connection: sqlite3.Connection,
    columns: str,
    nodes: Sequence[int],
    direction: Direction,
    confirmed_only: bool,
    at: int | None,
) -> list[Any]:
    here, _ = _ENDS[direction]
    condition, parameters = _leg_condition(confirmed_only, at)
    statement = f"SELECT {columns} FROM leg WHERE leg.{here} {_LISTED} AND {condition}"
    return connection.execute(statement, (json_numbers(nodes), *parameters)).fetchall()


def query_gaps(
    connection: sqlite3.Connection, holdings: Collection[str] | None, units: Collection[str] | None, at: int | None
) -> list[Gap]:
    """Gaps of the holdings, and those of the units that concern no holding; all where neither is given."""
    condition, parameters = known(at)
    select = f"SELECT {GAP.listed} FROM gap WHERE {condition}"
    if holdings is None and units is None:
        return [gap for _, gap in read_gaps(connection, connection.execute(select, parameters).fetchall())]
    nodes = json_numbers(find_numbers(connection, holdings or (), "node").values())
    numbers = json_numbers(find_numbers(connection, units or ()).values())
    rows = connection.execute(f"{select} AND node {_LISTED}", (*parameters, nodes)).fetchall()
    rows += connection.execute(f"{select} AND node IS NULL AND unit {_LISTED}", (*parameters, numbers)).fetchall()
    return [gap for _, gap in read_gaps(connection, rows)]


def _by_owner(parts: Iterable[tuple[int, Part]]) -> defaultdict[int, tuple[Part, ...]]:
    """Parts grouped by their owner's number, in the order given."""
    lists: defaultdict[int, list[Part]] = defaultdict(list)
    for owner, part in parts:
        lists[owner].append(part)
    return defaultdict(tuple, {owner: tuple(found) for owner, found in lists.items()})


def _listed_conditions(
    connection: sqlite3.Connection, find: Find, query: HoldingQuery, at: int | None
) -> list[Condition]:
    """Conditions that compare a column with a collection."""
    conditions: list[Condition] = []
    if query.nodes is not None:
        conditions.append((f"node {_LISTED}", (json_numbers(query.nodes),)))
    if query.ids is not None:
        conditions.append((f"node {_LISTED}", (json_numbers(find_numbers(connection, query.ids, "node").values()),)))
    if query.products is not None:
        conditions.append(_product_condition(find, query.products, at))
    named: list[tuple[str, Collection[str] | None]] = [
        (f"node IN (SELECT number FROM node WHERE unit {_LISTED})", query.units),
        (f"place_kind = '{PlaceKind.SITE}' AND place {_LISTED}", query.sites),
        (f"place_kind = '{PlaceKind.CONTAINER}' AND place {_LISTED}", query.containers),
        (f"party {_LISTED}", query.parties),
        (f"node IN (SELECT number FROM node WHERE event {_LISTED})", query.events),
    ]
    for condition, texts in named:
        if texts is not None:
            conditions.append((condition, (json_numbers(find(texts).values()),)))
    return conditions


def _product_condition(find: Find, products: Collection[str], at: int | None) -> Condition:
    """The holding's unit is known, at that position, to be of one of the products."""
    condition, parameters = known(at)
    numbers = json_numbers(find(products).values())
    units = f"SELECT unit FROM unit WHERE product {_LISTED} AND {condition}"
    return f"node IN (SELECT number FROM node WHERE unit IN ({units}))", (numbers, *parameters)


def _window_conditions(query: HoldingQuery) -> list[Condition]:
    """The stay overlaps the window; a stay of no length counts at its instant."""
    conditions: list[Condition] = []
    if query.until is not None:
        conditions.append(("since < ?", (query.until,)))
    if query.since is not None:
        conditions.append(("(until IS NULL OR until > ? OR since >= ?)", (query.since, query.since)))
    return conditions


def _leg_condition(confirmed_only: bool, at: int | None) -> Condition:
    """Which legs are followed."""
    condition, parameters = known(at, "leg")
    return (f"{condition} AND leg.confirmed = 1" if confirmed_only else condition), parameters


def legs_from_rows(connection: sqlite3.Connection, rows: Iterable[Any]) -> Legs:
    """Rows (source, target, event, rule, confirmed, cost, instant) as columns, no leg twice, with the texts of events
    and rules."""
    single = dict.fromkeys(rows)
    return name_legs(connection, *map(list, zip(*single, strict=True))) if single else Legs()


def name_legs(
    connection: sqlite3.Connection,
    source: list[int],
    target: list[int],
    event: list[int],
    rule: list[int],
    confirmed: list[int],
    cost: list[int],
    instant: list[int],
) -> Legs:
    """Columns of numbers with the texts of events and rules."""
    texts = find_texts(connection, {*event, *rule})
    return Legs(
        source=source,
        target=target,
        event=[texts[number] for number in event],
        rule=[texts[number] for number in rule],
        confirmed=[value == 1 for value in confirmed],
        cost=cost,
        instant=instant,
    )
