"""What was reached, as the `result` of an answer: units, holdings, events, sites and parties with their certainty.

Source: docs/interfaces, "Answer envelope". Lists are sorted by (distance, id) or by id, so node numbers and arrival
order never show. A unit's certainty is the best of its holdings'.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tracegraph.identifiers import unit_kind
from tracegraph.model.custody import Certainty, Gap, Holding, Joint, PlaceKind, UnitKind
from tracegraph.stores.port import Direction, Legs
from tracegraph.trace.containers import Spot, Stay, spots
from tracegraph.trace.envelope import Json, place_json, quantity_json
from tracegraph.trace.reach import fetch_nodes
from tracegraph.trace.snapshot import Snapshot
from tracegraph.trace.states import state
from tracegraph.trace.times import instant_text, optional_text
from tracegraph.trace.trail import Trail

CARRIED = "carried"


@dataclass(slots=True)
class Onwards:
    """What follows on listed holdings, whatever was asked: nodes from which a leg leads to another holding, into a
    transformation, and the instant of the first leg that leaves each."""

    moved: set[int] = field(default_factory=set)
    consumed: set[int] = field(default_factory=set)
    first: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Listed:
    """What an answer says of the trail: the result and the gaps that touch it."""

    result: Json
    gaps: list[Gap]


def listed(snapshot: Snapshot, trail: Trail, units: Collection[str] = (), both: bool = False) -> Listed:
    """The result for a trail. `units` are listed at distance 0 even where no holding of theirs is known; `both`: say of
    each element in which direction it lies."""
    following = onwards(snapshot, trail)
    places = container_spots(snapshot, [holding for _, holding in trail.holdings])
    sites, parties = _places(trail, following, places)
    unit_rows = _units(snapshot, trail, units, both)
    result: Json = {
        "units": unit_rows,
        "holdings": [holding_json(trail, number, holding, following, both) for number, holding in trail.holdings],
        "events": _events(trail),
        "sites": by_id(sites),
        "parties": by_id(parties),
        "paths": [],
    }
    return Listed(result, touching_gaps(snapshot, trail, {row["id"] for row in unit_rows}))


def onwards(snapshot: Snapshot, trail: Trail) -> Onwards:
    """What follows on the listed holdings, followed by the question or not: their state must not depend on it."""
    legs = snapshot.legs(sorted(number for number, _ in trail.holdings), "forward")
    joints = _joints_among(snapshot, trail, legs)
    found = Onwards()
    for source, target, instant in zip(legs.source, legs.target, legs.instant, strict=True):
        (found.consumed if target in joints else found.moved).add(source)
        found.first[source] = min(found.first.get(source, instant), instant)
    return found


def _joints_among(snapshot: Snapshot, trail: Trail, legs: Legs) -> set[int]:
    known = {target for target in legs.target if isinstance(trail.nodes.get(target), Joint)}
    strange = {target for target in legs.target if target not in trail.nodes}
    return known | {number for number, node in fetch_nodes(snapshot, strange).items() if isinstance(node, Joint)}


def holding_json(
    trail: Trail, number: int, holding: Holding, following: Onwards, both: bool = False, on: int | None = None
) -> Json:
    """One holding. `on`: as it was at that instant."""
    ended = None if on is None else holding.until is not None and holding.until <= on
    told: Json = {
        "id": holding.id,
        "unit": holding.unit,
        "place": place_json(holding.place),
        "party": holding.party,
        "owner": holding.owner,
        "since": instant_text(holding.since),
        "until": optional_text(holding.until) if ended is not False else None,
        "quantity": quantity_json(holding.quantity),
        "remaining": quantity_json(holding.remaining),
        "state": state(holding, number in following.moved, number in following.consumed, ended),
        "certainty": trail.certainty(number).value,
        "distance": trail.distance[number],
        "event": holding.event,
        "sublocation": holding.sublocation,
        "destination": holding.destination,
    }
    return told | {"direction": _side(trail.sides[number])} if both else told


def _side(directions: frozenset[Direction]) -> str:
    return "both" if len(directions) > 1 else next(iter(directions))


def _units(snapshot: Snapshot, trail: Trail, asked: Collection[str], both: bool) -> list[Json]:
    distance: dict[str, int] = dict.fromkeys(asked, 0)
    certain: set[str] = set(asked)
    sides: dict[str, frozenset[Direction]] = {}
    for number, holding in trail.holdings:
        distance.setdefault(holding.unit, trail.distance[number])
        sides[holding.unit] = sides.get(holding.unit, frozenset()) | trail.sides.get(number, frozenset())
        if number in trail.confirmed:
            certain.add(holding.unit)
    rows = {row.key: row for row in snapshot.units(keys=distance.keys())} if distance else {}
    found: list[Json] = []
    for unit in sorted(distance, key=lambda key: (distance[key], key)):
        row = rows.get(unit)
        told: Json = {
            "id": unit,
            "kind": row.kind if row else (unit_kind(unit) or UnitKind.LOT).value,
            "product": row.product if row else None,
            "distance": distance[unit],
            "certainty": _certainty(unit in certain),
        }
        found.append(told | {"direction": _side(sides.get(unit, frozenset(("forward", "backward"))))} if both else told)
    return found


def _certainty(confirmed: bool) -> str:
    return (Certainty.CONFIRMED if confirmed else Certainty.POSSIBLE).value


def _events(trail: Trail) -> list[str]:
    """Events that opened a listed holding, made a listed transformation, or moved goods between listed nodes. What
    merely stayed in its place when more came in (`carried`) was moved by no event."""
    legs = trail.legs
    found = {holding.event for _, holding in trail.holdings}
    found.update(event for _, joint in trail.joints for event in joint.events)
    found.update(event for event, rule in zip(legs.event, legs.rule, strict=True) if rule != CARRIED)
    return sorted(found - {""})


Sure = dict[str, bool]


def _places(trail: Trail, following: Onwards, places: Mapping[Stay, list[Spot]]) -> tuple[Sure, Sure]:
    """Sites and parties with whether they are confirmed, those of containers included.

    Once something may have been taken out, later places of the container are only possible for what was in it.
    """
    sites: Sure = {}
    parties: Sure = {}
    for number, holding in trail.holdings:
        confirmed = number in trail.confirmed
        note_place(holding, confirmed, sites, parties)
        if holding.place.kind is PlaceKind.CONTAINER:
            left = following.first.get(number)
            for spot in places[container_stay(holding)]:
                still_in = left is None or spot.holding.since <= max(left, holding.since)
                note_place(spot.holding, confirmed and spot.confirmed and still_in, sites, parties)
    for number, joint in trail.joints:
        if joint.place.kind is PlaceKind.SITE:
            sites[joint.place.id] = sites.get(joint.place.id, False) or number in trail.confirmed
    return sites, parties


def note_place(holding: Holding, confirmed: bool, sites: Sure, parties: Sure) -> None:
    """Add the site and the party of a holding; confirmed once is confirmed."""
    place = holding.place
    if place.kind is PlaceKind.SITE:
        sites[place.id] = sites.get(place.id, False) or confirmed
    if place.kind is PlaceKind.PARTY:
        parties[place.id] = parties.get(place.id, False) or confirmed
    if holding.party:
        parties[holding.party] = parties.get(holding.party, False) or confirmed


def by_id(found: Sure) -> list[Json]:
    """Sites or parties as they are listed."""
    return [{"id": name, "certainty": _certainty(found[name])} for name in sorted(found)]


def container_stay(holding: Holding) -> Stay:
    """The container of a packed holding, while it was in it."""
    return Stay(holding.place.id, holding.since, holding.until)


def container_spots(
    snapshot: Snapshot, holdings: Sequence[Holding], stay_of: Callable[[Holding], Stay] = container_stay
) -> dict[Stay, list[Spot]]:
    """Where the containers of all packed holdings were; contents packed together share one look-up."""
    packed = [holding for holding in holdings if holding.place.kind is PlaceKind.CONTAINER]
    stays = list(dict.fromkeys(stay_of(holding) for holding in packed))
    return dict(zip(stays, spots(snapshot, stays), strict=True)) if stays else {}


def touching_gaps(snapshot: Snapshot, trail: Trail, units: Collection[str]) -> list[Gap]:
    """Gaps of the listed holdings, and of the listed units where the gap concerns no single holding."""
    ids = {holding.id for _, holding in trail.holdings}
    found: list[Any] = snapshot.gaps(holdings=ids, units=units) if ids or units else []
    return found
