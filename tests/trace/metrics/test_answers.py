"""Metrics asked of a store: the vectors again, told as events."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.building import (
    Event,
    born,
    compared,
    document,
    event,
    happening,
    lot,
    opened,
    packed,
    put,
    received,
    shipped,
    site,
)
from tests.trace.memory import MemoryStore
from tests.trace.shares.stories import amount, delivered, mixed
from tracegraph.contract.scenes import Scene
from tracegraph.errors import UnknownIdentifier, UsageError
from tracegraph.graph import Tracegraph
from tracegraph.trace.metrics import BY, Metric, Period
from tracegraph.trace.metrics.choice import period_of

Json = dict[str, Any]
SEED = lot("seed")


def asked(events: list[Event], metric: str, *starts: str, **options: Any) -> Json:
    with opened() as graph:
        put(graph, events)
        told: Json = graph.metrics(metric, *starts, **options).to_dict()["result"]["metrics"]
        return told


def row(told: Json, name: str, **others: Any) -> Json:
    """The only row of that name."""
    (found,) = [
        row for row in told["rows"] if row["id"] == name and all(row[key] == value for key, value in others.items())
    ]
    return found


def outbreak() -> list[Event]:
    """The importer's sales of recall.md 5.1: 10,500 kg to a distributor who sells on, the rest to twelve others."""
    others = {"uk": 400, "es": 375, "at": 250, **{f"c{number}": 394 for number in range(8)}, "c8": 398}
    sales = [sold for number, (name, kilos) in enumerate(others.items()) for sold in to(20 + 2 * number, name, kilos)]
    resold = [sold for number in range(3) for sold in delivered(60 + 2 * number, SEED, "d1", f"r{number}", 3500)]
    return [born(0, SEED, "importer", 15_075), *delivered(10, SEED, "importer", "d1", 10_500), *sales, *resold]


def to(minute: int, name: str, kilos: int) -> list[Event]:
    return delivered(minute, SEED, "importer", name, kilos)


def test_recall_5_1_the_distributor_is_the_dominator_of_69_7_percent() -> None:
    told = asked(outbreak(), "dominators", SEED)
    assert told["volume"] == "15075"
    assert row(told, site("importer")) == {"id": site("importer"), "exposure": "1", "volume": "15075", "ends": 15}
    assert row(told, site("d1"))["exposure"] == "0.696517412935"
    assert row(told, site("r1"))["volume"] == "3500"
    assert told["rows"][0]["id"] == site("importer")


def test_recall_3_1_the_concentration_of_the_importers_sales() -> None:
    told = asked(outbreak(), "concentration", SEED, by="customer")
    sales, further = sorted(told["groups"], key=lambda group: group["tier"])
    assert (sales["volume"], sales["partners"], round(float(sales["hhi"]), 3)) == ("15075", 13, 0.493)
    assert round(float(sales["effective"]), 2) == 2.03
    assert (further["tier"], further["volume"], further["hhi"]) == (2, "10500", "0.333333333333")
    assert row(told, site("d1"), tier=1)["share"] == "0.696517412935"
    suppliers = asked(outbreak(), "concentration", SEED, by="supplier")["rows"]
    assert {(row["tier"], row["id"], row["volume"]) for row in suppliers} == {
        (1, site("d1"), "10500"), (1, site("importer"), "4575"), (2, site("importer"), "10500")
    }  # fmt: skip


A, B, C = lot("a"), lot("b"), lot("c")
F1, F2, F3 = lot("F1"), lot("F2"), lot("F3")


def batches() -> list[Event]:
    return [
        *(born(0, unit, "plant", kilos) for unit, kilos in ((A, 60), (B, 90), (C, 150))),
        mixed(10, {A: 60, B: 40}, {F1: 100}),
        mixed(20, {B: 50, C: 50}, {F2: 100}),
        mixed(30, {C: 100}, {F3: 100}),
    ]


def test_recall_2_5_dispersion_and_recall_cost_of_events() -> None:
    told = asked(batches(), "dispersion")
    assert {row["id"]: (row["finished"], row["cost"]) for row in told["rows"]} == {
        A: (1, "100"), B: (2, "200"), C: (2, "200")
    }  # fmt: skip
    assert {row["id"]: row["raw"] for row in told["finished"]} == {F1: 2, F2: 2, F3: 1}
    assert (told["links"], told["worst"], told["average"], told["average_weighted"]) == (
        5, "200", "166.666666667", "180"
    )  # fmt: skip


