"""Transformations as joints and legs: which events are one, and what can be in what (section 5, first row)."""

from __future__ import annotations

from tests.timeline.notation import read_world
from tracegraph.model.custody import Certainty, Place, PlaceKind
from tracegraph.timeline.live_events import live_events
from tracegraph.timeline.nodes import node_id
from tracegraph.timeline.places import Places
from tracegraph.timeline.steps import DAY, Settings
from tracegraph.timeline.transformations import Transformation, compile_transformation, owner_of


def compiled(table: str, settings: Settings | None = None) -> Transformation:
    world = read_world(table)
    events = live_events(world.events).events
    owners = {owner_of(event) for event in events}
    assert len(owners) == 1
    return compile_transformation(owners.pop(), events, Places.of(world.master), settings or Settings())


def steps(found: Transformation) -> list[tuple[str, ...]]:
    """The events of each joint, in time order."""
    return [joint.events for joint in sorted(found.timeline.joints, key=lambda joint: (joint.instant, joint.place))]


def legs(found: Transformation) -> set[tuple[str, str, str, str, str]]:
    """From, to (each named by its first event), event, certainty, rule."""
    name = {joint.id: joint.events[0] for joint in found.timeline.joints}
    return {
        (name[leg.source], name[leg.target], leg.event, leg.certainty.value, leg.rule) for leg in found.timeline.legs
    }


def test_a_single_event() -> None:
    found = compiled("e1  d1 08:00  use  lot A 10 kg => lot B 9 kg  at P")
    (joint,) = found.timeline.joints
    (instant,) = [facts.instant for facts in read_world("e1  d1 08:00  use  lot A 10 kg => lot B 9 kg  at P").events]
    assert (joint.transformation, joint.events, joint.place.kind, joint.instant) == (
        "e1",
        ("e1",),
        PlaceKind.SITE,
        instant,
    )
    assert joint.id == node_id("joint", "transformation:e1", joint.place.id, str(instant)), "ids are for ever"
    assert (found.timeline.owner, found.timeline.kind, found.timeline.legs) == (
        "transformation:e1",
        "transformation",
        (),
    )
    assert (found.joints["e1"].inputs, found.joints["e1"].outputs, found.joints["e1"].reused) == (
        joint.id,
        joint.id,
        False,
    )


def test_what_went_in_is_in_every_later_output_and_perhaps_in_an_earlier_one() -> None:
    found = compiled(
        """
        e1  d1 08:00  use  lot A 10 kg =>           at P  batch t
        e2  d1 09:00  use   => lot B 4 kg           at P  batch t
        e3  d1 10:00  use  lot C 10 kg =>           at P  batch t
        e4  d1 11:00  use   => lot D 4 kg           at P  batch t
        """
    )
    assert steps(found) == [("e1", "e2"), ("e3", "e4")]
    assert legs(found) == {
        ("e1", "e3", "e3", "confirmed", "transformation"),
        ("e3", "e1", "e3", "possible", "late_input"),
    }
    by_event = {event: joints.inputs for event, joints in found.joints.items()}
    assert by_event["e1"] == by_event["e2"] != by_event["e3"] == by_event["e4"]
    first, second = sorted(found.timeline.joints, key=lambda joint: joint.instant)
    assert {(leg.instant, leg.cost) for leg in found.timeline.legs} == {(second.instant, 0)}
    assert (by_event["e1"], by_event["e4"]) == (first.id, second.id)


def test_inputs_of_the_same_instant_are_not_late() -> None:
    found = compiled(
        """
        e1  d1 08:00  use  lot A 10 kg => lot B 4 kg  at P  batch t
        e2  d1 09:00  use   => lot D 4 kg             at P  batch t
        """
    )
    assert legs(found) == {("e1", "e2", "e2", "confirmed", "transformation")}


def test_an_input_after_the_last_output() -> None:
    found = compiled(
        """
        e1  d1 08:00  use  lot A 10 kg => lot B 4 kg  at P  batch t
        e2  d1 09:00  use  lot C 1 kg =>              at P  batch t
        """
    )
    assert steps(found) == [("e1",), ("e2",)]
    assert ("e2", "e1", "e2", "possible", "late_input") in legs(found)
    assert all(leg.certainty is Certainty.POSSIBLE or leg.rule == "transformation" for leg in found.timeline.legs)


