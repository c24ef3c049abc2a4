"""What a cell says: numbers, amounts and identifiers, and what is asked instead of guessed."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracegraph.formats.tables.cells import Cell, UnreadableCell, amount, column_letters, identifier, number, text
from tracegraph.formats.tables.dates import When, when

MOMENT = datetime.fromisoformat("2024-02-29T08:15")
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.text(max_size=12),
    st.text(alphabet="0123456789.,-/:年月日 EeTZ+'１２kg", max_size=14),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.dates(),
    st.datetimes(),
    st.times(),
)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("12", "12"),
        ("12.5", "12.5"),
        ("12,5", "12.5"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1 234,5", "1234.5"),
        ("1\N{NO-BREAK SPACE}234\N{NARROW NO-BREAK SPACE}567", "1234567"),
        ("1'234.50", "1234.50"),
        ("1.234.567", "1234567"),
        ("0,250", "0.250"),
        ("0.125", "0.125"),
        ("1234,567", "1234.567"),
        (",5", "0.5"),
        ("-3,5", "-3.5"),
        ("２５．５", "25.5"),
        ("1.5e3", "1500"),
    ],
)
def test_numbers(written: str, meant: str) -> None:
    assert number(Cell(written)) == Decimal(meant)


@pytest.mark.parametrize(("mark", "meant"), [("point", "1.250"), ("comma", "1250")])
def test_a_point_before_three_digits_is_asked(mark: str, meant: str) -> None:
    with pytest.raises(UnreadableCell, match=r"cell C7 \('1.250'\) can be 1250 or 1.250; .*--decimal") as caught:
        number(Cell("1.250", 7, 3))
    assert caught.value.asks == "decimal"
    assert number(Cell("1.250"), mark) == Decimal(meant)  # type: ignore[arg-type]


@pytest.mark.parametrize("written", ["", "  ", "n/a", "?", "Unknown", "不详"])
def test_missing_numbers_are_none_and_not_zero(written: str) -> None:
    assert number(Cell(written)) is None
    assert when(Cell(written)) is None
    assert amount(Cell(written)) == (None, "")


@pytest.mark.parametrize(
    "written", ["12 34", "1,23,456", "1.2.3", "1,234.567,8", "abc", "12 kg", "--1", "1.234.56", "1e"]
)
def test_what_is_no_number_is_said_so(written: str) -> None:
    with pytest.raises(UnreadableCell, match="is no number"):
        number(Cell(written))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("12,5 kg", ("12.5", "KGM")),
        ("12kg", ("12", "KGM")),
        ("3 t", ("3", "TNE")),
        ("20 公斤", ("20", "KGM")),
        ("5 KGM", ("5", "KGM")),
        ("7 netfuls", ("7", "netfuls")),
        ("7", ("7", "")),
    ],
)
def test_amounts_with_their_unit(written: str, meant: tuple[str, str]) -> None:
    assert amount(Cell(written)) == (Decimal(meant[0]), meant[1])


def test_identifiers_that_a_spreadsheet_has_cut_are_refused() -> None:
    for cut in (Cell("4.01235E+12"), Cell(Decimal(10**16)), Cell(date(2024, 3, 1))):
        with pytest.raises(UnreadableCell, match="formatted as text"):
            identifier(cut)
    assert identifier(Cell(Decimal("4012345012345"))) == "4012345012345"
    assert identifier(Cell(" L\N{ZERO WIDTH SPACE}-7 ")) == "L-7"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2024-01-15", "2024-01-15"),
        ("2024/1/5", "2024-01-05"),
        ("20240115", "2024-01-15"),
        ("2024-01", "2024-01"),
        ("2024.1", "2024-01"),
        ("01/2024", "2024-01"),
        ("2024", "2024"),
        ("2024年1月15日", "2024-01-15"),
        ("2024年1月", "2024-01"),
        ("2024年", "2024"),
        ("15/01/2024", "2024-01-15"),
        ("01/15/2024", "2024-01-15"),
        ("05.05.2024", "2024-05-05"),
        ("15. Januar 2024", "2024-01-15"),
        ("15-Mar-24", "2024-03-15"),
        ("Jan 15, 2024", "2024-01-15"),
        ("März 2024", "2024-03"),
        ("2024-01-15 10:30", "2024-01-15T10:30"),
        ("2024-01-15T10:30:05Z", "2024-01-15T10:30:05Z"),
        ("2024-01-15T10:30+0200", "2024-01-15T10:30+02:00"),
        ("15/01/2024 3:05 PM", "2024-01-15T15:05"),
        ("45306", "2024-01-15"),
        ("45306.5", "2024-01-15T12:00"),
        ("２０２４－０１－１５", "2024-01-15"),
    ],
)
def test_dates_keep_their_precision(written: str, meant: str) -> None:
    assert when(Cell(written)) == When(meant)


def test_typed_dates_and_serial_numbers() -> None:
    assert when(Cell(date(2024, 2, 29))) == When("2024-02-29")
    assert when(Cell(MOMENT)) == When("2024-02-29T08:15")
    assert when(Cell(Decimal(45306))) == When("2024-01-15")
    assert when(Cell(Decimal(43844), epoch_1904=True)) == When("2024-01-15")
    assert when(Cell(Decimal(2024))) == When("2024")


@pytest.mark.parametrize(
    ("written", "order", "meant"),
    [
        ("05/06/2024", "dmy", "2024-06-05"),
        ("05/06/2024", "mdy", "2024-05-06"),
        ("04/05/06", "ymd", "2004-05-06"),
        ("15/01/24", "dmy", "2024-01-15"),
    ],
)
def test_ambiguous_dates_are_asked(written: str, order: str, meant: str) -> None:
    with pytest.raises(UnreadableCell, match=f"--dates {order}") as caught:
        when(Cell(written))
    assert caught.value.asks == "dates"
    assert when(Cell(written), order) == When(meant)  # type: ignore[arg-type]


@pytest.mark.parametrize("written", ["2024-13-01", "31/02/2024", "soon", "2024-02-30", "1/2", "99999999", "25:00", "3"])
def test_what_is_no_date_is_said_so(written: str) -> None:
    with pytest.raises(UnreadableCell, match="is no date"):
        when(Cell(written))


def test_a_date_against_the_order_that_was_said_is_refused() -> None:
    with pytest.raises(UnreadableCell, match="no date in the order mdy"):
        when(Cell("15/01/2024"), "mdy")


def test_partial_dates_are_intervals() -> None:
    assert (When("2024-02").first_day, When("2024-02").last_day) == (date(2024, 2, 1), date(2024, 2, 29))
    assert (When("2024").first_day, When("2024").last_day) == (date(2024, 1, 1), date(2024, 12, 31))
    assert [When(iso).precision for iso in ("2024", "2024-02", "2024-02-01", "2024-02-01T10:00")] == [
        "year",
        "month",
        "day",
        "time",
    ]


def test_a_cell_that_a_merged_one_covers_is_refused_with_the_range() -> None:
    covered = Cell(None, 6, 2, "Deliveries", "B5:B9")
    for read in (text, number, when, identifier, amount):
        with pytest.raises(UnreadableCell, match=r"cell Deliveries!B6 .* merged cells B5:B9"):
            read(covered)


def test_letters_of_columns() -> None:
    assert [column_letters(column) for column in (1, 26, 27, 702, 703, 16384)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]


@settings(max_examples=300)
@given(VALUES)
def test_any_cell_is_read_or_refused_with_its_address(value: object) -> None:
    cell = Cell(value, 3, 2, "S")  # type: ignore[arg-type]
    for read in (text, number, when, identifier, amount):
        with suppress(UnreadableCell):
            read(cell)
            continue
        with pytest.raises(UnreadableCell, match=r"^cell S!B3 "):
            read(cell)


@given(
    st.dates(date(1930, 1, 1), date(2190, 1, 1)), st.sampled_from(["%Y-%m-%d", "%d %b %Y", "%Y年%m月%d日", "%Y%m%d"])
)
def test_every_day_is_read_as_it_was_meant(day: date, form: str) -> None:
    assert when(Cell(day.strftime(form))) == When(day.isoformat())


@given(st.dates(date(1930, 1, 1), date(2190, 1, 1)), st.sampled_from([("dmy", "%d/%m/%Y"), ("mdy", "%m-%d-%Y")]))
def test_every_day_is_read_in_the_order_that_was_said(day: date, way: tuple[str, str]) -> None:
    assert when(Cell(day.strftime(way[1])), way[0]) == When(day.isoformat())  # type: ignore[arg-type]


@given(st.dates(date(1930, 1, 1), date(2170, 1, 1)), st.times().map(lambda clock: clock.replace(microsecond=0)))
def test_serial_numbers_with_a_time_of_day(day: date, clock: time) -> None:
    seconds = clock.hour * 3600 + clock.minute * 60 + clock.second
    found = when(Cell(Decimal((day - date(1899, 12, 30)).days) + Decimal(seconds) / 86400))
    shown = f"{day}T{clock.isoformat(timespec='seconds' if clock.second else 'minutes')}"
    assert found == When(shown if seconds else day.isoformat())
