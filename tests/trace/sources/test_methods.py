"""The methods of recall.md 2.4: its vectors, and oracles that take the long way."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction
from math import inf, isclose
from typing import Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tracegraph.trace.sources.covers import smallest_covers
from tracegraph.trace.sources.measures import (
    FORGIVING,
    adjusted,
    coverage,
    effective_distance,
    enrichment,
    leave_one_out,
    log_likelihood,
    members,
    posteriors,
    ranks,
)
from tracegraph.trace.sources.walk import Flow, Swept, step_length, sweep

# recall.md 2.4: three sources, two distributors, four retailers

NODES = ("S1", "S2", "S3", "D1", "D2", "R1", "R2", "R3", "R4")
AMOUNTS = {
    ("S1", "D1"): 60, ("S1", "D2"): 40, ("S2", "D1"): 100, ("S3", "D2"): 100,
    ("D1", "R1"): 80, ("D1", "R2"): 60, ("D1", "R3"): 20, ("D2", "R3"): 70, ("D2", "R4"): 70,
}  # fmt: skip
SOURCES = ("S1", "S2", "S3")
RETAILERS = ("R1", "R2", "R3", "R4")


def vector() -> tuple[Flow, Swept]:
    number = {name: place for place, name in enumerate(NODES)}
    flow = Flow.of(len(NODES), [(number[a], number[b], float(amount)) for (a, b), amount in AMOUNTS.items()])
    return flow, sweep(flow, [[number[name]] for name in RETAILERS])


def of_cases(table: Any, source: str, cases: tuple[str, ...]) -> list[float]:
    return [float(table[NODES.index(source), RETAILERS.index(case)]) for case in cases]


def posterior_of(cases: tuple[str, ...], forgiving: float = 0.0) -> list[float]:
    flow, swept = vector()
    weights = [Fraction(1)] * len(cases)
    return posteriors(
        [
            log_likelihood(of_cases(swept.probability, source, cases), weights, forgiving, len(flow.outlets))
            for source in SOURCES
        ]
    )


def distances_of(cases: tuple[str, ...]) -> list[float]:
    _, swept = vector()
    weights = [Fraction(1)] * len(cases)
    return [effective_distance(of_cases(swept.distance, source, cases), weights).mean for source in SOURCES]


def test_recall_2_4_vector_where_the_goods_of_each_source_end() -> None:
    _, swept = vector()
    expected = {"S1": (0.300, 0.225, 0.275, 0.200), "S2": (0.500, 0.375, 0.125, 0), "S3": (0, 0, 0.5, 0.5)}
    for source, told in expected.items():
        assert of_cases(swept.probability, source, RETAILERS) == pytest.approx(told)


@pytest.mark.parametrize(
    ("cases", "told"),
    [
        (("R1", "R3"), (0.569, 0.431, 0)),
        (("R1", "R1", "R3", "R3", "R3"), (0.793, 0.207, 0)),
        (("R3", "R3", "R4"), (0.108, 0, 0.892)),
        (("R1", "R4"), (1, 0, 0)),
    ],
)
def test_recall_2_4_vector_posteriors(cases: tuple[str, ...], told: tuple[float, ...]) -> None:
    assert [round(part, 3) for part in posterior_of(cases)] == list(told)


def test_recall_2_4_vector_one_wrongly_attributed_case_cannot_rule_out_the_truth() -> None:
    assert FORGIVING == 0.05
    assert [round(part, 3) for part in posterior_of(("R1", "R4"), FORGIVING)] == [0.832, 0.084, 0.084]


def test_recall_2_4_vector_the_methods_disagree() -> None:
    distances = distances_of(("R1", "R3"))
    assert [round(mean, 3) for mean in distances] == [3.407, 3.386, inf]
    likeliest = posterior_of(("R1", "R3"))
    assert likeliest.index(max(likeliest)) == 0
    assert distances.index(min(distances)) == 1


def test_recall_2_4_vector_effective_distance_of_five_cases() -> None:
    first, second, _ = distances_of(("R1", "R1", "R3", "R3", "R3"))
    assert (round(first, 3), round(second, 3)) == (3.447, 3.525)


def test_a_case_of_weight_two_is_two_cases() -> None:
    probabilities, weights = [0.3, 0.275], [Fraction(2), Fraction(3)]
    assert log_likelihood(probabilities, weights) == pytest.approx(
        log_likelihood([0.3, 0.3, 0.275, 0.275, 0.275], [Fraction(1)] * 5)
    )


def test_recall_5_1_coverage_of_the_two_lots_of_2011() -> None:
    clusters = [Fraction(1)] * 42
    assert coverage((1 << 42) - 1, clusters) == 1
    assert round(float(coverage((1 << 41) - 1, clusters)), 3) == 0.976


# walks against the long way


@st.composite
def flows(draw: st.DrawFn) -> tuple[int, list[tuple[int, int, float]], dict[int, float]]:
    count = draw(st.integers(2, 7))
    node = st.integers(0, count - 1)
    amount = st.sampled_from([1.0, 2.0, 5.0])
    edges = draw(st.lists(st.tuples(node, node, amount), max_size=12))
    return count, edges, draw(st.dictionaries(node, amount, max_size=2))


@settings(max_examples=60)
@given(flows(), st.integers(0, 6))
def test_probabilities_are_those_of_a_long_walk_and_distances_of_dijkstra(world: Any, outlet: int) -> None:
    count, edges, left = world
    outlet %= count
    flow = Flow.of(count, edges, left)
    swept = sweep(flow, [[outlet]])
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(range(count))
    graph.add_weighted_edges_from((n, to, step_length(part)) for n, ways in enumerate(flow.ways) for to, part in ways)
    shortest = nx.single_source_dijkstra_path_length(graph.reverse(), outlet)
    for node in range(count):
        assert isclose(swept.probability[node, 0], walked(flow, node, outlet), abs_tol=1e-6)
        assert swept.distance[node, 0] == pytest.approx(shortest.get(node, inf))


def walked(flow: Flow, begin: int, outlet: int) -> float:
    """The part of the goods that has met the outlet after very many steps."""
    where, met = {begin: 1.0}, 0.0
    for _ in range(600):
        met += where.pop(outlet, 0.0)
        following: dict[int, float] = {}
        for node, part in where.items():
            for to, share in flow.ways[node]:
                following[to] = following.get(to, 0.0) + part * share
        where = following
    return met


def test_an_outlet_of_several_nodes_is_met_at_any_of_them() -> None:
    flow = Flow.of(5, [(0, 1, 1.0), (0, 2, 1.0), (1, 3, 1.0), (2, 4, 3.0)], {2: 1.0})
    swept = sweep(flow, [[1, 3], [3, 4]])
    assert swept.probability[0].tolist() == [0.5, 0.5 + 0.5 * 0.75]
    assert swept.distance[0].tolist() == [step_length(0.5), step_length(0.5) + 1]


def test_what_went_nowhere_counts() -> None:
    assert sweep(Flow.of(2, [(0, 1, 1.0)], {0: 3.0}), [[1]]).probability[0, 0] == 0.25


# covers


@settings(max_examples=60)
@given(st.lists(st.integers(0, 63), max_size=8), st.integers(0, 63))
def test_smallest_covers_are_those_of_trying_everything(sets: list[int], cases: int) -> None:
    explained = {f"s{number}": found for number, found in enumerate(sets)}
    covers = smallest_covers(explained, cases)
    assert covers.exact
    assert covers.all
    assert covers.unexplained == cases & ~union(sets)
    wanted = cases & union(sets)
    best = next(
        size
        for size in range(len(sets) + 1)
        if any(wanted & ~union(chosen) == 0 for chosen in itertools.combinations(sets, size))
    )
    assert covers.size == best
    assert bool(covers.sets) == bool(wanted)
    for cover in covers.sets:
        assert len(cover) == best
        for names in itertools.product(*cover):
            assert wanted & ~union([explained[name] for name in names]) == 0


def union(sets: Any) -> int:
    found = 0
    for one in sets:
        found |= one
    return found


SIX = {"a": 0b000111, "b": 0b001001, "c": 0b110000, "d": 0b110000, "e": 0b011000, "f": 0b001000}


def test_three_sources_explain_what_no_two_do_and_both_ways_are_listed() -> None:
    covers = smallest_covers(SIX, 0b111111)
    assert (covers.size, covers.exact, covers.all) == (3, True, True)
    assert covers.sets == [(("a",), ("b",), ("c", "d")), (("a",), ("c", "d"), ("e",))]  # f explains less than e does


def test_where_more_sets_are_left_out_the_answer_says_so() -> None:
    covers = smallest_covers(SIX, 0b111111, most=1)
    assert (len(covers.sets), covers.size, covers.exact, covers.all) == (1, 3, True, False)


def test_very_many_cases_of_which_each_has_a_source_of_its_own() -> None:
    alone = {f"s{case:04}": 1 << case for case in range(1500)}
    covers = smallest_covers(alone, (1 << 1500) - 1)
    assert (covers.size, covers.exact, covers.all, len(covers.sets)) == (1500, True, True, 1)


def test_where_a_set_would_need_too_many_choices_only_its_size_is_told() -> None:
    pairs = {f"{side}{case:03}": 1 << case | 1 << (case + 1 + side) % 300 for case in range(300) for side in (0, 1)}
    covers = smallest_covers(pairs, (1 << 300) - 1)
    assert covers.size == 150
    assert covers.sets or not covers.all


def test_where_greed_takes_three_two_are_enough() -> None:
    explained = {"greedy": 0b011110, "left": 0b000111, "right": 0b111000}
    covers = smallest_covers(explained, 0b111111)
    assert (covers.size, covers.exact, covers.sets) == (2, True, [(("left",), ("right",))])


@settings(max_examples=30)
@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 255), max_size=8), st.randoms())
def test_covers_do_not_depend_on_order(explained: dict[str, int], shuffle: random.Random) -> None:
    pairs = list(explained.items())
    shuffle.shuffle(pairs)
    assert smallest_covers(dict(pairs), 255) == smallest_covers(explained, 255)


# enrichment


@pytest.mark.parametrize(
    ("explained", "reached", "cases", "controls"), [(5, 1, 6, 10), (0, 4, 3, 9), (3, 0, 3, 0), (2, 2, 4, 4)]
)
def test_enrichment_is_the_tail_of_the_hypergeometric_distribution(
    explained: int, reached: int, cases: int, controls: int
) -> None:
    expected = stats.hypergeom.sf(explained - 1, cases + controls, cases, explained + reached)
    assert float(enrichment(explained, reached, cases, controls)) == pytest.approx(expected)


@given(st.lists(st.fractions(Fraction(1, 1000), 1), min_size=1, max_size=12))
def test_correction_is_that_of_benjamini_and_hochberg(probabilities: list[Fraction]) -> None:
    expected = stats.false_discovery_control([float(p) for p in probabilities])
    assert [float(p) for p in adjusted(probabilities)] == pytest.approx(list(expected))


# ranks


def test_equals_share_a_rank() -> None:
    assert ranks([0.5, 1.0, 0.5, 0.1]) == [2, 1, 2, 4]


@settings(max_examples=60)
@given(st.lists(st.integers(0, 31), min_size=1, max_size=6), st.lists(st.integers(1, 3), min_size=5, max_size=5))
def test_leaving_one_case_out_is_asking_again_without_it(explained: list[int], counts: list[int]) -> None:
    weights = [Fraction(count) for count in counts]
    found = leave_one_out(explained, weights)
    for number, one in enumerate(found):
        anew = []
        for case in range(5):
            kept = [weight if other != case else Fraction(0) for other, weight in enumerate(weights)]
            anew.append(ranks(coverage(cases, kept) for cases in explained)[number])
        assert (one.best, one.worst) == (min(anew), max(anew))
        now = ranks(coverage(cases, weights) for cases in explained)[number]
        worst = tuple(case for case, rank in enumerate(anew) if rank == max(anew))
        assert one.cases == (worst if max(anew) > now else ())


def test_members_of_a_set_of_cases() -> None:
    assert members(0b10110) == [1, 2, 4]
    assert members(0) == []
