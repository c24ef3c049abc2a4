"""What an answer says of an assumption: how much wider the scope is for it, and each link that it added."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Context, Decimal

from tracegraph.model.custody import Holding, PlaceKind
from tracegraph.model.measures import base_code, decimal
from tracegraph.model.quantity import Quantity
from tracegraph.trace.envelope import Json, decimal_text, quantity_json
from tracegraph.trace.infer.following import Inferring
from tracegraph.trace.infer.stocks import Inferred
from tracegraph.trace.reach import Reached
from tracegraph.trace.shares.amounts import measured_in

_DIGITS = Context(prec=12)


def told(snapshot: Inferring, parts: Sequence[Reached], explicit: Sequence[Reached]) -> Json:
    """`parts`: what was reached under the assumption, `explicit` by the records alone. `expansion` is the first over
    the second: how many units, and sites, are in the scope only because lot numbers are missing."""
    return {
        "mode": snapshot.inference.mode.text,
        "units": _widened(_units(parts), _units(explicit)),
        "sites": _widened(_sites(parts), _sites(explicit)),
        "links": _links(snapshot, parts),
    }


def _widened(found: Collection[str], before: Collection[str]) -> Json:
    ratio = _DIGITS.divide(Decimal(len(found)), Decimal(len(before))) if before else None
    return {
        "explicit": len(before),
        "inferred": len(found),
        "expansion": None if ratio is None else decimal_text(ratio),
    }


def _holdings(parts: Sequence[Reached]) -> list[Holding]:
    return [node for part in parts for node in part.nodes.values() if isinstance(node, Holding)]


def _units(parts: Sequence[Reached]) -> set[str]:
    return {holding.unit for holding in _holdings(parts)}


def _sites(parts: Sequence[Reached]) -> set[str]:
    return {holding.place.id for holding in _holdings(parts) if holding.place.kind is PlaceKind.SITE}


def _links(snapshot: Inferring, parts: Sequence[Reached]) -> list[Json]:
    """Each inferred leg between reached nodes: of what the goods may have been, and how much by the assumption."""
    rows = {
        _key(row): row
        for part in parts
        for leg in snapshot.inference.legs(part.nodes, "forward")
        if leg.target in part.nodes
        for row in [_row(part, leg)]
    }
    return [rows[key] for key in sorted(rows)]


def _row(part: Reached, leg: Inferred) -> Json:
    source = part.nodes[leg.source]
    assert isinstance(source, Holding), "goods are inferred to be of a holding"
    amount = None
    if leg.amount is not None:
        amount = Quantity(decimal(leg.amount), base_code(measured_in(leg.dimension)))
    return {
        "unit": source.unit,
        "site": source.place.id,
        "from": source.id,
        "to": part.nodes[leg.target].id,
        "event": leg.event,
        "quantity": quantity_json(amount),
    }


def _key(row: Json) -> tuple[str, str, str, str]:
    return row["unit"], row["from"], row["to"], row["event"]
