"""The custody graph as rows: what each part of a timeline looks like in its table, and back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Any

from tracegraph.model.custody import Certainty, Gap, Holding, Joint, Leg, Place, PlaceKind, Timeline
from tracegraph.model.quantity import Quantity
from tracegraph.stores.port import UnitRow
from tracegraph.stores.sqlite.nodes import NodeNumbering
from tracegraph.stores.sqlite.numbers import Numbering, Texts
from tracegraph.stores.sqlite.versions import Content, VersionedTable

_LISTED = "IN (SELECT value FROM json_each(:owners))"
_OF_OWN_UNITS = f"SELECT number FROM node WHERE unit {_LISTED}"

UNIT = VersionedTable("unit", ("unit", "kind", "product"), ("unit",), True, f"unit {_LISTED}")
TIMELINE = VersionedTable("timeline", ("owner", "kind"), ("owner",), True)
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
    True,
    f"((owner = unit AND owner {_LISTED} AND node IN ({_OF_OWN_UNITS})) OR (owner <> unit AND owner {_LISTED}))",
)
JOINT = VersionedTable(
    "joint", ("owner", "node", "transformation", "events", "place_kind", "place", "instant"), ("node",), True
)
LEG = VersionedTable(
    "leg",
    ("owner", "source", "target", "event", "rule", "confirmed", "cost", "instant", "loose"),
    ("source", "target"),
    False,
    f"owner {_LISTED} AND number IN (SELECT number FROM leg WHERE source IN ({_OF_OWN_UNITS}) "
    f"UNION SELECT number FROM leg WHERE target IN ({_OF_OWN_UNITS}) "
    f"UNION SELECT number FROM leg WHERE loose IS NOT NULL AND owner {_LISTED})",
)
ALIAS = VersionedTable("alias", ("owner", "alias"), ("alias",))
MEMBERSHIP = VersionedTable("membership", ("owner", "lot"), ("owner",))
GAP = VersionedTable(
    "gap",
    ("owner", "kind", "unit", "place", "event", "node", "ask", "detail"),
    ("unit", "event"),
    False,
    f"((owner = unit AND owner {_LISTED} AND unit {_LISTED}) OR (owner <> unit AND owner {_LISTED}))",
)

#: The tables that make up a timeline.
TIMELINE_TABLES = (TIMELINE, HOLDING, JOINT, LEG, GAP, ALIAS, MEMBERSHIP)

#: Columns of a quantity that is not there: no measure either.
_NO_QUANTITY = (None, None)

#: The place kinds by the word in the column.
PLACE_KINDS = {kind.value: kind for kind in PlaceKind}


class RowWriter:
    """Timelines and units as rows, with the numbers of the texts and nodes in them."""

    def __init__(self, names: Numbering, nodes: NodeNumbering) -> None:
        self.names = names
        self.nodes = nodes

    def prepare(self, timelines: Collection[Timeline], units: Iterable[UnitRow] = ()) -> None:
        """Number everything that is about to be written."""
        self.names.prepare(_texts(timelines, units))
        self.nodes.prepare(timelines)

    def unit(self, unit: UnitRow) -> Content:
        """A unit's row."""
        names = self.names.known
        return names[unit.key], unit.kind, names[unit.product]

    def rows(self, timelines: Iterable[Timeline]) -> dict[VersionedTable, list[Content]]:
        """The rows of timelines, by table."""
        names = self.names.known
        kinds, holdings, joints, legs, gaps, aliases, lots = found = tuple(list[Content]() for _ in TIMELINE_TABLES)
        for timeline in timelines:
            owner = self.names[timeline.owner]
            kinds.append((owner, timeline.kind))
            holdings += [self._holding(owner, holding) for holding in timeline.holdings]
            legs += [self._leg(owner, leg) for leg in timeline.legs]
            if timeline.joints or timeline.gaps or timeline.aliases or timeline.lots:
                joints += [self._joint(owner, joint) for joint in timeline.joints]
                gaps += [self._gap(owner, gap) for gap in timeline.gaps]
                aliases += [(owner, names[alias]) for alias in timeline.aliases]
                lots += [(owner, names[lot]) for lot in timeline.lots]
        return dict(zip(TIMELINE_TABLES, found, strict=True))

    def _holding(self, owner: int, holding: Holding) -> Content:
        names, place = self.names.known, holding.place
        quantity, remaining = holding.quantity, holding.remaining
        return (
            owner,
            self.nodes.found[holding.id][0],
            names[holding.unit],
            place.kind._value_,
            names[place.id],
            holding.since,
            holding.until,
            names[holding.event],
            holding.role,
            names[holding.party],
            names[holding.owner],
            *(_NO_QUANTITY if quantity is None else _quantity_columns(quantity)),
            *(_NO_QUANTITY if remaining is None else _quantity_columns(remaining)),
            names[holding.sublocation],
            names[holding.destination],
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
        names, nodes = self.names.known, self.nodes
        source, target = nodes.found[leg.source], nodes.found[leg.target]
        return (
            owner,
            source[0],
            target[0],
            names[leg.event],
            names[leg.rule],
            1 if leg.certainty is Certainty.CONFIRMED else 0,
            leg.cost,
            leg.instant,
            None if owner in (source[1], target[1]) else 1,
        )

    def _gap(self, owner: int, gap: Gap) -> Content:
        names = self.names.known
        return (
            owner,
            gap.kind,
            names[gap.unit],
            names[gap.place],
            names[gap.event],
            None if gap.holding is None else self.nodes[gap.holding],
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
    for owner, source, target, event, rule, confirmed, cost, instant, _ in rows:
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


def _texts(timelines: Iterable[Timeline], units: Iterable[UnitRow]) -> list[str | None]:
    """Every text that becomes a number. Lists, not generators: this runs over everything that is written."""
    found: list[str | None] = []
    for unit in units:
        found += (unit.key, unit.product)
    for timeline in timelines:
        found.append(timeline.owner)
        for holding in timeline.holdings:
            found += (holding.unit, holding.place.id, holding.event, holding.party, holding.owner)
            found += (holding.sublocation, holding.destination)
        for leg in timeline.legs:
            found += (leg.event, leg.rule)
        for gap in timeline.gaps:
            found += (gap.unit, gap.place, gap.event)
        for joint in timeline.joints:
            found += (joint.transformation, joint.place.id, *joint.events)
        found += timeline.aliases
        found += timeline.lots
    return found


def _leg_order(leg: Leg) -> tuple[str | int, ...]:
    return leg.source, leg.target, leg.event, leg.rule, leg.certainty.value, leg.cost, leg.instant


def _gap_order(gap: Gap) -> tuple[object, ...]:
    return gap.kind, gap.unit, gap.event, gap.place, gap.detail, gap.holding or "", gap.ask


def _quantity_columns(quantity: Quantity) -> tuple[str | None, str | None]:
    """Value and unit of measure as text."""
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
