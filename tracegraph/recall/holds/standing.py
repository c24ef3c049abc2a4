"""The holds of cases: what people put on hold, and what follows from an approved scope.

A move `hold` blocks its units until a move `release` of the same case names them, or until the time that it says. The
newest approved scope version of a case blocks the units of the classes that its type says (holds.json) until another
version without them is approved, or a person clears them, for as long as that clearing stands. A unit that the version
took as cleared is blocked once the clearing lapsed. A cancelled case blocks nothing, and neither does a drill, ever.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from tracegraph.model.grading import ScopeClass
from tracegraph.model.record_kinds import time_span
from tracegraph.model.values import value
from tracegraph.recall.case import CaseFile, Move


@value
class Hold:
    """One unit, under the number by which the case names it. `move`: of the case, which set it (`hold`) or approved the
    scope version in which it came (`approve`); `scope_class`: its class there (empty: put on hold); `since`: the
    instant of that move; `until`: the last instant, where one was said; `disposition`: the CBV word."""

    unit: str
    case: str
    type: str
    move: int
    action: str
    scope_class: str
    since: int
    until: int | None
    reason: str
    actor: str
    disposition: str


@dataclass(frozen=True, slots=True)
class _Rules:
    """What holds.json says."""

    scope: Mapping[str, Mapping[str, Any]]
    hold: Mapping[str, Any]
    states: frozenset[str]


def holds_of(case: CaseFile, now: int) -> list[Hold]:
    """What a case blocks at an instant, but for units whose clearing stands: of these nothing with a class does."""
    if case.is_drill or case.state not in _rules().states:
        return []
    put = [one for one in _put_on_hold(case) if one.until is None or now <= one.until]
    return [*put, *_in_scope(case)]


def _put_on_hold(case: CaseFile) -> list[Hold]:
    """Units on hold that were not released, each since it was put there without a break."""
    if case.type not in _rules().hold["types"]:
        return []
    found: dict[str, Hold] = {}
    for move in case.of("hold", "release"):
        for unit in move.parts["units"]:
            if move.action == "release":
                found.pop(unit, None)
            else:
                found[unit] = _held(case, move, unit, found.get(unit))
    return list(found.values())


def _held(case: CaseFile, move: Move, unit: str, before: Hold | None) -> Hold:
    """A unit that is put on hold; once more, where it was so until then."""
    said = move.text("until")
    until = time_span(said)[1] if said else None
    if before is not None and (before.until is None or before.until >= move.at):
        return replace(before, until=until, reason=move.reason, actor=move.actor)
    word = str(_rules().hold["disposition"])
    what = (case.id, case.type, move.number, move.action, "", move.at, until)
    return Hold(unit, *what, move.reason, move.actor, word)


def _in_scope(case: CaseFile) -> Iterator[Hold]:
    """Units of the newest approved version, each since it came into an approved one without a break."""
    rule = _rules().scope.get(case.type)
    if rule is None:
        return
    since: dict[str, Move] = {}
    entries: dict[str, str] = {}
    for approved in case.of("approve"):
        entries = _blocked(case, approved, rule["classes"])
        since = {unit: since.get(unit, approved) for unit in entries}
    type_of_case, word = case.type, str(rule["disposition"])
    for unit, kind in entries.items():
        move = since[unit]
        what = (case.id, type_of_case, move.number, move.action, kind, move.at, None)
        yield Hold(unit, *what, move.reason, move.actor, word)


def _blocked(case: CaseFile, approved: Move, classes: Collection[str]) -> dict[str, str]:
    """The class of each unit that a version blocks, cleared ones too: whether that stands is asked now."""
    number = approved.text("version")
    (version,) = [move for move in case.of("scope") if move.text("number") == number]
    wanted = {*classes, ScopeClass.CLEARED.value}
    return {one["unit"]: one["class"] for one in version.parts["entries"] if one["class"] in wanted}


@cache
def _rules() -> _Rules:
    told = json.loads(files("tracegraph.recall.holds").joinpath("holds.json").read_text(encoding="utf-8"))
    return _Rules(told["scope"], told["hold"], frozenset(told["states"]))
