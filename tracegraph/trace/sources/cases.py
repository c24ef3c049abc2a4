"""Incident cases and controls: what a record of kind `case` says, and the stays that a backward trace of it begins at.

A case names a unit (what was eaten), a place (where), or both, and when somebody was exposed. Case numbers are
pseudonyms: nothing here needs to know who fell ill.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tracegraph.errors import UnknownIdentifier, UsageError
from tracegraph.model.instants import parse_instant
from tracegraph.model.record import Record
from tracegraph.trace.question import Question, Start, StartKind, Window
from tracegraph.trace.reach import Starts
from tracegraph.trace.register import Register
from tracegraph.trace.resolve import resolve
from tracegraph.trace.starts import begin

CASE_RECORD = "case"


@dataclass(frozen=True, slots=True)
class Case:
    """One case, or one control (`control`). `unit`, `place`: what and where, at least one. `exposed_from` and
    `exposed_to`: times as they are known (a date is the whole day); of a place the trace takes the stays that overlap
    them. Onset is kept and not used. `weight`: decimal text, at least 0."""

    id: str
    control: bool = False
    unit: str | None = None
    place: str | None = None
    exposed_from: str | None = None
    exposed_to: str | None = None
    onset_from: str | None = None
    onset_to: str | None = None
    weight: str = "1"

    @classmethod
    def of(cls, record: Record) -> Case:
        """The case that a record states."""
        data = record.data
        times = {name: data.get(name) for name in ("exposed_from", "exposed_to", "onset_from", "onset_to")}
        return cls(
            id=record.id,
            control=data.get("role") == "control",
            unit=data.get("unit"),
            place=data.get("place"),
            weight=str(data.get("weight", "1")),
            **times,
        )

    @property
    def worth(self) -> Fraction:
        """The weight, exactly."""
        return Fraction(self.weight)

    def window(self) -> Window:
        """The stays to begin at: of a unit those at the place, of a place those during the exposure."""
        if self.unit is not None:
            return Window(at=self.place)
        begin = None if self.exposed_from is None else parse_instant(self.exposed_from, "exposed_from")
        end = None if self.exposed_to is None else parse_instant(self.exposed_to, "exposed_to", "end") + 1
        return Window(since=begin, until=end)

    def start(self) -> Start:
        """What the trace begins with."""
        if self.unit is not None:
            return Start(StartKind.UNIT, self.unit)
        if self.place is None:
            raise UsageError(f"case {self.id!r} names neither a unit nor a place; give one of them")
        return Start(StartKind.SITE, self.place)

    def to_dict(self) -> dict[str, Any]:
        """As it stands in the question."""
        return {
            "case": self.id,
            "role": "control" if self.control else "case",
            "unit": self.unit,
            "place": self.place,
            "exposed_from": self.exposed_from,
            "exposed_to": self.exposed_to,
            "onset_from": self.onset_from,
            "onset_to": self.onset_to,
            "weight": self.weight,
        }


@dataclass(frozen=True, slots=True)
class Begun:
    """A case with the stays that its trace begins at; none, and why, where the records know nothing of it."""

    case: Case
    starts: Starts
    problem: str | None = None


def unique(cases: Iterable[Case]) -> list[Case]:
    """The cases sorted by number. Raises UsageError where two of them have the same and differ, or there is none."""
    found: dict[str, Case] = {}
    for case in cases:
        if found.setdefault(case.id, case) != case:
            raise UsageError(f"case {case.id!r} is given twice and differs; correct one of the two")
    if not any(not case.control for case in found.values()):
        raise UsageError("no case is given; import cases with `tracegraph cases import FILE`, or name a file of them")
    return [found[number] for number in sorted(found)]


def begun(cases: Sequence[Case], certainty_of: Question, register: Register) -> list[Begun]:
    """Where the trace of each case begins, under the certainty and the other wishes of a question."""
    return [_begin(case, certainty_of, register) for case in cases]


def _begin(case: Case, asked: Question, register: Register) -> Begun:
    question = Question("trace", (case.start(),), "backward", asked.certainty, case.window(), contents=asked.contents)
    try:
        starts = begin(resolve(question, register), register)
    except UnknownIdentifier as unknown:
        return Begun(case, Starts(), str(unknown))
    return Begun(case, starts)
