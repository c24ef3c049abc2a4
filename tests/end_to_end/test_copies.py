"""Copies that say the same in other words are one event, and whichever comes first, the answers are the same."""

from __future__ import annotations

from typing import Any

import pytest

from tests.end_to_end.building import (
    Event,
    amount,
    born,
    document,
    every_answer,
    item,
    lot,
    made,
    opened,
    packed,
    put,
    received,
    shipped,
    site,
)

A, B = lot("a"), lot("b")
GS1 = "urn:epc:class:lgtin:4012345.012345.998877"
BIRTH = born(0, A, "x", 10)
WAY = shipped(3, A, "x", "y", 10)
LATER = [shipped(5, A, "x", "y", 10), received(9, A, "y", "x", 10)]
EARLIER = [born(-5, A, "x", 10)]


def said(original: Event, **members: Any) -> tuple[Event, Event]:
    """An event, and its copy with some members written otherwise."""
    return original, original | members


def two_places(first: str, second: str) -> list[Event]:
    return [{"type": "location", "destination": site(name)} for name in (first, second)]


COPIES: dict[str, tuple[tuple[Event, Event], list[Event]]] = {
    "zone": (said(BIRTH, eventTime="2026-03-01T01:00:00+01:00"), LATER),
    "zone from the offset": (
        (
            BIRTH | {"eventTime": "2026-03-01T00:00:00", "eventTimeZoneOffset": "+01:00"},
            BIRTH | {"eventTime": "2026-02-28T23:00:00Z", "eventTimeZoneOffset": "+01:00"},
        ),
        LATER,
    ),
    "less than a millisecond": (
        (BIRTH | {"eventTime": "2026-03-01T00:00:00.0004Z"}, BIRTH | {"eventTime": "2026-03-01T00:00:00.0001Z"}),
        LATER,
    ),
    "a number with decimals": (said(BIRTH, quantityList=[{"epcClass": A, "quantity": 10.0, "uom": "KGM"}]), LATER),
    "order of lots": (
        (
            BIRTH | {"quantityList": [amount(A, 10), amount(A, 20), amount(B, 5)]},
            BIRTH | {"quantityList": [amount(B, 5), amount(A, 20), amount(A, 10)]},
        ),
        LATER,
    ),
    "order of inputs and outputs": (
        (made(2, [A, B], [B, A], "x", 5, 5), made(2, [B, A], [A, B], "x", 5, 5)),
        [*EARLIER, *LATER],
    ),
    "order of documents": (
        (
            WAY | {"bizTransactionList": document(1) + document(2)},
            WAY | {"bizTransactionList": document(2) + document(1)},
        ),
        [*EARLIER, received(9, A, "y", "x", 10, bizTransactionList=document(2))],
    ),
    "order of destinations": (
        (WAY | {"destinationList": two_places("y", "z")}, WAY | {"destinationList": two_places("z", "y")}),
        [*EARLIER, received(9, A, "y", "x", 10)],
    ),
    "blanks around a lot": (said(BIRTH, quantityList=[amount(f" {A} ", 10)]), LATER),
    "blanks around a place": (said(BIRTH, readPoint={"id": f"{site('x')} "}), LATER),
    "blanks around a step": (said(WAY, bizStep=" shipping "), EARLIER),
    "blanks around an action": (said(BIRTH, action="ADD "), LATER),
    "blanks around a type": (said(BIRTH, type="ObjectEvent "), LATER),
    "a type as CURIE": (said(BIRTH, type="epcis:ObjectEvent"), LATER),
    "a step as URN": (said(WAY, bizStep="urn:epcglobal:cbv:bizstep:shipping"), EARLIER),
    "a step as web URI": (said(WAY, bizStep="https://ref.gs1.org/cbv/BizStep-shipping"), EARLIER),
    "a lot as Digital Link": (
        (
            BIRTH | {"quantityList": [amount(GS1, 10)]},
            BIRTH | {"quantityList": [amount("https://example.com/01/04012345123456/10/998877?17=270101", 10)]},
        ),
        [shipped(5, A, "x", "y", 10) | {"quantityList": [amount(GS1, 10)]}],
    ),
    "when it was recorded": (said(BIRTH, recordTime="2026-03-02T00:00:00Z"), LATER),
    "an empty list": (said(BIRTH, epcList=[]), LATER),
    "a parent with blanks": (
        said(packed(1, item("tote"), [A], "x", 10), parentID=f"{item('tote')} "),
        [BIRTH, shipped(5, A, "x", "y", 10)],
    ),
}


#: Copies that say of the same event something else, as far as it is read; both are kept, and one decides.
READ_DIFFERENTLY = {
    "less than a millisecond",
    "a number as text",
    "order of destinations",
    "blanks around a step",
    "blanks around an action",
    "blanks around a type",
}


@pytest.mark.parametrize("name", COPIES)
def test_whichever_copy_comes_first(name: str) -> None:
    (one, other), rest = COPIES[name]
    found = []
    for batches in ([one, *rest], [other]), ([other, *rest], [one]), ([*rest, other, one],):
        with opened() as graph:
            put(graph, *batches)
            found.append(every_answer(graph, [A, B, GS1, item("tote")]))
    assert found[0]
    assert found[1:] == found[:1] * 2


@pytest.mark.parametrize("name", sorted(COPIES.keys() - READ_DIFFERENTLY))
def test_a_copy_in_other_words_is_a_duplicate(name: str) -> None:
    (one, other), rest = COPIES[name]
    found = []
    for first, copy in (one, other), (other, one):
        with opened() as graph:
            put(graph, [first, *rest])
            report = put(graph, [copy])
            assert (report.accepted, report.duplicates) == (0, 1)
            assert graph.store.head().count == 1 + len(rest)
            found.append(every_answer(graph, [A, B, GS1, item("tote")]))
    assert found[0] == found[1]


def test_a_date_is_not_the_midnight_before_it() -> None:
    """Either they are two events, or the same whichever comes first: a date leaves the hour open, midnight does not."""
    day, midnight = WAY | {"eventTime": "2026-03-01"}, WAY | {"eventTime": "2026-03-01T00:00:00Z"}
    found = []
    for told in ([day], [midnight]), ([midnight], [day]):
        with opened() as graph:
            put(graph, [born(60, A, "x", 10)], *told)
            found.append(every_answer(graph, [A]))
    assert found[0] == found[1]
