"""What the moves of a case say of its notices: prepared, sent, reminded of, replied to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from tracegraph.model.record_kinds import time_span
from tracegraph.model.values import value
from tracegraph.recall.case.move import Move
from tracegraph.recall.consignees.parties import Sameness, sameness
from tracegraph.recall.notices.notice import Prepared

PREPARED, SENT, REMINDED, REPLIED = "notices", "sent", "remind", "reply"


@value
class Sending:
    """One sending: of which version, when (an instant), by which channel, and the receipt that this gave, if any."""

    version: str
    at: int
    channel: str
    receipt: str


@dataclass(slots=True)
class Known:
    """One notice as the moves tell. `version`, `status`, `digest`, `lots`: of the last one that was prepared, at the
    instant `prepared`; `sent_digest`, `sent_status`: of the last one that was sent (None: none was); `reminders`: steps
    with their instants, since then; `replied`: the numbers of units that were replied about, with the number of the
    move; `superseded_by`: the notice to the consignee that this one's is now a part of."""

    id: str
    consignee: str
    parties: Sequence[str] = ()
    version: int = 0
    status: str = ""
    digest: str = ""
    lots: Sequence[Sequence[str]] = ()
    prepared: int = 0
    sendings: list[Sending] = field(default_factory=list)
    sent_digest: str | None = None
    sent_status: str | None = None
    reminders: list[tuple[str, int]] = field(default_factory=list)
    replied: dict[str, int] = field(default_factory=dict)
    superseded_by: str | None = None

    @property
    def is_sent(self) -> bool:
        """Whether the last one that was prepared was sent."""
        return (self.sent_digest, self.sent_status) == (self.digest, self.status)

    @property
    def unanswered(self) -> list[str]:
        """The lots that nobody replied about, by the number in the form."""
        return [numbers[0] for numbers in self.lots if not self.replied.keys() & set(numbers)]


def known_notices(moves: Sequence[Move]) -> list[Known]:
    """All notices of a case, in the order in which they were first prepared."""
    found: dict[str, Known] = {}
    for move in moves:
        if move.action == PREPARED:
            for told in move.parts.get("notices", ()):
                _prepare(found, told, move)
        elif move.action in _FOLDS:
            for known in _meant(found.values(), move):
                _FOLDS[move.action](known, move)
    _supersede(found.values(), sameness(moves))
    return list(found.values())


def _supersede(found: Collection[Known], same: Sameness) -> None:
    """A notice gives way to the one of the party that its consignee is now, and to one that was prepared for both."""
    holders = {known.consignee: known for known in found}
    both = {party: known for known in found for party in known.parties if party != known.consignee}
    for known in found:
        other = holders.get(same.of(known.consignee), known)
        known.superseded_by = None if other is known else other.id
    for known in found:
        other = both.get(known.consignee, known)
        if other is not known and known.superseded_by is None and other.superseded_by is None:
            known.superseded_by = other.id


def _prepare(found: dict[str, Known], told: Prepared, move: Move) -> None:
    known = found.setdefault(told["notice"], Known(told["notice"], told["consignee"]))
    known.consignee, known.parties, known.lots = told["consignee"], told["parties"], told["lots"]
    known.version, known.status, known.digest = int(move.parts["version"]), told["status"], told["digest"]
    known.prepared = move.at


def _meant(found: Collection[Known], move: Move) -> list[Known]:
    """The notice that a move names, else those to the consignee that it names."""
    named = [known for known in found if known.id == move.text("notice")]
    who = move.text("consignee")
    return named or [known for known in found if who and (who == known.consignee or who in known.parties)]


def _send(known: Known, move: Move) -> None:
    at = time_span(move.text("sent"))[0] if move.text("sent") else move.at
    known.sendings.append(Sending(move.text("version"), at, move.text("channel"), move.text("receipt")))
    if move.text("version") in ("", str(known.version)):
        known.sent_digest, known.sent_status, known.reminders = known.digest, known.status, []


def _remind(known: Known, move: Move) -> None:
    known.reminders.append((move.text("step"), move.at))


def _reply(known: Known, move: Move) -> None:
    known.replied[move.text("unit")] = move.number


_FOLDS = {SENT: _send, REMINDED: _remind, REPLIED: _reply}
