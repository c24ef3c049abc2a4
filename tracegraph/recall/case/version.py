"""Scope versions: which units a case is about, as asked by a person and answered from the ledger. They never change.

An entry keeps by which rules of which seeds its unit came in, how sure that is, how well it is evidenced, from which
unit and by which event it was reached, and who put it there. The path to a unit is read off the entries, one hop each:
what leads to an entry is an entry too, or a start.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from tracegraph.model.instants import optional_text, parse_instant
from tracegraph.model.values import value
from tracegraph.recall.case.evidence import Attached, documented, strict_grade
from tracegraph.recall.case.move import Move
from tracegraph.recall.case.ways import Way
from tracegraph.trace.envelope import Json


@value
class ScopeEntry:
    """One unit. `scope_class`, `grade`: words of model.grading; `distance`: events from the nearest seed; `rules`: each
    with `rule`, `seed` (its place in the question) and `because`; `via`: the unit and event by which it was reached
    (None: a seed names it); `author`: who first put it into the scope as it stands."""

    unit: str
    scope_class: str
    grade: str
    distance: int
    rules: Sequence[Json]
    via: tuple[str, str] | None
    author: str

    def to_dict(self) -> Json:
        """As it stands in the ledger and in answers."""
        return {
            "unit": self.unit,
            "class": self.scope_class,
            "grade": self.grade,
            "distance": self.distance,
            "rules": list(self.rules),
            "via": None if self.via is None else {"unit": self.via[0], "event": self.via[1]},
            "author": self.author,
        }

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> ScopeEntry:
        """From how it stands in the ledger."""
        via = told["via"]
        reached = None if via is None else (via["unit"], via["event"])
        sure = (told["class"], told["grade"], told["distance"])
        return cls(told["unit"], *sure, told["rules"], reached, told["author"])

    def says_as(self, other: ScopeEntry) -> bool:
        """Whether both say the same of their unit, whoever said it."""
        return (self.scope_class, self.grade, self.rules) == (other.scope_class, other.grade, other.rules)


@value
class ScopeVersion:
    """A version. `number` from 1; `question` and `known`, `head`, `position` (of the ledger) make it anew; `classes`:
    how many units and how much of them in each class; `complete`: whether the answer was; `gaps`: how many it had;
    `author`, `reason`, `at`: of the move that made it."""

    number: int
    question: Json
    known: int | None
    head: str
    position: int | None
    complete: bool
    gaps: int
    classes: Sequence[Json]
    entries: Sequence[ScopeEntry]
    author: str
    reason: str
    at: int

    def units(self, *classes: str) -> tuple[str, ...]:
        """The units in scope, in order; those of the classes where some are named."""
        return tuple(one.unit for one in self.entries if not classes or one.scope_class in classes)

    def entry(self, unit: str) -> ScopeEntry | None:
        """What it says of a unit."""
        return next((one for one in self.entries if one.unit == unit), None)


def scope_payload(
    answer: Json,
    ways: Mapping[str, Way],
    number: int,
    author: str,
    earlier: ScopeVersion | None = None,
    attached: Iterable[Attached] = (),
) -> Json:
    """What a `scope` move keeps of the answer to a scope question (recall.scope), as version `number`. `ways`: by which
    hop each unit was reached (recall.case.ways). An entry that says the same as in the version before keeps its author.
    `attached`: the files of the case; an entry that they do not document is not graded so (recall.case.evidence)."""
    scope, as_of = answer["result"]["scope"], answer["as_of"]
    before = {one.unit: one for one in earlier.entries} if earlier else {}
    shown = documented({one["unit"]: ways.get(one["unit"]) for one in scope["entries"]}, attached)
    graded = [one | {"grade": strict_grade(one["grade"], one["unit"] in shown)} for one in scope["entries"]]
    entries = [_authored(_entry(one, ways.get(one["unit"]), author), before) for one in graded]
    return {
        "number": number,
        "question": answer["question"],
        "known": as_of["known"],
        "head": as_of["ledger"]["head"],
        "position": as_of["ledger"]["count"],
        "complete": answer["complete"],
        "gaps": len(answer["gaps"]),
        "classes": scope["classes"],
        "entries": [one.to_dict() for one in entries],
    }


def version_of(move: Move) -> ScopeVersion:
    """The version that a `scope` move made."""
    told = move.parts
    return ScopeVersion(
        told["number"],
        told["question"],
        None if told["known"] is None else parse_instant(told["known"], "known"),
        told["head"],
        told["position"],
        told["complete"],
        told["gaps"],
        told["classes"],
        [ScopeEntry.of(one) for one in told["entries"]],
        move.actor,
        move.reason,
        move.at,
    )


def changes(one: ScopeVersion, other: ScopeVersion) -> Json:
    """What differs from one version to another: `added`, `removed`, `changed` units, each as it stood (`before`) and
    stands (`after`)."""
    old, new = ({entry.unit: entry for entry in version.entries} for version in (one, other))
    differing = [unit for unit in sorted({*old, *new}) if not _same(old.get(unit), new.get(unit))]
    rows = [{"unit": unit, "before": _told(old.get(unit)), "after": _told(new.get(unit))} for unit in differing]
    return {
        "from": _named(one),
        "to": _named(other),
        "added": [row for row in rows if row["before"] is None],
        "removed": [row for row in rows if row["after"] is None],
        "changed": [row for row in rows if row["before"] is not None and row["after"] is not None],
    }


def _named(version: ScopeVersion) -> Json:
    return {
        "version": version.number,
        "author": version.author,
        "reason": version.reason,
        "at": optional_text(version.at),
        "known": optional_text(version.known),
        "head": version.head,
    }


def _same(one: ScopeEntry | None, other: ScopeEntry | None) -> bool:
    return one is not None and other is not None and one.says_as(other)


def _told(entry: ScopeEntry | None) -> Json | None:
    return None if entry is None else entry.to_dict()


def _entry(told: Json, via: tuple[str, str] | None, author: str) -> ScopeEntry:
    return ScopeEntry(told["unit"], told["class"], told["grade"], told["distance"], told["rules"], via, author)


def _authored(entry: ScopeEntry, before: Mapping[str, ScopeEntry]) -> ScopeEntry:
    earlier = before.get(entry.unit)
    if earlier is not None and earlier.says_as(entry):
        return replace(entry, author=earlier.author)
    return entry
