"""Drills as answers: one, all, and how the plans stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tracegraph.messages import Language
from tracegraph.model.values import value
from tracegraph.recall.case.casefile import case_file, case_files
from tracegraph.recall.drills.drill import Drill, drill_of
from tracegraph.recall.drills.schedule import plans, standings
from tracegraph.stores.port import Reading
from tracegraph.trace.envelope import Json, envelope
from tracegraph.trace.snapshot import Snapshot
from tracegraph.trace.tracing import Answered
from tracegraph.trace.trail import Trail


@value
class DrillQuestion:
    """What was asked about drills, as it stands in the answer."""

    kind: str
    parts: Mapping[str, Any]
    direction: str = "both"

    def to_dict(self) -> Json:
        """Keys in order."""
        return {"kind": self.kind, "direction": self.direction, "start": [], **self.parts}


def held_answer(drill: Drill, answer: Mapping[str, Any], language: Language = "en") -> Answered:
    """A drill with what was found in it (`result["drill"]`): completeness, gaps and ledger are those of the `answer` to
    its scope question, which is asked of the ledger as it was when the drill began."""
    asked = {"start": [{"unit": drill.unit}], **drill.asked}
    question = DrillQuestion("drill", {name: told for name, told in asked.items() if name != "unit"}).to_dict()
    told = {name: said for name, said in answer.items() if name != "result"}
    return Answered(told | {"question": question, "result": {"drill": drill.to_dict(language)}}, Trail.empty())


def drill_answer(store: Reading, case: str, language: Language = "en") -> Answered:
    """A drill as its case tells it (`result["drill"]`). Raises UnknownIdentifier; UsageError for a case that is no
    drill."""
    drill = drill_of(case_file(store, case))
    return _answered(store, DrillQuestion("drill", {"case": case}), {"drill": drill.to_dict(language)}, language)


def schedule_answer(store: Reading, now: int, overdue_only: bool = False, language: Language = "en") -> Answered:
    """How the plans stand at an instant (`result["plans"]`), the most urgent first; those that are overdue alone."""
    snapshot = Snapshot.of(store)
    found = standings(plans(snapshot), drills(store), now)
    told = [one.to_dict() for one in found if one.overdue or not overdue_only]
    return _answered(store, DrillQuestion("drill_schedule", {"overdue": overdue_only}), {"plans": told}, language)


def drills(store: Reading) -> list[Drill]:
    """All drills on record, by number of their cases."""
    return [drill_of(case) for case in case_files(store) if case.is_drill]


def _answered(store: Reading, question: DrillQuestion, result: Json, language: Language) -> Answered:
    return Answered(envelope(Snapshot.of(store), question, result, (), (), language), Trail.empty())
