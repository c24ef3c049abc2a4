"""Signed checkpoints: how long a store's ledger was and how it ended, kept where the store cannot reach.

A hash chain alone cannot show that its last entries are gone; a checkpoint can. It is signed with Ed25519 (RFC 8032)
over canonical JSON (RFC 8785). A key is named by its public half, `ed25519:` and 64 hex digits, so whoever trusts a
key needs nothing but that name. Keys change by an introduction: the old key signs the name of the new one; a
checkpoint carries the introductions of its key, so that a name written down years ago still verifies it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from stat import S_IMODE
from typing import TYPE_CHECKING, Any, Protocol

from tracegraph.errors import InputError, NegativeAnswer, UsageError
from tracegraph.stores.ledger import EMPTY_HASH
from tracegraph.stores.port import LedgerEntry, LedgerHead

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_PREFIX = "ed25519:"


class Ledger(Protocol):
    """What a checkpoint needs of a store."""

    identity: str

    def head(self) -> LedgerHead:
        """The end of the chain."""

    def entries(self, after: int = 0, upto: int | None = None) -> Iterator[LedgerEntry]:
        """Ledger entries in order, with `after` < position <= `upto`."""


@dataclass(frozen=True, slots=True)
class Introduction:
    """The statement of one key that another one takes its place. `made_at`: instant; `signature`: 128 hex digits."""

    key: str
    by: str
    made_at: int
    signature: str


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key, with the introductions that lead from the first key to it (oldest first)."""

    secret: bytes = field(repr=False)
    introductions: tuple[Introduction, ...] = ()

    @property
    def name(self) -> str:
        """The public half, by which others know and trust the key."""
        return _PREFIX + _private(self.secret).public_key().public_bytes_raw().hex()


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """`count` entries ending in `head` stood in the store at the instant `made_at`, says `key`."""

    store: str
    count: int
    head: str
    made_at: int
    key: str
    signature: str
    introductions: tuple[Introduction, ...] = ()


def create_key() -> SigningKey:
    """A new random key."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return SigningKey(Ed25519PrivateKey.generate().private_bytes_raw())


def rotate_key(old: SigningKey, made_at: int) -> SigningKey:
    """A new key, introduced by the old one at the instant `made_at`; whoever trusts the old one can trust it."""
    new = create_key()
    statement = _introduction_content(new.name, old.name, made_at)
    introduction = Introduction(new.name, old.name, made_at, _sign(old, statement))
    return SigningKey(new.secret, (*old.introductions, introduction))


def make_checkpoint(store: Ledger, key: SigningKey, made_at: int) -> Checkpoint:
    """A signed checkpoint of the store as it is now; `made_at` is the instant to be stated."""
    head = store.head()
    content = _checkpoint_content(store.identity, head.count, head.hash, made_at, key.name)
    signature = _sign(key, content)
    return Checkpoint(store.identity, head.count, head.hash, made_at, key.name, signature, key.introductions)


def verify_checkpoint(store: Ledger, checkpoint: Checkpoint, trusted: str) -> Iterator[str]:
    """One sentence per difference between the store and the checkpoint; nothing when the store holds all that the
    checkpoint states. The chain itself is checked by the store's `verify`.

    Raises NegativeAnswer where the checkpoint was not signed by the trusted key, nor by one that it introduced.
    """
    check_signature(checkpoint, trusted)
    if checkpoint.store != store.identity:
        yield f"the checkpoint is of another store ({checkpoint.store}, this one is {store.identity})"
    missing = checkpoint.count - store.head().count
    if missing > 0:
        entries = "entry is" if missing == 1 else "entries are"
        yield f"{missing} ledger {entries} missing since the checkpoint, which counts {checkpoint.count}"
        return
    found = next((entry.hash for entry in store.entries(checkpoint.count - 1, checkpoint.count)), EMPTY_HASH)
    if found != checkpoint.head:
        yield (
            f"ledger entry at position {checkpoint.count} differs from the checkpoint: "
            f"its hash is {found}, the checkpoint says {checkpoint.head}"
        )


def check_signature(checkpoint: Checkpoint, trusted: str) -> None:
    """Raise NegativeAnswer where the checkpoint was not signed by the trusted key, nor by one that it introduced."""
    _check_introduced(checkpoint.key, checkpoint.introductions, trusted)
    content = _checkpoint_content(
        checkpoint.store, checkpoint.count, checkpoint.head, checkpoint.made_at, checkpoint.key
    )
    if not _is_signed(checkpoint.key, content, checkpoint.signature):
        raise NegativeAnswer(
            f"the checkpoint of {checkpoint.count} entries was changed after it was signed: "
            f"its signature is not one of {checkpoint.key}; use the original file"
        )


def format_checkpoint(checkpoint: Checkpoint) -> str:
    """The checkpoint as JSON for a file."""
    return json.dumps(
        {
            "store": checkpoint.store,
            "count": checkpoint.count,
            "head": checkpoint.head,
            "made_at": checkpoint.made_at,
            "key": checkpoint.key,
            "signature": checkpoint.signature,
            "introductions": [_introduction_object(introduction) for introduction in checkpoint.introductions],
        },
        indent=1,
    )


def parse_checkpoint(text: str, source: str = "the checkpoint") -> Checkpoint:
    """The checkpoint in JSON text; InputError, naming `source`, where it is none."""
    document = _parse_object(text, source)
    return Checkpoint(
        store=_member(document, "store", str, source),
        count=_member(document, "count", int, source),
        head=_member(document, "head", str, source),
        made_at=_member(document, "made_at", int, source),
        key=_member(document, "key", str, source),
        signature=_member(document, "signature", str, source),
        introductions=_parse_introductions(document, source),
    )


def write_key(path: Path, key: SigningKey) -> None:
    """Keep a private key in a new file that only its owner may read (mode 0600); UsageError where the file exists."""
    text = json.dumps(
        {"private_key": key.secret.hex(), "key": key.name}
        | {"introductions": [_introduction_object(introduction) for introduction in key.introductions]},
        indent=1,
    )
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise UsageError(
            f"the key file {path} exists already; choose another name, keys are never overwritten"
        ) from None
    except OSError as error:
        raise UsageError(f"the key file {path} cannot be written: {error.strerror}; choose another folder") from None
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text + "\n")


def read_key(path: Path) -> SigningKey:
    """The private key in a file; UsageError where others may read the file too, InputError where it holds no key."""
    source = f"the key file {path}"
    try:
        if os.name == "posix" and S_IMODE(path.stat().st_mode) & 0o077:
            raise UsageError(f"{source} can be read by other users; run chmod 600 on it, or make a new key")
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{source} cannot be read: {error}; name a file made by write_key") from None
    document = _parse_object(text, source)
    secret = _unhex(_member(document, "private_key", str, source), 32)
    key = SigningKey(secret, _parse_introductions(document, source))
    if not secret or key.name != _member(document, "key", str, source):
        raise InputError(f"{source} holds no private key that fits the name in it; use the original file")
    return key


def _private(secret: bytes) -> Ed25519PrivateKey:
    """The private key that makes signatures."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(secret)


