"""The network of a large trace is that of a small one, to the bit: over random graphs with circles, balances, possible
legs and unknown amounts, and over simulated worlds as they were known at several times."""

from __future__ import annotations

import random
from dataclasses import fields
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.end_to_end.building import DIRECTIONS, opened, put
from tests.simulator.world import make_world
from tracegraph.model.custody import CARRIED, Holding, Joint, Place, PlaceKind
from tracegraph.model.facts import NamedUnit, Role
from tracegraph.model.quantity import Quantity
from tracegraph.stores.port import Described, HoldingQuery, Legs
from tracegraph.trace.components import strong_components
from tracegraph.trace.reach import Node, Starts, reach
from tracegraph.trace.shares import answering
from tracegraph.trace.shares.answering import network_of
from tracegraph.trace.shares.mixtures import INFERRED, Mixtures
from tracegraph.trace.shares.network import KNOT, Network, network
from tracegraph.trace.shares.ordering import circles, name_order
from tracegraph.trace.shares.wide import wide_network
from tracegraph.trace.snapshot import Snapshot

SEEDS = st.integers(0, 10**6)
UNITS = [f"https://id.gs1.org/01/095210{product:08}/10/{lot}" for product in (17, 24) for lot in "ABC"]
AMOUNTS = [
    None, Quantity(None), *(Quantity(Decimal(value), unit) for unit in ("KGM", "GRM", "LTR", "") for value in
    ("0", "1", "2.5", "1000", "0.1", "-3")), Quantity(Decimal("1e400"), "KGM"),
]  # fmt: skip
SITE = Place(PlaceKind.SITE, "s")


def test_all_kinds_of_amounts_are_drawn() -> None:
    assert len(set(AMOUNTS)) == len(AMOUNTS) == 27


class Drawn:
    """A random graph, some of it reached. Stands in for a snapshot, of which mixtures read little."""

    def __init__(self, seed: int) -> None:
        draw = self.draw = random.Random(seed)
        count = draw.randint(1, 14)
        numbers = draw.sample(range(1, 100), count)
        digits = draw.choice((32, 6))
        self.all: dict[int, Node] = {number: self.node(f"{draw.getrandbits(20):0{digits}x}") for number in numbers}
        reached = draw.sample(numbers, draw.randint(1, count))
        self.nodes = {number: self.all[number] for number in reached}
        self.starts = frozenset(draw.sample(reached, draw.randint(1, min(2, count, len(reached)))))
        self.legs = Legs()
        for target in numbers:
            for source in draw.sample(numbers, min(count, draw.choice((0, 1, 1, 1, 1, 2, 3)))):
                self.add(source, target)
        self.dropped = [leg for leg, source in enumerate(self.legs.source) if source in self.starts and leg % 3 == 0]

    def node(self, id: str) -> Node:
        draw = self.draw
        if draw.random() < 0.2:
            return Joint(id, id, tuple(f"event {draw.randint(1, 4)}" for _ in range(draw.randint(1, 2))), SITE, 0)
        role, quantity, remaining = draw.choice(("object", "rest")), draw.choice(AMOUNTS), draw.choice(AMOUNTS)
        return Holding(id, draw.choice(UNITS), SITE, 0, None, "", role, quantity=quantity, remaining=remaining)

    def add(self, source: int, target: int) -> None:
        between = isinstance(self.all[source], Holding) and isinstance(self.all[target], Holding)
        legs, draw = self.legs, self.draw
        legs.source.append(source)
        legs.target.append(target)
        legs.event.append(f"event {draw.randint(1, 4)}")
        legs.rule.append(draw.choice(("ship", "ship", CARRIED)) if between else draw.choice(("made", INFERRED)))
        legs.confirmed.append(draw.random() < 0.7)
        legs.cost.append(1)
        legs.instant.append(0)

    def describe(self, numbers: set[int]) -> Described:
        found = {number: self.all[number] for number in numbers}
        return Described({number: node for number, node in found.items() if isinstance(node, Holding)})

    def aliases(self, numbers: list[str]) -> list[tuple[str, str]]:
        return []

    def events(self, hashes: list[str]) -> list[Any]:
        return [SimpleNamespace(facts=self.facts(content)) for content in hashes]

    def facts(self, content: str) -> SimpleNamespace:
        draw = random.Random(content)
        named = [
            NamedUnit(unit, role, True, draw.choice(AMOUNTS[2:12]))
            for role in (Role.INPUT, Role.OUTPUT)
            for unit in draw.sample(UNITS, 2)
        ]
        return SimpleNamespace(content_hash=content, named=tuple(named), retracts=False)


