"""Times as EPCIS writes them, exactly: integers only, no floating point, no limits of the calendar module.

Source: EPCIS 2.0 section 7.3.1 (`xsd:dateTimeStamp`); leniently also without zone, without seconds, or a date alone.
"""

from __future__ import annotations

import re
from functools import lru_cache

from tracegraph.model.values import value

_TIME = re.compile(
    r"(\d{4,6})-(\d\d)-(\d\d)"
    r"(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?)?"
    r"\s*(Z|z|[+-]\d\d:?\d\d)?",
    re.ASCII,
)
_DAY_ALONE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)", re.ASCII)
_DAYS_BEFORE_MONTH = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)
_DAY = 86_400
_WRITTEN = tuple(f"{number:02d}" for number in range(60))
_TWO_DIGITS = {text: number for number, text in enumerate(_WRITTEN)}


@value
class Reading:
    """A time as read: seconds since 1970-01-01T00:00 on the clock of the text, decimals of a second as digits, the zone
    in seconds east of UTC (None: not given), and whether the text is a date alone."""

    seconds: int
    decimals: str
    zone: int | None
    date_only: bool

    def rounded(self, digits: int, default_zone: int = 0) -> int:
        """The instant in units of 10^-`digits` seconds, half up; `default_zone` holds where the text has none."""
        seconds = self.seconds - (default_zone if self.zone is None else self.zone)
        decimals = self.decimals
        value = int("0" + decimals[:digits].ljust(digits, "0"))
        if len(decimals) > digits and decimals[digits] >= "5":
            value += 1
        return int(seconds * 10**digits + value)


def read_time(text: str) -> Reading | None:
    """The time that a text gives, or None where it gives none."""
    return _read_usual(text) or _read_any(text)


def _read_usual(text: str) -> Reading | None:
    """A time written `2020-01-31T12:00:00.000+01:00`, the decimals left out or not, or with `Z`; None for any other.
    Hardly any event has the time of another: what repeats is the day and the offset."""
    clock = clock_of_usual(text)
    if clock is None:
        return None
    offset = text[-1:] if text[-1] == "Z" else text[-6:]
    zone, decimals = read_offset(offset), text[19 : -len(offset)]
    if zone is None or (decimals and not is_fraction(decimals)):
        return None
    return Reading(clock, decimals[1:], zone, False)


def clock_of_usual(text: str) -> int | None:
    """The seconds that the first 19 characters of a time give where they are written `2020-01-31T12:00:00` and more
    follows."""
    midnight = _midnight_of(text[:10])
    if midnight is None or text[10:11] != "T" or text[13:14] != ":" or text[16:17] != ":" or len(text) < 20:
        return None
    hour, minute, second = _TWO_DIGITS.get(text[11:13]), _TWO_DIGITS.get(text[14:16]), _TWO_DIGITS.get(text[17:19])
    if hour is None or hour > 23 or minute is None or second is None:
        return None
    return midnight + hour * 3600 + minute * 60 + second


def is_fraction(text: str) -> bool:
    """Whether a text is a point and digits."""
    return text[0] == "." and text[1:].isdigit() and text.isascii()


@lru_cache(maxsize=4096)
def _midnight_of(text: str) -> int | None:
    """Seconds from 1970-01-01 to the beginning of a day written `2020-01-31`; None where it is none."""
    if _DAY_ALONE.fullmatch(text) is None:
        return None
    return _midnight(int(text[:4]), int(text[5:7]), int(text[8:]))


@lru_cache(maxsize=4096)
def _read_any(text: str) -> Reading | None:
    """A time in any form that is understood."""
    match = _TIME.fullmatch(text.strip()) if len(text) < 100 else None
    if match is None:
        return None
    year, month, day, hours, minutes, seconds, decimals, offset = match.groups()
    midnight = _midnight(int(year), int(month), int(day))
    hour, minute, second = int(hours or 0), int(minutes or 0), int(seconds or 0)
    zone = None if offset is None else read_offset(offset)
    if midnight is None or not _is_clock(hour, minute, second) or (offset and zone is None):
        return None
    return Reading(midnight + hour * 3600 + minute * 60 + second, decimals or "", zone, hours is None)


@lru_cache(maxsize=4096)
def _midnight(year: int, month: int, day: int) -> int | None:
    """Seconds from 1970-01-01 to the beginning of a day, or None where the calendar has no such day."""
    return days_since_1970(year, month, day) * _DAY if _is_date(year, month, day) else None


def _is_date(year: int, month: int, day: int) -> bool:
    """Whether the calendar has this day."""
    if not 1 <= month <= 12 or day < 1:
        return False
    end = days_since_1970(year + month // 12, month % 12 + 1, 1)
    return day <= end - days_since_1970(year, month, 1)


def _is_clock(hour: int, minute: int, second: int) -> bool:
    """Whether a clock shows this; 24:00:00 and the leap second are the instant after."""
    if hour == 24:
        return minute == 0 and second == 0
    return hour < 24 and minute < 60 and second <= 60


def days_since_1970(year: int, month: int, day: int) -> int:
    """Days from 1970-01-01 to a day of the Gregorian calendar."""
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    past = year - 1
    days = past * 365 + past // 4 - past // 100 + past // 400 - 719_162
    return days + _DAYS_BEFORE_MONTH[month - 1] + (1 if leap and month > 2 else 0) + day - 1


@lru_cache(maxsize=1024)
def read_offset(text: str) -> int | None:
    """Seconds east of UTC that `+02:00`, `-0530` or `Z` gives, or None; EPCIS allows up to 14:00."""
    if text in ("Z", "z"):
        return 0
    match = _OFFSET.fullmatch(text)
    if match is None or int(match[3]) > 59 or int(match[2]) * 60 + int(match[3]) > 14 * 60:
        return None
    seconds = int(match[2]) * 3600 + int(match[3]) * 60
    return -seconds if match[1] == "-" else seconds


def utc_text(milliseconds: int) -> str:
    """An instant as `2020-01-31T12:00:00.000Z`."""
    seconds, thousandths = divmod(milliseconds, 1000)
    days, clock = divmod(seconds, _DAY)
    minutes, second = divmod(clock, 60)
    time = f"{_WRITTEN[minutes // 60]}:{_WRITTEN[minutes % 60]}:{_WRITTEN[second]}"
    return f"{_date(days)}T{time}.{thousandths:03d}Z"


@lru_cache(maxsize=4096)
def _date(days: int) -> str:
    """The day so many days after 1970-01-01, as `2020-01-31`."""
    year = 1970 + days * 400 // 146_097
    while days_since_1970(year, 1, 1) > days:
        year -= 1
    while days_since_1970(year + 1, 1, 1) <= days:
        year += 1
    month = 12
    while days_since_1970(year, month, 1) > days:
        month -= 1
    return f"{year:04d}-{month:02d}-{days - days_since_1970(year, month, 1) + 1:02d}"
