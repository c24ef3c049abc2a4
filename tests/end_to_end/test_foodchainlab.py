"""Traces over FoodChain-Lab's files: the deliveries and stations that its own tracing finds, no more and no less."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from tests.formats.foodchainlab.building import DELIVERIES, RELATIONS, captured, document, documents, encoded, reached
from tracegraph import Tracegraph
from tracegraph.formats.foodchainlab.json_reader import read_json
from tracegraph.formats.foodchainlab.names import lot_key
from tracegraph.formats.foodchainlab.story import Story, story_of
from tracegraph.formats.foodchainlab.workbook import read_workbook
from tracegraph.formats.source import Unpacked
from tracegraph.formats.tables.reading import read_sheets

FILES = ["ExampleData", "OneDeliveryModel", "Scenario_1_Outbreak-Baby-Tea", "bbk", "small_network", "split_network"]


def story(data: bytes) -> Story:
    return story_of(read_json("file.json", Unpacked(io.BytesIO(data))))


def assert_traced(graph: Tracegraph, told: Story, identifiers: list[str] | None = None) -> None:
    """From each delivery, both ways: the units and sites of the deliveries that relations lead to."""
    pairs = [(one.id, making.result.id) for making in told.makings for one in making.ingredients]
    for direction in ("forward", "backward"):
        for identifier in told.deliveries if identifiers is None else identifiers:
            result = graph.trace(told.deliveries[identifier].key, direction=direction).to_dict()["result"]
            found = [told.deliveries[one] for one in reached({identifier}, pairs, direction)]
            assert {unit["id"] for unit in result["units"]} == {one.key for one in found}, (direction, identifier)
            sites = {end.key for one in found for end in (one.supplier, one.recipient)}
            assert {site["id"] for site in result["sites"]} == sites, (direction, identifier)


@pytest.mark.parametrize("name", FILES)
def test_every_real_file_is_traced_as_foodchainlab_does(reference: Path, name: str) -> None:
    data = (reference / "fcl" / "json" / f"{name}.json").read_bytes()
    graph, (report, again) = captured(data, data)
    told = story(data)
    assert report.rejected == len(told.rejected) == (2 if name == "ExampleData" else 0)
    assert (again.accepted, again.master_data, again.duplicates) == (0, 0, report.accepted)
    assert_traced(graph, told)


@pytest.mark.parametrize(("name", "deliveries"), [("All_In_One_Template_Example", 7), ("FCL_Examples", 32)])
def test_the_all_in_one_workbooks(reference: Path, name: str, deliveries: int) -> None:
    data = (reference / "fcl" / "xlsx" / f"{name}.xlsx").read_bytes()
    graph, (report, again) = captured(data, data)
    told = story_of(read_workbook(name, read_sheets(data, name)))
    assert (len(told.deliveries), report.rejected, again.accepted, again.master_data) == (deliveries, 0, 0, 0)
    assert_traced(graph, told)


def test_the_empty_workbook_tells_nothing(reference: Path) -> None:
    _, (report,) = captured((reference / "fcl" / "xlsx" / "All_In_One_Template.xlsx").read_bytes())
    assert (report.accepted, report.rejected) == (0, 1)


@pytest.mark.parametrize("name", FILES)
def test_what_the_dates_admit_is_confirmed(reference: Path, name: str) -> None:
    data = (reference / "fcl" / "json" / f"{name}.json").read_bytes()
    graph, _ = captured(data)
    told = story(data)
    late = {making.result.id for making in told.makings if making.late}
    for delivery in told.deliveries.values():
        units = graph.trace(delivery.key, direction="forward").to_dict()["result"]["units"]
        doubtful = {unit["id"] for unit in units if unit["certainty"] != "confirmed"}
        assert not doubtful or late


def desktop_flows(reference: Path) -> bytes:
    """The network of the desktop program's own tests, as a document."""
    folder = reference / "fcl" / "desktop-flows"
    names = ("stations", "deliveries", "delivery_relations")
    tables = [list(csv.DictReader((folder / f"{name}.csv").read_text(encoding="utf-8").splitlines())) for name in names]
    stations, deliveries, relations = tables
    return encoded(document(stations, deliveries, [(row["from"], row["to"]) for row in relations]))


