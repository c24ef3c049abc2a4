"""Reach under a clock, snapshots of what was known, and the small rules of what an answer lists."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from tests.trace.memory import MemoryStore
from tests.trace.test_show import told
from tracegraph.contract.scenes import SECOND, Scene
from tracegraph.contract.tracing import asked, certain, ids, random_scene
from tracegraph.model.instants import parse_instant
from tracegraph.model.record import Record
from tracegraph.stores.ledger import EMPTY_HASH
from tracegraph.stores.port import Legs
from tracegraph.trace import reach as reaching
from tracegraph.trace.question import Limits, ask
from tracegraph.trace.reach import Starts, append_legs, reach, select_legs
from tracegraph.trace.snapshot import Snapshot
from tracegraph.trace.tracing import trace
from tracegraph.trace.trail import Trail


def columns(*numbers: int) -> Legs:
    return Legs(
        [10 + n for n in numbers],
        [20 + n for n in numbers],
        [f"e{n}" for n in numbers],
        [f"r{n}" for n in numbers],
        [n % 2 == 0 for n in numbers],
        list(numbers),
        [30 + n for n in numbers],
    )


def test_columns_stay_together() -> None:
    assert select_legs(columns(1, 2, 3, 4), lambda number: number in (1, 3)) == columns(2, 4)
    legs = columns(1, 2)
    append_legs(legs, columns(5))
    assert legs == columns(1, 2, 5)


@given(some.integers(0, 10_000).map(random_scene), some.sampled_from(["forward", "backward"]), some.booleans())
@settings(max_examples=40)
def test_with_time_enough_a_clock_changes_nothing(scene: Scene, direction: Any, confirmed_only: bool) -> None:
    store = MemoryStore(1)
    scene.put_into(store)
    snapshot = Snapshot.of(store)
    starts = Starts({store.numbers[name]: True for name in scene.holdings if name.startswith("u0")})
    free = reach(snapshot, starts, direction, confirmed_only)
    for known in ((), tuple(scene.holdings)[:4]):
        timed = reach(snapshot, starts, direction, confirmed_only, 1e9, known)
        assert (timed.distance, timed.confirmed, timed.nodes) == (free.distance, free.confirmed, free.nodes)
        assert sorted(zip(timed.legs.event, timed.legs.rule, strict=True)) == sorted(
            zip(free.legs.event, free.legs.rule, strict=True)
        )
        assert timed.unfollowed == frozenset()


def cut(scene: Scene, monkeypatch: pytest.MonkeyPatch, looks: int, **options: Any) -> dict[str, Any]:
    """The answer where time is up at this look at the clock."""
    clock = iter(range(1000))
    monkeypatch.setattr(reaching, "monotonic", lambda: next(clock))
    return asked(told(scene), "a", limits=Limits(max_seconds=looks), **options)


def tree() -> Scene:
    """b is one event from a; c and d follow on a at no cost; e and f are two events away."""
    scene = Scene().leg("a@1", "b@1", cost=1).leg("a@1", "c@1", cost=0).leg("c@1", "d@1", cost=0).leg("b@1", "e@1")
    return scene.leg("d@1", "f@1", cost=2).leg("d@1", "b@1", cost=0)


@pytest.mark.parametrize(
    ("looks", "listed", "frontier"),
    [
        (1, ["a@1", "c@1", "b@1"], ["c@1", "b@1"]),
        (2, ["a@1", "c@1", "d@1", "b@1"], ["d@1", "b@1"]),
        (3, ["a@1", "b@1", "c@1", "d@1", "f@1"], ["b@1", "f@1"]),
        (4, ["a@1", "b@1", "c@1", "d@1", "e@1", "f@1"], ["e@1", "f@1"]),
        (6, ["a@1", "b@1", "c@1", "d@1", "e@1", "f@1"], []),
    ],
)
def test_the_nearest_are_followed_first(
    looks: int, listed: list[str], frontier: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = cut(tree(), monkeypatch, looks)
    assert ids(answer) == listed
    assert [entry["holding"] for entry in answer["frontier"]] == frontier
    assert answer["complete"] == (frontier == [])


def test_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reaching, "ROUND", 2)
    scene = Scene()
    for number in range(5):
        scene.leg("a@1", f"b{number}@1").leg(f"b{number}@1", f"c{number}@1")
    answer = cut(scene, monkeypatch, 3)
    assert len([name for name in ids(answer) if name.startswith("c")]) == 4
    assert len(answer["frontier"]) == 5


def test_a_clock_and_confirmed_legs_only_backward(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene().leg("b@1", "a@1").leg("x@1", "a@1", possible=True).leg("c@1", "b@1").leg("d@1", "c@1")
    answer = cut(scene, monkeypatch, 2, direction="backward", certainty="confirmed")
    assert ids(answer) == ["a@1", "b@1", "c@1"]
    assert [entry["holding"] for entry in answer["frontier"]] == ["c@1"]


def test_a_snapshot_reads_what_was_known_then() -> None:
    first = Scene().hold("a@1", event="e").mix("m", ["a@1"], [], 1).alias("a", "x").member("i", "a").gap("g", "a@1")
    first.happen("e", "urn:1", units=["a"]).record("site", "s").record("site", "t").record("party", "s")
    second = replace(copy.deepcopy(first), facts=[], records=[Record("site", "t", withdrawn=True)])
    second.happen("f", "urn:1", units=["a"]).join("n").hold("a@2", event="e").member("a", "lot").alias("a", "y")
    second.leg("a@1", "a@2", 5).gap("h", unit="a")
    second.joints["m"] = replace(second.joints["m"], events=("event m", "event n"))
    store = told(first, second)
    then, now = Snapshot.of(store, 5 * SECOND), Snapshot.of(store)
    assert (then.position, then.head, then.known) == (5, store.chain[4].hash, 5 * SECOND)
    assert (now.position, now.head, now.known) == (8, store.chain[-1].hash, 11 * SECOND)
    assert [stored.facts.content_hash for stored in then.events(units=["a"])] == ["e"]
    assert [stored.facts.content_hash for stored in now.events(units=["a"])] == ["e", "f"]
    assert [stored.facts.content_hash for stored in then.events(event_ids=["urn:1"])] == ["e"]
    assert [stored.facts.content_hash for stored in now.events(hashes=["f"])] == ["f"]
    assert now.events(units=["b"]) == []
    line, later = then.timeline("a"), now.timeline("a")
    assert line is not None
    assert later is not None
    assert (line.lots, later.lots, now.timeline("nobody")) == ((), ("lot",), None)
    assert [row.joint.id for row in then.joints_of(["event n"])] == []
    assert [row.joint.id for row in now.joints_of(["event n"])] == ["m", "n"]
    assert (then.aliases(["a"]), now.aliases(["y"])) == ([("a", "x")], [("a", "x"), ("a", "y")])
    assert (then.members(["lot"]), now.members(["lot"])) == ([], [("lot", "a")])
    every = sorted(store.numbers.values())
    assert [row.joint.id for row in then.joints(every)] == ["m"]
    assert [row.joint.id for row in now.joints(every)] == ["m", "n"]
    assert (len(then.legs(every, "forward").source), len(now.legs(every, "forward").source)) == (1, 2)
    assert (len(then.reach(every, "forward").source), len(now.reach(every, "forward").source)) == (1, 2)
    assert [gap.kind for gap in now.gaps(units=["a"])] == ["h"]
    assert then.gaps(units=["a"]) == []
    assert [entry.record.id for entry in then.records("site")] == ["s", "t"]
    assert [entry.record.id for entry in now.records("site")] == ["s"]
    assert [(entry.record.kind, entry.record.id) for entry in now.records("party", ["s"])] == [("party", "s")]
    assert [entry.record.kind for entry in now.records(ids=["s"])] == ["party", "site"]
    nothing = Snapshot.of(store, 0)
    assert (nothing.position, nothing.head, nothing.known) == (0, EMPTY_HASH, 0)


def test_an_empty_trail_lists_nothing() -> None:
    trail = Trail.empty()
    assert (trail.holdings, trail.joints, trail.listed, trail.leg_order) == ([], [], [], [])
    assert (trail.starts, trail.frontier, trail.distance, trail.sides) == (frozenset(), frozenset(), {}, {})
    assert trail.confirmed == set()


def test_instants_are_whole_numbers() -> None:
    for value in ("2026-01-31", "2026-01-31T09:00:00.000001+01:00"):
        assert type(parse_instant(value, "on")) is int


def test_places_of_a_container_count_while_something_was_in_it() -> None:
    scene = (
        Scene().hold("tote@0", "site:z", 0, 2, "zed").hold("tote@1", "site:a", 2, 10, "ann").leg("tote@0", "tote@1", 2)
    )
    scene.hold("tote@2", "site:b", 10, None, "bob").leg("tote@1", "tote@2", 10)
    scene.hold("pie@tote", "container:tote", 2, 10, "eva")
    answer = asked(told(scene), "pie")
    assert ids(answer, "sites") == ["a"]
    assert answer["result"]["parties"] == [
        {"id": "ann", "certainty": "confirmed"},
        {"id": "eva", "certainty": "confirmed"},
    ]


def test_places_are_confirmed_once_something_confirmed_was_there() -> None:
    scene = Scene().hold("a@1", "site:s", 0, None, "p").hold("b@1", "site:s", 1, None, "p").hold("c@1", "party:q", 2)
    scene.hold("d@1", "party:q", 3).hold("e@1", "site:t", 4, None, "r").leg("a@1", "b@1", possible=True)
    scene.leg("a@1", "c@1").leg("a@1", "d@1", possible=True).leg("a@1", "e@1", possible=True)
    answer = asked(told(scene), "a")
    assert (certain(answer, "sites"), ids(answer, "sites")) == ({"s"}, ["s", "t"])
    assert (certain(answer, "parties"), ids(answer, "parties")) == ({"p", "q"}, ["p", "q", "r"])
    mixed = Scene().leg("a@1", "b@1", possible=True).mix("m", ["b@1"], ["c@1"]).join("n", site="mill")
    mixed.hold("a@1", "site:x").hold("b@1", "site:y").hold("c@1", "site:z").leg("a@1", "n", rule="transformation")
    places = asked(told(mixed), "a")
    assert [(row["id"], row["certainty"]) for row in places["result"]["sites"]] == [
        ("factory", "possible"),
        ("mill", "confirmed"),
        ("x", "confirmed"),
        ("y", "possible"),
        ("z", "possible"),
    ]


def test_a_units_kind_and_product() -> None:
    item = "https://id.gs1.org/01/09521234567899/21/7"
    scene = Scene().hold("a/1@1").hold(f"{item}@1")
    rows = {row["id"]: (row["kind"], row["product"]) for row in asked(told(scene), "a/1", item)["result"]["units"]}
    assert rows["a/1"] == ("lot", "a")


def test_both_directions_in_full() -> None:
    scene = Scene().leg("a@1", "b@1").leg("b@1", "c@1", possible=True).leg("c@1", "a@1").leg("b@1", "d@1")
    scene.leg("z@1", "b@1").leg("c@1", "e@1")
    answer = asked(told(scene), "b", direction="both")
    assert [(row["id"], row["distance"], row["certainty"], row["direction"]) for row in answer["result"]["units"]] == [
        ("b", 0, "confirmed", "both"),
        ("a", 1, "confirmed", "both"),
        ("c", 1, "confirmed", "both"),
        ("d", 1, "confirmed", "forward"),
        ("z", 1, "confirmed", "backward"),
        ("e", 2, "possible", "forward"),
    ]
    assert [row["direction"] for row in answer["result"]["holdings"]] == [
        "both",
        "both",
        "both",
        "forward",
        "backward",
        "forward",
    ]


def test_the_legs_of_both_directions_each_once() -> None:
    scene = (
        Scene().leg("a@1", "b@1").leg("b@1", "c@1").leg("c@1", "a@1").leg("z@1", "a@1").leg("a@1", "b@1", rule="two")
    )
    trail = trace(told(scene), ask("a", direction="both")).trail
    nodes = trail.nodes
    assert [
        (nodes[trail.legs.source[n]].id, nodes[trail.legs.target[n]].id, trail.legs.rule[n]) for n in trail.leg_order
    ] == [
        ("a@1", "b@1", "document"),
        ("a@1", "b@1", "two"),
        ("b@1", "c@1", "document"),
        ("c@1", "a@1", "document"),
        ("z@1", "a@1", "document"),
    ]


def test_limits_in_both_directions() -> None:
    scene = Scene()
    for name in ("c", "b"):
        scene.hold(f"{name}@1", party=name).leg("m@1", f"{name}@1").leg(f"{name}@1", f"{name}{name}@1")
        scene.hold(f"up{name}@1", party=name).leg(f"up{name}@1", "m@1").leg(f"upp{name}@1", f"up{name}@1")
    scene.hold("m@1", party="m")
    answer = asked(told(scene), "m", direction="both", limits=Limits(max_hops=1))
    assert answer["frontier"] == [
        {"holding": name, "distance": 1, "steps": 1, "certainty": "confirmed", "direction": direction}
        for name, direction in (("b@1", "forward"), ("c@1", "forward"), ("upb@1", "backward"), ("upc@1", "backward"))
    ]
    few = asked(told(scene), "m", direction="both", limits=Limits(max_nodes=2))
    assert ids(few) == ["m@1", "b@1"]
    assert [(entry["holding"], entry["direction"], entry["steps"]) for entry in few["frontier"]] == [
        ("m@1", "backward", 0),
        ("m@1", "forward", 0),
        ("b@1", "forward", 1),
    ]
    steps = asked(told(scene), "m", direction="both", limits=Limits(max_steps=0))
    assert ids(steps) == ["m@1"]
    one = asked(told(scene), "m", limits=Limits(max_nodes=1))
    assert one["frontier"] == [{"holding": "m@1", "distance": 0, "steps": 0, "certainty": "confirmed"}]


def test_limits_look_through_transformations() -> None:
    scene = Scene().mix("first", ["a@1"], ["b@1"]).mix("second", ["b@1"], ["c@1"]).leg("second", "first", cost=0)
    scene.mix("aside", ["a@1"], [])
    answer = asked(told(scene), "a", limits=Limits(max_hops=1))
    assert ids(answer) == ["a@1", "b@1"]
    assert [entry["holding"] for entry in answer["frontier"]] == ["b@1"]
    assert "event second" not in answer["result"]["events"]
    assert {"event first", "event aside"} <= set(answer["result"]["events"])
    possible = Scene().leg("a@1", "b@1", possible=True).leg("b@1", "c@1")
    assert asked(told(possible), "a", limits=Limits(max_hops=1))["frontier"] == [
        {"holding": "b@1", "distance": 1, "steps": 0, "certainty": "possible"}
    ]
