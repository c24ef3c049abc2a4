"""What a document tells, as EPCIS events and master data: the way from there on is that of every other input.

A delivery is a unit of its own: it is shipped by its supplier and received by its recipient. Where relations say what
it was made of, a TransformationEvent at its supplier has those deliveries as inputs. Stations are sites, each run by a
party of the same key. A lot number makes the deliveries of it members of one lot, so that a question may start there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tracegraph.formats.epcis.context import TRACEGRAPH_URI
from tracegraph.formats.foodchainlab import document as columns
from tracegraph.formats.foodchainlab.amounts import read_amount
from tracegraph.formats.foodchainlab.dates import Days, event_time
from tracegraph.formats.foodchainlab.document import Document, Row
from tracegraph.formats.foodchainlab.names import document_key, event_id, lot_key
from tracegraph.formats.foodchainlab.story import Delivery, Making, Station, Story
from tracegraph.model.event import Finding, Json

#: The member of events and the attribute of master data that keep what FoodChain-Lab says and EPCIS has no word for.
KEPT = "tracegraph:foodchainlab"
#: Master data of units (deliveries) and of whole documents.
LOT_TYPE = f"{TRACEGRAPH_URI}Lot"
DOCUMENT_TYPE = f"{TRACEGRAPH_URI}FoodChainLabDocument"
SITE_TYPE = "urn:epcglobal:epcis:vtype:BusinessLocation"
PARTY_TYPE = "urn:epcglobal:epcis:vtype:Party"
#: The contexts around the events.
DECLARED: tuple[Json, ...] = ({"tracegraph": TRACEGRAPH_URI},)

_MDA = "urn:epcglobal:cbv:mda#"


def station_elements(station: Station) -> Iterator[tuple[str, dict[str, Json]]]:
    """A station as master data, (vocabulary type, element): its site, and the party that runs it."""
    row = station.row or Row(station.position, (), b"")
    names = {
        "name": columns.STATION_NAME,
        "streetAddressOne": columns.ADDRESS,
        "countryCode": columns.COUNTRY,
        "latitude": columns.LATITUDE,
        "longitude": columns.LONGITUDE,
    }
    told = {f"{_MDA}{name}": text for name, cells in names.items() if (text := row.text(cells))}
    told.setdefault(f"{_MDA}name", station.id)
    kept = {"table": "stations", "id": station.id, **_kept_row(station.row), **_kept_mark(station.mark)}
    yield PARTY_TYPE, _element(station.key, {name: told[name] for name in told if not name.endswith("itude")})
    yield SITE_TYPE, _element(station.key, {**told, f"{_MDA}possessing_party": station.key, KEPT: kept})


def delivery_element(delivery: Delivery) -> tuple[str, dict[str, Json]]:
    """A delivery as master data of its unit: what it is called, the lot that it is of, and the marks on it."""
    kept = {"table": "deliveries", "id": delivery.id, **_kept_mark(delivery.mark)}
    told: dict[str, Json] = {f"{_MDA}name": delivery.row.text(columns.PRODUCT) or delivery.id}
    if number := delivery.row.text(columns.LOT):
        told["tracegraph:lot"] = lot_key(delivery.supplier.key, number)
    return LOT_TYPE, _element(delivery.key, {**told, KEPT: kept})


def document_element(document: Document, story: Story) -> tuple[str, dict[str, Json]]:
    """What is said of the file as a whole: columns, settings, samples, and so on."""
    kept = {"columns": document.columns, "about": document.about}
    return DOCUMENT_TYPE, _element(document_key(list(story.stations)), {KEPT: kept})


def _element(key: str, attributes: dict[str, Json]) -> dict[str, Json]:
    return {"id": key, "attributes": [{"id": name, "attribute": value} for name, value in attributes.items()]}


def _kept_row(row: Row | None) -> dict[str, Json]:
    return {} if row is None else {"row": kept_cells(row)}


def _kept_mark(mark: Row | None) -> dict[str, Json]:
    return {} if mark is None else {"mark": dict(mark.cells)}


def kept_cells(row: Row) -> list[Json]:
    """The cells of a row in order, to be written again."""
    return [{"column": name, "value": value} for name, value in row.cells]


def making_event(making: Making) -> tuple[dict[str, Json], tuple[Finding, ...]]:
    """What a delivery was made of, on the day on which it departs, at the latest."""
    result = making.result
    event: dict[str, Any] = {
        "type": "TransformationEvent",
        **_time(result.days.departure),
        "eventID": event_id(result.key, "making"),
        "inputQuantityList": [{"epcClass": one.key} for one in making.ingredients],
        "outputQuantityList": [{"epcClass": result.key}],
        "readPoint": {"id": result.supplier.key},
        "bizLocation": {"id": result.supplier.key},
        KEPT: {
            "table": "deliveryRelations",
            "rows": [kept_cells(row) for row in making.rows],
        },
    }
    return event, tuple(_time_conflict(result.id, one.id) for one in making.late)


def _time_conflict(result: str, ingredient: str) -> Finding:
    message = (
        f"Delivery {ingredient!r} arrives after delivery {result!r}, of which it is an ingredient, departs; "
        "kept as possible."
    )
    return Finding("time_conflict", "/eventTime", message)


def beginning_event(delivery: Delivery) -> dict[str, Json]:
    """That a delivery began at its supplier: said only where the dates would have it used before, so that what was made
    of it leads back to there."""
    here = {"id": delivery.supplier.key}
    event = _movement(delivery, "commissioning", delivery.days.departure, delivery.stated.departure)
    return {**event, "action": "ADD", "readPoint": here, "bizLocation": here}


def shipping_event(delivery: Delivery) -> tuple[dict[str, Json], tuple[Finding, ...]]:
    """The departure of a delivery; it keeps the row."""
    stated, day = delivery.stated.departure, delivery.days.departure
    event = {
        **_movement(delivery, "shipping", day, stated),
        "readPoint": {"id": delivery.supplier.key},
        **_ends(delivery),
        KEPT: {"table": "deliveries", "id": delivery.id, "row": kept_cells(delivery.row)},
    }
    findings = [*delivery.findings, *_assumed(delivery, "departure", stated)]
    if day > delivery.days.arrival:
        message = f"Delivery {delivery.id!r} arrives before it departs; correct one of the dates."
        findings.append(Finding("time_conflict", "/eventTime", message))
    return event, tuple(findings)


def receiving_event(delivery: Delivery) -> tuple[dict[str, Json], tuple[Finding, ...]]:
    """The arrival of a delivery."""
    stated = delivery.stated.arrival
    event = {
        **_movement(delivery, "receiving", delivery.days.arrival, stated),
        "readPoint": {"id": delivery.recipient.key},
        "bizLocation": {"id": delivery.recipient.key},
        **_ends(delivery),
    }
    return event, tuple(_assumed(delivery, "arrival", stated))


def _movement(delivery: Delivery, step: str, day: int, stated: Days | None) -> dict[str, Any]:
    return {
        "type": "ObjectEvent",
        **_time(day),
        **_unstated(stated),
        "eventID": event_id(delivery.key, step),
        "action": "OBSERVE",
        "bizStep": step,
        "quantityList": [_quantity(delivery)],
    }


def _ends(delivery: Delivery) -> dict[str, Any]:
    """Whence and whither, and that it is this delivery."""
    return {
        "bizTransactionList": [{"type": "desadv", "bizTransaction": delivery.key}],
        "sourceList": [{"type": "location", "source": delivery.supplier.key}],
        "destinationList": [{"type": "location", "destination": delivery.recipient.key}],
    }


def _quantity(delivery: Delivery) -> dict[str, Json]:
    amount = read_amount(delivery.row.text(columns.AMOUNT))
    if amount is None:
        return {"epcClass": delivery.key}
    number, code = amount
    return {"epcClass": delivery.key, "quantity": number} | ({"uom": code} if code else {})


def _time(day: int) -> dict[str, Json]:
    """A day as the time of an event."""
    return {
        "eventTime": event_time(day),
        "eventTimeZoneOffset": "+00:00",
        "tracegraph:timePrecision": "day",
    }


def _unstated(stated: Days | None) -> dict[str, Json]:
    """What is known of a day that is not stated."""
    if stated is not None and stated.precision == "day":
        return {}
    return {"tracegraph:assumedTime": "unknown" if stated is None else stated.precision}


def _assumed(delivery: Delivery, what: str, stated: Days | None) -> list[Finding]:
    """That the day of an event is not one that the file states."""
    if stated is not None and stated.precision == "day":
        return []
    known = "not known" if stated is None else f"known by its {stated.precision} only"
    message = f"The {what} of delivery {delivery.id!r} is {known}; a day is assumed that agrees with its neighbours."
    return [Finding("assumed_time", "/eventTime", message)]
