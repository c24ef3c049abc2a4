"""When a scheduled subscription runs: fields like those of cron, in UTC.

Source: GS1 EPCIS 2.0, REST binding, query schedule (`second`, `minute`, `hour`, `dayOfMonth`, `month`, `dayOfWeek`;
numbers, lists `1,15`, ranges `[1-5]`; Monday is 1). Also understood, as cron has it: `*` and steps `0/30`. A range that
ends before it begins goes round (`[22-3]`). A moment must agree with every field. A field that is left out is the
lowest where a coarser one is given (`{"hour": "1"}` is 01:00:00, not every second of that hour), else any.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from tracegraph.errors import Refused, UsageError
from tracegraph.model.instants import EPOCH, instant_of

#: Fields from fine to coarse, with their lowest and highest value.
FIELDS: Mapping[str, tuple[int, int]] = {
    "second": (0, 59),
    "minute": (0, 59),
    "hour": (0, 23),
    "dayOfMonth": (1, 31),
    "month": (1, 12),
    "dayOfWeek": (1, 7),
}

_ELEMENT = re.compile(
    r"(?:(?P<any>\*)|(?P<first>\d{1,2})|\[(?P<low>\d{1,2})-(?P<high>\d{1,2})\])(?:/(?P<step>[1-9]\d?))?"
)
_TIMES = ("second", "minute", "hour")
#: Calendars repeat after 400 years, and every date with every day of the week comes within 40.
_DAYS_AHEAD = 40 * 366


@dataclass(frozen=True, slots=True)
class Schedule:
    """The values that each field may have. `written`: as the subscriber wrote it."""

    written: Mapping[str, str]
    values: Mapping[str, frozenset[int]]

    def next_after(self, instant: int) -> int:
        """The first run after an instant, itself an instant. Raises Refused where none ever comes."""
        moment = EPOCH + timedelta(seconds=instant // 1_000_000 + 1)
        day, earliest = moment.date(), moment.time()
        for _ in range(_DAYS_AHEAD):
            at = next(self._times(earliest), None) if self._is_on(day) else None
            if at is not None:
                return instant_of(datetime.combine(day, at))
            day, earliest = day + timedelta(days=1), time()
        raise Refused(f"schedule {dict(self.written)} names no day that ever comes; correct dayOfMonth and month")

    def _is_on(self, day: date) -> bool:
        found = {"dayOfMonth": day.day, "month": day.month, "dayOfWeek": day.isoweekday()}
        return all(value in self.values[name] for name, value in found.items())

    def _times(self, earliest: time) -> Iterator[time]:
        """The times of a day on which it runs, from the earliest that may be."""
        hours, minutes, seconds = (sorted(self.values[name]) for name in ("hour", "minute", "second"))
        for hour in hours:
            if hour < earliest.hour:
                continue
            for minute in minutes:
                yield from (at for second in seconds if (at := time(hour, minute, second)) >= earliest)


def read_schedule(written: Mapping[str, str], now: int) -> Schedule:
    """The schedule that a subscriber wrote. Raises UsageError for a field or value that there is not, Refused where
    nothing ever comes after the instant `now`."""
    unknown = sorted(set(written) - set(FIELDS))
    if unknown or not written:
        found = f"has the field {unknown[0]!r}" if unknown else "is empty"
        raise UsageError(f"schedule {found}; give one or more of {', '.join(FIELDS)}")
    schedule = Schedule(dict(written), dict(_fields(written)))
    schedule.next_after(now)
    return schedule


def _fields(written: Mapping[str, str]) -> Iterator[tuple[str, frozenset[int]]]:
    """Every field with its values; those finer than the finest given are at their lowest. A day of the week leaves
    every day of the month and every month."""
    is_finer = True
    for name, (low, high) in FIELDS.items():
        is_finer = is_finer and name not in written
        if name in written:
            yield name, _values(name, written[name])
        elif is_finer and (name in _TIMES or ("month" in written and "dayOfWeek" not in written)):
            yield name, frozenset([low])
        else:
            yield name, frozenset(range(low, high + 1))


def _values(name: str, text: str) -> frozenset[int]:
    return frozenset(value for element in text.split(",") for value in _element(name, element.strip()))


def _element(name: str, text: str) -> Iterator[int]:
    """The values of one element of a list."""
    lowest, highest = FIELDS[name]
    match = _ELEMENT.fullmatch(text)
    if match is None:
        raise UsageError(f"schedule.{name} {text!r} is not understood; write 5, 1,15, [1-5], * or 0/30")
    low, high = _bounds(match, lowest, highest)
    if not (lowest <= low <= highest and lowest <= high <= highest):
        raise UsageError(f"schedule.{name} {text!r} is outside of {lowest} to {highest}; correct it")
    count = highest - lowest + 1
    values = range(low, high + 1) if low <= high else range(low, high + count + 1)
    yield from (lowest + (value - lowest) % count for value in values[:: int(match["step"] or 1)])


def _bounds(match: re.Match[str], lowest: int, highest: int) -> tuple[int, int]:
    if match["any"]:
        return lowest, highest
    if match["first"]:
        return int(match["first"]), highest if match["step"] else int(match["first"])
    return int(match["low"]), int(match["high"])
