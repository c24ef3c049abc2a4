"""Actions of a recall case as a person asks for them: with what goes without saying, and with what the program adds.

What is added is worked out from the case and the custody graph as they are; where somebody did something in the case
meanwhile, nothing is recorded (CaseChanged).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from tracegraph.errors import InvalidField, Refused
from tracegraph.intake.clearing import clear
from tracegraph.intake.recalling import ABOUT_A_VERSION, OPEN, Acted, Actor, act, check_allowed
from tracegraph.recall.accounting import status_payload
from tracegraph.recall.accounting.consigned import case_account
from tracegraph.recall.case.casefile import CaseFile, case_file
from tracegraph.recall.consignees import consignees
from tracegraph.recall.effectiveness.candidates import candidates
from tracegraph.recall.effectiveness.drawing import draw_payload
from tracegraph.recall.notices import notices_payload, to_prepare
from tracegraph.recall.notices.records import known_notices
from tracegraph.stores.port import Store
from tracegraph.trace.envelope import Json
from tracegraph.trace.snapshot import Snapshot

CLEAR, SENT = "clear", "sent"
#: Actions that are about one prepared notice.
ABOUT_A_NOTICE = (SENT, "remind")


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
    back is the last one, unless another is named; `notices`, `draw` and `status` get what they are of; `clear` takes
    the unit out of every scope."""
    if action == OPEN:
        return act(store, case, action, fields, recorded_at, actor, reason, payload, key, seen, as_is=as_is)
    file = case_file(store, case)
    done = next((move for move in file.moves if key and move.key == key), None)
    if done is None:
        check_allowed(file, action, file.type, actor.role)
    if action == CLEAR:
        return clear(store, case, fields, recorded_at, actor, reason, key, seen, as_is)
    said = dict(fields)
    if action in ABOUT_A_NOTICE and done is None:
        said = _about_a_notice(file, action, said)
    if action in ABOUT_A_VERSION and file.scope is not None:
        said.setdefault("version", str(file.scope.number) if done is None else done.text("version"))
    added = dict(payload or {})
    if action in _ADDING and done is None:
        added |= _ADDING[action](_Asked(Snapshot.of(store), file, said, reason, recorded_at))
        seen = len(file.moves) if seen is None else seen
    return act(store, case, action, said, recorded_at, actor, reason, added, key, seen, as_is=as_is, before=file)


def _about_a_notice(case: CaseFile, action: str, fields: Mapping[str, str]) -> dict[str, str]:
    """The fields with the version and the consignee of a notice that was sent. Raises InvalidField for a notice that
    was not prepared."""
    name = fields.get("notice", "").strip()
    known = next((one for one in known_notices(case.moves) if one.id == name), None)
    if known is None:
        raise InvalidField(f"{action}: notice {name!r} was not prepared; see tracegraph recall consignees", "notice")
    told = {"version": str(known.version), "consignee": known.consignee} if action == SENT else {}
    return told | {name: text for name, text in fields.items() if text.strip()}


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is to be done, and in which state of the ledger and of the case."""

    snapshot: Snapshot
    case: CaseFile
    fields: Mapping[str, str]
    reason: str
    at: int


def _notices(asked: _Asked) -> Json:
    """The notices that are due. Raises Refused where all are prepared."""
    case = asked.case
    due = to_prepare(case, consignees(asked.snapshot, case))
    if not due and case.of("notices"):
        raise Refused(f"the notices of case {case.id} are prepared, and nothing changed since; there is nothing to do")
    assert case.approved is not None, "to_prepare asks for an approved version"
    return notices_payload(asked.snapshot, due, case.approved.number)


def _draw(asked: _Asked) -> Json:
    found = consignees(asked.snapshot, asked.case)
    return draw_payload(asked.case, asked.fields, candidates(found), asked.reason)


def _status(asked: _Asked) -> Json:
    """The figures as they are known now."""
    return status_payload(asked.case, case_account(asked.snapshot.store, asked.case, now=True), asked.at)


#: What the program adds to a move, by action.
_ADDING: dict[str, Callable[[_Asked], Json]] = {"notices": _notices, "draw": _draw, "status": _status}
