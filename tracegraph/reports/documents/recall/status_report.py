"""The status report to the authority, and what changed since the last one.

Content: 21 CFR 7.53(b) and 107.240: consignees notified, date and method; responding, and quantity on hand when the
notice came; not responding; returned or corrected, and accounted for; checks and results; estimated completion.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from tracegraph.messages import Language
from tracegraph.model.values import value
from tracegraph.reports.documents.paper import Cell, Entry, Paper, Part
from tracegraph.reports.documents.recall.grids import part_of
from tracegraph.reports.documents.recall.subject import (
    Address,
    LotNamed,
    Subject,
    case_part,
    document,
    lots_part,
    person,
    share,
)
from tracegraph.reports.documents.recall.telling import fact, grid, said

CHANGE_COLUMNS = ("figure", "measure", "now", "before", "change")
RATIO_COLUMNS = ("figure", "part", "of", "percent", "before")
CONSIGNEE_COLUMNS = (
    *("consignee_name", "consignee", "lot", "notified_on", "notice_method", "replied_on", "measure"),
    *("shipped_quantity", "at_receipt", "returned", "destroyed", "accounted"),
)
SILENT_COLUMNS = ("consignee_name", "consignee", "notified_on", "reminders", "escalation_step", "recipient_contact")
FINDING_COLUMNS = ("consignee", "lot", "finding")


@value
class Figure:
    """A number under its words, and what it was in the report before (None: there was none); `measure`: of an amount
    (empty: it is a count)."""

    name: str
    now: Decimal
    before: Decimal | None = None
    measure: str = ""


@value
class Ratio:
    """A percentage under its words with what it is of (`part`, `of`), and the percentage in the report before."""

    name: str
    part: Decimal
    of: Decimal
    before: Decimal | None = None


@value
class StatusLine:
    """What a consignee who responded says of a lot, amounts in `measure`."""

    who: Address
    lot: str
    notified: str | None
    method: str | None
    replied: str | None
    measure: str
    shipped: Decimal
    at_receipt: Decimal
    returned: Decimal
    destroyed: Decimal
    accounted: Decimal


@value
class Silent:
    """A consignee who was told and has not answered."""

    who: Address
    notified: str | None
    reminders: int
    step: str | None


@value
class StatusContent:
    """`number`: of the report; `on`: its day; `since`: that of the report before; `figures`: counts and amounts;
    `checks`: results of effectiveness checks; `findings`: consignee, lot, what does not agree in its replies; `lots`:
    what the lot numbers stand for."""

    number: int
    on: str | None
    since: str | None
    completion: str | None
    text: str | None
    figures: tuple[Figure, ...]
    ratios: tuple[Ratio, ...]
    lines: tuple[StatusLine, ...]
    silent: tuple[Silent, ...]
    checks: tuple[Figure, ...]
    findings: tuple[tuple[str, str, str], ...] = ()
    lots: Sequence[LotNamed] = ()


def status_report(subject: Subject, content: StatusContent, language: Language) -> Paper:
    """The report."""
    number = str(content.number)
    return document(
        "status_report",
        subject,
        language,
        (
            case_part(subject, language, ("title", "type", "class", "owner"), *_report(subject, content, language)),
            _figures("figures", content.figures, language),
            part_of(grid("ratios", RATIO_COLUMNS, map(_ratio, content.ratios), language), language),
            _figures("checks_done", content.checks, language),
            _lines(content, language),
            _silent(subject, content, language),
            part_of(grid("disagreements", FINDING_COLUMNS, content.findings, language), language),
            lots_part(content.lots, language),
        ),
        about=number,
        optional=("report_before", "class", "report_text"),
        parameters=(fact("report_number", number, language),),
        wide=True,
    )


def _report(subject: Subject, content: StatusContent, language: Language) -> Iterable[Entry]:
    yield fact("report_number", str(content.number), language)
    yield fact("report_on", content.on, language)
    yield fact("report_before", content.since, language)
    yield fact("case_state", said(f"state_{subject.state}", language), language)
    yield fact("scope_version", None if subject.version is None else str(subject.version), language)
    yield fact("completion", content.completion, language)
    yield fact("report_text", content.text, language)


def _figures(name: str, figures: Iterable[Figure], language: Language) -> Part:
    return part_of(grid(name, CHANGE_COLUMNS, map(_figure, figures), language), language)


def _figure(one: Figure) -> tuple[Cell, ...]:
    if one.before is None:
        return (one.name, one.measure or "–", one.now, "–", "–")
    return (one.name, one.measure or "–", one.now, one.before, one.now - one.before)


def _ratio(one: Ratio) -> tuple[Cell, ...]:
    before = "–" if one.before is None else one.before
    return (one.name, one.part, one.of, share(one.part, one.of), before)


def _lines(content: StatusContent, language: Language) -> Part:
    rows = [
        (
            *(one.who.name, one.who.id, one.lot, one.notified, one.method, one.replied, one.measure or "–"),
            *(one.shipped, one.at_receipt, one.returned, one.destroyed, one.accounted),
        )
        for one in content.lines
    ]
    return part_of(grid("per_consignee", CONSIGNEE_COLUMNS, rows, language), language)


def _silent(subject: Subject, content: StatusContent, language: Language) -> Part:
    rows = [
        (
            *(one.who.name, one.who.id, one.notified, str(one.reminders), one.step or "–"),
            person(subject.people, one.who.contact),
        )
        for one in content.silent
    ]
    return part_of(grid("not_responding", SILENT_COLUMNS, rows, language), language)
