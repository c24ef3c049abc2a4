"""A store, or what an answer reached, as FoodChain-Lab JSON v1.

Deliveries that came from FoodChain-Lab's files are written as they came. All others are what events show: goods that
left one site and came to another. What an EPCIS event says beyond that has no place in the format.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import IO

from tracegraph.formats.foodchainlab.document import plain
from tracegraph.formats.foodchainlab.writer import Cells, Contents, document_pieces
from tracegraph.identifiers import parse, split_supplier_lot
from tracegraph.messages import Language
from tracegraph.model.event import Json
from tracegraph.model.instants import instant_text
from tracegraph.model.master_data import MasterData
from tracegraph.reports.whole import whole_graph
from tracegraph.trace.foodchainlab.kept import KeptNetwork, KeptStation, kept_network
from tracegraph.trace.foodchainlab.shown import ShownDelivery, ShownNetwork, shown_network
from tracegraph.trace.resolve import master_data
from tracegraph.trace.snapshot import Snapshot

#: What of a store is written: units, and holdings.
Chosen = tuple[frozenset[str], frozenset[str]]


def write_foodchainlab(
    snapshot: Snapshot, language: Language, file: IO[bytes], told: Mapping[str, str], chosen: Chosen | None = None
) -> None:
    """Write everything, or what was chosen. `told`: what the file says of itself, as its member `tracegraph`."""
    kept = kept_network(snapshot)
    shown = shown_network(whole_graph(snapshot, language).trail)
    writing = _Writing(kept, shown, {data.id: data for data in master_data(snapshot) if data.kind == "site"})
    contents = writing.contents(snapshot, chosen)
    contents.about = {**contents.about, "tracegraph": dict(told)}
    for piece in document_pieces(contents):
        file.write(piece.encode("utf-8", "backslashreplace"))


@dataclass(slots=True)
class _Writing:
    """What is known, and the ids under which it is written."""

    kept: KeptNetwork
    shown: ShownNetwork
    sites: dict[str, MasterData]
    ids: dict[str, str] = field(default_factory=dict)

    def contents(self, snapshot: Snapshot, chosen: Chosen | None) -> Contents:
        """Rows, columns and marks."""
        deliveries = [one for one in self.kept.deliveries.values() if chosen is None or one.key in chosen[0]]
        shown = [one for one in self.shown.deliveries.values() if self._is_written(one, chosen)]
        ends = {end for one in deliveries for end in (one.supplier, one.recipient)}
        ends |= {end for one in shown for end in (one.supplier, one.recipient)}
        ends |= set(self.kept.stations) if chosen is None else set()
        stations = [self.kept.stations.get(key) or self._station(key) for key in sorted(ends)]
        self._name([(one.key, one.id) for one in stations])
        self._name([(one.key, one.id) for one in deliveries] + [(one.id, one.id) for one in shown])
        written = {one.key for one in deliveries} | {one.id for one in shown}
        rows = {
            "stations": _by_id(
                (self.ids[one.key], self._renamed(one.cells or (("ID", one.id),), ID=one.key)) for one in stations
            ),
            "deliveries": _by_id(
                [
                    (
                        self.ids[one.key],
                        self._renamed(one.cells, ID=one.key, **{"from": one.supplier, "to": one.recipient}),
                    )
                    for one in deliveries
                ]
                + [(one.id, self._shown_cells(one)) for one in shown]
            ),
            "deliveryRelations": self._relations(written),
        }
        marks = {
            "nodes": [self._marked(one.key, one.mark) for one in stations if one.mark],
            "deliveries": [self._marked(one.key, one.mark) for one in deliveries if one.mark],
        }
        return Contents(rows, self.kept.columns, marks, self.kept.about)

    def _is_written(self, delivery: ShownDelivery, chosen: Chosen | None) -> bool:
        if delivery.unit in self.kept.deliveries:
            return False
        return chosen is None or delivery.id.split(":")[0] in chosen[1]

    def _name(self, named: Collection[tuple[str, str]]) -> None:
        """The id of each: as in its file, where no other one has the same."""
        count = Counter(identifier for _, identifier in named)
        self.ids |= {key: identifier if count[identifier] == 1 else key for key, identifier in named}

    def _station(self, key: str) -> KeptStation:
        """A site that no FoodChain-Lab file named."""
        data = self.sites.get(key) or MasterData("site", key)
        told = {
            "ID": key,
            "Name": data.name or key,
            "Country": data.country,
            "Latitude": data.latitude,
            "Longitude": data.longitude,
        }
        return KeptStation(key, key, tuple((name, value) for name, value in told.items() if value is not None))

    def _renamed(self, cells: Cells, **keys: str) -> Cells:
        """Cells with the ids under which things are written; one that says the same stays as it came."""

        def cell(name: str, value: Json) -> tuple[str, Json]:
            key = keys.get(name)
            return (name, value) if key is None or plain(value) == self.ids[key] else (name, self.ids[key])

        return tuple(cell(name, value) for name, value in cells)

    def _marked(self, key: str, mark: Mapping[str, Json]) -> Json:
        return mark if plain(mark.get("id")) == self.ids[key] else {**mark, "id": self.ids[key]}

    def _relations(self, written: set[str]) -> list[Cells]:
        """Relations among what is written, sorted by the ids of both ends."""
        kept = {pair: cells for pair, cells in self.kept.relations.items() if written >= set(pair)}
        shown = {pair: (("from", pair[0]), ("to", pair[1])) for pair in self._shown_relations(written)}
        every: dict[tuple[str, str], Cells] = {**shown, **kept}
        return [
            self._renamed(every[pair], **_ends(every[pair], pair))
            for pair in sorted(every, key=lambda pair: (self.ids[pair[0]], self.ids[pair[1]]))
        ]

    def _shown_relations(self, written: set[str]) -> Iterable[tuple[str, str]]:
        """Relations that events show, but for those between deliveries of files, which the files told."""
        deliveries, kept = self.shown.deliveries, self.kept.deliveries
        for pair in self.shown.relations:
            units = [deliveries[one].unit for one in pair]
            names = [unit if unit in kept else one for one, unit in zip(pair, units, strict=True)]
            if not all(unit in kept for unit in units) and written >= set(names):
                yield names[0], names[1]

    def _shown_cells(self, delivery: ShownDelivery) -> Cells:
        """A delivery that no FoodChain-Lab file named."""
        lot = split_supplier_lot(delivery.unit)
        quantity = delivery.quantity
        told = {
            "ID": self.ids[delivery.id],
            "from": self.ids[delivery.supplier],
            "to": self.ids[delivery.recipient],
            "Name": parse(delivery.unit).product or delivery.unit,
            "Lot Number": lot[1] if lot else delivery.unit,
            "Date Delivery": instant_text(delivery.left)[:10],
            "Date Delivery Arrival": instant_text(delivery.came)[:10],
            "Amount": f"{quantity.value} {quantity.unit}".strip() if quantity and quantity.value is not None else None,
            "certainty": "confirmed" if delivery.confirmed else "possible",
        }
        return tuple((name, value) for name, value in told.items() if value is not None)


def _ends(cells: Cells, pair: tuple[str, str]) -> dict[str, str]:
    """Which cells of a relation hold which delivery."""
    names = {name for name, _ in cells}
    return {"from": pair[0], "to": pair[1]} if "from" in names else {"ID": pair[0], "Next": pair[1]}


def _by_id(rows: Iterable[tuple[str, Cells]]) -> list[Cells]:
    return [cells for _, cells in sorted(rows, key=lambda row: row[0])]
