"""The shares of answers, from events."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest

from tests.end_to_end.building import born, compared, event, lot, opened, packed, put, received, shipped, site
from tests.trace.shares.stories import L, M, R, amount, delivered, mixed, of_stays, of_units, thousand_kilograms
from tracegraph.errors import UsageError
from tracegraph.graph import Answer
from tracegraph.trace.envelope import to_json
from tracegraph.trace.question import ask
from tracegraph.trace.tracing import trace

ALL = {"attributed": "1", "min": "1", "max": "1", "min_even_loss": "1", "max_even_loss": "1"}
NOTHING_KNOWN = {"attributed": None, "min": "0", "max": "1", "min_even_loss": "0", "max_even_loss": "1"}


def answered(*events: object, start: str = L, **options: object) -> Answer:
    with opened() as graph:
        put(graph, list(events))  # type: ignore[arg-type]
        return graph.trace(start, shares=True, **options)  # type: ignore[arg-type]


def test_recall_2_3_the_400_kg_are_40_to_240_kg_of_the_lot_and_52_to_232_where_losses_are_even() -> None:
    share = of_stays(answered(*thousand_kilograms()), M)["C3"]
    assert {name: Decimal(part) * 400 for name, part in share.items()} == {
        "attributed": 160,
        "min": 40,
        "max": 240,
        "min_even_loss": 52,
        "max_even_loss": 232,
    }


def test_recall_2_3_of_all_that_was_made_220_to_240_kg_are_of_the_lot() -> None:
    share = of_units(answered(*thousand_kilograms()))[M]
    assert share == {
        "attributed": "0.4",
        "min": "0.379310344827",  # 220 of 580, rounded down
        "max": "0.413793103449",  # 240 of 580, rounded up
        "min_even_loss": "0.4",
        "max_even_loss": "0.4",
    }


def test_everything_of_the_start_is_the_start() -> None:
    answer = answered(*thousand_kilograms())
    assert of_units(answer)[L] == ALL
    assert all(holding["share"] == ALL for holding in answer.holdings if holding["unit"] == L)


def test_the_answer_says_what_shares_are_and_is_as_before_without_them() -> None:
    with opened() as graph:
        put(graph, thousand_kilograms())
        told, plain = graph.trace(L, shares=True).to_dict(), graph.trace(L).to_dict()
    assert told["question"]["shares"] is True
    assert told["result"].pop("shares") == {"approximate": True, "digits": 12, "of": "reached"}
    for row in (*told["result"]["units"], *told["result"]["holdings"]):
        del row["share"]
    assert told["result"] == plain["result"]
    assert "shares" not in plain["question"]


def test_forward_and_backward_say_the_same() -> None:
    ahead, behind = answered(*thousand_kilograms()), answered(*thousand_kilograms(), start=M, direction="backward")
    assert of_units(ahead)[M] == of_units(behind)[L]
    assert behind.to_dict()["result"]["shares"]["of"] == "start"


def test_backward_from_a_part_its_bounds_are_those_of_the_part() -> None:
    share = of_units(answered(*thousand_kilograms(), start=M, direction="backward", at=site("C3")))[L]
    expected = {"attributed": "0.4", "min": "0.1", "max": "0.6", "min_even_loss": "0.13", "max_even_loss": "0.58"}
    assert share == expected


def test_parts_of_a_lot_that_meet_again_are_no_worse_known_than_the_lot() -> None:
    parts = [step for minute in (20, 30, 40) for step in delivered(minute, M, "plant", "shop", 190 + minute // 10)]
    answer = answered(born(0, L, "plant", 240), born(0, R, "plant", 360), mixed(5, {L: 240, R: 360}, {M: 580}), *parts)
    share = of_stays(answer, M)["shop"]  # 579 of 580 kg
    assert float(share["min"]) == pytest.approx(219 / 579, abs=1e-11)
    assert float(share["max"]) == pytest.approx(240 / 579, abs=1e-11)
    assert share["attributed"] == "0.4"


def test_goods_pooled_in_a_holding_mix_by_what_is_left_and_what_comes() -> None:
    """Half of 100 kg of M, which are half of L, are gone when 150 kg of M without L arrive."""
    answer = answered(
        born(0, L, "plant", 50),
        born(0, R, "plant", 200),
        mixed(5, {L: 50, R: 50}, {M: 100}),
        *delivered(10, M, "plant", "shop", 50),
        mixed(20, {R: 150}, {M: 150}),
    )
    share = of_stays(answer, M)["plant"]
    assert share == {"attributed": "0.125", "min": "0", "max": "0.25", "min_even_loss": "0", "max_even_loss": "0.25"}


def test_rework_comes_back_and_is_mixed_again() -> None:
    """10 of 100 kg of M, half L, go into the next 100 kg of M with 90 kg of R."""
    again = lot("M2")
    answer = answered(
        born(0, L, "plant", 50),
        born(0, R, "plant", 140),
        mixed(5, {L: 50, R: 50}, {M: 100}),
        mixed(10, {M: 10, R: 90}, {again: 100}),
        mixed(15, {again: 20, M: 90}, {M: 110}),
    )
    assert of_units(answer)[again]["attributed"] == "0.05"
    assert float(of_stays(answer, M)["plant"]["attributed"]) == pytest.approx((20 * 0.05 + 90 * 0.5) / 110)


def test_goods_that_left_a_lot_and_came_back_count_once_backward() -> None:
    again = lot("M2")
    events = [
        born(0, L, "plant", 100),
        mixed(5, {L: 100}, {M: 100}),
        mixed(10, {M: 50}, {again: 50}),
        mixed(15, {again: 50}, {M: 50}),
        mixed(20, {M: 100}, {lot("last"): 100}),
    ]
    shares = of_units(answered(*events, start=lot("last"), direction="backward"))
    assert shares[M] == ALL
    assert shares[L] == ALL
    assert shares[again]["attributed"] == "0.5"


def test_an_unknown_amount_that_went_in_leaves_everything_open() -> None:
    events = [born(0, L, "plant", 50), born(0, R, "plant", 50), mixed(5, {L: None, R: 50}, {M: 100})]
    assert of_units(answered(*events))[M] == NOTHING_KNOWN
    assert of_units(answered(*events, start=M, direction="backward"))[L] == NOTHING_KNOWN


def test_an_unknown_amount_of_nothing_but_the_start_is_the_start() -> None:
    assert of_units(answered(born(0, L, "plant", None), mixed(5, {L: None}, {M: None})))[M] == ALL


def test_an_unknown_part_of_a_mixture_has_its_attributed_part_and_open_bounds() -> None:
    answer = answered(
        born(0, L, "plant", 25), born(0, R, "plant", 75), mixed(5, {L: 25, R: 75}, {M: 100}),
        *delivered(10, M, "plant", "shop", None),
    )  # fmt: skip
    assert of_stays(answer, M)["plant"]["attributed"] == "0.25"
    assert of_stays(answer, M)["shop"] == NOTHING_KNOWN | {"attributed": "0.25"}


def test_units_of_measure_of_one_dimension_are_added() -> None:
    making = event(
        "TransformationEvent", 5, bizStep="commissioning", readPoint={"id": site("plant")},
        inputQuantityList=[amount(L, 250, "GRM"), amount(R, 0.00075, "TNE")],
        outputQuantityList=[amount(M, 2.20462262, "LBR")],
    )  # fmt: skip
    share = of_units(answered(born(0, L, "plant"), born(0, R, "plant"), making))[M]
    assert share["attributed"] == "0.25"
    assert 0.249 < float(share["min"]) <= 0.25 <= float(share["max"]) < 0.251


@pytest.mark.parametrize("measure", ["LTR", "", "made up"])
def test_amounts_of_other_dimensions_are_not_added(measure: str) -> None:
    making = event(
        "TransformationEvent", 5, bizStep="commissioning", readPoint={"id": site("plant")},
        inputQuantityList=[amount(L, 25, measure), amount(R, 75)], outputQuantityList=[amount(M, 100)],
    )  # fmt: skip
    assert of_units(answered(born(0, L, "plant"), born(0, R, "plant"), making))[M] == NOTHING_KNOWN


def test_pieces_of_two_products_are_not_added_and_of_one_are() -> None:
    wheel, frame = "https://id.gs1.org/01/09521000123458/10/", "https://id.gs1.org/01/09521000543213/10/"
    for other, expected in ((f"{wheel}B", "0.4"), (f"{frame}B", None)):
        making = event(
            "TransformationEvent", 5, bizStep="commissioning", readPoint={"id": site("plant")},
            inputQuantityList=[{"epcClass": f"{wheel}A", "quantity": 40}, {"epcClass": other, "quantity": 60}],
            outputQuantityList=[{"epcClass": f"{wheel}C", "quantity": 100}],
        )  # fmt: skip
        born_here = [
            event("ObjectEvent", 0, action="ADD", bizStep="commissioning", readPoint={"id": site("plant")},
                  quantityList=[{"epcClass": unit, "quantity": 60}]) for unit in (f"{wheel}A", other)
        ]  # fmt: skip
        assert of_units(answered(*born_here, making, start=f"{wheel}A"))[f"{wheel}C"]["attributed"] == expected


def test_growth_may_fall_on_any_input() -> None:
    """Seeds: 10 kg of L and 10 kg of R grow to 100 kg."""
    share = of_units(
        answered(born(0, L, "farm", 10), born(0, R, "farm", 10), mixed(5, {L: 10, R: 10}, {M: 100}, "farm"))
    )[M]
    assert share == {"attributed": "0.5", "min": "0.1", "max": "0.9", "min_even_loss": "0.5", "max_even_loss": "0.5"}


def test_what_only_may_have_come_raises_the_upper_bound_alone() -> None:
    """A receipt without documents that either of two shipments may be."""
    events = [
        born(0, L, "plant", 50), born(0, R, "plant", 50), mixed(5, {L: 50, R: 50}, {M: 100}),
        shipped(10, M, "plant", "shop", 60), shipped(11, M, "plant", "shop", 40), received(12, M, "shop", "plant", 30),
    ]  # fmt: skip
    share = of_stays(answered(*events), M)["shop"]
    assert (share["attributed"], share["min"]) == ("0.5", "0")
    assert share["max"] == "1"


def test_packed_goods_keep_their_share() -> None:
    crate = "urn:x-item:crate"
    answer = answered(
        born(0, L, "plant", 50), born(0, R, "plant", 50), mixed(5, {L: 50, R: 50}, {M: 100}),
        packed(10, crate, [M], "plant", 100), packed(20, crate, [M], "plant", 100, action="DELETE"),
    )  # fmt: skip
    assert {holding["share"]["attributed"] for holding in answer.holdings if holding["unit"] == M} == {"0.5"}


def test_a_transformation_in_steps_keeps_its_attributed_part() -> None:
    def step(minute: int, **lists: object) -> dict[str, object]:
        return event("TransformationEvent", minute, transformationID="urn:x-run:1", bizStep="commissioning",
                     readPoint={"id": site("plant")}, **lists)  # fmt: skip

    events = [
        born(0, L, "plant", 40), born(0, R, "plant", 60),
        step(5, inputQuantityList=[amount(L, 40), amount(R, 60)]),
        step(6, outputQuantityList=[amount(M, 50)]), step(7, outputQuantityList=[amount(lot("N"), 45)]),
    ]  # fmt: skip
    shares = of_units(answered(*events))
    assert shares[M]["attributed"] == shares[lot("N")]["attributed"] == "0.4"


def test_confirmed_questions_have_bounds_that_still_hold() -> None:
    """R may have come from L's place; the confirmed trace does not follow that, the bounds do."""
    events = [
        born(0, L, "plant", 50), born(0, R, "plant", 50), mixed(5, {L: 50, R: 50}, {M: 100}),
        shipped(10, M, "plant", None, 60), received(12, M, "shop", None, 30),
        mixed(20, {M: 30, lot("S"): 70}, {lot("T"): 100}, "shop"),
    ]  # fmt: skip
    possible, sure = answered(*events), answered(*events, certainty="confirmed")
    for unit, share in of_units(sure).items():
        assert share == of_units(possible)[unit]


