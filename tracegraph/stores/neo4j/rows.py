"""The parts of timelines as relationships: what each says, and back.

All that is known is said by relationships, which carry known_from and known_to and never change but for known_to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tracegraph.model.custody import Certainty, Gap, Holding, Joint, Leg, Place, PlaceKind, Timeline
from tracegraph.model.quantity import Quantity
from tracegraph.stores.port import UnitRow

#: Source, target and type (empty where the statement knows it) of a relationship, then its values.
Row = tuple[Any, ...]

#: Where a relationship's values begin.
_VALUES = 3

CARRIED = "carried"

_PLACE_KINDS = {kind.value: kind for kind in PlaceKind}


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """One kind of relationship: the end of the names of its statements, and its properties in the order of rows."""

    name: str
    columns: tuple[str, ...]

    def parameters(self, row: Row) -> dict[str, object]:
        """A row as the statements take it; what is None is not said."""
        said = {name: value for name, value in zip(self.columns, row[_VALUES:], strict=True) if value is not None}
        typed = {"type": row[2]} if row[2] else {}
        return {"source": row[0], "target": row[1], "said": said, **typed}


KINDS = Table("kinds", ())
UNITS = Table("units", ("kind",))
HOLDINGS = Table(
    "stays",
    (
        "told_by",
        "since",
        "until",
        "role",
        "party",
        "owner",
        "quantity",
        "measure",
        "remaining",
        "remaining_measure",
        "sublocation",
        "destination",
    ),
)
JOINTS = Table("stays", ("told_by", "transformation", "events", "instant"))
LEGS = Table("legs", ("told_by", "event", "rule", "confirmed", "cost", "instant"))
GAPS = Table("gaps", ("told_by", "kind", "unit", "place", "event", "ask", "detail"))
UNIT_GAPS = Table("unit_gaps", GAPS.columns)
ALIASES = Table("aliases", ())
MEMBERSHIPS = Table("memberships", ())

#: What makes up a timeline.
TIMELINE_TABLES = (KINDS, HOLDINGS, JOINTS, LEGS, GAPS, UNIT_GAPS, ALIASES, MEMBERSHIPS)


@dataclass(frozen=True, slots=True)
class Node:
    """A holding or a transformation: its number, and that of the unit or process that it belongs to (0: none, only a
    leg or a gap names it)."""

    number: int
    owner: int
    joint: bool


class RowWriter:
    """Timelines and units as rows, with the numbers of the owners and nodes in them."""

    def __init__(self, owners: Mapping[str, int], nodes: Mapping[str, Node]) -> None:
        self._owners = owners
        self._nodes = nodes

    def unit(self, unit: UnitRow) -> Row:
        """What a unit is."""
        return self._owners[unit.key], unit.product or "", "", unit.kind

    def rows(self, timelines: Iterable[Timeline]) -> dict[Table, dict[Row, None]]:
        """The rows of timelines by table, each once."""
        found: dict[Table, dict[Row, None]] = {table: {} for table in TIMELINE_TABLES}
        for timeline in timelines:
            owner = self._owners[timeline.owner]
            found[KINDS][owner, timeline.kind, ""] = None
            found[HOLDINGS].update((self._holding(owner, part), None) for part in timeline.holdings)
            found[JOINTS].update((self._joint(owner, part), None) for part in timeline.joints)
            found[LEGS].update((self._leg(owner, part), None) for part in timeline.legs)
            for gap in timeline.gaps:
                found[UNIT_GAPS if gap.holding is None else GAPS][self._gap(owner, gap)] = None
            found[ALIASES].update(((owner, self._owners[alias], ""), None) for alias in timeline.aliases)
            found[MEMBERSHIPS].update(((owner, self._owners[lot], ""), None) for lot in timeline.lots)
        return found

    def _holding(self, owner: int, holding: Holding) -> Row:
        return (
            self._nodes[holding.id].number,
            place_key(holding.place),
            "",
            owner,
            holding.since,
            holding.until,
            holding.role,
            holding.party,
            holding.owner,
            *_amount(holding.quantity),
            *_amount(holding.remaining),
            holding.sublocation,
            holding.destination,
        )

    def _joint(self, owner: int, joint: Joint) -> Row:
        where = place_key(joint.place)
        return self._nodes[joint.id].number, where, "", owner, joint.transformation, joint.events, joint.instant

    def _leg(self, owner: int, leg: Leg) -> Row:
        source, target = self._nodes[leg.source], self._nodes[leg.target]
        confirmed = leg.certainty is Certainty.CONFIRMED
        return (
            source.number,
            target.number,
            _leg_type(leg, source, target),
            owner,
            leg.event,
            leg.rule,
            confirmed,
            leg.cost,
            leg.instant,
        )

    def _gap(self, owner: int, gap: Gap) -> Row:
        of = self._owners[gap.unit] if gap.holding is None else self._nodes[gap.holding].number
        return owner, of, "", owner, gap.kind, gap.unit, gap.place, gap.event, gap.ask, gap.detail


def place_key(place: Place) -> str:
    """The key of a place: its kind and its id."""
    return f"{place.kind.value}:{place.id}"


def read_place(kind: str, id: str) -> Place:
    """A place from its properties."""
    return Place(_PLACE_KINDS[kind], id)


def read_holding(row: Row, units: Mapping[int, str]) -> Holding:
    """A holding from a row of the statement `holdings_at`; `units` are the keys of the units' numbers."""
    _, id, unit, kind, place, since, until, event, role, party, owner, *amounts, sublocation, destination = row
    return Holding(
        id,
        units[unit],
        read_place(kind, place),
        since,
        until,
        event,
        role,
        party,
        owner,
        _read_amount(amounts[0], amounts[1]),
        _read_amount(amounts[2], amounts[3]),
        sublocation,
        destination,
    )


