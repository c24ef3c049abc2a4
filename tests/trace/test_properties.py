"""Properties of traces on random graphs, against naive definitions that share nothing with the library."""

from __future__ import annotations

import json
from itertools import pairwise

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as some

from tests.trace.memory import MemoryStore
from tracegraph.contract.scenes import Scene
from tracegraph.contract.tracing import asked, random_scene, resumed
from tracegraph.model.custody import Certainty
from tracegraph.stores.port import Legs
from tracegraph.trace.distances import confirmed_nodes, distances, onward, steps
from tracegraph.trace.envelope import to_json
from tracegraph.trace.question import Limits

scenes = some.integers(0, 10_000).map(random_scene)
directions = some.sampled_from(["forward", "backward", "both"])
limits = some.builds(
    Limits,
    max_hops=some.none() | some.integers(0, 4),
    max_steps=some.none() | some.integers(0, 3),
    max_nodes=some.none() | some.integers(1, 9),
)


def known_to(seed: int, scene: Scene) -> MemoryStore:
    store = MemoryStore(seed)
    scene.put_into(store)
    return store


def network(scene: Scene, confirmed_only: bool = False) -> nx.DiGraph[str]:
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from([*scene.holdings, *scene.joints])
    for leg in scene.legs:
        if leg.certainty is Certainty.CONFIRMED or not confirmed_only:
            known = graph.get_edge_data(leg.source, leg.target, {"cost": 9})["cost"]
            graph.add_edge(leg.source, leg.target, cost=min(leg.cost, known))
    return graph


@given(scenes, directions, limits)
def test_node_numbers_and_order_never_show(scene: Scene, direction: str, limited: Limits) -> None:
    shuffled = Scene(
        dict(reversed(scene.holdings.items())), dict(reversed(scene.joints.items())), list(reversed(scene.legs))
    )
    answers = {
        to_json(asked(known_to(seed, told), "u1", "u2", direction=direction, limits=limited, paths=2))
        for seed, told in ((1, scene), (2, scene), (3, shuffled))
    }
    assert len(answers) == 1


@given(scenes, directions, limits)
def test_a_limited_answer_says_of_what_it_lists_what_the_unlimited_one_says(
    scene: Scene, direction: str, limited: Limits
) -> None:
    store = known_to(1, scene)
    whole, part = asked(store, "u0", direction=direction), asked(store, "u0", direction=direction, limits=limited)
    every = {row["id"]: row for row in whole["result"]["holdings"]}
    for row in part["result"]["holdings"]:
        assert (row["distance"], row["certainty"]) == (every[row["id"]]["distance"], every[row["id"]]["certainty"])
    missing = len(every) - len(part["result"]["holdings"])
    assert (part["frontier"] != []) >= (missing > 0)
    assert part["complete"] == (part["frontier"] == [])


@given(scenes, directions, limits, limits)
@settings(max_examples=60)
def test_resuming_goes_on_and_ends_with_the_whole(scene: Scene, direction: str, first: Limits, then: Limits) -> None:
    store = known_to(1, scene)
    whole = asked(store, "u0", direction=direction)
    part = asked(store, "u0", direction=direction, limits=first)
    more = resumed(store, part, then)
    listed, further = ({row["id"] for row in answer["result"]["holdings"]} for answer in (part, more))
    assert listed <= further
    assert resumed(store, more)["result"] == whole["result"]


@given(scenes)
def test_distances_and_certainty_are_those_of_networkx(scene: Scene) -> None:
    answer = asked(known_to(1, scene), "u0")
    starts = {name for name, holding in scene.holdings.items() if holding.unit == "u0"}
    shortest = nx.multi_source_dijkstra_path_length(network(scene), starts, weight="cost")
    found = {row["id"]: row["distance"] for row in answer["result"]["holdings"]}
    assert found == {name: length for name, length in shortest.items() if name in scene.holdings}
    sure = set(nx.multi_source_dijkstra_path_length(network(scene, confirmed_only=True), starts))
    confirmed = {row["id"] for row in answer["result"]["holdings"] if row["certainty"] == "confirmed"}
    assert confirmed == sure & scene.holdings.keys()


