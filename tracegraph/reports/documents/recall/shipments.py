"""Goods that went from site to site, each with its documents and with what its dates mean.

One record has several dates, and people ask whether a date of invoice is the date of shipment. So each date says what
it is: recorded as that of shipping or of receipt, one date for both, or taken from the other; and how fine it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from tracegraph.formats.epcis import unread_event
from tracegraph.formats.tables.statements import ROW
from tracegraph.messages import Language, words
from tracegraph.model.instants import instant_text
from tracegraph.model.quantity import Quantity
from tracegraph.model.values import value
from tracegraph.reports.documents.paper import Cell
from tracegraph.reports.documents.recall.known import Known
from tracegraph.reports.short import short_name
from tracegraph.stores.port import StoredEvent
from tracegraph.trace.foodchainlab.shown import ShownDelivery, shown_network
from tracegraph.trace.snapshot import Snapshot
from tracegraph.trace.trail import Trail

#: Documents that the reader of tables numbered itself, as the row had no number.
_UNNUMBERED = "::"
_ROW = ROW.encode()


@value
class Dated:
    """A date as it is read, and what it means (a word of the catalogue)."""

    text: str
    meaning: str


@value
class Shipment:
    """Goods of a unit from site to site. `node`: the stay on the way; `documents`: the references of its papers, as
    they were recorded; `events`: the public ids of the two events that tell of it."""

    id: str
    node: int
    unit: str
    supplier: str
    recipient: str
    left: Dated
    came: Dated
    instant: int
    quantity: Quantity | None
    documents: tuple[str, ...]
    confirmed: bool
    events: tuple[str, ...]


def shipments(snapshot: Snapshot, trail: Trail) -> list[Shipment]:
    """The deliveries that a trail shows, by time, then id."""
    shown = shown_network(trail).deliveries.values()
    said = Statements(snapshot, {event for one in shown for event in (one.departure, one.arrival)})
    found = [_shipment(one, said) for one in shown]
    return sorted(found, key=lambda one: (one.instant, one.id))


def _shipment(one: ShownDelivery, said: Statements) -> Shipment:
    events = tuple(dict.fromkeys((one.departure, one.arrival)))
    return Shipment(
        one.id,
        one.node,
        one.unit,
        one.supplier,
        one.recipient,
        said.dated(one.departure, one.left, "shipped"),
        said.dated(one.arrival, one.came, "received"),
        one.left,
        one.quantity,
        tuple(dict.fromkeys(text for event in events for text in said.documents(event))),
        one.confirmed,
        events,
    )


class Statements:
    """What some events say of themselves: their facts, and the rows of tables that they were made of."""

    def __init__(self, snapshot: Snapshot, events: Iterable[str]) -> None:
        wanted = sorted(set(events))
        by_name: dict[str, StoredEvent] = {}
        for one in snapshot.events(hashes=sorted({event.partition("#")[0] for event in wanted})) if wanted else ():
            by_name.setdefault(one.facts.content_hash, one)
            by_name.setdefault(f"{one.facts.content_hash}#{one.facts.event_id}", one)
        self._snapshot = snapshot
        self._stored = {event: by_name[event] for event in wanted if event in by_name}
        self._rows: dict[int, Mapping[str, Any]] = {}

    def step(self, event: str) -> str:
        """The step of business; empty where the event may not be seen."""
        return self._stored[event].facts.step if event in self._stored else ""

    def place(self, event: str) -> str | None:
        """Where it happened."""
        if event not in self._stored:
            return None
        facts = self._stored[event].facts
        return facts.biz_location or facts.read_point

    def documents(self, event: str) -> list[str]:
        """The references of the papers; numbers that stand for none are left out."""
        if event not in self._stored:
            return []
        number = self._row(event).get("delivery")
        if number:
            return [str(number)]
        return [document_text(one.id) for one in self._stored[event].facts.documents if not _is_made_up(one.id)]

    def dated(self, event: str, instant: int, column: str) -> Dated:
        """When it happened: `column` is what a table would call that date."""
        if event not in self._stored:
            return Dated(moment(instant), "date_unseen")
        facts = self._stored[event].facts
        text = instant_text(instant)[:10] if facts.day else moment(instant)
        if facts.assumed:
            return Dated(text, f"date_assumed_{facts.assumed}")
        return Dated(text, self._meaning(event, column))

    def _meaning(self, event: str, column: str) -> str:
        row = self._row(event)
        if not row or column in row:
            return f"date_{column}"
        return "date_both" if "date" in row else "date_of_receipt"

    def _row(self, event: str) -> Mapping[str, Any]:
        """The row of a table that an event was made of; empty for events of other origin."""
        position = self._stored[event].position
        if position not in self._rows:
            entries = self._snapshot.store.entries(position - 1, position)
            self._rows[position] = next((_kept(entry.payload) for entry in entries), {})
        return self._rows[position]


def _kept(payload: bytes) -> Mapping[str, Any]:
    if _ROW not in payload and json.dumps(ROW).encode() not in payload:
        return {}
    event = unread_event(payload).value
    kept = event.get(ROW) if isinstance(event, dict) else None
    return kept if isinstance(kept, dict) else {}


#: Steps of business that have a word.
STEPS = frozenset(
    {"shipping", "receiving", "packing", "unpacking", "commissioning", "creating_class_instance", "storing"}
    | {"loading", "unloading", "departing", "arriving", "accepting", "destroying", "dispensing", "retail_selling"}
)


def step_text(step: str, language: Language) -> str:
    """A step of business in words, where there are some."""
    return words(f"doc_step_{step}", language) if step in STEPS else step


def moment(instant: int) -> str:
    """`2026-01-31 09:00`, in UTC; seconds only where there are any."""
    text = instant_text(instant).replace("T", " ").removesuffix("Z")
    return text.removesuffix(":00") if text.count(":") == 2 else text


def document_text(document: str) -> str:
    """The reference of a paper as people write it: of identifiers that were made from a number, the number."""
    return short_name(document) if document.startswith("urn:tracegraph:") else document


def _is_made_up(document: str) -> bool:
    return document.startswith("urn:tracegraph:delivery:") and _UNNUMBERED in document


def amount_text(quantity: Quantity | None) -> str | None:
    """`100 KGM`; None where the amount is not known."""
    if quantity is None or quantity.value is None:
        return None
    return f"{quantity.value:f} {quantity.unit}".strip()


def link_cells(number: int, link: Shipment, known: Known) -> tuple[Cell, ...]:
    """What tables say first of a delivery: its number, who, to whom, product, lot, amount, and both dates."""
    return (
        Decimal(number),
        known.short(link.supplier),
        known.short(link.recipient),
        known.product(link.unit),
        known.lot(link.unit),
        amount_text(link.quantity),
        link.left.text,
        link.came.text,
    )


def meanings(shipment: Shipment, language: Language) -> str:
    """What both dates of a shipment mean, in words."""
    told = tuple(dict.fromkeys((shipment.left.meaning, shipment.came.meaning)))
    both = "date_each" if told == ("date_shipped", "date_received") else ""
    return "; ".join(words(f"doc_{one}", language) for one in ([both] if both else told))
