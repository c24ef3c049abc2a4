"""Reach over legs, compared with a search over plain dictionaries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import product
from random import Random

from tracegraph.contract.harness import StoreHarness
from tracegraph.contract.samples import AWKWARD, graph_timeline, holding, put, rich_timeline
from tracegraph.model.custody import Certainty, Leg, Timeline
from tracegraph.stores.port import Direction, HoldingQuery, Legs, Reading

#: A leg as source, target and whether it is confirmed.
Edge = tuple[str, str, bool]

DIRECTIONS: tuple[Direction, Direction] = ("forward", "backward")


def expected_reach(
    edges: Iterable[Edge], starts: Iterable[str], direction: Direction, confirmed_only: bool
) -> set[Edge]:
    """Every edge on some path from the starts: the oracle."""
    steps = {
        edge: (edge[0], edge[1]) if direction == "forward" else (edge[1], edge[0])
        for edge in edges
        if edge[2] or not confirmed_only
    }
    visited, waiting = set(starts), list(starts)
    while waiting:
        node = waiting.pop()
        entered = {there for here, there in steps.values() if here == node} - visited
        visited |= entered
        waiting += entered
    return {edge for edge, (here, _) in steps.items() if here in visited}


def numbers(store: Reading, ids: Iterable[str], at: int | None = None) -> list[int]:
    """Node numbers of holdings."""
    return [row.node for row in store.holdings(HoldingQuery(ids=list(ids)), at)]


def edges_of(store: Reading, legs: Legs, at: int | None = None) -> list[Edge]:
    """Legs as edges between holding ids, sorted."""
    rows = store.holdings(HoldingQuery(nodes={*legs.source, *legs.target}), at)
    names = {row.node: row.holding.id for row in rows}
    columns = zip(legs.source, legs.target, legs.confirmed, strict=True)
    return sorted((names[source], names[target], confirmed) for source, target, confirmed in columns)


def found_reach(
    store: Reading, starts: Iterable[str], direction: Direction, confirmed_only: bool = False, at: int | None = None
) -> list[Edge]:
    """What the store reaches, as edges."""
    return edges_of(store, store.reach(numbers(store, starts, at), direction, confirmed_only, at), at)


def found_units(
    store: Reading, starts: Iterable[str], direction: Direction, confirmed_only: bool = False, at: int | None = None
) -> dict[str, int]:
    """The units that the store reaches, with their distances."""
    reached = store.reach_units(numbers(store, starts, at), direction, confirmed_only, at)
    units = reached.units.tolist()
    assert units == sorted(set(units))
    return dict(zip(store.unit_keys(units), reached.distances.tolist(), strict=True))


def chain(cost: Sequence[int], confirmed: Sequence[bool] = ()) -> list[Timeline]:
    """Units a, b, c ... with one node each, and legs from each to the next."""
    units = [chr(ord("a") + number) for number in range(len(cost) + 1)]
    certain = confirmed or [True] * len(cost)
    return [
        Timeline(unit, "lot", (holding(f"{unit} 1", unit),), legs=_leg_on(units, number, cost, certain))
        for number, unit in enumerate(units)
    ]


def _leg_on(units: Sequence[str], number: int, cost: Sequence[int], confirmed: Sequence[bool]) -> tuple[Leg, ...]:
    if number >= len(cost):
        return ()
    certainty = Certainty.CONFIRMED if confirmed[number] else Certainty.POSSIBLE
    return (Leg(f"{units[number]} 1", f"{units[number + 1]} 1", "event", certainty, "rule", cost[number], 7),)


def one_unit_a_node(names: Sequence[str], edges: Iterable[Edge]) -> list[Timeline]:
    """A graph of which every node is the only holding of a unit of the same name."""
    legs = tuple(
        Leg(source, target, "event", Certainty.CONFIRMED if confirmed else Certainty.POSSIBLE, "rule", 1, 7)
        for source, target, confirmed in sorted(edges)
    )
    nodes = tuple(holding(name, name) for name in names)
    return [Timeline(names[0], "lot", nodes, legs=legs), *(Timeline(name, "lot") for name in names[1:])]


def random_edges(random: Random, nodes: int, edges: int) -> set[Edge]:
    """A random graph with cycles, self loops and nodes without edges."""
    names = [f"n{number}" for number in range(nodes)]
    pairs = {(random.choice(names), random.choice(names)): random.random() < 0.6 for _ in range(edges)}
    return {(source, target, confirmed) for (source, target), confirmed in pairs.items()}


class ReachContract(StoreHarness):
    """`reach` and `legs`."""

    def test_legs_carry_all_they_say(self) -> None:
        """Columns are parallel and complete."""
        ends = graph_timeline("a", [], ["x", "y"])
        leg = Leg("x", "y", "event 1", Certainty.POSSIBLE, "same document", 0, -12)
        store = self.store()
        put(store, Timeline("a", "lot", ends.holdings, legs=(leg,)))
        x, y = numbers(store, ["x", "y"])
        expected = Legs([x], [y], ["event 1"], ["same document"], [False], [0], [-12])
        assert store.reach([x], "forward") == store.reach([y], "backward") == expected
        assert store.legs([x], "forward") == store.legs([y], "backward") == expected
        assert store.reach([y], "forward") == store.legs([x], "backward") == Legs()

    def test_reach_equals_a_plain_search(self) -> None:
        """On random graphs, from random starts, both directions and certainties."""
        random = Random(1)
        for size in (2, 5, 9, 14, 20):
            edges = random_edges(random, size, 2 * size)
            store = self.store()
            nodes = [f"n{number}" for number in range(size)]
            put(store, graph_timeline("a", edges, nodes))
            for direction in DIRECTIONS:
                for confirmed_only in (False, True):
                    starts = random.sample(nodes, min(2, size))
                    expected = sorted(expected_reach(edges, starts, direction, confirmed_only))
                    assert found_reach(store, starts, direction, confirmed_only) == expected

    def test_many_starts_equal_a_plain_search(self) -> None:
        """From one start up to all nodes, of which some lead to others: the same legs, and the units at their ends."""
        random = Random(2)
        for size in (4, 7, 12):
            edges, names = random_edges(random, size, 2 * size), [f"n{number}" for number in range(size)]
            store = self.store()
            put(store, *one_unit_a_node(names, edges))
            for direction, confirmed_only, count in product(DIRECTIONS, (False, True), (1, 3, 5, size)):
                starts = random.sample(names, min(count, size))
                legs = expected_reach(edges, starts, direction, confirmed_only)
                units = {*starts, *(name for edge in legs for name in edge[:2])}
                assert found_reach(store, starts, direction, confirmed_only) == sorted(legs)
                assert found_units(store, starts, direction, confirmed_only).keys() == units

    def test_reach_as_known_before(self) -> None:
        """At every position, the reach over the legs known then, though the graph changed since."""
        random = Random(2)
        store = self.store()
        states = [random_edges(random, 8, 12) for _ in range(6)]
        nodes = [f"n{number}" for number in range(8)]
        for edges in states:
            put(store, graph_timeline("a", edges, nodes))
        for at, edges in enumerate(states, start=1):
            for direction in DIRECTIONS:
                for confirmed_only in (False, True):
                    expected = sorted(expected_reach(edges, ["n1"], direction, confirmed_only))
                    assert found_reach(store, ["n1"], direction, confirmed_only, at) == expected
        assert found_reach(store, ["n1"], "forward") == found_reach(store, ["n1"], "forward", at=6)
        assert store.reach(numbers(store, ["n1"]), "forward", at=0) == Legs()

    def test_reach_inside_a_change(self) -> None:
        """A change reaches over the legs that it has just written; others do not see them yet."""
        store = self.store()
        position = put(store, graph_timeline("a", [("x", "y", True)]))
        with store.write() as writing:
            after = graph_timeline("b", [("y", "z", True)])
            writing.replace(position, {"b": replace(after, holdings=after.holdings[1:])})
            assert found_reach(writing, ["x"], "forward") == [("x", "y", True), ("y", "z", True)]
            assert found_reach(store, ["x"], "forward") == [("x", "y", True)]
        assert found_reach(store, ["x"], "forward") == [("x", "y", True), ("y", "z", True)]

    def test_a_round_is_one_step(self) -> None:
        """`legs` gives the legs at the nodes themselves, none twice, however often a node is named."""
        edges = [("a", "b", True), ("b", "c", False), ("b", "b", True), ("c", "d", True)]
        store = self.store()
        put(store, graph_timeline("o", edges))
        a, b, c, _ = numbers(store, "abcd")
        assert edges_of(store, store.legs([b, b], "forward")) == [("b", "b", True), ("b", "c", False)]
        assert edges_of(store, store.legs([b], "forward", confirmed_only=True)) == [("b", "b", True)]
        assert edges_of(store, store.legs([b, c], "backward")) == [
            ("a", "b", True),
            ("b", "b", True),
            ("b", "c", False),
        ]
        assert edges_of(store, store.legs([a, b, c], "forward")) == sorted(edges)
        assert store.legs([], "forward") == Legs()

    def test_units_and_their_distances(self) -> None:
        """The least sum of costs; confirmed legs alone where that is asked."""
        store = self.store()
        put(store, *chain([1, 0, 1, 0], [True, True, False, True]))
        assert found_units(store, ["a 1"], "forward") == {"a": 0, "b": 1, "c": 1, "d": 2, "e": 2}
        assert found_units(store, ["a 1"], "forward", confirmed_only=True) == {"a": 0, "b": 1, "c": 1}
        assert found_units(store, ["d 1"], "backward") == {"a": 2, "b": 1, "c": 1, "d": 0}
        assert found_units(store, ["b 1", "d 1"], "forward") == {"b": 0, "c": 0, "d": 0, "e": 0}

    def test_the_nearest_of_several_ways(self) -> None:
        """Cheaper ways count although they have more legs, and a unit is as near as its nearest holding."""
        nodes = tuple(holding(f"x{number}", f"unit {number // 2}") for number in range(8))
        ends = [(0, 4, 3), (0, 2, 1), (2, 3, 0), (3, 4, 1), (4, 6, 1), (6, 0, 1), (0, 7, 2)]
        legs = tuple(Leg(f"x{a}", f"x{b}", "event", Certainty.CONFIRMED, "rule", cost, 7) for a, b, cost in ends)
        store = self.store()
        put(store, Timeline("unit 0", "lot", nodes, legs=legs), *(Timeline(f"unit {n}", "lot") for n in (1, 2, 3)))
        assert found_units(store, ["x0"], "forward") == {"unit 0": 0, "unit 1": 1, "unit 2": 2, "unit 3": 2}
        assert found_units(store, ["x4"], "backward") == {"unit 0": 2, "unit 1": 1, "unit 2": 0, "unit 3": 3}
        assert found_units(store, ["x1"], "forward") == {"unit 0": 0}

    def test_transformations_are_no_units(self) -> None:
        """They are passed, not counted."""
        store = self.store()
        put(store, rich_timeline("a"))
        reached = found_units(store, ["a 1"], "forward")
        assert reached == {AWKWARD: 0}
        assert found_units(store, ["a 3"], "backward") == {AWKWARD: 0}

    def test_units_as_known_before(self) -> None:
        """At every position those that were reached then."""
        store = self.store()
        for count in (1, 2, 3, 1):
            put(store, *chain([1] * count))
        sizes = [len(found_units(store, ["a 1"], "forward", at=at)) for at in (1, 2, 3, 4)]
        assert sizes == [2, 3, 4, 2]
        assert found_units(store, ["a 1"], "forward") == {"a": 0, "b": 1}

    def test_no_units(self) -> None:
        """Starts that do not exist reach nothing."""
        store = self.store()
        put(store, *chain([1]))
        for starts in ([], [10**6]):
            assert store.reach_units(starts, "forward").units.tolist() == []
        assert store.unit_keys([]) == []

    def test_starts_that_overlap_or_do_not_exist(self) -> None:
        """Starts may be repeated, reach each other, or be numbers of no node; none gives nothing."""
        edges = [("a", "b", True), ("b", "a", True)]
        store = self.store()
        put(store, graph_timeline("o", edges))
        both = numbers(store, "ab")
        assert edges_of(store, store.reach([*both, *both, 10**6], "forward")) == edges
        assert store.reach([], "forward") == store.reach([10**6], "backward") == Legs()
