"""Two answers compared: which units came, went or changed, and because of what.

The reasons are what was recorded between the two states of the ledger and concerns the unit, the units on its paths or
the records by which it was hit, and the parts in which the two questions differ. Answers to traces and to scope
questions can be compared, each with its own kind.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tracegraph.errors import UsageError
from tracegraph.model.instants import parse_instant
from tracegraph.stores.port import Reading
from tracegraph.trace.envelope import Json

#: Parts of a question that say when and how much, not what.
NOT_ASKED = frozenset({"as_of", "paths", "start"})

#: Kinds of records that can change a scope.
KINDS = frozenset({"alias", "cleaning", "evidence", "line", "member", "override", "run"})


def compare(store: Reading, before: Mapping[str, Any], after: Mapping[str, Any]) -> Json:
    """What changed from one answer (its JSON values) to another of the same store: `added`, `removed` and `changed`
    units by id, each with `before`, `after` (class or certainty) and `why`; `question`: the parts that differ.

    Raises UsageError where the two are no answers of one kind.
    """
    kinds = {answer.get("question", {}).get("kind") for answer in (before, after)}
    if len(kinds) != 1 or not kinds <= {"trace", "scope"}:
        raise UsageError("only two answers to traces, or two to scope questions, can be compared; give two of one kind")
    old, new = _Told(before), _Told(after)
    differing = sorted(
        name
        for name in {*before["question"], *after["question"]} - NOT_ASKED
        if before["question"].get(name) != after["question"].get(name)
    )
    units = [unit for unit in {*old.classes, *new.classes} if old.classes.get(unit) != new.classes.get(unit)]
    learnt = _learnt(store, _position(store, before), _position(store, after), old, new, units)
    rows = [_row(unit, old, new, learnt, differing) for unit in sorted(units)]
    return {
        "kind": next(iter(kinds)),
        "before": before["as_of"],
        "after": after["as_of"],
        "question": differing,
        "added": [row for row in rows if row["before"] is None],
        "removed": [row for row in rows if row["after"] is None],
        "changed": [row for row in rows if row["before"] is not None and row["after"] is not None],
    }


class _Told:
    """What an answer says of units: class (certainty of a trace), what it rests on, and the units on the way to it."""

    def __init__(self, answer: Mapping[str, Any]) -> None:
        result = answer["result"]
        scope = result.get("scope")
        self.classes: dict[str, str] = (
            {one["unit"]: one["class"] for one in scope["entries"]}
            if scope
            else {one["id"]: one["certainty"] for one in result["units"]}
        )
        self.windows = {
            name for one in (scope or {}).get("windows", ()) for name in (one["opened_by"], one["closed_by"])
        }
        self.because: dict[str, set[str]] = defaultdict(set)
        for one in (scope or {}).get("entries", ()):
            self.because[one["unit"]] |= {name for rule in one["rules"] for name in rule["because"]}
        self.way = _ways(result)


def _ways(result: Mapping[str, Any]) -> dict[str, set[str]]:
    """By unit, the units whose holdings its paths pass."""
    unit_of = {one["id"]: one["unit"] for one in result["holdings"]}
    found: dict[str, set[str]] = defaultdict(set)
    for path in result["paths"]:
        ends = (hop[end] for hop in path["hops"] for end in ("from", "to"))
        found[path["unit"]] |= {unit_of[end] for end in ends if end in unit_of}
    return found


@dataclass(frozen=True, slots=True)
class _Learnt:
    """What was recorded in between: events by the units that they name, records by name."""

    events: Mapping[str, list[Json]]
    records: Mapping[str, Json]


def _learnt(store: Reading, first: int, last: int, old: _Told, new: _Told, units: Iterable[str]) -> _Learnt:
    """What the ledger holds after one position and up to the other, whichever comes first."""
    first, last = sorted((first, last))
    if first == last:
        return _Learnt({}, {})
    concerned = {one for unit in units for one in ({unit} | old.way.get(unit, set()) | new.way.get(unit, set()))}
    events: dict[str, list[Json]] = defaultdict(list)
    for stored in store.events(units=sorted(concerned), upto=last) if concerned else ():
        if stored.position > first:
            told = {"kind": "event", "id": stored.facts.content_hash, "position": stored.position}
            for unit in stored.facts.numbers():
                events[unit].append(told)
    records = {
        f"{stored.record.kind} {stored.record.id}": {
            "kind": "record",
            "id": f"{stored.record.kind} {stored.record.id}",
            "position": stored.position,
            "reason": stored.record.reason,
            "actor": stored.actor,
        }
        for stored in store.records(at=last)
        if stored.position > first and stored.record.kind in KINDS
    }
    return _Learnt(events, records)


def _row(unit: str, old: _Told, new: _Told, learnt: _Learnt, differing: list[str]) -> Json:
    named = old.because[unit] | new.because[unit] | old.windows | new.windows | {f"override {unit}"}
    concerned = {unit} | old.way.get(unit, set()) | new.way.get(unit, set())
    events = {one["position"]: one for number in concerned for one in learnt.events.get(number, ())}
    records = {told["position"]: told for name, told in learnt.records.items() if name in named}
    why = [told for _, told in sorted((events | records).items())]
    why += [{"kind": "question", "id": name} for name in differing]
    if not why:
        why = sorted(learnt.records.values(), key=lambda told: told["position"])
    return {"unit": unit, "before": old.classes.get(unit), "after": new.classes.get(unit), "why": why}


def _position(store: Reading, answer: Mapping[str, Any]) -> int:
    """The ledger position of an answer; where it may not be told, that of its time."""
    told = answer["as_of"]
    if told["ledger"]["count"] is not None:
        return int(told["ledger"]["count"])
    known = told["known"]
    return 0 if known is None else store.position_at(parse_instant(str(known), "as_of.known"))
