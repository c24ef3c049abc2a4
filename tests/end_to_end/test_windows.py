"""Traces of what was at a site in a window, from events on."""

from __future__ import annotations

from typing import Any

import pytest

from tests.end_to_end.building import born, item, lot, made, opened, packed, put, received, shipped, site, traced

RAW, LATE, CHEESE, PIE, JAM = (lot(name) for name in ("raw", "late", "cheese", "pie", "jam"))
TOTE = item("tote")


#: A run (one transformation) is fed twice, the second time at minute 60. Records do not say that the pie, made before
#: of some of the cheese, holds none of that: late inputs of a run are possibly in all its outputs.
FED_TWICE = [
    born(0, RAW, "plant", 10),
    born(5, LATE, "plant", 10),
    made(10, [RAW], [], "plant", 10, batch="urn:x-run:7"),
    made(20, [], [CHEESE], "plant", None, 20, batch="urn:x-run:7"),
    made(25, [CHEESE], [PIE], "plant", 8, 8),
    shipped(26, PIE, "plant", "shop", 8),
    made(60, [LATE], [], "plant", 10, batch="urn:x-run:7"),
]
FEEDING: dict[str, Any] = {"since": "2026-03-01T00:50:00Z", "until": "2026-03-01T01:10:00Z"}
AFTER: dict[str, Any] = {"since": "2026-03-01T01:05:00Z", "until": "2026-03-01T01:10:00Z"}
PLANT = f"site:{site('plant')}"


@pytest.mark.parametrize("start", [PLANT, LATE])
def test_a_run_that_was_fed_in_the_window_and_gave_goods_before_it(start: str) -> None:
    with opened() as graph:
        put(graph, FED_TWICE)
        assert traced(graph, start, **FEEDING) == {LATE, CHEESE, PIE}
        assert traced(graph, PLANT, **AFTER) == {CHEESE}, "what fed the run was gone"


def test_of_what_left_a_start_before_the_window_the_share_is_open() -> None:
    with opened() as graph:
        put(graph, FED_TWICE)
        share = {unit["id"]: unit["share"] for unit in graph.trace(PLANT, shares=True, **FEEDING).units}
        assert share[PIE] == {"attributed": None, "min": "0", "max": "1", "min_even_loss": "0", "max_even_loss": "1"}


def test_goods_of_which_no_record_shows_when_they_arrived() -> None:
    """The jam left at minute 10 and may have arrived any time after: also after the window opened, in which it was on
    its way. What the shop made of it is in scope, what it sold before is not."""
    sent = shipped(10, JAM, "plant", "shop", 10) | {"eventID": "urn:x-event:sent"}
    with opened() as graph:
        put(graph, [born(0, JAM, "plant", 20), sent, made(100, [JAM], [PIE], "shop", 10, 10)])
        found = graph.trace("event:urn:x-event:sent", **FEEDING)
        assert {unit["id"] for unit in found.units} == {JAM, PIE}
        assert {stay["place"]["id"]: stay["certainty"] for stay in found.holdings if stay["unit"] == PIE} == {
            site("shop"): "possible"
        }


#: The tote stood in the shop from minute 40 to 90 and was packed anew at minute 80: until then the jam may have been in
#: it, or have been taken out at the shop, and the pie may be of it.
TAKEN_OUT = [
    born(0, JAM, "plant", 10),
    packed(5, TOTE, [JAM], "plant", 10),
    shipped(10, TOTE, "plant", "shop"),
    received(40, TOTE, "shop", "plant"),
    born(1, RAW, "shop", 5),
    packed(80, TOTE, [RAW], "shop", 5),
    shipped(90, TOTE, "shop", "kiosk"),
    received(95, TOTE, "kiosk", "shop"),
    made(100, [JAM], [PIE], "shop", 10, 10),
]


@pytest.mark.parametrize("window", [{}, FEEDING, {"since": "2026-03-01T00:50:00Z"}])
def test_what_may_have_been_taken_out_of_a_container_at_a_stop(window: dict[str, Any]) -> None:
    with opened() as graph:
        put(graph, TAKEN_OUT)
        found = graph.trace(TOTE, at=site("shop"), **window)
        assert {unit["id"]: unit["certainty"] for unit in found.units if unit["id"] in (TOTE, JAM, PIE)} == {
            TOTE: "confirmed",
            JAM: "possible",
            PIE: "possible",
        }
        assert {stay["id"] for stay in found.holdings} <= {stay["id"] for stay in graph.trace(TOTE).holdings}
        assert PIE not in traced(graph, TOTE, certainty="confirmed", at=site("shop"), **window)
        assert PIE not in traced(graph, TOTE, at=site("kiosk"), **window)
        assert traced(graph, TOTE, at=site("shop"), contents=False, **window) == {TOTE}


def test_taken_out_at_the_stop_and_more_of_it_came_there() -> None:
    """What came to the shop at minute 45 is in one pool with what was taken out, whenever that was."""
    with opened() as graph:
        put(graph, [*TAKEN_OUT, born(45, JAM, "shop", 7)])
        assert PIE in traced(graph, TOTE, at=site("shop"), **FEEDING)
