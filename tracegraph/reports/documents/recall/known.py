"""What people call the things that documents name: places, organisations and products by their master data."""

from __future__ import annotations

from functools import cached_property

from tracegraph.identifiers import split_supplier_lot
from tracegraph.reports.short import short_name
from tracegraph.timeline.places import Places
from tracegraph.trace.profiles.records import described_things
from tracegraph.trace.resolve import master_data
from tracegraph.trace.snapshot import Snapshot

_ADDRESS = ("streetaddressone", "streetaddresstwo", "postalcode", "city", "state")
_NAMES = ("name", "descriptionshort", "productname", "functionalname", "tradeitemdescription")


class Known:
    """The master data of a snapshot, read once."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        elements = master_data(snapshot)
        self._described = described_things(elements)
        self.places = Places.of(elements)

    def name(self, key: str) -> str:
        """What it is called; empty where nobody said."""
        return self._first(key, _NAMES)

    def named(self, key: str | None) -> str | None:
        """The name with the identifier behind it, or that alone; None for nothing."""
        if not key:
            return None
        name = self.name(key)
        return f"{name} ({key})" if name and name != key else key

    def short(self, key: str | None) -> str | None:
        """The name, else the telling end of the identifier; None for nothing."""
        return None if not key else self.name(key) or short_name(key)

    def address(self, key: str | None) -> str | None:
        """Street, town and country; None where nobody said."""
        said = self._described.get(key or "", {})
        parts = [*(said.get(name) for name in _ADDRESS), said.get("country") or said.get("countrycode")]
        return ", ".join(dict.fromkeys(str(part) for part in parts if part)) or None

    def country(self, key: str | None) -> str | None:
        """The country of a place or organisation."""
        return self._first(key or "", ("country", "countrycode")) or None

    def position(self, key: str | None) -> str | None:
        """Latitude and longitude (WGS 84) as they were said."""
        both = [self._first(key or "", (name,)) for name in ("latitude", "longitude")]
        return ", ".join(both) if all(both) else None

    def operator(self, site: str | None) -> str | None:
        """Who runs a site."""
        return self.places.party(site)

    def product_of(self, unit: str) -> str | None:
        """The identifier of the product of a unit."""
        return self._products.get(unit)

    def product(self, unit: str) -> str | None:
        """The product of a unit: as it is described, else its number; None where neither is known."""
        return self.short(self.product_of(unit))

    def lot(self, unit: str) -> str:
        """The number under which its makers know a lot or item."""
        supplied = split_supplier_lot(unit)
        return supplied[1] if supplied else short_name(unit)

    @cached_property
    def _products(self) -> dict[str, str]:
        return {row.key: row.product for row in self._snapshot.units() if row.product}

    def _first(self, key: str, names: tuple[str, ...]) -> str:
        said = self._described.get(key, {})
        return next((str(said[name]) for name in names if said.get(name)), "")
