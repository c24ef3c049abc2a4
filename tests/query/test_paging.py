"""Order, limits, pages that stay the same while events are captured, and what a query costs the store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.query.cases import ITEM, LOT
from tests.query.conftest import Filled, capture, fill, microseconds
from tests.query.generated import CONTEXT, RECORDED, events
from tests.query.naive import time
from tracegraph.errors import QueryInvalid, QueryTooComplex, QueryTooLarge
from tracegraph.query import Page, Query, both, find, find_at, find_page, read_url
from tracegraph.stores.port import LedgerEntry, Reading, Store


def query(**parameters: str) -> Query:
    return read_url(parameters.items(), CONTEXT)


def positions(store: Reading, **parameters: str) -> list[int]:
    return [one.position for one in find(store, query(**parameters))]


def pages(store: Reading, **parameters: str) -> Iterator[Page]:
    page = find_page(store, query(**parameters))
    yield page
    while page.next_page_token is not None:
        page = find_page(store, query(**parameters, nextPageToken=page.next_page_token))
        yield page


ORDERS = [
    {},
    {"orderBy": "eventTime"},
    {"orderBy": "eventTime", "orderDirection": "ASC", "eventCountLimit": "100"},
    {"orderBy": "recordTime"},
    {"orderBy": "recordTime", "orderDirection": "ASC", "EQ_action": "ADD"},
    {"orderBy": "recordTime", "MATCH_anyEPC": ITEM},
    {"orderBy": "recordTime", "eventCountLimit": "100"},
    {"orderBy": "ex:amount", "orderDirection": "ASC"},
    {"orderBy": "same:when"},
    {"eventType": "ObjectEvent", "maxEventCount": "200"},
    {"MATCH_anyEPC": ITEM, "orderBy": "https://other.example/terms#note"},
]


@pytest.mark.parametrize("parameters", ORDERS, ids=str)
@pytest.mark.parametrize("size", ["7", "1000"])
def test_pages_together_are_the_stream(filled: Filled, parameters: dict[str, str], size: str) -> None:
    found = list(pages(filled.store, **parameters, perPage=size))
    assert all(len(page.events) == int(size) for page in found[:-1])
    assert [one for page in found for one in page.events] == list(find(filled.store, query(**parameters)))
    assert found[-1].events


def test_pages_have_thirty_events_unless_the_query_or_the_server_says_otherwise(filled: Filled) -> None:
    assert len(find_page(filled.store, query()).events) == 30
    assert len(find_page(filled.store, query(perPage="50"), most_per_page=20).events) == 20
    assert len(find_page(filled.store, query(perPage="5"), most_per_page=20).events) == 5


def test_a_page_that_ends_with_the_last_event_is_the_last(filled: Filled) -> None:
    assert find_page(filled.store, query(perPage=str(len(filled.events)))).next_page_token is None


@pytest.mark.parametrize("parameters", ORDERS[:4], ids=str)
def test_pages_do_not_change_while_events_are_captured(store: Store, parameters: dict[str, str]) -> None:
    fill(store)
    before = positions(store, **parameters)
    seen: list[int] = []
    for number, page in enumerate(pages(store, **parameters, perPage="60")):
        seen += [one.position for one in page.events]
        capture(
            store,
            [one | {"eventID": f"urn:x-new:{number}:{n}"} for n, one in enumerate(events(number, 3))],
            RECORDED[2],
        )
    assert seen == before
    assert len(positions(store)) > len(before)


def test_orders(filled: Filled) -> None:
    marks = {one.event["ex:mark"]: one for one in filled.events}

    def times(**parameters: str) -> list[Any]:
        found = [marks[one.event.extensions["ex:mark"]] for one in find(filled.store, query(**parameters))]
        return [
            one.recorded if parameters["orderBy"] == "recordTime" else time(one.event["eventTime"]) for one in found
        ]

    for by in ("eventTime", "recordTime"):
        newest_first = times(orderBy=by)
        assert newest_first == sorted(newest_first, reverse=True)
        assert times(orderBy=by, orderDirection="ASC") == sorted(newest_first)
        assert times(orderBy=by, orderDirection="DESC", eventCountLimit="9") == newest_first[:9]
    ledger = positions(filled.store)
    assert ledger == sorted(ledger)
    assert positions(filled.store, orderBy="recordTime") == ledger[::-1]
    assert positions(filled.store, orderBy="recordTime", eventCountLimit="70") == ledger[:-71:-1]


def test_events_without_the_field_come_last(filled: Filled) -> None:
    for direction in ("ASC", "DESC"):
        found = find(filled.store, query(orderBy="ex:amount", orderDirection=direction))
        there = [any(name in one.event.extensions for name in ("ex:amount", "same:amount")) for one in found]
        assert there == sorted(there, reverse=True)
        assert True in there
        assert False in there


def test_numbers_come_in_the_order_of_numbers(filled: Filled) -> None:
    found = find(filled.store, query(orderBy="ex:amount", orderDirection="ASC", **{"GE_ex:amount": "0"}))
    held = [one.event.extensions.get("ex:amount", one.event.extensions.get("same:amount")) for one in found]
    numbers = [value for value in held if not isinstance(value, str)]
    assert numbers == sorted(numbers)
    assert held[: len(numbers)] == numbers


def test_more_than_the_query_allows(filled: Filled) -> None:
    count = len(filled.events)
    assert len(positions(filled.store, maxEventCount=str(count))) == count
    for parameters in ({}, {"orderBy": "eventTime"}):
        asked = query(maxEventCount=str(count - 1), **parameters)
        with pytest.raises(QueryTooLarge, match=f"more than {count - 1} events answer"):
            find(filled.store, asked)
        with pytest.raises(QueryTooLarge):
            find_page(filled.store, asked)


def test_more_than_may_be_looked_at(filled: Filled) -> None:
    count = filled.store.head().count
    assert len(list(find(filled.store, query(), most_candidates=count))) == len(filled.events)
    refused = r"look at more than 100 events, as many as are allowed; name units"
    for ask in (find, find_page):
        with pytest.raises(QueryTooComplex, match=refused):
            ask(filled.store, query(eventType="ObjectEvent", orderBy="eventTime"), most_candidates=100)
        with pytest.raises(QueryTooComplex, match=refused):
            ask(filled.store, query(eventType="ObjectEvent", maxEventCount="200"), most_candidates=100)
    with pytest.raises(QueryTooComplex, match=refused):
        find(filled.store, query(eventType="ObjectEvent"), most_candidates=100)
    found = list(find(filled.store, query(MATCH_anyEPC=ITEM), most_candidates=100))
    assert found


@pytest.mark.parametrize("order", [{}, {"orderBy": "recordTime"}], ids=str)
def test_a_page_looks_at_no_more_than_it_takes_to_fill_it(filled: Filled, order: dict[str, str]) -> None:
    assert len(find_page(filled.store, query(perPage="20", **order), most_candidates=60).events) == 20
    assert find_page(filled.store, query(perPage="5", eventType="ObjectEvent", **order), most_candidates=60).events
    with pytest.raises(QueryTooComplex, match="more than 60 events"):
        find_page(filled.store, query(EQ_bizStep="unheard_of", **order), most_candidates=60)


class Counting:
    """A store that counts the ledger entries that it hands out."""

    def __init__(self, store: Reading) -> None:
        self._store = store
        self.handed_out = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    def entries(self, after: int = 0, upto: int | None = None) -> Iterator[LedgerEntry]:
        for entry in self._store.entries(after, upto):
            self.handed_out += 1
            yield entry


@pytest.mark.parametrize(
    "parameters",
    [
        {"EQ_eventID": "urn:x-event:5|urn:x-event:200"},
        {"MATCH_anyEPC": ITEM, "EQ_eventID": "urn:x-event:5"},
        {"EQ_transformationID": "urn:x-run:99"},
        {"MATCH_anyEPCClass": LOT, "LT_recordTime": "2026-01-01T00:00:00Z"},
        {"GE_recordTime": "2026-12-01T00:00:00Z"},
        {"MATCH_epc": "urn:epc:id:sgtin:4012345.011111.unheard-of", "orderBy": "eventTime"},
    ],
    ids=str,
)
def test_exact_identifiers_are_looked_up(filled: Filled, parameters: dict[str, str]) -> None:
    """Two events lie within the part of the ledger that is read for them, not more."""
    store = Counting(filled.store)
    found = list(find(store, query(**parameters)))  # type: ignore[arg-type]
    assert store.handed_out <= len(found) + 1


def test_two_conditions_that_are_looked_up_leave_what_is_in_both(filled: Filled) -> None:
    one, other = {"MATCH_anyEPC": ITEM}, {"MATCH_anyEPCClass": LOT}
    assert set(positions(filled.store, **one, **other)) == set(positions(filled.store, **one)) & set(
        positions(filled.store, **other)
    )
    both_of_them = both(query(**one), query(**other, orderBy="eventTime"))
    assert [event.position for event in find(filled.store, both_of_them)] == positions(filled.store, **one, **other)


def test_a_part_of_the_ledger(filled: Filled) -> None:
    listed = positions(filled.store)
    found = find(filled.store, query(), after=listed[9], upto=listed[19])
    assert [one.position for one in found] == listed[10:20]
    assert positions(filled.store) == [one.position for one in find(filled.store, query(), upto=10**9)]


def test_what_was_known_earlier(filled: Filled) -> None:
    known = microseconds(RECORDED[1] - timedelta(days=1))
    first = [one.position for one in find(filled.store, query(), as_of=known)]
    assert first == positions(filled.store)[: len(first)]
    assert len(first) == len(filled.events) // 3
    assert find_page(filled.store, query(), as_of=known).position < find_page(filled.store, query()).position


@pytest.mark.parametrize("token", ["x", "AAAA", "é", "=" * 9, "A" * 46, "_" * 46, "A" * 47])
@pytest.mark.parametrize("secret", [None, b"secret"])
def test_tokens_that_were_never_given(filled: Filled, token: str, secret: bytes | None) -> None:
    with pytest.raises(QueryInvalid, match=r"none that was given here|another query"):
        find_page(filled.store, query(nextPageToken=token), secret=secret)


def test_sealed_tokens_tell_nothing_and_cannot_be_made_up(filled: Filled) -> None:
    """Neither the positions of a token nor their number of digits can be seen."""
    parameters = {"orderBy": "eventTime", "perPage": "50"}
    page = find_page(filled.store, query(**parameters), secret=b"one")
    listed, tokens = list(page.events), []
    while page.next_page_token is not None:
        tokens.append(page.next_page_token)
        page = find_page(filled.store, query(**parameters, nextPageToken=tokens[-1]), secret=b"one")
        listed += page.events
    assert listed == list(find(filled.store, query(**parameters)))
    assert len({len(token) for token in tokens}) == 1
    for secret in (None, b"two"):
        with pytest.raises(QueryInvalid, match="none that was given here"):
            find_page(filled.store, query(**parameters, nextPageToken=tokens[0]), secret=secret)
    changed = ("A" if tokens[0][0] != "A" else "B") + tokens[0][1:]
    with pytest.raises(QueryInvalid, match="none that was given here"):
        find_page(filled.store, query(**parameters, nextPageToken=changed), secret=b"one")


def test_a_token_of_another_query_or_store(filled: Filled, store: Store) -> None:
    token = find_page(filled.store, query(eventType="ObjectEvent", perPage="3")).next_page_token
    assert token is not None
    assert find_page(filled.store, query(eventType="epcis:ObjectEvent", perPage="4", nextPageToken=token)).events
    for parameters in ({}, {"eventType": "TransactionEvent"}, {"eventType": "ObjectEvent", "orderBy": "eventTime"}):
        with pytest.raises(QueryInvalid, match="belongs to another query"):
            find_page(filled.store, query(**parameters, nextPageToken=token))
    for _ in range(2):
        with pytest.raises(QueryInvalid, match="belongs to another store"):
            find_page(store, query(eventType="ObjectEvent", nextPageToken=token))
        capture(store, events(99, 2), RECORDED[0])
        fill(store)


def test_events_at_positions(filled: Filled) -> None:
    listed = positions(filled.store)
    wanted = [listed[50], listed[3], 1, 10**9, -1]
    assert [one.position for one in find_at(filled.store, wanted)] == [listed[3], listed[50]]


def test_an_empty_store(store: Store) -> None:
    assert find_page(store, query(orderBy="eventTime", WD_bizLocation="urn:x")) == Page((), None, 0)
    assert list(find(store, query())) == []
