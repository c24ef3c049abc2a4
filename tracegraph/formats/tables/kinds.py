"""The plain tables: which columns each kind has, what people call them, and the empty spreadsheet of one.

The kinds are data (kinds.json). A kind of record (model.record_kinds) is a kind of table too: its fields are columns.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from tracegraph.errors import UsageError
from tracegraph.formats.tables.writing import Row, csv_bytes, sheet_name, write_xlsx
from tracegraph.model.record_kinds import RecordKind, record_kinds

#: The sheet of a workbook that says what the others are; it is no table.
ABOUT = "tracegraph"
#: How the sheet begins that says what exported tables are; as CSV it has no name.
ABOUT_TABLES = ("tracegraph", "tables")
#: The column of records that says why a row is recorded; no field of the record.
REASON = "reason"
_REASON_LABELS = {"en": "Reason", "zh": "理由"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `type`: text, code (a number of a lot or document), unit, site, party, product, amount (a number,
    perhaps with its unit of measure), number,
    measure, when; of records the types of their fields. `labels`: by language; `also`: what else people call it;
    `choices`: what can stand in it, where that is not free."""

    name: str
    type: str
    required: bool
    labels: Mapping[str, str]
    also: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All that it is called, its own name first."""
        return (self.name, *self.labels.values(), *self.also)


@dataclass(frozen=True, slots=True, eq=False)
class TableKind:
    """One kind of table. `any_of`: of each group of columns a row fills at least one. `of_records`: its rows are
    records of the kind of this name. `decides`: they are decisions that somebody signs with a reason, so that no table
    is ever taken for one that does not say so by the name of its sheet, or of whom it is said."""

    name: str
    labels: Mapping[str, str]
    columns: Mapping[str, Column]
    any_of: tuple[tuple[str, ...], ...] = ()
    of_records: bool = False
    decides: bool = False


@cache
def table_kinds() -> dict[str, TableKind]:
    """The kinds of tables that are captured as events and master data, by name."""
    listed = json.loads((files(__package__) / "kinds.json").read_text(encoding="utf-8"))
    return {name: _kind(name, told) for name, told in listed.items()}


def _kind(name: str, told: Mapping[str, Any]) -> TableKind:
    any_of = tuple(tuple(group) for group in told.get("any_of", ()))
    return TableKind(name, told["label"], {key: _column(key, about) for key, about in told["columns"].items()}, any_of)


def _column(name: str, about: Mapping[str, Any]) -> Column:
    labels = {"en": about["en"], "zh": about["zh"]}
    return Column(name, about.get("type", "text"), about.get("required", False), labels, tuple(about.get("also", ())))


@cache
def all_kinds() -> dict[str, TableKind]:
    """Every kind of table that is captured: those of events and master data, then one for each kind of record."""
    return table_kinds() | {kind.name: table_of(kind) for kind in record_kinds().values()}


def kind_named(name: str) -> TableKind:
    """The kind of table of that name, kinds of records included. UsageError where there is none."""
    known = all_kinds()
    if name not in known:
        raise UsageError(f"{name!r} is no kind of table; choose one of {', '.join(known)}")
    return known[name]


def table_of(kind: RecordKind) -> TableKind:
    """The table whose rows are records of a kind: a column for each field, and one for the reason."""
    columns = {
        field.name: Column(field.name, field.type, field.required, field.label, choices=field.choices)
        for field in kind.fields
    }
    columns.setdefault(REASON, Column(REASON, "text", False, _REASON_LABELS))
    return TableKind(kind.name, kind.label, columns, kind.any_of, of_records=True, decides=kind.reason)


def template(name: str, form: str, language: str) -> bytes:
    """An empty spreadsheet to be filled in, `form` csv or xlsx, its columns in the language. A workbook explains each
    column on a second sheet. UsageError for another form or an unknown kind."""
    return template_of(kind_named(name), form, language)


def template_of(kind: TableKind, form: str, language: str) -> bytes:
    """As `template`, for a kind of table that is none of what is captured."""
    head: Row = [column.labels[language] for column in kind.columns.values()]
    if form == "csv":
        return csv_bytes([head])
    if form != "xlsx":
        raise UsageError(
            f"a template is written as csv or xlsx, not as {form!r}; name the file with one of these endings"
        )
    file = io.BytesIO()
    write_xlsx(file, {sheet_name(kind.labels[language]): [head], ABOUT: _explained(kind)})
    return file.getvalue()


def _explained(kind: TableKind) -> list[Row]:
    """What each column is, in both languages."""
    rows: list[Row] = [["column", "en", "zh", "type", "required"]]
    groups = {name: " / ".join(group) for group in kind.any_of for name in group}
    for column in kind.columns.values():
        needed = "required" if column.required else f"one of {groups[column.name]}" if column.name in groups else ""
        type_told = f"{column.type}: {' / '.join(column.choices)}" if column.choices else column.type
        rows.append([column.name, column.labels["en"], column.labels["zh"], type_told, needed])
    return rows
