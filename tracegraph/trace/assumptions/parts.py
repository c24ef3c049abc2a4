"""Parts of questions as JSON values: objects, texts, times, windows; errors name the part at fault."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tracegraph.errors import UsageError
from tracegraph.model.grading import ScopeClass
from tracegraph.model.instants import instant_text, parse_instant

Parts = dict[str, Any]


def read_object(told: Any, where: str, names: Sequence[str]) -> Mapping[str, Any]:
    """A JSON object with no other members than these."""
    if not isinstance(told, Mapping):
        raise UsageError(f"{where} is {told!r}; give a JSON object")
    for name in told:
        if name not in names:
            raise UsageError(f"{where}: {name!r} is not understood; use {', '.join(names)}")
    return told


def read_text(value: Any, where: str) -> str:
    """A text that says something, without blanks around it."""
    if not isinstance(value, str) or not value.strip():
        raise UsageError(f"{where} is {value!r}; give a text")
    return value.strip()


def one_of(parts: Mapping[str, Any], names: tuple[str, str], where: str) -> str:
    """Which one of two members is given."""
    given = [name for name in names if parts.get(name) is not None]
    if len(given) != 1:
        raise UsageError(f"{where} names {' and '.join(given) or 'no place'}; give {' or '.join(names)}")
    return given[0]


def read_window(parts: Mapping[str, Any], where: str) -> tuple[int | None, int | None]:
    """The window [since, until) that `from` and `to` say."""
    read: Parts = {name: read_time(parts[name], f"{where}: {name}", side) for name, side in _SIDES if parts.get(name)}
    in_order(read, where)
    return read.get("from"), None if "to" not in read else read["to"] + 1


_SIDES = (("from", "start"), ("to", "end"))


def window_told(since: int | None, until: int | None) -> Parts:
    """The `from` and `to` of a window [since, until)."""
    begin = {} if since is None else {"from": instant_text(since)}
    return begin if until is None else begin | {"to": instant_text(until - 1)}


def in_order(parts: Mapping[str, Any], where: str) -> None:
    """Raises UsageError where a window ends before it begins."""
    if "from" in parts and "to" in parts and parts["from"] > parts["to"]:
        raise UsageError(f"{where}: the window ends before it begins; swap from and to")


def read_class(value: Any, where: str) -> ScopeClass:
    """A class that a seed or an assumption may give."""
    offered = [one.value for one in ScopeClass if one is not ScopeClass.CLEARED]
    if value not in offered:
        raise UsageError(f"{where}: class is {value!r}; choose one of {', '.join(offered)}")
    return ScopeClass(value)


def read_time(value: Any, where: str, side: Any) -> int:
    """An instant; of a date its first or last one (`side`: start, end)."""
    return parse_instant(read_text(value, where), where, side)
