"""What rows tell as an EPCIS event: the way from there on is that of every other input.

Standard members hold what EPCIS has a place for; the other key data elements stand in `tracegraph:lots` and
`tracegraph:inputs`, one entry for each lot, and in members of the event. A lot that has no code yet (harvesting,
cooling, what is packed first) is named by farm, commodity, variety, field and harvest date, which the record of each
step repeats: so the steps join up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import itemgetter

from tracegraph.formats.epcis.context import TRACEGRAPH_URI, is_uri
from tracegraph.formats.fsma204.columns import BY_NAME, COLUMNS, Column
from tracegraph.formats.fsma204.naming import OWN_PLACE, document_key, document_type_key, lot_key, place_key
from tracegraph.formats.fsma204.rows import Row
from tracegraph.identifiers import supplier_lot
from tracegraph.model.event import Json

#: The contexts around the events.
DECLARED: tuple[Json, ...] = ({"tracegraph": TRACEGRAPH_URI},)
#: How the Event ID of an event begins that has no eventID of its own: its content hash.
CONTENT_HASH = "ni:///sha-256;"

_MDA = "urn:epcglobal:cbv:mda#"
_STEPS = {
    "harvesting": "commissioning",
    "cooling": "storing",
    "initial_packing": "commissioning",
    "first_land_based_receiving": "commissioning",
    "shipping": "shipping",
    "receiving": "receiving",
    "transformation": "commissioning",
}
_BIRTHS = ("harvesting", "initial_packing", "first_land_based_receiving")
#: Where a new lot code is assigned.
ASSIGNING = ("initial_packing", "first_land_based_receiving", "transformation")
_OF_EVENT = ("location_description", "previous_source_description", "recipient_description")
_ALWAYS = frozenset(
    {"event_kind", "event_id", "event_date", "location", "location_description", "document_number", "missing"}
)
_WHENCE = frozenset({"previous_source", "previous_source_description"})
_WHITHER = frozenset({"recipient", "recipient_description"})
_LOT_MEMBERS = tuple(column for column in COLUMNS if column.of == "lot" and column.kind not in ("number", "unit"))
_INPUT_MEMBERS = tuple(column for column in COLUMNS if column.of == "input" and column.kind not in ("number", "unit"))
_ORIGIN_MEMBERS = tuple(column for column in COLUMNS if column.of == "origin")
_ORIGIN = frozenset(column.name for column in _ORIGIN_MEMBERS)
_LOT = frozenset(column.name for column in COLUMNS if column.of == "lot")
_INPUT = frozenset(column.name for column in COLUMNS if column.of == "input")


class Unclear(Exception):
    """Rows that tell no event; the message is the end of a sentence."""


@dataclass(frozen=True, slots=True)
class Lot:
    """One lot as an event names it: its key, how much, and the entry that keeps what is said of it."""

    key: str
    quantity: Decimal | None
    unit: str
    entry: dict[str, Json]

    def element(self) -> dict[str, Json]:
        """The quantity element."""
        told: dict[str, Json] = {"epcClass": self.key}
        if self.quantity is not None:
            told["quantity"] = self.quantity
        return told | ({"uom": self.unit} if self.unit else {})


def event_of(rows: Sequence[Row]) -> dict[str, Json]:
    """The event that rows of one event tell. Unclear where they tell none."""
    told = _Told(rows)
    if not told.kind:
        raise Unclear("names no critical tracking event; enter it in a column of that name, or name the sheet after it")
    event = {"type": "ObjectEvent", **told.times(), **told.name(), "bizStep": _STEPS[told.kind]}
    event |= {"tracegraph:criticalTrackingEvent": told.kind, **told.places(), **told.documents()}
    lots, inputs = told.lots(), told.inputs()
    if not lots:
        wanted = "a lot code, or farm, commodity and harvest date" if told.is_raw else "a lot code"
        raise Unclear(f"names no lot; enter {wanted}")
    if inputs or told.kind == "transformation":
        event |= {"type": "TransformationEvent", "inputQuantityList": [lot.element() for lot in inputs]}
        event["outputQuantityList"] = [lot.element() for lot in lots]
    else:
        event |= {"action": "ADD" if told.kind in _BIRTHS else "OBSERVE"}
        event["quantityList"] = [lot.element() for lot in lots]
    event["tracegraph:lots"] = [lot.entry for lot in lots]
    return {name: value for name, value in {**event, **told.rest(inputs)}.items() if value != []}


class _Told:
    """Rows of one event."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows
        self.kind = rows[0].text("event_kind")
        self.is_raw = self.kind in ("harvesting", "cooling")

    def one(self, name: str) -> str:
        """What the rows say of their event in one column. Unclear where they contradict each other."""
        said = list(dict.fromkeys(row.text(name) for row in self._rows if row.text(name)))
        if len(said) > 1:
            label = BY_NAME[name].label["en"]
            raise Unclear(
                f"has {said[1]!r} as {label} where another row of event {self._rows[0].text('event_id')!r} has "
                f"{said[0]!r}; give the rows of one event the same, or each event its own number"
            )
        return said[0] if said else ""

    def times(self) -> dict[str, Json]:
        """When it happened, and whether that is a date only."""
        stated = self.one("event_date") or (self.one("harvest_date") if self.kind == "harvesting" else "")
        if len(stated) < len("2026-01-31"):
            problem = f"is of {stated}" if stated else "has no date"
            raise Unclear(f"{problem}; enter the day of the event")
        if "T" not in stated:
            offset = {"eventTimeZoneOffset": "+00:00"}
            return {"eventTime": f"{stated}T00:00:00Z", **offset, "tracegraph:timePrecision": "day"}
        zone = stated[-6:] if stated[-6:-5] in ("+", "-") else "+00:00"
        return {"eventTime": stated, "eventTimeZoneOffset": zone}

    def name(self) -> dict[str, Json]:
        """Its own number, as the URI that it is or as one of ours."""
        number = self.one("event_id")
        if not number or number.startswith(CONTENT_HASH):
            return {}
        if is_uri(number):
            return {"eventID": number}
        return {"eventID": supplier_lot(self._site(), number).replace(":lot:", ":event:", 1)}

    def places(self) -> dict[str, Json]:
        """Where it happened, whence and whither."""
        here = self._site()
        whence = self._place("previous_source") if self.kind == "receiving" else here
        whither = here if self.kind == "receiving" else self._place("recipient")
        found: dict[str, Json] = {"readPoint": {"id": here}} if here else {}
        if here and self.kind != "shipping":
            found["bizLocation"] = {"id": here}
        if whence and self.kind in ("shipping", "receiving"):
            found["sourceList"] = [{"type": "location", "source": whence}]
        if whither:
            found["destinationList"] = [{"type": "location", "destination": whither}]
        return found

    def _here(self) -> str:
        """The place of the event as it is written: where lot codes are assigned, their source (21 CFR 1.1320)."""
        return self.one("location") or self.one("location_description")

    def _site(self) -> str:
        """The place of the event: where nothing names it, the farm of a harvest and the cooler of a cooling."""
        instead = {"harvesting": "farm", "cooling": "cooling_location"}.get(self.kind)
        return self._place("location") or (self._place(instead) if instead else "")

    def _place(self, name: str) -> str:
        text = self.one(name) or self.one(f"{name}_description")
        return place_key(text) if text else ""

    def documents(self) -> dict[str, Json]:
        """The reference documents, one for each pair of type and number."""
        pairs = dict.fromkeys((row.text("document_type"), row.text("document_number")) for row in self._rows)
        listed: list[Json] = [
            {**({"type": document_type_key(kind)} if kind else {}), "bizTransaction": document_key(number)}
            for kind, number in pairs
            if number
        ]
        return {"bizTransactionList": listed} if listed else {}

    def lots(self) -> list[Lot]:
        """The lots that the event is about; in a transformation and in packing those that came out of it."""
        return _distinct(lot for row in self._rows if (lot := self._lot(row)) is not None)

    def _lot(self, row: Row) -> Lot | None:
        code = row.text("lot_code")
        origin = {} if self._has_origin_of_input(row) else _entry(row, _ORIGIN_MEMBERS)
        entry = _entry(row, _LOT_MEMBERS) | origin
        if code:
            here = self._here() if self.kind in ASSIGNING and not _states_source(row) else ""
            entry |= {BY_NAME["lot_code_source"].member: here} if here else {}
            key = lot_key(code, row.text("product"), place_key(here) if here else _source(row))
        elif self.is_raw:
            key = self._raw_lot(row)
        else:
            key = ""
        return _with_key(key, row, "quantity", "unit", entry)

    def inputs(self) -> list[Lot]:
        """The lots that went into it."""
        return _distinct(lot for row in self._rows if (lot := self._input(row)) is not None)

    def _input(self, row: Row) -> Lot | None:
        if self.kind not in ("initial_packing", "transformation"):
            return None
        code, packed = row.text("input_lot_code"), self.kind == "initial_packing"
        entry = _entry(row, _INPUT_MEMBERS) | (_entry(row, _ORIGIN_MEMBERS) if packed else {})
        if code:
            source = row.text("input_lot_code_source")
            key = lot_key(code, row.text("input_product"), place_key(source) if source else "")
        else:
            key = self._raw_lot(row) if packed else ""
        return _with_key(key, row, "input_quantity", "input_unit", entry)

    def _has_origin_of_input(self, row: Row) -> bool:
        """Whether a row says where what was packed was grown."""
        return self.kind == "initial_packing" and self._input(row) is not None

    def _raw_lot(self, row: Row) -> str:
        """What was harvested, while it has no code; empty where the row does not say enough."""
        farm = row.text("farm") or row.text("farm_description")
        harvested = row.text("harvest_date") or (row.text("event_date")[:10] if self.kind == "harvesting" else "")
        if not farm or not harvested or not row.text("commodity"):
            return ""
        parts = [row.text("commodity"), row.text("variety"), row.text("field"), harvested]
        return supplier_lot(place_key(farm), "; ".join(filter(None, parts)))

    def rest(self, inputs: Sequence[Lot]) -> dict[str, Json]:
        """What EPCIS has no word for."""
        found: dict[str, Json] = {"tracegraph:inputs": [lot.entry for lot in inputs]}
        taken = frozenset[str]().union(*map(self._taken, self._rows))
        found |= {BY_NAME[name].member: text for name in _OF_EVENT if name in taken and (text := self.one(name))}
        others = sorted(dict.fromkeys(pair for row in self._rows for pair in self._others(row)), key=itemgetter(0))
        cells = [{"tracegraph:column": header, "tracegraph:text": text} for header, text in others]
        return {**found, "tracegraph:cells": cells}

    def _others(self, row: Row) -> Iterator[tuple[str, str]]:
        """What a row says that the event has no place for, by header."""
        yield from row.others.items()
        taken = self._taken(row)
        yield from ((BY_NAME[name].label["en"], row.text(name)) for name in row.values if name not in taken)

    def _taken(self, row: Row) -> frozenset[str]:
        """The columns of a row that the event tells of."""
        taken = _ALWAYS | (_WHENCE if self.kind == "receiving" else _WHITHER)
        if row.text("document_number"):
            taken |= {"document_type"}
        if self._lot(row) is not None:
            taken |= _LOT - ({"unit"} if "quantity" not in row.values else set())
            taken |= frozenset() if self._has_origin_of_input(row) else _ORIGIN
        if self._input(row) is not None:
            taken |= _INPUT - ({"input_unit"} if "input_quantity" not in row.values else set())
            taken |= _ORIGIN if self.kind == "initial_packing" else frozenset()
        return taken