@given(scenes)
def test_paths_are_simple_shortest_and_as_many_as_wanted(scene: Scene) -> None:
    answer = asked(known_to(1, scene), "u0", paths=3)
    graph = network(scene)
    starts = {name for name, holding in scene.holdings.items() if holding.unit == "u0"}
    for unit in answer["result"]["units"][1:]:
        paths = [path for path in answer["result"]["paths"] if path["unit"] == unit["id"]]
        assert 1 <= len(paths) <= 3
        assert min(path["distance"] for path in paths) >= unit["distance"]
        if unit["certainty"] == "possible":
            assert paths[0]["distance"] == unit["distance"]
        assert paths[0]["certainty"] == unit["certainty"]
        for path in paths:
            nodes = [path["hops"][0]["from"], *(hop["to"] for hop in path["hops"])]
            assert all(one["to"] == other["from"] for one, other in pairwise(path["hops"]))
            assert len(set(nodes)) == len(nodes)
            assert nodes[0] in starts
            assert scene.holdings[nodes[-1]].unit == unit["id"]
            assert all(graph.has_edge(*pair) for pair in pairwise(nodes))


@given(scenes)
def test_steps_are_the_fewest_changes_of_hands(scene: Scene) -> None:
    names = [*scene.holdings, *scene.joints]
    number = {name: place for place, name in enumerate(names)}
    party = {number[name]: holding.party for name, holding in scene.holdings.items()}
    legs = Legs()
    for leg in scene.legs:
        legs.source.append(number[leg.source])
        legs.target.append(number[leg.target])
        legs.cost.append(leg.cost)
    begin = [place for name, place in number.items() if name.startswith("u0")]
    found = {node: told.count for node, told in steps(begin, onward(legs, "forward"), party).items()}
    assert found == fewest_changes(begin, legs, party)


def fewest_changes(begin: list[int], legs: Legs, party: dict[int, str | None]) -> dict[int, int]:
    """By relaxing every (node, last organisation) until nothing changes any more."""
    cost = {(node, party.get(node)): 0 for node in begin}
    changed = True
    while changed:
        changed = False
        for source, target in zip(legs.source, legs.target, strict=True):
            for (node, holder), steps_so_far in list(cost.items()):
                if node == source:
                    taker = party.get(target) or holder
                    total = steps_so_far + (holder is not None and taker != holder)
                    if total < cost.get((target, taker), 99):
                        cost[target, taker] = total
                        changed = True
    nodes = {node for node, _ in cost}
    return {node: min(total for (other, _), total in cost.items() if other == node) for node in nodes}


def test_a_chain_10_000_deep_and_a_lot_with_100_000_children() -> None:
    chain = Legs(
        source=list(range(10_000)), target=list(range(1, 10_001)), confirmed=[True] * 10_000, cost=[1] * 10_000
    )
    ways = onward(chain, "forward")
    assert distances([0], ways, chain.cost)[10_000] == 10_000
    assert len(confirmed_nodes([0], ways, chain.confirmed)) == 10_001
    assert steps([0], ways, {})[10_000].count == 0
    fan = Legs(source=[0] * 100_000, target=list(range(1, 100_001)), confirmed=[True] * 100_000, cost=[1] * 100_000)
    assert set(distances([0], onward(fan, "forward"), fan.cost).values()) == {0, 1}


def test_many_parties_through_one_pool_cost_no_more_than_their_legs() -> None:
    into = Legs(source=list(range(1_000)), target=[5_000] * 1_000, cost=[1] * 1_000)
    out = Legs(source=[5_000] * 1_000, target=list(range(6_000, 7_000)), cost=[1] * 1_000)
    legs = Legs(source=into.source + out.source, target=into.target + out.target, cost=into.cost + out.cost)
    party: dict[int, str | None] = {node: f"p{node}" for node in (*range(1_000), *range(6_000, 7_000))}
    found = steps(range(1_000), onward(legs, "forward"), party)
    assert {found[node].count for node in range(6_000, 7_000)} == {1}


def test_answers_survive_json() -> None:
    answer = asked(known_to(1, random_scene(5)), "u0", paths=1)
    assert json.loads(to_json(answer)) == answer
