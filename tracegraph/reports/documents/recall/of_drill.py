"""What the report of a drill says first: its lot, its stamps, what was found, and how it did against its targets."""

from __future__ import annotations

from decimal import Decimal

from tracegraph.model.instants import instant_text
from tracegraph.recall.accounting.findings import texts
from tracegraph.recall.drills import Drill, drill_of
from tracegraph.recall.drills.targets import STAMPS
from tracegraph.reports.documents.recall.goods import lot_text
from tracegraph.reports.documents.recall.recall_report import DrillCover, Stamp, Target
from tracegraph.reports.documents.recall.told_case import ToldCase
from tracegraph.trace.envelope import Json


def drill_account(told: ToldCase) -> Json | None:
    """The account as it was when the drill was reconciled; None: it was not yet, or the case is none."""
    return drill_of(told.case).account if told.case.is_drill else None


def bucket_label(told: ToldCase, bucket: str) -> str:
    """What a bucket of an account is called."""
    return texts("buckets")[bucket][told.language]


def drill_cover(told: ToldCase) -> DrillCover:
    """What stands first."""
    drill = drill_of(told.case)
    said = drill.to_dict(told.language)
    amount = said["amount"] or {"in_question": None, "found": None, "unit": ""}
    stamps = drill.stamps
    return DrillCover(
        instant_text(stamps["start"]),
        None if drill.done is None else instant_text(drill.done),
        "; ".join(map(told.named, drill.products)) or told.subject.text("product"),
        lot_text(drill.unit) if drill.unit else "–",
        _decimal(amount["in_question"]),
        _decimal(amount["found"]),
        amount["unit"],
        tuple(_stamp(drill, said, name) for name in STAMPS),
        tuple(_target(one) for one in said["targets"]),
        said["passed"],
    )


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _stamp(drill: Drill, said: Json, name: str) -> Stamp:
    reached, seconds = drill.stamps.get(name), said["seconds"].get(name)
    return Stamp(name, None if reached is None else instant_text(reached), f"{seconds} s" if seconds else None)


def _target(one: Json) -> Target:
    return Target(one["name"], one["limit"], one["observed"], one["outcome"], one["source"], one["verified"])
