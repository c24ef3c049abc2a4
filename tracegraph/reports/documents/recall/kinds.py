"""The documents of a recall case by their kinds, each made from the case and the graph as known at a snapshot.

| kind | document |
| --- | --- |
| recall-notice | the notice to a consignee (its number, or the consignee) |
| recall-reply | the reply form of a notice; once there is a reply, the removal confirmation |
| recall-consignees | the list of consignees |
| recall-status | the status report that would be made now, or one of a number |
| recall-checks | the log of effectiveness checks |
| recall-report | the report on the recall, or on the drill |
"""

from __future__ import annotations

from collections.abc import Callable

from tracegraph.errors import UsageError
from tracegraph.messages import Language
from tracegraph.reports.documents.paper import Paper
from tracegraph.reports.documents.recall.of_consignees import consignees_paper, notice_paper, reply_paper
from tracegraph.reports.documents.recall.of_progress import checks_paper, report_paper, status_paper
from tracegraph.reports.documents.recall.told_case import ToldCase
from tracegraph.reports.documents.wanted import Wanted
from tracegraph.trace.snapshot import Snapshot

Made = Callable[[ToldCase, Wanted], Paper]


def _named(wanted: Wanted) -> str:
    """The notice or consignee that a document is for."""
    name = wanted.consignee or wanted.number
    if not name:
        raise UsageError(f"the report {wanted.kind} is for one consignee; name it, or the number of its notice")
    return name


#: What makes each kind from a case that was told already.
OF_CASE: dict[str, Made] = {
    "recall-notice": lambda told, wanted: notice_paper(told, _named(wanted)),
    "recall-reply": lambda told, wanted: reply_paper(told, _named(wanted)),
    "recall-consignees": lambda told, _: consignees_paper(told),
    "recall-status": lambda told, wanted: status_paper(told, wanted.number),
    "recall-checks": lambda told, _: checks_paper(told),
    "recall-report": lambda told, _: report_paper(told),
}


def _maker(make: Made) -> Callable[[Snapshot, Wanted, Language, int | None], Paper]:
    def paper(snapshot: Snapshot, wanted: Wanted, language: Language, valid: int | None) -> Paper:
        return make(ToldCase.of(snapshot, wanted, language), wanted)

    return paper


#: What makes each kind. A case has no time until which it is valid: what was done in it stays done.
MAKERS = {kind: _maker(make) for kind, make in OF_CASE.items()}
