"""Graphs that break naive tracers, through documents and the store: cycles, fans, depth, ties, reuse, likeness.

A test that enumerates paths, recurses with the depth of a chain or pairs n shipments with m receipts would not end.
"""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.end_to_end.building import (
    CERTAINTIES,
    DIRECTIONS,
    Event,
    born,
    document,
    happening,
    item,
    lot,
    made,
    opened,
    packed,
    put,
    received,
    shipped,
    traced,
)
from tracegraph import Tracegraph

A, B, C = lot("a"), lot("b"), lot("c")
TOTE = item("tote")


def legs(graph: Tracegraph, start: str, direction: str = "forward") -> int:
    """How many legs the graph of a trace has."""
    return graph.trace(start, direction=direction).to_networkx().number_of_edges()


# cycles


def test_rework_is_a_cycle_of_lots_and_not_of_time() -> None:
    """a is made into b, b into c, and c goes back into a: what was b never gets into the a that was before it."""
    with opened() as graph:
        put(
            graph,
            [
                born(0, A, "x", 10),
                made(1, [A], [B], "x", 10, 10),
                made(2, [B], [C], "x", 10, 10),
                made(3, [C], [A], "x", 10, 10),
                made(4, [A], [lot("end")], "x", 10, 10),
            ],
        )
        for certainty in CERTAINTIES:
            assert traced(graph, A, "forward", certainty) == {A, B, C, lot("end")}
            assert traced(graph, C, "forward", certainty) == {C, A, lot("end")}
            assert traced(graph, B, "backward", certainty) == {B, A}
            assert traced(graph, lot("end"), "backward", certainty) == {lot("end"), A, C, B}


def test_rework_within_one_instant_is_a_cycle_and_ends() -> None:
    """No time tells the three apart, so that each may be in each; a cycle of possible legs."""
    with opened() as graph:
        put(
            graph,
            [
                born(-1, A, "x", 10),
                made(0, [A], [B], "x", 5, 5),
                made(0, [B], [C], "x", 5, 5),
                made(0, [C], [A], "x", 5, 5),
            ],
        )
        assert traced(graph, A) == {A, B, C}
        for direction in DIRECTIONS:
            assert list(graph.trace(A, direction=direction).frontier) == []


def test_a_lot_that_goes_into_itself() -> None:
    with opened() as graph:
        put(graph, [born(0, A, "x", 10), made(1, [A], [A], "x", 4, 4), made(2, [A], [B], "x", 10, 10)])
        for certainty in CERTAINTIES:
            assert traced(graph, A, "forward", certainty) == {A, B}
            assert traced(graph, B, "backward", certainty) == {A, B}
            assert legs(graph, A) == legs(graph, B, "backward")


def test_a_return_of_a_return() -> None:
    """x to y, back to x, and to y again, where it is used: every leg is confirmed, and nothing is missing."""
    way = [("x", "y"), ("y", "x"), ("x", "y")]
    trips: list[Event] = []
    for number, (start, goal) in enumerate(way):
        paper = document(number)
        trips.append(shipped(10 * number + 1, A, start, goal, 10, bizTransactionList=paper))
        trips.append(received(10 * number + 2, A, goal, start, 10, bizTransactionList=paper))
    with opened() as graph:
        put(graph, [born(0, A, "x", 10), *trips, made(40, [A], [B], "y", 10, 10)])
        for certainty in CERTAINTIES:
            answer = graph.trace(B, direction="backward", certainty=certainty)
            assert {unit["id"] for unit in answer.units} == {A, B}
            assert len(answer.holdings) == 8
            assert (answer.complete, list(answer.gaps)) == (True, [])
            assert [row["certainty"] for row in answer.holdings] == ["confirmed"] * 8


# fans and depth


def diamonds(count: int) -> list[Event]:
    told = [born(0, lot(0), "x", 20)]
    for number in range(count):
        left, right = lot(f"{number}.left"), lot(f"{number}.right")
        told += [made(2 * number + 1, [lot(number)], [half], "x", 10, 10) for half in (left, right)]
        told.append(made(2 * number + 2, [left, right], [lot(number + 1)], "x", 10, 20))
    return told