def test_the_network_of_the_desktop_program(reference: Path) -> None:
    data = desktop_flows(reference)
    graph, (report,) = captured(data)
    told = story(data)
    assert (len(told.stations), len(told.deliveries), report.rejected) == (381, 648, 0)
    assert_traced(graph, told, sorted(told.deliveries)[::9])


def vectors(reference: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((reference / "fcl" / "unit-vectors" / "tracing_vectors.json").read_bytes())
    return found


def vector_document(told: dict[str, Any]) -> dict[str, Any]:
    """The network of the unit vectors as a document."""

    def date(parts: list[int | None] | None) -> str | None:
        return None if parts is None else "-".join(f"{part:02d}" for part in parts if part is not None)

    deliveries = [
        {
            "ID": one["id"],
            "from": one["from"],
            "to": one["to"],
            "Date Delivery": date(one["departure"]),
            "Date Delivery Arrival": date(one["arrival"]),
        }
        for one in told["deliveries"]
    ]
    names = dict.fromkeys(one[end] for one in deliveries for end in ("from", "to"))
    return document([{"ID": name} for name in names], deliveries, told["relations"])


@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_the_unit_vectors_of_stations_and_deliveries(reference: Path, direction: str) -> None:
    value = vector_document(vectors(reference))
    graph, _ = captured(value)
    told = story(encoded(value))
    by_name = {case["name"]: case["expect"] for case in vectors(reference)["cases"]}
    stations = by_name["station forward/backward"][f"{direction}_stations_by_station"]
    for name, expected in stations.items():
        sites = graph.trace(f"site:{told.stations[name].key}", direction=direction).to_dict()["result"]["sites"]
        assert {site["id"] for site in sites} == {told.stations[one].key for one in (name, *expected)}, name
    deliveries = by_name["delivery forward/backward"][f"{direction}_deliveries_by_delivery"]
    for name, expected in deliveries.items():
        units = graph.trace(told.deliveries[name].key, direction=direction).to_dict()["result"]["units"]
        assert {unit["id"] for unit in units} == {told.deliveries[one].key for one in (name, *expected)}, name
    assert (len(stations), len(deliveries)) == (6, 9)


@settings(max_examples=40)
@given(documents())
def test_any_network_is_traced_by_its_relations(value: dict[str, Any]) -> None:
    graph, (report, again) = captured(value, value)
    assert report.rejected == 0
    assert (again.accepted, again.master_data) == (0, 0)
    assert_traced(graph, story(encoded(value)))


def test_a_start_may_be_an_id_a_lot_or_a_station() -> None:
    graph, _ = captured(document())
    told = story(encoded(document()))
    (by_id,) = {unit["id"] for unit in graph.show("D6").to_dict()["result"]["units"]}
    assert by_id == told.deliveries["D6"].key
    of_lot = {unit["id"] for unit in graph.trace("F1").to_dict()["result"]["units"]}
    assert of_lot - {lot_key(told.stations["S3"].key, "F1")} == {
        told.deliveries[one].key for one in reached({"D3", "D4"}, RELATIONS, "forward")
    }
    mill = told.stations["S3"].key
    through = {unit["id"] for unit in graph.trace(f"site:{mill}").to_dict()["result"]["units"]}
    assert {told.deliveries[one].key for one in ("D3", "D4", "D5", "D6")} <= through


def test_an_answer_tells_of_days_that_are_assumed() -> None:
    graph, _ = captured(document())
    gaps = [gap for gap in graph.trace("D3", direction="forward").gaps if gap["kind"] == "assumed_time"]
    told = story(encoded(document()))
    assert {(gap["unit"], gap["detail"]) for gap in gaps} == {
        (told.deliveries["D3"].key, "unknown"),
        (told.deliveries["D5"].key, "unknown"),
    }
    assert told.stations["S3"].key in {one for gap in gaps for one in gap["ask"]}
    stated = [{**row, "Date Delivery": "2016-01-05", "Date Delivery Arrival": "2016-01-05"} for row in DELIVERIES]
    exact, _ = captured(document(deliveries=stated))
    assert "assumed_time" not in {gap["kind"] for gap in exact.gaps()}


def test_a_chain_that_is_not_traced_further_is_a_gap() -> None:
    graph, _ = captured(document())
    answer = graph.trace("D5", direction="backward")
    assert not answer.complete
    assert "unknown_origin" in {gap["kind"] for gap in answer.gaps}
