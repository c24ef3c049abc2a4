"""Sheets of critical tracking events: columns by many names, one event for rows of one number, rows that tell none."""

from __future__ import annotations

import io
import json

import pytest

from tests.formats.fsma204.sheets import HEADER, STORY, event, events, names, pieces, reasons, sheet
from tracegraph.formats.epcis import AcceptedEvent, Rejected
from tracegraph.formats.fsma204 import COLUMNS, CellReading
from tracegraph.formats.fsma204.columns import column_of, plain
from tracegraph.formats.tables.writing import write_xlsx

PACKHOUSE = "urn:tracegraph:place:Packhouse"
LOT = "urn:tracegraph:lot:urn%3Atracegraph%3Aplace%3APackhouse:L1"
GLN = "https://id.gs1.org/414/0614141000005"


def test_a_story() -> None:
    packed, shipped, received = events(sheet(*STORY))
    assert packed["action"] == "ADD"
    assert packed["eventTime"] == "2026-05-02T00:00:00Z"
    assert packed["tracegraph:timePrecision"] == "day"
    assert packed["quantityList"] == [{"epcClass": LOT, "quantity": 30, "uom": "CS"}]
    assert packed["tracegraph:lots"][0]["tracegraph:lotCodeSource"] == "Packhouse"
    assert shipped["bizStep"] == "shipping"
    assert shipped["sourceList"] == [{"type": "location", "source": PACKHOUSE}]
    assert shipped["destinationList"] == [{"type": "location", "destination": GLN}]
    assert received["sourceList"] == shipped["sourceList"]
    assert received["destinationList"] == shipped["destinationList"]
    assert received["bizLocation"] == {"id": GLN}
    assert {one["quantityList"][0]["epcClass"] for one in (packed, shipped, received)} == {LOT}


def test_no_two_columns_answer_to_one_name() -> None:
    said = [plain(name) for column in COLUMNS for name in {*map(plain, (*column.label.values(), *column.also))}]
    assert len(said) == len(set(said))
    for column in COLUMNS:
        assert column_of(column.label["zh"]) is column
        assert column_of(f" {column.label['en'].upper()}: ") is column


def test_a_workbook_with_a_sheet_for_each_kind() -> None:
    header = [name for name in HEADER if name != "CTE"]
    file = io.BytesIO()
    sheets = {row[0]: [["Records of a packer"], [], header, list(row[1:])] for row in STORY}
    write_xlsx(file, sheets, heads=3)
    assert [one["tracegraph:criticalTrackingEvent"] for one in events(file.getvalue())] == [
        "initial_packing",
        "shipping",
        "receiving",
    ]


@pytest.mark.parametrize(
    ("number", "key"),
    [
        ("(01)09521000123458(10)L1", "https://id.gs1.org/01/09521000123458/10/L1"),
        ("urn:epc:class:lgtin:9521000.012345.L1", "https://id.gs1.org/01/09521000123458/10/L1"),
        ("urn:example:lot:1", "urn:example:lot:1"),
    ],
)
def test_a_code_that_is_a_key_by_itself(number: str, key: str) -> None:
    row = ("Shipping", "", "2026-05-03", number, "Packhouse", "", "1", "kg", "Packhouse", "Shop", "")
    assert event(HEADER, row)["quantityList"][0]["epcClass"] == key


def test_a_gtin_and_a_lot_number_are_a_key() -> None:
    header = ("CTE", "Date", "TLC", "GTIN", "Qty", "UOM", "Ship from", "Ship to")
    found = event(header, ("Shipping", "2026-05-03", "L1", "9521000123458", "1", "kg", "A", "B"))
    assert found["quantityList"][0]["epcClass"] == "https://id.gs1.org/01/09521000123458/10/L1"


FARMED = ("CTE", "Event ID", "Date", "TLC", "Qty", "UOM", "Location", "Farm", "Field", "Commodity", "Harvest date",
          "Ship to", "Harvester", "Input quantity", "Input UOM")  # fmt: skip


def test_what_is_harvested_is_what_is_packed() -> None:
    rows = (
        ("Harvesting", "", "2026-05-01", "", "400", "lb", "", "Farm", "North", "Lettuce", "", "Packhouse", "", "", ""),
        ("Cooling", "", "2026-05-01", "", "400", "lb", "Cooler", "Farm", "North", "Lettuce", "2026-05-01", "", "", "",
         ""),
        ("Initial packing", "P1", "2026-05-02", "L1", "30", "CS", "Packhouse", "Farm", "North", "Lettuce", "2026-05-01",
         "", "Crew 7", "400", "lb"),
    )  # fmt: skip
    harvested, cooled, packed = events(sheet(*rows, header=FARMED))
    raw = harvested["quantityList"][0]["epcClass"]
    assert cooled["quantityList"][0]["epcClass"] == raw
    assert packed["type"] == "TransformationEvent"
    assert packed["inputQuantityList"] == [{"epcClass": raw, "quantity": 400, "uom": "LBR"}]
    assert packed["outputQuantityList"][0]["quantity"] == 30
    assert packed["tracegraph:inputs"][0]["tracegraph:harvester"] == "Crew 7"
    assert harvested["readPoint"] == {"id": "urn:tracegraph:place:Farm"}


