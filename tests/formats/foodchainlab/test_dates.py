"""Dates of one day, a month or a year; nothing is guessed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tracegraph.formats.epcis.moments import days_since_1970
from tracegraph.formats.foodchainlab.amounts import read_amount
from tracegraph.formats.foodchainlab.dates import Days, event_time, read_days


@pytest.mark.parametrize(
    "text", ["2016-02-09", "09.02.2016", "9.2.2016", "2016-2-9", " 2016-02-09 ", "2016-02-09T10:00"]
)
def test_a_day_in_each_form(text: str) -> None:
    day = days_since_1970(2016, 2, 9)
    assert read_days(text) == Days(day, day, "day")
    assert event_time(day) == "2016-02-09T00:00:00.000Z"


@pytest.mark.parametrize("text", ["2016-02", "02.2016"])
def test_a_month_is_all_its_days(text: str) -> None:
    found = read_days(text)
    assert found == Days(days_since_1970(2016, 2, 1), days_since_1970(2016, 2, 29), "month")


def test_a_year_and_the_end_of_a_year() -> None:
    assert read_days("2016") == Days(days_since_1970(2016, 1, 1), days_since_1970(2016, 12, 31), "year")
    assert read_days("2016-12") == Days(days_since_1970(2016, 12, 1), days_since_1970(2016, 12, 31), "month")


@pytest.mark.parametrize("text", ["", "1/2/2016", "30.02.2016", "2016-13", "2016-13-01", "16", "spring", "unknown"])
def test_what_is_no_certain_date(text: str) -> None:
    assert read_days(text) is None


@pytest.mark.parametrize(
    ("text", "amount"),
    [("25 kg", ("25", "KGM")), ("0.5t", ("0.5", "TNE")), ("12,5 kg", ("12.5", "KGM")), ("1 Piece", ("1", "C62"))],
)
def test_amounts_of_one_number_and_one_unit(text: str, amount: tuple[str, str]) -> None:
    assert read_amount(text) == (Decimal(amount[0]), amount[1])


@pytest.mark.parametrize("text", ["", "25", "2.0 pallets 18.4kg", "25 x 20 kg", "3 boxes", "1.250 kg", "-2 kg", "kg"])
def test_other_amounts_stay_text(text: str) -> None:
    assert read_amount(text) is None
