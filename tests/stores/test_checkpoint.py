"""Signed checkpoints, keys and their rotation."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from stat import S_IMODE

import pytest

from tracegraph.contract.samples import put
from tracegraph.errors import InputError, NegativeAnswer, UsageError
from tracegraph.stores.checkpoint import (
    Checkpoint,
    SigningKey,
    check_signature,
    create_key,
    format_checkpoint,
    make_checkpoint,
    parse_checkpoint,
    read_key,
    rotate_key,
    verify_checkpoint,
    write_key,
)
from tracegraph.stores.ledger import EMPTY_HASH
from tracegraph.stores.port import Store
from tracegraph.stores.sqlite import open_sqlite

#: RFC 8032, section 7.1, test 1: the secret key and its public half.
SECRET = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
PUBLIC = "ed25519:d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_sqlite(tmp_path / "store.db")) as store:
        for _ in range(3):
            put(store)
        yield store


def test_a_key_is_named_by_its_public_half() -> None:
    assert SigningKey(SECRET).name == PUBLIC
    assert create_key().name != create_key().name
    assert SECRET.hex() not in repr(SigningKey(SECRET))


def test_checkpoint_of_an_unchanged_store(store: Store) -> None:
    key = create_key()
    checkpoint = make_checkpoint(store, key, 77)
    assert (checkpoint.store, checkpoint.count, checkpoint.made_at) == (store.identity, 3, 77)
    assert (checkpoint.head, checkpoint.key) == (store.head().hash, key.name)
    assert list(verify_checkpoint(store, checkpoint, key.name)) == []
    put(store)
    assert list(verify_checkpoint(store, checkpoint, key.name)) == [], "a ledger may grow"


def test_checkpoint_of_an_empty_store(tmp_path: Path) -> None:
    key = create_key()
    with closing(open_sqlite(tmp_path / "empty.db")) as store:
        checkpoint = make_checkpoint(store, key, 0)
        assert (checkpoint.count, checkpoint.head) == (0, EMPTY_HASH)
        put(store)
        assert list(verify_checkpoint(store, checkpoint, key.name)) == []


def test_missing_entries_and_another_store(store: Store, tmp_path: Path) -> None:
    key = create_key()
    checkpoint = make_checkpoint(store, key, 1)
    with closing(open_sqlite(tmp_path / "other.db")) as other:
        put(other)
        put(other)
        first, second = verify_checkpoint(other, checkpoint, key.name)
    assert "another store" in first
    assert second == "1 ledger entry is missing since the checkpoint, which counts 3"


def test_file_form_is_exact(store: Store) -> None:
    old = create_key()
    checkpoint = make_checkpoint(store, rotate_key(rotate_key(old, 5), 6), 7)
    assert len(checkpoint.introductions) == 2
    assert parse_checkpoint(format_checkpoint(checkpoint)) == checkpoint


def test_signing_is_repeatable(store: Store) -> None:
    """The same state, key and time give the same bytes."""
    checkpoints = {format_checkpoint(make_checkpoint(store, SigningKey(SECRET), 9)) for _ in range(2)}
    assert len(checkpoints) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"count": 2},
        {"head": EMPTY_HASH},
        {"made_at": 2},
        {"store": "other"},
        {"signature": ""},
        {"signature": "00" * 64},
        {"signature": "no hex"},
    ],
)
def test_changed_checkpoint_is_refused(store: Store, change: dict[str, object]) -> None:
    key = create_key()
    forged = replace(make_checkpoint(store, key, 1), **change)  # type: ignore[arg-type]
    with pytest.raises(NegativeAnswer, match="was changed after it was signed"):
        list(verify_checkpoint(store, forged, key.name))


def test_signature_of_a_stranger_is_refused(store: Store) -> None:
    checkpoint = make_checkpoint(store, create_key(), 1)
    with pytest.raises(NegativeAnswer, match="did not introduce"):
        list(verify_checkpoint(store, checkpoint, create_key().name))
    for malformed in ("", "ed25519:", "ed25519:zz", PUBLIC.removeprefix("ed25519:")):
        with pytest.raises(NegativeAnswer):
            check_signature(replace(checkpoint, key=malformed), malformed)


def test_rotated_keys_are_trusted_through_the_chain(store: Store) -> None:
    first = create_key()
    second = rotate_key(first, 10)
    third = rotate_key(second, 20)
    checkpoint = make_checkpoint(store, third, 30)
    for trusted in (first.name, second.name, third.name):
        assert list(verify_checkpoint(store, checkpoint, trusted)) == []
    with pytest.raises(NegativeAnswer, match="did not introduce"):
        check_signature(make_checkpoint(store, first, 40), third.name)


def test_broken_chain_of_keys_is_refused(store: Store) -> None:
    first = create_key()
    checkpoint = make_checkpoint(store, rotate_key(rotate_key(first, 10), 20), 30)
    broken = replace(checkpoint, introductions=checkpoint.introductions[1:])
    with pytest.raises(NegativeAnswer, match="did not introduce"):
        check_signature(broken, first.name)
    later = replace(checkpoint.introductions[0], made_at=11)
    forged = replace(checkpoint, introductions=(later, *checkpoint.introductions[1:]))
    with pytest.raises(NegativeAnswer, match="is not signed by"):
        check_signature(forged, first.name)


def test_forged_introduction_is_refused(store: Store) -> None:
    """Somebody else's key cannot introduce itself with the name of the trusted one."""
    trusted, thief = create_key(), rotate_key(create_key(), 5)
    claimed = replace(thief.introductions[0], by=trusted.name)
    checkpoint = replace(make_checkpoint(store, thief, 6), introductions=(claimed,))
    with pytest.raises(NegativeAnswer, match="is not signed by"):
        check_signature(checkpoint, trusted.name)


