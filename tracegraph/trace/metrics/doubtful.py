"""Doubts about records that no single event shows: journeys that took no time, and two sites or organisations at one
address."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from tracegraph.model.custody import Holding, PlaceKind
from tracegraph.model.master_data import MasterData
from tracegraph.trace.profiles.records import described_things

#: What of master data makes an address, by the local names of the attributes of the Core Business Vocabulary (section
#: 9) in lower case; without the first one there is none.
_ADDRESS = ("streetaddressone", "city", "postalcode", "country")
_KINDS = ("site", "party")


class Doubt(NamedTuple):
    """`kind`: no_time or one_address; `event`: the one that shows it (empty: none); `unit`, `place`: whose it is."""

    kind: str
    event: str
    unit: str
    place: str


def without_time(holdings: Collection[Holding], timed: Collection[str]) -> Iterator[Doubt]:
    """Shipments that arrived in the instant in which they left. `timed`: the events of which more than the day is
    known."""
    for one in sorted(holdings):
        if one.place.kind is PlaceKind.TRANSIT and one.until == one.since and one.event in timed:
            yield Doubt("no_time", one.event, one.unit, "")


def at_one_address(elements: Sequence[MasterData]) -> Iterator[Doubt]:
    """Each of several sites, or of several organisations, that master data put at the same address. Places within a
    site are where it is."""
    described = described_things(elements)
    within = {child for data in elements for child in data.children} | {data.id for data in elements if data.parent}
    found: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for data in elements:
        told = described[data.id]
        address = tuple(" ".join(str(told.get(name) or "").casefold().split()) for name in _ADDRESS)
        if data.kind in _KINDS and address[0] and any(address[1:]) and data.id not in within:
            found[data.kind, *address].add(data.id)
    for names in found.values():
        if len(names) > 1:
            yield from (Doubt("one_address", "", "", name) for name in names)
