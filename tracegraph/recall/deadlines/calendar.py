"""Days and working days at a place: when so many of them have passed.

The day on which counting begins does not count, and what is due on a day is due until its last microsecond there. All
instants are UTC; only the days are those of a time zone, so that a change of the clocks moves no deadline by an hour.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tracegraph.errors import InvalidField, UsageError
from tracegraph.model.instants import DATE_ONLY, EPOCH, MICROSECOND, instant_of

if TYPE_CHECKING:
    from holidays import HolidayBase

_SATURDAY = 5


def zone_of(name: str) -> ZoneInfo:
    """A time zone by its name in the IANA database. Raises UsageError where there is none, or no database."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        advice = "write one such as Asia/Shanghai, or install tzdata where the system has no time zones"
        raise UsageError(f"{name!r} is no known time zone; {advice}") from None


def day_of(instant: int, zone: ZoneInfo) -> date:
    """The calendar day of an instant there."""
    return (EPOCH + instant * MICROSECOND).astimezone(zone).date()


def begin_of(day: date, zone: ZoneInfo) -> int:
    """The first instant of a day there."""
    return instant_of(datetime.combine(day, time.min, zone))


def end_of(day: date, zone: ZoneInfo) -> int:
    """The last microsecond of a day there."""
    return begin_of(day + timedelta(days=1), zone) - 1


def days_of(text: str) -> frozenset[date]:
    """Days as a case names them, separated by semicolons. Raises UsageError for what is no day."""
    found = set()
    for day in filter(None, (part.strip() for part in text.split(";"))):
        try:
            found.add(date.fromisoformat(day if DATE_ONLY.fullmatch(day) else ""))
        except ValueError:
            raise UsageError(f"{day!r} is no day; write 2026-01-31, several separated by semicolons") from None
    return frozenset(found)


def check_calendar(action: str, told: Mapping[str, Any]) -> None:
    """Raise InvalidField where an action names days off that are none, or a country of which no holidays are known."""
    checks: dict[str, Callable[[str], object]] = {"days_off": days_of, "country": WorkingDays}
    for name, check in checks.items():
        try:
            check(str(told.get(name) or "").strip())
        except UsageError as problem:
            raise InvalidField(f"{action}: {name}: {problem}", name) from None


class WorkingDays:
    """Which days are worked at a place. `country`: ISO 3166-1 code, with a subdivision after a dash (`DE-BY`); None:
    Monday to Friday without holidays. `off`: further days off. Working weekends that make up for holidays count, as far
    as the `holidays` package knows them for the year. Raises UsageError for a country that it does not know."""

    def __init__(self, country: str | None = None, off: Collection[date] = ()) -> None:
        self.country = country
        self.off = frozenset(off)
        if country:
            self._holidays  # noqa: B018 (an unknown country is told at once)

    def is_worked(self, day: date) -> bool:
        """Whether that day is one."""
        if day in self.off:
            return False
        return bool(self._holidays.is_working_day(day)) if self.country else day.weekday() < _SATURDAY

    def after(self, day: date, count: int) -> date:
        """The so-manyth working day after a day."""
        while count > 0:
            day += timedelta(days=1)
            count -= self.is_worked(day)
        return day

    @cached_property
    def _holidays(self) -> HolidayBase:
        from holidays import country_holidays  # only who counts working days needs it

        code, _, subdivision = (self.country or "").upper().partition("-")
        try:
            return country_holidays(code, subdiv=subdivision or None)
        except NotImplementedError:
            advice = "write an ISO 3166 code such as CN or DE-BY, or none"
            raise UsageError(f"no holidays are known for {self.country!r}; {advice}") from None
