"""Times, exactly: against the calendar of the standard library where it reaches."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracegraph.formats.epcis.moments import read_offset, read_time, utc_text

FIRST, LAST = datetime(1000, 1, 1), datetime(9998, 12, 30)  # noqa: DTZ001 (the strategy adds zones)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(min_value=FIRST, max_value=LAST, timezones=ZONES))
def test_reads_what_the_standard_library_writes(moment: datetime) -> None:
    read = read_time(moment.isoformat())
    assert read is not None
    assert read.rounded(6) == (moment - EPOCH) // timedelta(microseconds=1)


@given(st.datetimes(min_value=FIRST, max_value=LAST))
def test_writes_utc_in_milliseconds(moment: datetime) -> None:
    moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000, tzinfo=UTC)
    milliseconds = (moment - EPOCH) // timedelta(milliseconds=1)
    assert (
        utc_text(milliseconds) == moment.strftime("%Y-%m-%dT%H:%M:%S.").zfill(20) + f"{moment.microsecond // 1000:03d}Z"
    )


@pytest.mark.parametrize(
    ("decimals", "digits", "expected"),
    [
        ("1415", 3, 142), ("1414", 3, 141), ("9995", 3, 1000), ("0004999", 3, 0), ("0004999", 6, 500),
        ("1234565", 6, 123457), ("1234564999", 6, 123456), ("", 6, 0), ("5", 0, 1), ("49999", 0, 0),
    ],
)  # fmt: skip
def test_rounds_once_and_half_up(decimals: str, digits: int, expected: int) -> None:
    text = "1970-01-01T00:00:00" + (f".{decimals}" if decimals else "") + "Z"
    read = read_time(text)
    assert read is not None
    assert read.rounded(digits) == expected


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1970-01-01T00:00Z", 0),
        ("1970-01-01 00:00:01Z", 1),
        ("1970-01-01T24:00:00Z", 86_400),
        ("1972-06-30T23:59:60Z", 78_796_800),
        ("1970-01-01T02:00:00+0200", 0),
        ("1970-01-01T00:00:00,5Z", 0),
        (" 1970-01-02 ", 86_400),
        ("12000-02-29T00:00:00Z", 316_521_302_400),
    ],
)
def test_reads_lenient_forms(text: str, seconds: int) -> None:
    read = read_time(text)
    assert read is not None
    assert read.seconds - (read.zone or 0) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "", "now", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z",
        "2026-01-01T25:00:00Z", "2026-01-01T24:00:01Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z",
        "2026-01-01T00:00:00+15:00", "2026-01-01T00:00:00+14:01", "2026-01-01T00:00:00+02:60", "26-01-01T00:00:00Z",
        "2026-01-01T00:00:00Z trailing", "２０２６-01-01T00:00:00Z", "2026-01-01T", "9" * 1000,
    ],
)  # fmt: skip
def test_refuses_what_is_no_time(text: str) -> None:
    assert read_time(text) is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("+02:00", 7200), ("-05:30", -19800), ("Z", 0), ("+14:00", 50400), ("+14:01", None), ("2", None), ("", None)],
)
def test_offsets(text: str, seconds: int | None) -> None:
    assert read_offset(text) == seconds
