"""The network made of a flow is that made of mixtures, to the bit: over random graphs, and over simulated worlds whose
index is older than the store. What a flow does not tell is answered the plain way."""

from __future__ import annotations

import random
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numba  # noqa: F401 (flows are used where it is loaded)
import numpy as np
import pytest
from hypothesis import given, settings

from tests.end_to_end.building import put
from tests.simulator.world import make_world
from tests.stores.index.stores import IndexedStore
from tests.trace.shares.test_wide import AMOUNTS, SEEDS, UNITS, Drawn, plain, told
from tracegraph import Tracegraph
from tracegraph.model.custody import CARRIED, Holding, Joint
from tracegraph.model.facts import NamedUnit, Role
from tracegraph.model.quantity import Quantity
from tracegraph.stores.flow import NOT_SAID, SCALE, Flow
from tracegraph.stores.port import HoldingQuery, Legs
from tracegraph.stores.sqlite.index import asking, flowing
from tracegraph.stores.sqlite.index.choice import Kernel
from tracegraph.trace.reach import Node, Starts, reach, select_legs
from tracegraph.trace.shares import answering, arrays
from tracegraph.trace.shares.amounts import Amount
from tracegraph.trace.shares.answering import network_of
from tracegraph.trace.shares.arrays import share_arrays
from tracegraph.trace.shares.flowing import INTERPRETED, network_of_flow
from tracegraph.trace.shares.kernels import mix_forward
from tracegraph.trace.shares.mixtures import Mixtures
from tracegraph.trace.shares.network import KNOT, Network
from tracegraph.trace.snapshot import Snapshot

KILOS = [Quantity(Decimal(value), "KGM") for value in ("1", "2", "2.5", "4", "0")]


class Plain(Drawn):
    """A graph as a store can tell it: no amounts that are no whole numbers of parts, nothing assumed, nothing left out;
    with few circles, and few inputs of transformations that their events do not name."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.dropped = []
        self.legs.rule = ["made" if rule == "inferred" else rule for rule in self.legs.rule]
        back = [number for number, source in enumerate(self.legs.source) if source > self.legs.target[number]]
        circling = frozenset(back if self.draw.random() < 0.9 else ())
        self.legs = select_legs(self.legs, lambda leg: leg not in circling)
        for number, target in enumerate(self.legs.target):
            if isinstance(joint := self.all[target], Joint):
                self.legs.event[number] = joint.events[0]

    def node(self, id: str) -> Node:
        node = super().node(id)
        if isinstance(node, Joint):
            return node
        amounts = (KILOS if self.draw.random() < 0.6 else AMOUNTS)[:-1]
        return node._replace(quantity=self.draw.choice(amounts), remaining=self.draw.choice(amounts))

    def facts(self, content: str) -> SimpleNamespace:
        draw = random.Random(content)
        amounts = draw.choice((AMOUNTS[2:8], AMOUNTS[2:12]))
        named = [NamedUnit(unit, Role.INPUT, True, draw.choice(amounts)) for unit in UNITS[:5]]
        named += [NamedUnit(unit, Role.OUTPUT, True, draw.choice(amounts)) for unit in draw.sample(UNITS, 2)]
        return SimpleNamespace(content_hash=content, named=tuple(named), retracts=False)


class Telling:
    """What a store would tell of a drawn graph, found one by one."""

    def __init__(self, drawn: Any) -> None:
        self.drawn = drawn
        self.names: dict[str, int] = defaultdict(lambda: len(self.names) + 1)
        self.inputs, self.amounts = [(0, 0)], [(0, 0)]
        reached = sorted(drawn.nodes, key=lambda number: str(drawn.nodes[number].id))
        self.nodes = [*reached, *(number for number in drawn.all if number not in drawn.nodes)]

    def whole(self, amount: Amount) -> tuple[int, int]:
        value = -1 if amount.value is None else int(amount.value * SCALE)
        return value, self.names[amount.dimension] if amount.dimension else 0

    def flow(self) -> Flow:
        columns = [np.array(column) for column in zip(*map(self.node, self.nodes), strict=True)]
        legs, rank = self.drawn.legs, {number: place for place, number in enumerate(self.nodes)}
        into: list[list[tuple[int, int, bool, bool]]] = [[] for _ in self.drawn.nodes]
        for number, target in enumerate(legs.target):
            if target in self.drawn.nodes:
                told = self.names[legs.event[number]], legs.confirmed[number], legs.rule[number] == CARRIED
                into[rank[target]].append((rank[legs.source[number]], *told))
        rows = [leg for entering in into for leg in sorted(entering)]
        source, event, confirmed, carried = np.array(rows, dtype=np.int64).reshape(-1, 4).T
        first = np.array([0, *np.cumsum([len(entering) for entering in into])])
        return Flow._make([
            np.array(self.nodes), *columns[:6], first, source, event, confirmed != 0, carried != 0, *columns[6:],
            np.array(self.inputs), np.array(self.amounts),
        ])  # fmt: skip

    def node(self, number: int) -> tuple[int, bool, int, int, int, int, int, int]:
        node = self.drawn.all[number]
        mixtures = Mixtures(self.drawn, {number: node}, Legs())
        if isinstance(node, Holding):
            came = self.whole(mixtures.amounts.of(node.quantity, node.unit))
            left = self.whole(mixtures.amounts.of(node.remaining, node.unit))
            left = left if node.remaining is not None else (NOT_SAID, 0)
            return self.names[node.unit], node.role == "rest", *came, *left, 0, 0
        begin, outputs = len(self.inputs), []
        for event in sorted(set(node.events)):
            for unit, amount in mixtures.recorded.of(event, Role.INPUT).items():
                self.inputs.append((self.names[event], self.names[unit]))
                self.amounts.append(self.whole(amount))
        for event in node.events:
            outputs += [self.whole(amount) for amount in mixtures.recorded.of(event, Role.OUTPUT).values()]
        known = len({of for _, of in outputs}) == 1 and all(value >= 0 for value, _ in outputs)
        came = (sum(value for value, _ in outputs), outputs[0][1]) if known else (-1, 0)
        return 0, False, *came, -1, 0, begin, len(self.inputs)


def flowed(drawn: Any) -> dict[str, Any] | None:
    """The network made of the flow, as `told` tells it."""
    telling = Telling(drawn)
    flow = telling.flow()
    numbers = telling.nodes[: len(drawn.nodes)]
    made = network_of_flow(flow, np.array([number in drawn.starts for number in numbers]), INTERPRETED)
    if made is None:
        return None
    keys = {number: name for name, number in telling.names.items()}
    units = [keys[number] for number in made.units.tolist()]
    renumbered = [sorted(units).index(unit) for unit in units]
    made.columns.unit = [renumbered[unit] if unit >= 0 else -1 for unit in made.columns.unit]
    network = Network(made.columns, dict(zip(numbers, made.places.tolist(), strict=True)), sorted(units))
    return told(network)


@settings(max_examples=300)
@given(SEEDS)
def test_random_graphs(seed: int) -> None:
    drawn: Any = Plain(seed)
    if len({node.id for node in drawn.all.values()}) == len(drawn.all) and (made := flowed(drawn)) is not None:
        assert made == told(plain(drawn, "forward"))


def test_most_that_is_plain_is_told() -> None:
    """Knots, and inputs that went in without being named, are left to the plain way, and little else."""
    found = defaultdict[str, int](int)
    for seed in range(300):
        drawn: Any = Plain(seed)
        columns = plain(drawn, "forward").columns
        kinds = {"carried"} if CARRIED in drawn.legs.rule else set()
        kinds |= {"excess"} if any(one > 0 for one in columns.excess) else set()
        kinds |= {"transformation"} if 1 in columns.kind else set()
        kinds |= {"made"} if any(one >= 0 for one in columns.made) else set()
        if flowed(drawn) is not None:
            assert KNOT not in columns.kind
            for kind in kinds:
                found[kind] += 1
    least = {"carried": 50, "excess": 4, "transformation": 40, "made": 10}
    assert {kind for kind, times in found.items() if times >= least[kind]} == least.keys(), found


@pytest.fixture
def interpreted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loops as they are written: compiling them takes longer than the tests."""
    monkeypatch.setattr(asking, "compiled_loops", lambda: flowing.INTERPRETED)
    monkeypatch.setattr(arrays, "compiled_loops", lambda: INTERPRETED)


