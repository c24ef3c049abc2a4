"""Days at a place: working days around holidays that move, and days that are not 24 hours long."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.recall.cases import at
from tracegraph.errors import UsageError
from tracegraph.model.instants import DAY
from tracegraph.recall.deadlines.calendar import WorkingDays, begin_of, day_of, end_of, zone_of

HOUR = DAY // 24


def test_holidays_that_move_and_the_weekends_worked_for_them() -> None:
    """Spring festival: 28 January to 4 February 2025, for which Sunday 26 January and Saturday 8 February are worked;
    in 2024 it was 10 to 17 February."""
    china = WorkingDays("CN")
    assert china.after(date(2025, 1, 24), 1) == date(2025, 1, 26)
    assert china.after(date(2025, 1, 27), 1) == date(2025, 2, 5)
    assert china.after(date(2025, 2, 7), 2) == date(2025, 2, 10)
    assert china.after(date(2025, 1, 24), 10) == date(2025, 2, 13)
    assert china.after(date(2024, 1, 27), 1) == date(2024, 1, 29)
    assert not china.is_worked(date(2024, 2, 12))


def test_good_friday_is_another_day_each_year() -> None:
    british = WorkingDays("GB-ENG")
    assert british.after(date(2025, 4, 17), 1) == date(2025, 4, 22)
    assert british.after(date(2026, 4, 2), 1) == date(2026, 4, 7)


def test_holidays_of_a_part_of_a_country() -> None:
    assert WorkingDays("DE-BY").after(date(2025, 1, 3), 1) == date(2025, 1, 7)
    assert WorkingDays("DE").after(date(2025, 1, 3), 1) == date(2025, 1, 6)


def test_without_a_country_only_weekends_are_off_and_own_days() -> None:
    assert WorkingDays().after(date(2025, 1, 24), 1) == date(2025, 1, 27)
    assert WorkingDays(None, {date(2025, 1, 27)}).after(date(2025, 1, 24), 1) == date(2025, 1, 28)
    assert not WorkingDays("CN", {date(2025, 1, 26)}).is_worked(date(2025, 1, 26))


def test_what_is_not_known_is_said() -> None:
    with pytest.raises(UsageError, match="XX"):
        WorkingDays("XX")
    with pytest.raises(UsageError, match="DE-XX"):
        WorkingDays("DE-XX")
    with pytest.raises(UsageError, match="Mars/Base"):
        zone_of("Mars/Base")


@given(st.dates(date(2000, 1, 1), date(2040, 1, 1)), st.integers(1, 40), st.sets(st.integers(0, 60), max_size=20))
def test_so_many_working_days_are_worked_and_no_more(day: date, count: int, off: set[int]) -> None:
    calendar = WorkingDays(None, {day + timedelta(days=number) for number in off})
    last = calendar.after(day, count)
    between = [day + timedelta(days=number) for number in range(1, (last - day).days + 1)]
    assert sum(map(calendar.is_worked, between)) == count
    assert calendar.is_worked(last)


def test_days_of_23_and_25_hours_begin_and_end_where_the_clocks_say() -> None:
    brussels = zone_of("Europe/Brussels")
    spring, autumn = date(2026, 3, 29), date(2026, 10, 25)
    assert begin_of(spring, brussels) == at("2026-03-28T23:00:00Z")
    assert end_of(spring, brussels) + 1 - begin_of(spring, brussels) == 23 * HOUR
    assert end_of(autumn, brussels) + 1 - begin_of(autumn, brussels) == 25 * HOUR
    # A day whose first hour there was not: it begins where the clocks jumped to.
    assert begin_of(date(2024, 4, 26), zone_of("Africa/Cairo")) == at("2024-04-25T22:00:00Z")


@given(st.integers(0, 4_000_000_000_000_000), st.sampled_from(["UTC", "Asia/Shanghai", "America/New_York"]))
def test_an_instant_lies_within_its_day(instant: int, name: str) -> None:
    zone = zone_of(name)
    day = day_of(instant, zone)
    assert begin_of(day, zone) <= instant <= end_of(day, zone)
