"""What is to be done in a case, worked out from its moves and from what the ledger learnt since."""

from __future__ import annotations

from collections.abc import Iterator

from tracegraph.messages import Language
from tracegraph.model.instants import optional_text
from tracegraph.model.values import value
from tracegraph.recall.case.casefile import CaseFile
from tracegraph.recall.case.evidence import ATTACH, attached_files
from tracegraph.recall.case.version import changes
from tracegraph.recall.rescoping import KINDS_OF_CHANGE, is_untouched, version_today
from tracegraph.recall.scope.overrides import overrides
from tracegraph.stores.port import Reading
from tracegraph.trace.envelope import Json
from tracegraph.trace.lines.recorded import Recorded
from tracegraph.trace.register import Register
from tracegraph.trace.snapshot import Snapshot

#: States in which nothing is to be done any more.
ENDED = ("terminated", "cancelled")


@value
class Task:
    """One thing to do. `kind`: `assess`, `scope`, `approve`, `rescope`, `lapsed` ...; `about`: the unit, party or
    notice; `detail`: what else is said of it; `since`, `due`: instants."""

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


def tasks(store: Reading, case: CaseFile, language: Language = "en") -> list[Task]:
    """Everything to do in a case, in the order in which a case goes on."""
    if case.state in ENDED:
        return []
    return [*_next_step(case), *_asked_again(store, case, language), *_lapsed(store, case)]


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
    """Units that somebody cleared in this case and of which something was learnt since."""
    cleared = {move.text("unit"): move for move in case.of("clear")}
    said = overrides(Recorded(Register(Snapshot.of(store)))) if cleared else {}
    for unit, override in said.items():
        if override.lapsed is not None and override.stored.record.id in cleared:
            move = cleared[override.stored.record.id]
            yield Task(case.id, "lapsed", unit, override.lapsed, move.at)
