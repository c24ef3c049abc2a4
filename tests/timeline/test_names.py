"""Names in compiled worlds: rules of legs, roles of holdings, what gaps hang on; over all goldens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.timeline.expectations import Graph
from tests.timeline.notation import read_world
from tests.timeline.test_goldens import GOLDENS
from tracegraph.messages import gap_kinds
from tracegraph.model.custody import CONJECTURED_ROLES, Certainty, Holding, Joint, PlaceKind
from tracegraph.timeline import compile_world

#: Each rule and what a leg by it adds to a distance.
COSTS = {
    "carried": {0},
    "pool": {0},
    "late_input": {0},
    "place_unknown": {0},
    "transformation": {0, 1},
    "ambiguous_receipt": {1},
    "born_late": {1},
    "end": {1},
    "implied_unpack": {1},
    "never_received": {1},
    "never_unpacked": {1},
    "only_shipment": {1},
    "overdraft": {1},
    "pack": {1},
    "same_day": {1},
    "same_document": {1},
    "same_document_all": {1},
    "same_document_several": {1},
    "second_birth": {1},
    "ship": {1},
    "unmatched_receipt": {1},
    "unpack": {1},
    "void_shipping": {1},
    "with_container": {1},
}
#: Rules by which nothing can be certain.
POSSIBLE = {
    "ambiguous_receipt",
    "born_late",
    "late_input",
    "never_received",
    "never_unpacked",
    "overdraft",
    "place_unknown",
    "pool",
    "same_day",
    "same_document_several",
    "second_birth",
    "unmatched_receipt",
    "with_container",
}
ROLES = CONJECTURED_ROLES | {
    "birth",
    "end",
    "first_packed",
    "implied",
    "implied_unpack",
    "output",
    "overdraft",
    "pack",
    "receive",
    "rest",
    "ship",
    "unpack",
    "void",
}
#: Gaps of a unit as a whole; all others name a holding.
OF_UNITS = {"conflicting_kind", "no_lot_number", "retraction_without_original"}


World = tuple[str, Graph, frozenset[str]]


@pytest.fixture(scope="module")
def worlds() -> list[World]:
    """Title, compiled world and event ids of every golden."""
    found = []
    for golden in GOLDENS:
        world = golden.world()
        graph = Graph(lambda name: name, compile_world(world.events, world.master))
        found.append((golden.title, graph, frozenset(event.content_hash for event in world.events)))
    return found


def every(worlds: list[World], part: str) -> Iterator[tuple[str, Graph, frozenset[str], Any]]:
    for title, graph, events in worlds:
        for one in getattr(graph, part):
            yield title, graph, events, one


def test_legs_name_their_rule_and_cost_what_it_costs(worlds: list[World]) -> None:
    used = set()
    for title, graph, _, leg in every(worlds, "legs"):
        assert leg.rule in COSTS, (title, leg)
        assert leg.cost in COSTS[leg.rule], (title, leg)
        if leg.rule == "transformation":
            into = isinstance(graph.nodes[leg.target], Joint) and not isinstance(graph.nodes[leg.source], Joint)
            assert leg.cost == int(into), (title, leg)
        assert leg.certainty is Certainty.POSSIBLE or leg.rule not in POSSIBLE, (title, leg)
        used.add(leg.rule)
    assert set(COSTS) - used <= {"place_unknown"}, "a golden uses each"


def test_legs_come_from_events_of_the_world(worlds: list[World]) -> None:
    for title, graph, events, leg in every(worlds, "legs"):
        assert leg.event.partition("#")[0] in events, (title, leg)
        ends = [graph.nodes[leg.source], graph.nodes[leg.target]]
        begin = [node.since if isinstance(node, Holding) else node.instant for node in ends]
        if leg.certainty is Certainty.CONFIRMED:
            assert begin[0] <= leg.instant, (title, leg)
            assert begin[0] <= begin[1], (title, leg)


def test_holdings_name_their_role_event_and_time(worlds: list[World]) -> None:
    for title, _, events, holding in every(worlds, "holdings"):
        assert holding.role in ROLES or holding.role.startswith("pool "), (title, holding)
        assert holding.event.partition("#")[0] in events, (title, holding)
        assert holding.until is None or holding.until >= holding.since, (title, holding)
        if holding.destination is not None:
            assert holding.place.kind is PlaceKind.TRANSIT, (title, holding)
        if holding.place.kind is PlaceKind.TRANSIT and not holding.role.startswith("pool "):
            assert holding.place.id.partition("#")[0] in events, (title, holding)


def test_gaps_hang_on_a_holding_of_their_unit(worlds: list[World]) -> None:
    for title, graph, events, gap in every(worlds, "gaps"):
        assert gap.kind in gap_kinds(), (title, gap)
        assert gap.event.partition("#")[0] in events, (title, gap)
        assert list(gap.ask) == sorted(set(gap.ask)), (title, gap)
        if gap.holding is None:
            assert gap.kind in OF_UNITS | {"reused_transformation_id"}, (title, gap)
        else:
            assert gap.kind not in OF_UNITS, (title, gap)
            node = graph.nodes[gap.holding]
            assert isinstance(node, Holding), (title, gap)
            assert node.unit == gap.unit, (title, gap)


def test_joints_name_their_events(worlds: list[World]) -> None:
    for title, graph, events in worlds:
        for node in graph.nodes.values():
            if isinstance(node, Joint):
                assert {event.partition("#")[0] for event in node.events} <= events, (title, node)
                assert node.place.kind in (PlaceKind.SITE, PlaceKind.UNKNOWN), (title, node)


SMALL = """
e1  d1 08:00  make     lot A 10 kg                  at P
e2  d1 10:00  ship     lot A 6 kg                   P -> Q  doc desadv:1
e3  d2 08:00  receive  lot A 6 kg                   P -> Q  doc desadv:1
e4  d2 09:00  use      lot A 6 kg => lot B 5 kg     at Q
e5  d2 10:00  pack     lot B 5 kg  into tote T      at Q
e6  d2 11:00  see      tote T                       at Q
"""


def test_ids_differ_by_unit_event_role_and_number() -> None:
    world = read_world(SMALL)
    one = compile_world(world.events, world.master)
    later = read_world(SMALL + "e7 d3 08:00 destroy lot A 4 kg at P\n")
    two = compile_world(later.events, later.master)
    before, after = ({node for line in lines.values() for node in line.holdings} for lines in (one, two))
    assert {holding.id for holding in before} < {holding.id for holding in after}, "late knowledge changes no id"
    assert len({holding.id for holding in after}) == len(after)


def test_ids_are_unique_in_a_world(worlds: list[World]) -> None:
    for title, graph, _ in worlds:
        told = [holding.id for line in graph.timelines.values() for holding in line.holdings]
        assert len(told) == len(set(told)), title


def test_a_timeline_carries_the_other_numbers_and_the_lots_of_its_unit() -> None:
    world = read_world(
        """
        e1  d1 08:00  make  lot A 10 kg  at P  alias B
        e2  d1 09:00  make  item i       at P  member of lot A
        """
    )
    names = world.names.shown
    told = {names[owner]: line for owner, line in compile_world(world.events, world.master).items()}
    assert [names[number] for number in told["A"].aliases] == ["B"]
    assert [names[lot] for lot in told["i"].lots] == ["A"]
