"""FoodChain-Lab files, captured and written again: what a file holds comes back; and other events as deliveries."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats.foodchainlab.building import (
    DELIVERIES,
    STATIONS,
    captured,
    document,
    documents,
    encoded,
    pieces,
    rejections,
)
from tracegraph import Tracegraph
from tracegraph.reports.exports import Chosen, Sharing, chosen_by, write
from tracegraph.trace.snapshot import Snapshot

TABLES = ("stations", "deliveries", "deliveryRelations")


def written(graph: Tracegraph, chosen: Chosen | None = None) -> dict[str, Any]:
    """The whole store as FoodChain-Lab JSON, numbers exact."""
    file = io.BytesIO()
    write("foodchainlab", Snapshot.of(graph.store), "en", file, Sharing(), chosen)
    found: dict[str, Any] = exact(file.getvalue())
    assert found.pop("tracegraph") == {"level": "extended"}
    return found


def exact(data: bytes) -> Any:
    return json.loads(data, parse_float=Decimal, parse_int=Decimal)


def comparable(value: dict[str, Any]) -> dict[str, Any]:
    """A document of format v1 in which order does not count, rows counting once."""
    data = value["data"]
    tables = {name: sorted({json.dumps(row, default=str) for row in data[name]["data"]}) for name in TABLES}
    columns = {name: data[name]["columnProperties"] for name in TABLES}
    marks = {
        name: sorted(json.dumps(mark, default=str) for mark in marks) if isinstance(marks, list) else marks
        for name, marks in (value.get("tracing") or {}).items()
    }
    rest = {name: held for name, held in value.items() if name not in ("data", "tracing") and held is not None}
    return {"tables": tables, "columns": columns, "tracing": marks, "rest": rest, "version": data.get("version")}


@pytest.mark.parametrize("name", ["ExampleData", "OneDeliveryModel", "Scenario_1_Outbreak-Baby-Tea"])
def test_every_real_file_comes_back(reference: Path, name: str) -> None:
    data = (reference / "fcl" / "json" / f"{name}.json").read_bytes()
    graph, _ = captured(data)
    assert comparable(written(graph)) == comparable(exact(data))


@pytest.mark.parametrize("name", ["bbk", "small_network", "split_network"])
def test_an_old_file_comes_back_in_the_new_format(reference: Path, name: str) -> None:
    old = exact((reference / "fcl" / "json" / f"{name}.json").read_bytes())
    graph, _ = captured((reference / "fcl" / "json" / f"{name}.json").read_bytes())
    new = written(graph)
    assert (new["title"], new["investigator"]) == (old["title"], old["investigator"])
    cells = {tuple(sorted((c["id"], str(c["value"])) for c in row)) for row in new["data"]["deliveries"]["data"]}
    names = {"id": "ID", "name": "Name", "source": "from", "target": "to", "lot": "Lot Number", "date": "Date Delivery"}
    assert cells == {tuple(sorted((names[n], str(v)) for n, v in row.items())) for row in old["deliveries"]}
    assert len(new["data"]["stations"]["data"]) == len(old["stations"])
    assert len(new["data"]["deliveryRelations"]["data"]) == len(old["deliveriesRelations"])


MARKS = st.fixed_dictionaries(
    {"weight": st.sampled_from([0, 1, 2.5, -1]), "observed": st.booleans()},
    optional={"crossContamination": st.booleans(), "killContamination": st.booleans()},
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text("aé仓 ,=", max_size=4),
    lambda more: st.lists(more, max_size=2) | st.dictionaries(st.text("ab/~", max_size=2), more, max_size=2),
    max_leaves=6,
)


@st.composite
def marked(draw: st.DrawFn) -> dict[str, Any]:
    """Any network with marks, settings, samples and columns of one's own."""
    value = draw(documents())
    for table in ("stations", "deliveries"):
        for row in value["data"][table]["data"]:
            row += [{"id": name, "value": draw(JSON)} for name in draw(st.sets(st.sampled_from(["é", "_a.b", "x:y"])))]
        columns = dict.fromkeys(cell["id"] for row in value["data"][table]["data"] for cell in row)
        value["data"][table]["columnProperties"] = [{"id": name, "type": "string"} for name in columns]
    marks = {
        name: [{"id": row[0]["value"], **draw(MARKS)} for row in value["data"][table]["data"] if draw(st.booleans())]
        for name, table in (("nodes", "stations"), ("deliveries", "deliveries"))
    }
    tracing = {"tracing": {"version": "1.2.0", "enforceTemporalOrder": draw(st.booleans()), **marks}}
    return {**value, **draw(st.sampled_from([{}, tracing])), "settings": draw(JSON), "samples": draw(JSON)}


