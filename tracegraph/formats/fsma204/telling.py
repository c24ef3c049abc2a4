"""An event as rows of the sortable spreadsheet: the inverse of `events`, for events of any origin.

One row for each lot; a transformation has as many rows as inputs or outputs, whichever are more, and repeats what there
is one of. What the event itself does not say is taken from `Known`, or left blank.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from tracegraph.formats.epcis import context_within
from tracegraph.formats.epcis.context import TRACEGRAPH_URI
from tracegraph.formats.fsma204.columns import COLUMNS, column_of, event_kind_label
from tracegraph.formats.fsma204.events import ASSIGNING, CONTENT_HASH
from tracegraph.formats.fsma204.naming import (
    OWN_PLACE,
    document_text,
    document_type_text,
    lot_source,
    lot_text,
    place_text,
    product_text,
)
from tracegraph.formats.tables.cells import Value
from tracegraph.identifiers import canonical, split_supplier_lot
from tracegraph.model.event import Destination, Event, Identifier, Json, QuantityElement, Source

Cells = dict[str, Value]
Item = TypeVar("Item")
_EVENT_NUMBER = "urn:tracegraph:event:"
_DECIMALS = re.compile(r"\.([0-9]+)")
_PLACES = {
    "shipping": ("source", "read_point", "biz_location"),
    "receiving": ("biz_location", "read_point", "destination"),
}


@dataclass(frozen=True, slots=True)
class Known:
    """What is known besides an event: descriptions of places and products by key, the place at which a lot code was
    assigned, and what was packed in a container then (unit and quantity)."""

    place: Callable[[str], str] = lambda key: ""
    product: Callable[[str], str] = lambda key: ""
    source: Callable[[str], str] = lambda lot: ""
    contents: Callable[[str], Sequence[QuantityElement]] = lambda unit: ()


NOTHING = Known()


@dataclass(frozen=True, slots=True)
class Told:
    """One row: its cells by column, those of columns that only its sender knows by header, and the keys of the lots in
    it (empty: none)."""

    cells: Cells
    others: Mapping[str, str] = field(default_factory=dict)
    lot: str = ""
    input_lot: str = ""


@dataclass(slots=True)
class _Amount:
    """So much of a lot, and what the event keeps of it by local names. `quantity` None: not said."""

    lot: str
    unit: str
    quantity: Decimal | None = None
    entry: Mapping[str, Json] = field(default_factory=dict)

    def add(self, quantity: Decimal | None) -> None:
        if quantity is not None:
            self.quantity = quantity + (self.quantity or 0)


def rows_of_event(event: Event, kind: str, content_hash: str, known: Known = NOTHING) -> list[Told]:
    """The rows of an event of this kind (as the profile fsma204 calls it)."""
    return _Telling(event, kind, known).rows(content_hash)


@dataclass(slots=True)
class _Telling:
    """One event being told."""

    event: Event
    kind: str
    known: Known
    _ours: dict[str, Json] = field(init=False)

    def __post_init__(self) -> None:
        self._ours = self._members(self.event.extensions)

    def rows(self, content_hash: str) -> list[Told]:
        """All rows."""
        lots, inputs, papers = self._lots(), self._inputs(), self._documents()
        shared, others = self._shared(content_hash), self._others()
        count = max(len(lots), len(inputs), len(papers), *map(len, others.values()), 1)
        return [
            self._row(
                shared | (_at(papers, number, first=True) or {}),
                {name: _at(said, number, first=True) or "" for name, said in others.items()},
                _at(lots, number),
                _at(inputs, number),
            )
            for number in range(count)
        ]

    def _row(self, shared: Cells, others: dict[str, str], lot: _Amount | None, used: _Amount | None) -> Told:
        cells: Cells = {column.name: None for column in COLUMNS} | shared
        if lot is not None:
            cells |= self._lot_cells(lot)
        if used is not None:
            cells |= self._input_cells(used)
        for header in list(others):
            column = column_of(header)
            if column is not None and cells[column.name] is None:
                cells[column.name] = others.pop(header)
        return Told(cells, others, lot.lot if lot else "", used.lot if used else "")

    def _others(self) -> dict[str, list[str]]:
        """What stood in columns that nothing is known of, by header."""
        found: dict[str, list[str]] = {}
        listed = self._ours.get("cells")
        for one in listed if isinstance(listed, list) else []:
            members = self._members(one) if isinstance(one, dict) else {}
            if isinstance(name := members.get("column"), str) and isinstance(said := members.get("text"), str):
                found.setdefault(name, []).append(said)
        return found

    # the event

    def _shared(self, content_hash: str) -> Cells:
        """What is the same in all rows."""
        here, whence, whither = self._here(), self._whence(), self._whither()
        return {
            "event_kind": event_kind_label(self.kind),
            "event_id": self._number(content_hash),
            "event_date": self._date(),
            **self._place("location", here),
            **(self._place("previous_source", whence) if self.kind == "receiving" else {}),
            **(self._place("recipient", whither) if self.kind not in ("receiving",) else {}),
        }

    def _number(self, content_hash: str) -> str:
        """The event's own number, its eventID, or its content hash."""
        stated = self.event.event_id
        if stated is None:
            return content_hash if content_hash.startswith(CONTENT_HASH) else f"{CONTENT_HASH}{content_hash}"
        ours = split_supplier_lot(stated.replace(_EVENT_NUMBER, "urn:tracegraph:lot:", 1))
        return ours[1] if ours and stated.startswith(_EVENT_NUMBER) else stated

    def _date(self) -> str:
        is_day = self._ours.get("timePrecision") == "day"
        stated = self.event.event_time.text
        return stated[:10] if is_day else _DECIMALS.sub(_shorter, stated)

    def _place(self, name: str, key: str) -> Cells:
        if not key:
            return {}
        member = {"location": "locationDescription", "recipient": "recipientDescription"}.get(
            name, "previousSourceDescription"
        )
        described = self._ours.get(member) or ("" if key.startswith(OWN_PLACE) else self.known.place(key))
        return {name: place_text(key), f"{name}_description": str(described) or None}

    def _here(self) -> str:
        found = {
            "source": _end(self.event.source_list, ("location",)),
            "destination": _end(self.event.destination_list, ("location",)),
            "read_point": _key(self.event.read_point.id if self.event.read_point else None),
            "biz_location": _key(self.event.biz_location.id if self.event.biz_location else None),
        }
        order = _PLACES.get(self.kind, ("biz_location", "read_point"))
        return next((found[name] for name in order if found[name]), "")

    def _whence(self) -> str:
        return _end(self.event.source_list, ("location", "possessing_party", "owning_party"))

    def _whither(self) -> str:
        return _end(self.event.destination_list, ("location", "possessing_party", "owning_party"))

    def _documents(self) -> list[Cells]:
        return [
            {
                "document_type": document_type_text(one.type.value) if one.type else None,
                "document_number": document_text(one.biz_transaction.text),
            }
            for one in self.event.biz_transaction_list or ()
            if one.biz_transaction is not None
        ]

    # lots

    def _lots(self) -> list[_Amount]:
        event = self.event
        if event.output_quantity_list or event.output_epc_list:
            return _amounts(event.output_quantity_list, event.output_epc_list, self._entries("lots"))
        classes = (*(event.quantity_list or ()), *(event.child_quantity_list or ()))
        units = (*(event.epc_list or ()), *(event.child_epcs or ()), *([event.parent_id] if event.parent_id else []))
        packed = {unit.key: self.known.contents(unit.key) for unit in units}
        inside = [one for unit in units for one in packed[unit.key]]
        return _amounts((*classes, *inside), [unit for unit in units if not packed[unit.key]], self._entries("lots"))

    def _inputs(self) -> list[_Amount]:
        return _amounts(self.event.input_quantity_list, self.event.input_epc_list, self._entries("inputs"))

    def _lot_cells(self, lot: _Amount) -> Cells:
        entry = lot.entry
        is_raw = bool(entry) and "lotCode" not in entry
        is_told = is_raw or any(f"lotCodeSource{part}" in entry for part in ("Description", "Reference"))
        source = entry.get("lotCodeSource") or (None if is_told else self._source(lot.lot))
        found: Cells = {
            "lot_code": None if is_raw else entry.get("lotCode") or lot_text(lot.lot),
            "lot_code_source": source,
            "product": entry.get("product") or product_text(lot.lot) or None,
            "product_description": entry.get("productDescription") or self._description(lot.lot, is_raw),
            "quantity": lot.quantity,
            "unit": lot.unit or None,
        }
        return self._stated(entry, ("lot", "origin")) | _filled(found)

    def _source(self, lot: str) -> str | None:
        """Whose lot code it is: as its key or its first event says."""
        return place_text(lot_source(lot) or self.known.source(lot)) or None

    def _input_cells(self, used: _Amount) -> Cells:
        entry = used.entry
        is_raw = bool(entry) and "inputLotCode" not in entry
        source = lot_source(used.lot) or self.known.source(used.lot)
        found: Cells = {
            "input_lot_code": None if is_raw else entry.get("inputLotCode") or lot_text(used.lot),
            "input_lot_code_source": None if is_raw else entry.get("inputLotCodeSource") or place_text(source),
            "input_product": entry.get("inputProduct") or product_text(used.lot),
            "input_product_description": entry.get("inputProductDescription") or self._description(used.lot, is_raw),
            "input_quantity": used.quantity,
            "input_unit": used.unit,
        }
        return self._stated(entry, ("input", "origin")) | _filled(found)

    def _description(self, lot: str, is_raw: bool) -> str | None:
        ilmd = self._members(self.event.ilmd or {}, "")
        stated = ilmd.get("descriptionShort") if self.kind in ASSIGNING else None
        return None if is_raw else str(stated or self.known.product(lot)) or None

    def _stated(self, entry: Mapping[str, Json], of: tuple[str, ...]) -> Cells:
        """What an entry says, column by column."""
        return {
            column.name: str(entry[member])
            for column in COLUMNS
            if column.of in of and (member := column.member.partition(":")[2]) in entry
        }

    def _entries(self, name: str) -> list[dict[str, Json]]:
        """What the event keeps of its lots, by local names."""
        listed = self._ours.get(name)
        return [self._members(one) for one in (listed if isinstance(listed, list) else []) if isinstance(one, dict)]

    def _members(self, value: Mapping[str, Json], namespace: str = TRACEGRAPH_URI) -> dict[str, Json]:
        """Members of our own namespace (empty: of any) by their local names."""
        context = context_within(self.event)
        named = ((context.name(name), held) for name, held in value.items())
        return {local: held for (space, local), held in named if space == namespace or not namespace}


