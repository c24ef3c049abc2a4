"""What a FoodChain-Lab file says, the same from each of its forms: rows of three tables, marks, and everything else.

Columns have the names of the JSON format v1. A row keeps every cell as it came, in order; what a row means is looked up
by the names that the format knows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from tracegraph.formats.epcis import Rejected, SourcePosition
from tracegraph.formats.source import Kept
from tracegraph.model.event import Json

#: Names of columns by meaning, the first that holds something counts.
ID = ("ID",)
STATION_NAME = ("Name",)
ADDRESS = ("Address",)
COUNTRY = ("Country",)
LATITUDE = ("Latitude", "GeocodingLatitude")
LONGITUDE = ("Longitude", "GeocodingLongitude")
SUPPLIER = ("from",)
RECIPIENT = ("to",)
PRODUCT = ("Name",)
LOT = ("Lot Number", "Lot ID")
DEPARTURE = ("Date Delivery",)
ARRIVAL = ("Date Delivery Arrival",)
AMOUNT = ("Amount",)
INGREDIENT = ("from", "ID")
RESULT = ("to", "Next")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table. `cells`: names and values in order; `original`: the row as it stood, for the rejects file;
    `in_sheet`: it is a spreadsheet's, its pointer an address."""

    position: SourcePosition
    cells: tuple[tuple[str, Json], ...]
    original: bytes
    in_sheet: bool = False

    def text(self, names: Iterable[str]) -> str:
        """The first of these cells that is not empty, as text; empty where none is."""
        return text_of(self.cells, names)

    def rejected(self, reason: str) -> Rejected:
        """This row as a rejected piece; `reason` is the end of a sentence."""
        place = f"{self.position.source} {self.position.pointer}" if self.in_sheet else str(self.position)
        return Rejected(self.position, f"{place}: {reason}.", Kept(self.original))


@dataclass(slots=True)
class Document:
    """One file. `columns`: what it says of the columns of each table (`columnProperties`); `marks`: what tracing says
    of each station (`nodes`) and delivery (`deliveries`), by id; `about`: all its other members."""

    stations: list[Row] = field(default_factory=list)
    deliveries: list[Row] = field(default_factory=list)
    relations: list[Row] = field(default_factory=list)
    columns: dict[str, Json] = field(default_factory=dict)
    marks: dict[str, list[Row]] = field(default_factory=lambda: {"nodes": [], "deliveries": []})
    about: dict[str, Json] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)

    def table(self, name: str) -> list[Row]:
        """The rows of a table by its name in format v1."""
        return {"stations": self.stations, "deliveries": self.deliveries, "deliveryRelations": self.relations}[name]


def text_of(cells: Iterable[tuple[str, Json]], names: Iterable[str]) -> str:
    """The first of these cells that is not empty, as text; empty where none is."""
    held = {column: text for column, value in cells if (text := plain(value))}
    return next((held[name] for name in names if name in held), "")


def plain(value: Json) -> str:
    """A cell as text: without blanks around it, a whole number without decimals; else empty."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, Decimal) and value.is_finite():
        return f"{value:f}" if value != value.to_integral_value() else str(int(value))
    return ""