@settings(max_examples=40)
@given(marked())
def test_any_file_comes_back(value: dict[str, Any]) -> None:
    graph, (report,) = captured(value)
    assert report.rejected == 0
    again = written(graph)
    expected = exact(encoded(value))
    for table in TABLES:  # of a table without rows no file need say the columns
        expected["data"][table]["columnProperties"] = again["data"][table]["columnProperties"]
    assert comparable(again) == comparable(expected)
    copy, (report,) = captured(again)
    assert report.rejected == 0
    assert comparable(written(copy)) == comparable(again)


def test_marks_that_change_make_no_new_events() -> None:
    first = document(tracing={"nodes": [{"id": "S5", "weight": 1}]})
    second = document(tracing={"nodes": [{"id": "S6", "weight": 2}], "deliveries": [{"id": "D5", "weight": 1}]})
    graph, (_, report) = captured(first, second)
    assert (report.accepted, report.rejected) == (0, 0)
    assert written(graph)["tracing"] == exact(encoded(second["tracing"]))


def test_two_files_with_the_same_numbers_keep_apart() -> None:
    other = document(
        [{"ID": "S1", "Name": "Dairy"}, {"ID": "S3", "Name": "Shop"}], [{"ID": "D1", "from": "S1", "to": "S3"}], []
    )
    graph, _ = captured(document(), other)
    found = written(graph)
    assert not rejections(pieces(encoded(json.loads(json.dumps(found, default=str)))))
    assert len(found["data"]["stations"]["data"]) == len(STATIONS) + 2
    assert len(found["data"]["deliveries"]["data"]) == len(DELIVERIES) + 1
    apart = [cell["value"] for row in found["data"]["stations"]["data"] for cell in row if cell["id"] == "ID"]
    assert len(apart) == len(set(apart))


def test_what_an_answer_reached() -> None:
    graph, _ = captured(document())
    answer = graph.trace("D2")
    found = written(graph, chosen_by("foodchainlab", answer.to_dict()))
    ids = {table: [row[0]["value"] for row in found["data"][table]["data"]] for table in ("stations", "deliveries")}
    assert ids == {"stations": ["S2", "S3", "S4", "S5", "S6"], "deliveries": ["D2", "D4", "D5", "D6"]}
    assert len(found["data"]["deliveryRelations"]["data"]) == 3


def movement(step: str, unit: str, hour: int, place: str) -> dict[str, Any]:
    return {
        "type": "ObjectEvent",
        "eventTime": f"2026-01-{hour:02d}T08:00:00Z",
        "eventTimeZoneOffset": "+00:00",
        "action": "ADD" if step == "commissioning" else "OBSERVE",
        "bizStep": step,
        "quantityList": [{"epcClass": unit, "quantity": 5, "uom": "KGM"}],
        "readPoint": {"id": place},
        "bizLocation": {"id": place},
    }


def test_other_events_are_deliveries_between_sites() -> None:
    flour, bread = (f"urn:epc:class:lgtin:4012345.01234{digit}.A" for digit in (1, 2))
    mill, bakery, shop = (f"urn:epc:id:sgln:4012345.0000{digit}.0" for digit in (1, 2, 3))
    making = {
        "type": "TransformationEvent",
        "eventTime": "2026-01-04T08:00:00Z",
        "eventTimeZoneOffset": "+00:00",
        "inputQuantityList": [{"epcClass": flour, "quantity": 5, "uom": "KGM"}],
        "outputQuantityList": [{"epcClass": bread, "quantity": 5, "uom": "KGM"}],
        "bizLocation": {"id": bakery},
    }
    events = [
        movement("commissioning", flour, 1, mill), movement("shipping", flour, 2, mill),
        movement("receiving", flour, 3, bakery), making, movement("shipping", bread, 5, bakery),
        movement("receiving", bread, 6, shop),
    ]  # fmt: skip
    graph, (report,) = captured(events)
    assert report.accepted == 6
    found = written(graph)
    rows = [{cell["id"]: cell["value"] for cell in row} for row in found["data"]["deliveries"]["data"]]
    assert sorted((row["Date Delivery"], row["Date Delivery Arrival"], row["Amount"]) for row in rows) == [
        ("2026-01-02", "2026-01-03", "5 KGM"),
        ("2026-01-05", "2026-01-06", "5 KGM"),
    ]
    first, second = sorted(rows, key=lambda row: row["Date Delivery"])
    (relation,) = found["data"]["deliveryRelations"]["data"]
    assert [cell["value"] for cell in relation] == [first["ID"], second["ID"]]
    assert not rejections(pieces(encoded(json.loads(json.dumps(found, default=str)))))
