"""What is to be done in a case, worked out from its moves and from what the ledger learnt since."""

from __future__ import annotations

from collections.abc import Iterator

from tracegraph.messages import Language
from tracegraph.model.instants import optional_text
from tracegraph.model.values import value
from tracegraph.recall.accounting.consigned import case_account
from tracegraph.recall.case.casefile import CaseFile
from tracegraph.recall.case.evidence import ATTACH, attached_files
from tracegraph.recall.case.version import changes
from tracegraph.recall.clearings import tasks as lost_clearings
from tracegraph.recall.deadlines import due
from tracegraph.recall.effectiveness import effectiveness
from tracegraph.recall.notices import worklist
from tracegraph.recall.rescoping import KINDS_OF_CHANGE, is_untouched, version_today
from tracegraph.stores.port import Reading
from tracegraph.trace.envelope import Json
from tracegraph.trace.snapshot import Snapshot

#: States in which nothing is to be done any more.
ENDED = ("terminated", "cancelled")


@value
class Task:
    """One thing to do. `kind`: `assess`, `scope`, `approve`, `rescope`, `terminate`; `clearing_lapsed`,
    `clearing_taken_back`; `not_notified`, `not_answered`, `disagrees`; `check`; `deadline`. `about`: the unit, party,
    notice, version or deadline; `detail`: what else is said of it; `since`, `due`: instants."""

    case: str
    kind: str
    about: str = ""
    detail: str = ""
    since: int | None = None
    due: int | None = None

    def to_dict(self) -> Json:
        """As it stands in answers."""
        return {
            "case": self.case,
            "kind": self.kind,
            "about": self.about,
            "detail": self.detail,
            "since": optional_text(self.since),
            "due": optional_text(self.due),
        }


def tasks(store: Reading, case: CaseFile, now: int, language: Language = "en") -> list[Task]:
    """Everything to do in a case at the instant `now`, in the order in which a case goes on."""
    if case.state in ENDED:
        return []
    found = [*_next_step(case), *_asked_again(store, case, language), *_lapsed(store, case)]
    return [*found, *_notices(store, case, now), *_checks(case), *_deadlines(case, now, language)]


def _next_step(case: CaseFile) -> Iterator[Task]:
    """What the state waits for."""
    last = case.moves[-1].at
    if case.state == "open":
        yield Task(case.id, "assess", since=last)
    if case.scope is None:
        yield Task(case.id, "scope", since=last)
    elif case.state == "scoped":
        yield Task(case.id, "approve", str(case.scope.number), case.scope.author, case.scope.at)
    elif case.state == "completed":
        yield Task(case.id, "terminate", since=last)


def _asked_again(store: Reading, case: CaseFile, language: Language) -> Iterator[Task]:
    """The last scope version is no longer what the ledger says: ask anew."""
    version = case.scope
    if version is None or (not case.of(ATTACH) and is_untouched(store, version)):
        return
    told = changes(version, version_today(store, version, attached_files(case.moves), language))
    counts = {name: len(told[name]) for name in KINDS_OF_CHANGE}
    if any(counts.values()):
        detail = ", ".join(f"{name} {count}" for name, count in counts.items() if count)
        yield Task(case.id, "rescope", str(version.number), detail, version.at)


def _lapsed(store: Reading, case: CaseFile) -> Iterator[Task]:
    """Units whose clearing in this case does not stand any more."""
    done = {move.number: move for move in case.of("clear")}
    for one in lost_clearings(case, Snapshot.of(store)):
        yield Task(case.id, one.kind, one.unit, one.because, done[one.move].at)


def _notices(store: Reading, case: CaseFile, now: int) -> Iterator[Task]:
    """Notices that did not leave, and those without an answer, with the next step and when it is due."""
    for one in worklist(case, now, disagreeing(store, case)):
        known = one.standing.known
        yield Task(case.id, one.list, known.id, one.step or known.consignee, one.standing.since, one.due)


def disagreeing(store: Reading, case: CaseFile) -> list[str]:
    """The consignees whose replies do not agree with themselves or with what is recorded."""
    return case_account(store, case, now=True).contradicting if case.of("reply") else []


def _checks(case: CaseFile) -> Iterator[Task]:
    """Who was drawn and is still to be checked."""
    log = effectiveness(case)
    since = None if log.draw is None else log.draw.recorded_at
    yield from (Task(case.id, "check", consignee, since=since) for consignee in log.left)


def _deadlines(case: CaseFile, now: int, language: Language) -> Iterator[Task]:
    """What regimes want by when, and was not done."""
    for one in due(case, now):
        if one.standing in ("open", "overdue"):
            name = f"{one.regime.name[language]}: {one.deadline.name[language]}"
            yield Task(case.id, "deadline", one.deadline.id, name, one.since, one.due)
