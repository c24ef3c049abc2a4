"""Cases of recall as answers: all of them, and one with its state, scope versions, moves and what may be done now.

The envelope is that of every answer; it is incomplete where the newest scope of the case is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tracegraph.errors import UsageError
from tracegraph.messages import Language
from tracegraph.model.instants import instant_text, optional_text
from tracegraph.recall.accounting import accounting_json
from tracegraph.recall.accounting.consigned import case_account
from tracegraph.recall.case.casefile import CaseFile, case_file, case_files
from tracegraph.recall.case.move import Move
from tracegraph.recall.case.states import states
from tracegraph.recall.case.version import ScopeVersion
from tracegraph.recall.consignees import consignees
from tracegraph.recall.deadlines import due
from tracegraph.recall.effectiveness import effectiveness
from tracegraph.recall.notices import standings
from tracegraph.recall.rescoping import version_named
from tracegraph.recall.tasks import disagreeing, tasks
from tracegraph.stores.port import Reading
from tracegraph.trace.answering import answering
from tracegraph.trace.envelope import Json, frame, no_lists
from tracegraph.trace.snapshot import Snapshot
from tracegraph.trace.tracing import Answered
from tracegraph.trace.trail import Trail

#: Parts of moves that are told elsewhere: entries of scope versions, prepared notices.
LARGE = frozenset({"entries", "question", "classes", "notices"})


@dataclass(frozen=True, slots=True)
class RecallQuestion:
    """Which cases, as known when. `kind`: `recalls`, or `recall` of one case (`asked`)."""

    kind: str
    asked: Json
    as_of: int | None = None

    @property
    def direction(self) -> str:
        """Cases are looked at, not followed."""
        return "forward"

    def to_dict(self) -> Json:
        """As it stands in the answer."""
        return {"kind": self.kind, **self.asked, "as_of": optional_text(self.as_of)}


def recalls(store: Reading, state: str = "", as_of: int | None = None, language: Language = "en") -> Answered:
    """All cases by number, or those in a state (`result["recalls"]`). Raises UsageError for what is no state."""
    if state and state not in states():
        raise UsageError(f"{state!r} is no state of a case; choose one of {', '.join(states())}")
    with answering(store):
        snapshot = Snapshot.of(store, as_of)
        found = [case for case in case_files(store, snapshot.position) if state in ("", case.state)]
        return _answered(snapshot, RecallQuestion("recalls", {"state": state or None}, as_of), found, _listed(found))


def _listed(found: Sequence[CaseFile]) -> Json:
    return {"recalls": [_summary(case) for case in found]}


def recall(
    store: Reading, case: str, now: int, role: str | None = None, as_of: int | None = None, language: Language = "en"
) -> Answered:
    """One case (`result["recall"]`) and what a role may do in it (None: any role). `tasks`, and what is `due`, are
    those of the instant `now`; there are none where an earlier day is asked for. Raises UnknownIdentifier."""
    with answering(store):
        snapshot = Snapshot.of(store, as_of)
        found = case_file(store, case, snapshot.position)
        told = case_json(found, role)
        told["notices"] = [one.to_dict() for one in standings(found, disagreeing(store, found))]
        if as_of is None:
            told["tasks"] = [task.to_dict() for task in tasks(store, found, now, language)]
            told["due"] = [one.to_dict(language) for one in due(found, now)]
        return _answered(snapshot, RecallQuestion("recall", {"case": case}, as_of), [found], {"recall": told})


def recall_account(
    store: Reading, case: str, measure: str | None = None, now: bool = False, language: Language = "en"
) -> Answered:
    """The account of a case (`result["account"]`, recall.accounting): what is in question and where it is, by what is
    recorded and replied, from the state of the ledger of which the scope was made, or of all that is known `now`.
    `measure`: its unit of measure. Raises UnknownIdentifier."""
    with answering(store):
        snapshot, found = Snapshot.of(store), case_file(store, case)
        asked = RecallQuestion("recall_account", {"case": case, "measure": measure, "now": now})
        told = accounting_json(found, case_account(store, found, measure, now), language=language)
        return _answered(snapshot, asked, [found], {"account": told})


def recall_consignees(store: Reading, case: str, version: int | None = None, language: Language = "en") -> Answered:
    """Who got goods in the scope of a case (`result["consignees"]`, recall.consignees), of a version (None: the
    approved one, else the newest), each with its notice; which parties may be one. Raises UnknownIdentifier."""
    with answering(store):
        snapshot, found = Snapshot.of(store), case_file(store, case)
        asked = RecallQuestion("recall_consignees", {"case": case, "version": version})
        chosen = None if version is None else version_named(found, version)
        told = consignees(snapshot, found, chosen).to_dict()
        notices = {party: one for one in standings(found) for party in (one.known.consignee, *one.known.parties)}
        for row in told["consignees"]:
            one = notices.get(row["id"])
            row["notice"] = None if one is None else {"notice": one.known.id, "state": one.state.value}
        return _answered(snapshot, asked, [found], told)


def _answered(snapshot: Snapshot, question: RecallQuestion, found: Sequence[CaseFile], told: Json) -> Answered:
    doubtful = any(case.scope is not None and not case.scope.complete for case in found)
    result: Json = no_lists() | told
    return Answered(frame(snapshot, question, [], cut=doubtful) | {"result": result}, Trail.empty())


def _summary(case: CaseFile) -> Json:
    """What a list says of a case."""
    scope, approved, facts = case.scope, case.approved, case.facts
    return {
        "case": case.id,
        "type": case.type,
        "title": facts.get("title"),
        "state": case.state,
        "moves": len(case.moves),
        "opened": instant_text(case.opened.at),
        "by": case.opened.actor,
        "scope": None if scope is None else scope.number,
        "approved": None if approved is None else approved.number,
        "last": instant_text(case.moves[-1].at),
    }


def decided_version(case: CaseFile, number: int | None = None) -> Json:
    """A scope version of a case with its entries, and who approved it or sent it back; None: the last one."""
    version = version_named(case, number)
    return version_json(version, _decisions(case).get(str(version.number)), entries=True)


def _decisions(case: CaseFile) -> dict[str, Move]:
    return {move.text("version"): move for move in case.of("approve", "reject")}


def case_json(case: CaseFile, role: str | None = None) -> Json:
    """One case with everything that was done; the entries of its scope versions are left out (`version_json`)."""
    decided = _decisions(case)
    return _summary(case) | {
        "facts": case.facts,
        "allowed": case.allowed(role),
        "versions": [version_json(one, decided.get(str(one.number))) for one in case.versions],
        "tasks": [],
        "due": [],
        "notices": [],
        "effectiveness": effectiveness(case).to_dict(),
        "done": [move_json(move) for move in case.moves],
    }


def version_json(version: ScopeVersion, decided: Move | None = None, entries: bool = False) -> Json:
    """A scope version; with its `entries` where they are wanted."""
    told: Json = {
        "version": version.number,
        "at": instant_text(version.at),
        "author": version.author,
        "reason": version.reason,
        "known": optional_text(version.known),
        "ledger": {"count": version.position, "head": version.head},
        "complete": version.complete,
        "gaps": version.gaps,
        "classes": list(version.classes),
        "units": len(version.entries),
        "decided": None if decided is None else _decision(decided),
        "question": version.question,
    }
    return told | {"entries": [one.to_dict() for one in version.entries]} if entries else told


def _decision(move: Move) -> Json:
    return {"action": move.action, "actor": move.actor, "at": instant_text(move.at), "reason": move.reason}


def move_json(move: Move) -> Json:
    """One move, without what is told elsewhere."""
    parts = {name: told for name, told in move.parts.items() if name not in LARGE}
    return {
        "number": move.number,
        "action": move.action,
        "state": move.state,
        "at": instant_text(move.at),
        "actor": move.actor,
        "role": move.role,
        "reason": move.reason,
        "parts": parts,
    }


def receipt(case: CaseFile, move: Move, new: bool) -> Json:
    """What whoever acts is told: the move, whether it is new, and what is possible now."""
    return {"case": case.id, "state": case.state, "moves": len(case.moves), "new": new, "done": move_json(move)}
