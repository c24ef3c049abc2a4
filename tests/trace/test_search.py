"""Looking for units, sites, parties and products: what is found, in which order, page by page, as known when."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.trace.memory import MemoryStore
from tracegraph.contract.scenes import SECOND, Scene
from tracegraph.errors import UnknownIdentifier, UsageError
from tracegraph.identifiers import supplier_lot
from tracegraph.model.record import Record
from tracegraph.stores.port import NewEntry, UnitRow
from tracegraph.trace.cursors import write_cursor
from tracegraph.trace.search import Search, search

GTIN = "https://id.gs1.org/01/09521234543213"
FLOUR, SALT = f"{GTIN}/10/FL-7", f"{GTIN}/10/SA-9"
OWN = supplier_lot("https://mill.example", "K 41")


def store() -> MemoryStore:
    """Two lots at the mill, and one that the mill has its own number for; master data for some."""
    scene = Scene()
    for unit in (FLOUR, SALT, OWN):
        scene.hold(f"{unit}@mill", "site:https://mill.example/hall", 0, 10, "https://mill.example/company")
    made = MemoryStore(3)
    scene.put_into(made, recorded_at=1)
    records = [
        Record("site", "https://mill.example/hall", {"name": "Northern Mill", "country": "DE"}),
        Record("product", GTIN, {"name": "Wheat flour"}),
        Record("party", "https://mill.example/company", {"name": "Miller & Daughters"}),
        Record("party", "https://closed.example/company", {"name": "Gone"}, withdrawn=True),
    ]
    rows = [UnitRow(FLOUR, "lot", GTIN), UnitRow(SALT, "lot", GTIN), UnitRow(OWN, "lot")]
    with made.write() as change:
        entries = [NewEntry(record.id.encode(), record=record) for record in records]
        change.replace(change.append(entries, 5 * SECOND, "")[-1], {}, rows)
    return made


def found(text: str = "", **asked: Any) -> list[tuple[str, str | None]]:
    """(id, how) of what is found."""
    search_for = Search(text, **asked)
    rows = search(store(), search_for).envelope["result"][search_for.among]
    return [(row["id"], row["match"]) for row in rows]


def test_everything_by_id() -> None:
    assert found() == [(FLOUR, None), (SALT, None), (OWN, None)]
    assert found(among="sites") == [("https://mill.example/hall", None)]
    assert found(among="parties") == [("https://mill.example/company", None)]
    assert found(among="products") == [(GTIN, None)]


def test_an_identifier_in_any_form_comes_first() -> None:
    for text in (FLOUR, "(01)09521234543213(10)FL-7", "urn:epc:class:lgtin:9521234.054321.FL-7"):
        assert found(text)[0] == (FLOUR, "identifier")
    assert found("https://mill.example/hall", among="sites") == [("https://mill.example/hall", "identifier")]


def test_a_suppliers_own_number() -> None:
    assert found("K 41") == [(OWN, "lot_number")]


def test_a_part_and_what_is_spelt_alike() -> None:
    assert found("fl-7") == [(FLOUR, "part")]
    assert (FLOUR, "alike") in found("FL-77")
    assert found("northern", among="sites") == [("https://mill.example/hall", "part")]
    assert found("Northern Mil1", among="sites") == [("https://mill.example/hall", "alike")]
    assert found("daughters", among="parties") == [("https://mill.example/company", "part")]
    assert found("nothing of the kind") == []


def test_a_product_name_finds_its_units() -> None:
    assert [name for name, _ in found("wheat")] == [FLOUR, SALT]


def test_product_and_kind_choose() -> None:
    assert [name for name, _ in found(product=GTIN)] == [FLOUR, SALT]
    assert [name for name, _ in found(product="9521234543213")] == [FLOUR, SALT]
    assert found(kind="item") == []
    assert found(product="https://other.example") == []


def test_rows_say_what_is_known() -> None:
    (row,) = search(store(), Search("FL-7", kind="lot", limit=1)).envelope["result"]["units"]
    assert row == {
        "id": FLOUR,
        "kind": "lot",
        "product": GTIN,
        "name": "Wheat flour",
        "match": "part",
        "likeness": 90,
    }
    (row,) = search(store(), Search(among="sites")).envelope["result"]["sites"]
    assert (row["name"], row["country"], row["parent"], row["party"]) == ("Northern Mill", "DE", None, None)


def test_as_of_leaves_out_what_was_learnt_later() -> None:
    early = search(store(), Search(among="products", as_of=3 * SECOND)).envelope
    assert early["result"]["products"][0]["name"] is None
    assert early["as_of"]["known"] == "1970-01-01T00:00:03Z"


@given(st.sampled_from(["", "e", "FL-7", "mill"]), st.integers(1, 4))
def test_pages_are_the_whole_list(text: str, limit: int) -> None:
    whole, made = found(text), store()
    paged: list[tuple[str, str | None]] = []
    after = None
    while True:
        told = search(made, Search(text, limit=limit, after=after)).envelope
        assert len(told["result"]["units"]) <= limit
        paged += [(row["id"], row["match"]) for row in told["result"]["units"]]
        after = told["result"]["next"]
        assert told["complete"] is (after is None)
        if after is None:
            break
    assert paged == whole


@given(st.text(max_size=30))
def test_no_text_is_too_odd(text: str) -> None:
    assert len(found(text)) <= 3


@pytest.mark.parametrize(
    "asked",
    [
        {"among": "lots"},
        {"limit": 0},
        {"limit": 1001},
        {"kind": "box"},
        {"among": "sites", "kind": "lot"},
    ],
)
def test_wrong_searches_are_refused(asked: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        found(**asked)


@pytest.mark.parametrize("after", ["?", "bm8", write_cursor((1, 2)), write_cursor(("x", "y"))])
def test_a_page_that_there_is_not(after: str) -> None:
    with pytest.raises(UnknownIdentifier):
        found(after=after)