def test_key_file_is_private(tmp_path: Path) -> None:
    path = tmp_path / "signing.key"
    key = rotate_key(create_key(), 5)
    write_key(path, key)
    assert S_IMODE(path.stat().st_mode) == 0o600
    assert read_key(path) == key
    with pytest.raises(UsageError, match="exists already"):
        write_key(path, create_key())
    assert read_key(path) == key
    path.chmod(0o640)
    with pytest.raises(UsageError, match="can be read by other users"):
        read_key(path)


def test_key_is_never_in_the_store(store: Store, tmp_path: Path) -> None:
    key = create_key()
    make_checkpoint(store, key, 1)
    contents = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert key.secret not in contents
    assert key.secret.hex().encode() not in contents


def test_unusable_key_files(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_key(tmp_path / "missing.key")
    with pytest.raises(UsageError, match="cannot be written"):
        write_key(tmp_path / "nowhere" / "signing.key", create_key())
    good = tmp_path / "good.key"
    write_key(good, create_key())
    document = json.loads(good.read_text())
    wrong = [
        "no json",
        "[]",
        "{}",
        json.dumps({**document, "private_key": "00"}),
        json.dumps({**document, "private_key": SECRET.hex()}),
        json.dumps({**document, "introductions": 5}),
        json.dumps({**document, "introductions": ["x"]}),
        json.dumps({**document, "introductions": [{"key": "x"}]}),
    ]
    for number, text in enumerate(wrong):
        path = tmp_path / f"{number}.key"
        path.touch(0o600)
        path.write_text(text)
        with pytest.raises(InputError, match=rf"{number}\.key"):
            read_key(path)


@pytest.mark.parametrize("change", [{"count": "3"}, {"count": True}, {"head": None}, {"introductions": {}}])
def test_malformed_checkpoints(store: Store, change: dict[str, object]) -> None:
    document = json.loads(format_checkpoint(make_checkpoint(store, create_key(), 1)))
    with pytest.raises(InputError, match=r"^mine\.json"):
        parse_checkpoint(json.dumps({**document, **change}), "mine.json")
    for text in ("", "[1]", "{"):
        with pytest.raises(InputError, match=r"^mine\.json"):
            parse_checkpoint(text, "mine.json")


def test_absurd_numbers_are_refused(store: Store) -> None:
    key = create_key()
    with pytest.raises(InputError, match="cannot be read or made"):
        make_checkpoint(store, key, 2**60)
    absurd = Checkpoint(store.identity, 2**60, EMPTY_HASH, 1, key.name, "00" * 64)
    with pytest.raises(InputError, match="cannot be read or made"):
        check_signature(absurd, key.name)


def test_umask_cannot_open_the_key_file(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        write_key(tmp_path / "signing.key", create_key())
    finally:
        os.umask(before)
    assert S_IMODE((tmp_path / "signing.key").stat().st_mode) == 0o600
