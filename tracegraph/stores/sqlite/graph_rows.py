"""The custody graph as rows: what each part of a timeline looks like in its table, and back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal
from typing import Any

from tracegraph.model.custody import Certainty, Gap, Holding, Joint, Leg, Place, PlaceKind, Timeline
from tracegraph.model.quantity import Quantity
from tracegraph.stores.port import UnitRow
from tracegraph.stores.sqlite.numbers import Numbering, Texts
from tracegraph.stores.sqlite.versions import Content, VersionedTable

UNIT = VersionedTable("unit", ("unit", "kind", "product"), ("unit",))
TIMELINE = VersionedTable("timeline", ("owner", "kind"), ("owner",))
HOLDING = VersionedTable(
    "holding",
    (
        "owner",
        "node",
        "unit",
        "place_kind",
        "place",
        "since",
        "until",
        "event",
        "role",
        "party",
        "goods_owner",
        "quantity_value",
        "quantity_measure",
        "remaining_value",
        "remaining_measure",
        "sublocation",
        "destination",
    ),
    ("node",),
)
JOINT = VersionedTable(
    "joint", ("owner", "node", "transformation", "events", "place_kind", "place", "instant"), ("node",)
)
LEG = VersionedTable(
    "leg", ("owner", "source", "target", "event", "rule", "confirmed", "cost", "instant"), ("source", "target")
)
ALIAS = VersionedTable("alias", ("owner", "alias"), ("alias",))
MEMBERSHIP = VersionedTable("membership", ("owner", "lot"), ("owner",))
GAP = VersionedTable("gap", ("owner", "kind", "unit", "place", "event", "node", "ask", "detail"), ("owner",))

#: The tables that make up a timeline.
TIMELINE_TABLES = (TIMELINE, HOLDING, JOINT, LEG, GAP, ALIAS, MEMBERSHIP)

#: The place kinds by the word in the column.
PLACE_KINDS = {kind.value: kind for kind in PlaceKind}


class RowWriter:
    """Timelines and units as rows, with the numbers of the texts and nodes in them."""

    def __init__(self, names: Numbering, nodes: Numbering) -> None:
        self.names = names
        self.nodes = nodes

    def prepare(self, timelines: Collection[Timeline], units: Iterable[UnitRow] = ()) -> None:
        """Number everything that is about to be written."""
        self.names.prepare(_texts(timelines, units))
        self.nodes.prepare(node for timeline in timelines for node in _nodes(timeline))

    def unit(self, unit: UnitRow) -> Content:
        """A unit's row."""
        return self.names[unit.key], unit.kind, self.names.get(unit.product)

    def all_rows(self, timelines: Iterable[Timeline]) -> dict[VersionedTable, list[Content]]:
        """The rows of timelines, by table."""
        found: dict[VersionedTable, list[Content]] = {table: [] for table in TIMELINE_TABLES}
        for timeline in timelines:
            for table, rows in self.rows(timeline).items():
                found[table] += rows
        return found

    def rows(self, timeline: Timeline) -> dict[VersionedTable, list[Content]]:
        """A timeline's rows, by table."""
        number = self.names[timeline.owner]
        return {
            TIMELINE: [(number, timeline.kind)],
            HOLDING: [self._holding(number, holding) for holding in timeline.holdings],
            JOINT: [self._joint(number, joint) for joint in timeline.joints],
            LEG: [self._leg(number, leg) for leg in timeline.legs],
            GAP: [self._gap(number, gap) for gap in timeline.gaps],
            ALIAS: [(number, self.names[alias]) for alias in timeline.aliases],
            MEMBERSHIP: [(number, self.names[lot]) for lot in timeline.lots],
        }

    def _holding(self, owner: int, holding: Holding) -> Content:
        names = self.names
        return (
            owner,
            self.nodes[holding.id],
            names[holding.unit],
            holding.place.kind.value,
            names[holding.place.id],
            holding.since,
            holding.until,
            names[holding.event],
            holding.role,
            names.get(holding.party),
            names.get(holding.owner),
            *_quantity_columns(holding.quantity),
            *_quantity_columns(holding.remaining),
            names.get(holding.sublocation),
            names.get(holding.destination),
        )

    def _joint(self, owner: int, joint: Joint) -> Content:
        return (
            owner,
            self.nodes[joint.id],
            self.names[joint.transformation],
            _texts_column(joint.events),
            joint.place.kind.value,
            self.names[joint.place.id],
            joint.instant,
        )

    def _leg(self, owner: int, leg: Leg) -> Content:
        return (
            owner,
            self.nodes[leg.source],
            self.nodes[leg.target],
            self.names[leg.event],
            self.names[leg.rule],
            int(leg.certainty is Certainty.CONFIRMED),
            leg.cost,
            leg.instant,
        )

    def _gap(self, owner: int, gap: Gap) -> Content:
        return (
            owner,
            gap.kind,
            self.names[gap.unit],
            self.names[gap.place],
            self.names[gap.event],
            self.nodes.get(gap.holding),
            _texts_column(gap.ask),
            gap.detail,
        )


