"""Months and days later, as due dates count them."""

from __future__ import annotations

from calendar import monthrange
from datetime import timedelta
from decimal import Decimal

from tracegraph.model.instants import DAY, EPOCH, MICROSECOND


def months_later(instant: int, months: int | Decimal) -> int:
    """The same day and time so many whole months later (fewer: earlier); where that month is shorter its last day:
    2024-02-29 and 24 months are 2026-02-28."""
    moment = EPOCH + instant * MICROSECOND
    year, month = divmod(moment.year * 12 + moment.month - 1 + int(months), 12)
    last = monthrange(year, month + 1)[1]
    return (moment.replace(year=year, month=month + 1, day=min(moment.day, last)) - EPOCH) // MICROSECOND


def days_later(instant: int, days: int | Decimal) -> int:
    """So many calendar days later."""
    return instant + int(days) * DAY


def year_of(instant: int) -> int:
    """The UTC calendar year of an instant."""
    return (EPOCH + timedelta(microseconds=instant)).year
