"""Quantity accounts: every gram in one bucket."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.end_to_end.building import (
    born,
    compared,
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
from tests.simulator.world import make_world
from tests.trace.shares.physical import random_world
from tests.trace.shares.stories import L, M, R, amount, delivered, mixed, thousand_kilograms
from tracegraph.errors import UnknownIdentifier, UsageError
from tracegraph.model.instants import MINUTE, parse_instant
from tracegraph.trace.balance.answering import account as exact_account
from tracegraph.trace.balance.answering import account_then
from tracegraph.trace.balance.following import follow
from tracegraph.trace.balance.rounding import rounded
from tracegraph.trace.question import Question, Start, StartKind, Window
from tracegraph.trace.register import Register
from tracegraph.trace.shares.network import ordered
from tracegraph.trace.snapshot import Snapshot

SEEDS = st.integers(0, 10**6)


def account(events: list[dict[str, Any]], *units: str, **options: Any) -> dict[str, Any]:
    with opened() as graph:
        put(graph, events)
        told: dict[str, Any] = graph.balance(*(units or (L,)), **options).to_dict()["result"]["balance"]
        return told


def buckets(told: dict[str, Any]) -> dict[str, str]:
    assert sum(Decimal(bucket["value"]) for bucket in told["buckets"]) == Decimal(told["start"])
    assert sum(Decimal(row["value"]) for row in told["rows"]) == Decimal(told["start"])
    return {bucket["bucket"]: bucket["value"] for bucket in told["buckets"]}


def rows(told: dict[str, Any]) -> dict[tuple[str, str, str], str]:
    return {
        (row["bucket"], row["unit"] or "", row["place"]["id"].removeprefix("urn:x-site:")): row["value"]
        for row in told["rows"]
        if row["place"]["kind"] != "transit"
    }


def counted() -> list[dict[str, Any]]:
    """The thousand kilograms, of which 200 and not 205 are found at the plant."""
    return [*thousand_kilograms(), happening(70, "OBSERVE", "cycle_counting", L, "plant", 200)]


def test_recall_2_3_the_account_of_1000_kg() -> None:
    told = account(counted())
    assert told["start"] == "1000"
    assert rows(told) == {
        ("on_hand", L, "plant"): "200",
        ("on_hand", L, "C1"): "100",
        ("on_hand", M, "plant"): "72",
        ("on_hand", M, "C3"): "160",
        ("sold", L, "retail_selling"): "195",
        ("sampled", L, "sampling"): "5",
        ("lost", "", "plant"): "8",
        ("unaccounted", L, "plant"): "5",
    }
    assert buckets(told) == {
        "on_hand": "532", "in_transit": "250", "short_received": "5", "sold": "195", "sampled": "5", "lost": "8",
        "unaccounted": "5",
    }  # fmt: skip


def test_recall_2_3_gross_affected_product_is_1325_kg() -> None:
    told = account(counted())
    assert told["gross"] == "1325"
    assert {row["of"] for row in told["rows"] if row["unit"] == M} == {"180", "400"}


def flows(told: dict[str, Any]) -> list[tuple[str | None, ...]]:
    """What came in, went out, remains and is missing, in the order of time; every holding adds up."""
    for row in told["flows"]:
        if row["in"] is not None:
            assert Decimal(row["in"]) == sum(Decimal(row[name]) for name in ("out", "remaining", "unaccounted"))
    return [
        (row["place"]["kind"], *(row[name] for name in ("in", "out", "remaining", "unaccounted")))
        for row in told["flows"]
    ]


def test_recall_2_3_what_came_in_went_out_and_remains_at_each_stay() -> None:
    """The shipment of which 295 of 300 kg arrived has the transit loss; the plant lacks 5 kg."""
    assert sorted(flows(account(counted()))) == [
        ("sink", "195", "0", "195", "0"),
        ("sink", "5", "0", "5", "0"),
        ("site", "1000", "795", "200", "5"),
        ("site", "295", "195", "100", "0"),
        ("transit", "250", "0", "250", "0"),
        ("transit", "300", "295", "5", "0"),
    ]


def test_recall_2_3_yield_and_ratios() -> None:
    told = account(counted())
    assert [(row["in"], row["out"], row["yield"]) for row in told["yields"]] == [("600", "580", "0.966666666667")]
    assert told["ratios"] == [
        {"ratio": "accounted", "part": "995", "of": "1000", "value": "0.995"},
        {"ratio": "recoverable", "part": "782", "of": "1000", "value": "0.782"},
    ]


def test_recall_2_3_the_next_tier() -> None:
    """Who has some of the lot, or of what was made of it, or will have."""
    with opened() as graph:
        put(graph, counted())
        sites = {one["id"].removeprefix("urn:x-site:") for one in graph.trace(L).sites}
    assert sites == {"plant", "C1", "C2", "C3"}


def test_missing_and_surplus_are_said_of_the_stay_where_they_are() -> None:
    surplus = account([born(0, L, "plant", 100), happening(5, "OBSERVE", "cycle_counting", L, "plant", 103)])
    assert flows(surplus) == [("site", "100", "0", "103", "-3")]
    assert surplus["ratios"][0] == {"ratio": "accounted", "part": "97", "of": "100", "value": "0.97"}
    overdrawn = account(
        [born(0, L, "plant", 100), *delivered(10, L, "plant", "shop", 60), *delivered(20, L, "plant", "kiosk", 45)]
    )
    assert sum(Decimal(missing or 0) for *_, missing in flows(overdrawn)) == -5


def test_what_came_in_an_unknown_amount() -> None:
    told = account([born(0, L, "plant", 100), *delivered(10, L, "plant", "shop", None)])
    assert ("site", "100", "0", None, None) not in flows(told)
    assert [row for row in flows(told) if row[3] is None]
    assert told["ratios"][0]["part"] == "0"


def test_held_stock() -> None:
    """30 of 100 kg are put aside; when 80 kg leave, the rest is held; when they are let go, nothing is."""
    events = [born(0, L, "plant", 100), happening(5, "OBSERVE", "holding", L, "plant", 30)]
    told = account(events)
    assert buckets(told) == {"on_hand": "70", "held": "30"}
    assert (told["gross"], told["ratios"][1]["part"]) == ("100", "100")
    sold = [*events, *delivered(10, L, "plant", "shop", 80)]
    assert rows(account(sold)) == {("held", L, "plant"): "20", ("on_hand", L, "shop"): "80"}
    assert buckets(account([*events, happening(9, "OBSERVE", "storing", L, "plant", 30)])) == {"on_hand": "100"}
    assert buckets(account(events, on="2026-03-01T00:04:00Z")) == {"on_hand": "100"}


def test_all_of_a_lot_is_held_with_what_of_another_is_in_it() -> None:
    told = account([*thousand_kilograms(), happening(70, "OBSERVE", "holding", M, "plant")])
    assert rows(told)["held", M, "plant"] == "72"
    assert {row["of"] for row in told["rows"] if row["bucket"] == "held"} == {"180"}
    assert told["gross"] == "1330"


def test_goods_derived_from_another_member_of_the_set_count_once() -> None:
    assert account(counted(), L, M)["start"] == "1348"
    assert account(counted(), L, M, R)["start"] == "1360"
    assert account(counted(), M)["start"] == "580"
    assert buckets(account(counted(), L, M, R))["lost"] == "20"


def test_more_found_than_recorded_is_below_zero() -> None:
    told = account([born(0, L, "plant", 100), happening(5, "OBSERVE", "cycle_counting", L, "plant", 103)])
    assert buckets(told) == {"on_hand": "103", "unaccounted": "-3"}


def test_a_count_holds_for_what_is_there_later() -> None:
    events = [
        born(0, L, "plant", 100),
        happening(5, "OBSERVE", "cycle_counting", L, "plant", 90),
        *delivered(10, L, "plant", "shop", 40),
    ]
    assert rows(account(events)) == {
        ("on_hand", L, "plant"): "50",
        ("on_hand", L, "shop"): "40",
        ("unaccounted", L, "plant"): "10",
    }


def test_on_a_date_what_happened_later_is_left_out() -> None:
    told = account(thousand_kilograms(), on="2026-03-01T00:10:30Z")
    assert buckets(told) == {"on_hand": "700", "in_transit": "300"}


def test_more_received_than_sent_may_have_come_from_what_was_left() -> None:
    told = account([born(0, L, "plant", 100), *delivered(10, L, "plant", "shop", 60, arrived=65)])
    assert (told["start"], buckets(told)) == ("100", {"undetermined": "100"})  # 60 in transit, 40 left


def test_what_left_beyond_what_was_there_is_below_zero() -> None:
    told = account(
        [born(0, L, "plant", 100), *delivered(10, L, "plant", "shop", 60), *delivered(20, L, "plant", "kiosk", 45)]
    )
    assert (told["start"], buckets(told)) == ("100", {"on_hand": "105", "unaccounted": "-5"})


def test_what_the_records_leave_open_is_undetermined() -> None:
    """A receipt without documents that either of two shipments may be; a part of unknown size."""
    open_receipt = [
        born(0, L, "plant", 100), shipped(10, L, "plant", "shop", 60), shipped(11, L, "plant", "shop", 40),
        received(12, L, "shop", "plant", 30),
    ]  # fmt: skip
    assert buckets(account(open_receipt)) == {"in_transit": "40", "undetermined": "60"}
    part = [born(0, L, "plant", 100), *delivered(10, L, "plant", "shop", None)]
    assert buckets(account(part)) == {"undetermined": "100"}


def test_goods_that_moved_on_after_an_open_receipt_are_not_counted_again() -> None:
    events = [
        born(0, L, "plant", 100), shipped(10, L, "plant", "shop", 60), shipped(11, L, "plant", "shop", 40),
        received(12, L, "shop", "plant", 30), *delivered(20, L, "shop", "kiosk", 20),
    ]  # fmt: skip
    assert account(events)["start"] == "100"


def test_packed_goods() -> None:
    crate = "urn:x-item:crate"
    assert buckets(account([born(0, L, "plant", 50), packed(10, crate, [L], "plant", 20)])) == {
        "on_hand": "30",
        "packed": "20",
    }


def test_another_measure_of_the_dimension() -> None:
    told = account(thousand_kilograms(), measure="TNE")
    assert (told["start"], told["unit"], told["gross"]) == ("1", "TNE", "1.33")
    assert buckets(told)["lost"] == "0.008"


def test_thirds_add_up() -> None:
    outputs = {lot(f"third {number}"): 10.0 for number in range(3)}
    told = account([born(0, L, "plant", 10), born(0, R, "plant", 20), mixed(5, {L: 10, R: 20}, outputs)])
    assert sorted(row["value"] for row in told["rows"]) == ["3.333", "3.333", "3.334"]


def test_quantities_without_value_or_of_another_dimension_stand_apart() -> None:
    other, nothing = lot("other"), lot("without")
    litres = event("ObjectEvent", 0, action="ADD", bizStep="commissioning", readPoint={"id": site("plant")},
                   quantityList=[amount(other, 7, "LTR")])  # fmt: skip
    told = account([born(0, L, "plant", 100), litres, born(0, nothing, "plant")], L, other, nothing, measure="KGM")
    assert (told["start"], told["unit"]) == ("100", "KGM")
    assert [(row["unit"], row["quantity"]) for row in told["apart"]] == [
        (other, {"value": "7", "unit": "LTR"}),
        (nothing, {"value": None, "unit": ""}),
    ]


def test_goods_that_become_pieces_keep_their_kilograms() -> None:
    packets = "https://id.gs1.org/01/09521000123458/10/P"
    packing = event(
        "TransformationEvent", 5, bizStep="commissioning", readPoint={"id": site("plant")},
        inputQuantityList=[amount(L, 40), {"epcClass": lot("bags"), "quantity": 80}],
        outputQuantityList=[{"epcClass": packets, "quantity": 80}],
    )  # fmt: skip
    told = account([born(0, L, "plant", 100), packing])
    assert buckets(told) == {"on_hand": "100"}
    assert rows(told)["on_hand", packets, "plant"] == "40"
    assert told["gross"] == "60"
    assert {row["of"] for row in told["rows"]} == {None, "60"}


def test_only_goods_have_an_account() -> None:
    with pytest.raises(UsageError, match="an account is of goods"):
        account(thousand_kilograms(), f"site:{site('plant')}")


def test_arrival_order_does_not_matter() -> None:
    events, told = counted(), set()
    for seed in range(3):
        random.Random(seed).shuffle(events)
        with opened() as graph:
            put(graph, *([one] for one in events))
            told.add(compared(graph.balance(L, M))["result"])
    assert len(told) == 1


@pytest.mark.parametrize("minute", [0, 15, 45, 65, 69, 70, 200])
def test_the_account_then_is_that_of_a_question_about_then(minute: int) -> None:
    """Whether the goods are followed anew or not."""
    on = parse_instant("2026-03-01", "on") + minute * MINUTE
    asked = Question("balance", (Start(StartKind.UNIT, L), Start(StartKind.UNIT, M)))
    with opened() as graph:
        put(graph, [*counted(), happening(75, "OBSERVE", "holding", M, "plant", 30)])
        register = Register(Snapshot.of(graph.store))
        then = account_then(exact_account(asked, register), asked, register, on)
        of_then = exact_account(replace(asked, window=Window(on=on)), register)
        assert sorted(then.rows) == sorted(of_then.rows)


@pytest.mark.parametrize("kind", ["recorded", "careless"])
def test_every_account_of_a_simulated_world_adds_up(kind: str) -> None:
    world = make_world(13, 1, kind)
    with opened() as graph:
        put(graph, list(world.document["epcisBody"]["eventList"]))
        for unit in sorted(world.units)[::2]:
            try:
                told = graph.balance(unit).to_dict()["result"]["balance"]
            except UnknownIdentifier:
                continue
            assert all(Decimal(value) >= 0 or name == "unaccounted" for name, value in buckets(told).items())
            flows(told)


@given(SEEDS, st.sets(st.sampled_from(["raw 0", "raw 1", "raw 2", "made 1", "made 3", "other 4"]), min_size=1))
def test_mass_is_conserved_exactly(seed: int, lots: set[str]) -> None:
    """In random trade in which everything is known: all that is there ended up somewhere, nothing below zero, and of
    all raw lots together all of it, whatever was made."""
    world = random_world(seed, 12)
    mixtures = world.mixtures()
    order = ordered(mixtures, frozenset(), lambda node: f"{node:04}")
    mine = {node for node, one in enumerate(world.lots) if one in lots}
    found = follow(mixtures, order, mine, ())
    parts = [*found.left.values(), *found.lost.values(), *found.open.values()]
    assert sum(parts, Fraction(0)) == found.begun
    assert all(part > 0 for part in parts)
    if lots >= {"raw 0", "raw 1", "raw 2"}:
        raw = [node for node, one in enumerate(world.lots) if one is not None and world.inflows[node][0][0] is None]
        assert found.begun == sum(world.total(node) for node in raw)


@given(st.lists(st.fractions(-1000, 1000), max_size=12), st.integers(0, 6))
def test_rounded_amounts_add_up_to_the_rounded_sum(amounts: list[Fraction], places: int) -> None:
    found = rounded(amounts, places)
    step = Fraction(1, 10**places)
    assert Fraction(sum(found, Decimal(0))) == round(sum(amounts, Fraction(0)) / step) * step
    assert all(abs(Fraction(one) - exact) < step for one, exact in zip(found, amounts, strict=True))
