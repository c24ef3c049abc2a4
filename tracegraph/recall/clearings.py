"""Units that a case cleared, and what became of that: a clearing lapses as soon as something newer is known of a unit.

The clearing itself is an `override` (tracegraph.recall.scope.overrides), stored together with the move; negative tests
never clear a lot, only a person with a reason does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracegraph.model.record_kinds import record_of
from tracegraph.model.values import value
from tracegraph.recall.scope.overrides import overrides
from tracegraph.trace.envelope import Json
from tracegraph.trace.lines.recorded import Recorded
from tracegraph.trace.register import Register

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracegraph.model.record import Record
    from tracegraph.recall.case.casefile import CaseFile
    from tracegraph.recall.case.move import Move
    from tracegraph.trace.snapshot import Snapshot

#: A clearing is no more, because something newer is known, or because somebody took it back.
LAPSED, TAKEN_BACK = "clearing_lapsed", "clearing_taken_back"


@value
class Task:
    """Something that a person must look at. `kind`: `clearing_lapsed` or `clearing_taken_back`; `move`: that cleared
    the unit; `because`: what is newer (`event ...`, `evidence ...`, `run ...`, `timeline`), empty where it was taken
    back."""

    kind: str
    case: str
    unit: str
    move: int
    because: str

    def to_dict(self) -> Json:
        """As answers give it."""
        return {
            "task": self.kind,
            "case": self.case,
            "unit": self.unit,
            "move": self.move,
            "because": self.because or None,
        }


def tasks(case: CaseFile, snapshot: Snapshot) -> list[Task]:
    """The units that the case cleared and whose clearing does not stand any more, by move."""
    cleared = case.of("clear")
    if not cleared:
        return []
    recorded = Recorded(Register(snapshot))
    standing = overrides(recorded)
    last: dict[str, Move] = {recorded.unit(move.text("unit")): move for move in cleared}
    found = []
    for unit, move in last.items():
        override = standing.get(unit)
        if override is None:
            found.append(Task(TAKEN_BACK, case.id, unit, move.number, ""))
        elif override.lapsed is not None:
            found.append(Task(LAPSED, case.id, unit, move.number, override.lapsed))
    return found


def clearing_of(case: str, fields: Mapping[str, str], reason: str) -> Record:
    """The override that a move `clear` is stored with. Raises InvalidField, and UsageError without a reason."""
    return record_of("override", {**fields, "class": "cleared"}, reason, f"recall {case}")
