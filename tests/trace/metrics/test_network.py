"""Articulation points, bridges and smallest cuts: by hand, against NetworkX, and by trying every set."""

from __future__ import annotations

from itertools import combinations

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from tracegraph.trace.metrics.network import Bridge, WeakPoint, smallest_cut, weak_points

LINKS = st.lists(st.tuples(st.sampled_from("abcdefg"), st.sampled_from("abcdefg")), max_size=14)


def test_a_hub_and_the_link_to_its_supplier() -> None:
    """farm - mill - (baker, shop), baker - shop: without the mill the farm is alone, without the link too."""
    points, bridges = weak_points([("farm", "mill"), ("mill", "baker"), ("baker", "shop"), ("shop", "mill")])
    assert points == {"mill": WeakPoint(2, 1)}
    assert bridges == [Bridge("farm", "mill", 1)]


def test_a_chain_falls_apart_everywhere() -> None:
    points, bridges = weak_points([("a", "b"), ("b", "c"), ("c", "d"), ("d", "e"), ("a", "a"), ("b", "a")])
    assert points == {"b": WeakPoint(2, 1), "c": WeakPoint(2, 2), "d": WeakPoint(2, 1)}
    assert bridges == [Bridge("a", "b", 1), Bridge("b", "c", 2), Bridge("c", "d", 2), Bridge("d", "e", 1)]
    assert weak_points([]) == ({}, [])


def test_the_least_that_cuts_consumers_off() -> None:
    """Two farms, one mill, two bakers, who both sell to the shop: the mill; with a second mill both mills."""
    links = [("f1", "m"), ("f2", "m"), ("m", "b1"), ("m", "b2"), ("b1", "shop"), ("b2", "shop")]
    assert smallest_cut(links, ["f1", "f2"], ["b1", "b2"]) == ["m"]
    assert smallest_cut([*links, ("f2", "n"), ("n", "b2")], ["f1", "f2"], ["b1", "b2"]) == ["f1", "f2"]
    assert smallest_cut(links, ["f1"], ["f1"]) == ["f1"]
    assert smallest_cut(links, ["shop"], ["f1"]) == []


def test_a_way_gives_way_for_another() -> None:
    """Were the short way through c and d kept, the two ways would not be found."""
    links = [("a", "c"), ("c", "d"), ("d", "y"), ("a", "x"), ("x", "d"), ("c", "z")]
    assert len(smallest_cut([("s", "a"), ("r", "c"), *links], ["s", "r"], ["y", "z"])) == 2


@given(LINKS)
def test_they_are_those_of_networkx(links: list[tuple[str, str]]) -> None:
    graph: nx.Graph = nx.Graph((one, other) for one, other in links if one != other)
    points, bridges = weak_points(links)
    assert set(points) == set(nx.articulation_points(graph))
    assert [(one.one, one.other) for one in bridges] == sorted(tuple(sorted(pair)) for pair in nx.bridges(graph))
    for name, point in points.items():
        joined = nx.node_connected_component(graph, name) - {name}
        parts = [len(part) for part in nx.connected_components(graph.subgraph(joined))]
        assert point == (len(parts), sum(parts) - max(parts))
    for one, other, cut_off in bridges:
        left = nx.restricted_view(graph, [], [(one, other)])
        assert cut_off == min(len(nx.node_connected_component(left, end)) for end in (one, other))


@given(LINKS, st.sets(st.sampled_from("abc"), min_size=1), st.sets(st.sampled_from("cdefg"), min_size=1))
def test_no_smaller_set_cuts_and_this_one_does(links: list[tuple[str, str]], sources: set[str], last: set[str]) -> None:
    found = smallest_cut(links, sources, last)
    assert cuts(links, sources, last, found)
    names = sorted({*sources, *last, *(name for link in links for name in link)})
    smaller = combinations(names, len(found) - 1) if found else ()
    assert not any(cuts(links, sources, last, few) for few in smaller)
    assert found == smallest_cut(list(reversed(links)), sorted(sources, reverse=True), sorted(last))


def cuts(links: list[tuple[str, str]], sources: set[str], last: set[str], gone: object) -> bool:
    """Whether no way is left once some nodes are gone."""
    assert isinstance(gone, (list, tuple))
    graph: nx.DiGraph = nx.DiGraph(links)
    graph.add_nodes_from([*sources, *last])
    graph.remove_nodes_from(gone)
    left = [source for source in sources if source in graph]
    return not any(target in graph and nx.has_path(graph, source, target) for source in left for target in last)
