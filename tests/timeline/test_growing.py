"""A unit that grows is what compiling it from the beginning gives, in any order of events, and each costs little."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.timeline.notation import read_world
from tests.timeline.random_events import Table, random_table, tables
from tracegraph.model.custody import Place, PlaceKind, Timeline, UnitKind
from tracegraph.model.facts import Document, EventFacts
from tracegraph.model.master_data import MasterData
from tracegraph.model.quantity import Quantity
from tracegraph.timeline import compiler, replay, world
from tracegraph.timeline.acts import Act, Kind, UnitFacts
from tracegraph.timeline.growing import GrowingUnit
from tracegraph.timeline.growing_role import GrowingRole
from tracegraph.timeline.history import Histories, History, earliest_difference, loads
from tracegraph.timeline.live_events import LiveEvent, live_events
from tracegraph.timeline.places import Places
from tracegraph.timeline.steps import HOUR, Settings
from tracegraph.timeline.unit_timeline import Compiled, ContainerRole, Names, compile_unit

PARTS = ("holdings", "legs", "gaps")


@dataclass
class Asked:
    """What one unit was compiled from, and what came out."""

    unit: UnitFacts
    acts: list[Act]
    histories: Histories
    role: ContainerRole
    names: Names
    compiled: Compiled


def compilations(events: Iterable[EventFacts], master: Sequence[MasterData]) -> dict[str, Asked]:
    """How the units of a world are compiled."""
    found: dict[str, Asked] = {}

    def seen(unit: UnitFacts, acts: list[Act], histories: Histories, *others: Any) -> Compiled:
        compiled = compile_unit(unit, acts, histories, *others)
        _, _, role, names = others
        found[unit.key] = Asked(unit, list(acts), histories, role, names, compiled)
        return compiled

    with mock.patch.object(compiler, "compile_unit", seen):
        world.compile_world(events, master)
    return found


@dataclass
class Grown:
    """A growing unit, what it was told last, and the parts that its changes add up to."""

    unit: GrowingUnit
    asked: Asked
    history: History
    parts: dict[str, set[Any]] = field(default_factory=lambda: {part: set() for part in PARTS})

    def follow(self, asked: Asked, order: random.Random) -> None:
        """Tell it how the acts and the containers' histories differ, in any order."""
        old, new = Counter(self.asked.acts), Counter(asked.acts)
        gone, come = list((old - new).elements()), list((new - old).elements())
        order.shuffle(gone)
        order.shuffle(come)
        since = differences(self.asked.histories, asked.histories)
        self.unit.change(gone, come, asked.histories, since, asked.role, asked.names)
        self.asked = asked

    def check(self) -> None:
        """Everything is as from the beginning, and so is the sum of the changes."""
        expected, found = self.asked.compiled, self.unit.compiled
        assert found.timeline == expected.timeline
        assert found.history == expected.history
        assert found.history.open_until == expected.history.open_until
        gone, come = self.unit.changes()
        for part in PARTS:
            self.add(part, set(getattr(gone, part)), set(getattr(come, part)))
            assert self.parts[part] == set(getattr(expected.timeline, part))
        since, difference = self.unit.history_since(), earliest_difference(self.history, found.history)
        assert difference is None or (since is not None and since <= difference)
        self.history = found.history

    def add(self, part: str, gone: set[Any], come: set[Any]) -> None:
        assert gone <= self.parts[part]
        assert not come & (self.parts[part] - gone)
        self.parts[part] = (self.parts[part] - gone) | come


def differences(one: Histories, other: Histories) -> dict[str, int]:
    """From which instant on the histories of each container differ."""
    containers = {*one.by_unit, *other.by_unit}
    found = ((container, earliest_difference(one.of(container), other.of(container))) for container in containers)
    return {container: instant for container, instant in found if instant is not None}


def grow(batches: Iterable[Sequence[EventFacts]], master: Sequence[MasterData], order: random.Random) -> int:
    """Compile each batch (all events that are known by then) in a growing way; returns how many changes that took."""
    grown: dict[str, Grown] = {}
    places, changes = Places.of(master), 0
    for known in batches:
        asked = compilations(known, master)
        grown = {key: one for key, one in grown.items() if key in asked and one.unit.unit == asked[key].unit}
        for key, one in asked.items():
            if key in grown:
                grown[key].follow(one, order)
                changes += 1
            else:
                made = GrowingUnit.of(one.unit, one.acts, one.histories, places, Settings(), one.role, one.names)
                grown[key] = Grown(made, one, History())
            grown[key].check()
    return changes


