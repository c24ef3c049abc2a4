"""Records in JSON: `{"reason": "...", "records": [{"record": KIND, FIELD: VALUE, ...}, ...]}`.

Fields are those of the kind (tracegraph.model.record_kinds). A value is text; a number is taken digit by digit, true
and false are yes and no, a list is several. A record may have a `reason` of its own, unless that is a field of its
kind. What is no record is rejected by its pointer, and the others stand.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from tracegraph.errors import InvalidField, UsageError
from tracegraph.formats.epcis.pieces import AcceptedRecord, Piece, Rejected, SourcePosition
from tracegraph.formats.source import Kept, SourceFile, Unpacked, read_fully
from tracegraph.formats.tables.reading import MOST_BYTES
from tracegraph.formats.tables.records import IMPORTED
from tracegraph.model.record import Record
from tracegraph.model.record_kinds import record_kind, record_of

#: Members with which such a document begins, and no other that is read.
_BEGINNING = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"(?:records|reason)"\s*:')
_MEMBERS = frozenset({"reason", "records"})
#: What names the kind of a record.
KIND = "record"
REASON = "reason"


def is_record_document(beginning: bytes) -> bool:
    """Whether a text that begins so is meant as such a document."""
    return _BEGINNING.match(beginning) is not None


def read_record_document(file: SourceFile, stream: Unpacked) -> Iterator[Piece]:
    """The pieces of an open file."""
    data = read_fully(stream, MOST_BYTES + 1)
    position = SourcePosition(file.name)
    try:
        told = json.loads(data.decode("utf-8-sig"), parse_float=str, parse_int=str, parse_constant=_no_number)
        records = _records(told) if not stream.damage and len(data) <= MOST_BYTES else _too_much(stream.damage)
    except (ValueError, RecursionError) as problem:
        yield Rejected(position, f"{file.name} is no document of records: {problem}; see docs/records.md.", Kept(data))
        return
    for number, one in enumerate(records):
        yield _piece(one, told.get(REASON, ""), SourcePosition(file.name, f"/records/{number}"))


def _no_number(text: str) -> str:
    raise ValueError(f"{text} is no number of JSON")


def _too_much(damage: object) -> list[Any]:
    raise ValueError(str(damage) if damage else f"it is longer than {MOST_BYTES:,} bytes")


def _records(told: Any) -> list[Any]:
    if not isinstance(told, dict) or not isinstance(told.get("records"), list):
        raise ValueError("it has no list `records`")
    if unknown := sorted(told.keys() - _MEMBERS):
        raise ValueError(f"it has a member {unknown[0]!r}; use reason and records")
    if not isinstance(told.get(REASON, ""), str):
        raise ValueError("reason is no text")
    return list(told["records"])


def _piece(told: Any, reason: str, position: SourcePosition) -> Piece:
    kept = json.dumps(told, ensure_ascii=False).encode("utf-8", "surrogatepass")
    try:
        record = _record(told, reason, position.source)
    except InvalidField as invalid:
        return Rejected(
            position, f"{position.source} {position.pointer}/{invalid.field}: {_sentence(invalid)}", Kept(kept)
        )
    except (UsageError, UnicodeEncodeError) as problem:
        return Rejected(position, f"{position.source} {position.pointer}: {_sentence(problem)}", Kept(kept))
    return AcceptedRecord(record, position, {name: f"{position.pointer}/{name}" for name in record.data}, kept)


def _sentence(problem: Exception) -> str:
    return f"{problem}".rstrip(".") + "."


def _record(told: Any, reason: str, source: str) -> Record:
    if not isinstance(told, dict) or not isinstance(told.get(KIND), str):
        raise UsageError(f"is no record; give an object whose member {KIND!r} names its kind")
    kind = record_kind(told[KIND])
    beside = {KIND} if REASON in kind.names else {KIND, REASON}
    row = {name: _text(name, value) for name, value in told.items() if name not in beside}
    own = "" if REASON in kind.names else _text(REASON, told.get(REASON))
    if kind.reason and not (own or reason).strip():
        raise InvalidField(f"{kind.name} needs a reason; say why it is recorded", REASON)
    record = record_of(kind.name, row, own.strip() or reason.strip() or IMPORTED, source)
    str(record.data).encode()
    return record


def _text(name: str, value: Any) -> str:
    """A value as a row has it. Raises InvalidField for an object, or a list of anything but text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ";".join(value)
    if not isinstance(value, str):
        raise InvalidField(f"{name} is {_shape(value)}; give text, a number, true, false or a list of texts", name)
    return value


def _shape(value: Mapping[str, Any] | list[Any]) -> str:
    return "an object" if isinstance(value, Mapping) else "a list of other things than texts"
