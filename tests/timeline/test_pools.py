"""What cannot be told apart meets in pools, in time order: nothing reaches what was before it (section 1)."""

from __future__ import annotations

import pytest

from tests.timeline.expectations import Graph
from tests.timeline.notation import read_world
from tracegraph.model.custody import Holding
from tracegraph.timeline import compile_world

MANY = 14


def graph(lines: list[str]) -> Graph:
    world = read_world("\n".join(lines))
    return Graph(lambda name: world.names.shown.get(name, name), compile_world(world.events, world.master))


def opened_by(found: Graph, events: set[str]) -> list[str]:
    return [holding.id for holding in found.holdings if holding.event in events and not is_pool(holding)]


def is_pool(holding: Holding) -> bool:
    return holding.role.startswith("pool ")


def reached(found: Graph, event: str, direction: str = "forward", certainty: str = "possible") -> set[str]:
    """The events that opened what is reached, without pools."""
    holdings = found.reached(opened_by(found, {event}), direction, certainty)
    return {holding.event for holding in holdings if not is_pool(holding)}


def clock(number: int) -> str:
    return f"d{1 + number // 20} {number % 20:02}:00"


@pytest.mark.parametrize("goods", ["lot A 10 kg", "lot A"])
def test_shipments_and_receipts_in_turn(goods: str) -> None:
    lines = ["m0 d1 00:00 make lot A 900 kg at P"]
    for number in range(MANY):
        lines.append(f"s{number} {clock(2 * number + 1)} ship {goods} P -> Q")
        lines.append(f"r{number} {clock(2 * number + 2)} receive lot A 1 kg P -> Q")
    found = graph(lines)
    for number in range(MANY):
        later = {f"r{other}" for other in range(number, MANY)}
        assert {name for name in reached(found, f"s{number}") if name[0] == "r"} == later
        earlier = {f"s{other}" for other in range(number + 1)}
        assert {name for name in reached(found, f"r{number}", "backward") if name[0] == "s"} == earlier
    assert len(found.legs) < 14 * MANY


def test_receipts_that_match_nothing_may_come_from_all_that_was_before() -> None:
    lines = [f"m{number} {clock(number)} make lot A 5 kg at S{number}" for number in range(MANY)]
    lines.append(f"z0 {clock(MANY)} receive lot A 1 kg at Z")
    lines += [f"n{number} {clock(MANY + 1 + number)} make lot A 5 kg at T{number}" for number in range(MANY)]
    lines.append(f"z1 {clock(2 * MANY + 1)} receive lot A 1 kg at Z")
    found = graph(lines)
    first = {f"m{number}" for number in range(MANY)}
    second = {f"n{number}" for number in range(MANY)}
    assert reached(found, "z0", "backward") == {"z0"} | first
    assert reached(found, "z1", "backward") == {"z0", "z1"} | first | second
    assert {name for name in reached(found, "n0") if name[0] == "z"} == {"z1"}
    assert {gap.kind for gap in found.gaps if gap.event in ("z0", "z1")} == {"unmatched_receipt"}


def test_shipments_without_destination_may_be_wherever_the_unit_is_recorded() -> None:
    lines = ["m0 d1 00:00 make lot A 900 kg at P", "m1 d1 00:30 make lot A 5 kg at Q"]
    lines += [f"s{number} {clock(number + 1)} ship lot A 10 kg at P" for number in range(MANY)]
    lines.append("u0 d9 08:00 use lot A 5 kg => lot B 5 kg at Q")
    found = graph(lines)
    places = {
        f"s{number}": {
            found.place(holding)
            for holding in found.reached(opened_by(found, {f"s{number}"}), "forward", "possible")
            if not is_pool(holding)
        }
        for number in range(MANY)
    }
    assert all({"P", "Q", "transit"} <= spots for spots in places.values())
    lost = {gap.event for gap in found.gaps if gap.kind == "never_received"}
    assert lost == {f"s{number}" for number in range(MANY)}
    sure = {holding.event for holding in found.reached(opened_by(found, {"m0"}), "forward", "confirmed")}
    assert {name for name in sure if name[0] == "s"} == lost


def test_many_containers_at_one_place_may_each_be_opened() -> None:
    lines = ["m0 d1 00:00 make lot A 100 kg at P"]
    lines += [f"p{number} d1 {number + 1:02}:00 pack lot A 5 kg into tote T{number} at P" for number in range(MANY)]
    lines += ["x0 d2 07:00 destroy lot A 30 kg at P", "u0 d2 08:00 use lot A 3 kg => lot B 3 kg at P"]
    found = graph(lines)
    into = {holding.event for holding in found.reached(opened_by(found, {"u0"}), "backward", "possible")}
    assert {f"p{number}" for number in range(MANY)} <= into
    sure = found.reached(opened_by(found, {"u0"}), "backward", "confirmed")
    assert not {holding.event for holding in sure} & {f"p{number}" for number in range(MANY)}


def test_many_of_one_product_born_again_elsewhere() -> None:
    lines = [f"m{number} {clock(number)} make lot A 5 kg at S{number}" for number in range(MANY)]
    found = graph(lines)
    back = reached(found, f"m{MANY - 1}", "backward")
    assert back == {f"m{number}" for number in range(MANY)}, "a second birth is perhaps of the same goods"
    assert reached(found, f"m{MANY - 1}", "backward", "confirmed") == {f"m{MANY - 1}"}
    assert reached(found, "m0", "backward") == {"m0"}
