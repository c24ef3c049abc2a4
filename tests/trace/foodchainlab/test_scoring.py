"""FoodChain-Lab's scores from a store: its desktop program's own output, and marks that are read from the file."""

from __future__ import annotations

import csv
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.formats.foodchainlab.building import DELIVERIES, captured, document
from tracegraph import Tracegraph
from tracegraph.formats.epcis import event_as_json
from tracegraph.trace.foodchainlab.kept import KeptNetwork, kept_network
from tracegraph.trace.foodchainlab.scoring import delivery_network, kept_scores, marked_cases, marked_weights
from tracegraph.trace.snapshot import Snapshot


def kept(graph: Tracegraph) -> KeptNetwork:
    return kept_network(Snapshot.of(graph.store))


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def marks(weights: dict[str, float], contaminated: list[str], killed: list[str]) -> list[dict[str, Any]]:
    return [
        {
            "id": name,
            "weight": weights.get(name, 0),
            "crossContamination": name in contaminated,
            "killContamination": name in killed,
            "observed": False,
        }
        for name in sorted({*weights, *contaminated, *killed})
    ]


def flow(folder: Path, name: str) -> dict[str, Any]:
    """The network of the desktop program's test, with the marks of one of its flows."""
    told = json.loads((folder / f"{name}.settings.json").read_bytes())
    tables = [rows(folder / f"{table}.csv") for table in ("stations", "deliveries", "delivery_relations")]
    tracing = {"enforceTemporalOrder": told["enforce_temporal_order"]}
    for member, kind, kinds in (("nodes", "station", "stations"), ("deliveries", "delivery", "deliveries")):
        tracing[member] = marks(
            told[f"{kind}_weights"], told[f"cross_contamination_{kinds}"], told[f"kill_contamination_{kinds}"]
        )
    relations = [(row["from"], row["to"]) for row in tables[2]]
    return document(tables[0], tables[1], relations, tracing=tracing)


@pytest.mark.parametrize("name", ["temporal_order", "no_temporal_order"])
def test_every_score_of_the_desktop_program(reference: Path, name: str) -> None:
    folder = reference / "fcl" / "desktop-flows"
    graph, (report,) = captured(flow(folder, name))
    assert report.rejected == 0
    network = kept(graph)
    found = kept_scores(network, "foodchain-lab")
    compared = 0
    for table, listed, told in (
        ("stations", network.stations, found.stations),
        ("deliveries", network.deliveries, found.deliveries),
    ):
        key_of = {one.id: key for key, one in listed.items()}
        for row in rows(folder / f"{name}.expected_{table}.csv"):
            score = told[key_of[row["ID"]]]
            for column, value in (
                ("Score", score.score),
                ("Positive Score", score.positive),
                ("Negative Score", score.negative),
                ("Normalized Score", score.normalized),
            ):
                assert float(value) == pytest.approx(float(row[column]), abs=1e-12), (table, row["ID"], column)
            compared += 1
    assert compared == 381 + 648


def test_weights_contamination_and_kills_are_those_of_the_file() -> None:
    nodes = [{"id": "S5", "weight": 2}, {"id": "S4", "crossContamination": True}, {"id": "S3", "weight": 0}]
    deliveries = [{"id": "D6", "weight": -1}, {"id": "D4", "killContamination": True}]
    graph, _ = captured(document(tracing={"nodes": nodes, "deliveries": deliveries, "enforceTemporalOrder": False}))
    network = kept(graph)
    names = {key: one.id for key, one in network.stations.items()}
    names |= {key: one.id for key, one in network.deliveries.items()}
    weights = marked_weights(network)
    assert {names[key]: int(weight) for key, weight in weights.stations.items()} == {"S5": 2}
    assert {names[key]: int(weight) for key, weight in weights.deliveries.items()} == {"D6": -1}
    assumed = delivery_network(network).assumptions
    assert [names[key] for key in assumed.cross_contaminated_stations] == ["S4"]
    assert [names[key] for key in assumed.killed_deliveries] == ["D4"]
    assert not assumed.in_order
    scores = {names[key]: score for key, score in kept_scores(network).deliveries.items()}
    assert (scores["D1"].score, scores["D1"].positive, scores["D1"].negative) == (
        Fraction(1, 2),
        Fraction(1),
        Fraction(1),
    )
    assert scores["D4"].score == 0


def test_dates_count_as_far_as_they_are_known() -> None:
    graph, _ = captured(document())
    network = kept(graph)
    dates = {
        network.deliveries[one.id].id: (one.departure, one.arrival) for one in delivery_network(network).deliveries
    }
    nothing = (None, None, None)
    assert dates["D4"][0] == (2016, 1, None)
    assert dates["D2"] in ((nothing, (2016, 1, 3)), ((2016, 1, 3), (2016, 1, 3)))
    assert dates["D6"] == (nothing, nothing)


def test_what_was_retracted_is_not_kept() -> None:
    graph, _ = captured(document())
    shipped = [event_as_json(found.event) for found in graph.events() if found.event.biz_step]
    (wrong,) = [event for event in shipped if event.get("tracegraph:foodchainlab", {}).get("id") == "D6"]
    declared = {**wrong, "errorDeclaration": {"declarationTime": "2016-02-01T00:00:00Z"}}
    graph, (_, report) = captured(document(), [declared])
    assert report.accepted == 1
    network = kept(graph)
    assert sorted(one.id for one in network.deliveries.values()) == ["D1", "D2", "D3", "D4", "D5"]
    assert len(network.relations) == 4


def test_a_corrected_delivery_is_told_by_the_later_file() -> None:
    corrected = [{**row, "Amount": "7 kg"} if row["ID"] == "D6" else row for row in DELIVERIES]
    graph, (_, report) = captured(document(), document(deliveries=corrected))
    assert report.accepted == 2
    (delivery,) = [one for one in kept(graph).deliveries.values() if one.id == "D6"]
    assert ("Amount", "7 kg") in delivery.cells
    assert "conflicting_event_id" in {gap["kind"] for gap in graph.gaps()}


def test_marks_are_cases_for_the_ranking_of_sources() -> None:
    nodes = [{"id": "S5", "weight": 1}, {"id": "S6", "weight": 2}, {"id": "S2", "weight": -1}]
    graph, _ = captured(document(tracing={"nodes": nodes, "deliveries": [{"id": "D4", "weight": 1.5}]}))
    cases = marked_cases(kept(graph))
    assert [(case.id, case.control, case.weight) for case in cases] == [
        ("delivery-D4", False, "1.5"),
        ("station-S2", True, "1"),
        ("station-S5", False, "1"),
        ("station-S6", False, "2"),
    ]
    assert [case.unit is None for case in cases] == [False, True, True, True]


def test_coverage_is_the_score_where_marked_stations_only_receive() -> None:
    nodes = [{"id": "S5", "weight": 1}, {"id": "S6", "weight": 2}]
    graph, _ = captured(document(tracing={"nodes": nodes}))
    network = kept(graph)
    rows = graph.sources(cases=marked_cases(network), limit=100, paths=0).to_dict()["result"]["sources"]["rows"]
    coverage = {(row["kind"], row["id"]): float(row["coverage"]["score"]) for row in rows}
    told = kept_scores(network)
    for kind, scores in (("site", told.stations), ("unit", told.deliveries)):
        for key, score in scores.items():
            assert coverage.get((kind, key), 0) == pytest.approx(float(score.score), abs=1e-9)
