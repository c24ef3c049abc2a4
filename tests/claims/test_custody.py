"""What rules ask of the custody graph, against a plain walk over made-up transformations."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tracegraph.claims.custody import Custody
from tracegraph.claims.pack import pack_of
from tracegraph.claims.running import run
from tracegraph.claims.world import World
from tracegraph.proving import world_for
from tracegraph.trace.reach import pick_legs

Json = dict[str, Any]
#: The inputs of each lot by number; a lot is made of lots before it.
Recipe = list[frozenset[int]]
ISO = pack_of("tracegraph.schemes.iso22095")


def lot(number: int) -> str:
    return f"urn:x:lot:{number}"


def amounts(numbers: Any) -> list[Json]:
    return [{"epcClass": lot(number), "quantity": 1, "uom": "KGM"} for number in numbers]


def event(number: int, inputs: frozenset[int]) -> Json:
    """Lot `number` begins, or is made of others, all in one hall; each lot is more than all that is taken of it."""
    told = {"eventTime": f"2026-01-01T{number:02}:00:00Z", "bizLocation": {"id": "urn:x:site:hall"}}
    out = [{"epcClass": lot(number), "quantity": 100, "uom": "KGM"}]
    if not inputs:
        return {"type": "ObjectEvent", "action": "ADD", "bizStep": "commissioning", "quantityList": out, **told}
    made = {"inputQuantityList": amounts(sorted(inputs)), "outputQuantityList": out}
    return {"type": "TransformationEvent", "bizStep": "commissioning", **made, **told}


recipes = st.integers(2, 7).flatmap(
    lambda count: st.tuples(
        *(
            st.frozensets(st.integers(0, number - 1), max_size=3) if number else st.just(frozenset[int]())
            for number in range(count)
        )
    ).map(list)
)


@contextmanager
def world(recipe: Recipe, records: list[Json]) -> Iterator[World]:
    events = [event(number, inputs) for number, inputs in enumerate(recipe)]
    with world_for({"records": records, "events": events}) as made:
        yield made


def custody_of(world: World) -> Custody:
    assert world.custody is not None
    return world.custody


def ancestors(recipe: Recipe, number: int) -> set[int]:
    return {number}.union(*(ancestors(recipe, one) for one in recipe[number]))


@settings(max_examples=15)
@given(recipes)
def test_origins_inputs_and_units_are_those_of_a_plain_walk(recipe: Recipe) -> None:
    last = len(recipe) - 1
    with world(recipe, []) as made:
        upstream = custody_of(made).upstream(lot(last))
        assert upstream is not None
        behind = ancestors(recipe, last)
        assert upstream.gap is None
        assert upstream.units == {lot(number) for number in behind}
        assert {origin.unit for origin in upstream.origins} == {lot(n) for n in behind if not recipe[n]}
        assert all(origin.confirmed and not origin.hidden for origin in upstream.origins)
        for number in behind:
            inputs = upstream.made_of.get(lot(number), ())
            assert [one.unit for one in inputs] == sorted(map(lot, recipe[number]))
            assert {one.quantity.value for one in inputs if one.quantity} <= {Decimal(1)}


@settings(max_examples=15)
@given(recipes, st.frozensets(st.integers(0, 6), max_size=3))
def test_goods_are_pure_where_each_way_back_meets_a_claim(recipe: Recipe, claimed: frozenset[int]) -> None:
    last = len(recipe) - 1
    told = {"kind": "claim", "charset": "K", "made": "2026-02-01"}
    behind = [{**told, "claim": f"IN{number}", "goods": lot(number)} for number in claimed - {last}]
    asked = {**told, "claim": "OUT", "goods": lot(last), "model": "sg"}

    def impure(number: int) -> bool:
        return number not in claimed and (not recipe[number] or any(map(impure, recipe[number])))

    foreign = any(map(impure, recipe[last]))
    expected = "FAIL" if foreign else "PASS" if recipe[last] else "NE"
    with world(recipe, [asked, *behind]) as made:
        (found,) = run(made, [ISO], frozenset({"ISO22095-5.3.2-PURITY"}))
        assert found.outcome.value == expected
        nearest = custody_of(made).nearest(lot(last), lambda unit: unit in {one["goods"] for one in behind})
        assert set(nearest) == {lot(number) for number in met(recipe, last, claimed)}


def met(recipe: Recipe, number: int, claimed: frozenset[int]) -> set[int]:
    """The claimed lots that ways back meet first."""
    found: set[int] = set()
    for one in recipe[number]:
        found |= {one} if one in claimed else met(recipe, one, claimed)
    return found


def test_a_path_names_the_events_from_the_origin_on() -> None:
    recipe: Recipe = [frozenset(), frozenset({0}), frozenset({1})]
    with world(recipe, []) as made:
        upstream = custody_of(made).upstream(lot(2))
        assert upstream is not None
        (origin,) = upstream.origins
        path = upstream.path(origin)
        assert path["id"] == lot(2)
        events = path["events"].split("; ")
        assert len(events) == 3
        assert events[0] == origin.event
        assert events[-1] == upstream.made_of[lot(2)][0].event


def test_of_equal_ways_the_same_is_told_in_whatever_order_a_store_gives_legs() -> None:
    recipe: Recipe = [frozenset(), frozenset({0}), frozenset({0}), frozenset({1, 2})]
    with world(recipe, []) as made:
        upstream = custody_of(made).upstream(lot(3))
        assert upstream is not None
        (origin,) = upstream.origins
        legs = upstream.part.legs
        turned = pick_legs(legs, range(len(legs.source))[::-1])
        assert replace(upstream, part=replace(upstream.part, legs=turned)).path(origin) == upstream.path(origin)


def test_nothing_after_the_asked_time_is_looked_at() -> None:
    with world([frozenset(), frozenset({0})], []) as made:
        snapshot = custody_of(made).snapshot
        noon = 1_767_225_600_000_000
        assert Custody(snapshot, noon).upstream(lot(0)) is not None
        assert Custody(snapshot, noon).upstream(lot(1)) is None
        assert Custody(snapshot).upstream(lot(1)) is not None
        assert Custody(snapshot).upstream(lot(9)) is None


def test_items_bear_their_number_and_lots_do_not() -> None:
    item = "https://id.gs1.org/01/09521234543213/10/L1/21/S1"
    born: Json = {"type": "ObjectEvent", "action": "ADD", "eventTime": "2026-01-01T08:00:00Z", "epcList": [item]}
    with world_for({"records": [], "events": [born, event(9, frozenset())]}) as made:
        custody = custody_of(made)
        (key,) = {row.key for row in custody.snapshot.units()} - {lot(9)}
        assert custody.lots([key, lot(9)]) == {lot(9)}
        assert custody.numbers(key) >= {key, "https://id.gs1.org/01/09521234543213/10/L1"}
        assert custody.numbers(lot(9)) == {lot(9)}