@pytest.mark.usefixtures("interpreted")
@pytest.mark.parametrize("kind", ["recorded", "careless"])
def test_worlds_whose_index_is_older_than_what_is_known(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = list(make_world(17, 1, kind).document["epcisBody"]["eventList"])
    random.Random(5).shuffle(events)
    most = len(events) * 9 // 10
    with Tracegraph(IndexedStore(tmp_path / "store.db", Kernel.AUTO, every=10**6)) as graph:
        put(graph, events[: most // 2])
        before = Snapshot.of(graph.store).position
        put(graph, events[most // 2 : most])
        graph.index()
        assert check(Snapshot.of(graph.store), monkeypatch) > 20
        put(graph, events[most:])
        assert check(Snapshot.of(graph.store), monkeypatch) > 5
        then = Snapshot(graph.store, before, graph.store.hash_at(before), None)
        assert check(then, monkeypatch) == 0  # the index does not know what was known before it was made


def check(snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> int:
    """Compare both ways from every few holdings; returns how often there was a flow."""
    rows, answered = snapshot.holdings(HoldingQuery()), 0
    for row in rows[:: max(1, len(rows) // 40)]:
        starts = Starts({row.node: True})
        part = reach(snapshot, starts, "forward")
        monkeypatch.setattr(answering, "WIDE", 10**9)
        expected = network_of(snapshot, starts, part)
        with monkeypatch.context() as patched:
            patched.setattr("tracegraph.trace.shares.wide.wide_network", lambda *_: None)
            patched.setattr(answering, "WIDE", 1)
            made = network_of(snapshot, starts, part)
        if made is not None:  # else only the way of wide traces was left
            answered += 1
            assert told(made) == told(expected)
            same_arrays(snapshot, starts, expected)
    return answered


def same_arrays(snapshot: Snapshot, starts: Starts, expected: Any) -> None:
    """Shares as arrays are those that answers have."""
    found = share_arrays(snapshot, starts)
    assert found is not None
    some, even = mix_forward(expected, False), mix_forward(expected, True)
    for place, node in enumerate(found.nodes.tolist()):
        if node not in starts.certain:
            spot = expected.place[node]
            assert [column[place] for column in found.of_nodes] == pytest.approx(
                [*some.nodes[spot], *even.nodes[spot][1:]], rel=0, abs=0, nan_ok=True
            )
    parts = sorted(map(repr, zip(*(column.tolist() for column in found.of_units), strict=True)))
    assert parts == sorted(repr((*one, *other[1:])) for one, other in zip(some.units, even.units, strict=True))
