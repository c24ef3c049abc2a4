"""What FoodChain-Lab files told a store: stations, deliveries, relations and marks, with every cell as it came.

Read from the events that capture made of them and from the newest version of master data, as known at a snapshot. What
was retracted is left out. Of a delivery that was captured in two versions, both of which count, the later one tells.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from tracegraph.formats.epcis import facts_of_payload
from tracegraph.formats.foodchainlab.events import KEPT
from tracegraph.formats.foodchainlab.writer import Cells
from tracegraph.model.event import Json
from tracegraph.model.facts import EventFacts
from tracegraph.model.record import Record
from tracegraph.stores.port import EntryKind
from tracegraph.trace.snapshot import Snapshot

_MARKER = f'"{KEPT}"'.encode()


@dataclass(frozen=True, slots=True)
class KeptStation:
    """A station: its key here, its id and cells in the file (none: no row described it), what tracing says of it."""

    key: str
    id: str
    cells: Cells = ()
    mark: dict[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KeptDelivery:
    """A delivery: its unit, its id and cells in the file, the keys of its stations, what tracing says of it."""

    key: str
    id: str
    supplier: str
    recipient: str
    cells: Cells
    mark: dict[str, Json] = field(default_factory=dict)


@dataclass(slots=True)
class KeptNetwork:
    """All of it: stations and deliveries by key, the cells of relations by (ingredient, result), columns by table, and
    the other members of the files; what a later file says of these wins."""

    stations: dict[str, KeptStation] = field(default_factory=dict)
    deliveries: dict[str, KeptDelivery] = field(default_factory=dict)
    relations: dict[tuple[str, str], Cells] = field(default_factory=dict)
    columns: dict[str, list[Json]] = field(default_factory=dict)
    about: dict[str, Json] = field(default_factory=dict)


def kept_network(snapshot: Snapshot) -> KeptNetwork:
    """What the files said of which the store knows at the snapshot."""
    network = KeptNetwork()
    marks = _read_records(snapshot, network)
    for facts, event in _events(snapshot):
        kept = event[KEPT]
        if kept.get("table") == "deliveries":
            key = facts.named[0].unit
            ends = str(facts.read_point), str(facts.destination_place)
            network.deliveries[key] = KeptDelivery(key, str(kept["id"]), *ends, _cells(kept["row"]), marks.get(key, {}))
        elif kept.get("table") == "deliveryRelations":
            result = event["outputQuantityList"][0]["epcClass"]
            for ingredient, row in zip(event["inputQuantityList"], kept["rows"], strict=True):
                network.relations[ingredient["epcClass"], result] = _cells(row)
    known = network.deliveries.keys()
    network.relations = {pair: cells for pair, cells in network.relations.items() if known >= set(pair)}
    return network


def _cells(row: Json) -> Cells:
    return tuple((cell["column"], cell["value"]) for cell in row)


def _read_records(snapshot: Snapshot, network: KeptNetwork) -> dict[str, dict[str, Json]]:
    """Stations and what is kept of whole files; returns the marks on deliveries, by key."""
    for record in _records(snapshot, "site"):
        kept = record.data["attributes"][KEPT]
        network.stations[record.id] = KeptStation(
            record.id, str(kept["id"]), _cells(kept.get("row", ())), kept.get("mark", {})
        )
    marks = {}
    for record in _records(snapshot, "other"):
        kept = record.data["attributes"][KEPT]
        if "table" in kept:
            marks[record.id] = kept.get("mark", {})
        else:
            network.about |= kept["about"]
            for table, columns in kept["columns"].items():
                _add_columns(network.columns.setdefault(table, []), columns)
    return marks


def _add_columns(known: list[Json], columns: Json) -> None:
    for column in columns if isinstance(columns, list) else []:
        if column not in known:
            known.append(column)


def _records(snapshot: Snapshot, kind: str) -> Iterator[Record]:
    """Records that keep something of a file, oldest first."""
    for stored in sorted(snapshot.records(kind), key=lambda stored: stored.position):
        if isinstance(stored.record.data.get("attributes", {}).get(KEPT), dict):
            yield stored.record


def _events(snapshot: Snapshot) -> Iterator[tuple[EventFacts, dict[str, Json]]]:
    """Events that count and keep something of a file, in ledger order."""
    from tracegraph.stores.stored_facts import StoredFacts  # with it comes the compiler, which few questions need

    found = []
    for entry in snapshot.store.entries(upto=snapshot.position):
        if entry.kind is EntryKind.EVENT and _MARKER in entry.payload:
            event = json.loads(entry.payload, parse_float=Decimal, parse_int=Decimal)["event"]
            if isinstance(event.get(KEPT), dict):
                found.append((facts_of_payload(entry.payload), event))
    family = StoredFacts(snapshot.store, snapshot.position).family(facts for facts, _ in found)
    alive = {(event.facts.content_hash, event.facts.event_id) for event in family.events}
    for facts, event in found:
        if (facts.content_hash, facts.event_id) in alive and not facts.retracts:
            yield facts, event
