"""The documents of an investigation by the names of their kinds: from what somebody wants to a document, and the forms
that are other than a document's (a sheet to fill in, a plain table)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO

from tracegraph.errors import UsageError
from tracegraph.identifiers import party
from tracegraph.messages import Language
from tracegraph.recall.case import CaseFile, case_file
from tracegraph.reports.documents.paper import Paper
from tracegraph.reports.documents.recall.enforcement import enforcement, enforcement_row, enforcement_table
from tracegraph.reports.documents.recall.grids import fact
from tracegraph.reports.documents.recall.origin_statement import origin_statement
from tracegraph.reports.documents.recall.sheets import case_choice, sheet
from tracegraph.reports.documents.recall.trace_request import Asking, TraceRequest
from tracegraph.reports.documents.recall.traceback import traceback
from tracegraph.reports.documents.wanted import Wanted
from tracegraph.reports.exports import Sharing
from tracegraph.reports.sortable import write_sheet
from tracegraph.trace.question import ask
from tracegraph.trace.snapshot import Snapshot
from tracegraph.trace.tracing import trace

#: What makes the bytes of a form that is no document.
Own = Callable[[Snapshot, Wanted, Language], bytes]
_SHEETS = {"recall-fsma204": "fsma204", "recall-eu931": "eu931"}


def _named(text: str) -> list[str]:
    """Several identifiers, separated by semicolons."""
    return [one.strip() for one in text.split(";") if one.strip()]


def _case(snapshot: Snapshot, wanted: Wanted) -> CaseFile:
    if not wanted.case:
        raise UsageError(f"the report {wanted.kind} is of a recall case; give its number")
    return case_file(snapshot.store, wanted.case, snapshot.position)


def _traceback(snapshot: Snapshot, wanted: Wanted, language: Language, _valid: int | None) -> Paper:
    return traceback(snapshot, language, _named(wanted.number) or None)


def _origin(snapshot: Snapshot, wanted: Wanted, language: Language, _valid: int | None) -> Paper:
    return origin_statement(snapshot, _named(wanted.number), language)


def asking(snapshot: Snapshot, starts: Sequence[str], language: Language) -> Asking:
    """Requests about goods, where they came from and went."""
    answered = trace(snapshot.store, ask(*starts, direction="both"), language=language)
    return Asking(answered, snapshot, language, [fact("asked", "; ".join(starts), language)])


def seeds(case: CaseFile) -> list[str]:
    """The units with which the scope of a case began. Raises UsageError where it has no scope yet."""
    version = case.approved or case.scope
    if version is None:
        raise UsageError(f"case {case.id} has no scope version yet; name the goods, or make one first")
    return [one.unit for one in version.entries if one.distance == 0]


def _request(snapshot: Snapshot, wanted: Wanted, language: Language) -> TraceRequest:
    """About the goods that are named, or about those that began the scope of a case."""
    if not wanted.party:
        raise UsageError("the report recall-request is to an operator; give the organisation or site")
    starts = _named(wanted.number) or seeds(_case(snapshot, wanted))
    return asking(snapshot, starts, language).to(party(wanted.party))


def _request_paper(snapshot: Snapshot, wanted: Wanted, language: Language, _valid: int | None) -> Paper:
    return _request(snapshot, wanted, language).paper


def _request_workbook(snapshot: Snapshot, wanted: Wanted, language: Language) -> bytes:
    return _request(snapshot, wanted, language).workbook()


def _enforcement(snapshot: Snapshot, wanted: Wanted, language: Language, _valid: int | None) -> Paper:
    return enforcement(_case(snapshot, wanted), snapshot, language)


def _enforcement_csv(snapshot: Snapshot, wanted: Wanted, language: Language) -> bytes:
    return enforcement_table(enforcement_row(_case(snapshot, wanted), snapshot, language), language)


def _sheet(snapshot: Snapshot, wanted: Wanted, language: Language, _valid: int | None) -> Paper:
    case = _case(snapshot, wanted)
    return sheet(_SHEETS[wanted.kind], case_choice(case), snapshot, language, case)


def _plain_sheet(workbook: bool) -> Own:
    def written(snapshot: Snapshot, wanted: Wanted, language: Language) -> bytes:
        file, choice = BytesIO(), case_choice(_case(snapshot, wanted))
        write_sheet(_SHEETS[wanted.kind], snapshot, choice, file, Sharing(), language, workbook)
        return file.getvalue()

    return written


#: The documents.
MAKERS = {
    "recall-traceback": _traceback,
    "recall-request": _request_paper,
    "recall-origin": _origin,
    "recall-enforcement": _enforcement,
    **dict.fromkeys(_SHEETS, _sheet),
}
#: Forms that are other than a document's, by kind and form.
OWN: dict[tuple[str, str], Own] = {
    ("recall-request", "xlsx"): _request_workbook,
    ("recall-enforcement", "csv"): _enforcement_csv,
    **{(kind, "csv"): _plain_sheet(workbook=False) for kind in _SHEETS},
    **{(kind, "xlsx"): _plain_sheet(workbook=True) for kind in _SHEETS},
}