USED = ("CTE", "Event ID", "Date", "TLC", "Qty", "UOM", "Location", "Input TLC", "Input TLC source", "Input quantity",
        "Input UOM", "Document type", "Document number")  # fmt: skip


def test_rows_of_one_number_are_one_event() -> None:
    rows = (
        ("Transformation", "T1", "2026-05-05", "S9", "100", "kg", "Kitchen", "L1", "Packhouse", "30", "CS",
         "Work order", "W1"),
        ("Transformation", "T1", "", "S9", "100", "kg", "", "T2", "Farm", "5", "kg", "", ""),
        ("Transformation", "T2", "2026-05-05", "S10", "1", "kg", "Kitchen", "L1", "Packhouse", "1", "CS", "", ""),
    )  # fmt: skip
    one, other = events(sheet(*rows, header=USED))
    assert len(one["inputQuantityList"]) == 2
    assert len(one["outputQuantityList"]) == 1
    assert one["bizTransactionList"] == [{"type": "prodorder", "bizTransaction": "urn:tracegraph:document:W1"}]
    assert one["eventID"] != other["eventID"]


def test_rows_of_one_number_that_contradict_each_other() -> None:
    rows = [list(STORY[1]), list(STORY[1])]
    rows[1][8] = "Elsewhere"
    (reason,) = reasons(sheet(*rows))
    assert "(line 2, byte 0): the row has 'Elsewhere' as Location where another row of event 'S1' has" in reason


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("CTE", "Selling", "cell A2 ('Selling') is no critical tracking event"),
        ("CTE", "", "names no critical tracking event"),
        ("Date", "05/06/2026", "cell C2 ('05/06/2026') can be 2026-06-05 (dmy) or 2026-05-06 (mdy); say which"),
        ("Date", "2026-05", "is of 2026-05; enter the day of the event"),
        ("Date", "", "has no date; enter the day"),
        ("TLC", "", "names no lot; enter a lot code"),
        ("TLC", "4.01235E+12", "cell D2 ('4.01235E+12') has lost digits of an identifier"),
        ("Qty", "many", "cell G2 ('many') is no number"),
        ("Qty", "1.250", "cell G2 ('1.250') can be 1250 or 1.250"),
    ],
)
def test_a_row_that_tells_no_event_is_kept_whole(column: str, value: str, said: str) -> None:
    row = [value if name == column else cell for name, cell in zip(HEADER, STORY[1], strict=True)]
    found = pieces(sheet(row, STORY[2]))
    (rejected,) = [piece for piece in found if isinstance(piece, Rejected)]
    assert said in rejected.reason
    assert rejected.position.line == 2
    kept = json.loads(rejected.data.read())
    assert kept["row"] == 2
    assert "Packhouse" in kept["cells"].values()
    assert len([piece for piece in found if isinstance(piece, AcceptedEvent)]) == 1


def test_asked_dates_and_numbers() -> None:
    row = [*STORY[1]]
    row[2], row[6] = "05/06/2026", "1.250"
    (found,) = events(sheet(row), CellReading(dates="mdy", decimal="comma"))
    assert found["eventTime"].startswith("2026-05-06")
    assert found["quantityList"][0]["quantity"] == 1250


def test_a_source_that_one_row_leaves_out() -> None:
    row = list(STORY[2])
    row[4] = ""
    found = [piece for piece in pieces(sheet(STORY[0], row)) if isinstance(piece, AcceptedEvent)]
    assert [one.facts.named[0].unit for one in found] == [LOT, LOT]
    assert [finding.code for finding in found[1].findings] == ["assumed_lot_code_source"]
    elsewhere = list(STORY[0])
    elsewhere[1], elsewhere[8] = "P2", "Other packhouse"
    found = [piece for piece in pieces(sheet(STORY[0], elsewhere, row)) if isinstance(piece, AcceptedEvent)]
    assert found[2].facts.named[0].unit == "urn:tracegraph:lot::L1"
    assert [piece.reason for piece in pieces(sheet(STORY[0], row), strict=True) if isinstance(piece, Rejected)]


def test_places_known_by_their_description_have_a_name() -> None:
    header = ("CTE", "Date", "TLC", "Qty", "UOM", "Ship from description", "Ship to")
    data = sheet(("Shipping", "2026-05-03", "L1", "1", "kg", "Packhouse, 1 Road, Town", "Shop"), header=header)
    assert sorted(map(str, names(data).values())) == ["Packhouse", "Shop"]
    (found,) = events(data)
    assert found["tracegraph:locationDescription"] == "Packhouse, 1 Road, Town"
    assert found["readPoint"]["id"] in names(data)


def test_columns_that_nothing_is_known_of_are_kept() -> None:
    found = event((*HEADER, "Colour"), (*STORY[1], "green"))
    assert found["tracegraph:cells"] == [{"tracegraph:column": "Colour", "tracegraph:text": "green"}]


@pytest.mark.parametrize("data", [b"", b"colour,shape\nred,round\n", b"\x00\x01\x02"])
def test_what_is_no_such_sheet(data: bytes) -> None:
    (reason,) = reasons(data)
    assert reason.startswith("sheet.csv")
