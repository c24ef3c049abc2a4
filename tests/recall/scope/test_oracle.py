"""Scopes of random small graphs against an oracle that works otherwise: classes as the greatest of the least along
legs, by going over all legs until nothing changes. And the same bytes from a store of dictionaries and from a file."""

from __future__ import annotations

import random
from contextlib import closing
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.trace.memory import MemoryStore
from tracegraph.contract.scenes import SECOND, Scene
from tracegraph.contract.tracing import random_scene
from tracegraph.model.custody import Certainty
from tracegraph.model.grading import ScopeClass
from tracegraph.model.instants import instant_text
from tracegraph.recall.scope import read_question, scope
from tracegraph.stores import open_store
from tracegraph.stores.port import Store
from tracegraph.trace.envelope import to_json

Json = dict[str, Any]
OFFERED = ("exposed", "possible", "affected", "implicated")
UNITS = [f"u{number}" for number in range(6)]
SITES = [f"s{number}" for number in range(4)]

#: Of a start: its class, and the instant before which what left it does not count.
Start = tuple[int, int]


def rank(name: str) -> int:
    return ScopeClass(name).rank


class Oracle:
    """One question of a random scene: lots, sites with windows, kills and contaminations; times in seconds."""

    def __init__(self, seed: int) -> None:
        chance = random.Random(seed)
        self.scene: Scene = random_scene(seed, nodes=10, legs=16)
        self.scene.hold("idle@factory", "site:factory", 100)  # transformations are at a site that is known
        held = {holding.unit for holding in self.scene.holdings.values()}
        there = {holding.place.id for holding in self.scene.holdings.values()}
        self.lots = [(unit, chance.choice(OFFERED)) for unit in UNITS if unit in held and chance.random() < 0.3]
        self.sites = [
            (site, self.window(chance), chance.choice(OFFERED))
            for site in SITES
            if site in there and (chance.random() < 0.3 or not self.lots)
        ][:2]
        self.kills = [self.window(chance) for _ in range(chance.choice([0, 0, 1]))]
        self.come: dict[str, int] = {}
        self.bounds: dict[str, int] = {}
        self.contaminations = [
            (site, self.window(chance), chance.choice(["exposed", "possible"]))
            for site in SITES
            if site in there and chance.random() < 0.3
        ]

    def window(self, chance: random.Random) -> tuple[int, int]:
        begin = chance.randrange(0, 9)
        return begin, begin + chance.randrange(1, 6)

    def question(self) -> Json:
        seeds: list[Json] = [{"rule": "lot", "unit": unit, "class": kind} for unit, kind in self.lots]
        seeds += [{"rule": "site", "site": site, **ends(window), "class": kind} for site, window, kind in self.sites]
        return {
            "scope": {"rule": "union", "of": seeds},
            "assumptions": {
                "kills": [{"site": "factory", **ends(window)} for window in self.kills],
                "cross_contamination": [
                    {"site": site, **ends(window), "class": kind} for site, window, kind in self.contaminations
                ],
            },
        }

    def classes(self) -> dict[str, str]:
        """The class of every unit in scope."""
        starts = self.starts()
        while True:
            nodes = self.spread(starts)
            more = self.joining(nodes)
            joined = {name: [*starts.get(name, []), *more.get(name, [])] for name in {*starts, *more}}
            if self.spread(joined) == nodes and all(set(more[name]) <= set(starts.get(name, [])) for name in more):
                return self.of_units(nodes)
            starts = {name: sorted(set(found)) for name, found in joined.items()}

    def starts(self) -> dict[str, list[Start]]:
        found: dict[str, list[Start]] = {}
        for unit, kind in self.lots:
            for name, holding in self.scene.holdings.items():
                if holding.unit == unit:
                    found.setdefault(name, []).append((rank(kind), 0))
        for site, (begin, end), kind in self.sites:
            for name in self.at(site, begin, end):
                found.setdefault(name, []).append((rank(kind), self.bound(name, begin)))
        return found

    def at(self, site: str, begin: int, end: int) -> list[str]:
        """Stays at a site that overlap a window; those of these scenes never end."""
        held = self.scene.holdings.items()
        return [name for name, one in held if one.place.id == site and one.since < end * SECOND]

    def bound(self, name: str, begin: int) -> int:
        return begin if self.scene.holdings[name].since < begin * SECOND else 0

    def joining(self, nodes: dict[str, int]) -> dict[str, list[Start]]:
        found: dict[str, list[Start]] = {}
        for site, (begin, end), kind in self.contaminations:
            sources = [name for name in self.at(site, begin, end) if nodes.get(name, 0) >= rank("possible")]
            times = [
                max(begin, self.scene.holdings[name].since // SECOND, self.in_scope_from(name)) for name in sources
            ]
            times = [since for since in times if since < end]
            for name in self.at(site, min(times), end) if times else ():
                found.setdefault(name, []).append((rank(kind), min(times)))
        return found

    def in_scope_from(self, name: str) -> int:
        """A start that counts from an instant on, and to which nothing in scope came, is in scope from then on."""
        return 0 if self.come.get(name, 0) else self.bounds.get(name, 0)

    def spread(self, starts: dict[str, list[Start]]) -> dict[str, int]:
        """A start is a place apart from the same holding as goods come to it: only what left it in time is followed."""
        own = {name: max(kind for kind, _ in found) for name, found in starts.items()}
        bounds = {name: min(bound for _, bound in found) for name, found in starts.items()}
        come: dict[str, int] = {}
        for _ in range(len(self.scene.legs) * 5):
            for leg in self.scene.legs:
                source = come.get(leg.source, 0)
                if leg.instant >= bounds.get(leg.source, 0) * SECOND:
                    source = max(source, own.get(leg.source, 0))
                strength = rank("affected" if leg.certainty is Certainty.CONFIRMED else "possible")
                if source and not self.killed(leg):
                    come[leg.target] = max(min(source, strength), come.get(leg.target, 0))
        self.come, self.bounds = come, bounds
        return {name: max(own.get(name, 0), come.get(name, 0)) for name in {*own, *come}}

    def killed(self, leg: Any) -> bool:
        joint = self.scene.joints.get(leg.target)
        return joint is not None and any(begin * SECOND <= joint.instant < end * SECOND for begin, end in self.kills)

    def of_units(self, nodes: dict[str, int]) -> dict[str, str]:
        found: dict[str, int] = {}
        for name, kind in nodes.items():
            if name in self.scene.holdings:
                unit = self.scene.holdings[name].unit
                found[unit] = max(kind, found.get(unit, 0))
        return {unit: list(ScopeClass)[kind].value for unit, kind in found.items()}


def ends(window: tuple[int, int]) -> Json:
    """A window [begin, end) as a question writes it."""
    return {"from": instant_text(window[0] * SECOND), "to": instant_text(window[1] * SECOND - 1)}


def answer(store: Store, question: Json) -> Json:
    return scope(store, read_question(question)).envelope


def told(envelope: Json) -> bytes:
    """What must be the same on every store."""
    return to_json({name: envelope[name] for name in ("question", "complete", "frontier", "gaps", "result")})


@settings(max_examples=150)
@given(st.integers(0, 10**6))
def test_classes_are_those_of_the_oracle(seed: int) -> None:
    oracle = Oracle(seed)
    if not (oracle.lots or oracle.sites):
        return
    stores = [MemoryStore(seed=1), MemoryStore(seed=2)]
    for store in stores:
        oracle.scene.put_into(store)
    first, second = (answer(store, oracle.question()) for store in stores)
    found = {one["unit"]: one["class"] for one in first["result"]["scope"]["entries"]}
    assert found == oracle.classes()
    assert told(first) == told(second)


def test_a_file_gives_the_same_bytes(tmp_path: Path) -> None:
    for seed in range(12):
        oracle = Oracle(seed)
        if oracle.lots or oracle.sites:
            memory = MemoryStore(seed=3)
            with closing(open_store(f"sqlite:///{tmp_path / str(seed)}.db")) as file:
                for store in (memory, file):
                    oracle.scene.put_into(store)
                assert told(answer(file, oracle.question())) == told(answer(memory, oracle.question()))


@given(st.integers(0, 10**6))
def test_a_question_is_read_back_from_its_answer(seed: int) -> None:
    oracle = Oracle(seed)
    if not (oracle.lots or oracle.sites):
        return
    store = MemoryStore()
    oracle.scene.put_into(store)
    first = answer(store, oracle.question())
    parts = ("scope", "assumptions", "follow", "minimum_grade", "as_of", "paths")
    again = answer(store, {name: first["question"][name] for name in parts})
    assert told(again) == told(first)
