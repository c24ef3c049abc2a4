"""JSON values to text, with every number as exactly as it was read."""

from __future__ import annotations

import re
from decimal import Decimal
from json.encoder import encode_basestring

from tracegraph.model.event import Json

_TOKENS = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[^ \t\r\n"]++', re.DOTALL)


def compact(text: str) -> str:
    """A JSON text without the blanks between its tokens; nothing else changes."""
    if "\n" not in text and '": ' not in text and '", ' not in text:
        return text
    if '\\"' in text:
        return "".join(_TOKENS.findall(text))
    # Every double quote begins or ends a string: what stands between strings loses its blanks.
    parts = text.split('"')
    outside = '"'.join(parts[::2])
    for blank in " \n\r\t":
        outside = outside.replace(blank, "")
    parts[::2] = outside.split('"')
    return '"'.join(parts)


def json_text(value: Json) -> str:
    """A JSON value as compact text, members in their order. Decimal keeps its digits; a TypeError for anything that
    is no JSON value."""
    if isinstance(value, str):
        return encode_basestring(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (Decimal, int)):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{encode_basestring(name)}:{json_text(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(json_text, value)) + "]"
    raise TypeError(f"{type(value).__name__} is no JSON value")
