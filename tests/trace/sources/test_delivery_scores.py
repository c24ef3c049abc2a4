"""FoodChain-Lab's scores: its own vectors and test flows, and an oracle that walks without cleverness."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracegraph.trace.sources.deliveries import (
    UNKNOWN_DATE,
    Assumptions,
    Delivery,
    DeliveryNetwork,
    PartialDate,
    not_after,
)
from tracegraph.trace.sources.delivery_scores import Weights, scores
from tracegraph.trace.sources.delivery_traces import (
    backward_deliveries,
    backward_deliveries_of,
    backward_stations,
    forward_deliveries,
    forward_deliveries_of,
    forward_stations,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

PROFILES = ("foodchain-lab", "consistent")


def assumptions(settings: Mapping[str, Any]) -> Assumptions:
    return Assumptions(
        frozenset(settings.get("cross_contamination_stations", ())),
        frozenset(settings.get("cross_contamination_deliveries", ())),
        frozenset(settings.get("kill_contamination_stations", ())),
        frozenset(settings.get("kill_contamination_deliveries", ())),
        settings["enforce_temporal_order"],
    )


def weights(settings: Mapping[str, Any]) -> Weights:
    return Weights(
        *(
            {name: Decimal(str(weight)) for name, weight in settings.get(kind, {}).items()}
            for kind in ("station_weights", "delivery_weights")
        )
    )


# FoodChain-Lab's unit vectors

VECTORS = "fcl/unit-vectors/tracing_vectors.json"
NAMES = (
    "station forward/backward",
    "delivery forward/backward",
    "station cross contamination, temporal",
    "station cross contamination, no temporal",
    "delivery cross contamination, temporal",
    "delivery cross contamination, no temporal",
    "kill at station producer2",
    "kill at delivery P2T1_2",
    "station weights",
    "delivery weights",
    "merge farm1+farm2 into farm12",
)


def test_every_unit_vector_of_foodchain_lab_is_named_here(reference: Path) -> None:
    assert tuple(case["name"] for case in vectors(reference)["cases"]) == NAMES


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("name", NAMES)
def test_foodchain_lab_unit_vector(name: str, profile: Any, reference: Path) -> None:
    told = vectors(reference)
    case = next(case for case in told["cases"] if case["name"] == name)
    merged = {one: new for new, old in case.get("merge", {}).items() for one in old}
    network = DeliveryNetwork.of(
        (
            Delivery(
                one["id"],
                merged.get(one["from"], one["from"]),
                merged.get(one["to"], one["to"]),
                tuple(one["departure"] or UNKNOWN_DATE),
                tuple(one["arrival"] or UNKNOWN_DATE),
            )
            for one in told["deliveries"]
        ),
        (tuple(pair) for pair in told["relations"]),
        assumptions(case),
    )
    asked = Asking(network, weights(case), profile)
    checked = 0
    for expectation, expected in case["expect"].items():
        for element, wanted in expected.items():
            asked.check(expectation, element, wanted)
            checked += 1
    assert checked > 0


class Asking:
    """Compares what one expectation names."""

    def __init__(self, network: DeliveryNetwork, weights: Weights, profile: Any) -> None:
        self.network, self.profile, self.place = network, profile, network.place()
        self.found = scores(network, weights, profile)

    def check(self, expectation: str, element: str, wanted: Any) -> None:
        what, _, how = expectation.partition("_by_")
        if expectation == "station_score":
            assert self.found.stations[element].score == Fraction(wanted)
        elif expectation == "delivery_score":
            assert self.found.deliveries[element].score == Fraction(wanted)
        elif what.endswith("_contains") or how.endswith("_contains"):
            assert set(wanted) <= self.reached(expectation.removesuffix("_contains"), element)
        elif what.endswith("_excludes") or how.endswith("_excludes"):
            assert not set(wanted) & self.reached(expectation.removesuffix("_excludes"), element)
        else:
            assert self.reached(expectation, element) == set(wanted)

    def reached(self, what: str, element: str) -> set[str]:
        match what:
            case "forward_stations_by_station":
                return forward_stations(self.network, element, self.profile)
            case "backward_stations_by_station":
                return backward_stations(self.network, element, self.profile)
            case "forward_deliveries_by_station":
                return self.ids(forward_deliveries_of(self.network, element))
            case "backward_deliveries_by_station":
                return self.ids(backward_deliveries_of(self.network, element))
            case "forward_deliveries_by_delivery" | "forward_deliveries":
                return self.ids(forward_deliveries(self.network, self.place[element]))
            case "backward_deliveries_by_delivery" | "backward_deliveries":
                return self.ids(backward_deliveries(self.network, self.place[element]))
        raise AssertionError(f"nothing answers {what}")

    def ids(self, numbers: Iterable[int]) -> set[str]:
        return {self.network.deliveries[number].id for number in numbers}


def vectors(reference: Path) -> Any:
    return json.loads((reference / VECTORS).read_text(encoding="utf-8"))


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize(
    ("marked", "expected", "links"),
    [
        (("Target",), ("1", "1", "1"), {"Source", "Target", "D"}),
        (("Source", "Target"), ("1", "1/2", "1/2"), {"Source"}),
        ((), ("0", "0", "0"), set()),
    ],
)
def test_foodchain_lab_vector_3_one_delivery(
    marked: tuple[str, ...], expected: tuple[str, ...], links: set[str], profile: Any
) -> None:
    network = DeliveryNetwork.of([Delivery("D", "Source", "Target")], [])
    found = scores(network, Weights(dict.fromkeys(marked, Decimal(1)), {}), profile)
    told = {**found.stations, **found.deliveries}
    assert [told[name].score for name in ("Source", "Target", "D")] == [Fraction(text) for text in expected]
    assert {name for name, score in told.items() if score.common_link} == links


# FoodChain-Lab's desktop test flows


@pytest.mark.parametrize("flow", ["temporal_order", "no_temporal_order"])
def test_desktop_flow_every_score_of_every_station_and_delivery(flow: str, reference: Path) -> None:
    folder = reference / "fcl" / "desktop-flows"
    settings = json.loads((folder / f"{flow}.settings.json").read_text(encoding="utf-8"))
    stations = [row["ID"] for row in table(folder / "stations.csv")]
    network = DeliveryNetwork.of(
        (
            Delivery(row["ID"], row["from"], row["to"], day(row["Date Delivery"]), lot=row["Charge Number"])
            for row in table(folder / "deliveries.csv")
        ),
        ((row["from"], row["to"]) for row in table(folder / "delivery_relations.csv")),
        assumptions(settings),
    )
    found = scores(network, weights(settings), "foodchain-lab", stations)
    compared = 0
    for kind, got in (("stations", found.stations), ("deliveries", found.deliveries)):
        rows = table(folder / f"{flow}.expected_{kind}.csv")
        assert len(rows) == len(got) == settings[f"expected_{kind[:-1].replace('deliverie', 'delivery')}_rows"]
        for row in rows:
            score = got[row["ID"]]
            told = [float(part) for part in (score.score, score.normalized, score.positive, score.negative)]
            names = ("Score", "Normalized Score", "Positive Score", "Negative Score")
            assert told == [float(row[name]) for name in names], row["ID"]
            assert score.lot is None
            compared += 1
    assert compared == 381 + 648


def test_the_order_of_time_matters_for_station_30(reference: Path) -> None:
    folder = reference / "fcl" / "desktop-flows"
    told = [
        next(row["Score"] for row in table(folder / f"{flow}.expected_stations.csv") if row["ID"] == "1112007951")
        for flow in ("no_temporal_order", "temporal_order")
    ]
    assert told == ["0.75", "0.5"]


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def day(text: str) -> PartialDate:
    year, month, day = text.split("-") if text else (None, None, None)
    return tuple(None if part is None else int(part) for part in (year, month, day))  # type: ignore[return-value]


# what the two profiles count differently


def test_an_element_forward_of_itself_counts_once_and_in_foodchain_lab_twice() -> None:
    network = DeliveryNetwork.of(
        [Delivery("out", "A", "B"), Delivery("back", "B", "A"), Delivery("on", "A", "C")],
        [("out", "back"), ("back", "out"), ("back", "on")],
    )
    both = Weights({"A": Decimal(1), "C": Decimal(1)}, {})
    assert scores(network, both, "consistent").stations["A"].score == 1
    assert scores(network, both, "foodchain-lab").stations["A"].score == Fraction(3, 2)


def test_nobody_is_reached_by_what_was_killed_on_its_way_and_in_foodchain_lab_somebody_is() -> None:
    network = DeliveryNetwork.of(
        [Delivery("in", "A", "B"), Delivery("out", "B", "C")],
        [("in", "out")],
        Assumptions(killed_deliveries=frozenset({"out"})),
    )
    case = Weights({"C": Decimal(1)}, {})
    consistent, desktop = scores(network, case, "consistent"), scores(network, case, "foodchain-lab")
    assert consistent.deliveries["out"].score == desktop.deliveries["out"].score == 0
    assert [consistent.deliveries["in"].score, desktop.deliveries["in"].score] == [0, 1]


def test_a_killed_station_is_no_source_and_in_foodchain_lab_is_one_from_afar() -> None:
    network = DeliveryNetwork.of(
        [Delivery("in", "A", "B"), Delivery("on", "B", "C")],
        [("in", "on")],
        Assumptions(killed_stations=frozenset({"A"})),
    )
    assert backward_stations(network, "B", "foodchain-lab") == set()
    assert backward_stations(network, "C", "foodchain-lab") == {"A", "B"}
    assert backward_stations(network, "C") == {"B"}


def test_the_score_of_a_lot_is_of_all_its_deliveries_without_their_own_weights() -> None:
    network = DeliveryNetwork.of(
        [Delivery("1", "A", "B", lot="L"), Delivery("2", "A", "C", lot="L"), Delivery("3", "A", "C", lot="M")], []
    )
    found = scores(network, Weights({"B": Decimal(1), "C": Decimal(2)}, {"1": Decimal(1)}))
    assert found.deliveries["1"].lot == found.deliveries["2"].lot == Fraction(3, 4)
    assert found.deliveries["3"].lot == Fraction(1, 2)
    assert found.stations["A"].lot == Fraction(3, 4)
    assert found.stations["B"].lot is None


def test_controls_weigh_against() -> None:
    network = DeliveryNetwork.of([Delivery("1", "A", "case"), Delivery("2", "A", "control")], [])
    found = scores(network, Weights({"case": Decimal(2), "control": Decimal(-1)}, {}))
    score = found.stations["A"]
    assert [score.score, score.positive, score.negative] == [Fraction(1, 2), 1, 1]


@pytest.mark.parametrize(
    ("arrival", "departure", "possible"),
    [
        ((2016, 1, 2), (2016, 1, 2), True),
        ((2016, 1, 3), (2016, 1, 2), False),
        ((2016, 2, 1), (2016, 1, None), False),
        ((2016, 1, None), (2016, 1, 1), True),
        ((2015, 12, 31), (2016, 1, 1), True),
        (UNKNOWN_DATE, (2016, 1, 1), True),
    ],
)
def test_what_is_not_known_of_a_date_excludes_nothing(
    arrival: PartialDate, departure: PartialDate, possible: bool
) -> None:
    assert not_after(arrival, departure) is possible


# against networkx, and in any order

PLACES = "ABCDE"


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[Delivery], list[tuple[str, str]], Assumptions, Weights]:
    days = st.sampled_from([UNKNOWN_DATE, (2016, 1, 1), (2016, 1, 2), (2016, None, None)])
    pairs = draw(st.lists(st.tuples(st.sampled_from(PLACES), st.sampled_from(PLACES)), min_size=1, max_size=9))
    deliveries = [Delivery(f"d{n}", a, b, draw(days), draw(days), draw(st.sampled_from(["", "L"])))
                  for n, (a, b) in enumerate(pairs)]  # fmt: skip
    linkable = [(a.id, b.id) for a in deliveries for b in deliveries if a.recipient == b.supplier]
    relations = draw(st.lists(st.sampled_from(linkable), max_size=10)) if linkable else []
    some_places = st.frozensets(st.sampled_from(PLACES), max_size=2)
    some_deliveries = st.frozensets(st.sampled_from([one.id for one in deliveries]), max_size=2)
    assumed = Assumptions(
        draw(some_places), draw(some_deliveries), draw(some_places), draw(some_deliveries), draw(st.booleans())
    )
    weight = st.sampled_from([Decimal(-1), Decimal("0.5"), Decimal(2)])
    weighted = Weights(
        draw(st.dictionaries(st.sampled_from(PLACES), weight, max_size=3)),
        draw(st.dictionaries(st.sampled_from([one.id for one in deliveries]), weight, max_size=3)),
    )
    return deliveries, relations, assumed, weighted


@settings(max_examples=60)
@given(worlds(), st.randoms(use_true_random=False))
def test_scores_are_those_of_walks_in_networkx_and_do_not_depend_on_order(world: Any, random: Any) -> None:
    deliveries, relations, assumed, weighted = world
    network = DeliveryNetwork.of(deliveries, relations, assumed)
    found = scores(network, weighted)
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(range(len(network.deliveries)))
    graph.add_edges_from((number, to) for number, ways in enumerate(network.following) for to in ways)
    for number, delivery in enumerate(network.deliveries):
        reached = {to for begin in graph[number] for to in {begin, *nx.descendants(graph, begin)}}
        expected = walked(network, reached | {number})
        assert found.deliveries[delivery.id].score == scored(weighted, expected | {("delivery", delivery.id)})
    shuffled, other = list(deliveries), list(relations)
    random.shuffle(shuffled)
    random.shuffle(other)
    assert scores(DeliveryNetwork.of(shuffled, other, assumed), weighted) == found


def walked(network: DeliveryNetwork, reached: set[int]) -> set[tuple[str, str]]:
    stations = {network.deliveries[number].recipient for number in reached if not network.is_killed(number)}
    return {("delivery", network.deliveries[number].id) for number in reached} | {("station", one) for one in stations}


def scored(weighted: Weights, elements: set[tuple[str, str]]) -> Fraction:
    every = {("station", one): weight for one, weight in weighted.stations.items()}
    every |= {("delivery", one): weight for one, weight in weighted.deliveries.items()}
    most = max(
        sum((weight for weight in every.values() if weight > 0), Decimal(0)),
        sum((-weight for weight in every.values() if weight < 0), Decimal(0)),
    )
    inside = sum((weight for one, weight in every.items() if one in elements), Decimal(0))
    return Fraction(inside) / Fraction(most) if most else Fraction(0)
