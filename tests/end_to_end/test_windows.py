"""Traces of what was at a site in a window, from events on."""

from __future__ import annotations

from typing import Any

import pytest

from tests.end_to_end.building import born, lot, made, opened, put, shipped, site, traced

RAW, LATE, CHEESE, PIE = (lot(name) for name in ("raw", "late", "cheese", "pie"))


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