def batches(events: Sequence[EventFacts], order: random.Random) -> Iterator[list[EventFacts]]:
    """More and more events in any order; now and then one is taken back, for good or for a while."""
    waiting, known = list(events), []
    order.shuffle(waiting)
    while waiting:
        for _ in range(order.choice((1, 1, 1, 2, 3))):
            known += [waiting.pop()] if waiting else []
        if len(known) > 1 and order.random() < 0.15:
            taken = known.pop(order.randrange(len(known)))
            waiting += [taken] if order.random() < 0.7 else []
        yield list(known)


@settings(max_examples=40)
@given(tables(), st.randoms(use_true_random=False))
def test_growing_is_compiling_from_the_beginning(table: Table, order: random.Random) -> None:
    read = table.world()
    grow(batches(read.events, order), read.master, order)


@pytest.mark.parametrize("largest", [12, 30])
def test_growing_larger_worlds(largest: int) -> None:
    changes = 0
    for seed in range(360 // largest):
        read, order = random_table(seed, largest=largest, master=seed % 2 == 0).world(), random.Random(seed)
        changes += grow(batches(read.events, order), read.master, order)
    assert changes > 300


def test_what_is_forgotten_costs_the_history_and_is_right(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay, "KEPT", 40)
    for seed in range(20):
        read, order = random_table(seed, largest=20).world(), random.Random(seed)
        grow(batches(read.events, order), read.master, order)


TABLES = {
    "a date's packing is followed after its group": """
        e1 d1 date pack item i into tote U at D
        e2 d1 08:00 unpack all from tote U at D
        e3 d1 10:00 pack item i into tote T at Q
        """,
    "a tote's emptying is told after the packing, and an earlier event after that": """
        e1 d1 16:00 pack item i into tote T at P
        e2 d3 08:00 unpack all from tote T at Q
        e3 d1 18:00 see item i at R
        """,
    "a receipt dated before its shipment, which is told later": """
        e1 d1 08:00 make lot A 10 kg at P
        e2 d1 09:00 receive lot A 10 kg P -> Q doc po:1
        e3 d1 10:00 ship lot A 10 kg P -> Q doc po:1
        """,
    "a tote's shipment is told after the receipt of what is in it": """
        e1 d1 07:00 pack lot A 10 kg into tote T at P
        e2 d1 09:00 receive lot A 10 kg P -> Q doc po:1
        e3 d1 10:00 ship tote T P -> Q doc po:1
        """,
    "a move that nothing records takes from what was carried": """
        e1 d1 08:00 make lot A 10 kg at P
        e2 d1 09:00 more lot A 10 kg at P
        e3 d1 10:00 use lot A 10 kg => lot B 1 kg at P
        e4 d1 11:00 more lot A 10 kg at P
        e5 d2 10:00 receive lot A 15 kg at Q
        """,
    "afloat, and washed ashore at the end": """
        e1 d1 08:00 make lot A 10 kg at P
        e2 d1 09:00 ship lot A 5 kg P ->
        e3 d1 10:00 see lot A at P
        e4 d1 11:00 ship lot A 5 kg P ->
        """,
}


@pytest.mark.parametrize("title", TABLES)
@pytest.mark.parametrize("seed", range(6))
def test_told_in_any_order(title: str, seed: int) -> None:
    read, order = read_world(TABLES[title]), random.Random(seed)
    events = list(read.events)
    order.shuffle(events)
    grow([events[:count] for count in range(1, len(events) + 1)], read.master, order)


# containers


@pytest.mark.parametrize("seed", range(40))
def test_what_a_container_held_while_events_come_and_go(seed: int) -> None:
    order = random.Random(seed)
    events = [event for event in live_events(random_table(seed, largest=25).world().events).events if event.parent]
    own = [event for event in events if event.parent == events[0].parent] if events else []
    acts = {event.id: act(Kind.EMPTY, 0, 0, 1)._replace(event=event.id) for event in own if not event.has_children}
    order.shuffle(own)
    role, known = GrowingRole(), list[LiveEvent]()
    for event in own:
        gone = [known.pop(order.randrange(len(known)))] if known and order.random() < 0.2 else []
        known.append(event)
        found = role.change(gone, [event], {event.id: acts[event.id]} if event.id in acts else {})
        packings, held = loads(known)
        assert found.packings == packings
        assert {one.event: one.held_earlier for one in found.empties if one.event in held} == held


# the work


def site(name: str) -> Place:
    return Place(PlaceKind.SITE, name)


def kilos(amount: int) -> Quantity:
    return Quantity(Decimal(amount), "KGM")


def act(kind: Kind, number: int, hour: int, amount: int, **others: Any) -> Act:
    at = others.pop("at", "P")
    return Act(kind, f"{number:06}", hour * HOUR, quantity=kilos(amount), place=site(at), origins=(site(at),), **others)


def used(count: int) -> Iterator[Act]:
    yield act(Kind.BIRTH, 0, 0, 10 * count)
    yield from (act(Kind.INPUT, number, number, 1, joint=f"joint {number}") for number in range(1, count))


def shipped(count: int, received: bool = False) -> Iterator[Act]:
    yield act(Kind.BIRTH, 0, 0, 10 * count)
    for number in range(1, count):
        papers = frozenset([Document("po", str(number))])
        bound = site(f"Q{number % 7}")
        yield act(Kind.SHIP, number, 3 * number, 1, destination=bound, documents=papers, step="shipping")
        if received:
            yield act(Kind.RECEIVE, count + number, 3 * number + 1, 1, at=bound.id, documents=papers, step="receiving")


def to_and_fro(count: int) -> Iterator[Act]:
    for number in range(count):
        here, there = ("P", "Q") if number % 2 else ("Q", "P")
        papers = frozenset([Document("po", str(number))])
        yield act(Kind.SEE, 3 * number, 4 * number, 1, at=here, born=True)
        yield act(Kind.SHIP, 3 * number + 1, 4 * number + 1, 1, at=here, destination=site(there), documents=papers)
        yield act(Kind.RECEIVE, 3 * number + 2, 4 * number + 2, 1, at=there, documents=papers)


SHAPES = {
    "used": lambda count: used(count),
    "shipped, never received": lambda count: shipped(count),
    "shipped and received": lambda count: shipped(count, received=True),
    "to and fro": lambda count: to_and_fro(count),
}


def growing_lot() -> GrowingUnit:
    return GrowingUnit.of(UnitFacts("lot", UnitKind.LOT, False, True), [], Histories(), Places(), Settings())


@pytest.mark.parametrize("shape", SHAPES)
def test_an_event_in_order_applies_few_acts_and_changes_few_parts(shape: str) -> None:
    lot = growing_lot()
    for one in SHAPES[shape](700):
        before = lot.applied
        lot.change([], [one], Histories())
        assert lot.applied - before <= 5
        assert sum(parts(timeline) for timeline in lot.changes()) <= 12


def parts(timeline: Timeline) -> int:
    return len(timeline.holdings) + len(timeline.legs) + len(timeline.gaps)


def test_a_late_event_applies_what_follows_it() -> None:
    lot, acts = growing_lot(), list(used(700))
    lot.change([], acts[:600] + acts[601:], Histories())
    before = lot.applied
    lot.change([], [acts[600]], Histories())
    assert 200 <= lot.applied - before <= 210
    assert lot.compiled.timeline == compiled_lot(acts)


def test_nothing_changes_nothing() -> None:
    lot = growing_lot()
    lot.change([], list(shipped(20)), Histories())
    lot.changes(), lot.history_since()
    before = lot.applied
    lot.change([], [], Histories(), names=Names(("other",), ("lot of lots",)))
    gone, come = lot.changes()
    assert (parts(gone), parts(come), lot.applied, lot.history_since()) == (0, 0, before, None)
    assert (come.aliases, come.lots, gone.aliases, gone.lots) == (("other",), ("lot of lots",), (), ())


def compiled_lot(acts: Sequence[Act]) -> Timeline:
    lot = UnitFacts("lot", UnitKind.LOT, False, True)
    return compile_unit(lot, acts, Histories(), Places(), Settings()).timeline