def read_units(connection: sqlite3.Connection, rows: list[Any]) -> list[UnitRow]:
    """Rows of the unit table (content columns) as unit rows, sorted by key."""
    texts = Texts(connection, (number for row in rows for number in (row[0], row[2])))
    units = [UnitRow(texts[unit], kind, texts.get(product)) for unit, kind, product in rows]
    return sorted(units, key=lambda unit: unit.key)


def read_holdings(connection: sqlite3.Connection, rows: list[Any]) -> list[tuple[int, int, Holding]]:
    """Rows of the holding table (content columns) as (owner number, node number, holding), sorted by holding id."""
    names = Texts(connection, (row[column] for row in rows for column in (2, 4, 7, 9, 10, 15, 16)))
    nodes = Texts(connection, (row[1] for row in rows), "node")
    found = [(row[0], row[1], _read_holding(names, nodes[row[1]], row)) for row in rows]
    return sorted(found, key=lambda item: item[2].id)


def read_joints(connection: sqlite3.Connection, rows: list[Any]) -> list[tuple[int, int, Joint]]:
    """Rows of the joint table (content columns) as (owner number, node number, joint), sorted by joint id."""
    names = Texts(connection, (row[column] for row in rows for column in (2, 5)))
    nodes = Texts(connection, (row[1] for row in rows), "node")
    found = []
    for owner, node, transformation, events, kind, place, instant in rows:
        where = Place(PLACE_KINDS[kind], names[place])
        joint = Joint(nodes[node], names[transformation], read_texts(events), where, instant)
        found.append((owner, node, joint))
    return sorted(found, key=lambda item: item[2].id)


def read_legs(connection: sqlite3.Connection, rows: list[Any]) -> list[tuple[int, Leg]]:
    """Rows of the leg table (content columns) as (owner number, leg), sorted by all that a leg says."""
    names = Texts(connection, (row[column] for row in rows for column in (3, 4)))
    nodes = Texts(connection, (row[column] for row in rows for column in (1, 2)), "node")
    found = []
    for owner, source, target, event, rule, confirmed, cost, instant in rows:
        certainty = Certainty.CONFIRMED if confirmed else Certainty.POSSIBLE
        leg = Leg(nodes[source], nodes[target], names[event], certainty, names[rule], cost, instant)
        found.append((owner, leg))
    return sorted(found, key=lambda item: _leg_order(item[1]))


def read_gaps(connection: sqlite3.Connection, rows: list[Any]) -> list[tuple[int, Gap]]:
    """Rows of the gap table (content columns) as (owner number, gap), sorted as the port says."""
    names = Texts(connection, (row[column] for row in rows for column in (2, 3, 4)))
    nodes = Texts(connection, (row[5] for row in rows), "node")
    found = []
    for owner, kind, unit, place, event, node, ask, detail in rows:
        gap = Gap(kind, names[unit], names[place], names[event], nodes.get(node), read_texts(ask), detail)
        found.append((owner, gap))
    return sorted(found, key=lambda item: _gap_order(item[1]))


