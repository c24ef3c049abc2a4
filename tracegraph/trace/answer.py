"""What was reached, as the `result` of an answer: units, holdings, events, sites and parties with their certainty.

Source: docs/interfaces, "Answer envelope". Lists are sorted by (distance, id) or by id, so node numbers and arrival
order never show. A unit's certainty is the best of its holdings'.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Protocol

from tracegraph.model.custody import CARRIED as CARRIED
from tracegraph.model.custody import Gap, Holding, Place, PlaceKind
from tracegraph.stores.port import Legs, Onwards, UnitRow
from tracegraph.trace.assumptions.asked import CONTAMINATION
from tracegraph.trace.containers import Spot, Stay, spots
from tracegraph.trace.envelope import ENCODER, Json
from tracegraph.trace.lists import CERTAINTY, HoldingList, UnitList, Wanted, Words
from tracegraph.trace.reach import select_legs
from tracegraph.trace.snapshot import Snapshot
from tracegraph.trace.trail import Trail

if TYPE_CHECKING:
    from tracegraph.trace.shares import Shares

#: Elements that are printed at a time.
PORTION = 1_000


class Holdings(Protocol):
    """A list of holdings, nearest first; see lists.HoldingList."""

    def values(self, wanted: Wanted | None = None) -> list[Json]:
        """As JSON values: all of them, or those that are wanted."""

    def states(self) -> Iterator[tuple[str, bool, str]]:
        """Of each the unit, whether the stay has ended, and what became of the goods."""

    def texts(self, words: Words) -> Iterator[str]:
        """As JSON texts, one for each holding."""


@dataclass(slots=True)
class Listed:
    """What an answer says of a trail: the result, and the gaps that touch it. `others` are the parts of the result that
    follow on units and holdings; what a kind of question has of its own is added there."""

    units: UnitList
    rows: Mapping[str, UnitRow]
    holdings: Holdings
    others: Json
    gaps: list[Gap]

    def result(self) -> Json:
        """As JSON values."""
        return {"units": self.units.values(self.rows), "holdings": self.holdings.values(), **self.others}

    def part(self, units: Collection[str]) -> Json:
        """The same with some of the units only, and their holdings."""
        chosen = set(units)
        return {
            "units": self.units.values(self.rows, chosen),
            "holdings": self.holdings.values(lambda _, unit: unit in chosen),
            **self.others,
        }

    def texts(self) -> Iterator[str]:
        """The same as JSON text, in pieces of some length."""
        words = Words()
        for name, texts in (("units", self.units.texts(self.rows, words)), ("holdings", self.holdings.texts(words))):
            yield f'{"{" if name == "units" else ","}"{name}":['
            yield from _joined(texts)
            yield "]"
        yield f",{ENCODER.encode(self.others)[1:]}"


def _joined(texts: Iterator[str]) -> Iterator[str]:
    """The texts with commas between them, many at a time."""
    comma = ""
    while portion := ",".join(islice(texts, PORTION)):
        yield comma + portion
        comma = ","


def listed(
    snapshot: Snapshot,
    trail: Trail,
    units: Collection[str] = (),
    both: bool = False,
    following: Onwards | None = None,
    shares: Shares | None = None,
    unsure: Collection[str] = (),
) -> Listed:
    """What is said of a trail. `units` are listed at distance 0 even where no holding of theirs is known, those
    `unsure` too, as possible; `both`: say of each element in which direction it lies; `following`: what leads on from
    the holdings, where that is known; `shares`: what part of each to tell."""
    nodes = [number for number, _ in trail.holdings]
    following = _onwards(snapshot, trail) if following is None else following
    places = container_spots(snapshot, trail.holdings)
    sites, parties = _places(trail, following, places)
    unit_list = UnitList.of(trail, units, both, None if shares is None else shares.units, unsure)
    others: Json = {"events": _events(trail), "sites": by_id(sites), "parties": by_id(parties), "paths": []}
    gaps = snapshot.gaps_at(nodes, {*units, *unsure})
    holding_list = HoldingList(trail, following, both, None if shares is None else shares.nodes)
    if shares is not None:
        others["shares"] = dict(shares.about)
    return Listed(unit_list, _unit_rows(snapshot, trail, unit_list), holding_list, others, gaps)


def _onwards(snapshot: Snapshot, trail: Trail) -> Onwards:
    """What leads on from the listed holdings, as far as it says something of them. The store is asked about those of
    which the listed legs do not show that they moved on, and about packed ones, of which the first leg counts."""
    found = Onwards.of(_moving(trail.legs), {number for number, _ in trail.joints})
    unsure = [
        number
        for number, holding in trail.holdings
        if number not in found.moved or holding.place.kind is PlaceKind.CONTAINER
    ]
    more = snapshot.onwards(unsure)
    return Onwards(found.moved | more.moved, found.consumed | more.consumed, found.first | more.first)


def _moving(legs: Legs) -> Legs:
    """The legs that move goods: what was merely met by an assumption stays where it is."""
    if CONTAMINATION not in legs.rule:
        return legs
    return select_legs(legs, lambda leg: legs.rule[leg] != CONTAMINATION)


def _unit_rows(snapshot: Snapshot, trail: Trail, units: UnitList) -> Mapping[str, UnitRow]:
    """What is known of the units: read with the holdings, or now."""
    missing = [key for key in units.keys if key not in trail.units]
    return trail.units | {row.key: row for row in snapshot.units(keys=missing)} if missing else trail.units


def _events(trail: Trail) -> list[str]:
    """Events that opened a listed holding, made a listed transformation, or moved goods between listed nodes. What
    merely stayed in its place when more came in (`carried`), or was met by an assumption, was moved by no event."""
    legs = trail.legs
    found = {holding.event for _, holding in trail.holdings}
    found.update(event for _, joint in trail.joints for event in joint.events)
    found.update(
        event for event, rule in zip(legs.event, legs.rule, strict=True) if rule not in (CARRIED, CONTAMINATION)
    )
    return sorted(found - {""})


Sure = dict[str, bool]


#: Where the container of packed goods was, since when they were in it, when something was first taken out, if ever, and
#: whether it is confirmed that they were in it.
Packed = tuple[Sequence[Spot], int, int | None, bool]


def _places(trail: Trail, following: Onwards, places: Mapping[int, list[Spot]]) -> tuple[Sure, Sure]:
    """Sites and parties with whether they are confirmed, those of containers included."""
    confirmed = trail.confirmed
    found = {(holding.place, holding.party, number in confirmed) for number, holding in trail.holdings}
    packed: dict[tuple[int, int | None, bool], Packed] = {}
    for number, holding in trail.holdings:
        if number in places:
            left, sure = following.first.get(number), number in confirmed
            packed[id(places[number]), left, sure] = places[number], holding.since, left, sure
    return sites_and_parties(
        found, packed.values(), [(joint.place, number in confirmed) for number, joint in trail.joints]
    )


def sites_and_parties(
    found: set[tuple[Place, str | None, bool]], packed: Iterable[Packed], joints: Iterable[tuple[Place, bool]]
) -> tuple[Sure, Sure]:
    """Sites and parties with whether they are confirmed, from where holdings were, by whom they were held and whether
    that is confirmed (`found`, to which those of containers are added), and from transformations.

    Once something may have been taken out, later places of the container are only possible for what was in it.
    """
    sites: Sure = {}
    parties: Sure = {}
    for stays, since, left, sure in packed:
        for spot, certain in stays:
            still_in = left is None or spot.since <= max(left, since)
            found.add((spot.place, spot.party, sure and certain and still_in))
    for place, party, certain in found:
        note_place(place, party, certain, sites, parties)
    for place, certain in joints:
        if place.kind is PlaceKind.SITE:
            sites[place.id] = sites.get(place.id, False) or certain
    return sites, parties


def note_place(place: Place, party: str | None, confirmed: bool, sites: Sure, parties: Sure) -> None:
    """Add the site and the party where something was; confirmed once is confirmed."""
    if place.kind is PlaceKind.SITE:
        sites[place.id] = confirmed or sites.get(place.id, False)
    elif place.kind is PlaceKind.PARTY:
        parties[place.id] = confirmed or parties.get(place.id, False)
    if party:
        parties[party] = confirmed or parties.get(party, False)


def by_id(found: Sure) -> list[Json]:
    """Sites or parties as they are listed."""
    return [{"id": name, "certainty": CERTAINTY[found[name]]} for name in sorted(found)]


def container_stay(holding: Holding) -> Stay:
    """The container of a packed holding, while it was in it."""
    return Stay(holding.place.id, holding.since, holding.until)


def container_spots(
    snapshot: Snapshot, holdings: Iterable[tuple[int, Holding]], stay_of: Callable[[Holding], Stay] = container_stay
) -> dict[int, list[Spot]]:
    """Where the container of each packed holding was, by node; contents packed together share one look-up and list."""
    packed = {number: stay_of(holding) for number, holding in holdings if holding.place.kind is PlaceKind.CONTAINER}
    stays = list(dict.fromkeys(packed.values()))
    found = dict(zip(stays, spots(snapshot, stays), strict=True)) if stays else {}
    return {number: found[stay] for number, stay in packed.items()}
