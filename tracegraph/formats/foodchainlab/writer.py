"""FoodChain-Lab JSON v1, written from rows of cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from tracegraph.formats.epcis.json_text import json_text
from tracegraph.model.event import Json

#: The version of the format that is written where no file said which.
VERSION = "1.2.0"
TABLES = ("stations", "deliveries", "deliveryRelations")

#: The cells of a row: column and value, in order.
Cells = tuple[tuple[str, Json], ...]


@dataclass(slots=True)
class Contents:
    """What is written. `rows` by table; `columns`: what is said of the columns of a table, completed from the rows;
    `marks`: those on stations (`nodes`) and deliveries; `about`: other members, by name or `parent/name`."""

    rows: dict[str, list[Cells]] = field(default_factory=dict)
    columns: Mapping[str, Sequence[Json]] = field(default_factory=dict)
    marks: dict[str, list[Json]] = field(default_factory=dict)
    about: Mapping[str, Json] = field(default_factory=dict)


def document_pieces(contents: Contents) -> Iterator[str]:
    """The document as pieces of text."""
    told = {name: value for name, value in contents.about.items() if "/" not in name}
    yield json_text({"version": VERSION, **told})[:-1]
    yield f',"data":{json_text({"version": VERSION, **_within("data", contents.about)})[:-1]}'
    for table in TABLES:
        yield from _table(table, contents)
    yield "}"
    tracing = _within("tracing", contents.about)
    if tracing or any(contents.marks.values()):
        marks = {name: contents.marks.get(name, []) for name in ("nodes", "deliveries")}
        yield f',"tracing":{json_text({**tracing, **marks})}'
    yield "}\n"


def _within(parent: str, about: Mapping[str, Json]) -> dict[str, Json]:
    """The members of a member, but for those of tables."""
    prefix = f"{parent}/"
    named = {name.removeprefix(prefix): value for name, value in about.items() if name.startswith(prefix)}
    return {name: value for name, value in named.items() if "/" not in name}


def _table(table: str, contents: Contents) -> Iterator[str]:
    rows = contents.rows.get(table, [])
    columns = list(contents.columns.get(table, ()))
    named = {column.get("id") for column in columns if isinstance(column, dict)}
    for name, value in (cell for row in rows for cell in row):
        if name not in named:
            named.add(name)
            columns.append({"id": name, "type": _type(value)})
    more = _within(f"data/{table}", contents.about)
    yield f',"{table}":{json_text({**more, "columnProperties": columns})[:-1]},"data":['
    separator = "\n"
    for row in rows:
        yield separator + json_text([{"id": name, "value": value} for name, value in row])
        separator = ",\n"
    yield "]}"


def _type(value: Json) -> str:
    """The type of a column by one of its values."""
    if isinstance(value, bool):
        return "boolean"
    return "double" if isinstance(value, Decimal) else "string"
