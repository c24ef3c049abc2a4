"""Where a page ended, as a text without meaning to the client: nothing about pages is kept anywhere else.

A token holds the ledger position that was known when the first page was asked for, so that all pages are of one state
however much is captured in between; a mark of the ledger and a digest of the query, so that neither another store nor
another query goes on with it; and where to go on.
"""

from __future__ import annotations

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import astuple, dataclass

from tracegraph.errors import QueryInvalid
from tracegraph.stores.port import Reading

_MARK = 12


@dataclass(frozen=True, slots=True)
class Token:
    """`position`: what was known at the first page. `mark`: of the ledger entry there. `digest`: of the query. `last`:
    the position of the last event given."""

    position: int
    mark: str
    digest: str
    last: int

    def text(self) -> str:
        """The token as it is handed out."""
        return urlsafe_b64encode(json.dumps(astuple(self)).encode()).decode().rstrip("=")


def read_token(text: str, digest: str, store: Reading) -> Token:
    """The token that a text is. Raises QueryInvalid where it is none, or not one of this query and ledger."""
    token = _token(text)
    if token is None:
        raise QueryInvalid(f"nextPageToken {text[:40]!r} is none that was given here; ask for the first page anew")
    if token.digest != digest:
        raise QueryInvalid(
            "nextPageToken belongs to another query; repeat the query of the first page, or leave it out"
        )
    if token.position > store.head().count or mark_of(store, token.position) != token.mark:
        raise QueryInvalid("nextPageToken belongs to another store; ask for the first page anew")
    return token


def mark_of(store: Reading, position: int) -> str:
    """The end of the hash of the ledger entry at a position; empty where there is none to be seen."""
    for entry in store.entries(position - 1, position) if position > 0 else ():
        return entry.hash[-_MARK:]
    return ""


def _token(text: str) -> Token | None:
    try:
        found = json.loads(urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        return None
    kinds = (int, str, str, int)
    if not isinstance(found, list) or [type(part) for part in found] != list(kinds):
        return None
    token = Token(*found)
    return token if 0 <= token.last <= token.position < 2**53 else None