def milk(known: int = 60) -> list[Event]:
    """Cheese of 60 kg of milk from a farm two days away, and 40 kg that came from nobody knows where."""
    found = lot("found")
    return [
        born(0, lot("milk"), "farm", known),
        *delivered(60, lot("milk"), "farm", "dairy", known),
        happening(2000, "OBSERVE", "receiving", found, "dairy", 40),
        mixed(2880, {lot("milk"): known, found: 40}, {lot("cheese"): 80}, at="dairy"),
        *delivered(2900, lot("cheese"), "dairy", "shop", 80),
    ]


def test_recall_3_1_depth_weighs_by_amounts() -> None:
    told = asked(milk(), "depth", lot("cheese"))
    cheese = row(told, lot("cheese"))
    # farm, way, dairy, cheese, way, shop: five events; of what was found at the dairy three
    assert (cheese["least"], cheese["most"], cheese["weighted"]) == (3, 5, True)
    assert cheese["mean"] == "4.2"
    assert cheese["unknown"] == "0.4"
    assert cheese["tiers"] == [
        {"tier": 1, "known": "0", "unknown": "0.4"},
        {"tier": 2, "known": "0.6", "unknown": "0"},
    ]
    assert cheese["days"] == str(round((0.6 * 2901 + 0.4 * 901) / 1440, 11))


def test_recall_3_2_trace_completeness_is_the_part_that_reached_an_origin() -> None:
    told = asked(milk(), "completeness", lot("cheese"))
    assert (told["backward"], told["forward"]) == ("0.6", "1")
    (open_end,) = told["frontier"]
    assert (open_end["side"], open_end["unit"], open_end["reasons"]) == ("backward", lot("found"), ["no_data"])
    assert told["rows"] == [
        {"id": lot("cheese"), "backward_volume": "80", "backward": "0.6", "forward_volume": "80", "forward": "1"}
    ]


def test_what_was_shipped_and_never_received_ended_where_nobody_can_tell() -> None:
    events = [born(0, A, "plant", 100), *delivered(10, A, "plant", "shop", 60), shipped(20, A, "plant", "kiosk", 40)]
    told = asked(events, "completeness")
    assert (told["backward"], told["forward"]) == ("1", "0.6")


def test_origins_behind_many_suppliers() -> None:
    """Two traders, one mill."""
    events = [
        born(0, A, "mill", 100),
        *delivered(10, A, "mill", "x", 50),
        *delivered(12, A, "mill", "y", 50),
        *delivered(20, A, "x", "bakery", 50),
        *delivered(22, A, "y", "bakery", 50),
    ]
    suppliers = asked(events, "concentration", A, by="supplier")["groups"]
    assert [(group["tier"], group["hhi"]) for group in suppliers] == [(1, "0.5"), (2, "1")]
    (origins,) = asked(events, "concentration", A, by="origin")["groups"]
    assert (origins["hhi"], origins["volume"]) == ("1", "100")
    points = asked(events, "dominators")
    assert {row["id"] for row in points["rows"]} == {site("mill"), site("bakery")}


def test_reach_of_lots() -> None:
    told = asked(
        [*batches(), *delivered(40, F2, "plant", "shop", 100), shipped(50, F1, "plant", "kiosk", 100)], "reach"
    )
    c = row(told, C)
    assert (c["units"], c["recipients"], c["volume"], c["confirmed"], c["precision"]) == (3, 1, "200", "200", "1")
    assert row(told, A)["units"] == 2
    assert row(told, A)["expansion"] == "1"
    assert row(told, F3)["volume"] == "100"
    assert told["rows"][0]["percentile"] == "100"
    by_site = asked([*batches(), *delivered(40, F2, "plant", "shop", 100)], "reach", by="site")
    assert row(by_site, site("plant"))["volume"] == "300"
    assert row(by_site, site("shop"))["volume"] == "100"


