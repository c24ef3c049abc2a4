"""Shares in simulated worlds: sane numbers, nothing claimed of goods that truly have none of the start in them, and the
same number from either end."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests.end_to_end.building import DIRECTIONS, opened, put
from tests.simulator.world import World, make_world
from tests.trace.shares.stories import of_units
from tracegraph import Tracegraph
from tracegraph.errors import UnknownIdentifier

WORLDS = [("recorded", 1), ("recorded", 2), ("careless", 1), ("careless", 2), ("careless", 3)]


def numbers(share: dict[str, Any]) -> list[float]:
    """The bounds and what is between them, which must not fall."""
    told = (share["min"], share["min_even_loss"], share["attributed"], share["max_even_loss"], share["max"])
    return [0.0, *(float(text) for text in told if text is not None), 1.0]


@pytest.mark.parametrize(("kind", "number"), WORLDS)
def test_shares_are_sane_and_never_claim_too_much(kind: str, number: int) -> None:
    world = make_world(11, number, kind)
    events = list(world.document["epcisBody"]["eventList"])
    random.Random(3).shuffle(events)
    with opened() as graph:
        put(graph, events)
        for unit in sorted(world.units)[:: 3 if kind == "careless" else 2]:
            for direction in DIRECTIONS:
                check(graph, world, unit, direction)


def check(graph: Tracegraph, world: World, unit: str, direction: str) -> None:
    try:
        answer = graph.trace(unit, direction=direction, shares=True)
    except UnknownIdentifier:
        return
    for element in (*answer.units, *answer.holdings):
        told = numbers(element["share"])
        assert told == sorted(told), element
    truth = {unit, *getattr(world.units[unit], direction), *world.neutral, *world.aliases}
    if unit not in world.wider:
        claimed = {key for key, share in of_units(answer).items() if share["min"] != "0"}
        assert claimed <= truth


@pytest.mark.parametrize("kind", ["recorded", "careless"])
def test_the_attributed_part_is_the_same_from_either_end(kind: str) -> None:
    world = make_world(12, 1, kind)
    compared = 0
    with opened() as graph:
        put(graph, list(world.document["epcisBody"]["eventList"]))
        plain = [unit for unit in sorted(world.units) if unit not in world.wider and unit not in world.aliases]
        ahead = {unit: asked(graph, unit, "forward") for unit in plain[::2]}
        for later in plain:
            behind, stays = asked(graph, later, "backward")
            for unit in behind.keys() & ahead.keys():
                shares, reached = ahead[unit]
                one, other = shares.get(later), behind[unit]
                whole = {stay for stay, of in stays.items() if of == later} <= reached.keys()
                if one and whole and one["attributed"] is not None and other["attributed"] is not None:
                    assert float(one["attributed"]) == pytest.approx(float(other["attributed"]), abs=1e-9)
                    compared += 1
    assert compared > 20


def asked(graph: Tracegraph, unit: str, direction: str) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
    """The shares of all units, and whose each reached holding is."""
    try:
        answer = graph.trace(unit, direction=direction, shares=True)
    except UnknownIdentifier:
        return {}, {}
    return of_units(answer), {holding["id"]: holding["unit"] for holding in answer.holdings}
