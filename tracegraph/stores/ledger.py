"""The hash chain of the ledger: pure functions that every store uses, so that all stores have the same hashes.

An entry's hash is SHA-256 over the canonical JSON (RFC 8785) of its position, kind, time, actor, the previous entry's
hash and the SHA-256 of its payload. Changing, removing or inserting an entry therefore breaks the chain at that row;
a lost tail breaks nothing and needs a checkpoint kept elsewhere (tracegraph.stores.checkpoint).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import sha256

from tracegraph.errors import UsageError
from tracegraph.stores.port import EntryKind, LedgerEntry, LedgerHead, NewEntry

#: What needs no escaping: printable ASCII but quotation mark and backslash.
_PLAIN = re.compile(r"[ !#-\[\]-~]*")

#: The hash before the first entry.
EMPTY_HASH = "sha256:" + "0" * 64

#: The head of a ledger without entries.
EMPTY_HEAD = LedgerHead(count=0, hash=EMPTY_HASH, recorded_at=None)


def refuse_filled(head: LedgerHead, url: str) -> None:
    """Raise UsageError where a ledger has entries, so that its store cannot become a copy of another."""
    if head.count:
        raise UsageError(f"the store {url} has {head.count} ledger entries already; name one that is empty")


def digest(content: bytes) -> str:
    """SHA-256 of the bytes, written `sha256:` and 64 hex digits."""
    return "sha256:" + sha256(content).hexdigest()


def entry_hash(position: int, kind: EntryKind, recorded_at: int, actor: str, previous: str, payload: bytes) -> str:
    """The hash of one entry, from its own fields and the previous entry's hash (`sha256:` and 64 hex digits)."""
    return hash_of_digest(position, kind, recorded_at, actor, previous, digest(payload))


def hash_of_digest(position: int, kind: str, recorded_at: int, actor: str, previous: str, payload: str) -> str:
    """The same where only the `digest` of the payload is known, as in a proof."""
    place, time = _canonical_number(position), _canonical_number(recorded_at)
    return _hash(place, kind, time, _canonical_text(actor), _canonical_text(previous), payload)


def _hash(position: str, kind: str, recorded_at: str, actor: str, previous: str, payload: str) -> str:
    """The same of canonical texts. The members stand in canonical order here, because sorting them anew took most of
    the time of appending."""
    text = (
        f'{{"actor":{actor},"kind":"{kind}","payload":"{payload}",'
        f'"position":{position},"previous":{previous},"recorded_at":{recorded_at}}}'
    )
    return digest(text.encode())


def _canonical_text(text: str) -> str:
    """A text as RFC 8785 writes it: plain ASCII as it is, in quotes."""
    return f'"{text}"' if _PLAIN.fullmatch(text) else _escaped_text(text)


@lru_cache(maxsize=1024)
def _escaped_text(text: str) -> str:
    """Any text as RFC 8785 writes it."""
    import rfc8785

    try:
        return rfc8785.dumps(text).decode()
    except rfc8785.CanonicalizationError as error:
        raise UsageError(f"{text!r:.200} cannot be part of a ledger entry: {error}; correct the text") from None


def _canonical_number(number: int) -> str:
    """A whole number as RFC 8785 writes it; beyond 2**53 it has no exact form there."""
    if abs(number) >= 2**53:
        raise UsageError(f"{number} cannot be part of a ledger entry: it is beyond 2**53; give a sane time")
    return str(int(number))


def chain_entries(head: LedgerHead, entries: Iterable[NewEntry], recorded_at: int, actor: str) -> Iterator[LedgerEntry]:
    """The new entries as they follow `head`. The time is raised to the head's where the clock jumped back."""
    moment = recorded_at if head.recorded_at is None else max(recorded_at, head.recorded_at)
    previous, before = head.hash, _canonical_text(head.hash)
    time, who = _canonical_number(moment), _canonical_text(actor)
    for position, entry in enumerate(entries, start=head.count + 1):
        if (entry.facts is None) == (entry.record is None):
            raise UsageError(f"ledger entry {position} needs either facts or a record, not both and not none")
        kind = entry.kind
        current = _hash(_canonical_number(position), kind, time, who, before, digest(entry.payload))
        yield LedgerEntry(position, kind, moment, actor, entry.payload, previous, current)
        previous, before = current, f'"{current}"'


def verify_chain(entries: Iterable[LedgerEntry], start: LedgerHead = EMPTY_HEAD) -> Iterator[str]:
    """One sentence per fault of entries that should follow `start`, first bad row first; nothing when all is well.

    After a fault the chain goes on from what the row itself states, so one changed row is one fault, not thousands.
    """
    before = start
    for entry in entries:
        yield from _entry_faults(before, entry)
        before = LedgerHead(entry.position, entry.hash, entry.recorded_at)


def _entry_faults(before: LedgerHead, entry: LedgerEntry) -> Iterator[str]:
    """What is wrong with one entry, seen from the one before it."""
    place = f"ledger entry at position {entry.position}"
    expected = before.count + 1
    if entry.position != expected:
        yield f"ledger entry at position {expected} is missing: the next one has position {entry.position}"
    elif entry.previous != before.hash:
        yield f"{place} does not follow the one before it: it names {entry.previous}, but that one is {before.hash}"
    if _recomputed(entry) != entry.hash:
        yield f"{place} was changed: its content does not give its hash {entry.hash}"
    if before.recorded_at is not None and entry.recorded_at < before.recorded_at:
        yield f"{place} is dated before the one it follows ({entry.recorded_at} < {before.recorded_at})"


def _recomputed(entry: LedgerEntry) -> str:
    """The hash that the entry's fields give, or a text that equals no hash where they cannot be hashed at all."""
    try:
        return entry_hash(entry.position, entry.kind, entry.recorded_at, entry.actor, entry.previous, entry.payload)
    except UsageError:
        return "unhashable"