def test_what_is_only_possible_widens_reach() -> None:
    """Two shipments, one receipt without a document: either may have arrived."""
    events = [
        born(0, A, "p", 50), born(0, A, "q", 50), shipped(10, A, "p", "shop", 50), shipped(11, A, "q", "shop", 50),
        happening(20, "OBSERVE", "receiving", A, "shop", 50), mixed(30, {A: 50}, {B: 50}, at="shop"),
    ]  # fmt: skip
    told = row(asked(events, "reach", by="site"), site("p"))
    assert (told["units"], told["expansion"]) == (2, "2")
    confirmed = row(asked(events, "reach", by="site", certainty="confirmed"), site("p"))
    assert (confirmed["units"], confirmed["expansion"]) == (1, "1")


def test_periods_and_change() -> None:
    day = 24 * 60
    events = [
        *(born(0, unit, "plant", kilos) for unit, kilos in ((A, 30), (B, 50))),
        *delivered(10, A, "plant", "shop", 30),
        *delivered(40 * day, B, "plant", "shop", 50),
    ]
    rows = asked(events, "reach", by="site", period="month")["rows"]
    assert [(row["period"], row["change"]) for row in rows if row["id"] == site("shop")] == [
        ("2026-04", "20"), ("2026-03", None)
    ]  # fmt: skip
    groups = asked(events, "concentration", by="customer", period="month")["groups"]
    assert {group["period"] for group in groups} == {"2026-03", "2026-04"}


@pytest.mark.parametrize(
    ("period", "name"), [("all", ""), ("year", "2011"), ("quarter", "2011-Q2"), ("month", "2011-05")]
)
def test_names_of_periods(period: str, name: str) -> None:
    assert period_of(1_304_380_800_000_000, Period(period)) == name


def test_goods_in_a_container_pass_the_sites_of_the_container() -> None:
    pallet = "urn:x-item:pallet"
    events = [
        born(0, A, "plant", 10),
        packed(1, pallet, [A], "plant", 10),
        shipped(2, pallet, "plant", "hub", bizTransactionList=document(1)),
        happening(3, "OBSERVE", "receiving", pallet, "hub", bizTransactionList=document(1)),
        shipped(4, pallet, "hub", "shop", bizTransactionList=document(2)),
        happening(5, "OBSERVE", "receiving", pallet, "shop", bizTransactionList=document(2)),
        packed(6, pallet, [A], "shop", 10, action="DELETE"),
    ]
    told = asked(events, "dominators", A)
    assert row(told, site("hub"))["exposure"] == "1"
    (group,) = asked(events, "concentration", A, by="customer")["groups"]
    assert group["volume"] == "10"


def test_recall_3_2_quality_names_the_offending_records() -> None:
    bare = event("ObjectEvent", 30, action="OBSERVE", bizStep="shipping", quantityList=[amount(B, None)])
    events = [
        born(0, A, "plant", 100),
        *delivered(10, A, "plant", "shop", 60),
        shipped(20, A, "plant", "kiosk", 40),
        bare | {"readPoint": {"id": site("depot")}},
    ]
    told = asked(events, "quality")
    depot, plant, shop, kiosk = (row(told, site(name)) for name in ("depot", "plant", "shop", "kiosk"))
    assert depot["score"] == "0"
    assert set(depot["kinds"]) >= {"no_document", "no_destination", "no_quantity"}
    assert (shop["score"], shop["records"], shop["kinds"]) == ("1", 1, {})
    assert (plant["records"], plant["score"]) == (3, "0.666666666667")
    assert (kiosk["owed"], kiosk["kinds"]) == (1, {"never_received": 1})
    with opened() as graph:
        put(graph, events)
        for finding in graph.metrics("quality").to_dict()["result"]["metrics"]["findings"]:
            assert graph.show(f"event:{finding['event']}").to_dict()["result"]["shown"]["events"]


def test_recall_3_2_one_lot_number_of_two_makers() -> None:
    events = [born(0, A, "plant", 1), born(1, A, "mill", 1), born(2, B, "mill", 1), born(3, B, "mill", 1)]
    told = asked(events, "quality")
    found = {(one["partner"], one["unit"]) for one in told["findings"] if one["kind"] == "two_makers"}
    assert found == {(site("plant"), A), (site("mill"), A)}


