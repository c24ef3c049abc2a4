"""Traces under assumptions on random small graphs, against scopes of the same and against each other."""

from __future__ import annotations

import random
from contextlib import closing
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as some

from tests.recall.scope.test_oracle import SITES, UNITS, ends, told
from tests.trace.memory import MemoryStore
from tracegraph.contract.scenes import Scene
from tracegraph.contract.tracing import asked, random_scene, resumed
from tracegraph.recall.scope import read_question, scope
from tracegraph.stores import open_store
from tracegraph.trace.question import Limits

Json = dict[str, Any]
seeds = some.integers(0, 10**6)
directions = some.sampled_from(["forward", "backward", "both"])


class Case:
    """A random scene, start units and assumptions that are about it."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.scene: Scene = random_scene(seed, nodes=11, legs=18)
        self.scene.hold("idle@factory", "site:factory", 100)
        held = sorted({one.unit for one in self.scene.holdings.values()} & set(UNITS))
        self.starts = self.chance.sample(held, min(len(held), self.chance.choice([1, 1, 2])))
        self.there = sorted({one.place.id for one in self.scene.holdings.values()} & set(SITES))
        self.window = [self.chance.randrange(0, 9) for _ in range(40)]

    def contaminations(self, *classes: str) -> list[Json]:
        chosen = [site for site in self.there if self.chance.random() < 0.5]
        return [{"site": site, **self.within(), "class": self.chance.choice(classes)} for site in chosen]

    def kills(self) -> list[Json]:
        return [{"site": "factory", **self.within()} for _ in range(self.chance.choice([1, 2]))]

    def within(self) -> Json:
        begin = self.chance.randrange(0, 9)
        return ends((begin, begin + self.chance.randrange(1, 6)))

    def store(self, number: int = 1) -> MemoryStore:
        store = MemoryStore(seed=number)
        self.scene.put_into(store)
        return store


def assumptions(case: Case) -> Json:
    return {"cross_contamination": case.contaminations("exposed", "possible"), "kills": case.kills()}


def units(answer: Json) -> set[str]:
    return {one["id"] for one in answer["result"]["units"]}


def listed(answer: Json) -> set[str]:
    return {one["id"] for one in answer["result"]["holdings"]}


@settings(max_examples=80)
@given(seeds)
def test_a_scope_of_the_same_start_reaches_the_same_units(seed: int) -> None:
    case, assumed = Case(seed), assumptions(Case(seed))
    of = [{"rule": "lot", "unit": unit} for unit in case.starts]
    question = read_question({"scope": {"rule": "union", "of": of}, "assumptions": assumed})
    entries = scope(case.store(), question).envelope["result"]["scope"]["entries"]
    trace = asked(case.store(), *case.starts, assumptions=assumed)
    assert units(trace) == {one["unit"] for one in entries}
    sure = {one["unit"] for one in entries if one["class"] in ("affected", "implicated")}
    assert {one["id"] for one in trace["result"]["units"] if one["certainty"] == "confirmed"} == sure


@settings(max_examples=80)
@given(seeds)
def test_and_so_does_one_of_a_site_in_a_window(seed: int) -> None:
    """What had left the site before the window is followed in neither, nor does it contaminate."""
    case, assumed = Case(seed), assumptions(Case(seed))
    if not case.there:
        return
    site, window = case.chance.choice(case.there), case.within()
    question = read_question({"scope": {"rule": "site", "site": site, **window}, "assumptions": assumed})
    entries = scope(case.store(), question).envelope["result"]["scope"]["entries"]
    trace = asked(case.store(), f"site:{site}", since=window["from"], until=window["to"], assumptions=assumed, paths=1)
    assert units(trace) == {one["unit"] for one in entries}


@settings(max_examples=60)
@given(seeds, directions)
def test_contamination_only_adds_possible_goods(seed: int, direction: str) -> None:
    case = Case(seed)
    assumed = {"cross_contamination": case.contaminations("exposed", "possible")}
    before = asked(case.store(), *case.starts, direction=direction)
    after = asked(case.store(), *case.starts, direction=direction, assumptions=assumed)
    assert listed(before) <= listed(after)
    certain = {one["id"]: one["certainty"] for one in before["result"]["holdings"]}
    new = {one["id"]: one["certainty"] for one in after["result"]["holdings"]}
    assert all(new[name] == certainty for name, certainty in certain.items())
    assert {new[name] for name in new.keys() - certain.keys()} <= {"possible"}
    rows = after["result"]["assumed"]["joined"] if assumed["cross_contamination"] else []
    assert {row["holding"] for row in rows} <= listed(after)
    sure = asked(case.store(), *case.starts, direction=direction, certainty="confirmed", assumptions=assumed)
    plain = asked(case.store(), *case.starts, direction=direction, certainty="confirmed")
    assert listed(sure) == listed(plain)


@settings(max_examples=60)
@given(seeds, directions, some.booleans())
def test_a_kill_only_removes(seed: int, direction: str, contaminated: bool) -> None:
    case = Case(seed)
    common = {"cross_contamination": case.contaminations("exposed", "possible")} if contaminated else {}
    before = asked(case.store(), *case.starts, direction=direction, assumptions=common)
    after = asked(case.store(), *case.starts, direction=direction, assumptions=common | {"kills": case.kills()})
    assert listed(after) <= listed(before)
    if listed(after) != listed(before):
        assert after["result"]["assumed"]["stopped"]


@settings(max_examples=30)
@given(seeds, directions)
def test_a_kill_stops_a_trace_with_a_limit_of_time_too(seed: int, direction: str) -> None:
    case, assumed = Case(seed), {"kills": Case(seed).kills()}
    whole = asked(case.store(), *case.starts, direction=direction, assumptions=assumed)
    timed = Limits(max_seconds=3600)
    assert (
        asked(case.store(), *case.starts, direction=direction, assumptions=assumed, limits=timed)["result"]
        == (whole["result"])
    )


@settings(max_examples=60)
@given(seeds)
def test_forward_and_backward_agree(seed: int) -> None:
    """What may have contaminated b, a among it, is what a forward trace from a says of b."""
    case = Case(seed)
    assumed = {"cross_contamination": case.contaminations("exposed")[:1], "kills": case.kills()}
    store = case.store()
    held = sorted({one.unit for one in case.scene.holdings.values()} & set(UNITS))
    ahead = {unit: units(asked(store, unit, assumptions=assumed)) for unit in held}
    behind = {unit: units(asked(store, unit, direction="backward", assumptions=assumed)) for unit in held}
    assert {(a, b) for a in held for b in ahead[a] if b in held} == {
        (a, b) for b in held for a in behind[b] if a in held
    }


@settings(max_examples=60)
@given(
    seeds, directions, some.builds(Limits, max_hops=some.none() | some.integers(0, 3), max_nodes=some.integers(1, 6))
)
def test_limits_are_gone_on_from_and_numbers_never_show(seed: int, direction: str, limits: Limits) -> None:
    case, assumed = Case(seed), assumptions(Case(seed))
    whole, other = (
        asked(case.store(number), *case.starts, direction=direction, assumptions=assumed, paths=2) for number in (1, 2)
    )
    assert told(whole) == told(other)
    part = asked(case.store(), *case.starts, direction=direction, assumptions=assumed, limits=limits)
    assert listed(part) <= listed(whole)
    more = resumed(case.store(), part)
    plain = asked(case.store(), *case.starts, direction=direction, assumptions=assumed)
    assert more["question"] == plain["question"]
    assert more["result"] == plain["result"]


def test_a_file_gives_the_same_bytes(tmp_path: Path) -> None:
    for seed in range(8):
        case, assumed = Case(seed), assumptions(Case(seed))
        with closing(open_store(f"sqlite:///{tmp_path / str(seed)}.db")) as file:
            case.scene.put_into(file)
            for direction in ("forward", "backward", "both"):
                answers = (
                    asked(store, *case.starts, direction=direction, assumptions=assumed, paths=1)
                    for store in (file, case.store())
                )
                assert len({told(answer) for answer in answers}) == 1
