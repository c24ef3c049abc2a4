"""Portions hold what one change stores: so many pieces, or so many bytes."""

from __future__ import annotations

import gc
import io
from pathlib import Path

import pytest

from tests.formats.epcis.building import document, encoded, event
from tracegraph.capture import Capture
from tracegraph.intake import portions as module
from tracegraph.intake.portions import fewer_collections, portions
from tracegraph.stores import open_store
from tracegraph.stores.facts_codec import decode_facts


def one_source(count: int) -> io.BytesIO:
    return io.BytesIO(encoded(document([event(epcList=[f"urn:x:{number}"]) for number in range(count)])))


def test_a_portion_has_so_many_pieces_and_none_of_two_sources() -> None:
    found = list(portions([one_source(5), one_source(2)], 3))
    assert [len(portion.events) for portion in found] == [3, 2, 2]
    for portion in found:
        for entry in portion.events:
            assert entry.encoded_facts is not None
            assert decode_facts(entry.encoded_facts) == entry.facts


def test_a_portion_of_large_events_has_fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = list(portions([one_source(20)], 10))
    size = len(whole[0].events[0].payload)
    monkeypatch.setattr(module, "_BYTES_OF_AN_EVENT", (3 * size + size // 2) / 10)
    found = list(portions([one_source(20)], 10))
    assert [len(portion.events) for portion in found] == [4, 4, 4, 4, 4]
    assert [entry for portion in found for entry in portion.events] == [
        entry for portion in whole for entry in portion.events
    ]


def test_what_was_consumed_is_counted_over_all_sources(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(one_source(3).getvalue())
    (tmp_path / "b.json").write_bytes(one_source(4).getvalue())
    sizes = [path.stat().st_size for path in sorted(tmp_path.iterdir())]
    found = list(portions([tmp_path / "a.json", tmp_path / "b.json"], 100))
    assert [portion.consumed for portion in found] == [sizes[0], sum(sizes)]


@pytest.mark.parametrize("before", [(700, 10, 10), (0, 10, 10), (500_000, 5, 5)])
def test_garbage_is_searched_less_often_for_a_while(before: tuple[int, int, int]) -> None:
    original = gc.get_threshold()
    gc.set_threshold(*before)
    try:
        with fewer_collections():
            first, *others = gc.get_threshold()
        assert first >= before[0]
        assert (first == 0) == (before[0] == 0)
        assert others == list(before[1:])
        assert gc.get_threshold() == before
    finally:
        gc.set_threshold(*original)


ITEMS = [f"urn:x:{number}" for number in range(100)]


def packing(action: str) -> io.BytesIO:
    packed = event(type="AggregationEvent", epcList=None, parentID="urn:x:box", childEPCs=ITEMS, action=action)
    return io.BytesIO(encoded(document([packed])))


def test_what_a_change_made_is_gone_without_a_search(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    work = Capture(store, clock=lambda: 1)
    collecting = gc.isenabled()
    gc.disable()
    try:
        work.run([packing("ADD")])
        work.workbench.compiler.forget(["urn:x:box"])  # how it was before the next change is compiled from the store
        gc.collect()
        work.run([packing("DELETE")])
        found = gc.collect()
    finally:
        store.close()
        if collecting:
            gc.enable()
    assert work.report.accepted == 2, work.report.reasons
    assert found < 50  # the change itself, but nothing of what it compiled and wrote
