"""The hash chain, against the definition written out by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from tracegraph.contract.samples import ACTOR, event, record
from tracegraph.errors import UsageError
from tracegraph.stores.ledger import EMPTY_HASH, EMPTY_HEAD, chain_entries, digest, entry_hash, verify_chain
from tracegraph.stores.port import EntryKind, LedgerEntry, NewEntry

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def chain(count: int, recorded_at: int = 5) -> list[LedgerEntry]:
    return list(chain_entries(EMPTY_HEAD, [event(f"h{number}") for number in range(count)], recorded_at, ACTOR))


def test_empty_hash() -> None:
    assert EMPTY_HASH == "sha256:" + 64 * "0"
    assert digest(b"abc") == "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_hash_by_hand() -> None:
    covered = (
        '{"actor":"é\\n","kind":"event","payload":"sha256:'
        + sha256(b"abc").hexdigest()
        + '","position":3,"previous":"p","recorded_at":-7}'
    )
    assert entry_hash(3, EntryKind.EVENT, -7, "é\n", "p", b"abc") == "sha256:" + sha256(covered.encode()).hexdigest()


@given(
    st.integers(1, 2**53 - 1), st.sampled_from(EntryKind), st.integers(1 - 2**53, 2**53 - 1), TEXT, TEXT, st.binary()
)
def test_hash_is_over_canonical_json(
    position: int, kind: EntryKind, recorded_at: int, actor: str, previous: str, payload: bytes
) -> None:
    covered: dict[str, str | int] = {
        "position": position,
        "kind": kind.value,
        "recorded_at": recorded_at,
        "actor": actor,
        "previous": previous,
        "payload": digest(payload),
    }
    expected = digest(rfc8785.dumps(dict(covered)))
    assert entry_hash(position, kind, recorded_at, actor, previous, payload) == expected
    assert json.loads(rfc8785.dumps(dict(covered))) == covered


def test_time_is_raised_to_the_head() -> None:
    (first,) = chain(1, recorded_at=9)
    head = replace(EMPTY_HEAD, count=1, hash=first.hash, recorded_at=9)
    (second,) = chain_entries(head, [record("site", "s")], 4, ACTOR)
    assert (second.position, second.recorded_at, second.previous) == (2, 9, first.hash)
    assert second.kind is EntryKind.RECORD


def test_valid_chain() -> None:
    assert list(verify_chain(chain(20))) == []
    assert list(verify_chain([])) == []
    entries = chain(20)
    start = replace(EMPTY_HEAD, count=8, hash=entries[7].hash, recorded_at=5)
    assert list(verify_chain(entries[8:], start)) == []


@pytest.mark.parametrize(
    "change",
    [
        {"payload": b"x"},
        {"actor": "x"},
        {"recorded_at": 6},
        {"kind": EntryKind.RECORD},
        {"hash": EMPTY_HASH},
        {"actor": "\ud800"},
        {"recorded_at": 2**60},
    ],
)
def test_changed_entry_is_the_first_fault(change: dict[str, object]) -> None:
    entries = chain(6)
    entries[3] = replace(entries[3], **change)  # type: ignore[arg-type]
    faults = list(verify_chain(entries))
    assert "position 4 was changed" in faults[0]
    assert all("position 5" in fault for fault in faults[1:])


def test_changed_link_is_named() -> None:
    entries = chain(6)
    entries[3] = replace(entries[3], previous=EMPTY_HASH)
    assert "position 4 does not follow the one before it" in next(verify_chain(entries))


def test_removed_and_moved_entries() -> None:
    entries = chain(6)
    assert "position 3 is missing" in next(verify_chain(entries[:2] + entries[3:]))
    assert "position 1 is missing" in next(verify_chain(entries[1:]))
    swapped = [*entries[:2], entries[3], entries[2], *entries[4:]]
    assert "position 3 is missing" in next(verify_chain(swapped))
    assert list(verify_chain(entries[:4])) == [], "a chain cannot miss its own end"


def test_time_that_runs_backwards_is_a_fault() -> None:
    first, _ = chain(2, recorded_at=9)
    head = replace(EMPTY_HEAD, count=1, hash=first.hash)
    (forged,) = chain_entries(head, [event("h1")], 3, ACTOR)
    (fault,) = verify_chain([first, forged])
    assert "position 2 is dated before" in fault


def test_an_entry_is_one_of_two_things() -> None:
    both = NewEntry(b"", event("h").facts, record("site", "s").record)
    for wrong in (NewEntry(b""), both):
        with pytest.raises(UsageError, match="ledger entry 1 needs either facts or a record"):
            list(chain_entries(EMPTY_HEAD, [wrong], 1, ACTOR))