def test_sixty_stacked_diamonds() -> None:
    """2^60 paths, 181 lots."""
    with opened() as graph:
        put(graph, diamonds(60))
        for certainty in CERTAINTIES:
            for start, direction in (lot(0), "forward"), (lot(60), "backward"):
                answer = graph.trace(start, direction=direction, certainty=certainty)
                assert (len(answer.units), len(answer.holdings), answer.complete) == (181, 181, True)
                assert answer.units[180]["distance"] == 120
        assert legs(graph, lot(0)) == 60 * 7


def test_fifty_six_fully_mixed_lots() -> None:
    """Eight layers of seven, everything into everything: 7^7 paths from end to end."""
    layers = [[lot(f"{layer}.{place}") for place in range(7)] for layer in range(8)]
    told = [born(0, unit, "x", 70) for unit in layers[0]]
    for number, (above, below) in enumerate(pairwise(layers), start=1):
        told += [made(number, above, [unit], "x", 10, 70) for unit in below]
    with opened() as graph:
        put(graph, told)
        for certainty in CERTAINTIES:
            assert len(traced(graph, layers[0][0], "forward", certainty)) == 1 + 49
            assert len(traced(graph, layers[7][0], "backward", certainty)) == 49 + 1
        assert legs(graph, layers[0][0]) == 7 + 7 + 6 * (49 + 7)


CHILDREN = 100_000


def test_one_lot_to_many_children() -> None:
    children = [lot(number) for number in range(CHILDREN)]
    with opened() as graph:
        put(graph, [born(0, A, "x", CHILDREN), made(1, [A], children, "x", CHILDREN, 1)])
        answer = graph.trace(A, certainty="confirmed")
        assert (len(answer.units), answer.complete, answer.units[CHILDREN]["distance"]) == (CHILDREN + 1, True, 1)
        assert traced(graph, children[-1], "backward") == {A, children[-1]}
        limited = graph.trace(A, max_nodes=10)
        assert (len(limited.holdings), limited.complete, len(limited.frontier)) == (10, False, 1)


