"""What an answer to a scope question says beside the lists of a trace."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from tracegraph.api.v1.assumption_models import Stopped
from tracegraph.api.v1.model_parts import Count, Identifier, Instant, Quantity, Told
from tracegraph.api.v1.models import Answer, Traced

ScopeClassName = Literal["implicated", "affected", "possible", "exposed", "cleared"]
GradeName = Literal["stated", "documented", "verified"]


class RuleHit(Told):
    """One rule that hit a unit. `seed`: which one of the question (null: an assumption); `because`: records, events."""

    rule: str
    seed: Count | None
    declared: ScopeClassName = Field(alias="class")
    grade: GradeName
    because: list[str]


class Clearing(Told):
    """Who cleared a unit, and what ended that (null: it holds)."""

    declared: Literal["cleared"] = Field(alias="class")
    onward: bool
    reason: str
    actor: str
    recorded_at: Instant
    lapsed_by: str | None


class ScopeEntry(Told):
    """One unit in scope; without rules it was reached from others."""

    unit: Identifier
    declared: ScopeClassName = Field(alias="class")
    distance: Count
    grade: GradeName
    rules: list[RuleHit]
    without_override: ScopeClassName | None = None
    override: Clearing | None = None


class ClassCount(Told):
    """How many units of a class, how much of them came into scope, and of how many nobody knows how much."""

    declared: ScopeClassName = Field(alias="class")
    units: Count
    quantities: list[Quantity]
    unknown: Count


class LineWindow(Told):
    """The time in which a line counts as one lot (null: open), and the cleanings that bound it."""

    seed: Count
    site: Identifier
    line: str | None
    since: Instant | None = Field(alias="from")
    until: Instant | None = Field(alias="to")
    opened_by: str | None
    closed_by: str | None


class ScopeTold(Told):
    """Which units are in scope, and why."""

    entries: list[ScopeEntry]
    classes: list[ClassCount]
    windows: list[LineWindow]
    stopped: list[Stopped]


class Scoped(Traced):
    """What was reached, and what that means."""

    scope: ScopeTold


class ScopeAnswer(Answer):
    """Which units a recall is about."""

    result: Scoped
