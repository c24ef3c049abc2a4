"""The tables of the standard agree with each other."""

from __future__ import annotations

import pytest

from tracegraph.claims.models import Model, tables


def test_the_order_is_that_of_physical_presence() -> None:
    assert [model.value for model in Model] == tables()["order"]
    assert [model.rank for model in Model] == [5, 4, 3, 2, 1]
    assert [model.short for model in Model] == ["IP", "SG", "CB", "MB", "BC"]


@pytest.mark.parametrize("received", Model)
@pytest.mark.parametrize("supplied", Model)
def test_nothing_rises_and_everything_may_fall(received: Model, supplied: Model) -> None:
    assert received.may_become(supplied) is (supplied.rank <= received.rank)


def test_properties() -> None:
    assert {name: [model.has(name) for model in Model] for name in tables()["properties"]} == {
        "tied_to_goods": ["yes", "yes", "yes", "yes", "no"],
        "meets_expectation_of_the_item": ["yes", "yes", "part", "no", "no"],
        "meets_expectation_of_the_market": ["yes"] * 5,
        "mixing_allowed": ["no", "no", "yes", "yes", "yes"],
        "sold_within_bought": ["yes", "yes", "yes", "period", "credits"],
        "quantities_reconciled": ["no", "no", "yes", "yes", "yes"],
        "physically_separate": ["yes", "yes", "part", "no", "no"],
        "origin_determinable": ["yes", "no", "no", "no", "no"],
    }


def test_what_may_be_mixed_is_reconciled_and_what_is_separate_meets_the_expectation_of_the_item() -> None:
    for model in Model:
        assert model.has("mixing_allowed") == model.has("quantities_reconciled")
        assert model.has("physically_separate") == model.has("meets_expectation_of_the_item")
