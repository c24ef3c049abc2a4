"""Dates of deliveries: a day, a month or a year, as days since 1970-01-01.

Read like the cells of spreadsheets, except that FoodChain-Lab itself says that the day comes first between points
(`04.01.2016`). What may mean several dates (`1/4/2016`) is not guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from tracegraph.formats.epcis.moments import utc_text
from tracegraph.formats.tables.cells import Cell, UnreadableCell
from tracegraph.formats.tables.dates import When, when

#: A month, which a spreadsheet would take for a number.
_MONTH = re.compile(r"\s*\d\d?\.\d{4}\s*", re.ASCII)
_DAY = 86_400_000
_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Days:
    """The days that a date may be: one, or those of its month or year. `precision`: day, month or year."""

    first: int
    last: int
    precision: str


def read_date(text: str) -> When | None:
    """The date in a text, None where there is none that is certain."""
    if _MONTH.fullmatch(text):
        text = text.replace(".", "/")
    try:
        return when(Cell(text), "dmy" if "." in text else "")
    except UnreadableCell:
        return None


def read_days(text: str) -> Days | None:
    """The days that a text means, None where it means none that is certain."""
    found = read_date(text)
    if found is None:
        return None
    first, last = (day.toordinal() - _EPOCH for day in (found.first_day, found.last_day))
    return Days(first, last, "day" if first == last else found.precision)


def event_time(day: int) -> str:
    """The beginning of a day as an event's time."""
    return utc_text(day * _DAY)
