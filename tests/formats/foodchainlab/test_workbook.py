"""The All-in-One workbook: what each sheet tells, and what becomes of rows and sheets that tell nothing."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from tests.formats.foodchainlab.building import captured, elements, events, pieces, rejections
from tracegraph.formats.foodchainlab.names import delivery_key, station_key
from tracegraph.formats.foodchainlab.recognise import all_in_one
from tracegraph.formats.source import Unpacked
from tracegraph.formats.tables.writing import write_xlsx

Rows = list[Sequence[Any]]
STATIONS: Rows = [
    ["Company_ID", "Name", "Street", "Street Number", "Postal Code", "City", "Country", "Additional Fields ->", "Herd"],
    ["S1", "Farm North", "Field Road", 5, "10115", "Anytown", "DE", None, "A"],
    ["S2", "Dairy", None, None, None, None, None, None, None],
]
HEADS: Rows = [
    [
        *("DeliveryID", "Station", "Product Name", "Lot Number", "Lot size", None),
        *("Delivery Date Departure", None, None, "Delivery Date Arrival", None, None),
        *("Unit weigt/vol./pck.", None, "Recipient", "Additional Fields ->", "Sampling"),
    ],
    [
        *(None, None, None, None, "Quantity", "Type / Unit", "Day", "Month", "Year", "Day", "Month", "Year"),
        *("Quantity", "Type / Unit", None, None, None),
    ],
]
DELIVERY: Sequence[Any] = [
    "D1", "S1", "Milk", "L1", 7, "cans", 1, 2, 2016, None, 2, 2016, 1500, "litre", "S2", None, "negative"
]  # fmt: skip
MADE: Sequence[Any] = ["D2", "S2", "Yogurt", None, None, None, None, None, None, 5, 2, 2016, None, None, "S1", None, ""]


def workbook(
    stations: Rows = STATIONS, deliveries: Rows | None = None, relations: Rows | None = None, **more: Rows
) -> bytes:
    file = io.BytesIO()
    joined = [["From DeliveryID", "Into DeliveryID"], ["D1", "D2"]] if relations is None else relations
    listed = [*HEADS, DELIVERY, MADE] if deliveries is None else deliveries
    sheets = {"Stations": stations, "Deliveries": listed, "Deliveries2Deliveries": joined, **more}
    numbers = {
        name: [[Decimal(str(value)) if isinstance(value, int | float) else value for value in row] for row in rows]
        for name, rows in sheets.items()
    }
    write_xlsx(file, numbers, heads=0)
    return file.getvalue()


def row_of(data: bytes, identifier: str) -> dict[str, Any]:
    """The cells that are kept of a delivery."""
    for piece in events(pieces(data)):
        kept = json.loads(piece.entry_payload)["event"].get("tracegraph:foodchainlab", {})
        if kept.get("id") == identifier:
            return {cell["column"]: cell["value"] for cell in kept["row"]}
    raise AssertionError(identifier)


def test_rows_are_those_of_the_json_format() -> None:
    found = pieces(workbook())
    assert not rejections(found)
    assert row_of(workbook(), "D1") == {
        "ID": "D1",
        "from": "S1",
        "to": "S2",
        "Name": "Milk",
        "Lot Number": "L1",
        "Lot Size Quantity": "7",
        "Lot Size Unit": "cans",
        "Date Delivery": "2016-02-01",
        "Date Delivery Arrival": "2016-02",
        "Amount": "1500 litre",
        "Sampling": "negative",
    }
    farm = station_key("S1", "Farm North")
    site = next(
        one.master_data for one in elements(found) if (one.master_data.kind, one.master_data.id) == ("site", farm)
    )
    assert site.attributes["urn:epcglobal:cbv:mda#streetAddressOne"] == "Field Road 5, 10115 Anytown"
    assert {"column": "Herd", "value": "A"} in site.attributes["tracegraph:foodchainlab"]["row"]
    shipping = next(piece.facts for piece in events(found) if piece.facts.step == "shipping")
    assert str(shipping.named[0].quantity and shipping.named[0].quantity.unit) == "LTR"


def test_relations_join_deliveries_and_a_trace_follows() -> None:
    graph, (report, again) = captured(workbook(), workbook())
    assert (report.accepted, report.rejected) == (5, 0)
    assert (again.accepted, again.duplicates) == (0, 5)
    units = {unit["id"] for unit in graph.trace("D1").to_dict()["result"]["units"]}
    dairy = station_key("S2", "Dairy")
    assert units == {delivery_key(station_key("S1", "Farm North"), "D1"), delivery_key(dairy, "D2")}


def test_headers_in_any_case_and_order_and_the_other_spelling() -> None:
    stations: Rows = [["NAME ", "company_id", " Postal"], ["Farm", 17, "10115"]]
    deliveries: Rows = [["Recipient", "Station", "deliveryid", "Note", "Note"], [], [17, 17, "D1", "a", "b"]]
    data = workbook(stations, deliveries, [["Into DeliveryID", "From DeliveryID"]])
    assert not rejections(pieces(data))
    assert row_of(data, "D1") == {"ID": "D1", "from": "17", "to": "17", "Note": "a", "Note (E)": "b"}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({6: 31}, "31"),
        ({6: "first"}, "first / 2 / 2016"),
        ({8: None}, "1 / 2"),
        ({6: None}, "2016-02"),
        ({6: None, 7: None}, "2016"),
        ({6: 1.0, 7: "02"}, "2016-02-01"),
    ],
)
def test_dates_of_three_cells(changed: dict[int, Any], told: str) -> None:
    row = [changed.get(number, value) for number, value in enumerate(DELIVERY)]
    data = workbook(deliveries=[*HEADS, row], relations=[["From DeliveryID", "Into DeliveryID"]])
    assert told in row_of(data, "D1")["Date Delivery"]
    codes = {finding.code for piece in events(pieces(data)) for finding in piece.findings}
    assert ("unreadable_date" in codes) == (not told.startswith("20"))


def test_what_tells_nothing_is_rejected_with_its_cell() -> None:
    lost = list(DELIVERY)
    lost[0] = "4.01235E+12"
    more: Rows = [*HEADS, DELIVERY, DELIVERY, lost]
    bad = rejections(
        pieces(workbook(deliveries=more, relations=[["From DeliveryID", "Into DeliveryID"], ["D1", "D9"]]))
    )
    reasons = {piece.position.pointer: piece.reason for piece in bad}
    assert "Deliveries!A5" in reasons["Deliveries!A5"]
    assert "has lost digits" in reasons["Deliveries!A5"]
    assert "the ID 'D1' of this delivery is that of Deliveries!A3 already" in reasons["Deliveries!A4"]
    assert "Deliveries2Deliveries!A2: this relation names the delivery 'D9'" in reasons["Deliveries2Deliveries!A2"]
    kept = {piece.position.pointer: json.loads(piece.data.read()) for piece in bad}
    assert kept["Deliveries!A5"]["DeliveryID"] == "4.01235E+12"


def test_sheets_that_are_not_of_the_format() -> None:
    other = rejections(pieces(workbook(Notes=[["call them"]], Empty=[])))
    assert [(piece.position.pointer, json.loads(piece.data.read())) for piece in other] == [("Notes", [["call them"]])]
    no_id = rejections(pieces(workbook(stations=[["Name"], ["Farm"]])))
    assert "it has no column Company_ID" in no_id[0].reason
    assert len(rejections(pieces(workbook()[:200]))) == 1


def test_a_workbook_is_known_by_its_sheets() -> None:
    assert all_in_one("file.xlsx", Unpacked(io.BytesIO(workbook())))[1]
    assert all_in_one("file.xlsx", Unpacked(io.BytesIO(gzip.compress(workbook()))))[1]
    file = io.BytesIO()
    write_xlsx(file, {"Stations": [["Company_ID"]], "Deliveries": [["delivery", "site"]]})
    again, found = all_in_one("file.xlsx", Unpacked(io.BytesIO(file.getvalue())))
    assert (again.read(), found) == (file.getvalue(), False)
    assert not all_in_one("file.xlsx", Unpacked(io.BytesIO(b"PK\x03\x04 no workbook")))[1]


def test_a_workbook_that_lost_its_beginning_is_refused_with_its_name() -> None:
    """All places in its directory are wrong then, most of them before the beginning."""
    whole = workbook()
    rest = whole[whole.rindex(b"PK\x03\x04") :]
    again, found = all_in_one("file.xlsx", Unpacked(io.BytesIO(rest)))
    assert (again.read(), found) == (rest, False)
    assert len(rejections(pieces(rest))) == 1
