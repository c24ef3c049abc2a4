"""Dates in the cells of spreadsheets: typed, written in many ways, counted in days, whole or in part.

A date keeps the precision that it was given with (2024, 2024-01, 2024-01-15, 2024-01-15T10:30). Where day and month can
be told apart in more than one way it is asked and never guessed: a spreadsheet may hold both ways in one column.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Literal

from tracegraph.formats.tables.cells import Cell, UnreadableCell, is_missing, months, text

#: In which order day, month and year stand; empty: ask.
DateOrder = Literal["", "dmy", "mdy", "ymd"]

Precision = Literal["year", "month", "day", "time"]

#: Day 0 of the two systems in which workbooks count days. In the first, the 29 February 1900 is counted although it
#: never was (ECMA-376 part 1, 18.17.4.1); no day before that is read here.
_EPOCH_1900 = date(1899, 12, 30)
_EPOCH_1904 = date(1904, 1, 1)
_FIRST_SERIAL = 10_000  # 1927
_LAST_SERIAL = 99_999  # 2173; six digits are a year and a month
_FIRST_YEAR = 1900
_LAST_YEAR = 2199
#: Two digits of a year below this are of 2000.
_CENTURY = 70

_TIME = r"(?:[T ,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,6}))?)?\s*(AM|PM)?\s*(Z|[+-]\d{2}:?\d{2})?)?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})[-/. ](\d{{1,2}})(?:[-/. ](\d{{1,2}}){_TIME})?", re.IGNORECASE | re.ASCII)
_CHINESE = re.compile(rf"(\d{{4}})\s*年(?:\s*(\d{{1,2}})\s*月(?:\s*(\d{{1,2}})\s*[日号]{_TIME})?)?", re.IGNORECASE)
_THREE = re.compile(rf"(\d{{1,2}})([-/.])\s?(\d{{1,2}})\2\s?(\d{{4}}|\d{{2}}){_TIME}", re.IGNORECASE | re.ASCII)
_MONTH_YEAR = re.compile(r"(\d{1,2})[-/.](\d{4})", re.ASCII)
_DAY_NAME_YEAR = re.compile(
    rf"(\d{{1,2}})(?:st|nd|rd|th)?[-. ]*([^\W\d]+)\.?[-., ]*(\d{{4}}|\d{{2}}){_TIME}", re.IGNORECASE
)
_NAME_DAY_YEAR = re.compile(rf"([^\W\d]+)\.?\s*(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}}){_TIME}", re.IGNORECASE)
_NAME_YEAR = re.compile(r"([^\W\d]+)\.?[- ]*(\d{4})")
_DIGITS = re.compile(r"\d+(\.\d+)?", re.ASCII)
_ISO = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T.*)?)?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class When:
    """A date or time with the precision that it was given with. `iso`: 2024, 2024-01, 2024-01-15, or a time of day as
    2024-01-15T10:30 with seconds and offset from UTC where they were given."""

    iso: str

    @property
    def precision(self) -> Precision:
        """How much of it was given."""
        names: dict[int, Precision] = {4: "year", 7: "month", 10: "day"}
        return names.get(len(self.iso), "time")

    @property
    def first_day(self) -> date:
        """The first day that it can be."""
        year, month, day = self._parts()
        return date(year, month or 1, day or 1)

    @property
    def last_day(self) -> date:
        """The last day that it can be."""
        year, month, day = self._parts()
        month = month or 12
        return date(year, month, day or calendar.monthrange(year, month)[1])

    def _parts(self) -> tuple[int, int, int]:
        found = _ISO.fullmatch(self.iso)
        assert found is not None
        return int(found[1]), int(found[2] or 0), int(found[3] or 0)


def when(cell: Cell, order: DateOrder = "") -> When | None:
    """The date or time in a cell, None where it is empty or said to be unknown. UnreadableCell where it is no date, or
    `order` is needed and not given."""
    if isinstance(cell.value, datetime | date) and not cell.merged:
        return _typed(cell.value)
    if isinstance(cell.value, Decimal) and not cell.merged:
        return _counted(cell, f"{cell.value:f}")
    found = text(cell)
    if is_missing(found):
        return None
    if not isinstance(cell.value, str):
        raise UnreadableCell(cell, "is no date; enter it as 2024-01-31")
    return _written(cell, unicodedata.normalize("NFKC", found), order)


def _typed(value: datetime | date) -> When:
    if not isinstance(value, datetime):
        return When(value.isoformat())
    return When(value.isoformat(timespec="minutes" if not (value.second or value.microsecond) else "auto"))


def _counted(cell: Cell, digits: str) -> When:
    """A number: a year, year and month, year, month and day, or days since the workbook's day 0 (with a fraction of a
    day as the time)."""
    whole, _, fraction = digits.partition(".")
    fraction = fraction.rstrip("0")
    if not fraction and len(whole) == 4 and _FIRST_YEAR <= int(whole) <= _LAST_YEAR:
        return When(whole)
    if not fraction and len(whole) == 6:
        return _of_parts(cell, int(whole[:4]), int(whole[4:]))
    if not fraction and len(whole) == 8:
        return _of_parts(cell, int(whole[:4]), int(whole[4:6]), int(whole[6:]))
    if len(whole) == 5 and _FIRST_SERIAL <= int(whole) <= _LAST_SERIAL:
        return _serial(int(whole), fraction, cell.epoch_1904)
    raise UnreadableCell(cell, "is no date; enter it as 2024-01-31")


def _serial(days: int, fraction: str, epoch_1904: bool) -> When:
    day = (_EPOCH_1904 if epoch_1904 else _EPOCH_1900) + timedelta(days=days)
    if not fraction:
        return When(day.isoformat())
    seconds = round(Decimal(f"0.{fraction}") * 86_400)
    return _typed(datetime.combine(day, time()) + timedelta(seconds=seconds))


def _written(cell: Cell, found: str, order: DateOrder) -> When:
    """A date as people write it."""
    if parts := _YEAR_FIRST.fullmatch(found) or _CHINESE.fullmatch(found):
        year, month, day, *clock = parts.groups()
        return _of_parts(cell, int(year), int(month or 0), int(day or 0), clock)
    if _DIGITS.fullmatch(found):
        return _counted(cell, found)
    if parts := _MONTH_YEAR.fullmatch(found):
        return _of_parts(cell, int(parts[2]), int(parts[1]))
    if parts := _THREE.fullmatch(found):
        return _ordered(cell, (parts[1], parts[3], parts[4]), list(parts.groups()[4:]), order)
    return _named(cell, found)


def _named(cell: Cell, found: str) -> When:
    """A date with the name of its month."""
    if parts := _DAY_NAME_YEAR.fullmatch(found):
        day, name, year, *clock = parts.groups()
        if (month := months().get(name.casefold())) is not None:
            return _of_parts(cell, _full_year(year), month, int(day), clock)
    if parts := _NAME_DAY_YEAR.fullmatch(found):
        name, day, year, *clock = parts.groups()
        if (month := months().get(name.casefold())) is not None:
            return _of_parts(cell, int(year), month, int(day), clock)
    if (parts := _NAME_YEAR.fullmatch(found)) and (month := months().get(parts[1].casefold())) is not None:
        return _of_parts(cell, int(parts[2]), month)
    raise UnreadableCell(cell, "is no date; enter it as 2024-01-31")


def _ordered(cell: Cell, parts: tuple[str, str, str], clock: list[str | None], order: DateOrder) -> When:
    """Three numbers, of which the order tells what they are: given, or the only one in which they are a date."""
    readings = {name: day for name, day in _readings(parts) if order in ("", name)}
    if not readings:
        said = f" in the order {order}" if order else ""
        raise UnreadableCell(cell, f"is no date{said}; enter it as 2024-01-31")
    if len(set(readings.values())) > 1:
        choices = " or ".join(f"{day.isoformat()} ({name})" for name, day in readings.items())
        raise UnreadableCell(cell, f"can be {choices}; say which with --dates {' or --dates '.join(readings)}", "dates")
    day = next(iter(readings.values()))
    return _of_parts(cell, day.year, day.month, day.day, clock)


def _readings(parts: tuple[str, str, str]) -> Iterator[tuple[DateOrder, date]]:
    """The dates that three numbers can be."""
    first, second, third = parts
    tried: list[tuple[DateOrder, tuple[str, str, str]]] = [
        ("dmy", (third, second, first)),
        ("mdy", (third, first, second)),
    ]
    if len(third) == 2 and len(first) == 2:
        tried.append(("ymd", (first, second, third)))
    for name, (year, month, day) in tried:
        try:
            yield name, date(_full_year(year), int(month), int(day))
        except ValueError:
            continue


def _full_year(digits: str) -> int:
    year = int(digits)
    if len(digits) == 4:
        return year
    return year + (2000 if year < _CENTURY else 1900)


def _of_parts(cell: Cell, year: int, month: int = 0, day: int = 0, clock: list[str | None] | None = None) -> When:
    """The date of these numbers, as precise as they go. `clock`: hour, minute, second, fraction, AM or PM, offset."""
    try:
        checked = date(year, month or 1, day or 1)
        if not _FIRST_YEAR <= year <= _LAST_YEAR:
            raise ValueError
        of_day = _clock(clock) if clock and clock[0] else ""
    except ValueError:
        raise UnreadableCell(cell, "is no date that there can be; enter it as 2024-01-31") from None
    return When(checked.isoformat()[: 10 if day else 7 if month else 4] + of_day)


def _clock(parts: list[str | None]) -> str:
    """The time of day as the end of a When."""
    hour, minute, second, fraction, half, offset = parts
    hours = int(hour or 0)
    if half:
        if not 1 <= hours <= 12:
            raise ValueError
        hours = hours % 12 + (12 if half.upper() == "PM" else 0)
    of_day = time(hours, int(minute or 0), int(second or 0), int((fraction or "0").ljust(6, "0")))
    zone = (offset or "").upper()
    if len(zone) == 5:
        zone = f"{zone[:3]}:{zone[3:]}"
    if zone not in ("", "Z"):
        datetime.fromisoformat(f"2000-01-01T00:00{zone}")
    return f"T{of_day.isoformat(timespec='minutes' if second is None else 'auto')}{zone}"
