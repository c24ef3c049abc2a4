"""Proof that an event was recorded, which whoever trusts a checkpoint can recompute without the store.

A proof has the event's ledger entry whole, and of every later entry what its hash is made of: position, kind, time,
actor, and the digest of its content. So it tells nothing that later entries say. It ends where a checkpoint can: at the
end of the ledger, or at an earlier count. Its length grows with the number of later entries; checkpoints made often
keep proofs short.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tracegraph import __version__
from tracegraph.errors import NegativeAnswer, UsageError
from tracegraph.formats.epcis import facts_of_payload
from tracegraph.stores.checkpoint import Checkpoint, check_signature
from tracegraph.stores.ledger import digest, hash_of_digest
from tracegraph.stores.port import EntryKind, LedgerEntry, Store
from tracegraph.trace.resolve import known_event
from tracegraph.trace.snapshot import Snapshot

Json = dict[str, Any]

_DIGEST = re.compile("sha256:[0-9a-f]{64}")


def prove(store: Store, event: str, upto: int | None = None, most: int | None = None) -> Json:
    """The proof of one event, as JSON values. `upto`: the length of the ledger at which it ends (None: now).

    Errors: UnknownIdentifier; UsageError where the ledger was shorter than the event's entry or is shorter than `upto`,
    or where over `most` entries follow.
    """
    with store.one_state():
        snapshot = Snapshot.of(store)
        position = _position(known_event(event, snapshot), snapshot)
        end = snapshot.position if upto is None else upto
        if not position <= end <= snapshot.position:
            raise UsageError(f"upto is {end}; give a count from {position}, the event's entry, to {snapshot.position}")
        if most is not None and end - position > most:
            raise UsageError(f"{end - position} entries follow; give upto, at most {position + most}")
        entries = list(store.entries(position - 1, end))
    return {
        "tracegraph": __version__,
        "store": store.identity,
        "event": facts_of_payload(entries[0].payload).content_hash,
        "entry": _link(entries[0]) | {"previous": entries[0].previous, "payload": entries[0].payload.decode()},
        "chain": [_link(entry) | {"payload": digest(entry.payload)} for entry in entries[1:]],
        "head": {"count": end, "hash": entries[-1].hash},
    }


def _position(event: str, snapshot: Snapshot) -> int:
    """The first entry of an event that several may have: each eventID of the same content has one."""
    content, _, name = event.partition("#")
    stored = snapshot.events(hashes=[content])
    return next(entry.position for entry in stored if name in ("", entry.facts.event_id) and not entry.facts.retracts)


def _link(entry: LedgerEntry) -> Json:
    return {
        "position": entry.position,
        "kind": entry.kind.value,
        "recorded_at": entry.recorded_at,
        "actor": entry.actor,
        "hash": entry.hash,
    }


def check_proof(proof: Mapping[str, Any], checkpoint: Checkpoint | None = None, trusted: str = "") -> Iterator[str]:
    """One sentence for each fault of a proof; nothing where it shows that the event was recorded.

    Without a checkpoint it shows that only if its end is known to be the ledger's from elsewhere. `trusted`: the name
    of the key that must have signed the checkpoint, itself or by introduction. Raises UsageError where it is no proof.
    """
    try:
        yield from _faults(proof)
        if checkpoint is not None:
            yield from _differences(proof, checkpoint, trusted)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise UsageError(f"the proof cannot be read ({type(error).__name__}: {error}); use the original file") from None


def _faults(proof: Mapping[str, Any]) -> Iterator[str]:
    entry = proof["entry"]
    payload: str = entry["payload"]
    if facts_of_payload(payload.encode()).content_hash != proof["event"]:
        yield f"the content of entry {entry['position']} is not that of the event {proof['event']}"
    previous, position = entry["previous"], entry["position"] - 1
    for link in (dict(entry) | {"payload": digest(payload.encode())}, *proof["chain"]):
        position += 1
        if link["position"] != position:
            yield f"entry {position} is missing from the chain: the next one has position {link['position']}"
            return
        if _hash(link, previous) != link["hash"]:
            yield f"entry {position} was changed, or does not follow the one before it"
        previous = link["hash"]
    if proof["head"] != {"count": position, "hash": previous}:
        yield f"the chain ends with entry {position}, not with the end that the proof states"


def _hash(link: Mapping[str, Any], previous: str) -> str:
    kind, payload = EntryKind(link["kind"]), link["payload"]
    if not _DIGEST.fullmatch(payload):
        raise ValueError(f"{payload!r:.80} is no digest")
    return hash_of_digest(link["position"], kind, link["recorded_at"], link["actor"], previous, payload)


def _differences(proof: Mapping[str, Any], checkpoint: Checkpoint, trusted: str) -> Iterator[str]:
    """Why a checkpoint does not vouch for the proof."""
    try:
        check_signature(checkpoint, trusted or checkpoint.key)
    except NegativeAnswer as error:
        yield str(error)
    if checkpoint.store != proof["store"]:
        yield f"the checkpoint is of another store ({checkpoint.store}, the proof is of {proof['store']})"
    known = {link["position"]: link["hash"] for link in (proof["entry"], *proof["chain"])}
    if checkpoint.count not in known:
        yield f"the checkpoint counts {checkpoint.count} entries, which the proof does not reach; make one up to there"
    elif known[checkpoint.count] != checkpoint.head:
        yield f"entry {checkpoint.count} differs from the checkpoint: it is {known[checkpoint.count]} in the proof"
