"""Where a page ended, as a text without meaning to the client: nothing about pages is kept anywhere else.

A token holds the ledger position that was known when the first page was asked for, so that all pages are of one state
however much is captured in between; a mark of the ledger and a digest of the query, so that neither another store nor
another query goes on with it; and where to go on. With a secret it is encrypted (AES-SIV, RFC 5297): positions tell how
many events lie between those that a client is shown. All tokens have one length.
"""

from __future__ import annotations

import binascii
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha512

from tracegraph.errors import QueryInvalid
from tracegraph.stores.port import Reading

_LAYOUT = struct.Struct(">QQ6s12s")
_MARK = 12


@dataclass(frozen=True, slots=True)
class Token:
    """`position`: what was known at the first page. `last`: the position of the last event given. `mark`: of the ledger
    entry at `position`, 12 hexadecimal digits. `digest`: of the query, 24 of them."""

    position: int
    last: int
    mark: str
    digest: str

    def text(self, secret: bytes | None = None) -> str:
        """The token as it is handed out."""
        packed = _LAYOUT.pack(self.position, self.last, bytes.fromhex(self.mark), bytes.fromhex(self.digest))
        sealed = packed if secret is None else _sealed(packed, secret)
        return urlsafe_b64encode(sealed).decode().rstrip("=")


def read_token(text: str, digest: str, store: Reading, secret: bytes | None = None) -> Token:
    """The token that a text is. Raises QueryInvalid where it is none, or not one of this query and ledger."""
    token = _token(text, secret)
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
    """The end of the hash of the ledger entry at a position."""
    return store.hash_at(position)[-_MARK:]


def _token(text: str, secret: bytes | None) -> Token | None:
    try:
        given = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
        packed = given if secret is None else _opened(given, secret)
        position, last, mark, digest = _LAYOUT.unpack(packed)
    except (ValueError, binascii.Error, struct.error):
        return None
    return Token(position, last, mark.hex(), digest.hex()) if last <= position < 2**53 else None


def _sealed(packed: bytes, secret: bytes) -> bytes:
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

    return AESSIV(sha512(secret).digest()).encrypt(packed, None)


def _opened(sealed: bytes, secret: bytes) -> bytes:
    """What was sealed. ValueError where it was not sealed with this secret."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

    try:
        return AESSIV(sha512(secret).digest()).decrypt(sealed, None)
    except InvalidTag:
        raise ValueError("not sealed with this secret") from None
