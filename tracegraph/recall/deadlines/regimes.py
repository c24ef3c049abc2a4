"""What is due when, under which rules: tables as data (regimes.json), each with its source, the date of the text that
was looked at (empty: none) and whether that was done (`verified`). A deployment may give a table of its own.

Nothing here is a statement of law: an answer says from where it was configured.

A moment is written `approve` (the first move of that action), `sent.sent` (what that move says in a field, else when
it was recorded), `fact:discovered` (what the case says) or `class` (when the class that holds was decided).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from tracegraph.recall.case.actions import action_kind, action_names
from tracegraph.recall.given_tables import given_table

#: How a time is counted.
COUNTED = ("hours", "days", "working_days")
_KEYS = {"id", "name", "from", "met_by", "every", "until", "report", "at_once", "source", "date", "verified", *COUNTED}


@dataclass(frozen=True, slots=True)
class Deadline:
    """One thing that is due. `begins`: the moments from which it counts, the first that is known; `counted`: in what
    (`hours`, `days`, `working_days`; `at_once`: no number to judge by, so due from the begin and never late); `within`:
    how many of them, by class (empty: of every class); `met_by`: the moments that meet it; `every`: due again as long
    after each time that it was met, until one of the moments in `until`; `report`: whether it is a report."""

    id: str
    name: Mapping[str, str]
    begins: tuple[str, ...]
    counted: str
    within: Mapping[str, int]
    met_by: tuple[str, ...]
    every: bool
    until: tuple[str, ...]
    report: bool
    source: str
    date: str
    verified: bool

    def time_of(self, recall_class: str) -> int:
        """How many hours, days or working days a case of that class has; of one whose class is not decided the fewest
        of any."""
        return self.within.get(recall_class) or self.within.get("") or min(self.within.values())

    def depends_on_class(self) -> bool:
        """Whether it differs from class to class."""
        return "" not in self.within


@dataclass(frozen=True, slots=True)
class Regime:
    """Rules that a case is under. `zone`: whose days count; `country`: whose holidays (None: those of the case's)."""

    id: str
    name: Mapping[str, str]
    zone: str
    country: str | None
    deadlines: tuple[Deadline, ...]


def regimes(table: Path | None = None) -> Mapping[str, Regime]:
    """All regimes by id: those of a file, else those that come with tracegraph. Raises InputError for a file that
    cannot be read or has no such table."""
    return _ours() if table is None else given_table(table, read_regimes, "regimes")


def case_regimes(text: str, known: Mapping[str, Regime]) -> list[Regime]:
    """The regimes that a case names, separated by semicolons. One that is not known stands for itself, with nothing
    but a row that says so: whoever looks at the case must see it, and see the rest too."""
    names = dict.fromkeys(name.strip() for name in text.split(";") if name.strip())
    return [known.get(name) or _not_configured(name) for name in names]


def _not_configured(name: str) -> Regime:
    said = {"en": "Not configured here: nothing is known of its deadlines", "zh": "此处未配置，期限未知"}
    never = Deadline(
        "not_configured", said, ("cancel",), "at_once", {"": 0}, ("cancel",), False, (), False, "", "", False
    )
    return Regime(name, {"en": name, "zh": name}, "UTC", None, (never,))


def read_regimes(told: Mapping[str, Any]) -> Mapping[str, Regime]:
    """The regimes of a table. Raises ValueError, KeyError or TypeError where it is none."""
    return {name: _regime(name, about) for name, about in told["regimes"].items()}


@cache
def _ours() -> Mapping[str, Regime]:
    text = files("tracegraph.recall.deadlines").joinpath("regimes.json").read_text(encoding="utf-8")
    return read_regimes(json.loads(text))


def _regime(name: str, told: Mapping[str, Any]) -> Regime:
    source = {part: told[part] for part in ("source", "date", "verified")}
    deadlines = tuple(_deadline({**source, **one}) for one in told["deadlines"])
    return Regime(name, dict(told["name"]), str(told["zone"]), told["country"], deadlines)


def _deadline(told: Mapping[str, Any]) -> Deadline:
    unknown = sorted(told.keys() - _KEYS)
    counted = [part for part in (*COUNTED, "at_once") if told.get(part)]
    if unknown or len(counted) != 1:
        raise ValueError(f"deadline {told['id']}: give one of {', '.join(COUNTED)} or at_once, and nothing unknown")
    begins, met_by, until = (_moments(told.get(part, ())) for part in ("from", "met_by", "until"))
    if not begins or not met_by:
        raise ValueError(f"deadline {told['id']}: from and met_by must name moments")
    return Deadline(
        str(told["id"]),
        dict(told["name"]),
        begins,
        counted[0],
        {"": 0} if counted == ["at_once"] else _within(told[counted[0]]),
        met_by,
        bool(told.get("every")),
        until,
        bool(told.get("report")),
        str(told["source"]),
        str(told["date"]),
        bool(told["verified"]),
    )


def _within(told: Any) -> Mapping[str, int]:
    """By class; a plain number is that of every class."""
    found = dict(told) if isinstance(told, Mapping) else {"": told}
    if not all(isinstance(count, int) and 0 < count < 10_000 for count in found.values()):
        raise ValueError(f"{told!r} is no time; give a whole number above 0")
    return found


def _moments(told: Sequence[str]) -> tuple[str, ...]:
    for name in told:
        action, _, part = name.partition(".")
        if name.startswith("fact:"):
            action, part = "open", name.removeprefix("fact:")
        if name != "class" and (action not in action_names() or (part and part not in action_kind(action).names)):
            raise ValueError(f"{name!r} is no moment of a case")
    return tuple(told)
