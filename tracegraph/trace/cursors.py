"""Where the next page of a list begins, as text that is handed back unread: what the last entry was sorted by."""

from __future__ import annotations

import base64
import binascii
import json

from tracegraph.errors import UnknownIdentifier

Key = tuple[int | str, ...]


def write_cursor(key: Key) -> str:
    """The text of a sort key: letters, digits, `-` and `_`."""
    text = json.dumps(key, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(text: str, like: Key) -> Key:
    """The sort key in a text; UnknownIdentifier where it is none of the same types as `like`."""
    try:
        key = tuple(json.loads(base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)))
    except (binascii.Error, ValueError, TypeError, RecursionError):
        key = ()
    if [type(part) for part in key] != [type(part) for part in like]:
        raise UnknownIdentifier(f"after is {text!r:.100}, which no page gave as its next; give that, or leave it out")
    return key