def test_only_inputs() -> None:
    found = compiled("e1  d1 08:00  use  lot A 10 kg =>  at P")
    assert steps(found) == [("e1",)]


TWO_DAYS = """
e1  d1 08:00  use  lot A 10 kg => lot B 4 kg  at P  batch t
e2  d2 08:00  use  lot C 10 kg => lot D 4 kg  at P  batch t
"""


def test_one_number_too_far_apart_is_two() -> None:
    joined, apart = (
        compiled(TWO_DAYS, Settings(transformation_span=DAY)),
        compiled(TWO_DAYS, Settings(transformation_span=DAY - 1)),
    )
    assert (len(joined.timeline.legs), len(apart.timeline.legs)) == (2, 0)
    assert [joined.joints[event].reused for event in ("e1", "e2")] == [False, False]
    assert [apart.joints[event].reused for event in ("e1", "e2")] == [True, True]


def test_the_span_is_from_one_event_to_the_next() -> None:
    table = TWO_DAYS + "e3  d3 08:00  use  lot E 1 kg => lot F 1 kg  at P  batch t\n"
    found = compiled(table, Settings(transformation_span=DAY))
    assert len({joint.id for joint in found.timeline.joints}) == 3
    assert not any(joints.reused for joints in found.joints.values())
    assert len(found.timeline.legs) == 4


def test_one_number_at_two_sites_is_two() -> None:
    found = compiled(
        """
        e1  d1 08:00  use  lot A 10 kg => lot B 4 kg  at P  batch t
        e2  d1 09:00  use  lot C 10 kg => lot D 4 kg  at Q  batch t
        """
    )
    assert found.timeline.legs == ()
    assert all(joints.reused for joints in found.joints.values())
    assert len({joint.place for joint in found.timeline.joints}) == 2
    assert {joint.transformation for joint in found.timeline.joints} == {"t"}
    assert [joint.id for joint in found.timeline.joints] == sorted(joint.id for joint in found.timeline.joints)


def test_a_site_and_one_within_it_are_one() -> None:
    found = compiled(
        """
        site P contains D
        site D run by X
        e1  d1 08:00  use  lot A 10 kg => lot B 4 kg  at P  batch t
        e2  d1 09:00  use  lot C 10 kg => lot D 4 kg  at D  batch t
        """
    )
    assert len({joint.place for joint in found.timeline.joints}) == 1
    assert not any(joints.reused for joints in found.joints.values())


def test_without_a_place_it_is_at_the_only_site() -> None:
    found = compiled(
        """
        e1  d1 08:00  use  lot A 10 kg => lot B 4 kg  at P  batch t
        e2  d1 09:00  use  lot C 10 kg => lot D 4 kg        batch t
        """
    )
    assert {joint.place.kind for joint in found.timeline.joints} == {PlaceKind.SITE}
    assert not any(joints.reused for joints in found.joints.values())


def test_without_a_place_beside_two_sites_it_may_be_either() -> None:
    found = compiled(
        """
        e1  d1 08:00  use  lot A 10 kg => lot B 4 kg  at P  batch t
        e2  d1 09:00  use  lot C 10 kg => lot D 4 kg  at Q  batch t
        e3  d1 10:00  use  lot E 10 kg => lot F 4 kg        batch t
        """
    )
    nowhere = [joint for joint in found.timeline.joints if joint.place == Place(PlaceKind.UNKNOWN)]
    assert [joint.events for joint in nowhere] == [("e3",)]
    assert legs(found) == {
        (one, other, "e3", "possible", "place_unknown")
        for one, other in (("e3", "e1"), ("e1", "e3"), ("e3", "e2"), ("e2", "e3"))
    }
    at = {joint.id: joint.instant for joint in found.timeline.joints}
    assert all((leg.cost, leg.instant) == (0, at[leg.target]) for leg in found.timeline.legs)