def _sign(key: SigningKey, content: bytes) -> str:
    return _private(key.secret).sign(content).hex()


def _is_signed(key: str, content: bytes, signature: str) -> bool:
    """Whether the key with that name made the signature over the content."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    public = _unhex(key.removeprefix(_PREFIX), 32)
    if not public or not key.startswith(_PREFIX):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(_unhex(signature, 64), content)
    except (InvalidSignature, ValueError):
        return False
    return True


def _check_introduced(key: str, introductions: Sequence[Introduction], trusted: str) -> None:
    """Follow the introductions from the trusted key to the one that signed."""
    if key == trusted:
        return
    current = trusted
    for introduction in introductions:
        if introduction.by != current:
            continue
        content = _introduction_content(introduction.key, introduction.by, introduction.made_at)
        if not _is_signed(current, content, introduction.signature):
            raise NegativeAnswer(f"the introduction of {introduction.key} is not signed by {current}; do not trust it")
        current = introduction.key
        if current == key:
            return
    raise NegativeAnswer(
        f"the checkpoint is signed by {key}, which the trusted key {trusted} did not introduce; "
        "name the key that you trust, or get a checkpoint made with it"
    )


def _checkpoint_content(store: str, count: int, head: str, made_at: int, key: str) -> bytes:
    """The bytes that a checkpoint's signature covers."""
    return _canonical(
        {"type": "checkpoint", "store": store, "count": count, "head": head, "made_at": made_at, "key": key}
    )


def _introduction_content(key: str, by: str, made_at: int) -> bytes:
    """The bytes that an introduction's signature covers."""
    return _canonical({"type": "introduction", "key": key, "by": by, "made_at": made_at})


def _canonical(content: dict[str, str | int]) -> bytes:
    import rfc8785

    try:
        return rfc8785.dumps(dict(content))
    except rfc8785.CanonicalizationError as error:
        raise InputError(f"the checkpoint cannot be read or made: {error}; use the original file") from None


def _introduction_object(introduction: Introduction) -> dict[str, str | int]:
    return {
        "key": introduction.key,
        "by": introduction.by,
        "made_at": introduction.made_at,
        "signature": introduction.signature,
    }


def _parse_introductions(document: dict[str, Any], source: str) -> tuple[Introduction, ...]:
    """The member `introductions`, which may be missing."""
    items = document.get("introductions", [])
    if not isinstance(items, list):
        raise InputError(f"{source} has 'introductions' that are no list; use the original file")
    parsed = []
    for number, item in enumerate(items):
        place = f"{source}, /introductions/{number}"
        if not isinstance(item, dict):
            raise InputError(f"{place} is no object; use the original file")
        parsed.append(
            Introduction(
                key=_member(item, "key", str, place),
                by=_member(item, "by", str, place),
                made_at=_member(item, "made_at", int, place),
                signature=_member(item, "signature", str, place),
            )
        )
    return tuple(parsed)


def _parse_object(text: str, source: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{source} is no JSON: {error}; use the original file") from None
    if not isinstance(document, dict):
        raise InputError(f"{source} is no JSON object; use the original file")
    return document


def _member(document: dict[str, Any], name: str, kind: type, source: str) -> Any:
    """A member of the expected type."""
    value = document.get(name)
    if not isinstance(value, kind) or isinstance(value, bool):
        expected = "text" if kind is str else "a whole number"
        raise InputError(f"{source} has no {name!r} that is {expected}; use the original file")
    return value


def _unhex(text: str, length: int) -> bytes:
    """The bytes in hex digits, none where the text is something else."""
    try:
        content = bytes.fromhex(text)
    except ValueError:
        return b""
    return content if len(content) == length else b""
