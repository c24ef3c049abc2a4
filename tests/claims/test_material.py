"""The material accounting of a scope, through its own functions."""

from __future__ import annotations

import itertools
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.claims.written import at, world
from tracegraph.claims.material import SIX, Terms, books, periods, year, years

PARTY = "https://smelter.example"


def account(id: str, kind: str, **more: str) -> dict[str, Any]:
    return {
        "kind": "account",
        "account": id,
        "party": PARTY,
        "boundary": f"{PARTY}/hall",
        "product": "urn:example:ingot",
        "material": "aluminium",
        "input": kind,
        "scheme": "ASI",
        "unit": "TNE",
        "formula": "1",
        "from": "2023-01-01",
        **more,
    }


ACCOUNTS = [account("COC", "coc"), account("OTH", "other"), account("SCR", "scrap"), account("OSC", "other_scrap")]


def posting(id: str, account: str, direction: str, quantity: object, time: str, **more: str) -> dict[str, Any]:
    return {
        "kind": "posting",
        "posting": id,
        "account": account,
        "direction": direction,
        "quantity": str(quantity),
        "unit": "TNE",
        "time": time,
        **more,
    }


WORKED = [
    *ACCOUNTS,
    posting("I1", "COC", "in", 500, "2025-02-01"),
    posting("I2", "OTH", "in", 500, "2025-02-01"),
    posting("O1", "COC", "out", 480, "2025-11-01"),
    posting("O2", "OTH", "out", 460, "2025-11-01"),
    posting("O3", "SCR", "out", 30, "2025-11-02"),
    posting("O4", "OSC", "out", 30, "2025-11-02"),
]


def test_half_certified_input_allows_half_of_the_output_and_of_the_scrap() -> None:
    found = world(*WORKED)
    (book,) = books(found)
    (period,) = periods(found, book, Terms())
    assert period.share == Fraction(1, 2)
    assert [period.allowed, period.allowed_scrap] == [Fraction(470), Fraction(30)]
    assert [period.claimed, period.excess] == [Fraction(480), Fraction(10)]
    assert [period.scrap_excess, period.surplus] == [Fraction(0), Fraction(0)]


def test_the_six_totals_of_a_year_count_receipts_and_deliveries_of_that_year() -> None:
    found = world(
        *WORKED,
        posting("N", "COC", "in", 7, "2026-01-01"),
        posting("B", "COC", "opening", 9, "2025-01-01"),
        posting("R", "COC", "out", 480, "2025-12-01", reverses="O1"),
    )
    (book,) = books(found)
    assert years(book) == [2025, 2026]
    assert {name: year(book, 2025).six(name) for name in SIX} == {
        "coc_in": Decimal(500),
        "coc_out": Decimal(0),
        "scrap_in": Decimal(0),
        "scrap_out": Decimal(30),
        "other_in": Decimal(500),
        "other_out": Decimal(490),
    }
    assert [row.id for row in year(book, 2025).postings("in", "coc", "other")] == ["I1", "I2"]


def test_what_is_of_another_unit_or_kind_is_named_and_stops_the_book() -> None:
    found = world(
        *ACCOUNTS,
        account("BAD", "green"),
        account("VOL", "coc", unit="MTQ"),
        posting("P", "COC", "in", 1, "2025-01-01", unit="MTQ"),
    )
    (book,) = books(found)
    assert [row.id for row in book.problems] == ["BAD", "P", "VOL"]


def test_books_are_of_one_organisation_and_one_type_of_material_under_the_scheme() -> None:
    others = [
        account("A", "coc", material="Alumina"),
        account("P", "coc", party="https://other.example"),
        account("X", "coc", scheme="ASC"),
    ]
    told = [(book.party, book.material, [row.id for row in book.accounts]) for book in books(world(*WORKED, *others))]
    assert told == [
        ("https://other.example", "aluminium", ["P"]),
        (PARTY, "alumina", ["A"]),
        (PARTY, "aluminium", ["COC", "OSC", "OTH", "SCR"]),
    ]


def test_shorter_periods_begin_with_the_calendar_year() -> None:
    found = world(*WORKED)
    (book,) = books(found)
    told = [(one.totals.first, one.totals.last) for one in periods(found, book, Terms(months=6))]
    assert told == [(at("2025-01-01"), at("2025-07-01") - 1), (at("2025-07-01"), at("2026-01-01") - 1)]


def test_without_carrying_a_surplus_lapses_at_once() -> None:
    rows = [
        *ACCOUNTS,
        posting("I1", "COC", "in", 10, "2024-01-01"),
        posting("O1", "OTH", "out", 10, "2024-01-02"),
        posting("I2", "COC", "in", 10, "2025-01-01"),
    ]
    found = world(*rows)
    (book,) = books(found)
    assert [one.carried for one in periods(found, book, Terms())] == [0, 10]
    assert [one.carried for one in periods(found, book, Terms(carries=False))] == [0, 0]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 40)] * 4), min_size=1, max_size=6))
def test_never_more_is_within_the_limits_than_input_of_all_years_allows(
    years_: list[tuple[int, int, int, int]],
) -> None:
    """Whatever is carried, excess included: claimed output never exceeds what the shares allow, year for year."""
    rows = list(ACCOUNTS)
    for number, (coc_in, other_in, coc_out, other_out) in enumerate(years_):
        amounts = (("COC", "in", coc_in), ("OTH", "in", other_in), ("COC", "out", coc_out), ("OTH", "out", other_out))
        rows += [
            posting(f"{number}{name}{side}", name, side, amount, f"{2000 + number}-05-01")
            for name, side, amount in amounts
        ]
    found = world(*rows)
    (book,) = books(found)
    told = periods(found, book, Terms())
    for one, following in itertools.pairwise(told):
        assert 0 <= following.carried <= one.surplus <= one.allowed
    assert sum(one.claimed - one.excess for one in told) <= sum(one.allowed for one in told)


def test_a_claim_counts_to_the_last_instant_of_its_period() -> None:
    for made, counted in (("2025-12-31T23:59:59.999999Z", ["K"]), ("2026-01-01T00:00:00Z", [])):
        claim = {"kind": "claim", "claim": "K", "model": "mb", "account": "COC", "quantity": "1", "unit": "TNE"}
        found = world(*WORKED, {**claim, "made": made})
        (book,) = books(found)
        (first, *_) = periods(found, book, Terms())
        assert (first.totals.last, [row.id for row in first.claims]) == (at("2026-01-01") - 1, counted)
