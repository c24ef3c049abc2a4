"""A store as plain tables: the rows that it was given, and events of other formats as far as such rows can hold them.

Captured again, the rows that came from tables are the same events. What no row can hold is counted and told.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import IO, Any

from tracegraph.formats.epcis.payload import facts_of_payload, unread_event
from tracegraph.formats.tables.kinds import ABOUT, ABOUT_TABLES, REASON, TableKind, all_kinds, table_kinds
from tracegraph.formats.tables.rows import MEASURES
from tracegraph.formats.tables.statements import ROW
from tracegraph.formats.tables.writing import Row, csv_bytes, sheet_name, write_xlsx
from tracegraph.identifiers import parse, split_supplier_lot
from tracegraph.identifiers.keys import decoded
from tracegraph.messages import Language
from tracegraph.model.facts import EventFacts, NamedUnit, Role
from tracegraph.model.instants import instant_text
from tracegraph.model.record import Record
from tracegraph.stores.port import EntryKind
from tracegraph.trace.snapshot import Snapshot

Cells = dict[str, Any]

_MASTER = {"party": "organisations", "site": "sites", "product": "products"}
_DEPARTING = frozenset({"shipping", "departing", "consigning"})
_ARRIVING = frozenset({"receiving", "arriving", "accepting"})


@dataclass(slots=True)
class Tables:
    """The rows of each kind of table, in the order in which they were recorded; `left_out`: how many events no row can
    hold."""

    rows: dict[str, list[Cells]] = field(default_factory=lambda: {name: [] for name in all_kinds()})
    left_out: int = 0

    def written(self) -> Iterator[tuple[TableKind, list[Cells]]]:
        """The kinds that are written, and their rows: of records those that there are."""
        for name, kind in all_kinds().items():
            if self.rows[name] or not kind.of_records:
                yield kind, self.rows[name]


def tables_of(snapshot: Snapshot) -> Tables:
    """All that a store holds, as rows."""
    found = Tables()
    for kind, name in _MASTER.items():
        for stored in snapshot.records(kind):
            found.rows[name].append(_master_row(name, stored.record.id, stored.record.data))
    for name, table in all_kinds().items():
        if table.of_records:
            found.rows[name] += [_record_row(table, stored.record) for stored in snapshot.records(name)]
    seen: set[str] = set()
    for payload in _live(snapshot):
        rows = list(_rows_of(payload))
        found.left_out += not rows
        for row in rows:
            written = json.dumps(row, sort_keys=True)
            if written not in seen:
                seen.add(written)
                found.rows[str(row["table"])].append(row)
    return found


def write_workbook(snapshot: Snapshot, language: Language, file: IO[bytes], about: Mapping[str, str]) -> None:
    """All tables as sheets of one workbook, and a sheet that says what they are."""
    found = tables_of(snapshot)
    sheets: dict[str, Iterable[Row]] = {
        sheet_name(kind.labels[language]): list(_sheet(kind, rows, language, Decimal)) for kind, rows in found.written()
    }
    write_xlsx(file, {**sheets, ABOUT: _about(snapshot, found, about)})


def csv_tables(snapshot: Snapshot, language: Language, about: Mapping[str, str]) -> dict[str, bytes]:
    """Each table as CSV, by the name of its kind, and one more that says what they are."""
    found = tables_of(snapshot)
    tables = {kind.name: csv_bytes(_sheet(kind, rows, language, _unambiguous)) for kind, rows in found.written()}
    return {**tables, ABOUT: csv_bytes(_about(snapshot, found, about))}


def _about(snapshot: Snapshot, found: Tables, about: Mapping[str, str]) -> list[Row]:
    known = instant_text(snapshot.known) if snapshot.known is not None else ""
    position = str(snapshot.position) if snapshot.counted else ""
    rows: list[Row] = [list(ABOUT_TABLES), ["as of", known], ["ledger", position, snapshot.head]]
    rows += [[name, value] for name, value in about.items()]
    return [*rows, ["events that no table holds", str(found.left_out)]]


def _live(snapshot: Snapshot) -> Iterator[bytes]:
    """The payloads of all events that stand: neither retracted nor retractions."""
    payloads = [
        entry.payload for entry in snapshot.store.entries(upto=snapshot.position) if entry.kind is EntryKind.EVENT
    ]
    marked = [payload for payload in payloads if b'"errorDeclaration"' in payload]
    retracted = {(facts.content_hash, facts.event_id) for facts in map(facts_of_payload, marked) if facts.retracts}
    for payload in payloads:
        if not retracted:
            yield payload
            continue
        facts = facts_of_payload(payload)
        if not facts.retracts and (facts.content_hash, facts.event_id) not in retracted:
            yield payload


def _rows_of(payload: bytes) -> Iterator[Cells]:
    """The rows of one event: the one that it was made of, else what it says in the words of a table."""
    event = unread_event(payload).value
    kept = event.get(ROW) if isinstance(event, dict) else None
    if isinstance(kept, dict) and kept.get("table") in table_kinds():
        yield kept
        return
    facts = facts_of_payload(payload)
    if facts.type == "TransformationEvent":
        yield from _transformation_rows(facts)
    elif facts.step in _DEPARTING | _ARRIVING:
        yield from _delivery_rows(facts)


def _delivery_rows(facts: EventFacts) -> Iterator[Cells]:
    """A shipment or a receipt, as far as it says from where to where."""
    departing = facts.step in _DEPARTING
    here = facts.read_point or facts.biz_location
    origin = facts.source_place or (here if departing else None)
    destination = facts.destination_place or (None if departing else here)
    if not origin or not destination:
        return
    number = {"delivery": facts.documents[0].id} if facts.documents else {}
    places = {"from": origin, "to": destination, "shipped" if departing else "received": _time(facts)}
    for named in facts.named:
        if named.role is Role.OBJECT:
            yield {"table": "deliveries", **number, **_goods("", named), **places}


def _transformation_rows(facts: EventFacts) -> Iterator[Cells]:
    """Each input and each output in a row of its own."""
    site = facts.biz_location or facts.read_point
    if not site:
        return
    head = {"transformation": facts.transformation or facts.content_hash, "site": site, "date": _time(facts)}
    for named in facts.named:
        prefix = {Role.INPUT: "input_", Role.OUTPUT: ""}.get(named.role)
        if prefix is not None:
            yield {"table": "transformations", **head, **_goods(prefix, named)}


def _goods(prefix: str, named: NamedUnit) -> Cells:
    """What names the goods and how much of them."""
    supplied = split_supplier_lot(named.unit)
    known = parse(named.unit)
    if supplied is not None and supplied[0]:
        told: Cells = {"lot": supplied[1], "lot_source": supplied[0]}
    elif known.product and named.unit.startswith(f"{known.product}/10/") and named.unit.count("/") == 6:
        told = {"product": known.product, "lot": decoded(named.unit.rpartition("/")[2])}
    else:
        told = {"identifier": named.unit}
    if named.quantity is not None and named.quantity.value is not None:
        told |= {"quantity": f"{named.quantity.value:f}"} | (
            {"measure": named.quantity.unit} if named.quantity.unit else {}
        )
    return {f"{prefix}{name}": value for name, value in told.items()}


def _time(facts: EventFacts) -> str:
    text = instant_text(facts.instant)
    return text[:10] if facts.day else text


def _master_row(name: str, identifier: str, data: Mapping[str, Any]) -> Cells:
    """The row that master data were made of, else what they say in the words of a table."""
    kept = data.get("attributes", {}).get(ROW)
    if isinstance(kept, dict):
        return kept
    told = {name.removesuffix("s"): identifier, **{key: data.get(key) for key in ("name", "country")}}
    if name == "sites":
        told |= {"organisation": data.get("party"), **{key: data.get(key) for key in ("latitude", "longitude")}}
    return {key: value for key, value in told.items() if value}


def _record_row(kind: TableKind, record: Record) -> Cells:
    """A record as the row that states it."""
    told = {name: _said(record.data[name]) for name in kind.columns if name in record.data}
    return told if REASON in record.data else {**told, REASON: record.reason}


def _said(value: Any) -> str:
    """A value of a record as it is entered."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "; ".join(value) if isinstance(value, list) else str(value)


def _sheet(kind: TableKind, rows: list[Cells], language: Language, numeral: type[Decimal] | Any) -> Iterator[Row]:
    """The rows under the names of the columns: ours, and then those that were kept under their own."""
    others = list(dict.fromkeys(name for row in rows for name in row.get("others", {})))
    yield [*(column.labels[language] for column in kind.columns.values()), *others]
    numbers = {name for name, column in kind.columns.items() if column.type in ("number", *MEASURES, "amount")}
    for row in rows:
        cells = [_cell(row.get(name), name in numbers, numeral) for name in kind.columns]
        yield [*cells, *(row.get("others", {}).get(name) for name in others)]


def _cell(value: Any, is_number: bool, numeral: Any) -> Any:
    return value if value is None or not is_number else numeral(value)


def _unambiguous(digits: str) -> str:
    """A number that nobody can take for thousands: three digits behind the point get a zero after them."""
    whole, _, fraction = digits.partition(".")
    return f"{whole}.{fraction}0" if len(fraction) == 3 else digits