def test_recall_3_2_journeys_without_time_and_two_sites_at_one_address(tmp_path: Path) -> None:
    papers = document("N1")
    sent = shipped(10, A, "plant", "shop", 60, bizTransactionList=papers)
    got = received(10, A, "shop", "plant", 60, bizTransactionList=papers)
    sites = "Site;Name;Street;City\nurn:x-site:shop;Shop;High St 1;Town\nurn:x-site:kiosk;Kiosk;high  st 1;TOWN\n"
    (tmp_path / "sites.csv").write_text(f"{sites}urn:x-site:plant;Plant;High St 2;Town\n")
    with opened() as graph:
        put(graph, [born(0, A, "plant", 60), sent, got])
        graph.capture(tmp_path / "sites.csv", rejects=None)
        told = graph.metrics("quality").to_dict()["result"]["metrics"]
    found = {(one["kind"], one["partner"], one["unit"], one["place"]) for one in told["findings"]}
    assert found >= {
        ("no_time", site("plant"), A, ""),
        ("one_address", site("shop"), "", site("shop")),
        ("one_address", site("kiosk"), "", site("kiosk")),
    }
    assert (row(told, site("kiosk"))["score"], row(told, site("kiosk"))["owed"]) == ("0", 1)
    assert not any(one["kind"] == "no_time" for one in asked([born(0, A, "plant", 60)], "quality")["findings"])


def test_quality_of_what_a_start_reaches_only() -> None:
    events = [born(0, A, "plant", 1), born(1, B, "mill", 1)]
    assert [row["id"] for row in asked(events, "quality", A)["rows"]] == [site("plant")]
    assert len(asked(events, "quality")["rows"]) == 2


def test_volumes_in_another_measure_and_rows_cut() -> None:
    told = asked(outbreak(), "dominators", SEED, measure="TNE", limit=2)
    assert (told["unit"], told["volume"], len(told["rows"])) == ("TNE", "15.075", 2)
    assert told["row_count"] == 17
    assert asked(outbreak(), "dominators", measure="LTR")["volume"] == "0"


def scene() -> Scene:
    made = Scene().mix("baking", ["flour@mill", "salt@mine"], ["bread@bakery"], 5)
    made.leg("bread@bakery", "bread@way", 6).leg("bread@way", "bread@shop", 7).leg("bread@way", "bread@kiosk", 7, True)
    made.leg("bread@shop", "bread@bakery", 8, possible=True)  # round in a circle
    return made.gap("unknown_origin", "salt@mine", ask=("https://mine.example",))


@pytest.mark.parametrize("metric", Metric)
def test_the_same_of_every_store_whatever_the_numbers_of_nodes(metric: Metric) -> None:
    told = []
    for seed in (1, 2, 3):
        store = MemoryStore(seed)
        scene().put_into(store, recorded_at=1)
        graph = Tracegraph(store)
        told.append([compared(graph.metrics(metric, by=by)) for by in BY[metric]])
    assert told[0] == told[1] == told[2]


@pytest.mark.parametrize("metric", Metric)
def test_an_empty_store_has_no_rows(metric: Metric) -> None:
    with opened() as graph:
        answer = graph.metrics(metric)
        assert (list(answer.metrics), answer.complete) == ([], True)


def test_wrong_choices_are_refused() -> None:
    wrong: list[dict[str, Any]] = [
        {"metric": "beauty"}, {"metric": "depth", "by": "colour"}, {"metric": "depth", "direction": "forward"},
        {"metric": "reach", "measure": "stone"}, {"metric": "reach", "period": "week"}, {"metric": "reach", "limit": 0},
    ]  # fmt: skip
    with opened() as graph:
        for options in wrong:
            with pytest.raises(UsageError):
                graph.metrics(**options)
        with pytest.raises(UnknownIdentifier):
            graph.metrics("reach", lot("unheard-of"))


def network() -> list[Event]:
    """Two farms, a mill that both deliver to, and two bakers of whom one sells to a shop."""
    a, b, flour = lot("a"), lot("b"), lot("flour")
    return [
        born(0, a, "f1", 60),
        born(1, b, "f2", 40),
        *delivered(10, a, "f1", "mill", 60),
        *delivered(20, b, "f2", "mill", 40),
        mixed(60, {a: 60, b: 40}, {flour: 90}, "mill"),
        *delivered(120, flour, "mill", "b1", 50),
        *delivered(180, flour, "mill", "b2", 40),
        *delivered(240, flour, "b1", "shop", 20),
    ]


