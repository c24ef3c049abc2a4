"""Where an event happened, at site level (custody-graph section 4): sites, sub-locations, ancestors, parties."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tracegraph.identifiers import is_sublocation, site_without_extension
from tracegraph.model.custody import Place, PlaceKind
from tracegraph.model.master_data import MasterData


@dataclass(slots=True)
class Places:
    """Master data as look-ups: `parents` (location -> containing location), `parties` (location -> who runs it),
    `sublocations` (locations that are no sites of their own)."""

    parents: dict[str, str] = field(default_factory=dict)
    parties: dict[str, str] = field(default_factory=dict)
    sublocations: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, master: Iterable[MasterData]) -> Places:
        """Look-ups over the given master data; of two that contradict each other the smaller id decides."""
        places = cls()
        elements = sorted(master, key=lambda element: element.id)
        sites = {data.id for data in elements if data.kind == "site"}
        for data in elements:
            places._learn(data, sites)
        return places

    def _learn(self, data: MasterData, sites: set[str]) -> None:
        """A contained location that is described as a site itself has an ancestor; any other is a sub-location."""
        if data.parent and data.parent != data.id:
            self.parents[data.id] = data.parent
            self.sublocations.add(data.id)
        if data.party:
            self.parties[data.id] = data.party
        for child in data.children:
            if child != data.id:
                self.parents.setdefault(child, data.id)
                if is_sublocation(child) or child not in sites:
                    self.sublocations.add(child)

    def site(self, location: str | None, biz_location: str | None = None) -> str | None:
        """The site that a location belongs to. A sub-location (extended GLN, `geo:` point, dock door) belongs to the
        site of `biz_location`, else of master data, else of the GLN without extension."""
        if location is None:
            return self.site(biz_location) if biz_location else None
        if location in self.sublocations:
            return self._site_above(location)
        if not is_sublocation(location):
            return location
        if biz_location and biz_location != location:
            return self.site(biz_location)
        if location in self.parents:
            return self._site_above(location)
        return site_without_extension(location)

    def _site_above(self, location: str) -> str:
        seen = {location}
        while location in self.sublocations and self.parents[location] not in seen:
            location = self.parents[location]
            seen.add(location)
        return site_without_extension(location)

    def party(self, site: str | None) -> str | None:
        """Who runs the site: its own party, else that of the nearest location above it."""
        if site is None or not self.parties:
            return None
        for location in (site, *self.ancestors(site)):
            if location in self.parties:
                return self.parties[location]
        return None

    def ancestors(self, site: str) -> list[str]:
        """The locations above a site, nearest first."""
        above: list[str] = []
        while (site := self.parents.get(site, "")) and site not in above:
            above.append(site)
        return above

    @property
    def told(self) -> bool:
        """Whether anything is known of how places belong together."""
        return bool(self.parents or self.parties)

    def party_of(self, place: Place) -> str | None:
        """The organisation of a place: itself where the place is a party, else who runs the site."""
        if place.kind is PlaceKind.PARTY:
            return place.id
        return self.party(place.id) if place.kind is PlaceKind.SITE else None

    def agree(self, one: Place | None, other: Place | None) -> bool | None:
        """Whether two places are the same by site, ancestor site or (where one side has no site) party; None where
        one of them is not known well enough to tell."""
        if one is None or other is None or one.kind is PlaceKind.UNKNOWN or other.kind is PlaceKind.UNKNOWN:
            return None
        if one.kind is PlaceKind.SITE and other.kind is PlaceKind.SITE:
            if one.id == other.id or not self.parents:
                return one.id == other.id
            return one.id in self.ancestors(other.id) or other.id in self.ancestors(one.id)
        one_party, other_party = self.party_of(one), self.party_of(other)
        return None if one_party is None or other_party is None else one_party == other_party
