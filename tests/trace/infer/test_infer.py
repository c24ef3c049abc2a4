"""Traces under the assumption that goods without a lot number are of the lots that were there."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests.end_to_end.building import Event, compared, document, event, opened, put, site
from tests.trace.shares.stories import amount, of_stays
from tracegraph.errors import UsageError
from tracegraph.graph import Answer

PRODUCT = "https://id.gs1.org/01/09521000123458"
A, B = f"{PRODUCT}/10/A", f"{PRODUCT}/10/B"
OTHER, SOUP = "https://id.gs1.org/01/09521000123465/10/X", "urn:x-lot:soup"


def born(minute: int, unit: str, at: str, kilos: int) -> Event:
    members = {"action": "ADD", "bizStep": "commissioning", "readPoint": {"id": site(at)}}
    return event("ObjectEvent", minute, **members, quantityList=[amount(unit, kilos)])


def moved(minute: int, unit: str, origin: str, to: str, kilos: float | None, numbers: bool = True) -> list[Event]:
    """Shipped and received with one paper."""
    papers = document(f"{minute} {origin} {to}")

    def step(name: str, at: str, after: int) -> Event:
        members = {"action": "OBSERVE", "bizStep": name, "readPoint": {"id": site(at)}, "bizTransactionList": papers}
        return event("ObjectEvent", minute + after, **members, quantityList=[amount(unit, kilos)])

    return [step("shipping", origin, 0), step("receiving", to, 1)]


def hub() -> list[Event]:
    """100 kg of A and then 100 kg of B come to a hub, from where twice 80 kg go on without a lot number."""
    return [
        born(0, A, "farm A", 100),
        born(0, B, "farm B", 100),
        *moved(10, A, "farm A", "hub", 100),
        *moved(20, B, "farm B", "hub", 100),
        *moved(30, PRODUCT, "hub", "shop 1", 80),
        *moved(40, PRODUCT, "hub", "shop 2", 80),
    ]


def asked(events: list[Event], *starts: str, **options: Any) -> Answer:
    with opened() as graph:
        put(graph, events)
        return graph.trace(*starts, **options)


def shops(answer: Answer) -> list[str]:
    return [name for one in answer.sites if (name := one["id"].removeprefix("urn:x-site:")).startswith("shop")]


def linked(answer: Answer) -> list[tuple[str, str | None]]:
    return [
        (row["unit"][-1], None if row["quantity"] is None else row["quantity"]["value"])
        for row in answer.result["inference"]["links"]
    ]


@pytest.mark.parametrize(
    ("mode", "start", "reached", "kilos"),
    [
        ("fifo", A, ["shop 1", "shop 2"], {("A", "80"), ("A", "20")}),
        ("fifo", B, ["shop 2"], {("B", "60")}),
        ("lifo", A, ["shop 2"], {("A", "60")}),
        ("lifo", B, ["shop 1", "shop 2"], {("B", "80"), ("B", "20")}),
        ("weighted", A, ["shop 1", "shop 2"], {("A", "40")}),
        ("window", A, ["shop 1", "shop 2"], {("A", None)}),
        ("window:0", A, [], set()),
    ],
)
def test_goods_without_a_lot_number(
    mode: str, start: str, reached: list[str], kilos: set[tuple[str, str | None]]
) -> None:
    plain, answer = asked(hub(), start), asked(hub(), start, infer=mode)
    assert shops(plain) == []
    assert shops(answer) == reached
    assert set(linked(answer)) == kilos
    assert answer.question["assumptions"] == {"infer": mode}
    assert {one["certainty"] for one in answer.holdings if one["place"]["id"].startswith("urn:x-site:shop")} <= {
        "possible"
    }
    told = answer.result["inference"]
    assert told["units"]["explicit"] == len(plain.units)
    assert told["sites"] == {
        "explicit": 2, "inferred": 2 + len(reached), "expansion": {0: "1", 1: "1.5", 2: "2"}[len(reached)],
    }  # fmt: skip


def test_nothing_inferred_is_confirmed() -> None:
    answer = asked(hub(), A, infer="fifo", certainty="confirmed")
    assert shops(answer) == []
    assert answer.result["inference"]["units"]["expansion"] == "1"


def test_backward_from_the_goods_without_a_number() -> None:
    assert {unit["id"] for unit in asked(hub(), PRODUCT, direction="backward", infer="fifo").units} == {PRODUCT, A, B}
    assert {unit["id"] for unit in asked(hub(), PRODUCT, direction="backward").units} == {PRODUCT}


def test_the_origins_of_goods_without_a_number_are_all_that_may_have_been_there() -> None:
    with opened() as graph:
        put(graph, hub())
        plain, answer = graph.origin(PRODUCT), graph.origin(PRODUCT, infer="weighted")
        confirmed = graph.origin(PRODUCT, infer="weighted", certainty="confirmed")
    assert {source["unit"] for source in plain.result["sources"]} == {PRODUCT}
    assert {source["unit"] for source in answer.result["sources"]} == {PRODUCT, A, B}
    assert {source["certainty"] for source in answer.result["sources"] if source["unit"] != PRODUCT} == {"possible"}
    assert {hop["rule"] for hop in answer.result["hops"]} >= {"inferred"}
    assert answer.result["inference"]["units"] == {"explicit": 1, "inferred": 3, "expansion": "3"}
    assert {source["unit"] for source in confirmed.result["sources"]} == {PRODUCT}


def test_shares_of_what_is_inferred_are_bounded_below_by_nothing() -> None:
    share = of_stays(asked(hub(), B, infer="fifo", shares=True), PRODUCT)["shop 2"]
    assert (share["min"], share["attributed"]) == ("0", None)
    assert float(share["max"]) <= 1


def test_an_input_without_a_lot_number() -> None:
    cooked = event(
        "TransformationEvent", 30, bizStep="commissioning", readPoint={"id": site("hub")},
        inputQuantityList=[amount(PRODUCT, 80), amount(OTHER, 20)], outputQuantityList=[amount(SOUP, 100)],
    )  # fmt: skip
    events = [*hub()[:6], born(5, OTHER, "hub", 20), cooked]
    with opened() as graph:
        put(graph, events)
        assert SOUP not in {unit["id"] for unit in graph.trace(A).units}
        ahead = graph.trace(A, infer="fifo", shares=True)
        share = next(unit["share"] for unit in ahead.units if unit["id"] == SOUP)
        assert (share["min"], share["max"]) == ("0", "0.8")
        assert SOUP not in {unit["id"] for unit in graph.trace(B, infer="fifo").units}
        behind = graph.trace(SOUP, direction="backward", infer="fifo")
        assert {A, OTHER, PRODUCT} <= {unit["id"] for unit in behind.units}
        assert B not in {unit["id"] for unit in behind.units}


def test_goods_that_came_without_a_number_and_left_with_one() -> None:
    events = [
        born(0, A, "farm A", 50), *moved(10, A, "farm A", "hub", 50), *moved(20, PRODUCT, "hub", "plant", 50),
        *moved(30, B, "plant", "shop 1", 30),
    ]  # fmt: skip
    assert shops(asked(events, A, infer="lifo")) == ["shop 1"]
    assert shops(asked(events, A)) == []


def test_goods_that_came_to_more_of_their_lot_are_found_from_either_stay() -> None:
    """The stay at the hub is another one after the second receipt; a start at either leads on."""
    events = [
        born(0, A, "farm A", 100), *moved(10, A, "farm A", "hub", 40), *moved(20, A, "farm A", "hub", 40),
        *moved(30, PRODUCT, "hub", "shop 1", 50),
    ]  # fmt: skip
    for on in ("2026-03-01T00:12:00Z", "2026-03-01T00:25:00Z"):
        assert shops(asked(events, A, at=site("hub"), on=on, infer="fifo")) == ["shop 1"]
    assert linked(asked(events, A, infer="fifo")) == [("A", "50")]


def test_arrival_order_does_not_matter() -> None:
    events, told = hub(), set()
    for seed in range(3):
        random.Random(seed).shuffle(events)
        with opened() as graph:
            put(graph, *([one] for one in events))
            told.add(compared(graph.trace(A, infer="weighted", shares=True))["result"])
    assert len(told) == 1


def test_as_it_was_known() -> None:
    """An assumption of what was known then."""
    with opened() as graph:
        put(graph, hub()[:8])
        before = graph.trace(A, infer="lifo", paths=1).to_dict()["result"]
        put(graph, hub()[8:])
        assert graph.trace(A, infer="lifo").to_dict()["result"] != before
        assert shops(graph.trace(A, infer="fifo")) == ["shop 1", "shop 2"]


def test_a_limited_answer_goes_on_under_its_assumption() -> None:
    with opened() as graph:
        put(graph, hub())
        part = graph.trace(A, infer="fifo", max_hops=1)
        assert shops(part) == []
        assert part.frontier
        assert shops(graph.trace(resume=part)) == ["shop 1", "shop 2"]


def test_rounds_against_the_clock_follow_what_is_inferred() -> None:
    assert shops(asked(hub(), A, infer="fifo", max_seconds=60)) == ["shop 1", "shop 2"]


def test_where_no_number_is_missing_nothing_changes() -> None:
    plain, answer = asked(hub()[:6], A), asked(hub()[:6], A, infer="fifo")
    told = answer.to_dict()["result"]
    assert told.pop("inference")["links"] == []
    assert told == plain.to_dict()["result"]


def test_a_mode_that_there_is_not() -> None:
    with pytest.raises(UsageError, match="infer is 'random'"):
        asked(hub(), A, infer="random")