def test_weak_points_are_places_without_which_the_network_falls_apart() -> None:
    told = asked(network(), "weak_points")
    assert told["places"] == 6
    assert [(row["id"], row["parts"], row["cut_off"], row["partners"]) for row in told["rows"]] == [
        (site("mill"), 4, 3, 4),
        (site("b1"), 2, 1, 2),
    ]
    assert {(one["one"], one["other"], one["cut_off"]) for one in told["bridges"]} == {
        (site("f1"), site("mill"), 1),
        (site("f2"), site("mill"), 1),
        (site("b1"), site("mill"), 2),
        (site("b2"), site("mill"), 1),
        (site("b1"), site("shop"), 1),
    }


def test_the_smallest_cut_of_a_product_is_the_mill() -> None:
    (found,) = asked(network(), "smallest_cut")["rows"]
    assert (found["origins"], found["ends"], found["size"], found["cut"]) == (2, 3, 1, [site("mill")])
    (still,) = asked([born(0, lot("a"), "f1", 60)], "smallest_cut")["rows"]
    assert (still["size"], still["cut"]) == (None, [])


def test_fan_in_and_fan_out() -> None:
    by_site = asked(network(), "fan", by="site")
    assert [(row["id"], row["fan_in"], row["fan_out"], row["units"]) for row in by_site["rows"][:2]] == [
        (site("mill"), 2, 2, 3),
        (site("b1"), 1, 1, 1),
    ]
    assert row(asked(network(), "fan", by="unit"), lot("flour"))["fan_in"] == 2
    tote = [born(0, lot("a"), "f1"), born(1, lot("b"), "f1"), packed(2, "urn:x-item:tote", [lot("a"), lot("b")], "f1")]
    (held,) = asked(tote, "fan", by="container")["rows"]
    assert (held["units"], held["fan_in"]) == (2, 0)


def test_dwell_is_the_time_between_arrival_and_departure() -> None:
    rows = asked(network(), "dwell")
    assert {(one["id"], one["stays"], one["open"], one["median_hours"]) for one in rows["rows"]} >= {
        (site("f1"), 1, 0, "0.166666666667"),
        (site("f2"), 1, 0, "0.316666666667"),
        (site("b1"), 1, 1, None),
    }
    mill = row(asked(network(), "dwell", by="site"), site("mill"))
    assert mill["open"] == 0
    assert float(mill["median_hours"]) <= float(mill["hours_95"]) <= float(mill["longest_hours"])


def test_links_are_lost_where_several_lots_become_several() -> None:
    a, b, c, d = (lot(name) for name in "abcd")
    events = [
        born(0, a, "mill", 60),
        born(1, b, "mill", 40),
        mixed(60, {a: 60, b: 40}, {c: 30, d: 60}, "mill"),
    ]
    told = asked(events, "critical_points")
    assert told["inferred_links"] == 4
    (found,) = told["rows"]
    assert (found["id"], found["kinds"], found["volume"], found["loss"]) == (site("mill"), {"mixed": 4}, "90", "360")
    assert asked(network()[:7], "critical_points")["rows"] == []
    (arrived,) = asked(network()[:5], "critical_points")["rows"]
    assert (arrived["id"], arrived["kinds"], arrived["loss"]) == (site("mill"), {"possible": 1}, "40")


def test_yields_outside_the_band_of_their_product_and_gains() -> None:
    kilos = [90, 91, 92, 90, 93, 40]
    events = [
        one
        for number, made in enumerate(kilos)
        for raw, out in [(lot(f"raw{number}"), lot(f"out{number}"))]
        for one in (
            born(10 * number, raw, "mill", 100),
            mixed(10 * number + 5, {raw: 100}, {out: made}, "mill"),
        )
    ]
    told = asked(events, "yields", by="site")
    (found,) = told["rows"]
    assert (found["runs"], found["outside"], found["median_yield"]) == (6, 1, "0.905")
    assert (found["least_yield"], found["most_yield"], found["low"], found["high"]) == (
        "0.4",
        "0.93",
        "0.87375",
        "0.94375",
    )
    (finding,) = told["findings"]
    assert (finding["kind"], finding["yield"], finding["place"]) == ("low", "0.4", site("mill"))
    gained = [born(0, lot("a"), "mill", 10), mixed(5, {lot("a"): 10}, {lot("b"): 12}, "mill")]
    assert [one["kind"] for one in asked(gained, "yields")["findings"]] == ["gain"]
