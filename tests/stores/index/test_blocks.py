"""Checksums of blocks: what is touched is checked, and nothing that differs passes."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.stores.index.stores import COMPILED, IndexedStore, told
from tracegraph.contract.samples import graph_timeline, put
from tracegraph.stores.port import HoldingQuery
from tracegraph.stores.sqlite import open_sqlite
from tracegraph.stores.sqlite.index import blocks
from tracegraph.stores.sqlite.index.blocks import BLOCK, Blocks, checksums
from tracegraph.stores.sqlite.index.choice import Kernel
from tracegraph.stores.sqlite.index.manifest import index_folder, read_manifest

COUNT = 40
PER_BLOCK = BLOCK // 4


def spoilt(block: int) -> Blocks:
    """Blocks of 32-bit items of which one has a flipped bit."""
    words = np.random.default_rng(3).integers(0, 2**63, size=(COUNT, BLOCK // 8), dtype=np.uint64)
    sums = checksums(words)
    words[block, block] ^= np.uint64(1) << np.uint64(block)
    return Blocks(words, sums, PER_BLOCK)


@pytest.fixture(autouse=True)
def _no_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what is touched is checked."""
    monkeypatch.setattr(blocks, "_SWEEP", 0)


@given(block=some.integers(0, COUNT - 1), items=some.lists(some.integers(0, COUNT * PER_BLOCK - 1), max_size=12))
def test_what_is_touched_is_checked(block: int, items: list[int]) -> None:
    checked = spoilt(block)
    touched = {item // PER_BLOCK for item in items}
    for _ in range(2):
        assert checked.hold(np.array(items, dtype=np.int64)) == (block not in touched)
    assert not checked.complete
    assert not checked.hold_all()


@given(
    block=some.integers(0, COUNT - 1),
    ranges=some.lists(
        some.tuples(some.integers(0, COUNT * PER_BLOCK - 1), some.integers(0, 4 * PER_BLOCK)), max_size=5
    ),
)
def test_ranges_are_checked_from_begin_to_end(block: int, ranges: list[tuple[int, int]]) -> None:
    checked = spoilt(block)
    begins = np.array([begin for begin, _ in ranges], dtype=np.int64)
    ends = np.array([min(begin + length, COUNT * PER_BLOCK) for begin, length in ranges], dtype=np.int64)
    touched = {
        place // PER_BLOCK
        for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)
        for place in (*range(begin, end, PER_BLOCK), end - 1)
        if end > begin
    }
    for _ in range(2):
        assert checked.hold_ranges(begins, ends) == (block not in touched)


def test_whole_blocks_are_complete() -> None:
    words = np.arange(COUNT * BLOCK // 8, dtype=np.uint64).reshape(COUNT, -1)
    checked = Blocks(words, checksums(words), PER_BLOCK)
    assert checked.hold(np.array([0, COUNT * PER_BLOCK + 17])), "what is behind the blocks is room"
    assert not checked.complete
    assert checked.hold_all()
    assert checked.complete


def test_the_rest_is_checked_once_much_was_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "_SWEEP", 8)
    checked = spoilt(COUNT - 1)
    assert checked.hold(np.arange(5) * PER_BLOCK)
    assert not checked.hold(np.arange(6, 12) * PER_BLOCK)


@given(some.integers(0, 511), some.integers(1, 2**64 - 1))
def test_any_change_of_one_word_shows(place: int, change: int) -> None:
    words = np.arange(512, dtype=np.uint64).reshape(1, -1)
    before = checksums(words)[0]
    words[0, place] ^= np.uint64(change)
    assert checksums(words)[0] != before


def large(path: Path) -> None:
    """A store of which each array has several blocks: one node with 3,000 legs, and a net of 3,000 more."""
    random = Random(2)
    hub = [("hub", f"n{number}", True) for number in range(3_000)]
    net = [(f"n{random.randrange(3_000)}", f"n{random.randrange(3_000)}", True) for _ in range(3_000)]
    with closing(open_sqlite(path)) as store:
        put(store, graph_timeline("owner", hub + net, ["hub"]))


@pytest.mark.parametrize("kernel", COMPILED)
def test_bits_flipped_anywhere_in_large_arrays(tmp_path: Path, kernel: Kernel) -> None:
    path = tmp_path / "store.db"
    large(path)
    with closing(IndexedStore(path, kernel, 10**6)) as store:
        store.build_index()
    with closing(open_sqlite(path, kernel=Kernel.SQL)) as plain:
        nodes = [row.node for row in plain.holdings(HoldingQuery(ids=["hub", "n1", "n2", "n3"]))]
        expected = [told(plain, [node]) for node in nodes]
    manifest = read_manifest(index_folder(path))
    assert manifest
    arrays = index_folder(path) / manifest.file
    whole = arrays.read_bytes()
    random = Random(4)
    ignored = 0
    for section in manifest.sections[:-1]:
        size = section.count * np.dtype(section.kind).itemsize
        for _ in range(6 if size else 0):  # ids of this story are no numbers: there are no amounts
            damaged = bytearray(whole)
            damaged[section.offset + random.randrange(size)] ^= 1 << random.randrange(8)
            arrays.write_bytes(damaged)
            with closing(IndexedStore(path, kernel, 10**6)) as store:
                assert [told(store, [node]) for node in nodes] == expected, section.name
                ignored += store.answered < len(expected) * 14
    assert ignored > 20