@pytest.mark.parametrize("options", [{"direction": "both"}, {"max_seconds": 10.0}])
def test_what_has_no_shares_is_refused(options: dict[str, object]) -> None:
    with pytest.raises(UsageError, match="shares"):
        answered(*thousand_kilograms(), **options)  # type: ignore[arg-type]


def test_a_resumed_answer_has_its_shares() -> None:
    with opened() as graph:
        put(graph, thousand_kilograms())
        whole = graph.trace(L, shares=True)
        resumed = graph.trace(resume=graph.trace(L, shares=True, max_nodes=3))
    assert resumed.to_dict()["result"] == whole.to_dict()["result"]


def test_arrival_order_does_not_matter() -> None:
    events = thousand_kilograms()
    told = set()
    for seed in range(3):
        random.Random(seed).shuffle(events)
        with opened() as graph:
            put(graph, *([one] for one in events))
            for start, direction in ((L, "forward"), (M, "backward")):
                told.add((start, compared(graph.trace(start, direction=direction, shares=True))["result"]))
    assert len(told) == 2


def test_text_and_values_say_the_same() -> None:
    with opened() as graph:
        put(graph, thousand_kilograms())
        for direction in ("forward", "backward"):
            question = ask(M, direction=direction, shares=True)
            text = b"".join(trace(graph.store, question).json_pieces())
            assert text == to_json(trace(graph.store, question).envelope)


def test_a_lot_known_by_another_number_is_the_input() -> None:
    renamed = born(0, L, "plant", 40) | {"ilmd": {"tracegraph:alias": lot("L2")}}
    events = [renamed, born(0, R, "plant", 60), mixed(5, {lot("L2"): 40, R: 60}, {M: 100})]
    assert of_units(answered(*events))[M]["attributed"] == "0.4"
