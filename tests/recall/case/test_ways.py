"""By which hop each unit was reached: what whole paths say, also where no path is made."""

from __future__ import annotations

import pytest

from tests.end_to_end.building import opened, put
from tests.recall.case.told_paths import payload_of
from tests.simulator.world import make_world
from tracegraph.recall.case.ways import _by_paths, ways_to_units
from tracegraph.recall.scope import ask_scope
from tracegraph.recall.scope.answering import scope_alone
from tracegraph.trace.register import Register
from tracegraph.trace.snapshot import Snapshot


@pytest.mark.parametrize(("seed", "late"), [(3, 1), (5, 0)])
def test_a_step_back_says_what_a_path_says(seed: int, late: int) -> None:
    """For lots, and for whole sites in a window, of which some stays count from an instant on only (`late`)."""
    events = list(make_world(seed, 1, "careless").document["epcisBody"]["eventList"])
    middle = sorted(event["eventTime"] for event in events)[len(events) // 2]
    compared, from_an_instant = 0, 0
    with opened() as graph:
        put(graph, events)
        register = Register(Snapshot.of(graph.store))
        sites, units = (graph.search(among=kind).to_dict()["result"][kind] for kind in ("sites", "units"))
        asked = [ask_scope(f"site:{site['id']}", since=middle) for site in sites]
        asked += [ask_scope({"rule": "lot", "unit": unit["id"]}) for unit in units[::3]]
        for question in asked:
            _, scoped = scope_alone(question, "en", register)
            part = scoped.found.part
            ways = ways_to_units(part)
            assert ways == _by_paths(part)
            answer = graph.scope({"scope": question.scope.to_dict()}).to_dict()
            entries = payload_of(answer, 1, "me")["entries"]
            assert {one["unit"]: (one["via"]["unit"], one["via"]["event"]) for one in entries if one["via"]} == ways
            compared += len(ways)
            from_an_instant += bool(part.late.since)
    assert compared > 30
    assert from_an_instant >= late
