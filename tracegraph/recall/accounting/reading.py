"""Many replies from one file: CSV, XLSX or JSON, each row or object the fields of one reply.

What is no reply is told by its cell (JSON: by its pointer) and kept whole; the others stand.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tracegraph.errors import InputError, InvalidField
from tracegraph.formats.tables.cells import UnreadableCell
from tracegraph.formats.tables.columns import Layout, layout
from tracegraph.formats.tables.kinds import REASON, TableKind, table_of, template_of
from tracegraph.formats.tables.reading import Sheet, read_sheets
from tracegraph.formats.tables.rows import BadRow, Ways, bad_row, lines
from tracegraph.model.person import REFERENCE
from tracegraph.recall.accounting.replies import AMOUNTS, REPLY, Renamed
from tracegraph.recall.case.actions import action_data, action_kind
from tracegraph.recall.privacy import check_texts

#: What JSON may have around its list of replies.
_LIST = "replies"
#: Fields that name a person.
_PERSONS = ("signer", "witness")


@dataclass(frozen=True, slots=True)
class StatedReply:
    """The fields of a reply as text, the row (JSON: the place in the list) that states it, and its reason."""

    row: int
    fields: Mapping[str, str]
    reason: str = ""


#: What a file states, in its order.
Rows = Iterator[StatedReply | BadRow]


@dataclass(slots=True)
class ReplyTable:
    """What was read: replies in their order, and what is none."""

    replies: list[StatedReply] = field(default_factory=list)
    rejected: list[BadRow] = field(default_factory=list)


def read_replies(data: bytes, name: str, ways: Ways | None = None, persons: Renamed | None = None) -> ReplyTable:
    """The replies in a file called `name`. `persons`: the reference of a signer or witness who is named; without it a
    row with a name is none, since the ledger holds no names.

    Raises InputError where it is neither a spreadsheet with the columns of replies nor JSON with a list of them.
    """
    is_json = data.lstrip()[:1] in (b"[", b"{")
    found = _of_json(data, name, persons) if is_json else _of_table(data, name, ways or Ways(), persons)
    table = ReplyTable()
    for one in found:
        if isinstance(one, BadRow):
            table.rejected.append(one)
        else:
            table.replies.append(one)
    return table


def reply_table() -> TableKind:
    """The columns of a table of replies."""
    return table_of(action_kind(REPLY))


def reply_template(form: str, language: str) -> bytes:
    """An empty table of replies to be filled in, `form` csv or xlsx, its columns in the language. UsageError for
    another form."""
    return template_of(reply_table(), form, language)


def _of_table(data: bytes, name: str, ways: Ways, persons: Renamed | None) -> Rows:
    kind = reply_table()
    for sheet in read_sheets(data, name):
        found = None if sheet.hidden else layout(sheet, [kind])
        if found is not None and not found.by_name.missing():
            return _rows(sheet, found.by_name, ways, name, persons)
    needed = " and ".join(column.name for column in kind.columns.values() if column.required)
    raise InputError(f"{name} has no row with the columns {needed}; name the columns {', '.join(kind.columns)}")


def _rows(sheet: Sheet, found: Layout, ways: Ways, name: str, persons: Renamed | None) -> Rows:
    at = {chosen.ours: chosen.column for chosen in found.columns if chosen.ours}
    measure = _measure(found, name)
    for line in lines(sheet, found, ways):
        if isinstance(line, BadRow):
            yield line
            continue
        fields = line.written()
        reason = fields.pop(REASON, "")
        fields.setdefault("measure", measure)
        try:
            yield _stated(line.row, fields, reason, persons)
        except InvalidField as invalid:
            cell = sheet.cell(line.row, at.get(invalid.field, 1))
            yield bad_row(sheet, found, line.row, UnreadableCell(cell, f"makes no {invalid}"))
    if sheet.damage is not None:
        row = sheet.damage.row
        yield BadRow(row, f"A{row}", f"row {row} {sheet.damage.reason}", {"": sheet.damage.rest})


def _measure(found: Layout, name: str) -> str:
    """The unit of measure in the names of the columns of amounts (`On hand (kg)`); empty where they have none."""
    named = {one.measure for one in found.columns if one.ours in ("quantity", *AMOUNTS) and one.measure}
    if len(named) > 1:
        raise InputError(f"the columns of {name} name several units of measure ({', '.join(sorted(named))}); use one")
    return next(iter(named), "")


def _of_json(data: bytes, name: str, persons: Renamed | None) -> Rows:
    try:
        told = json.loads(data, parse_float=Decimal, parse_int=Decimal)
    except ValueError as problem:
        raise InputError(f"{name} is no JSON ({problem}); give a list of replies, or a spreadsheet") from None
    listed, at = (told.get(_LIST), f"/{_LIST}") if isinstance(told, dict) else (told, "")
    if not isinstance(listed, list):
        raise InputError(f"{name} has no list of replies; give a list, or an object with one under {_LIST!r}")
    return _objects(listed, at, persons)


def _objects(listed: Iterable[Any], at: str, persons: Renamed | None) -> Rows:
    for number, told in enumerate(listed):
        pointer = f"{at}/{number}"
        if not isinstance(told, dict):
            yield BadRow(number, pointer, f"{pointer} is no object; give the fields of a reply", {"": _text(told)})
            continue
        fields = {str(key): _text(one) for key, one in told.items() if one is not None}
        reason = fields.pop(REASON, "")
        try:
            yield _stated(number, fields, reason, persons)
        except InvalidField as invalid:
            place = f"{pointer}/{invalid.field}" if invalid.field else pointer
            yield BadRow(number, place, f"{place} makes no {invalid}", fields)


def _stated(row: int, fields: Mapping[str, str], reason: str, persons: Renamed | None) -> StatedReply:
    """Raises InvalidField where the fields make no reply, or one that must not stand in the ledger."""
    said = {name: text.strip() for name, text in fields.items() if text.strip()}
    said |= {name: _reference(name, said[name], persons) for name in _PERSONS if name in said}
    action_data(REPLY, said)
    check_texts(action_kind(REPLY), said, reason)
    return StatedReply(row, said, reason)


def _reference(name: str, text: str, persons: Renamed | None) -> str:
    if REFERENCE.fullmatch(text):
        return text
    if persons is None:
        raise InvalidField(f"{REPLY}: {name} is no reference of a person; add the person, and give person:...", name)
    try:
        return persons(text)
    except InvalidField as unknown:
        raise InvalidField(f"{REPLY}: {name} {unknown}", name) from None


def _text(told: Any) -> str:
    """A value of JSON as the text of a field; several are separated by semicolons."""
    if isinstance(told, bool):
        return "yes" if told else "no"
    if isinstance(told, Decimal):
        return f"{told:f}"
    return "; ".join(map(_text, told)) if isinstance(told, list) else str(told)
