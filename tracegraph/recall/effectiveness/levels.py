"""Levels of effectiveness checks: what part of the consignees is checked, as data (levels.json) that a deployment may
replace. n = ceil(p * N), exactly.

Source: 21 CFR 7.42(b)(3), as configured; each table says whether its text was looked at.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib.resources import files
from math import ceil
from pathlib import Path
from typing import Any

from tracegraph.errors import InvalidField
from tracegraph.recall.given_tables import given_table

_WHOLE = 100


@dataclass(frozen=True, slots=True)
class Level:
    """One level. `percentage`: of the consignees (None: to be given, between `least` and `most`)."""

    id: str
    name: Mapping[str, str]
    percentage: Decimal | None
    least: Decimal
    most: Decimal
    source: str
    date: str
    verified: bool

    def share(self, given: Decimal | None) -> Decimal:
        """The percentage that is checked. Raises InvalidField where one is missing, out of bounds or not asked for."""
        if self.percentage is not None:
            if given is not None and given != self.percentage:
                raise _wrong(f"{given} is given, but level {self.id} is {self.percentage} %; leave it out")
            return self.percentage
        if given is None:
            raise _wrong(f"is missing; give the percentage of level {self.id}, {self.least} to {self.most}")
        if not self.least <= given <= self.most:
            raise _wrong(f"{given} is not between {self.least} and {self.most}; give one that is")
        return given


def sample_size(population: int, percentage: Decimal) -> int:
    """How many of so many are checked."""
    return ceil(Fraction(percentage) * population / _WHOLE)


def levels(table: Path | None = None) -> Mapping[str, Level]:
    """All levels by id: those of a file, else those that come with tracegraph. Raises InputError for a file that cannot
    be read or has no such table."""
    return _ours() if table is None else given_table(table, _read, "levels")


@cache
def _ours() -> Mapping[str, Level]:
    text = files("tracegraph.recall.effectiveness").joinpath("levels.json").read_text(encoding="utf-8")
    return _read(json.loads(text))


def _read(told: Mapping[str, Any]) -> Mapping[str, Level]:
    source = str(told["source"]), str(told["date"]), bool(told["verified"])
    return {name: _level(name, about, source) for name, about in told["levels"].items()}


def _level(name: str, told: Mapping[str, Any], source: tuple[str, str, bool]) -> Level:
    fixed = Decimal(told["percentage"]) if "percentage" in told else None
    least, most = (fixed, fixed) if fixed is not None else (Decimal(told["least"]), Decimal(told["most"]))
    if not 0 <= least <= most <= _WHOLE:
        raise ValueError(f"level {name}: {least} to {most} are no percentages")
    return Level(name, dict(told["name"]), fixed, least, most, *source)


def _wrong(problem: str) -> InvalidField:
    return InvalidField(f"draw: percentage {problem}", "percentage")
