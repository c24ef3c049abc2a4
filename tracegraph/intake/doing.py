"""Actions of a recall case as a person asks for them: with what goes without saying, and with what the program adds.

What is added is worked out from the case and the custody graph as they are; where somebody did something in the case
meanwhile, nothing is recorded (CaseChanged).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from tracegraph.errors import Refused
from tracegraph.intake.clearing import clear
from tracegraph.intake.recalling import ABOUT_A_VERSION, OPEN, Acted, Actor, act, check_allowed
from tracegraph.recall.case.casefile import CaseFile, case_file
from tracegraph.recall.consignees import consignees
from tracegraph.recall.effectiveness.candidates import candidates
from tracegraph.recall.effectiveness.drawing import draw_payload
from tracegraph.recall.notices import notices_payload, to_prepare
from tracegraph.stores.port import Store
from tracegraph.trace.envelope import Json
from tracegraph.trace.snapshot import Snapshot

CLEAR = "clear"


def do(
    store: Store,
    case: str,
    action: str,
    fields: Mapping[str, str],
    recorded_at: int,
    actor: Actor,
    reason: str = "",
    payload: Mapping[str, Any] | None = None,
    key: str = "",
    seen: int | None = None,
    as_is: Collection[str] = (),
) -> Acted:
    """Any action but `scope` (recall_scopes); arguments and errors as of `act`. The version that is approved or sent
    back is the last one, unless another is named; `notices` and `draw` get what they are of; `clear` takes the unit out
    of every scope."""
    if action == OPEN:
        return act(store, case, action, fields, recorded_at, actor, reason, payload, key, seen, as_is=as_is)
    file = case_file(store, case)
    done = next((move for move in file.moves if key and move.key == key), None)
    if done is None:
        check_allowed(file, action, file.type, actor.role)
    if action == CLEAR:
        return clear(store, case, fields, recorded_at, actor, reason, key, seen, as_is)
    said = dict(fields)
    if action in ABOUT_A_VERSION and file.scope is not None:
        said.setdefault("version", str(file.scope.number) if done is None else done.text("version"))
    added = dict(payload or {})
    if action in _ADDING and done is None:
        added |= _ADDING[action](Snapshot.of(store), file, said, reason)
        seen = len(file.moves) if seen is None else seen
    return act(store, case, action, said, recorded_at, actor, reason, added, key, seen, as_is=as_is)


def _notices(snapshot: Snapshot, case: CaseFile, fields: Mapping[str, str], reason: str) -> Json:
    """The notices that are due. Raises Refused where all are prepared."""
    due = to_prepare(case, consignees(snapshot, case))
    if not due and case.of("notices"):
        raise Refused(f"the notices of case {case.id} are prepared, and nothing changed since; there is nothing to do")
    assert case.approved is not None, "to_prepare asks for an approved version"
    return notices_payload(snapshot, due, case.approved.number)


def _draw(snapshot: Snapshot, case: CaseFile, fields: Mapping[str, str], reason: str) -> Json:
    return draw_payload(case, fields, candidates(consignees(snapshot, case)), reason)


#: What the program adds to a move, by action.
_ADDING: dict[str, Callable[[Snapshot, CaseFile, Mapping[str, str], str], Json]] = {"notices": _notices, "draw": _draw}
