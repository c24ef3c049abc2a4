"""Consignees of random chains against a goods book that was kept while the goods moved."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.recall.consignees.book import PARTY, SITES, Book, Came, written
from tests.recall.consignees.told import Told, capture, captured, listed
from tests.trace.memory import MemoryStore
from tracegraph.recall.consignees import Consignees, consignees
from tracegraph.stores import open_store
from tracegraph.trace.snapshot import Snapshot


def short(key: str) -> str:
    return key.rpartition(":")[2]


def told(book: Book, owner: str | None = "urn:x-party:O") -> Consignees:
    starts = [lot for lot, event in book.made_at.items() if " make " in book.lines[int(event[1:])]]
    case = Told(captured(book.table), starts, owner)
    return consignees(case.snapshot, case.case)


def as_came(found: Consignees) -> list[Came]:
    return [
        Came(
            short(one.receiver),
            short(one.site or ""),
            short(one.unit),
            short(one.sent_by[0]),
            one.tier,
            one.documents[0].id,
            int((one.quantity and one.quantity.value) or 0),
            one.confirmed,
            one.container and short(one.container),
            frozenset({*one.shipments, *([one.event] if one.event else [])}),
        )
        for row in found.rows
        for one in row.deliveries
    ]


@settings(max_examples=40)
@given(st.integers(0, 10**6))
def test_deliveries_are_those_of_the_book(seed: int) -> None:
    book = written(seed)
    found = told(book)
    assert sorted(as_came(found), key=str) == sorted(book.came, key=str)
    assert all(len(one.sent_by) == len(one.documents) == 1 for row in found.rows for one in row.deliveries)


@settings(max_examples=25)
@given(st.integers(0, 10**6))
def test_what_never_arrived_may_have(seed: int) -> None:
    book = written(seed, lost=True)
    found = [one._replace(tier=None) for one in as_came(told(book))]
    assert sorted(found, key=str) == sorted((one._replace(tier=None) for one in book.came), key=str)


@settings(max_examples=20)
@given(st.integers(0, 10**6))
def test_each_party_is_listed_once_with_its_sites(seed: int) -> None:
    book = written(seed)
    found = told(book)
    names = [short(row.id) for row in found.rows]
    makers = {party for party in book.lots.values() if party != "O"}
    assert sorted(names) == sorted({one.receiver for one in book.came} | makers)
    for row in found.rows:
        assert {short(site.id) for site in row.sites} <= set(SITES[short(row.id)])
        assert {short(one.receiver) for one in row.deliveries} <= {short(row.id)}
        assert {PARTY[short(one.site or "")] for one in row.deliveries} <= {short(row.id)}


def test_every_store_gives_the_same_bytes(tmp_path: Path) -> None:
    for seed in range(4):
        table = written(seed, lost=True).table
        with closing(open_store(f"sqlite:///{tmp_path}/{seed}.db")) as file:
            stores = [MemoryStore(seed=1), MemoryStore(seed=2), file]
            assert len({listed(Told(Snapshot.of(capture(store, table)), ["L1"])) for store in stores}) == 1
