"""Metrics of random graphs against what NetworkX, a trace, or going through all ways one by one finds."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.trace.memory import MemoryStore
from tracegraph.contract.scenes import Scene
from tracegraph.graph import Tracegraph
from tracegraph.model.quantity import Quantity

Json = dict[str, Any]
EXAMPLES = settings(max_examples=40)


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    """Lots that are used for later ones, each at a site, with kilograms; what is not used is there still."""
    lots = draw(st.integers(2, 8))
    scene = Scene()
    for number in range(lots):
        kilos = Quantity(Decimal(draw(st.integers(1, 9))), "KGM")
        scene.hold(f"u{number}@x", f"site:{draw(st.sampled_from('abc'))}", number, quantity=kilos)
    for number in range(1, lots):
        used = draw(st.lists(st.integers(0, number - 1), max_size=3, unique=True))
        if used:
            scene.mix(f"j{number}", [f"u{one}@x" for one in used], [f"u{number}@x"], number)
    return scene


def graph_of(scene: Scene) -> Tracegraph:
    store = MemoryStore(1)
    scene.put_into(store)
    return Tracegraph(store)


def figures(scene: Scene, metric: str, **options: Any) -> Json:
    told: Json = graph_of(scene).metrics(metric, **options).to_dict()["result"]["metrics"]
    return told


def network(scene: Scene) -> nx.DiGraph:
    graph: nx.DiGraph = nx.DiGraph()
    graph.add_nodes_from([*scene.holdings, *scene.joints])
    graph.add_edges_from((leg.source, leg.target, {"cost": leg.cost}) for leg in scene.legs)
    return graph


def ends(scene: Scene) -> dict[str, Fraction]:
    graph = network(scene)
    return {
        name: Fraction(holding.quantity.value)
        for name, holding in scene.holdings.items()
        if not graph.out_degree(name) and holding.quantity is not None and holding.quantity.value is not None
    }


def ways(scene: Scene, end: str) -> Iterator[list[str]]:
    graph = network(scene)
    for root in (node for node in graph if not graph.in_degree(node)):
        if root == end:
            yield [end]
        else:
            yield from nx.all_simple_paths(graph, root, end)


@EXAMPLES
@given(scenes())
def test_exposure_is_the_volume_of_what_all_ways_pass(scene: Scene) -> None:
    volumes: dict[str, Fraction] = {}
    for end, volume in ends(scene).items():
        passed = [{place(scene, node) for node in way} for way in ways(scene, end)]
        for site in set.intersection(*passed):
            volumes[site] = volumes.get(site, Fraction(0)) + volume
    found = figures(scene, "dominators")["rows"]
    assert {row["id"]: Fraction(row["volume"]) for row in found} == volumes


def place(scene: Scene, node: str) -> str:
    return (scene.holdings.get(node) or scene.joints[node]).place.id


@EXAMPLES
@given(scenes())
def test_depth_is_that_of_the_shortest_and_the_longest_way(scene: Scene) -> None:
    graph = network(scene)
    rows = {row["id"]: row for row in figures(scene, "depth", by="unit")["rows"]}
    assert set(rows) == {end.partition("@")[0] for end in ends(scene)}
    for end in ends(scene):
        lengths = [nx.path_weight(graph, way, "cost") for way in ways(scene, end)]
        row = rows[end.partition("@")[0]]
        assert (row["least"], row["most"]) == (min(lengths), max(lengths))
        assert min(lengths) - 1e-9 <= float(row["mean"]) <= max(lengths) + 1e-9
        known = sum(float(tier["known"]) + float(tier["unknown"]) for tier in row["tiers"])
        assert abs(known - 1) < 1e-9


@EXAMPLES
@given(scenes())
def test_reach_is_what_a_trace_reaches(scene: Scene) -> None:
    graph, left = graph_of(scene), ends(scene)
    rows = {row["id"]: row for row in graph.metrics("reach").metrics}
    assert set(rows) == {name.partition("@")[0] for name in scene.holdings}
    for unit, row in rows.items():
        traced = graph.trace(unit)
        assert row["units"] == len(traced.units)
        reached = {holding["id"] for holding in traced.holdings}
        assert Fraction(row["volume"]) == sum((left[end] for end in left if end in reached), Fraction(0))


@EXAMPLES
@given(scenes())
def test_dispersion_counts_the_pairs_of_raw_and_finished_lots(scene: Scene) -> None:
    graph = network(scene)
    made = {node for node in scene.holdings if graph.in_degree(node)}
    used = {node for node in scene.holdings if graph.out_degree(node)}
    pairs = {(raw, lot) for raw in used - made for lot in made - used if nx.has_path(graph, raw, lot)}
    told = figures(scene, "dispersion")
    assert told["links"] == len(pairs)
    for row in told["rows"]:
        finished = {lot for raw, lot in pairs if raw == f"{row['id']}@x"}
        assert row["finished"] == len(finished)
        assert Fraction(row["cost"]) == sum((ends(scene)[lot] for lot in finished), Fraction(0))


@EXAMPLES
@given(scenes(), st.data())
def test_completeness_is_one_until_an_origin_is_unknown(scene: Scene, data: st.DataObject) -> None:
    told = figures(scene, "completeness")
    assert (told["backward"], told["forward"], told["frontier"]) == ("1", "1", [])
    graph = network(scene)
    root = data.draw(st.sampled_from(sorted(node for node in scene.holdings if not graph.in_degree(node))))
    open_end = figures(scene.gap("unknown_origin", root), "completeness", by="unit")
    for row in open_end["rows"]:
        behind = nx.has_path(graph, root, f"{row['id']}@x")
        assert (row["backward"] == "1") is not behind
    assert {entry["unit"] for entry in open_end["frontier"]} == {root.partition("@")[0]}


def sites(scene: Scene) -> nx.DiGraph:
    """Which sites goods moved between."""
    graph: nx.DiGraph = nx.DiGraph()
    for one, other in network(scene).edges:
        if place(scene, one) != place(scene, other):
            graph.add_edge(place(scene, one), place(scene, other))
    return graph


@EXAMPLES
@given(scenes())
def test_weak_points_are_articulation_points_and_bridges(scene: Scene) -> None:
    graph = sites(scene).to_undirected()
    told = figures(scene, "weak_points")
    assert {row["id"] for row in told["rows"]} == set(nx.articulation_points(graph))
    assert {(one["one"], one["other"]) for one in told["bridges"]} == {
        (min(pair), max(pair)) for pair in nx.bridges(graph)
    }
    fan = {row["id"]: (row["fan_in"], row["fan_out"]) for row in figures(scene, "fan", by="site")["rows"]}
    assert {name: fan[name] for name in graph} == {
        name: (sites(scene).in_degree(name), sites(scene).out_degree(name)) for name in graph
    }


@EXAMPLES
@given(scenes())
def test_no_way_between_sites_is_left_without_the_smallest_cut(scene: Scene) -> None:
    for row in figures(scene, "smallest_cut")["rows"]:
        end = f"{row['id']}@x"
        moved = [way for way in ways(scene, end) if any(place(scene, node) != place(scene, end) for node in way)]
        assert (row["size"] is None) is not bool(moved)
        for way in moved:
            passed = [place(scene, node) for node in way]
            arrived = max(index for index, name in enumerate(passed) if name != passed[-1]) + 1
            assert set(passed[:arrived]) & set(row["cut"])
