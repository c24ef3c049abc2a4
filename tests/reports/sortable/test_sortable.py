"""The sortable spreadsheet and the eight items: what is in them, which rows are chosen, that they are read again."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.formats.fsma204.sheets import STORY, sheet
from tests.trace.memory import MemoryStore
from tracegraph import Tracegraph
from tracegraph.access.caller import Caller, Role
from tracegraph.capture import Capture
from tracegraph.errors import UnknownIdentifier, UsageError
from tracegraph.formats.fsma204 import COLUMNS
from tracegraph.formats.source import SourceFile
from tracegraph.formats.tables.reading import read_sheets
from tracegraph.formats.tables.writing import csv_bytes

GLN = "0614141000005"
MORE = ("Shipping", "S2", "2026-05-09", "L2", "Packhouse", "=Tomatoes", "5", "kg", "Packhouse", "Shop", "")


def captured(graph: Tracegraph, data: bytes, form: str = "fsma204") -> tuple[int, int, int]:
    """How many events were accepted, known already, and rejected."""
    work = Capture(graph.store, lambda: 1_800_000_000_000_000, form=form)
    report = work.run([SourceFile("sheet.csv", stream=io.BytesIO(data))])
    return report.accepted, report.duplicates, report.rejected


def exported(graph: Tracegraph, folder: Path, form: str = "fsma204", **choice: Any) -> bytes:
    path = folder / "out.csv"
    graph.export(form, path, **choice)
    return path.read_bytes()


def rows(data: bytes) -> list[dict[str, str]]:
    """The filled cells of each row, by the header."""
    read = csv.DictReader(io.StringIO(data.decode("utf-8-sig")))
    return [{name: cell for name, cell in row.items() if cell} for row in read]


def numbers(graph: Tracegraph, folder: Path, **choice: Any) -> list[str]:
    return [row["Event ID"] for row in rows(exported(graph, folder, **choice))]


@pytest.fixture
def graph(tmp_path: Path) -> Iterator[Tracegraph]:
    with Tracegraph.open(f"sqlite:///{tmp_path}/store.db") as graph:
        assert captured(graph, sheet(*STORY, MORE)) == (4, 0, 0)
        yield graph


def test_one_row_for_each_event(graph: Tracegraph, tmp_path: Path) -> None:
    packed, shipped, received, other = rows(exported(graph, tmp_path))
    assert packed["Critical tracking event"] == "Initial packing"
    assert packed["TLC source"] == packed["Location"] == "Packhouse"
    assert shipped["Immediate subsequent recipient"] == received["Location"] == GLN
    assert received["Immediate previous source"] == "Packhouse"
    assert (shipped["Quantity"], shipped["Unit of measure"], shipped["Event date"]) == ("30", "CS", "2026-05-03")
    assert "Immediate previous source" not in shipped
    assert "number of the reference document" in shipped["Missing elements"]
    assert other["Product description"] == "'=Tomatoes"


def test_in_chinese(graph: Tracegraph, tmp_path: Path) -> None:
    data = exported(graph.speaking("zh"), tmp_path)
    assert rows(data)[0]["关键追溯事件"] == "Initial packing"
    assert "参考单据编号" in rows(data)[0]["缺失要素"]
    assert captured(graph, data) == (0, 4, 0)


@pytest.mark.parametrize(
    ("choice", "found"),
    [
        ({"lots": ["L1"]}, ["P1", "S1", "R1"]),
        ({"lots": ["L1", "L2"]}, ["P1", "S1", "R1", "S2"]),
        ({"since": "2026-05-04"}, ["R1", "S2"]),
        ({"since": "2026-05-03", "until": "2026-05-04"}, ["S1", "R1"]),
        ({"partner": GLN}, ["S1", "R1"]),
        ({"partner": "https://shop.example"}, []),
        ({"product": "tomato"}, ["S2"]),
        ({"product": "LETTUCE", "until": "2026-05-02"}, ["P1"]),
    ],
)
def test_what_is_asked_for(graph: Tracegraph, tmp_path: Path, choice: dict[str, Any], found: list[str]) -> None:
    assert numbers(graph, tmp_path, **choice) == found


def test_what_cannot_be_asked_for(graph: Tracegraph, tmp_path: Path) -> None:
    with pytest.raises(UnknownIdentifier):
        exported(graph, tmp_path, lots=["L9"])
    with pytest.raises(UsageError, match="is before from"):
        exported(graph, tmp_path, since="2026-05-04", until="2026-05-03")
    with pytest.raises(UsageError, match=r"choose rows of a sheet; csv is none"):
        exported(graph, tmp_path, "csv", lots=["L1"])
    with pytest.raises(UsageError, match=r"choose one of .*fsma204, eu931"):
        exported(graph, tmp_path, "pdf")


def test_the_eight_items(graph: Tracegraph, tmp_path: Path) -> None:
    first, second = rows(exported(graph, tmp_path, "eu931"))
    assert first == {
        "Description of the food": "Lettuce 12ct",
        "Volume or quantity": "30",
        "Unit of measure": "CS",
        "Dispatching food business operator": "Packhouse",
        "Receiving food business operator": GLN,
        "Lot, batch or consignment reference": "L1",
        "Date of dispatch": "2026-05-03",
        "Event": "S1",
    }
    assert second["Event"] == "S2"


def test_a_workbook_says_what_it_is(graph: Tracegraph, tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    graph.export("fsma204", path, lots=["L1"])
    events, about = read_sheets(path.read_bytes(), "out.xlsx")
    assert len(events.rows) == 4
    assert ("lot", "L1") in about.rows
    assert ("level", "extended") in about.rows
    graph.export("fsma204", path, lots=["L1"])
    assert captured(graph, path.read_bytes()) == (0, 3, 0)


def test_for_a_party_the_sheet_says_so(graph: Tracegraph, tmp_path: Path) -> None:
    packhouse = "urn:tracegraph:place:Packhouse"
    data = exported(graph, tmp_path, for_party=packhouse)
    assert f"for,{packhouse}".encode() in data
    assert captured(graph, data)[2] == 0
    theirs = graph.as_caller(Caller("shop", Role.OPERATOR, frozenset({"https://shop.example"})))
    assert b"L1" not in exported(theirs, tmp_path)


CASES, PALLET = "https://id.gs1.org/01/09521000123458/10/C7", "urn:epc:id:sscc:9521000.0000000017"


def epcis(*events: dict[str, Any]) -> bytes:
    return json.dumps([{"eventTimeZoneOffset": "+00:00", **event} for event in events]).encode()


def test_what_was_packed_on_a_pallet_is_listed(tmp_path: Path) -> None:
    plant, shop = "https://plant.example/1", "https://shop.example/1"
    amount = [{"epcClass": CASES, "quantity": 40, "uom": "CS"}]
    events = epcis(
        {"type": "ObjectEvent", "eventTime": "2026-05-01T08:00:00Z", "action": "ADD", "bizStep": "commissioning",
         "bizLocation": {"id": plant}, "quantityList": amount},
        {"type": "AggregationEvent", "eventTime": "2026-05-01T09:00:00Z", "action": "ADD", "bizStep": "packing",
         "parentID": PALLET, "childQuantityList": amount, "bizLocation": {"id": plant}},
        {"type": "ObjectEvent", "eventTime": "2026-05-02T09:00:00Z", "action": "OBSERVE", "bizStep": "shipping",
         "epcList": [PALLET], "readPoint": {"id": plant},
         "destinationList": [{"type": "location", "destination": shop}]},
    )  # fmt: skip
    with Tracegraph.open(f"sqlite:///{tmp_path}/store.db") as graph:
        assert captured(graph, events, "epcis") == (3, 0, 0)
        shipped = rows(exported(graph, tmp_path, lots=[CASES]))[-1]
    assert shipped["Critical tracking event"] == "Shipping"
    assert (shipped["Traceability lot code"], shipped["Product"]) == ("C7", "09521000123458")
    assert (shipped["Quantity"], shipped["Unit of measure"], shipped["TLC source"]) == ("40", "CS", plant)


def test_the_whole_chain_of_gdst_comes_back(reference: Path, tmp_path: Path) -> None:
    """Out, into an empty store, and out again: all cells but the missing elements, which the sheet filled in."""
    path = reference / "epcis" / "gdst" / "gdst_data_withmasterdata.jsonld"
    with Tracegraph.open(f"sqlite:///{tmp_path}/first.db") as graph:
        graph.capture(path, rejects=None)
        first = exported(graph, tmp_path)
    with Tracegraph.open(f"sqlite:///{tmp_path}/second.db") as graph:
        assert captured(graph, first) == (10, 0, 0)
        second = exported(graph, tmp_path)
    assert len(rows(first)) == 12
    assert [row | {"Missing elements": ""} for row in rows(first)] == [
        row | {"Missing elements": ""} for row in rows(second)
    ]


TEXTS = st.text(st.sampled_from("abZ9 -=+@'\"çü批,;/%"), max_size=6).map(str.strip)
WORDS = st.sampled_from(["", "A", "B 1", "=1+2", "批次", "urn:example:x", "0614141000005"])


@st.composite
def cells(draw: st.DrawFn) -> list[str]:
    """A row that tells a lot and a day, and anything else."""
    kind = draw(st.sampled_from(["Harvesting", "Cooling", "Initial packing", "First land based receiving", "Shipping",
                                 "Receiving", "Transformation"]))  # fmt: skip
    found = []
    for column in COLUMNS:
        match column.kind:
            case "kind":
                found.append(kind)
            case "time":
                found.append(draw(st.sampled_from(["2026-05-01", "2026-05-02", "2026-05-02T10:30+02:00"])))
            case "date":
                found.append(draw(st.sampled_from(["", "2026-04-30"])))
            case "number":
                found.append(draw(st.sampled_from(["", "0", "12.5", "1e3"])))
            case "unit":
                found.append(draw(st.sampled_from(["", "KGM", "CS", "buckets"])))
            case "code":
                found.append(draw(st.sampled_from(["L1", "=L2", "批 3", "urn:example:lot:1"])))
            case _:
                found.append("" if column.of == "none" else draw(WORDS | TEXTS))
    return found


@settings(max_examples=20)
@given(st.lists(cells(), min_size=1, max_size=4))
def test_what_was_captured_and_written_is_captured_again_as_known(told: list[list[str]]) -> None:
    data = csv_bytes([[column.label["en"] for column in COLUMNS], *told])
    one, other = Tracegraph(MemoryStore(1)), Tracegraph(MemoryStore(2))
    accepted, _, _ = captured(one, data)
    first = written(one)
    assume(accepted)
    assert captured(one, first) == (0, accepted, 0)
    assert captured(other, first)[0] == accepted
    assert written(other) == first


def written(graph: Tracegraph) -> bytes:
    from tracegraph.reports.exports import Sharing
    from tracegraph.reports.sheet_forms import SheetChoice
    from tracegraph.reports.sortable import write_sheet
    from tracegraph.trace.snapshot import Snapshot

    file = io.BytesIO()
    write_sheet("fsma204", Snapshot.of(graph.store), SheetChoice(), file, Sharing())
    return file.getvalue()
