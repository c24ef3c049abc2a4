"""Dates as FoodChain-Lab's users write them: a day, a month or a year, as days since 1970-01-01.

`2016-01-04`, `04.01.2016`, `2016-01`, `01.2016`, `2016`; a time of day after an ISO date is passed over. What else a
text may mean (`1/4/2016`) is not guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tracegraph.formats.epcis.moments import days_since_1970, is_day, utc_text

_FORMS = (
    re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d\d?)(?:-(?P<day>\d\d?)(?:[T ]\d\d?:.*)?)?)?", re.ASCII),
    re.compile(r"(?:(?:(?P<day>\d\d?)\.)?(?P<month>\d\d?)\.)(?P<year>\d{4})", re.ASCII),
)
_DAY = 86_400_000


@dataclass(frozen=True, slots=True)
class Days:
    """The days that a date may be: one, or those of its month or year. `precision`: day, month or year."""

    first: int
    last: int
    precision: str


def read_days(text: str) -> Days | None:
    """The days that a text means, None where it means none that is certain."""
    for form in _FORMS:
        match = form.fullmatch(text.strip())
        if match is not None:
            year, month, day = (int(match[part] or 0) for part in ("year", "month", "day"))
            return _days(year, month, day, match["month"] is not None, match["day"] is not None)
    return None


def _days(year: int, month: int, day: int, has_month: bool, has_day: bool) -> Days | None:
    if has_day:
        if not is_day(f"{year:04d}-{month:02d}-{day:02d}"):
            return None
        exact = days_since_1970(year, month, day)
        return Days(exact, exact, "day")
    if has_month:
        if not 1 <= month <= 12:
            return None
        after = days_since_1970(year + month // 12, month % 12 + 1, 1)
        return Days(days_since_1970(year, month, 1), after - 1, "month")
    return Days(days_since_1970(year, 1, 1), days_since_1970(year + 1, 1, 1) - 1, "year")


def event_time(day: int) -> str:
    """The beginning of a day as an event's time."""
    return utc_text(day * _DAY)
