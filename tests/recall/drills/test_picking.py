"""Drawing a lot: the same from the same seed, from every product, old and new."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from tests.end_to_end.building import born, opened, put, site
from tracegraph import Tracegraph
from tracegraph.errors import UnknownIdentifier, UsageError
from tracegraph.recall.drills.picking import Pick, drawn, pick
from tracegraph.trace.snapshot import Snapshot

PRODUCTS = ("09521000123458", "09521000123465")


def unit(product: int, number: int) -> str:
    return f"https://id.gs1.org/01/{PRODUCTS[product]}/10/{number:02}"


#: Twenty lots of one product, two of another, each a day after the other.
EVENTS = [born(day, unit(0, day), "plant", 10) for day in range(20)] + [
    born(day, unit(1, day), "farm", 10) for day in (3, 9)
]


@pytest.fixture(scope="module")
def graph() -> Iterator[Tracegraph]:
    with opened() as graph:
        put(graph, EVENTS)
        yield graph


def test_the_same_seed_draws_the_same_lot_in_whatever_order_events_came(graph: Tracegraph) -> None:
    shuffled = list(EVENTS)
    random.Random(1).shuffle(shuffled)
    with opened() as other:
        put(other, shuffled)
        for seed in range(8):
            assert pick(Snapshot.of(graph.store), seed) == pick(Snapshot.of(other.store), seed)


def test_a_draw_is_what_it_was() -> None:
    """A report that names a seed must stay good: this fails where the way of drawing changes."""
    with opened() as graph:
        put(graph, EVENTS)
        assert pick(Snapshot.of(graph.store), 7) == PICKED


def test_rare_products_and_both_ages_come_up(graph: Tracegraph) -> None:
    drawn_of = [pick(Snapshot.of(graph.store), seed) for seed in range(60)]
    for product in PRODUCTS:
        mine = [one for one in drawn_of if f"/{product}/" in one.unit]
        assert len(mine) > 15
        assert {one.age for one in mine} == {"older", "newer"}
    for one in drawn_of:
        day = int(one.unit.rpartition("/")[2])
        assert (one.age == "older") == (day < 10 if one.product and PRODUCTS[0] in one.product else day == 3)
        assert (one.strata, one.among) == (2, 10 if PRODUCTS[0] in str(one.product) else 1)


def test_among_a_product_or_a_site(graph: Tracegraph) -> None:
    snapshot = Snapshot.of(graph.store)
    assert {drawn(snapshot, seed, product=PRODUCTS[1]).product for seed in range(5)} == {
        f"https://id.gs1.org/01/{PRODUCTS[1]}"
    }
    assert all(f"/{PRODUCTS[0]}/" in drawn(snapshot, seed, site=site("plant")).unit for seed in range(5))
    with pytest.raises(UnknownIdentifier):
        drawn(snapshot, 1, product="04012345000009")
    with pytest.raises(UsageError, match="there is no lot to draw from"):
        pick(snapshot, 1, site="nowhere")


def test_what_was_chosen_says_so() -> None:
    assert Pick("u").to_dict() == {"how": "chosen"}
    assert PICKED.to_dict()["stratum"] == {"product": PICKED.product, "age": PICKED.age}


PICKED = Pick(unit(0, 0), 7, "https://id.gs1.org/01/09521000123458", "older", 2, 10)
