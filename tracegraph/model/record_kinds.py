"""Kinds of records that people enter, one by one or as rows of a table: which fields each has, and a row as a record.

The kinds are data (record_kinds.json; those of the claim layer in claim_kinds.json): a field's type, whether it is
required, its choices or unit of measure, and its labels in English and Chinese. Whoever makes a form, a template or a
reader of tables takes them from here. A row is text by field name; what makes text of the cells of a spreadsheet lies
elsewhere.

In a record, identifiers are canonical keys, numbers decimal text, answers to yes or no booleans, and times as they are
known: a date stays a date (`2026-01-31`, some time on that day), anything finer is UTC (`2026-01-31T09:00:00Z`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib.resources import files
from typing import Any

from tracegraph.errors import InvalidField, UsageError
from tracegraph.identifiers import canonical, location, party
from tracegraph.model.instants import DATE_ONLY, instant_text, parse_instant
from tracegraph.model.record import Record

#: What a person may write for yes and for no.
YES = frozenset({"yes", "y", "true", "1", "是"})
NO = frozenset({"no", "n", "false", "0", "否"})

#: A case number that cannot be a name, an address or a date of birth written out.
PSEUDONYM = re.compile(r"(?=.*\d)[A-Za-z0-9._-]{1,40}")


#: Where the kinds are written.
KIND_FILES = ("record_kinds.json", "claim_kinds.json")


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `type`: text, pseudonym, unit, site, party, product, several of them separated by semicolons (units,
    sites, products), time, number, yes_no or choice (of `choices`). `unit`: the unit of measure of a number (UN/ECE Rec
    20, empty: none). `least`: what a number must be at least. `default` stands where the field is empty. `known`: the
    unit must have been captured already. `label`: by language (`en`, `zh`)."""

    name: str
    type: str
    required: bool = False
    unit: str = ""
    choices: tuple[str, ...] = ()
    default: str = ""
    least: str = ""
    known: bool = False
    label: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RecordKind:
    """One kind. `key`: the fields that together name a record, in order. `any_of`: of each of these groups at least one
    field must be given. `in_order`: of each of these pairs the first time must not come after the second. `reason`:
    a record needs one however it comes in. `valid`: the times from when, and until when, a record is true. `of`: the
    fields that name whose record it is (parties and sites); `published`: fields with a party whose records of this kind
    whoever knows the party may see; `within`: pairs of a field and the kind of the record that it names and belongs
    to."""

    name: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    any_of: tuple[tuple[str, ...], ...] = ()
    in_order: tuple[tuple[str, str], ...] = ()
    reason: bool = False
    valid: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    published: tuple[str, ...] = ()
    within: tuple[tuple[str, str], ...] = ()
    label: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the fields, in order."""
        return tuple(one.name for one in self.fields)


def record_of(kind: str, row: Mapping[str, str], reason: str = "", source: str = "", withdrawn: bool = False) -> Record:
    """The record that a row of text states; empty cells are as if they were not there.

    Raises InvalidField (with the field's name) where a value is missing, is none of its type, or is of no field of the
    kind; UsageError where there is no such kind.
    """
    known = record_kind(kind)
    data = data_of(known, row)
    if known.reason and not reason.strip():
        raise UsageError(f"{kind} needs a reason; say why this is so, and who says it")
    since, until = valid_span(kind, data)
    return Record(kind, record_id(known, data), data, since, until, withdrawn, reason, source)


def data_of(known: RecordKind, row: Mapping[str, str]) -> dict[str, Any]:
    """The data that a row of text states; empty cells are as if they were not there. Raises InvalidField as above."""
    cells = {name: text.strip() for name, text in row.items() if text.strip()}
    for name in cells:
        if name not in known.names:
            raise _invalid(known, name, f"is no field of a record of this kind; use {', '.join(known.names)}")
    data = {one.name: read for one in known.fields if (read := _value_of(known, one, cells.get(one.name))) is not None}
    _check_rules(known, data)
    return data


def record_id(kind: RecordKind, data: Mapping[str, Any]) -> str:
    """What names a record: its only key field, or all of them joined by ` | ` (a bar inside one is doubled)."""
    parts = [str(data.get(name, "")) for name in kind.key]
    return parts[0] if len(parts) == 1 else " | ".join(part.replace("|", "||") for part in parts)


def valid_span(kind: str, data: Mapping[str, Any]) -> tuple[int | None, int | None]:
    """The first instant at which a record with these data may be true, and the last; None: no bound, or none known."""
    known = record_kinds().get(kind)
    times = [data.get(name) for name in known.valid] if known else []
    first, last = [*times, None, None][:2]
    return None if first is None else time_span(first)[0], None if last is None else time_span(last)[1]


def time_span(text: str) -> tuple[int, int]:
    """The first and the last instant that a time of a record may mean: of a date the whole day."""
    return parse_instant(text, "time"), parse_instant(text, "time", "end")


def record_kind(name: str) -> RecordKind:
    """The kind of that name; raises UsageError for one that there is not."""
    known = record_kinds().get(name)
    if known is None:
        raise UsageError(f"{name!r} is no kind of record; choose one of {', '.join(record_kinds())}")
    return known


@cache
def record_kinds() -> dict[str, RecordKind]:
    """All kinds by name."""
    texts = (files("tracegraph.model").joinpath(name).read_text(encoding="utf-8") for name in KIND_FILES)
    return {name: kind_of(name, told) for text in texts for name, told in json.loads(text).items()}


def kind_of(name: str, told: Mapping[str, Any]) -> RecordKind:
    """A kind as it is written in a file of kinds; `key` and whatever else a kind need not have may be missing."""
    fields = tuple(
        Field(one, **{**about, "choices": tuple(about.get("choices", ()))}) for one, about in told["fields"].items()
    )
    any_of = tuple(tuple(group) for group in told.get("any_of", ()))
    in_order = tuple((first, second) for first, second in told.get("in_order", ()))
    valid, of, published = (tuple(told.get(part, ())) for part in ("valid", "of", "published"))
    within = tuple((field, parent) for field, parent in told.get("within", ()))
    reason = told.get("reason", False)
    key, label = tuple(told.get("key", ())), told["label"]
    return RecordKind(name, fields, key, any_of, in_order, reason, valid, of, published, within, label)


def _value_of(kind: RecordKind, asked: Field, text: str | None) -> Any:
    """The value of one field; None where it is not given."""
    text = text or asked.default
    if not text:
        if asked.required:
            raise _invalid(kind, asked.name, "is missing; give one")
        return None
    try:
        return _READERS[asked.type](asked, text)
    except UsageError as problem:
        raise _invalid(kind, asked.name, str(problem)) from None


def _check_rules(kind: RecordKind, data: Mapping[str, Any]) -> None:
    """What holds between fields."""
    for group in kind.any_of:
        if not any(name in data for name in group):
            raise _invalid(kind, group[0], f"is missing; give {' or '.join(group)}")
    for first, second in kind.in_order:
        if first in data and second in data and time_span(data[first])[0] > time_span(data[second])[1]:
            raise _invalid(kind, second, f"{data[second]} is before {first} {data[first]}; swap the two")


def _invalid(kind: RecordKind, name: str, problem: str) -> InvalidField:
    return InvalidField(f"{kind.name}: {name} {problem}", name)


def _text(asked: Field, text: str) -> str:
    return text


def _pseudonym(asked: Field, text: str) -> str:
    if not PSEUDONYM.fullmatch(text):
        raise UsageError(f"{text!r} may be a person's name; give a number of letters, digits, dots and dashes")
    return text


def _unit(asked: Field, text: str) -> str:
    return canonical(text)


def _several(read: Callable[[Field, str], str]) -> Callable[[Field, str], list[str]]:
    """Reads each of several, separated by semicolons; sorted, each once."""

    def several(asked: Field, text: str) -> list[str]:
        return sorted({read(asked, one.strip()) for one in re.split(r"[;\n]", text) if one.strip()})

    return several


def _site(asked: Field, text: str) -> str:
    return location(text)


def _party(asked: Field, text: str) -> str:
    return party(text)


def _time(asked: Field, text: str) -> str:
    if DATE_ONLY.fullmatch(text):
        parse_instant(text, "value")
        return text
    return instant_text(parse_instant(text, "value"))


def _number(asked: Field, text: str) -> str:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise UsageError(f"{text!r} is no number; write digits with a dot before decimals")
    if asked.least and number < Decimal(asked.least):
        raise UsageError(f"{text} is too small; give at least {asked.least}")
    return f"{number:f}"


def _yes_no(asked: Field, text: str) -> bool:
    said = text.casefold()
    if said not in YES | NO:
        raise UsageError(f"{text!r} is neither yes nor no; write one of the two")
    return said in YES


def _choice(asked: Field, text: str) -> str:
    if text.casefold() not in asked.choices:
        raise UsageError(f"{text!r} is not offered; choose one of {', '.join(asked.choices)}")
    return text.casefold()


_READERS: dict[str, Callable[[Field, str], Any]] = {
    "text": _text,
    "pseudonym": _pseudonym,
    "unit": _unit,
    "units": _several(_unit),
    "site": _site,
    "sites": _several(_site),
    "party": _party,
    "product": _unit,
    "products": _several(_unit),
    "time": _time,
    "number": _number,
    "yes_no": _yes_no,
    "choice": _choice,
}
