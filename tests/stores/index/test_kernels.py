"""Every kernel says what SQL says: random graphs that change, at every position, from every start."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from tests.stores.index.stores import COMPILED, IndexedStore, leg_rows, told
from tracegraph.contract.samples import graph_timeline, holding, put
from tracegraph.model.custody import Certainty, Joint, Leg, Place, PlaceKind, Timeline
from tracegraph.stores.port import HoldingQuery
from tracegraph.stores.sqlite import open_sqlite
from tracegraph.stores.sqlite.index import search_numpy
from tracegraph.stores.sqlite.index.choice import Kernel

NODES = 14
UNITS = 4


@dataclass(frozen=True, slots=True)
class Edge:
    """A leg between two of the nodes."""

    source: int
    target: int
    confirmed: bool
    cost: int
    event: int


def unit_of(node: int) -> str:
    return f"unit {node % UNITS}"


def timelines(edges: Iterable[Edge]) -> list[Timeline]:
    """One timeline per unit: its nodes, and the legs that leave them. Node 0 is a transformation."""
    parts: dict[str, list[Leg]] = {unit_of(node): [] for node in range(UNITS)}
    for edge in edges:
        certainty = Certainty.CONFIRMED if edge.confirmed else Certainty.POSSIBLE
        leg = Leg(f"n{edge.source}", f"n{edge.target}", f"event {edge.event}", certainty, "rule", edge.cost, edge.event)
        parts[unit_of(edge.source)].append(leg)
    joint = Joint("n0", "transformation", ("event 1",), Place(PlaceKind.SITE, "site"), 1)
    return [
        Timeline(
            unit,
            "lot",
            tuple(holding(f"n{node}", unit) for node in range(1, NODES) if unit_of(node) == unit),
            (joint,) if unit == unit_of(0) else (),
            tuple(legs),
        )
        for unit, legs in parts.items()
    ]


def edges(costs: int) -> some.SearchStrategy[Edge]:
    node = some.integers(0, NODES - 1)
    return some.builds(Edge, node, node, some.booleans(), some.integers(0, costs), some.integers(0, 2))


def histories(costs: int) -> some.SearchStrategy[list[list[Edge]]]:
    """States of a graph, one after the other."""
    return some.lists(some.lists(edges(costs), max_size=24, unique=True), min_size=1, max_size=5)


def asked_everywhere(path: Path, kernel: Kernel, history: list[list[Edge]], built: int) -> None:
    """Write the history, make the index after the state `built`, and compare every answer after each state."""
    sql = open_sqlite(path, kernel=Kernel.SQL)
    indexed = IndexedStore(path, kernel, every=10**6)
    for number, state in enumerate(history):
        put(sql, *timelines(state))
        if number == built:
            assert indexed.build_index()
        nodes = [row.node for row in sql.holdings(HoldingQuery())]
        for at in (None, *range(number + 2)):
            for starts in (*([node] for node in nodes), nodes, nodes[::3], [10**7]):
                assert told(indexed, starts, at) == told(sql, starts, at)
    assert indexed.answered > 0
    sql.close()
    indexed.close()


@pytest.mark.parametrize("kernel", COMPILED)
@settings(max_examples=15)
@given(data=some.data())
def test_a_graph_that_changes(kernel: Kernel, data: some.DataObject) -> None:
    history = data.draw(histories(costs=1))
    built = data.draw(some.integers(0, len(history) - 1))
    with TemporaryDirectory() as folder:
        asked_everywhere(Path(folder, "store.db"), kernel, history, built)


@pytest.mark.parametrize("narrow", [0, 2])
@settings(max_examples=10)
@given(data=some.data())
def test_any_cost_and_wide_frontiers(narrow: int, data: some.DataObject) -> None:
    """With no frontier narrow enough to be followed node by node, and with costs that no timeline gives."""
    history = data.draw(histories(costs=5))
    before = search_numpy.NARROW
    search_numpy.NARROW = narrow
    try:
        with TemporaryDirectory() as folder:
            asked_everywhere(Path(folder, "store.db"), Kernel.NUMPY, history, 0)
    finally:
        search_numpy.NARROW = before


@pytest.mark.parametrize("kernel", COMPILED)
def test_what_two_owners_say_is_one_leg(tmp_path: Path, kernel: Kernel) -> None:
    """Until both have taken it back."""
    store = IndexedStore(tmp_path / "store.db", kernel, every=2)
    both = [("a", "b", True), ("b", "c", True)]
    put(store, graph_timeline("one", both), graph_timeline("two", both))
    put(store)
    (start,) = [row.node for row in store.holdings(HoldingQuery(ids=["a"]))][:1]
    assert len(leg_rows(store.reach([start], "forward"))) == 2
    put(store, graph_timeline("one", both[:1], "c"))
    assert len(leg_rows(store.reach([start], "forward"))) == 2
    put(store, graph_timeline("two", both[:1], "c"))
    assert len(leg_rows(store.reach([start], "forward"))) == 1
    assert store.answered == 3


@pytest.mark.parametrize("kernel", COMPILED)
@pytest.mark.parametrize("built", [0, 1])
def test_a_run_that_grows_and_grows(tmp_path: Path, kernel: Kernel, built: int) -> None:
    """One node from which legs are added at each change, and every third taken away again."""
    path = tmp_path / "store.db"
    sql, indexed = open_sqlite(path, kernel=Kernel.SQL), IndexedStore(path, kernel, every=10**6)
    names = [f"t{number:03}" for number in range(90)]
    for count in range(0, 90, 3):
        kept = [name for number, name in enumerate(names[:count]) if number % 3 or number > count - 4]
        put(sql, graph_timeline("hub", [("hub", name, True) for name in kept], ["hub"]))
        if count == 3 * built:
            assert indexed.build_index()
        hub = [row.node for row in sql.holdings(HoldingQuery(ids=["hub"]))]
        assert told(indexed, hub) == told(sql, hub)
    assert indexed.answered > 29
