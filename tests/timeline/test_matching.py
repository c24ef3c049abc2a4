"""Receipts and shipments: rules 1 to 4 of custody-graph section 6, case by case."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tracegraph.model.custody import Place, PlaceKind
from tracegraph.model.facts import Document
from tracegraph.model.quantity import Quantity
from tracegraph.timeline.matching import (
    Candidate,
    Match,
    Receipt,
    conflicts,
    documents_conflict,
    match,
    same_document,
)
from tracegraph.timeline.places import Places


def site(name: str) -> Place:
    return Place(PlaceKind.SITE, name)


def papers(*names: str) -> frozenset[Document]:
    """`desadv:1`; `:1` has no type."""
    return frozenset(Document(*name.split(":")) for name in names)


def kilos(number: str) -> Quantity:
    return Quantity(Decimal(number), "KGM")


P, Q, R = site("P"), site("Q"), site("R")
RECEIPT = Receipt(Q, P, papers(), kilos("10"))
PLACES = Places()


def shipment(name: str, available: str | None = "10", *documents: str) -> Candidate:
    amount = None if available is None else Decimal(available)
    return Candidate(Place(PlaceKind.TRANSIT, name), P, Q, papers(*documents), amount)


def found(receipt: Receipt, *candidates: Candidate, places: Places = PLACES) -> Match:
    return match(receipt, candidates, places)


@pytest.mark.parametrize(
    ("one", "other", "same", "conflict"),
    [
        (["desadv:1"], ["desadv:1"], True, False),
        (["desadv:1"], ["desadv:2"], False, True),
        (["desadv:1"], [":1"], True, False),
        ([":1"], ["desadv:1"], True, False),
        ([":1"], [":1"], True, False),
        ([":1"], ["desadv:2"], False, True),
        (["desadv:1"], [":2"], False, True),
        (["desadv:1"], ["inv:1"], False, False),
        (["desadv:1"], ["inv:2"], False, False),
        (["desadv:1", "inv:7"], ["inv:7", "desadv:2"], True, False),
        (["desadv:1", "inv:7"], ["po:7", "desadv:2"], False, True),
        ([], ["desadv:1"], False, False),
        (["desadv:1"], [], False, False),
        ([], [], False, False),
    ],
)
def test_documents(one: list[str], other: list[str], same: bool, conflict: bool) -> None:
    assert same_document(papers(*one), papers(*other)) is same
    assert documents_conflict(papers(*one), papers(*other)) is conflict


WITH_PAPER = replace(RECEIPT, documents=papers("desadv:1"))


def test_rule_1_exactly_one_fits() -> None:
    one, other = shipment("a", "10", "desadv:1"), shipment("b", "10", "desadv:2")
    assert found(WITH_PAPER, one, other) == Match((one,), True, "same_document")
    assert found(WITH_PAPER, one, shipment("c")) == Match((one,), True, "same_document")
    small = shipment("d", "9", "desadv:1")
    assert found(WITH_PAPER, small, one) == Match((one,), True, "same_document")
    assert found(replace(WITH_PAPER, implied=True), one) == Match((one,), False, "same_document")


@pytest.mark.parametrize(("available", "wanted"), [("10", "10"), ("11", "10"), (None, "10"), ("1", None)])
def test_rule_1_what_fits(available: str | None, wanted: str | None) -> None:
    receipt = replace(WITH_PAPER, quantity=None if wanted is None else kilos(wanted))
    one = shipment("a", available, "desadv:1")
    assert found(receipt, one) == Match((one,), True, "same_document")
    assert found(replace(receipt, quantity=Quantity(None, "KGM")), one).rule == "same_document"


@pytest.mark.parametrize(
    ("amounts", "wanted", "all_needed"),
    [
        (("6", "6"), "12", True),
        (("6", "6"), "7", True),
        (("7", "6"), "8", True),
        (("7", "6"), "14", False),
        (("6", "6", "1"), "12", False),
        (("6", "6", "1"), "12.5", True),
        (("6", None), "12", False),
    ],
)
def test_rule_1_the_quantity_needs_them_all(amounts: tuple[str | None, ...], wanted: str, all_needed: bool) -> None:
    several = [shipment(f"s{number}", amount, "desadv:1") for number, amount in enumerate(amounts)]
    answer = found(replace(WITH_PAPER, quantity=kilos(wanted)), *several)
    assert (answer == Match(tuple(several), True, "same_document_all")) is all_needed
    implied = found(replace(WITH_PAPER, quantity=kilos(wanted), implied=True), *several)
    assert not implied.certain
    assert (implied.rule == "same_document_all") is all_needed


def test_rule_1_several_could_fit() -> None:
    both = [shipment("a", "10", "desadv:1"), shipment("b", "12", "desadv:1")]
    expected = Match(tuple(both), False, "same_document_several", ("ambiguous_receipt",))
    assert found(WITH_PAPER, *both) == expected
    assert found(replace(WITH_PAPER, quantity=None), *both) == expected
    assert found(WITH_PAPER, *both, shipment("c", "5", "desadv:1")) == expected


def test_rule_1_does_not_see_containers_at_the_place_nor_loads_for_elsewhere() -> None:
    standing = Candidate(Place(PlaceKind.CONTAINER, "t"), None, None, papers("desadv:1"), Decimal(10), True)
    one = shipment("a", "10", "desadv:1")
    assert found(WITH_PAPER, standing, one) == Match((one,), True, "same_document")
    diverted = one._replace(destination=R)
    assert found(WITH_PAPER, diverted, one) == Match((one,), True, "same_document")
    alone = found(WITH_PAPER, diverted)
    assert alone == Match((diverted,), False, "ambiguous_receipt", ("ambiguous_receipt", "destination_mismatch"), True)


def test_rule_2_the_only_shipment() -> None:
    one = shipment("a")
    assert found(RECEIPT, one) == Match((one,), True, "only_shipment")
    assert found(replace(RECEIPT, quantity=None), one) == Match((one,), True, "only_shipment")
    assert found(RECEIPT, one, one._replace(pool=Place(PlaceKind.TRANSIT, "b"), destination=R)) == Match(
        (one,), True, "only_shipment"
    )


@pytest.mark.parametrize(
    ("receipt", "candidate"),
    [
        (RECEIPT, shipment("a", "10", "desadv:1")),
        (replace(RECEIPT, documents=papers("inv:7")), shipment("a")),
        (replace(RECEIPT, implied=True), shipment("a")),
        (replace(RECEIPT, source=None), shipment("a")),
        (RECEIPT, shipment("a")._replace(origin=None)),
        (RECEIPT, shipment("a")._replace(destination=None)),
        (replace(RECEIPT, place=Place(PlaceKind.UNKNOWN)), shipment("a")),
        (RECEIPT, shipment("a")._replace(standing=True)),
    ],
)
def test_rule_2_nothing_less_will_do(receipt: Receipt, candidate: Candidate) -> None:
    assert found(receipt, candidate) == Match((candidate,), False, "ambiguous_receipt", ("ambiguous_receipt",))


def test_rule_2_not_for_more_than_there_is() -> None:
    small = shipment("a", "9")
    assert found(RECEIPT, small) == Match((small,), False, "ambiguous_receipt", ("ambiguous_receipt",), True)


def test_rule_3_everything_that_is_left_open() -> None:
    both = [shipment("a", "10"), shipment("b", "4")]
    assert found(RECEIPT, *both) == Match(tuple(both), False, "ambiguous_receipt", ("ambiguous_receipt",))
    more = replace(RECEIPT, quantity=kilos("14.1"))
    assert found(more, *both) == Match(tuple(both), False, "ambiguous_receipt", ("ambiguous_receipt",), True)
    exact = replace(RECEIPT, quantity=kilos("14"))
    assert found(exact, *both).elsewhere is False
    assert found(more, *both, shipment("c", None)).elsewhere is False
    assert found(replace(more, quantity=None), *both).elsewhere is False


def test_rule_3_those_in_conflict_count_only_where_none_without_fits() -> None:
    other_paper, fine, also = shipment("a", "10", "desadv:2"), shipment("b"), shipment("c")
    assert found(WITH_PAPER, other_paper, fine, also).candidates == (fine, also)
    assert found(WITH_PAPER, other_paper) == Match(
        (other_paper,), False, "ambiguous_receipt", ("ambiguous_receipt",), True
    )
    elsewhere = shipment("d")._replace(origin=R)
    answer = found(RECEIPT, elsewhere)
    assert answer.gaps == ("ambiguous_receipt", "destination_mismatch")
    assert answer.elsewhere


def test_rule_3_a_container_at_the_place_never_stands_above_the_same_document() -> None:
    standing = shipment("t")._replace(standing=True, destination=R)
    assert found(RECEIPT, standing, shipment("a")).candidates == (standing, shipment("a"))
    too_small = [shipment("a", "3", "desadv:1"), shipment("b", "4", "desadv:1")]
    assert found(WITH_PAPER, standing, *too_small).candidates == tuple(too_small)
    assert conflicts(RECEIPT, standing, PLACES) is False


def test_rule_4_nothing_at_all() -> None:
    assert found(RECEIPT) == Match((), False, "unmatched_receipt", (), True)


def test_parties_and_ancestors_stand_for_sites() -> None:
    places = Places({"Q": "campus"}, {"P": "maker", "Q": "taker"}, set())
    maker, taker = Place(PlaceKind.PARTY, "maker"), Place(PlaceKind.PARTY, "taker")
    by_party = shipment("a")._replace(origin=maker, destination=taker)
    assert found(RECEIPT, by_party, places=places).rule == "only_shipment"
    assert found(RECEIPT, by_party._replace(destination=site("campus")), places=places).rule == "only_shipment"
    assert conflicts(RECEIPT, by_party._replace(destination=maker), places) is True
    assert conflicts(RECEIPT, by_party._replace(origin=taker), places) is True
