"""What is passed over to be fast changes no answer: each shortcut against doing without it, over wrong records."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from unittest import mock

import pytest

from tests.timeline.notation import World, read_world
from tests.timeline.random_events import random_table
from tests.timeline.test_properties import SHAPES
from tracegraph.timeline import compile_world, matching
from tracegraph.timeline.acts import Act
from tracegraph.timeline.lookups import Lookups
from tracegraph.timeline.matching import Candidate, Match, Receipt, conflicts, match
from tracegraph.timeline.places import Places
from tracegraph.timeline.supply import Supply


def matched_among_all(look: Lookups, act: Act, receipt: Receipt) -> Match:
    return match(receipt, look.candidates(act, receipt), look.account.places)


def compared_one_by_one(receipt: Receipt, candidates: list[Candidate], places: Places) -> list[Candidate]:
    return [candidate for candidate in candidates if not conflicts(receipt, candidate, places)]


WITHOUT: dict[str, Callable[[], AbstractContextManager[object]]] = {
    "shipments of the document first": lambda: mock.patch.object(Lookups, "matched", matched_among_all),
    "papers that say the same": lambda: mock.patch.object(matching, "without_conflict", compared_one_by_one),
    "spent shipments": lambda: mock.patch.object(Supply, "_spent", return_value=False),
    "places of which nothing is told": lambda: mock.patch.object(Places, "told", True),
}


def worlds() -> Iterator[World]:
    yield from (random_table(seed, largest=30).world() for seed in range(40))
    for shape in SHAPES.values():
        yield read_world("\n".join(["e0 d1 00:00 make lot A 9999 kg at P", *shape(12)]))


@pytest.fixture(scope="module")
def some_worlds() -> list[World]:
    return list(worlds())


@pytest.mark.parametrize("shortcut", WITHOUT)
def test_a_shortcut_changes_nothing(shortcut: str, some_worlds: list[World]) -> None:
    expected = [compile_world(world.events, world.master) for world in some_worlds]
    with WITHOUT[shortcut]():
        assert [compile_world(world.events, world.master) for world in some_worlds] == expected
