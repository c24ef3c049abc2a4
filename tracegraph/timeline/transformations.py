"""Transformations: which events are one, and the joints that connect their inputs and outputs.

Events that share a transformationID are one transformation, unless at two sites or too far apart in time. Every input
may have gone into every output; an input later than an output links possible. Time steps keep that linear: one joint
per instant that has outputs, chained forward (confirmed) and, where inputs come later, backward (possible).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from tracegraph.model.custody import Certainty, Joint, Leg, Place, PlaceKind, Timeline
from tracegraph.model.facts import Role
from tracegraph.model.values import value
from tracegraph.timeline.live_events import LiveEvent
from tracegraph.timeline.nodes import node_id
from tracegraph.timeline.places import Places
from tracegraph.timeline.steps import Settings

_UNKNOWN = Place(PlaceKind.UNKNOWN)


@value
class JointOf:
    """The joints of one event: where its inputs go and its outputs come from; `reused`: the transformationID stands
    for several transformations."""

    inputs: str
    outputs: str
    reused: bool = False


@value
class Transformation:
    """One compiled transformation (or all that share one transformationID): what it adds, and each event's joints."""

    timeline: Timeline
    joints: Mapping[str, JointOf]


def owner_of(event: LiveEvent) -> str:
    """Who owns the joints of an event: its transformationID, else the event itself."""
    return f"transformation:{event.facts.transformation or event.id}"


def compile_transformation(
    owner: str, events: Iterable[LiveEvent], places: Places, settings: Settings
) -> Transformation:
    """All live events of one owner -> joints, legs between them, and which event meets which joint."""
    located = [(event, _place(event, places)) for event in events]
    groups = _groups(sorted(located, key=lambda pair: (pair[0].facts.instant, pair[0].id)), places, settings)
    joints: list[Joint] = []
    legs: list[Leg] = []
    all_steps: list[list[Joint]] = []
    by_event: dict[str, JointOf] = {}
    for group in groups:
        steps = _steps(owner, group)
        joints.extend(steps)
        legs.extend(_chain(steps, group))
        all_steps.append(steps)
        for event, _ in group:
            by_event[event.id] = _joints_of(event, steps, len(groups) > 1)
    legs.extend(_across(groups, all_steps))
    return Transformation(
        Timeline(owner, "transformation", joints=tuple(sorted(joints, key=lambda joint: joint.id)), legs=tuple(legs)),
        by_event,
    )


Located = tuple[LiveEvent, Place]


def _place(event: LiveEvent, places: Places) -> Place:
    facts = event.facts
    site = places.site(facts.biz_location) or places.site(facts.read_point, facts.biz_location)
    return Place(PlaceKind.SITE, site) if site else _UNKNOWN


def _groups(located: Sequence[Located], places: Places, settings: Settings) -> list[list[Located]]:
    """One group per site and unbroken span; a site within another is one with it, an event without place joins the only
    site, else stands alone."""
    sites = sorted({place for _, place in located if place != _UNKNOWN})
    first = {site: next(other for other in sites if places.agree(site, other)) for site in sites}
    by_site: dict[Place, list[Located]] = {}
    for event, place in located:
        only = sites[0] if place == _UNKNOWN and len(set(first.values())) == 1 else place
        known = first.get(only, only)
        by_site.setdefault(known, []).append((event, known))
    return [group for site in sorted(by_site) for group in _spans(by_site[site], settings.transformation_span)]


def _across(groups: list[list[Located]], steps: list[list[Joint]]) -> Iterable[Leg]:
    """What went in at a place that nobody recorded may be in the outputs of each site, and the other way round."""
    apart = [(group, joints) for group, joints in zip(groups, steps, strict=True) if group[0][1] == _UNKNOWN]
    for group, nowhere in apart:
        for other, somewhere in zip(groups, steps, strict=True):
            if other is not group and nowhere and somewhere:
                event = group[0][0].id
                for one, two in ((nowhere[-1], somewhere[0]), (somewhere[-1], nowhere[0])):
                    yield Leg(one.id, two.id, event, Certainty.POSSIBLE, "place_unknown", 0, two.instant)


def _spans(located: list[Located], span: int) -> list[list[Located]]:
    groups: list[list[Located]] = []
    for pair in located:
        if groups and pair[0].facts.instant - groups[-1][-1][0].facts.instant <= span:
            groups[-1].append(pair)
        else:
            groups.append([pair])
    return groups


def _steps(owner: str, group: list[Located]) -> list[Joint]:
    """A joint per instant with outputs, and one for inputs after the last of them."""
    instants = sorted({event.facts.instant for event, _ in group if _has(event, Role.OUTPUT)})
    last_input = max((event.facts.instant for event, _ in group if _has(event, Role.INPUT)), default=None)
    if last_input is not None and (not instants or last_input > instants[-1]):
        instants.append(last_input)
    place = group[0][1]
    return [
        Joint(
            id=node_id("joint", owner, place.id, str(instant)),
            transformation=owner.removeprefix("transformation:"),
            events=tuple(sorted(event.id for event, _ in group if _step_of(event, instants) == instant)),
            place=place,
            instant=instant,
        )
        for instant in instants
    ]


def _step_of(event: LiveEvent, instants: Sequence[int]) -> int:
    return next((instant for instant in instants if instant >= event.facts.instant), instants[-1])


def _has(event: LiveEvent, role: Role) -> bool:
    return any(named.role is role for named in event.facts.named)


def _chain(steps: list[Joint], group: list[Located]) -> Iterable[Leg]:
    """What went in earlier is in every later output; what went in later may be in an earlier one."""
    last_input = max((event.facts.instant for event, _ in group if _has(event, Role.INPUT)), default=0)
    for earlier, later in pairwise(steps):
        event = later.events[0] if later.events else earlier.events[0]
        yield Leg(earlier.id, later.id, event, Certainty.CONFIRMED, "transformation", 0, later.instant)
        if last_input > earlier.instant:
            yield Leg(later.id, earlier.id, event, Certainty.POSSIBLE, "late_input", 0, later.instant)


def _joints_of(event: LiveEvent, steps: list[Joint], reused: bool) -> JointOf:
    joint = next((step.id for step in steps if step.instant >= event.facts.instant), steps[-1].id if steps else "")
    return JointOf(joint, joint, reused)
