"""Instants (microseconds since 1970-01-01T00:00Z) to and from text.

Answers give UTC in ISO 8601 with `Z`, microseconds only where there are any. Questions may give a date, which means
its first or its last microsecond, whichever the option says; a time without zone is UTC.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Literal

from tracegraph.errors import UsageError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
MINUTE = 60_000_000
DAY = 1440 * MINUTE
DATE_ONLY = re.compile(r"\d{4}-\d{2}-\d{2}")

#: `T09:05:` by the number of the minute in the day, and `07` by that of the second: answers give very many instants.
_MINUTES = [f"T{minute // 60:02}:{minute % 60:02}:" for minute in range(1440)]
_SECONDS = [f"{second:02}" for second in range(60)]

Moment = str | datetime | date


def instant_text(instant: int) -> str:
    """`2026-01-31T09:00:00Z`; an instant outside of the years 1 to 9999 is given as its number of microseconds."""
    day, rest = divmod(instant, DAY)
    date_text = _date_text(day)
    if date_text is None:
        return f"{instant}us"
    minute, rest = divmod(rest, MINUTE)
    second, fraction = divmod(rest, 1_000_000)
    parts = f".{fraction:06}" if fraction else ""
    return f"{date_text}{_MINUTES[minute]}{_SECONDS[second]}{parts}Z"


@lru_cache(maxsize=10_000)
def _date_text(day: int) -> str | None:
    """`2026-01-31`, by the number of the day; None outside of the years 1 to 9999."""
    try:
        return (EPOCH + timedelta(days=day)).date().isoformat()
    except OverflowError:
        return None


def optional_text(instant: int | None) -> str | None:
    """As `instant_text`; None stays None (an open end)."""
    return None if instant is None else instant_text(instant)


def parse_instant(value: Moment, name: str, day: Literal["start", "end"] = "start") -> int:
    """The instant that an option named `name` says. A date is its `start` or its `end` (its last microsecond).

    Raises UsageError where the value is no date or time.
    """
    if isinstance(value, str):
        value = _parse_text(value.strip(), name)
    if isinstance(value, datetime):
        return instant_of(value)
    first = instant_of(datetime(value.year, value.month, value.day, tzinfo=UTC))
    return first if day == "start" else first + DAY - 1


def known_until(as_of: Moment | None) -> int | None:
    """The instant up to which things were known that an `as_of` means: a date means its end; None: now."""
    return None if as_of is None else parse_instant(as_of, "as_of", "end")


def instant_of(moment: datetime) -> int:
    """The instant of a datetime; one without zone is UTC."""
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return (aware - EPOCH) // MICROSECOND


def _parse_text(text: str, name: str) -> datetime | date:
    try:
        return date.fromisoformat(text) if DATE_ONLY.fullmatch(text) else datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{name} {text!r} is no date or time; write 2026-01-31 or 2026-01-31T09:00:00Z") from None