def read_pairs(connection: sqlite3.Connection, rows: list[Any]) -> list[tuple[int, str, str]]:
    """Rows of two names (alias, membership) as (owner number, owner, other), sorted by the texts."""
    names = Texts(connection, (number for row in rows for number in row))
    found = {(owner, names[owner], names[other]) for owner, other in rows}
    return sorted(found, key=lambda item: item[1:])


def _read_holding(names: Texts, id: str, row: Any) -> Holding:
    """One holding from its content columns."""
    (_, _, unit, kind, place, since, until, event, role, party, owner, *amounts, sublocation, destination) = row
    return Holding(
        id=id,
        unit=names[unit],
        place=Place(PLACE_KINDS[kind], names[place]),
        since=since,
        until=until,
        event=names[event],
        role=role,
        party=names.get(party),
        owner=names.get(owner),
        quantity=read_quantity(amounts[0], amounts[1]),
        remaining=read_quantity(amounts[2], amounts[3]),
        sublocation=names.get(sublocation),
        destination=names.get(destination),
    )


def _texts(timelines: Iterable[Timeline], units: Iterable[UnitRow]) -> Iterator[str | None]:
    """Every text that becomes a number."""
    for unit in units:
        yield from (unit.key, unit.product)
    for timeline in timelines:
        yield from _timeline_texts(timeline)


def _timeline_texts(timeline: Timeline) -> Iterator[str | None]:
    """Every text in a timeline that becomes a number."""
    yield timeline.owner
    for holding in timeline.holdings:
        yield from (holding.unit, holding.place.id, holding.event, holding.party, holding.owner)
        yield from (holding.sublocation, holding.destination)
    for joint in timeline.joints:
        yield from (joint.transformation, joint.place.id, *joint.events)
    for leg in timeline.legs:
        yield from (leg.event, leg.rule)
    for gap in timeline.gaps:
        yield from (gap.unit, gap.place, gap.event)
    yield from timeline.aliases
    yield from timeline.lots


def _nodes(timeline: Timeline) -> Iterator[str | None]:
    """Every node that a timeline names."""
    yield from (holding.id for holding in timeline.holdings)
    yield from (joint.id for joint in timeline.joints)
    yield from (leg.source for leg in timeline.legs)
    yield from (leg.target for leg in timeline.legs)
    yield from (gap.holding for gap in timeline.gaps)


def _leg_order(leg: Leg) -> tuple[str | int, ...]:
    return leg.source, leg.target, leg.event, leg.rule, leg.certainty.value, leg.cost, leg.instant


def _gap_order(gap: Gap) -> tuple[object, ...]:
    return gap.kind, gap.unit, gap.event, gap.place, gap.detail, gap.holding or "", gap.ask


def _quantity_columns(quantity: Quantity | None) -> tuple[str | None, str | None]:
    """Value and unit of measure as text; no measure at all where there is no quantity."""
    if quantity is None:
        return None, None
    return (None if quantity.value is None else str(quantity.value)), quantity.unit


def read_quantity(value: str | None, measure: str | None) -> Quantity | None:
    """A quantity from its two columns; none where there is no measure."""
    if measure is None:
        return None
    return Quantity(None if value is None else Decimal(value), measure)


def _texts_column(texts: tuple[str, ...]) -> str:
    return json.dumps(texts, separators=(",", ":"))


def read_texts(column: str) -> tuple[str, ...]:
    """The texts of a column that `_texts_column` wrote. Without a backslash no text in it holds a quotation mark, and
    `","` can only stand between two of them."""
    if "\\" in column or not column.startswith('["'):
        return tuple(json.loads(column))
    return tuple(column[2:-2].split('","'))
