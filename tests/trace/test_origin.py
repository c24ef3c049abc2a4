"""Where goods come from: complete sources and hops, circles, limits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.trace.test_show import hop, told
from tracegraph.contract.scenes import SECOND, Scene
from tracegraph.contract.tracing import ids
from tracegraph.trace.origin import origin
from tracegraph.trace.question import Limits, ask
from tracegraph.trace.register import Register
from tracegraph.trace.snapshot import Snapshot


def soup() -> Scene:
    """Leek from a garden, and stock of which no input is recorded, make soup; leek may also come from the market."""
    scene = Scene().hold("leek@garden", "site:garden", 1, 5, "gardener").hold("leek@kitchen", "site:kitchen", 5, 9)
    scene.hold("leek@market", "site:market", 2, 6, "grocer")
    scene.leg("leek@garden", "leek@kitchen", 5).leg("leek@market", "leek@kitchen", 6, possible=True)
    scene.mix("boiling", [], ["stock@kitchen"], 4).mix("cooking", ["leek@kitchen", "stock@kitchen"], ["soup@1"], 9)
    return scene.gap("no_lot_number", "leek@market").gap("implied_move", "leek@market").gap("b", unit="leek")


def asked(*scenes: Scene, start: str = "soup", limits: Limits | None = None, **options: Any) -> dict[str, Any]:
    question = ask(start, kind="origin", direction="backward", limits=limits or Limits(), **options)
    return origin(told(*scenes), question).envelope


def sources(answer: dict[str, Any]) -> list[str]:
    return [row["holding"] or row["transformation"] for row in answer["result"]["sources"]]


def test_sources_in_full() -> None:
    expected: tuple[dict[str, Any], ...] = (
        {
            "unit": "leek",
            "holding": "leek@garden",
            "transformation": None,
            "place": {"kind": "site", "id": "garden"},
            "party": "gardener",
            "since": "1970-01-01T00:00:01Z",
            "event": "opened leek@garden",
            "distance": 2,
            "certainty": "confirmed",
            "gaps": ["b"],
        },
        {
            "unit": "leek",
            "holding": "leek@market",
            "transformation": None,
            "place": {"kind": "site", "id": "market"},
            "party": "grocer",
            "since": "1970-01-01T00:00:02Z",
            "event": "opened leek@market",
            "distance": 2,
            "certainty": "possible",
            "gaps": ["b", "implied_move", "no_lot_number"],
        },
        {
            "unit": None,
            "holding": None,
            "transformation": "boiling",
            "place": {"kind": "site", "id": "factory"},
            "party": None,
            "since": "1970-01-01T00:00:04Z",
            "event": "event boiling",
            "distance": 1,
            "certainty": "confirmed",
            "gaps": [],
        },
    )
    garden, market, boiling = expected
    answer = asked(soup())
    assert answer["result"]["sources"] == [boiling, garden, market], "nearest first, then by id"
    assert list(answer["result"]["sources"][0]) == list(garden)
    assert answer["result"]["hops"] == [
        hop("boiling", "stock@kitchen", 4, "transformation"),
        hop("leek@garden", "leek@kitchen", 5),
        hop("leek@market", "leek@kitchen", 6, certainty="possible"),
        hop("cooking", "soup@1", 9, "transformation"),
        hop("leek@kitchen", "cooking", 9, "transformation"),
        hop("stock@kitchen", "cooking", 9, "transformation"),
    ]
    assert answer["result"]["units"] == [
        {"id": "soup", "kind": "lot", "product": None, "distance": 0, "certainty": "confirmed"},
        {"id": "leek", "kind": "lot", "product": None, "distance": 1, "certainty": "confirmed"},
        {"id": "stock", "kind": "lot", "product": None, "distance": 1, "certainty": "confirmed"},
    ]
    assert [gap["kind"] for gap in answer["gaps"]] == ["b", "implied_move", "no_lot_number"]
    assert answer["question"]["kind"] == "origin"


def test_a_transformation_of_which_no_event_is_recorded() -> None:
    scene = soup()
    scene.joints["boiling"] = replace(scene.joints["boiling"], events=())
    assert asked(scene)["result"]["sources"][0]["event"] == ""


def test_only_what_is_confirmed() -> None:
    assert sources(asked(soup(), certainty="confirmed")) == ["boiling", "leek@garden"]


def test_where_a_limit_cuts_is_no_source() -> None:
    answer = asked(soup(), limits=Limits(max_hops=1))
    assert sources(answer) == ["boiling"]
    assert [(entry["holding"], entry["distance"]) for entry in answer["frontier"]] == [("leek@kitchen", 1)]
    assert answer["complete"] is False
    assert answer["question"]["limits"]["max_hops"] == 1


def test_no_time_at_all_follows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(0, 1000, 10))
    monkeypatch.setattr("tracegraph.trace.reach.monotonic", lambda: next(clock))
    answer = asked(soup(), limits=Limits(max_seconds=1))
    assert [entry["holding"] for entry in answer["frontier"]] == ["soup@1"]
    assert ids(answer) == ["soup@1"]


def test_the_contents_of_a_container_are_starts_unless_left_out() -> None:
    scene = soup().hold("pot@1", since=9).hold("soup@pot", "container:pot", 10).leg("soup@1", "soup@pot", 10)
    assert sources(asked(scene, start="pot")) == ["pot@1", "boiling", "leek@garden", "leek@market"]
    assert sources(asked(scene, start="pot", contents=False)) == ["pot@1"]


def test_known_time_and_language() -> None:
    later = soup().hold("leek@field", "site:field", 0).leg("leek@field", "leek@garden", 1)
    now, then = asked(soup(), later), asked(soup(), later, as_of="1970-01-01T00:00:05Z")
    assert sources(now) == ["boiling", "leek@market", "leek@field"]
    assert sources(then) == ["boiling", "leek@garden", "leek@market"]
    store = told(soup(), later)
    question = ask("soup", kind="origin", direction="backward")
    chinese = origin(store, question, "zh").envelope
    assert chinese["gaps"][-1]["message"] != now["gaps"][-1]["message"]
    given = origin(store, question, register=Register(Snapshot.of(store, 5 * SECOND))).envelope
    assert given["result"] == then["result"]


@pytest.mark.parametrize(("first", "second"), [("a", "z"), ("z", "a")])
def test_of_circles_that_feed_each_other_the_first_is_the_source(first: str, second: str) -> None:
    scene = Scene().hold(f"{first}@1", since=7).hold(f"{first}@2", since=6).hold(f"{second}@1", since=3)
    scene.hold(f"{second}@2", since=2).hold("end@1")
    for unit in (first, second):
        scene.leg(f"{unit}@1", f"{unit}@2").leg(f"{unit}@2", f"{unit}@1")
    scene.leg(f"{first}@1", f"{second}@1").leg(f"{second}@2", "end@1")
    assert sources(asked(scene, start="end")) == [f"{first}@2"]


def test_a_circle_that_something_leads_into_is_no_source() -> None:
    scene = Scene().leg("a@1", "b@1").leg("b@1", "a@1").leg("a@1", "end@1").leg("birth@1", "b@1")
    assert sources(asked(scene, start="end")) == ["birth@1"]


def test_two_circles_are_two_sources() -> None:
    scene = Scene().leg("a@1", "b@1").leg("b@1", "a@1").leg("a@1", "end@1")
    scene.hold("d@1", since=2).hold("c@1", since=4).leg("c@1", "d@1").leg("d@1", "c@1").leg("c@1", "end@1")
    assert sources(asked(scene, start="end")) == ["a@1", "d@1"]


def test_a_circle_begins_where_it_began_transformations_included() -> None:
    scene = Scene().hold("a@1", since=5).hold("b@1", since=6).hold("end@1", since=9)
    scene.mix("rework", ["b@1"], ["a@1"], 4).mix("make", ["a@1"], ["b@1"], 6).leg("b@1", "end@1", 9)
    assert sources(asked(scene, start="end")) == ["rework"]
    tied = Scene().hold("c@1", since=5).hold("b@1", since=5).leg("c@1", "b@1").leg("b@1", "c@1").leg("c@1", "end@1")
    assert sources(asked(tied, start="end")) == ["b@1"]
