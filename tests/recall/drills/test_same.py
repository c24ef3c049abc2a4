"""What a drill asks is what scope, trace and balance answer: to the last digit, without what they list."""

from __future__ import annotations

import random

import pytest

from tests.end_to_end.building import born, lot, opened, put, received, shipped
from tests.recall.case.told_paths import payload_of
from tests.simulator.world import make_world
from tests.trace.shares.stories import L, thousand_kilograms
from tracegraph import Tracegraph
from tracegraph.errors import UnknownIdentifier
from tracegraph.recall.drills.examining import account, affected, directions
from tracegraph.recall.drills.judging import found_of
from tracegraph.trace.register import Register
from tracegraph.trace.snapshot import Snapshot

LISTS = ("rows", "flows", "yields", "apart")


def check(graph: Tracegraph, unit: str) -> None:
    """Fast and plain, of one unit."""
    plain = graph.scope({"rule": "lot", "unit": unit}).to_dict()
    alone = graph.scope({"rule": "lot", "unit": unit}, paths=0).to_dict()
    register = Register(Snapshot.of(graph.store))
    found = affected(register, unit)
    assert found.answer["result"] == {"scope": alone["result"]["scope"]}
    assert {name: told for name, told in found.answer.items() if name != "result"} == {
        name: told for name, told in alone.items() if name != "result"
    }
    assert found.version("me")["entries"] == payload_of(plain, 1, "me")["entries"]
    whole = graph.balance(unit).to_dict()["result"]["balance"]
    assert account(register, unit, found) == {name: told for name, told in whole.items() if name not in LISTS}
    back = graph.trace(unit, direction="backward").to_dict()
    assert directions(register, unit, found)["backward"] == {
        "units": len(back["result"]["units"]),
        "complete": back["complete"],
        "gaps": len(back["gaps"]),
    }


@pytest.mark.parametrize(("seed", "kind"), [(5, "recorded"), (6, "careless"), (7, "careless")])
def test_in_random_worlds(seed: int, kind: str) -> None:
    world = make_world(seed, 1, kind)
    asked = 0
    with opened() as graph:
        put(graph, list(world.document["epcisBody"]["eventList"]))
        for unit in random.Random(seed).sample(sorted(world.units), min(12, len(world.units))):
            try:
                check(graph, unit)
            except UnknownIdentifier:
                continue
            asked += 1
    assert asked > 5


def test_of_goods_that_were_mixed_sold_and_lost() -> None:
    with opened() as graph:
        put(graph, thousand_kilograms())
        check(graph, L)
        register = Register(Snapshot.of(graph.store))
        found = found_of(account(register, L, affected(register, L)))
    assert (found.unit, str(found.in_question)) == ("KGM", "1000")
    assert found.in_question >= found.found > 0


def test_what_was_cleared_is_left_out_of_the_scope_but_not_of_the_account() -> None:
    """The account is of all goods of the lot, whatever a person cleared; so the two do not share a following."""
    first, made = lot("first"), lot("second")
    with opened() as graph:
        put(graph, [born(0, first, "plant", 10), shipped(1, first, "plant", "shop", 4), received(2, first, "shop")])
        put(graph, [born(3, made, "plant", 10)])
        graph.record("override", {"unit": first, "onward": "yes"}, reason="tested")
        register = Register(Snapshot.of(graph.store))
        found = affected(register, first)
        assert not found.scoped.found.whole
        assert account(register, first, found)["start"] == "10"
        check(graph, first)
