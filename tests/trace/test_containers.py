"""Stays, contents and spots: look-ups by time to the instant."""

from __future__ import annotations

import pytest

from tests.trace.test_show import told
from tracegraph.contract.scenes import SECOND, Scene
from tracegraph.model.custody import Holding, Place, PlaceKind
from tracegraph.trace.containers import Stay, contents, spots
from tracegraph.trace.snapshot import Snapshot


def held(since: int, until: int | None) -> Holding:
    return Holding("h", "u", Place(PlaceKind.SITE, "s"), since, until, "e", "object")


@pytest.mark.parametrize(
    ("stay", "holding", "expected"),
    [
        ((None, None), (0, None), True),
        ((5, None), (0, 5), False),
        ((5, None), (0, 6), True),
        ((None, 5), (5, None), False),
        ((None, 5), (4, None), True),
        ((2, 4), (0, 9), True),
        ((0, 9), (2, 4), True),
        ((0, 2), (2, 4), False),
        ((4, 6), (2, 4), False),
        ((5, 5), (0, 9), True),
        ((5, 5), (5, 9), True),
        ((5, 5), (0, 5), True),
        ((5, 5), (0, 4), False),
        ((5, 5), (6, 9), False),
        ((0, 9), (5, 5), True),
        ((5, 9), (5, 5), True),
        ((0, 5), (5, 5), True),
        ((5, 5), (5, 5), True),
        ((4, 4), (5, 5), False),
        ((None, 5), (5, 5), True),
        ((None, 4), (5, 5), False),
    ],
)
def test_overlap(stay: tuple[int | None, int | None], holding: tuple[int, int | None], expected: bool) -> None:
    assert Stay("u", *stay).overlaps(held(*holding)) is expected


@pytest.mark.parametrize(
    ("stay", "holding", "expected"),
    [
        ((None, None), (3, None), (3, None)),
        ((5, None), (3, 9), (5, 9)),
        ((1, 7), (3, 9), (3, 7)),
        ((1, 9), (3, 7), (3, 7)),
        ((None, 7), (3, None), (3, 7)),
    ],
)
def test_common_time(
    stay: tuple[int | None, int | None], holding: tuple[int, int | None], expected: tuple[int, int | None]
) -> None:
    assert Stay("other", *stay).within(held(*holding)) == Stay("u", *expected)


def found(scene: Scene, unit: str, since: int | None = None, until: int | None = None) -> list[tuple[str, bool]]:
    """The spots of a container during a stay, in seconds."""
    ends = (None if end is None else end * SECOND for end in (since, until))
    (one,) = spots(Snapshot.of(told(scene)), [Stay(unit, *ends)])
    return [(spot.holding.id, spot.confirmed) for spot in one]


def voyage() -> Scene:
    """A crate at the farm until 10, on the road until 20, then in the shop."""
    scene = Scene().hold("crate@farm", "site:farm", 0, 10).hold("crate@road", "transit:t", 10, 20)
    scene.hold("crate@shop", "site:shop", 20).leg("crate@farm", "crate@road", 10)
    return scene.leg("crate@road", "crate@shop", 20)


def test_spots_in_time_order() -> None:
    assert found(voyage(), "crate") == [("crate@farm", True), ("crate@road", True), ("crate@shop", True)]
    assert found(voyage(), "crate", 5, 10) == [("crate@farm", True)]
    assert found(voyage(), "crate", 10, 21) == [("crate@road", True), ("crate@shop", True)]
    assert found(voyage(), "nothing") == []


def test_a_spot_is_confirmed_along_confirmed_legs_from_the_only_place_at_the_beginning() -> None:
    scene = voyage().hold("crate@kiosk", "site:kiosk", 20).leg("crate@road", "crate@kiosk", 20, possible=True)
    assert found(scene, "crate", 5) == [
        ("crate@farm", True),
        ("crate@road", True),
        ("crate@kiosk", False),
        ("crate@shop", True),
    ]
    assert found(scene, "crate", 25) == [("crate@kiosk", False), ("crate@shop", False)], "at one of two places"


def test_two_places_at_the_beginning_of_which_one_leads_to_the_other() -> None:
    scene = Scene().hold("crate@a", "site:a", 0).hold("crate@b", "site:b", 0).leg("crate@a", "crate@b", 0)
    assert found(scene, "crate", 0) == [("crate@a", True), ("crate@b", True)]
    assert found(scene, "crate", 1) == [("crate@a", True), ("crate@b", True)]
    scene.leg("crate@a", "crate@a", 0, possible=True, rule="self").leg("box@1", "crate@b", 0)
    assert found(scene, "crate", 0) == [("crate@a", True), ("crate@b", True)]
    apart = Scene().hold("crate@a", "site:a", 0).hold("crate@b", "site:b", 0).hold("crate@c", "site:c", 5)
    apart.leg("crate@a", "crate@c", 5).leg("crate@c", "crate@b", 6)
    assert found(apart, "crate", 0) == [("crate@a", False), ("crate@b", False), ("crate@c", False)]


