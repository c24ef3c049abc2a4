"""The report on a recall, or on a drill: what was done when, the scope and its versions, where the goods are, what is
not known, what was done about it. A drill first has what an auditor asks for: start, finish, product, lot, amount in
question, amount found, in percent, and the four stamps against their targets.

Content: recall practice 1.2 and 1.3 f; the final report of WHO GMP 6 (with reconciliation); ISO 10393:2013 6.5 to 7.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from tracegraph.messages import Language, words
from tracegraph.model.values import value
from tracegraph.reports.documents.paper import BLANK, Cell, Grid, Paper, Part
from tracegraph.reports.documents.recall.grids import part_of
from tracegraph.reports.documents.recall.status_report import Ratio
from tracegraph.reports.documents.recall.subject import (
    LotNamed,
    Subject,
    case_part,
    document,
    field_label,
    lots_part,
    share,
)
from tracegraph.reports.documents.recall.telling import fact, grid, said

TIMELINE_COLUMNS = ("number", "time", "done", "by_whom", "in_role", "because", "state_after")
VERSION_COLUMNS = (
    *("scope_version", "made_at", "made_by", "because", "approved_by", "class_counts", "added", "removed", "changed"),
    *("known_until", "complete"),
)
BUCKET_COLUMNS = ("bucket", "quantity", "measure")
RATIO_COLUMNS = ("figure", "part", "of", "percent")
GAP_COLUMNS = ("missing", "lot", "place", "ask")
STAMP_COLUMNS = ("stamp", "time", "taken")
TARGET_COLUMNS = ("target", "limit", "observed", "outcome", "target_source", "verified")


@value
class Step:
    """A move of the case as it is told: its label, and the state after it."""

    number: int
    at: str
    action: str
    by: str
    role: str
    reason: str | None
    state: str


@value
class Version:
    """A version of the scope: how many units of each class, and against the version before how many it added, removed
    and changed (None: it is the first)."""

    number: int
    at: str
    author: str
    reason: str
    approved_by: str | None
    classes: tuple[tuple[str, int], ...]
    added: int | None
    removed: int | None
    changed: int | None
    known: str | None
    complete: bool


@value
class Stamp:
    """A stamp of a drill: `name` behind `recall_doc_stamp_`; when, and after how long (texts; None: not reached)."""

    name: str
    at: str | None
    taken: str | None = None


@value
class Target:
    """What a drill is judged by: its name, limit, what was observed (None: nothing yet), `outcome` behind
    `recall_doc_outcome_`, where it is from, and whether anybody looked that up."""

    name: str
    limit: str
    observed: str | None
    outcome: str
    source: str
    verified: bool


@value
class DrillCover:
    """What stands first on the report of a drill."""

    start: str
    finish: str | None
    product: str | None
    lot: str
    in_question: Decimal | None
    found: Decimal | None
    measure: str
    stamps: tuple[Stamp, ...]
    targets: tuple[Target, ...]
    passed: bool | None


@value
class RecallReport:
    """`quantity`, `buckets`, `ratios`: the account, in `measure` (None: nobody made one); `gaps`: sentence, lot, place,
    who can tell; `causes`, `remedies`, `disposals`: the fields of those moves, in the order of CAUSE, REMEDY and
    DISPOSAL."""

    steps: tuple[Step, ...]
    versions: tuple[Version, ...]
    measure: str | None
    quantity: Decimal | None
    buckets: tuple[tuple[str, Decimal], ...]
    ratios: tuple[Ratio, ...]
    gaps: tuple[tuple[Cell, ...], ...]
    causes: tuple[tuple[Cell, ...], ...] = ()
    remedies: tuple[tuple[Cell, ...], ...] = ()
    disposals: tuple[tuple[Cell, ...], ...] = ()
    drill: DrillCover | None = None
    lots: Sequence[LotNamed] = ()


#: The fields of the moves that say why it happened and what was done about it.
CAUSE = ("cause", "document")
REMEDY = ("corrective", "preventive", "responsible", "due", "done")
DISPOSAL = ("unit", "quantity", "measure", "method", "date", "place", "consignee", "witness", "certificate")


def recall_report(subject: Subject, content: RecallReport, language: Language) -> Paper:
    """The report."""
    facts = (
        *("title", "type", "class", "owner", "product", "hazard", "reason_code", "discovered", "circumstances", "risk"),
        *("strategy", "depth", "level", "authority"),
    )
    optional = ("depth", "level", "circumstances", "authority", "target", "circumstances", "risk", "strategy")
    state = fact("case_state", said(f"state_{subject.state}", language), language)
    return document(
        "drill_report" if subject.is_drill else "recall_report",
        subject,
        language,
        (
            *([make(content.drill, language) for make in (_cover, _stamps, _targets)] if content.drill else []),
            case_part(subject, language, facts, state),
            part_of(grid("recall_timeline", TIMELINE_COLUMNS, map(_step, content.steps), language), language),
            part_of(
                grid("versions", VERSION_COLUMNS, (_version(one, language) for one in content.versions), language),
                language,
            ),
            *_account(content, language),
            part_of(grid("recall_gaps", GAP_COLUMNS, content.gaps, language), language),
            *_done(content, language),
            lots_part(content.lots, language),
            _signatures(language),
        ),
        optional=optional,
        wide=True,
    )


def _cover(told: DrillCover, language: Language) -> Part:
    percent = None if told.in_question is None or told.found is None else share(told.found, told.in_question)
    outcome = {True: "pass", False: "fail", None: "open"}[told.passed]
    facts: tuple[tuple[str, Cell], ...] = (
        ("drill_start", told.start),
        ("drill_finish", told.finish),
        ("drill_product", told.product),
        ("lot", told.lot),
        ("in_question", told.in_question),
        ("found_quantity", told.found),
        ("measure", told.measure or "–"),
        ("found_percent", percent),
        ("drill_result", said(f"outcome_{outcome}", language)),
    )
    return Part(said("cover", language), tuple(fact(name, cell, language) for name, cell in facts), name="cover")


def _stamps(told: DrillCover, language: Language) -> Part:
    rows = [(said(f"stamp_{one.name}", language), one.at, one.taken or "–") for one in told.stamps]
    return part_of(grid("stamps", STAMP_COLUMNS, rows, language), language)


def _targets(told: DrillCover, language: Language) -> Part:
    rows = [
        (
            *(one.name, one.limit, one.observed or "–", said(f"outcome_{one.outcome}", language), one.source),
            words("yes" if one.verified else "no", language),
        )
        for one in told.targets
    ]
    return part_of(grid("targets", TARGET_COLUMNS, rows, language), language)


def _step(one: Step) -> tuple[Cell, ...]:
    return (str(one.number), one.at, one.action, one.by, one.role, one.reason or "–", one.state)


def _version(one: Version, language: Language) -> tuple[Cell, ...]:
    counts = "; ".join(f"{words(f'scope_{name}', language)} {count}" for name, count in one.classes)
    return (
        *(
            str(one.number),
            one.at,
            one.author,
            one.reason or None,
            one.approved_by or said("not_approved", language),
        ),
        counts or "–",
        *("–" if number is None else str(number) for number in (one.added, one.removed, one.changed)),
        one.known or words("paper_everything", language),
        words("yes" if one.complete else "no", language),
    )


def _account(content: RecallReport, language: Language) -> Iterable[Part]:
    buckets = [(name, amount, content.measure or "–") for name, amount in content.buckets]
    title = said("account", language)
    entries = (fact("in_question", content.quantity, language), fact("measure", content.measure, language))
    yield Part(title, entries, (grid("buckets", BUCKET_COLUMNS, buckets, language),), name="account")
    rows = [(one.name, one.part, one.of, share(one.part, one.of)) for one in content.ratios]
    yield part_of(grid("ratios", RATIO_COLUMNS, rows, language), language)


def _done(content: RecallReport, language: Language) -> Iterable[Part]:
    """Causes, remedies and disposals, under the labels of their fields."""
    for action, names, rows in (
        ("cause", CAUSE, content.causes),
        ("remedy", REMEDY, content.remedies),
        ("dispose", DISPOSAL, content.disposals),
    ):
        heads = tuple(field_label(action, name, language) for name in names)
        title = said(f"done_{action}", language)
        yield part_of(Grid(title, heads, rows, action, names), language)


def _signatures(language: Language) -> Part:
    names = ("prepared_by", "approved_signature", "signed_on")
    return Part(said("signed", language), tuple(fact(name, BLANK, language) for name in names), name="signature")