def read_joint(row: Row) -> Joint:
    """A transformation from a row of the statement `joints_at`."""
    _, id, transformation, events, kind, place, instant = row
    return Joint(id, transformation, tuple(events), read_place(kind, place), instant)


def read_leg(row: Row) -> Leg:
    """A leg from a row of the statement `legs_told_by`."""
    _, source, target, event, rule, confirmed, cost, instant = row
    certainty = Certainty.CONFIRMED if confirmed else Certainty.POSSIBLE
    return Leg(source, target, event, certainty, rule, cost, instant)


def read_gap(row: Row) -> Gap:
    """A gap from a row of the statements about gaps."""
    _, kind, unit, place, event, holding, ask, detail = row
    return Gap(kind, unit, place, event, holding, tuple(ask), detail)


def gap_order(gap: Gap) -> tuple[object, ...]:
    """How gaps are sorted."""
    return gap.kind, gap.unit, gap.event, gap.place, gap.detail, gap.holding or "", gap.ask


def leg_order(leg: Leg) -> tuple[str | int, ...]:
    """How legs are sorted."""
    return leg.source, leg.target, leg.event, leg.rule, leg.certainty.value, leg.cost, leg.instant


def read_unit(row: Row) -> UnitRow:
    """What a unit is, from a row of the statements about units: key, kind, product."""
    key, kind, product = row
    return UnitRow(key, kind, product or None)


def _leg_type(leg: Leg, source: Node, target: Node) -> str:
    """What is drawn between two nodes; questions follow all types alike."""
    if target.joint:
        return "INPUT"
    if source.joint:
        return "OUTPUT"
    return "CARRIED" if leg.rule == CARRIED else "MOVED"


def _amount(quantity: Quantity | None) -> tuple[str | None, str | None]:
    """Value and unit of measure as text."""
    if quantity is None:
        return None, None
    return (None if quantity.value is None else str(quantity.value)), quantity.unit


def _read_amount(value: str | None, measure: str | None) -> Quantity | None:
    """A quantity from its two properties; none where there is no measure."""
    if measure is None:
        return None
    return Quantity(None if value is None else Decimal(value), measure)
