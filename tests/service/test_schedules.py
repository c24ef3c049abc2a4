"""When scheduled subscriptions run."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracegraph.errors import Refused, UsageError
from tracegraph.model.instants import instant_of, instant_text, parse_instant
from tracegraph.service.schedules import FIELDS, read_schedule

SATURDAY = "2026-01-31T09:00:00Z"


@pytest.mark.parametrize(
    ("written", "following"),
    [
        ({"hour": "1", "minute": "5"}, "2026-02-01T01:05:00Z"),
        ({"hour": "1"}, "2026-02-01T01:00:00Z"),
        ({"second": "0/30"}, "2026-01-31T09:00:30Z"),
        ({"second": "0"}, "2026-01-31T09:01:00Z"),
        ({"minute": "0/15"}, "2026-01-31T09:15:00Z"),
        ({"minute": "*"}, "2026-01-31T09:01:00Z"),
        ({"second": "30", "minute": "1,15,[40-42]"}, "2026-01-31T09:01:30Z"),
        ({"hour": "[8-17]", "dayOfWeek": "[1-5]"}, "2026-02-02T08:00:00Z"),
        ({"hour": "[22-3]"}, "2026-01-31T22:00:00Z"),
        ({"dayOfWeek": "7"}, "2026-02-01T00:00:00Z"),
        ({"dayOfWeek": "6"}, "2026-02-07T00:00:00Z"),
        ({"dayOfMonth": "15"}, "2026-02-15T00:00:00Z"),
        ({"month": "3"}, "2026-03-01T00:00:00Z"),
        ({"month": "2", "dayOfMonth": "29"}, "2028-02-29T00:00:00Z"),
        ({"month": "2", "dayOfMonth": "29", "dayOfWeek": "1"}, "2044-02-29T00:00:00Z"),
    ],
)
def test_what_comes_next(written: dict[str, str], following: str) -> None:
    schedule = read_schedule(written, parse_instant(SATURDAY, "now"))
    assert instant_text(schedule.next_after(parse_instant(SATURDAY, "now"))) == following


def test_a_run_is_never_its_own_follower() -> None:
    schedule = read_schedule({"second": "*"}, 0)
    now = parse_instant(SATURDAY, "now")
    assert schedule.next_after(now) - now == 1_000_000
    assert schedule.next_after(now + 999_999) - now == 1_000_000


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({}, "is empty"),
        ({"hours": "1"}, "'hours'"),
        ({"hour": "24"}, "outside of 0 to 23"),
        ({"dayOfWeek": "0"}, "outside of 1 to 7"),
        ({"hour": "[1-24]"}, "outside"),
        ({"hour": "1-2"}, "not understood"),
        ({"hour": ""}, "not understood"),
        ({"minute": "*/0"}, "not understood"),
        ({"minute": "1,,2"}, "not understood"),
    ],
)
def test_what_is_refused(written: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        read_schedule(written, 0)


def test_a_day_that_never_comes_is_refused() -> None:
    with pytest.raises(Refused, match="no day that ever comes"):
        read_schedule({"month": "2", "dayOfMonth": "30"}, parse_instant(SATURDAY, "now"))


def _lists(low: int, high: int) -> st.SearchStrategy[str]:
    return st.lists(st.integers(low, high), min_size=1, max_size=3).map(lambda values: ",".join(map(str, values)))


@given(
    st.fixed_dictionaries({}, optional={name: _lists(*FIELDS[name]) for name in ("second", "minute", "hour")}).filter(
        bool
    ),
    st.integers(0, 86_400 * 3),
)
def test_it_is_the_first_second_that_agrees(written: dict[str, str], start: int) -> None:
    """Compared with a walk over every second, by code of its own."""
    begin = datetime(2026, 2, 27, tzinfo=UTC) + timedelta(seconds=start)
    wanted = {name: {int(value) for value in text.split(",")} for name, text in written.items()}
    for name in ("second", "minute", "hour"):
        if name in written:
            break
        wanted[name] = {0}
    moment = begin + timedelta(seconds=1)
    while not all(getattr(moment, name) in values for name, values in wanted.items()):
        moment += timedelta(seconds=1)
    assert read_schedule(written, 0).next_after(instant_of(begin)) == instant_of(moment)
