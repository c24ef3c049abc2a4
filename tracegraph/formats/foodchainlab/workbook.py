"""The All-in-One workbook: stations, deliveries and what was made of what on three sheets, as a document.

Columns are found by their headers, in any order, whatever the case and blanks; those of deliveries have two rows of
headers. Each row keeps its address. Columns that the format does not know are kept under their headers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tracegraph.formats.epcis import Rejected, SourcePosition
from tracegraph.formats.foodchainlab.document import Document, Row
from tracegraph.formats.source import Kept
from tracegraph.formats.tables.cells import Cell, UnreadableCell, column_letters, identifier, raw_text, text, tidy
from tracegraph.formats.tables.reading import Sheet
from tracegraph.model.event import Json

#: Headers, tidied and in lower case, and the columns of format v1 that they are.
_STATIONS = {
    "company_id": "ID",
    "name": "Name",
    "street": "Street",
    "street number": "Street Number",
    "postal code": "Postal Code",
    "postal": "Postal Code",
    "city": "City",
    "district": "District",
    "state": "State",
    "country": "Country",
    "type of business": "type of business",
    "latitude": "Latitude",
    "longitude": "Longitude",
}
_DELIVERIES = {
    "deliveryid": "ID",
    "station": "from",
    "product name": "Name",
    "lot number": "Lot Number",
    "recipient": "to",
    "lot size quantity": "Lot Size Quantity",
    "lot size type / unit": "Lot Size Unit",
}
_RELATIONS = {"from deliveryid": "from", "into deliveryid": "to"}
#: Columns of which one value is made: by the header above them, and the part that each is.
_DATES = {"delivery date departure": "Date Delivery", "delivery date arrival": "Date Delivery Arrival"}
_DATE_PARTS = ("day", "month", "year")
_AMOUNTS = ("unit weigt/vol./pck.", "unit weight/vol./pck.", "unit weight/vol./pack.")
_AMOUNT_PARTS = ("quantity", "type / unit")
#: Columns without which a sheet tells nothing, as the format calls them.
_NEEDED = {
    "stations": {"ID": "Company_ID"},
    "deliveries": {"ID": "DeliveryID", "from": "Station", "to": "Recipient"},
    "deliveryRelations": {"from": "From DeliveryID", "to": "Into DeliveryID"},
}
_IDENTIFIERS = frozenset({"ID", "from", "to", "Lot Number"})
_ADDRESS = (("Street", "Street Number"), ("Postal Code", "City"))
_MARKER = "additional fields ->"
_WHOLE = re.compile(r"(\d+)(\.0+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Table:
    """A sheet of the format: which table it is, how many rows of headers it has, and its headers."""

    name: str
    headers: int
    columns: Mapping[str, str]


_SHEETS = {
    "stations": _Table("stations", 1, _STATIONS),
    "deliveries": _Table("deliveries", 2, _DELIVERIES),
    "deliveries2deliveries": _Table("deliveryRelations", 1, _RELATIONS),
}


def is_all_in_one(sheets: Sequence[Sheet]) -> bool:
    """Whether a workbook is meant as All-in-One: by the names of its sheets, and the first header of its deliveries."""
    named = {tidy(sheet.name).casefold(): sheet for sheet in sheets}
    if not named.keys() >= {"stations", "deliveries"}:
        return False
    return any(
        tidy(raw_text(value)).casefold() == "deliveryid" for row in named["deliveries"].rows[:1] for value in row
    )


def read_workbook(name: str, sheets: Sequence[Sheet]) -> Document:
    """The document in a workbook; what of it cannot be read is among its rejected pieces."""
    document = Document()
    for sheet in sheets:
        table = _SHEETS.get(tidy(sheet.name).casefold())
        if table is not None:
            _SheetReader(name, sheet, table, document).read()
        elif any(tidy(raw_text(value)) for row in sheet.rows for value in row):
            reason = (
                "it is no sheet of All-in-One (Stations, Deliveries, Deliveries2Deliveries); nothing of it was read"
            )
            document.rejected.append(_whole_sheet(name, sheet, reason))
    return document


def _whole_sheet(name: str, sheet: Sheet, reason: str) -> Rejected:
    rows = [[raw_text(value) for value in row] for row in sheet.rows]
    kept = Kept(json.dumps(rows, ensure_ascii=False).encode("utf-8", "surrogateescape"))
    return Rejected(SourcePosition(name, sheet.name), f"{name} sheet {sheet.name!r}: {reason}.", kept)


@dataclass(frozen=True, slots=True)
class _SheetReader:
    """One sheet of the format."""

    name: str
    sheet: Sheet
    table: _Table
    document: Document

    def read(self) -> None:
        """All rows of the sheet."""
        headers = self._headers()
        known = {self._column(header) for header in headers.values()}
        missing = [told for column, told in _NEEDED[self.table.name].items() if column not in known]
        if missing:
            reason = f"it has no column {' and no column '.join(missing)}; name the columns as the format does"
            self.document.rejected.append(_whole_sheet(self.name, self.sheet, reason))
            return
        for number in range(self.table.headers + 1, len(self.sheet.rows) + 1):
            cells = {header: self.sheet.cell(number, column) for column, header in headers.items()}
            if any(not cell.empty for cell in cells.values()):
                self._row(number, cells)

    def _headers(self) -> dict[int, str]:
        """The header of each column, no two the same; a header over several columns stands before each of those below
        it."""
        found: dict[int, str] = {}
        above = ""
        for column in range(1, self.sheet.width + 1):
            names = [tidy(raw_text(self.sheet.cell(row, column).value)) for row in range(1, self.table.headers + 1)]
            above = names[0] or (above if names[-1] else "")
            header = " ".join(name for name in dict.fromkeys((above, names[-1])) if name)
            if header.casefold() != _MARKER:
                letters = column_letters(column)
                found[column] = f"{header} ({letters})" if header in found.values() else header or letters
        return found

    def _column(self, header: str) -> str:
        """What a header is called in format v1; its own words where the format does not know it."""
        return self.table.columns.get(header.casefold(), header)

    def _row(self, number: int, cells: Mapping[str, Cell]) -> None:
        position = SourcePosition(self.name, f"{self.sheet.name}!A{number}", 0, number)
        shown = {header: raw_text(cell.value) for header, cell in cells.items() if not cell.empty}
        original = json.dumps(shown, ensure_ascii=False).encode("utf-8", "surrogateescape")
        try:
            row = Row(position, tuple(self._cells(cells)), original, in_sheet=True)
        except UnreadableCell as unreadable:
            reason = f"{self.name}: {unreadable}."
            self.document.rejected.append(Rejected(position, reason, Kept(original)))
        else:
            self.document.table(self.table.name).append(row)

    def _cells(self, cells: Mapping[str, Cell]) -> Iterator[tuple[str, Json]]:
        """The cells as those of format v1, empty ones left out."""
        joined: dict[str, dict[str, str]] = {}
        told: dict[str, str] = {}
        for header, cell in cells.items():
            whole, part = self._joined(header)
            column = self._column(header)
            value = identifier(cell) if column in _IDENTIFIERS else text(cell)
            if whole:
                joined.setdefault(whole, {})[part] = value
            elif value:
                told[column] = value
        for whole, parts in joined.items():
            if value := _amount(parts) if whole == "Amount" else _date(parts):
                told[whole] = value
        if self.table.name == "stations" and (address := _address(told)):
            told.setdefault("Address", address)
        yield from told.items()

    def _joined(self, header: str) -> tuple[str, str]:
        """The value that a column is a part of, and which; empty where it stands for itself."""
        if self.table.name != "deliveries":
            return "", ""
        folded = header.casefold()
        for above, whole in _DATES.items():
            for part in _DATE_PARTS:
                if folded == f"{above} {part}":
                    return whole, part
        for above in _AMOUNTS:
            for part in _AMOUNT_PARTS:
                if folded == f"{above} {part}":
                    return "Amount", part
        return "", ""


def _amount(parts: Mapping[str, str]) -> str:
    return " ".join(parts[part] for part in _AMOUNT_PARTS if parts.get(part))


def _date(parts: Mapping[str, str]) -> str:
    """Day, month and year as one date, as precise as they go; as they stand where they are none."""
    numbers = [_WHOLE.fullmatch(parts.get(part, "")) for part in reversed(_DATE_PARTS)]
    given = [number for number in numbers if number]
    stated = [parts[part] for part in _DATE_PARTS if parts.get(part)]
    if len(given) < len(stated) or given != numbers[: len(given)]:
        return " / ".join(stated)
    return "-".join(number[1].zfill(2) for number in given)


def _address(told: Mapping[str, str]) -> str:
    """Street and town on one line, as format v1 has them."""
    lines = (" ".join(told[name] for name in names if name in told) for names in _ADDRESS)
    return ", ".join(line for line in lines if line)
