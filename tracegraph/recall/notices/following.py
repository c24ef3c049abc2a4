"""How each notice stands, and what is to be done: who was not told, did not answer, or whose reply does not agree.

A state is read off the moves; what only the outbox knows (waiting to be sent) is told by whoever asks.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from tracegraph.model.instants import DAY, instant_text, optional_text
from tracegraph.model.values import value
from tracegraph.recall.case.casefile import CaseFile
from tracegraph.recall.notices.notice import Status
from tracegraph.recall.notices.records import Known, known_notices
from tracegraph.trace.envelope import Json


class State(StrEnum):
    """In the order in which a notice goes through them. `delivered`: the channel gave a receipt. `answered`: there is a
    reply about every lot; `disagreeing`: one that does not agree with what is recorded. `superseded`: its consignee is
    now one with another, who has a notice of its own."""

    DRAFT = "draft"
    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    ANSWERED = "answered"
    DISAGREEING = "disagreeing"
    SUPERSEDED = "superseded"


@value
class Standing:
    """One notice now. `since`: the instant from which it has to be answered (None: it was not sent)."""

    known: Known
    state: State
    since: int | None

    def to_dict(self) -> Json:
        """As it is listed."""
        known = self.known
        return {
            "notice": known.id,
            "consignee": known.consignee,
            "parties": list(known.parties),
            "version": known.version,
            "status": known.status,
            "state": self.state.value,
            "prepared": instant_text(known.prepared),
            "sent": [
                {"version": one.version, "at": instant_text(one.at), "channel": one.channel, "receipt": one.receipt}
                for one in known.sendings
            ],
            "since": optional_text(self.since),
            "unanswered": known.unanswered,
            "reminders": [{"step": step, "at": instant_text(at)} for step, at in known.reminders],
            "replies": sorted(set(known.replied.values())),
        }


def standings(case: CaseFile, disagreeing: Collection[str] = (), queued: Collection[str] = ()) -> list[Standing]:
    """All notices of a case, by id. `disagreeing`: consignees whose replies do not agree with what is recorded;
    `queued`: notices that wait in the outbox."""
    known = sorted(known_notices(case.moves), key=lambda one: one.id)
    return [Standing(one, _state(one, disagreeing, queued), _since(one)) for one in known]


def _state(known: Known, disagreeing: Collection[str], queued: Collection[str]) -> State:
    if known.superseded_by is not None:
        return State.SUPERSEDED
    if not known.is_sent:
        return State.QUEUED if known.id in queued else State.DRAFT
    if known.replied and {known.consignee, *known.parties} & set(disagreeing):
        return State.DISAGREEING
    if not known.unanswered:
        return State.ANSWERED
    return State.DELIVERED if known.sendings[-1].receipt else State.SENT


def _since(known: Known) -> int | None:
    return known.sendings[-1].at if known.is_sent else None


@value
class Task:
    """Something to do. `list`: `not_notified`, `not_answered` or `disagrees`; `step`: what to do next (escalation.json;
    empty: send it, or settle it), `due` when."""

    list: str
    standing: Standing
    step: str
    due: int | None
    overdue: bool

    def to_dict(self) -> Json:
        """As it is listed."""
        told = {"list": self.list, "step": self.step, "due": optional_text(self.due), "overdue": self.overdue}
        return told | self.standing.to_dict()


def worklist(case: CaseFile, now: int, disagreeing: Collection[str] = (), queued: Collection[str] = ()) -> list[Task]:
    """What is to be done at the instant `now`, what was due first. Arguments as of `standings`."""
    found = [task for one in standings(case, disagreeing, queued) for task in _tasks(one, case, now)]
    return sorted(found, key=lambda task: (task.due is None, task.due or 0, task.standing.known.id))


def _tasks(one: Standing, case: CaseFile, now: int) -> Iterator[Task]:
    if one.state in (State.DRAFT, State.QUEUED):
        yield Task("not_notified", one, "", one.known.prepared, one.known.prepared < now)
    elif one.state is State.DISAGREEING:
        yield Task("disagrees", one, "", None, False)
    if one.since is not None and one.state is not State.SUPERSEDED and _must_answer(one.known):
        step, due = _next_step(one.known.reminders, one.since, str(case.facts.get("class") or ""))
        yield Task("not_answered", one, step, due, due is not None and due <= now)


def _must_answer(known: Known) -> bool:
    """The last word needs no answer."""
    return bool(known.unanswered) and known.status != Status.FINAL


def _next_step(done: Iterable[tuple[str, int]], since: int, kind: str) -> tuple[str, int | None]:
    """The first step after the last one that was taken, and when it is due; nothing when all were."""
    taken = {step for step, _ in done}
    left = [step for step in steps() if step["step"] not in taken]
    for step in left:
        return str(step["step"]), since + days_of(step, kind) * DAY
    return "", None


def steps() -> list[Mapping[str, Any]]:
    """The steps of escalation in order: `step`, `days` by class of the case (empty: no class), `label`."""
    return list(_escalation()["steps"])


def days_of(step: Mapping[str, Any], kind: str) -> int:
    """After how many days (of 24 hours) without an answer a step is due in a case of a class."""
    days: Mapping[str, int] = step["days"]
    return days.get(kind, days[""])


@cache
def _escalation() -> Mapping[str, Any]:
    text = files("tracegraph.recall.notices").joinpath("escalation.json").read_text(encoding="utf-8")
    told: Mapping[str, Any] = json.loads(text)
    return told
