"""Is this unit blocked, as an answer: for whoever runs recalls, and for a partner about goods that it may know of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tracegraph.messages import Language
from tracegraph.model.instants import instant_text, optional_text
from tracegraph.recall.holds import Hold, all_holds, holds
from tracegraph.stores.port import Reading
from tracegraph.trace.answering import answering
from tracegraph.trace.envelope import Json, envelope, no_lists
from tracegraph.trace.snapshot import Snapshot
from tracegraph.trace.tracing import Answered
from tracegraph.trace.trail import Trail

#: What a partner is not told of a hold: which case it is, who says so and why.
INTERNAL = ("case", "move", "action", "class", "reason", "actor")


@dataclass(frozen=True, slots=True)
class HoldsQuestion:
    """Which units (none: all that are on hold), at which instant, as known when."""

    units: tuple[str, ...]
    on: int
    as_of: int | None = None

    @property
    def direction(self) -> str:
        """Holds are looked up, not followed."""
        return "forward"

    def to_dict(self) -> Json:
        """As it stands in the answer."""
        return {
            "kind": "holds",
            "units": list(self.units),
            "on": instant_text(self.on),
            "as_of": optional_text(self.as_of),
        }


def held(store: Reading, question: HoldsQuestion, language: Language = "en") -> Answered:
    """What blocks each of the units, in the order of asking (`result["holds"]`: recall.holds.Blocked); without units
    everything that is on hold. Raises UsageError for a lot number that several units have."""
    with answering(store):
        snapshot = Snapshot.of(store, question.as_of)
        if question.units:
            rows = [one.to_dict() for one in holds(store, question.units, question.on, question.as_of)]
        else:
            rows = [_row(one) for one in all_holds(snapshot, question.on)]
        return _answered(snapshot, question, rows, language)


def held_for(store: Reading, view: Reading, question: HoldsQuestion, language: Language = "en") -> Answered:
    """The same for somebody who sees only a `view` of the store: a unit that the view does not know is not known, and
    of holds it is told that there is one, since when and how it reaches the unit."""
    with answering(store):
        asked = {one.asked: one for one in holds(view, question.units, question.on, question.as_of)}
        known = list(dict.fromkeys(one.unit for one in asked.values() if one.known))
        found = {one.unit: one for one in holds(store, known, question.on, question.as_of)}
        concerned = {block.of for one in found.values() for block in one.blocks}
        seen = {row.key for row in view.units(keys=sorted(concerned))} if concerned else set()
        rows = []
        for text in question.units:
            one = asked[text]
            rows.append((found[one.unit] if one.known else one).to_dict() | {"asked": text, "unit": one.unit})
            rows[-1]["holds"] = [_partly(told, seen) for told in rows[-1]["holds"]]
        return _answered(Snapshot.of(view, question.as_of), question, rows, language)


def _partly(hold: Json, seen: set[str]) -> Json:
    told = hold | dict.fromkeys(INTERNAL)
    return told if hold["of"] in seen else told | {"of": None}


def _row(hold: Hold) -> Json:
    """A hold by itself, in the form of what blocks a unit."""
    return {
        "unit": hold.unit,
        "case": hold.case,
        "type": hold.type,
        "move": hold.move,
        "action": hold.action,
        "class": hold.scope_class or None,
        "since": instant_text(hold.since),
        "until": optional_text(hold.until),
        "reason": hold.reason,
        "actor": hold.actor,
        "disposition": hold.disposition,
    }


def _answered(snapshot: Snapshot, question: HoldsQuestion, rows: Sequence[Json], language: Language) -> Answered:
    result: Json = no_lists() | {"holds": list(rows)}
    return Answered(envelope(snapshot, question, result, [], (), language), Trail.empty())
