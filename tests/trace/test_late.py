"""Starts that count from an instant on, where goods in scope came to them another way too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as some

from tests.trace.memory import MemoryStore
from tests.trace.test_show import told
from tracegraph.contract.scenes import SECOND, Scene
from tracegraph.contract.tracing import asked, certain, distances, ids, random_scene, resumed
from tracegraph.model.custody import Certainty, Leg
from tracegraph.model.instants import instant_text
from tracegraph.trace.envelope import to_json
from tracegraph.trace.question import Limits

NOW = "now"


@dataclass(frozen=True)
class Windowed:
    """A site in a window of a random scene: seconds, from `since` on and before `until`."""

    seed: int
    site: str
    since: int
    until: int

    @property
    def scene(self) -> Scene:
        return random_scene(self.seed, nodes=10, legs=16)

    def present(self) -> dict[str, int]:
        """The stays that overlap the window, and since when what leaves them counts: of those that began before."""
        return {
            name: self.since * SECOND if held.since < self.since * SECOND else 0
            for name, held in self.scene.holdings.items()
            if held.place.id == self.site
            and held.since < self.until * SECOND
            and (held.until is None or held.until > self.since * SECOND)
        }

    def network(self, confirmed_only: bool) -> nx.DiGraph[str]:
        """All legs; what was present leads, by what left it in time, from a node of its own."""
        graph: nx.DiGraph[str] = nx.DiGraph()
        graph.add_nodes_from([NOW, *self.scene.holdings, *self.scene.joints])
        present = self.present()
        for leg in self.scene.legs:
            if leg.certainty is Certainty.CONFIRMED or not confirmed_only:
                add(graph, leg.source, leg)
                if leg.source in present and leg.instant >= present[leg.source]:
                    add(graph, NOW, leg)
        return graph

    def truth(self, confirmed_only: bool = False) -> dict[str, int]:
        """All that follows from goods that were present, by any way, with its distance."""
        found = nx.single_source_dijkstra_path_length(self.network(confirmed_only), NOW, weight="cost")
        found |= dict.fromkeys(self.present(), 0)
        return {name: int(length) for name, length in found.items() if name in self.scene.holdings}

    def asked(self, **options: Any) -> dict[str, Any]:
        return asked(self.store(), f"site:{self.site}", **self.window(), **options)

    def window(self) -> dict[str, Any]:
        return {"since": instant_text(self.since * SECOND), "until": instant_text(self.until * SECOND - 1)}

    def store(self, numbering: int = 1) -> MemoryStore:
        store = MemoryStore(numbering)
        self.scene.put_into(store)
        return store


def add(graph: nx.DiGraph[str], source: str, leg: Leg) -> None:
    known = graph.get_edge_data(source, leg.target, {"cost": 9})["cost"]
    graph.add_edge(source, leg.target, cost=min(leg.cost, known))


windows = some.builds(
    lambda seed, site, since, length: Windowed(seed, f"s{site}", since, since + length),
    some.integers(0, 10_000),
    some.integers(0, 3),
    some.integers(1, 9),
    some.integers(1, 6),
).filter(lambda one: any(held.place.id == one.site for held in one.scene.holdings.values()))
limits = some.builds(
    Limits,
    max_hops=some.none() | some.integers(0, 4),
    max_steps=some.none() | some.integers(0, 3),
    max_nodes=some.none() | some.integers(1, 9),
)


def outside() -> Windowed:
    """Of many scenes, one in which what had left a start before the window is in scope by another way."""
    for seed in range(1_000):
        for since in range(1, 9):
            one = Windowed(seed, "s1", since, since + 3)
            early = {
                leg.target
                for leg in one.scene.legs
                if leg.source in one.present() and leg.instant < since * SECOND and leg.target in one.scene.holdings
            }
            if early & one.truth().keys() - narrowly(one):
                return one
    raise AssertionError("no such scene")


def narrowly(one: Windowed) -> set[str]:
    """What is left where nothing that ever left a start before the window is followed."""
    graph = one.network(confirmed_only=False)
    present = one.present()
    graph.remove_edges_from(
        [(leg.source, leg.target) for leg in one.scene.legs if leg.instant < present.get(leg.source, 0)]
    )
    return set(nx.descendants(graph, NOW)) | present.keys()


def test_the_scenes_hold_what_is_looked_for() -> None:
    one = outside()
    assert set(ids(one.asked())) == one.truth().keys()


@given(windows)
@settings(max_examples=150)
def test_a_window_at_a_site_gives_all_that_goods_then_there_came_to_by_any_way(one: Windowed) -> None:
    answer = one.asked()
    assert distances(answer) == one.truth()
    assert certain(answer) == one.truth(confirmed_only=True).keys()
    assert set(ids(one.asked(certainty="confirmed"))) == one.truth(confirmed_only=True).keys()
    both = one.asked(direction="both")
    forward = {row["id"] for row in both["result"]["holdings"] if row["direction"] in ("forward", "both")}
    assert forward == one.truth().keys()


@given(windows, limits)
@settings(max_examples=60)
def test_limited_resumed_timed_and_renumbered_answers_agree(one: Windowed, limited: Limits) -> None:
    whole, store = one.asked(), one.store()
    rows = {row["id"]: row for row in whole["result"]["holdings"]}
    part = asked(store, f"site:{one.site}", **one.window(), limits=limited)
    for row in part["result"]["holdings"]:
        assert (row["distance"], row["certainty"]) == (rows[row["id"]]["distance"], rows[row["id"]]["certainty"])
    assert (part["frontier"] != []) >= (len(part["result"]["holdings"]) < len(rows))
    assert resumed(store, part)["result"] == whole["result"]
    assert one.asked(limits=Limits(max_seconds=1e9))["result"] == whole["result"]
    again = asked(one.store(2), f"site:{one.site}", **one.window(), limits=limited)
    assert to_json(again) == to_json(part)


@given(windows)
@settings(max_examples=60)
def test_paths_begin_with_what_left_a_start_in_time(one: Windowed) -> None:
    answer, present = one.asked(paths=2), one.present()
    starting = {one.scene.holdings[name].unit for name in present}
    reached = {row["id"]: row for row in answer["result"]["units"] if row["id"] not in starting}
    found = [path for path in answer["result"]["paths"] if path["distance"] == reached[path["unit"]]["distance"]]
    assert {path["unit"] for path in answer["result"]["paths"]} == reached.keys()
    assert {path["unit"] for path in found} >= {key for key, row in reached.items() if row["certainty"] == "possible"}
    for path in answer["result"]["paths"]:
        first = path["hops"][0]
        assert first["instant"] >= instant_text(present[first["from"]])
        assert all(hop["to"] == then["from"] for hop, then in zip(path["hops"], path["hops"][1:], strict=False))


def rework() -> Scene:
    """From 50 on: milk at the plant goes, late, into cheese of which some was sold at 25."""
    scene = (
        Scene().hold("milk@plant", "site:plant", 0, 60, "dairy").hold("cheese@plant", "site:plant", 20, 100, "dairy")
    )
    scene.leg("milk@plant", "cheese@plant", 60, possible=True).hold("sold@shop", "site:shop", 25, None, "grocer")
    scene.hold("gone@kiosk", "site:kiosk", 30, None, "kiosk").hold("brine@plant", "site:plant", 0, 100, "dairy")
    scene.leg("cheese@plant", "sold@shop", 25).leg("brine@plant", "gone@kiosk", 30)
    return scene.hold("kept@depot", "site:depot", 70, None, "depot").leg("cheese@plant", "kept@depot", 70)


def test_what_left_a_start_early_is_followed_where_goods_in_scope_came_to_it_as_that_came() -> None:
    answer = asked(told(rework()), "site:plant", since="1970-01-01T00:00:50Z", paths=1)
    assert distances(answer) == {
        "brine@plant": 0,
        "cheese@plant": 0,
        "kept@depot": 1,
        "milk@plant": 0,
        "sold@shop": 2,
    }
    assert certain(answer) == {"brine@plant", "cheese@plant", "kept@depot", "milk@plant"}, "the milk only may be in it"
    assert [[hop["from"] for hop in path["hops"]] for path in answer["result"]["paths"]] == [
        ["cheese@plant"],
        ["milk@plant", "cheese@plant"],
    ]
    before = asked(told(rework()), "site:plant", since="1970-01-01T00:00:50Z", limits=Limits(max_steps=0))
    assert {entry["holding"]: entry["steps"] for entry in before["frontier"]} == {"cheese@plant": 0}


def test_as_it_was_known_before_the_way_was_known() -> None:
    known = rework()
    way = next(leg for leg in known.legs if leg.target == "cheese@plant")
    known.legs.remove(way)
    store = told(known, rework())
    assert "sold@shop" in ids(asked(store, "site:plant", since="1970-01-01T00:00:50Z"))
    then = asked(store, "site:plant", since="1970-01-01T00:00:50Z", as_of="1970-01-01T00:00:01Z")
    assert set(ids(then)) == {"brine@plant", "cheese@plant", "kept@depot", "milk@plant"}