def _entry(row: Row, columns: Iterable[Column]) -> dict[str, Json]:
    return {column.member: row.text(column.name) for column in columns if row.text(column.name)}


def _with_key(key: str, row: Row, quantity: str, unit: str, entry: dict[str, Json]) -> Lot | None:
    if not key:
        return None
    number = row.values.get(quantity)
    counted = number if isinstance(number, Decimal) else None
    return Lot(key, counted, row.text(unit) if counted is not None else "", {"tracegraph:lot": key, **entry})


def _states_source(row: Row) -> bool:
    """Whether a row says in any way whose its lot code is."""
    return any(row.text(f"lot_code_source{part}") for part in ("", "_description", "_reference"))


def _source(row: Row) -> str:
    """Whose lot code it is, as stated; empty where it is not."""
    stated = row.text("lot_code_source") or row.text("lot_code_source_description")
    return place_key(stated) if stated else row.text("lot_code_source_reference")


def _distinct(lots: Iterable[Lot]) -> list[Lot]:
    """Lots that rows of one event repeat, once each."""
    found: list[Lot] = []
    for lot in lots:
        if lot not in found:
            found.append(lot)
    return found


def place_elements(rows: Iterable[Row]) -> Iterator[dict[str, Json]]:
    """Master data of the places that are known by what a cell says only: a name for people, and that whoever runs the
    place is known by it too."""
    names = [column.name for column in COLUMNS if column.kind == "place"]
    told = {row.text(name) or row.text(f"{name}_description") for row in rows for name in names}
    for text in sorted(told):
        key = place_key(text) if text else ""
        if key.startswith(OWN_PLACE):
            title = text.partition(",")[0].partition(";")[0].strip() or text
            said = {"name": title, "possessing_party": key}
            yield {"id": key, "attributes": [{"id": f"{_MDA}{name}", "attribute": said[name]} for name in said]}
