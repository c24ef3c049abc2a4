"""One row of a table: its cells read by the types of their columns, or what is wrong with one of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from tracegraph.formats.tables.cells import (
    Cell,
    DecimalMark,
    UnreadableCell,
    amount,
    identifier,
    number,
    raw_text,
    text,
    tidy,
    unit_of,
)
from tracegraph.formats.tables.columns import Layout
from tracegraph.formats.tables.dates import DateOrder, When, when
from tracegraph.formats.tables.kinds import Column
from tracegraph.formats.tables.reading import Sheet
from tracegraph.identifiers import canonical, location, party, product_of

Read = str | Decimal | When

#: The column of the unit of measure for each of amounts.
MEASURES = {"quantity": "measure", "input_quantity": "input_measure"}
#: By kind of table: what stands for a lot number where there is none. Of master data all do: they are about products.
_OWN_NUMBER = defaultdict(lambda: ("product",), {"deliveries": ("delivery",), "transformations": ()})


@dataclass(frozen=True, slots=True)
class Ways:
    """How cells that can be read in two ways are meant; empty: they are asked."""

    dates: DateOrder = ""
    decimal: DecimalMark = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One row that could be read: what its cells say by our names of the columns (only those that say something), and
    the texts of the columns that are none of ours, by their names."""

    row: int
    values: Mapping[str, Read]
    others: Mapping[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A text or identifier; empty where the column says nothing."""
        value = self.values.get(name, "")
        return value if isinstance(value, str) else ""

    def number(self, name: str) -> Decimal | None:
        """A number."""
        value = self.values.get(name)
        return value if isinstance(value, Decimal) else None

    def when(self, name: str) -> When | None:
        """A date."""
        value = self.values.get(name)
        return value if isinstance(value, When) else None

    def written(self) -> dict[str, str]:
        """All that our columns say, as text that is read as the same again."""
        return {name: _written(value) for name, value in self.values.items()}


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be read: the cell that is to blame (`Deliveries!B7`), why, as a sentence without its file, and
    its cells by the names of their columns."""

    row: int
    cell: str
    reason: str
    cells: Mapping[str, str]


def lines(sheet: Sheet, found: Layout, ways: Ways) -> Iterator[Line | BadRow]:
    """All rows below the names of the columns; empty ones are passed over."""
    for row in range(found.row + 1, len(sheet.rows) + 1):
        if any(tidy(raw_text(value)) for value in sheet.rows[row - 1]):
            try:
                yield _line(sheet, found, row, ways)
            except UnreadableCell as unreadable:
                yield bad_row(sheet, found, row, unreadable)


def bad_row(sheet: Sheet, found: Layout, row: int, unreadable: UnreadableCell) -> BadRow:
    """The row with a cell that cannot be read."""
    return BadRow(row, unreadable.cell.address, str(unreadable), cells_of(sheet, found, row))


def cells_of(sheet: Sheet, found: Layout, row: int) -> dict[str, str]:
    """All that stands in a row, by the names of the columns as they are there."""
    told: dict[str, str] = {}
    for column, value in enumerate(sheet.rows[row - 1], 1):
        if value is not None:
            header = raw_text(sheet.cell(found.row, column).value)
            told[header if header and header not in told else f"{header}#{column}"] = raw_text(value)
    return told


def _line(sheet: Sheet, found: Layout, row: int, ways: Ways) -> Line:
    """One row. UnreadableCell for the first cell that cannot be read."""
    values: dict[str, Read] = {}
    others: dict[str, str] = {}
    for chosen in found.columns:
        cell = sheet.cell(row, chosen.column)
        if not chosen.ours:
            others |= {chosen.header: said} if (said := tidy(raw_text(cell.value))) else {}
            continue
        column = found.kind.columns[chosen.ours]
        values |= _values(cell, column, chosen.measure, ways)
    values = {name: values[name] for name in found.kind.columns if name in values}
    _check_needed(sheet, found, row, values)
    return Line(row, values, others)


def _values(cell: Cell, column: Column, measure: str, ways: Ways) -> dict[str, Read]:
    """What a cell says: mostly one value under the name of the column, none where it is empty."""
    if column.type == "amount":
        return _amount(cell, column, measure, ways)
    if column.type == "number":
        said = number(cell, ways.decimal)
        return {} if said is None else {column.name: _bare(said)}
    if column.type in ("when", "time"):
        day = when(cell, ways.dates)
        return {} if day is None else {column.name: day}
    found = _TEXTS.get(column.type, text)(cell)
    return {column.name: found} if found else {}


def _amount(cell: Cell, column: Column, measure: str, ways: Ways) -> dict[str, Read]:
    """An amount and its unit of measure: that of the cell before that of the column's name."""
    value, unit = amount(cell, ways.decimal)
    if value is not None and value < 0:
        raise UnreadableCell(cell, "is a negative amount; enter what was moved, and which way by the columns")
    unit = unit or measure
    told: dict[str, Read] = {} if value is None else {column.name: _bare(value)}
    return told | ({MEASURES[column.name]: unit} if unit and value is not None else {})


def _bare(found: Decimal) -> Decimal:
    """The number without zeros at its end, which a workbook does not keep."""
    digits = f"{found:f}"
    return Decimal(digits.rstrip("0").rstrip(".") if "." in digits else digits)


def _check_needed(sheet: Sheet, found: Layout, row: int, values: Mapping[str, Read]) -> None:
    """Every row has what its kind cannot do without."""
    at = {chosen.ours: chosen.column for chosen in found.columns}
    for name, column in found.kind.columns.items():
        if column.required and name not in values:
            raise UnreadableCell(sheet.cell(row, at.get(name, 1)), f"is empty where {name} is needed; fill it in")
    for group in found.kind.any_of:
        if not any(name in values for name in group):
            place = next((at[name] for name in group if name in at), 1)
            raise UnreadableCell(sheet.cell(row, place), f"leaves open {' or '.join(group)}; fill in one of them")
    for prefix in ("input_", ""):
        product = values.get(f"{prefix}product", "")
        told = any(f"{prefix}{name}" in values for name in ("lot", "identifier", *_OWN_NUMBER[found.kind.name]))
        if isinstance(product, str) and product and not told and product_of(product) is None:
            reason = f"names goods without {prefix}lot, which could be any of that name; fill in their lot number"
            raise UnreadableCell(sheet.cell(row, at[f"{prefix}product"]), reason)


def _site(cell: Cell) -> str:
    return location(found) if (found := identifier(cell)) else ""


def _party(cell: Cell) -> str:
    return party(found) if (found := identifier(cell)) else ""


def _unit(cell: Cell) -> str:
    return canonical(found) if (found := identifier(cell)) else ""


def _several(cell: Cell) -> str:
    """Several identifiers, in lines of their own too."""
    lines = raw_text(cell.value).split("\n") if isinstance(cell.value, str) else [cell.value]
    return "; ".join(filter(None, (identifier(replace(cell, value=line)) for line in lines)))


def _measure(cell: Cell) -> str:
    return unit_of(text(cell))


_TEXTS: dict[str, Callable[[Cell], str]] = {
    "code": identifier,
    "pseudonym": identifier,
    "units": _several,
    "sites": _several,
    "products": _several,
    "site": _site,
    "party": _party,
    "product": _unit,
    "unit": _unit,
    "measure": _measure,
}


def _written(value: Read) -> str:
    if isinstance(value, When):
        return value.iso
    return f"{value:f}" if isinstance(value, Decimal) else value