def test_a_chain_through_what_is_not_in_the_stay_confirms_nothing() -> None:
    scene = Scene().hold("crate@a", "site:a", 0, 9).hold("crate@b", "site:b", 3, 4).hold("crate@c", "site:c", 5)
    scene.leg("crate@a", "crate@b", 3).leg("crate@b", "crate@c", 5)
    assert found(scene, "crate", 0) == [("crate@a", True), ("crate@b", True), ("crate@c", True)]
    assert found(scene, "crate", 5) == [("crate@a", False), ("crate@c", False)]


def test_nested_containers_in_the_time_that_they_share() -> None:
    scene = Scene().hold("box@1", "site:plant", 0, 5).hold("box@crate", "container:crate", 5, 15)
    scene.leg("box@1", "box@crate", 5).hold("crate@farm", "site:farm", 0, 3).hold("crate@road", "transit:t", 3, 12)
    scene.hold("crate@shop", "site:shop", 12, 15).hold("crate@dump", "site:dump", 15)
    for source, target, moment in (("farm", "road", 3), ("road", "shop", 12), ("shop", "dump", 15)):
        scene.leg(f"crate@{source}", f"crate@{target}", moment)
    assert found(scene, "box") == [("box@1", True), ("box@crate", True), ("crate@road", True), ("crate@shop", True)]
    assert found(scene, "box", 0, 12) == [("box@1", True), ("box@crate", True), ("crate@road", True)]
    assert found(scene, "box", 12) == [("box@crate", True), ("crate@shop", True)]


def test_where_the_inner_container_only_possibly_was_the_outer_ones_places_are_possible() -> None:
    scene = Scene().hold("box@1", "site:plant", 0).hold("box@crate", "container:crate", 5).hold("crate@1", "site:s", 0)
    scene.leg("box@1", "box@crate", 5, possible=True)
    assert found(scene, "box") == [("box@1", True), ("box@crate", False), ("crate@1", False)]


def test_containers_in_each_other_end() -> None:
    scene = Scene().hold("a@b", "container:b", 0).hold("b@c", "container:c", 0).hold("c@a", "container:a", 0)
    assert found(scene, "a") == [("a@b", True), ("b@c", True), ("c@a", True)]


def test_spots_of_many_stays_stand_in_their_order() -> None:
    scene = voyage().hold("tote@1", "site:t", 0)
    stays = [Stay("tote"), Stay("crate", 0, 5 * SECOND), Stay("tote", 3, 4), Stay("none")]
    told_of = spots(Snapshot.of(told(scene)), stays)
    assert [[spot.holding.id for spot in one] for one in told_of] == [["tote@1"], ["crate@farm"], ["tote@1"], []]


def test_contents_and_the_time_that_they_share_with_the_outermost() -> None:
    scene = Scene().hold("box@tote", "container:tote", 10, 30).hold("jam@box", "container:box", 5, 20)
    scene.hold("pie@box", "container:box", 30, 40).hold("nut@box", "container:box", 25).hold(
        "x@crate", "container:crate"
    )
    store = told(scene)
    held_then = contents(Snapshot.of(store), [Stay("tote", 15 * SECOND, None), Stay("empty")])
    stays = {content.row.holding.id: content.stay for content in held_then.values()}
    assert stays == {
        "box@tote": Stay("box", 15 * SECOND, 30 * SECOND),
        "jam@box": Stay("jam", 15 * SECOND, 20 * SECOND),
        "nut@box": Stay("nut", 25 * SECOND, 30 * SECOND),
    }
    assert all(store.numbers[content.row.holding.id] == node for node, content in held_then.items())
    inside = {content.row.holding.id: content.inside for content in held_then.values()}
    box = store.numbers["box@tote"]
    assert inside == {"box@tote": {None}, "jam@box": {box}, "nut@box": {box}}


def test_contents_of_containers_in_each_other_end() -> None:
    scene = Scene().hold("a@b", "container:b", 0).hold("b@a", "container:a", 0)
    inside = contents(Snapshot.of(told(scene)), [Stay("a")])
    assert {content.row.holding.id for content in inside.values()} == {"a@b", "b@a"}
