"""Records as every store keeps them; their data (JSON values with Decimals) as JSON text.

A Decimal is written `{"$decimal": "1.50"}`, so that its digits survive and numbers stay numbers; an object that could
be mistaken for that is wrapped as `{"$object": {...}}`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any

from tracegraph.errors import UsageError
from tracegraph.model.record import Record, StoredRecord

#: So many records are decoded in one piece.
DECODED_AT_ONCE = 1000
_MARKS = ("$decimal", "$object")


def encode_data(data: dict[str, Any]) -> str:
    """The data as one line of ASCII JSON; UsageError for a float or anything that JSON cannot say."""
    return json.dumps(_marked(data), separators=(",", ":"))


def decode_data(text: str) -> dict[str, Any]:
    """The data that `encode_data` wrote."""
    written = json.loads(text)
    data: dict[str, Any] = _unmarked(written) if '"$' in text else written
    return data


def decode_many(texts: Sequence[str]) -> list[dict[str, Any]]:
    """As `decode_data`, of many at once: the parser is called once, and names of fields are kept once."""
    joined = ",".join(texts)
    written: list[dict[str, Any]] = json.loads(f"[{joined}]")
    if len(written) != len(texts):  # a text that is damaged may look like two
        return [decode_data(text) for text in texts]
    return [_unmarked(one) for one in written] if '"$' in joined else written


def read_many(rows: Iterable[Sequence[Any]]) -> Iterator[StoredRecord]:
    """Records from the columns in which every store keeps them, and from those of their ledger entries: kind, id, data,
    valid from and to, withdrawn, reason, source, position, recorded at, actor."""
    rest = iter(rows)
    while portion := list(islice(rest, DECODED_AT_ONCE)):
        for row, data in zip(portion, decode_many([row[2] for row in portion]), strict=True):
            kind, id, _, valid_from, valid_to, withdrawn, reason, source, position, recorded_at, actor = row
            record = Record(kind, id, data, valid_from, valid_to, bool(withdrawn), reason, source)
            yield StoredRecord(record, position, recorded_at, actor)


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
