"""Statements of accounts on any date, the register of all, closing a period, and what may no longer be posted."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.claims.written import at, world
from tracegraph.claims.accounts.statement import accounts, closing_row, statement, stock_on
from tracegraph.claims.world import World
from tracegraph.errors import InputError, UsageError


def account(**told: str) -> dict[str, str]:
    about = {"account": "A", "boundary": "mill", "product": "p", "input": "x", "unit": "TNE", "formula": "1"}
    return {"kind": "account", **about, "from": "2026-01-01", **told}


def posting(id: str, direction: str, quantity: str, time: str, **told: str) -> dict[str, str]:
    about = {"kind": "posting", "posting": id, "account": "A", "direction": direction, "unit": "TNE"}
    return {**about, "quantity": quantity, "time": time, **told}


def period(since: str, to: str, **told: str) -> dict[str, str]:
    return {"kind": "period", "account": "A", "from": since, "to": to, **told}


MOVES = [
    posting("P1", "opening", "10", "2026-01-01"),
    posting("P2", "in", "5", "2026-01-20", expires="2026-03-01"),
    posting("P3", "out", "12", "2026-02-10"),
    posting("P4", "correction_in", "1", "2026-02-20"),
    posting("P5", "expiry", "3", "2026-03-02"),
]


def amounts(known: World, until: str, since: str | None = None) -> dict[str, Any]:
    told = statement(known, "A", at(until), None if since is None else at(since)).to_dict()
    return {name: told[name] for name in ("opening", "entered", "withdrawn", "lapsed", "corrected", "closing")}


def test_the_sums_of_a_statement_lead_from_its_opening_to_its_closing() -> None:
    known = world(account(period_months="1"), *MOVES)
    zeros = {"opening": "0", "entered": "0", "withdrawn": "0", "lapsed": "0", "corrected": "0"}
    assert amounts(known, "2026-01-31") == {**zeros, "entered": "15", "closing": "15"}
    february = {**zeros, "opening": "15", "withdrawn": "12", "corrected": "1", "closing": "4"}
    assert amounts(known, "2026-02-28") == february
    assert amounts(known, "2026-03-31") == {**zeros, "opening": "4", "lapsed": "3", "closing": "1"}
    whole = {**zeros, "entered": "15", "withdrawn": "12", "lapsed": "3", "corrected": "1", "closing": "1"}
    assert amounts(known, "2026-03-31", "2026-01-01") == whole


def test_a_booked_expiry_is_not_counted_again() -> None:
    known = world(account(), *MOVES)
    lapsed, booked = statement(known, "A").steps[-2:]
    assert (lapsed.posting, lapsed.change, lapsed.after) == (None, -3, 1)
    assert (booked.change, booked.moved, booked.after, booked.booked) == (-3, 0, 1, 1)


def test_a_booked_expiry_before_the_day_takes_the_oldest_credits() -> None:
    known = world(account(), *MOVES[:2], posting("P3", "expiry", "12", "2026-02-01"))
    found = statement(known, "A", at("2026-02-01"))
    assert (found.closing, found.lapsed) == (Decimal(3), Decimal(12))
    assert [(lot.posting.id, lot.remains) for lot in found.series.lots] == [("P2", 3)]
    assert statement(known, "A", at("2026-03-01")).closing == 0


def test_lots_say_what_is_left_of_each_and_until_when() -> None:
    told = statement(world(account(), *MOVES[:3]), "A", at("2026-02-28")).to_dict()
    [lot] = told["lots"]
    assert (lot["posting"], lot["amount"], lot["remains"]) == ("P2", "5", "3")
    assert (lot["entered"], lot["expires"]) == ("2026-01-20T00:00:00Z", "2026-03-01T00:00:00Z")


def test_lines_say_what_each_posting_did() -> None:
    factor = {"kind": "factor", "factor": "F", "site": "mill", "input": "x", "output": "p", "value": "0.8"}
    moves = [posting("P1", "in", "10", "2026-01-10", factor="F"), posting("P2", "out", "3", "2026-01-11")]
    told = statement(world(account(), {**factor, "from": "2025-01-01"}, *moves), "A").to_dict()
    lines = [
        (line["posting"], line["quantity"], line["factor"], line["change"], line["balance"]) for line in told["lines"]
    ]
    assert lines == [("P1", "10", "0.8", "8", "8"), ("P2", "3", None, "-3", "5")]


def test_credits_that_had_expired_when_they_came_in_lapse_at_once() -> None:
    late = posting("P1", "in", "5", "2026-01-20", expires="2026-01-01")
    found = statement(world(account(), late, posting("P2", "out", "1", "2026-01-21")), "A")
    assert [step.after for step in found.steps] == [5, 0, -1]


def test_only_the_closing_of_exactly_this_period_is_signed() -> None:
    closed = period("2026-01-01", "2026-01-31", closing="15", signed="P-7", signed_on="2026-02-02")
    known = world(account(period_months="1"), *MOVES, closed)
    assert statement(known, "A", at("2026-02-01") - 1).signed
    assert statement(known, "A", at("2026-02-01") - 1).to_dict()["period"]["signed_on"] == "2026-02-02"
    assert not statement(known, "A", at("2026-01-30")).signed
    assert not statement(known, "A", at("2026-02-28")).signed


def test_nothing_posted_is_a_statement_of_nothing() -> None:
    told = statement(world(account()), "A").to_dict()
    assert (told["closing"], told["lines"], told["lots"], told["period"]) == ("0", [], [], None)


def test_an_account_that_cannot_be_counted_says_why() -> None:
    known = world(account(), posting("P1", "in", "1", "2026-01-01", basis="wet"))
    with pytest.raises(InputError, match="account A cannot be counted: posting P1 is on the basis wet"):
        statement(known, "A")
    with pytest.raises(UsageError, match="there is no account 'B'"):
        statement(known, "B")


def test_the_register_has_every_account() -> None:
    other = {**account(), "account": "B"}
    odd = {**posting("Q1", "in", "1", "2026-01-01"), "account": "B", "unit": "MTQ"}
    one, two = accounts(world(account(), other, *MOVES[:3], odd, valid="2026-02-28"))
    assert (one["balance"], one["lowest"], one["expires"], one["problem"]) == ("3", "3", "2026-03-01T00:00:00Z", None)
    assert (one["postings"], one["boundary"]) == (3, ["mill"])
    assert two["balance"] is None
    assert "posting Q1 is in MTQ, where TNE is needed" in two["problem"]


def test_a_period_closes_with_its_balance() -> None:
    known = world(account(period_months="1"), *MOVES)
    span = {"account": "A", "from": "2026-01-01T00:00:00Z", "to": "2026-01-31T23:59:59.999999Z"}
    assert closing_row(known, "A", at("2026-01-15")) == {**span, "closing": "15", "carried": "15"}
    none = world(account(period_months="1", carry="none"), *MOVES)
    assert closing_row(none, "A", at("2026-01-15"))["carried"] == "0"
    overdrawn = world(account(period_months="1"), posting("P1", "out", "1", "2026-01-02"))
    told = closing_row(overdrawn, "A", at("2026-01-15"))
    assert (told["closing"], told["carried"]) == ("-1", "0")


def test_a_period_closes_once_and_needs_a_length() -> None:
    closed = world(account(period_months="1"), *MOVES, period("2026-01-01", "2026-01-31"))
    with pytest.raises(UsageError, match=r"the period until 2026-01-31.* is closed already"):
        closing_row(closed, "A", at("2026-01-31"))
    assert closing_row(closed, "A", at("2026-02-01"))["from"] == "2026-02-01T00:00:00Z"
    with pytest.raises(UsageError, match="has no period at 2026-02-01"):
        closing_row(world(account(), *MOVES), "A", at("2026-02-01"))


def test_the_stock_on_a_date_is_that_of_the_last_statement() -> None:
    def stock(id: str, since: str, to: str, product: str) -> dict[str, str]:
        about = {"kind": "stock", "stock": id, "site": "mill", "product": product, "unit": "TNE"}
        return {**about, "from": since, "to": to}

    known = world(stock("S1", "2026-01-01", "2026-01-31", "p"), stock("S2", "2026-02-01", "2026-02-28", "q"))
    found = [
        stock_on(known, "mill", at(day) - 1, *product)
        for day, *product in (("2026-02-01",), ("2026-03-01",), ("2026-03-01", "p"), ("2026-01-31",))
    ]
    assert [None if row is None else row.id for row in found] == ["S1", "S2", "S1", None]
