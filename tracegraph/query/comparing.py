"""How values are compared: numbers as numbers, times as instants, everything else to the letter.

JSON tells a number from a text, a URL does not, and a query must mean the same in both. So the event decides: its
numbers are compared as numbers, its texts to the letter for equality (the lot 007 is not the lot 7), and as whatever
the query's bound is for ranges.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

from tracegraph.formats.epcis.moments import read_time
from tracegraph.model.event import Json
from tracegraph.query.parameters import Parameter

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_MICROSECONDS = 6
_LAST_OF_DAY = 86_400 * 10**6 - 1

#: The comparisons of parameters that bound a value.
RANGES: dict[str, Callable[[Any, Any], bool]] = {
    "GT": operator.gt,
    "GE": operator.ge,
    "LT": operator.lt,
    "LE": operator.le,
}


def number(text: str) -> Decimal | None:
    """The number that a text is, None where it is none."""
    return Decimal(text) if _NUMBER.fullmatch(text.strip()) else None


def instant(text: str) -> int | None:
    """The instant (microseconds) that a text gives, None where it gives none. Without a zone it is UTC; a date is its
    beginning."""
    read = read_time(text)
    return None if read is None else read.rounded(_MICROSECONDS)


def time_bound(parameter: Parameter, comparison: str) -> int:
    """The only value of a parameter, as an instant. A date is its beginning, after LE its end."""
    text = parameter.one()
    found = instant(text)
    read = read_time(text)
    if found is None or read is None:
        parameter.refuse(
            f"is {text[:60]!r}, which is no time", "write 2026-01-31T09:00:00Z (in a URL, + of a zone as %2B)"
        )
    return found + _LAST_OF_DAY if comparison == "LE" and read.date_only else found


def number_bound(parameter: Parameter) -> Decimal:
    """The only value of a parameter, as a number."""
    return _as_number(parameter, parameter.one())


def numbers_wanted(parameter: Parameter) -> list[Decimal]:
    """All values of a parameter, as numbers."""
    return [_as_number(parameter, text) for text in parameter.texts()]


def _as_number(parameter: Parameter, text: str) -> Decimal:
    found = number(text)
    if found is None:
        parameter.refuse(f"is {text[:60]!r}, which is no number", "write one such as 12.5")
    return found


def open_bound(parameter: Parameter) -> Decimal | int:
    """The bound of a field of any type: a number (Decimal), or else a time as an instant (int)."""
    text = parameter.one()
    found = number(text)
    if found is not None:
        return found
    moment = instant(text)
    if moment is None:
        parameter.refuse(f"is {text[:60]!r}, neither number nor time", "write 12.5, or 2026-01-31T09:00:00Z")
    return moment


def scalars(value: Json) -> Iterator[Json]:
    """The comparable values in a field: itself, the items of a list, the `@value` of a typed one."""
    if isinstance(value, dict):
        if "@value" in value:
            yield from scalars(value["@value"])
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from scalars(item)
    elif value is not None:
        yield value


def is_equal(value: Json, text: str) -> bool:
    """Whether a scalar of an event is what a query asks for."""
    if isinstance(value, bool):
        return text == ("true" if value else "false")
    if isinstance(value, Decimal):
        return number(text) == value
    return isinstance(value, str) and (value.strip() == text or _is_same_time(value, text))


def _is_same_time(one: str, other: str) -> bool:
    first, second = read_time(one), read_time(other)
    if first is None or second is None or first.date_only or second.date_only:
        return False
    return first.rounded(_MICROSECONDS) == second.rounded(_MICROSECONDS)


def is_within(value: Json, comparison: str, bound: Decimal | int) -> bool:
    """Whether a scalar of an event lies on the right side of a bound (see `open_bound`)."""
    if isinstance(value, bool) or not isinstance(value, (Decimal, str)):
        return False
    if isinstance(bound, Decimal):
        found: Decimal | int | None = value if isinstance(value, Decimal) else number(value)
    else:
        found = instant(value) if isinstance(value, str) else None
    return found is not None and RANGES[comparison](found, bound)


def any_within(values: Iterable[Any], comparison: str, bound: Any) -> bool:
    """Whether one of some numbers or instants lies on the right side of a bound."""
    compare = RANGES[comparison]
    return any(compare(value, bound) for value in values)
