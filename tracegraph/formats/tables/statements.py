"""What a row of a plain table states, as EPCIS: a delivery ships and is received, a transformation has inputs and
outputs, a row about an organisation, site or product is master data. The way from there on is that of all other input.

Each row keeps its cells in the events that it becomes (`tracegraph:row`), so that the table can be written again. The
same row makes the same events whenever and from wherever it is captured.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

import rfc8785

from tracegraph.formats.epcis.context import TRACEGRAPH_URI
from tracegraph.formats.tables.dates import When
from tracegraph.formats.tables.rows import Line
from tracegraph.identifiers import canonical, parse, product_of, supplier_lot
from tracegraph.identifiers.keys import encoded
from tracegraph.model.custody import UnitKind
from tracegraph.model.event import Finding, Json

#: The member of events, and the attribute of master data, that keeps a row.
ROW = "tracegraph:row"
#: The contexts around the events.
DECLARED: tuple[Json, ...] = ({"tracegraph": TRACEGRAPH_URI},)

_MDA = "urn:epcglobal:cbv:mda#"
_TYPES = {
    "organisations": "urn:epcglobal:epcis:vtype:Party",
    "sites": "urn:epcglobal:epcis:vtype:BusinessLocation",
    "products": "urn:epcglobal:epcis:vtype:EPCClass",
}
#: The attribute of each column of master data (Core Business Vocabulary 2.0, section 9).
_ATTRIBUTES = {
    "name": "name",
    "street": "streetAddressOne",
    "city": "city",
    "postal_code": "postalCode",
    "country": "countryCode",
    "latitude": "latitude",
    "longitude": "longitude",
    "category": "tradeItemGroup",
}
#: Columns in which one row of a transformation names an input; without the prefix: an output.
_INPUT = "input_"
#: The columns that name goods, each with that prefix or without.
_GOODS = ("product", "lot", "lot_source", "identifier", "quantity", "measure")


def element(kind: str, line: Line) -> tuple[str, dict[str, Json]]:
    """A row about an organisation, site or product as master data: vocabulary type and element."""
    written = line.written()
    identifier = next(iter(written.values()))
    told: dict[str, Json] = {f"{_MDA}{word}": written[name] for name, word in _ATTRIBUTES.items() if name in written}
    if kind == "sites" and "organisation" in written:
        told[f"{_MDA}possessing_party"] = written["organisation"]
    told[ROW] = _row(kind, line)
    listed: list[Json] = [{"id": name, "attribute": value} for name, value in told.items()]
    return _TYPES[kind], {"id": identifier, "attributes": listed}


def events(kind: str, line: Line) -> Iterator[tuple[dict[str, Json], tuple[Finding, ...]]]:
    """The events of a row of deliveries or transformations, and what was assumed for each."""
    yield from _delivery(line) if kind == "deliveries" else _transformation(line)


def _delivery(line: Line) -> Iterator[tuple[dict[str, Json], tuple[Finding, ...]]]:
    """Goods leave and arrive. A date of delivery is both. Without a day of departure it is that of the arrival, which
    is the latest that it can have been; without a day of arrival nothing says that the goods have arrived."""
    row = _row("deliveries", line)
    shipped, received = line.when("shipped") or line.when("date"), line.when("received") or line.when("date")
    places: dict[str, Json] = {
        **_goods("", line),
        "bizTransactionList": [{"type": "desadv", "bizTransaction": _document(line, row)}],
        "sourceList": [{"type": "location", "source": line.text("from")}],
        "destinationList": [{"type": "location", "destination": line.text("to")}],
        ROW: row,
    }
    departed = shipped or received
    assert departed is not None
    yield _moved("shipping", "from", line, departed, places)
    if received is not None:
        yield _moved("receiving", "to", line, received, places)


def _moved(
    step: str, place: str, line: Line, at: When, members: Mapping[str, Json]
) -> tuple[dict[str, Json], tuple[Finding, ...]]:
    stamped, findings = _stamped(at)
    there: dict[str, Json] = {"readPoint": {"id": line.text(place)}}
    if step == "receiving":
        there["bizLocation"] = {"id": line.text(place)}
    return {"type": "ObjectEvent", **stamped, "action": "OBSERVE", "bizStep": step, **there, **members}, findings


def _transformation(line: Line) -> Iterator[tuple[dict[str, Json], tuple[Finding, ...]]]:
    """What went in and what came out, an event each of one transformation: rows that repeat an output say it once."""
    at = line.when("date")
    assert at is not None
    stamped, findings = _stamped(at)
    made = line.text("transformation") or f"{_unit('', line)} {at.iso}"
    common: dict[str, Json] = {
        "type": "TransformationEvent",
        **stamped,
        "transformationID": f"urn:tracegraph:transformation:{encoded(line.text('site'))}:{encoded(made)}",
        "bizStep": "commissioning",
        "readPoint": {"id": line.text("site")},
        "bizLocation": {"id": line.text("site")},
    }
    head: dict[str, Json] = {
        "table": "transformations",
        "transformation": made,
        "site": line.text("site"),
        "date": at.iso,
    }
    others: dict[str, Json] = {"others": dict(line.others)} if line.others else {}
    for prefix, role in ((_INPUT, "input"), ("", "output")):
        goods = _goods(prefix, line, role)
        if goods:
            yield {**common, **goods, ROW: {**head, **_part(line, prefix), **others}}, findings
            others = {}


def _part(line: Line, prefix: str) -> dict[str, Json]:
    """What a row says of its input, or of its output."""
    names = (f"{prefix}{name}" for name in _GOODS)
    written = line.written()
    return {name: written[name] for name in names if name in written}


def _goods(prefix: str, line: Line, role: str = "") -> dict[str, Json]:
    """The list that names the goods: items by identifier, lots with their quantity. Nothing where none are named."""
    key = _unit(prefix, line)
    if not key:
        return {}
    quantity = line.number(f"{prefix}quantity")
    if parse(key).kind is UnitKind.ITEM and line.text(f"{prefix}identifier"):
        return {f"{role}EPCList" if role else "epcList": [key]}
    amount: dict[str, Json] = {} if quantity is None else {"quantity": quantity}
    measure = line.text(f"{prefix}measure")
    if measure and quantity is not None:
        amount["uom"] = measure
    return {f"{role}QuantityList" if role else "quantityList": [{"epcClass": key, **amount}]}


def _unit(prefix: str, line: Line) -> str:
    """The key of the goods: as it was given; product and lot number; who assigned the number and the number; without a
    lot number the delivery itself. Empty where the row names none."""
    given = line.text(f"{prefix}identifier")
    if given:
        return given
    code, product, source = (line.text(f"{prefix}{name}") for name in ("lot", "product", "lot_source"))
    if code:
        return lot_key(product, code, source)
    if not prefix and line.text("delivery"):
        return f"urn:tracegraph:delivery:{encoded(line.text('from'))}:{encoded(line.text('delivery'))}"
    return product if line.text("site") else ""


def lot_key(product: str, code: str, source: str = "") -> str:
    """The key of a lot: of a GTIN and its lot number where they are one in GS1's sense, else of who assigned the number
    (or, where that is not told, of the product) and the number."""
    trade_item = product_of(product) if product else None
    if trade_item is not None:
        key = canonical(f"{trade_item}/10/{encoded(code)}")
        if not any(problem.startswith("illegal_characters") for problem in parse(key).problems):
            return key
    return supplier_lot(source or product, code)


def _document(line: Line, row: Mapping[str, Json]) -> str:
    """The document that shipment and receipt share; without a number one that only this row has."""
    number = line.text("delivery")
    if number:
        return f"urn:tracegraph:delivery:{encoded(line.text('from'))}:{encoded(number)}"
    digest = hashlib.sha256(rfc8785.dumps(dict(row))).hexdigest()[:32]
    return f"urn:tracegraph:delivery:{encoded(line.text('from'))}::{digest}"


def _row(kind: str, line: Line) -> dict[str, Any]:
    """The row as it can be written again."""
    others: dict[str, Any] = {"others": dict(line.others)} if line.others else {}
    return {"table": kind, **line.written(), **others}


def _stamped(at: When) -> tuple[dict[str, Json], tuple[Finding, ...]]:
    """The time of an event. A day is said to be one. Of a month or year the last day is taken: what was used before it
    is then reached as possible, where the first day would lose what came in during it."""
    if at.precision == "time":
        offset = at.iso[16:].lstrip(":0123456789.")
        zone = {"eventTimeZoneOffset": "+00:00" if offset == "Z" else offset} if offset else {}
        return {"eventTime": _with_seconds(at.iso, offset), **zone}, ()
    stamp: dict[str, Json] = {
        "eventTime": f"{at.last_day.isoformat()}T00:00:00Z",
        "eventTimeZoneOffset": "+00:00",
        "tracegraph:timePrecision": "day",
    }
    if at.precision == "day":
        return stamp, ()
    stamp["tracegraph:assumedTime"] = at.precision
    message = f"only the {at.precision} {at.iso} is known; its last day is taken."
    return stamp, (Finding("assumed_time", "/eventTime", message),)


def _with_seconds(iso: str, offset: str) -> str:
    clock = iso.removesuffix(offset) if offset else iso
    return f"{clock}{':00' if len(clock) == 16 else ''}{offset}"
