"""The pure parts: vectors from practice, and an oracle of brute force."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from tracegraph.trace.metrics.concentration import herfindahl
from tracegraph.trace.metrics.dispersion import dispersion
from tracegraph.trace.metrics.figures import ratio
from tracegraph.trace.metrics.must_pass import exposures, must_pass

KILOS = st.lists(st.integers(0, 50).map(Fraction), min_size=1, max_size=8)


def test_recall_3_1_concentration_of_the_ehec_lot() -> None:
    """One distributor got 10,500 of 15,075 kg; nine others 3,550 kg, of which only the sum is known."""
    others = [Fraction(400), Fraction(375), Fraction(250)]
    equal = [Fraction(10_500), *[Fraction(3_550, 9)] * 9, *others]
    lump = [Fraction(10_500), Fraction(3_550), *others]
    assert sum(equal) == sum(lump) == 15_075
    assert f"{float(Fraction(10_500, 15_075)):.1%}" == "69.7%"
    assert round(float(herfindahl(equal) or 0), 3) == 0.493
    assert round(float(herfindahl(lump) or 0), 3) == 0.542


def test_recall_2_5_dispersion_and_recall_cost() -> None:
    """F1 = {a 60, b 40}, F2 = {b 50, c 50}, F3 = {c 100}."""
    inside = {"a": {"F1"}, "b": {"F1", "F2"}, "c": {"F2", "F3"}}
    made = dict.fromkeys(("F1", "F2", "F3"), Fraction(100))
    found = dispersion(inside, made, {"a": Fraction(60), "b": Fraction(90), "c": Fraction(150)})
    assert found.downward == {"a": 1, "b": 2, "c": 2}
    assert found.upward == {"F1": 2, "F2": 2, "F3": 1}
    assert found.total == 5
    assert found.cost == {"a": 100, "b": 200, "c": 200}
    assert found.worst == 200
    assert ratio(found.average) == "166.666666667"
    assert found.weighted == 180


def test_nothing_is_no_index_and_no_average() -> None:
    assert herfindahl([]) is None
    assert herfindahl([Fraction(0)]) is None
    assert dispersion({}, {}, {}).average is None
    assert dispersion({"a": ["F"]}, {"F": Fraction(1)}, {}).weighted is None


@given(KILOS)
def test_concentration_lies_between_all_alike_and_one_alone(volumes: list[Fraction]) -> None:
    index = herfindahl(volumes)
    several = [volume for volume in volumes if volume]
    if index is None:
        assert not several
        return
    assert Fraction(1, len(several)) <= index <= 1
    assert herfindahl([*volumes, Fraction(0)]) == index == herfindahl([3 * volume for volume in volumes])
    assert (index == Fraction(1, len(several))) == (len(set(several)) == 1)


@st.composite
def graphs(draw: st.DrawFn) -> tuple[int, list[tuple[int, int]], dict[int, str]]:
    """Nodes, legs that may go round in circles, and the site of each node."""
    nodes = draw(st.integers(1, 8))
    number = st.integers(0, nodes - 1)
    legs = draw(st.lists(st.tuples(number, number).filter(lambda pair: pair[0] != pair[1]), max_size=16, unique=True))
    return nodes, legs, {node: draw(st.sampled_from("abcd")) for node in range(nodes)}


def by_brute_force(nodes: int, legs: list[tuple[int, int]], roots: set[int], sites: dict[int, str]) -> dict:
    """A site is on all ways where nothing arrives once it is gone."""
    found = {}
    for node in reached(legs, roots, set()):
        without = {
            site: reached(legs, roots, {other for other in range(nodes) if sites[other] == site})
            for site in set(sites.values())
        }
        found[node] = {site for site, left in without.items() if node not in left}
    return found


def reached(legs: list[tuple[int, int]], roots: set[int], gone: set[int]) -> set[int]:
    found = set(roots) - gone
    for _ in legs:
        found |= {target for source, target in legs if source in found and target not in gone}
    return found


def sources_of(nodes: int, legs: list[tuple[int, int]]) -> dict[int, list[int]]:
    return {node: [source for source, target in legs if target == node] for node in range(nodes)}


@given(graphs(), st.randoms(use_true_random=False))
def test_what_all_ways_pass_is_what_cuts_them_off(drawn: tuple, random: Random) -> None:
    nodes, legs, sites = drawn
    into = sources_of(nodes, legs)
    roots = {node for node in range(nodes) if not into[node]} or {0}
    order = list(range(nodes))
    random.shuffle(order)
    labels = {node: frozenset(sites[node]) for node in range(nodes)}
    assert must_pass(order, into, roots, labels) == by_brute_force(nodes, legs, roots, sites)


@given(graphs())
def test_with_a_label_for_each_node_it_is_the_dominators(drawn: tuple) -> None:
    nodes, legs, _ = drawn
    into = sources_of(nodes, legs)
    roots = {node for node in range(nodes) if not into[node]} or {0}
    graph: nx.DiGraph = nx.DiGraph([*legs, *((-1, root) for root in roots)])
    parents = nx.immediate_dominators(graph, -1)

    def dominators(node: int) -> set[str]:
        return set() if node == -1 else {str(node)} | dominators(parents[node])

    labels = {node: frozenset((str(node),)) for node in range(nodes)}
    found = must_pass(range(nodes), into, roots, labels)
    assert found == {node: dominators(node) for node in parents if node != -1}


def test_exposure_is_the_volume_that_ends_behind() -> None:
    labels = {0: frozenset("m"), 1: frozenset("d"), 2: frozenset("s"), 3: frozenset("t")}
    passed = must_pass([0, 1, 2, 3], {1: [0], 2: [1], 3: [1, 0]}, [0], labels)
    found = exposures(passed, {2: Fraction(70), 3: Fraction(30)})
    assert {name: (int(one.volume), one.ends) for name, one in found.items()} == {
        "m": (100, 2), "d": (70, 1), "s": (70, 1), "t": (30, 1)
    }  # fmt: skip