def plain(drawn: Any, direction: Any) -> Network:
    mixtures = Mixtures(drawn, drawn.nodes, drawn.legs, drawn.dropped).all()
    return network(mixtures, drawn.starts, lambda number: str(drawn.nodes[number].id), direction)


def told(made: Network) -> dict[str, Any]:
    """To the bit, with nan equal to nan."""
    columns = {
        field.name: repr(np.asarray(getattr(made.columns, field.name), float).tolist())
        for field in fields(made.columns)
    }
    return columns | {"place": dict(made.place), "units": list(made.units), "knotted": list(made.knotted)}


@settings(max_examples=150)
@given(SEEDS, st.sampled_from(DIRECTIONS))
def test_random_graphs(seed: int, direction: Any) -> None:
    drawn: Any = Drawn(seed)
    if len({node.id for node in drawn.all.values()}) < len(drawn.all):
        return
    expected = told(plain(drawn, direction))
    made = wide_network(drawn, drawn.nodes, drawn.legs, drawn.dropped, drawn.starts, direction, compiled=False)
    assert told(made) == expected


def test_what_is_drawn_has_knots_excess_and_lone_holdings() -> None:
    found: set[str] = set()
    for seed in range(60):
        made = plain(Drawn(seed), "forward").columns
        found |= {"knot"} if KNOT in made.kind else set()
        found |= {"excess"} if any(one > 0 for one in made.excess) else set()
        found |= {"lone"} if 0 in made.elsewhere and 1 in made.sure else set()
    assert found == {"knot", "excess", "lone"}


@pytest.mark.parametrize("kind", ["recorded", "careless"])
def test_simulated_worlds_as_known_then_and_now(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    events = list(make_world(17, 1, kind).document["epcisBody"]["eventList"])
    random.Random(5).shuffle(events)
    half = len(events) // 2
    with opened() as graph:
        put(graph, events[:half])
        before = Snapshot.of(graph.store).position
        put(graph, events[half:])
        now = Snapshot.of(graph.store)
        then = Snapshot(graph.store, before, graph.store.hash_at(before), None)
        for snapshot in (then, now):
            rows = snapshot.holdings(HoldingQuery())
            for row in rows[:: max(1, len(rows) // 12)]:
                for direction in DIRECTIONS:
                    check(snapshot, row.node, direction, monkeypatch)


def check(snapshot: Snapshot, node: int, direction: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    starts = Starts({node: True}, early={node: 10**15} if node % 2 else {})
    part = reach(snapshot, starts, direction)
    made = []
    for least in (10**9, 1):
        monkeypatch.setattr(answering, "WIDE", least)
        made.append(told(network_of(snapshot, starts, part)))
    assert made[0] == made[1]


@given(SEEDS, st.booleans())
def test_components_are_those_of_the_plain_way(seed: int, compiled: bool) -> None:
    draw = random.Random(seed)
    count = draw.randint(1, 12)
    ahead = [sorted(draw.sample(range(count), draw.randint(0, min(3, count)))) for _ in range(count)]
    first = [sum(map(len, ahead[:node])) for node in range(count + 1)]
    plainly = strong_components(range(count), dict(enumerate(ahead)))
    found = circles(np.array(first), np.array([one for other in ahead for one in other], dtype=int), compiled)
    expected = {node: number for number, together in enumerate(plainly) for node in together}
    assert found.component.tolist() == [expected[node] for node in range(count)]
    assert found.in_circle.tolist() == [len(plainly[expected[node]]) > 1 for node in range(count)]


@given(st.lists(st.one_of(st.text("0aF", min_size=32, max_size=32), st.text("0af", max_size=3)), unique=True))
def test_names_are_sorted_as_texts_are(names: list[str]) -> None:
    for some in (names, [name for name in names if len(name) == 32]):
        assert [some[place] for place in name_order(some).tolist()] == sorted(some)


def test_what_was_shipped_whole_twice_is_excess() -> None:
    kilos = Quantity(Decimal(5), "KGM")
    drawn: Any = Drawn(0)
    stay = [Holding(f"{number:032x}", UNITS[0], SITE, 0, None, "", "object", quantity=kilos) for number in range(4)]
    drawn.all = drawn.nodes = dict(enumerate(stay))
    drawn.starts, drawn.dropped = frozenset({0}), []
    drawn.legs = Legs([0, 1, 1], [1, 2, 3], ["e"] * 3, ["ship"] * 3, [True] * 3, [1] * 3, [0] * 3)
    made = wide_network(drawn, drawn.nodes, drawn.legs, [], drawn.starts, "forward", compiled=False)
    assert made.columns.excess == [0.0, 5.0, 0.0, 0.0]
    assert told(made) == told(plain(drawn, "forward"))
