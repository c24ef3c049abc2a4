"""Units that did the same are told like the one that was compiled: what comes out is what compiling each gives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from unittest import mock

import pytest
from hypothesis import given, settings

from tests.timeline.random_events import Table, random_table, tables
from tracegraph.model.custody import Timeline
from tracegraph.model.facts import EventFacts, NamedUnit, Role
from tracegraph.timeline import compile_world
from tracegraph.timeline.siblings import Member, Story


def with_twins(events: Iterable[EventFacts]) -> list[EventFacts]:
    """The same events, each of which names a twin beside every unit that is not the container."""
    return [replace(facts, named=(*facts.named, *filter(None, map(twin, facts.named)))) for facts in events]


def twin(named: NamedUnit) -> NamedUnit | None:
    return None if named.role is Role.PARENT else replace(named, unit=f"{named.unit}.twin")


def each_compiled(events: Iterable[EventFacts], table: Table) -> dict[str, Timeline]:
    """A world in which nothing is told of another unit."""
    with mock.patch.object(Member, "signature", return_value=None):
        return compile_world(events, table.world().master)


def check(table: Table) -> int:
    """How many units were told like another one, if the world is the same."""
    events = with_twins(table.world().events)
    with mock.patch.object(Story, "told_of", autospec=True, side_effect=Story.told_of) as told:
        assert compile_world(events, table.world().master) == each_compiled(events, table)
    return told.call_count


@settings(max_examples=60)
@given(table=tables())
def test_twins_are_told_as_if_compiled(table: Table) -> None:
    check(table)


def test_twins_are_told_of_each_other() -> None:
    assert sum(check(random_table(seed, largest=10)) for seed in range(40)) > 40


@pytest.mark.parametrize("difference", ["5.0", "6"])
def test_other_digits_are_another_story(difference: str) -> None:
    """5 and 5.0 are equal, but a quantity is told to the letter."""
    table = Table((f"e1 d1 08:00 make lot A 5 kg, lot B {difference} kg at P",))
    world = compile_world(table.world().events)
    told = {str(holding.quantity.value) for line in world.values() for holding in line.holdings if holding.quantity}
    assert told == {"5", difference}
