"""Paths as they stand in an answer: complete, in order, as many as wanted."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.trace.test_show import hop, told
from tracegraph.contract.scenes import Scene
from tracegraph.contract.tracing import asked
from tracegraph.trace import tracing
from tracegraph.trace.question import Limits, ask
from tracegraph.trace.tracing import trace


def paths(scene: Scene, *starts: str, **options: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = asked(told(scene), *starts, **options)["result"]["paths"]
    return found


def ends(found: list[dict[str, Any]]) -> list[tuple[str, int, str, str]]:
    """Unit, distance, certainty and the nodes on the way."""
    return [
        (
            path["unit"],
            path["distance"],
            path["certainty"],
            " ".join([path["hops"][0]["from"], *(one["to"] for one in path["hops"])]),
        )
        for path in found
    ]


def chain() -> Scene:
    return Scene().leg("a@1", "b@1", 1).leg("b@1", "c@1", 2, possible=True, rule="rule 3")


def test_a_path_in_full() -> None:
    first = hop("a@1", "b@1", 1)
    second = hop("b@1", "c@1", 2, "rule 3", "possible")
    assert paths(chain(), "a", paths=1) == [
        {"unit": "b", "distance": 1, "certainty": "confirmed", "hops": [first]},
        {"unit": "c", "distance": 2, "certainty": "possible", "hops": [first, second]},
    ]
    assert paths(chain(), "c", paths=1, direction="backward") == [
        {"unit": "a", "distance": 2, "certainty": "possible", "hops": [second, first]},
        {"unit": "b", "distance": 1, "certainty": "possible", "hops": [second]},
    ]
    assert paths(chain(), "b", paths=1, direction="both") == [
        {"unit": "a", "distance": 1, "certainty": "confirmed", "hops": [first], "direction": "backward"},
        {"unit": "c", "distance": 1, "certainty": "possible", "hops": [second], "direction": "forward"},
    ]
    assert paths(chain(), "a") == []
    assert list(paths(chain(), "a", paths=1)[0]["hops"][0]) == list(first)


def fan() -> Scene:
    """From a to z: one confirmed way over three legs, possible ones over one, two and four."""
    scene = Scene().leg("a@1", "b@1").leg("b@1", "c@1").leg("c@1", "z@1").leg("a@1", "z@1", possible=True)
    scene.leg("a@1", "d@1", possible=True).leg("d@1", "z@1")
    return scene.leg("c@1", "e@1", possible=True).leg("e@1", "z@1")


def test_confirmed_ways_first_then_the_shortest() -> None:
    every = [
        ("z", 3, "confirmed", "a@1 b@1 c@1 z@1"),
        ("z", 1, "possible", "a@1 z@1"),
        ("z", 2, "possible", "a@1 d@1 z@1"),
        ("z", 4, "possible", "a@1 b@1 c@1 e@1 z@1"),
    ]
    for wanted in (1, 2, 3, 4, 5):
        assert [row for row in ends(paths(fan(), "a", paths=wanted)) if row[0] == "z"] == every[:wanted]
    assert [row for row in ends(paths(fan(), "a", paths=9, certainty="confirmed")) if row[0] == "z"] == every[:1]


def test_where_there_are_many_confirmed_ways_they_fill_what_is_wanted() -> None:
    scene = Scene().leg("a@1", "z@1", possible=True)
    for name in ("b", "c", "d"):
        scene.leg("a@1", f"{name}@1").leg(f"{name}@1", "z@1")
    found = [row for row in ends(paths(scene, "a", paths=3)) if row[0] == "z"]
    assert sorted(way for *_, way in found) == ["a@1 b@1 z@1", "a@1 c@1 z@1", "a@1 d@1 z@1"]
    assert {row[2] for row in found} == {"confirmed"}


def test_distances_count_costs_not_legs() -> None:
    scene = Scene().leg("a@1", "b@1", cost=0).leg("b@1", "c@1", cost=0).leg("c@1", "z@1").leg("a@1", "z@2", cost=2)
    found = [row for row in ends(paths(scene, "a", paths=2)) if row[0] == "z"]
    assert found == [("z", 1, "confirmed", "a@1 b@1 c@1 z@1"), ("z", 2, "confirmed", "a@1 z@2")]


def test_paths_end_at_the_first_holding_of_the_unit() -> None:
    scene = Scene().leg("a@1", "z@1").leg("z@1", "z@2").leg("a@1", "b@1").leg("b@1", "z@2")
    assert [row for row in ends(paths(scene, "a", paths=9)) if row[0] == "z"] == [
        ("z", 1, "confirmed", "a@1 z@1"),
        ("z", 2, "confirmed", "a@1 b@1 z@2"),
    ]


def test_paths_are_simple_and_go_on_after_the_first() -> None:
    scene = (
        Scene().leg("a@1", "b@1").leg("b@1", "c@1").leg("c@1", "b@1", rule="back").leg("c@1", "z@1").leg("b@1", "z@1")
    )
    scene.leg("z@1", "b@1", rule="round").leg("a@1", "a@2").leg("a@2", "z@1")
    assert [row for row in ends(paths(scene, "a", paths=9)) if row[0] == "z"] == [
        ("z", 1, "confirmed", "a@2 z@1"),
        ("z", 2, "confirmed", "a@1 b@1 z@1"),
        ("z", 3, "confirmed", "a@1 b@1 c@1 z@1"),
    ]


def test_paths_lead_through_listed_nodes_only() -> None:
    assert [row[0] for row in ends(paths(fan(), "a", paths=9, limits=Limits(max_hops=0)))] == []
    near = ends(paths(fan(), "a", paths=9, limits=Limits(max_hops=1)))
    assert [row for row in near if row[0] == "z"] == [
        ("z", 1, "possible", "a@1 z@1"),
        ("z", 2, "possible", "a@1 d@1 z@1"),
    ]


def test_units_in_order_and_starts_left_out() -> None:
    scene = Scene().leg("m@1", "z@1").leg("m@1", "b@1").leg("b@1", "m@2").mix("j", ["b@1"], ["c@1"])
    assert ends(paths(scene, "m", paths=1)) == [
        ("b", 1, "confirmed", "m@1 b@1"),
        ("c", 2, "confirmed", "m@1 b@1 j c@1"),
        ("z", 1, "confirmed", "m@1 z@1"),
    ]


def test_two_legs_between_the_same_nodes_are_two_paths() -> None:
    scene = Scene().leg("a@1", "z@1", rule="first").leg("a@1", "z@1", rule="second", possible=True)
    assert [(path["certainty"], path["hops"][0]["rule"]) for path in paths(scene, "a", paths=5)] == [
        ("confirmed", "first"),
        ("possible", "second"),
    ]


def test_too_many_hops_are_said_and_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """To the first units all paths, to the others none; the answer is cut, in every form."""
    scene = Scene()
    for number in range(6):
        scene.leg(f"u{number}@1", f"u{number + 1}@1", number)
    whole = trace(told(scene), ask("u0", paths=1))
    assert [len(path["hops"]) for path in whole.envelope["result"]["paths"]] == [1, 2, 3, 4, 5, 6]
    assert (whole.cut, whole.envelope["complete"], "paths_left_out" in whole.envelope["result"]) == (False, True, False)
    monkeypatch.setattr(tracing, "MOST_HOPS", 10)
    part = trace(told(scene), ask("u0", paths=1))
    text = b"".join(part.json_pieces())
    assert part.envelope["result"]["paths"] == whole.envelope["result"]["paths"][:4]
    assert part.envelope["result"]["paths_left_out"]["units"] == 2
    assert "2 units are left out" in part.envelope["result"]["paths_left_out"]["message"]
    assert (part.cut, part.envelope["complete"], part.envelope["frontier"]) == (True, False, [])
    assert json.loads(text) == part.envelope
    monkeypatch.setattr(tracing, "MOST_HOPS", 21)
    assert trace(told(scene), ask("u0", paths=1)).envelope == whole.envelope


def test_both_directions_share_the_hops(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene().leg("a@1", "b@1").leg("b@1", "c@1").leg("c@1", "d@1")
    monkeypatch.setattr(tracing, "MOST_HOPS", 2)
    found = asked(told(scene), "b", direction="both", paths=1)["result"]
    assert [(path["direction"], path["unit"]) for path in found["paths"]] == [("backward", "a"), ("forward", "c")]
    assert found["paths_left_out"]["units"] == 1