def test_a_chain_ten_thousand_deep() -> None:
    depth = 10_000
    with opened() as graph:
        put(
            graph,
            [born(0, lot(0), "x", 1), *(made(at, [lot(at - 1)], [lot(at)], "x", 1, 1) for at in range(1, depth + 1))],
        )
        for start, direction in (lot(0), "forward"), (lot(depth), "backward"):
            answer = graph.trace(start, direction=direction, certainty="confirmed")
            assert (len(answer.units), answer.units[depth]["distance"], answer.complete) == (depth + 1, depth, True)
        part = graph.trace(lot(0), max_hops=depth // 2)
        assert len(part.units) == depth // 2 + 1
        assert len(graph.trace(resume=part).units) == depth + 1


def test_containers_two_hundred_deep() -> None:
    depth = 200
    boxes = [item(number) for number in range(depth)]
    told = [born(0, A, "x", 1), packed(1, boxes[0], [A], "x", 1)]
    told += [packed(number + 1, boxes[number], [boxes[number - 1]], "x") for number in range(1, depth)]
    told += [shipped(depth + 1, boxes[-1], "x", "y"), received(depth + 2, boxes[-1], "y", "x")]
    told += [packed(depth + 3 + n, boxes[n], boxes[n - 1 : n], "y", action="DELETE") for n in range(depth - 1, 0, -1)]
    told += [packed(3 * depth, boxes[0], [A], "y", 1, "DELETE"), made(3 * depth + 1, [A], [B], "y", 1, 1)]
    with opened() as graph:
        put(graph, told)
        assert traced(graph, B, "backward") == {A, B}
        assert A in traced(graph, boxes[-1])


# ties


@pytest.mark.parametrize("precision", [None, "day"], ids=["instant", "date"])
def test_equal_timestamps_throughout(precision: str | None) -> None:
    """Births, a trip and use of 250 lots, all at one instant or on one date: each chain is confirmed."""
    more = {} if precision is None else {"tracegraph:timePrecision": precision}
    count = 250
    told = []
    for number in range(count):
        unit, paper = lot(number), document(number)
        told += [
            made(0, [unit], [lot(f"product {number}")], "y", 10, 10) | more,
            received(0, unit, "y", "x", 10, bizTransactionList=paper) | more,
            shipped(0, unit, "x", "y", 10, bizTransactionList=paper) | more,
            born(0, unit, "x", 10) | more,
        ]
    with opened() as graph:
        put(graph, told)
        for number in range(0, count, 25):
            product = lot(f"product {number}")
            assert traced(graph, lot(number), "forward", "confirmed") == {lot(number), product}
            assert traced(graph, product, "backward", "confirmed") == {lot(number), product}
            assert graph.trace(product, direction="backward").complete


def test_one_lot_and_hundreds_of_events_at_one_instant() -> None:
    """Nobody can tell the order; all ends, nothing is lost, and the graph stays linear."""
    count = 250
    told = [born(0, A, "x", 10 * count)]
    for number in range(count):
        paper = document(number)
        told += [
            shipped(0, A, "x", "y", 10, bizTransactionList=paper),
            received(0, A, "y", "x", 10, bizTransactionList=paper),
            made(0, [A], [lot(number)], "y", 10, 10),
        ]
    with opened() as graph:
        put(graph, told)
        assert len(traced(graph, A)) == count + 1
        assert traced(graph, lot(7), "backward") == {A, lot(7)}
        assert legs(graph, A) <= 8 * len(told)


def test_shipped_and_departed_on_the_date_of_two_births() -> None:
    """The second record of the same load opens nothing."""
    day = {"tracegraph:timePrecision": "day"}
    told = [born(0, A, "x", 5), born(0, A, "x", 10), shipped(0, A, "x", None, 5)]
    with opened() as graph:
        put(graph, [one | day for one in [*told, happening(0, "OBSERVE", "departing", A, "x", 5)]])
        assert [row["place"]["kind"] for row in graph.trace(A).holdings].count("transit") == 1


# reuse


def test_a_tote_used_a_thousand_times() -> None:
    """Each load goes its own way: nothing of it ends up in the product of another."""
    loads = 1000
    told = [born(0, TOTE, "x")]
    for number in range(loads):
        at, load = 10 * number, lot(number)
        told += [
            born(at + 1, load, "x", 1),
            packed(at + 2, TOTE, [load], "x", 1),
            shipped(at + 3, TOTE, "x", "y"),
            received(at + 4, TOTE, "y", "x"),
            packed(at + 5, TOTE, [load], "y", 1, "DELETE"),
            made(at + 6, [load], [lot(f"product {number}")], "y", 1, 1),
            shipped(at + 7, TOTE, "y", "x"),
            received(at + 8, TOTE, "x", "y"),
        ]
    with opened() as graph:
        put(graph, told)
        for number in [*range(0, loads, 50), loads - 1]:
            own = {lot(number), lot(f"product {number}")}
            assert traced(graph, lot(number)) == traced(graph, lot(number), "forward", "confirmed") == own
            assert traced(graph, lot(f"product {number}"), "backward") == own
        everything = {TOTE} | {lot(f"{kind}{number}") for number in range(loads) for kind in ("", "product ")}
        assert traced(graph, TOTE) == everything
        assert traced(graph, TOTE, contents=False) == {TOTE}
        on = graph.trace(TOTE, on="2026-03-01T00:13:00Z")
        assert {unit["id"] for unit in on.units} >= {lot(1), lot("product 1")}
        assert lot(0) not in {unit["id"] for unit in on.units}


# likeness


@pytest.mark.parametrize(
    ("shape", "count"), [("all shipped first", 1000), ("by turns", 300), ("to nowhere", 300), ("from nowhere", 300)]
)
def test_shipments_and_receipts_that_cannot_be_told_apart(shape: str, count: int) -> None:
    """The graph stays linear in their number, and every receipt may be any shipment that left before it."""
    to, origin = ("y", "x") if shape in ("all shipped first", "by turns") else (None, None)
    goal = "y" if shape != "from nowhere" else "z"
    outward = [shipped(2 * number + 1, A, "x", to) for number in range(count)]
    gap = 2 * count if shape == "all shipped first" else 1
    inward = [received(2 * number + 1 + gap, A, goal, origin) for number in range(count)]
    with opened() as graph:
        put(graph, [born(0, A, "x"), *outward, *inward, made(9 * count, [A], [B], goal, 1, 1)])
        answer = graph.trace(A)
        assert {unit["id"] for unit in answer.units} == {A, B}
        assert traced(graph, B, "backward") == {A, B}
        transits = {row["id"] for row in answer.holdings if row["place"]["kind"] == "transit"}
        back = {row["id"] for row in graph.trace(B, direction="backward").holdings}
        assert len(transits) == count
        assert transits <= back
        assert legs(graph, A) <= 8 * (2 * count)
