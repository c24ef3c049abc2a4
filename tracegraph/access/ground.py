"""What belongs to the organisations of a caller: their sites, and the events in which they take part."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tracegraph.model.facts import EventFacts
from tracegraph.model.master_data import MasterData
from tracegraph.stores.port import Reading
from tracegraph.stores.stored_facts import master_data
from tracegraph.timeline.places import Places

#: A location may carry the very number of the organisation (GS1 General Specifications: one GLN, AI 417 and AI 414).
_PARTY, _LOCATION = "/417/", "/414/"


@dataclass(frozen=True, slots=True)
class Ground:
    """`sites` are the location keys that the organisations run by master data, those inside such a site included."""

    organisations: frozenset[str]
    sites: frozenset[str]
    places: Places

    @classmethod
    def of(
        cls, store: Reading, organisations: frozenset[str], at: int | None, more: Iterable[MasterData] = ()
    ) -> Ground:
        """What master data as known at `at`, and `more` that are to come, say of the organisations."""
        found = {(data.kind, data.id): data for data in (*master_data(store, at), *more)}
        known = [data for data in found.values() if data.kind == "site"]
        places = Places.of(known)
        locations = {location for data in known for location in (data.id, *data.children)}
        run = {location for location in locations if _runs(places, location, organisations)}
        twins = {party.replace(_PARTY, _LOCATION) for party in organisations if _PARTY in party}
        return cls(organisations, frozenset(run | twins), places)

    @property
    def keys(self) -> frozenset[str]:
        """Everything by which an event can name the organisations."""
        return self.organisations | self.sites

    def is_own(self, key: str | None, biz_location: str | None = None) -> bool:
        """Whether a party or location is one of the organisations, or run by one of them."""
        if key is None:
            return False
        if key in self.organisations or key in self.sites:
            return True
        site = self.places.site(key, biz_location)
        return site in self.sites or self.places.party(site) in self.organisations

    def happens_here(self, facts: EventFacts) -> bool:
        """Whether an event took place at a site of the organisations."""
        return self.is_own(facts.biz_location) or self.is_own(facts.read_point, facts.biz_location)

    def takes_part(self, facts: EventFacts) -> bool:
        """Whether one of the organisations is where the event happened, a source, a destination, or an owner."""
        return self.happens_here(facts) or self.any_own(
            (
                facts.source_place,
                facts.source_party,
                facts.source_owner,
                facts.destination_place,
                facts.destination_party,
                facts.destination_owner,
            )
        )

    def any_own(self, keys: Iterable[str | None]) -> bool:
        """Whether one of the keys is their own."""
        return any(map(self.is_own, keys))


def _runs(places: Places, location: str, organisations: frozenset[str]) -> bool:
    return places.party(places.site(location)) in organisations or places.party(location) in organisations
