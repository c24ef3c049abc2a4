"""Gaps of the whole graph: of a kind, by partner, page by page."""

from __future__ import annotations

from typing import Any

import pytest

from tests.trace.memory import MemoryStore
from tracegraph.contract.scenes import Scene
from tracegraph.errors import UnknownIdentifier, UsageError
from tracegraph.trace.all_gaps import GapChoice, all_gaps
from tracegraph.trace.cursors import write_cursor
from tracegraph.trace.question import ask

MILL, SHOP = "https://mill.example/company", "https://shop.example/company"


def store() -> MemoryStore:
    scene = Scene().hold("flour@mill", "site:mill", 0, 10).hold("bread@shop", "site:shop", 0, 10)
    scene.gap("never_received", "flour@mill", ask=(MILL, SHOP))
    scene.gap("ambiguous_receipt", "bread@shop", ask=(SHOP,))
    scene.gap("ambiguous_receipt", unit="flour")
    made = MemoryStore(1)
    scene.put_into(made, recorded_at=1)
    return made


def chosen(**choice: Any) -> list[tuple[str, str]]:
    told = all_gaps(store(), ask(kind="gaps"), GapChoice(**choice)).envelope
    assert told["complete"] is False
    return [(gap["kind"], gap["unit"]) for gap in told["gaps"]]


def test_all_of_them_are_the_plain_answer() -> None:
    told = all_gaps(store(), ask(kind="gaps")).envelope
    assert len(told["gaps"]) == 3
    assert told["question"] == ask(kind="gaps").to_dict()
    assert "next" not in told["result"]


def test_by_kind_and_partner() -> None:
    assert chosen(kind="ambiguous_receipt") == [("ambiguous_receipt", "bread"), ("ambiguous_receipt", "flour")]
    assert chosen(partner=MILL) == [("never_received", "flour")]
    assert chosen(partner=SHOP) == [("ambiguous_receipt", "bread"), ("never_received", "flour")]
    assert chosen(partner=SHOP, kind="never_received") == [("never_received", "flour")]
    assert chosen(partner="https://other.example") == []


def test_complete_is_said_of_all() -> None:
    told = all_gaps(store(), ask(kind="gaps"), GapChoice(kind="ambiguous_receipt")).envelope
    assert told["complete"] is False


@pytest.mark.parametrize("limit", [1, 2, 3, 4])
def test_pages(limit: int) -> None:
    whole = all_gaps(store(), ask(kind="gaps")).envelope["gaps"]
    paged, after = [], None
    while True:
        told = all_gaps(store(), ask(kind="gaps"), GapChoice(limit=limit, after=after)).envelope
        assert told["question"]["limit"] == limit
        paged += told["gaps"]
        after = told["result"]["next"]
        if after is None:
            break
    assert paged == whole


@pytest.mark.parametrize("choice", [{"kind": "hole"}, {"limit": 0}])
def test_wrong_choices_are_refused(choice: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        chosen(**choice)


@pytest.mark.parametrize("after", ["?", write_cursor(("a",))])
def test_a_page_that_there_is_not(after: str) -> None:
    with pytest.raises(UnknownIdentifier):
        chosen(after=after)
