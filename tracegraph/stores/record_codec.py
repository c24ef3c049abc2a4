"""Records as every store keeps them; their data (JSON values with Decimals) as JSON text.

A Decimal is written `{"$decimal": "1.50"}`, so that its digits survive and numbers stay numbers; an object that could
be mistaken for that is wrapped as `{"$object": {...}}`.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from tracegraph.errors import UsageError
from tracegraph.model.record import Record, StoredRecord

_MARKS = ("$decimal", "$object")


def encode_data(data: dict[str, Any]) -> str:
    """The data as one line of ASCII JSON; UsageError for a float or anything that JSON cannot say."""
    return json.dumps(_marked(data), separators=(",", ":"))


def decode_data(text: str) -> dict[str, Any]:
    """The data that `encode_data` wrote."""
    written = json.loads(text)
    data: dict[str, Any] = _unmarked(written) if '"$' in text else written
    return data


def read_stored(
    kind: str,
    id: str,
    data: str,
    valid_from: int | None,
    valid_to: int | None,
    withdrawn: int,
    reason: str,
    source: str,
    position: int,
    recorded_at: int,
    actor: str,
) -> StoredRecord:
    """A record from the columns in which every store keeps it, and from those of its ledger entry."""
    record = Record(kind, id, decode_data(data), valid_from, valid_to, bool(withdrawn), reason, source)
    return StoredRecord(record, position, recorded_at, actor)


def _marked(value: Any) -> Any:
    """The value with its Decimals and look-alikes marked."""
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, Decimal):
        return {"$decimal": str(value)}
    if isinstance(value, dict):
        return _marked_object(value)
    if isinstance(value, (list, tuple)):
        return [_marked(item) for item in value]
    raise UsageError(f"a record cannot hold {value!r} ({type(value).__name__}); give text, a whole number or a Decimal")


def _marked_object(value: dict[Any, Any]) -> dict[str, Any]:
    """An object with marked values, wrapped where its only key is a mark."""
    if any(not isinstance(key, str) for key in value):
        raise UsageError(f"a record cannot hold an object with keys that are no text: {list(value)!r}; use text keys")
    inner = {key: _marked(item) for key, item in value.items()}
    return {"$object": inner} if len(inner) == 1 and next(iter(inner)) in _MARKS else inner


def _unmarked(value: Any) -> Any:
    """The inverse of `_marked`."""
    if isinstance(value, list):
        return [_unmarked(item) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1 and "$decimal" in value:
        return Decimal(value["$decimal"])
    inner = value["$object"] if len(value) == 1 and "$object" in value else value
    return {key: _unmarked(item) for key, item in inner.items()}
