"""When something of a case was done, as far as the case says it: a time that may be known to the day only."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from tracegraph.model.instants import DATE_ONLY, parse_instant
from tracegraph.model.values import value
from tracegraph.recall.deadlines.calendar import begin_of, end_of

if TYPE_CHECKING:
    from tracegraph.recall.case.casefile import CaseFile
    from tracegraph.recall.case.move import Move

#: A drill sends nothing: there a notice counts as sent when it was prepared.
IN_A_DRILL = {"sent": "notices", "sent.sent": "notices"}


@value
class Moment:
    """`first`, `last`: between which instants it was; `move`: the number of the move that says so."""

    first: int
    last: int
    move: int


def moments(case: CaseFile, name: str, zone: ZoneInfo) -> list[Moment]:
    """All moments of that name (see regimes), in order of the moves; a date is some time on that day there."""
    if case.is_drill:
        name = IN_A_DRILL.get(name, name)
    if name.startswith("fact:"):
        return _told(case, name.removeprefix("fact:"), zone)
    if name == "class":
        return _class_decided(case)
    action, _, part = name.partition(".")
    return [_of(move, move.text(part) if part else "", zone) for move in case.of(action)]


def first_moment(case: CaseFile, names: tuple[str, ...], zone: ZoneInfo) -> tuple[str, Moment] | None:
    """The name and the moment of the first name of which there is one."""
    for name in names:
        found = moments(case, name, zone)
        if found:
            return name, min(found, key=lambda moment: moment.first)
    return None


def _told(case: CaseFile, fact: str, zone: ZoneInfo) -> list[Moment]:
    """What the case says last of a fact."""
    saying = [move for move in case.of("open", "assess") if move.parts.get(fact)]
    return [_of(saying[-1], saying[-1].text(fact), zone)] if saying else []


def _class_decided(case: CaseFile) -> list[Moment]:
    """When the class that holds was first said, without another since."""
    since: Move | None = None
    decided: Any = None
    for move in case.of("open", "assess"):
        told = move.parts.get("class")
        if told and told != decided:
            since, decided = move, told
    return [] if since is None else [Moment(since.at, since.at, since.number)]


def _of(move: Move, text: str, zone: ZoneInfo) -> Moment:
    if not text:
        return Moment(move.at, move.at, move.number)
    if not DATE_ONLY.fullmatch(text):
        instant = parse_instant(text, "time")
        return Moment(instant, instant, move.number)
    day = date.fromisoformat(text)
    return Moment(begin_of(day, zone), end_of(day, zone), move.number)