def _filled(cells: Cells) -> Cells:
    return {name: value for name, value in cells.items() if value not in (None, "")}


def _amounts(
    elements: Iterable[QuantityElement] | None,
    units: Iterable[Identifier] | None,
    entries: Sequence[Mapping[str, Json]],
) -> list[_Amount]:
    """Lots with amounts, then single units. Where the event keeps an entry for each lot they go together; else what
    several elements say of a lot in one unit of measure is added up."""
    known = [(one.epc_class.key, one.uom or "", one.quantity) for one in elements or () if one.epc_class is not None]
    keys = [canonical(str(entry.get("lot", ""))) for entry in entries]
    if not units and keys == [key for key, _, _ in known]:
        return [_Amount(*one, entry) for one, entry in zip(known, entries, strict=True)]
    by_lot = dict(zip(keys, entries, strict=True))
    found: dict[tuple[str, str], _Amount] = {}
    for key, unit, quantity in (*known, *((unit.key, "", Decimal(1)) for unit in units or ())):
        found.setdefault((key, unit), _Amount(key, unit, None, by_lot.get(key, {}))).add(quantity)
    return list(found.values())


def _at(items: Sequence[Item], number: int, first: bool = False) -> Item | None:
    """The item of a row: the only one is repeated in all, with `first` the first one in all that have none."""
    if number < len(items):
        return items[number]
    return items[0] if items and (first or len(items) == 1) else None


def _shorter(decimals: re.Match[str]) -> str:
    """Decimals of a second as far as spreadsheets read them, without zeros at their end."""
    kept = decimals[1][:6].rstrip("0")
    return f".{kept}" if kept else ""


def _key(identifier: Identifier | None) -> str:
    return identifier.key if identifier is not None else ""


def _end(ends: Iterable[Source | Destination] | None, types: tuple[str, ...]) -> str:
    """The first source or destination of the first of these types that there is."""
    found = {
        one.type.value: _key(one.source if isinstance(one, Source) else one.destination)
        for one in reversed(list(ends or ()))
        if one.type is not None
    }
    return next((found[kind] for kind in types if found.get(kind)), "")


def labels(language: str) -> list[str]:
    """The header, in English or Chinese."""
    return [column.label.get(language, column.label["en"]) for column in COLUMNS]


def values(told: Told, others: Iterable[str] = ()) -> list[Value]:
    """The cells of a row in the order of the columns, then those of the other headers."""
    return [*(told.cells.get(column.name) for column in COLUMNS), *(told.others.get(name) for name in others)]
