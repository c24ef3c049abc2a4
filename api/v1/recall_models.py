"""What answers about cases of recall look like, for OpenAPI."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from tracegraph.api.v1.model_parts import AsOf, Count, FrontierEntry, Gap, Identifier, Instant, NoLists, Told
from tracegraph.api.v1.scope_models import ClassCount, GradeName, ScopeClassName

StateName = Literal[
    "open", "assessing", "scoped", "approved", "notifying", "monitoring", "completed", "terminated", "cancelled"
]
TypeName = Literal["withdrawal", "recall", "hold", "advisory", "drill"]


class Summary(Told):
    """A case in a list. `moves`: how many things were done in it; `scope`, `approved`: numbers of scope versions."""

    case: str
    type: TypeName
    title: str | None
    state: StateName
    moves: Count
    opened: Instant
    by: str
    scope: Count | None
    approved: Count | None
    last: Instant


class LedgerThen(Told):
    """The end of the ledger when a scope version was made."""

    count: Count | None
    head: str


class Decision(Told):
    """Who approved a scope version, or sent it back."""

    action: Literal["approve", "reject"]
    actor: str
    at: Instant
    reason: str


class Via(Told):
    """The unit and the event by which an entry was reached."""

    unit: Identifier
    event: str


class VersionEntry(Told):
    """A unit of a scope version, and who put it there as it stands. `via`: null where a seed names it."""

    unit: Identifier
    declared: ScopeClassName = Field(alias="class")
    grade: GradeName
    distance: Count
    rules: list[dict[str, Any]]
    via: Via | None
    author: str


class Version(Told):
    """A scope version. It never changes; `entries` are given where one version is asked for."""

    version: Count
    at: Instant
    author: str
    reason: str
    known: Instant | None
    ledger: LedgerThen
    complete: bool
    gaps: Count
    classes: list[ClassCount]
    units: Count
    decided: Decision | None
    question: dict[str, Any]
    entries: list[VersionEntry] | None = None


class TaskTold(Told):
    """Something to do in a case."""

    case: str
    kind: str
    about: str
    detail: str
    since: Instant | None
    due: Instant | None


class MoveTold(Told):
    """One thing that was done: what the action said, and the state after it."""

    number: Count
    action: str
    state: StateName
    at: Instant
    actor: str
    role: str
    reason: str
    parts: dict[str, Any]


class CaseTold(Summary):
    """A case with all that was done in it, and what the caller may do now."""

    facts: dict[str, Any]
    allowed: list[str]
    versions: list[Version]
    tasks: list[TaskTold]
    due: list[dict[str, Any]] = Field(description="Deadlines of the regimes that the case is under, by time")
    notices: list[dict[str, Any]] = Field(description="How each notice stands")
    effectiveness: dict[str, Any] = Field(description="Samples drawn, checks, and who is still to be checked")
    done: list[MoveTold]


class RecallAsked(Told):
    """The question as it was understood."""

    kind: Literal["recalls", "recall", "recall_consignees", "recall_account", "holds"]
    state: StateName | None = None
    case: str | None = None
    version: Count | None = None
    measure: str | None = None
    now: bool | None = None
    units: list[str] | None = None
    on: Instant | None = None
    as_of: Instant | None


class AboutRecalls(Told):
    """The outer keys of an answer."""

    tracegraph: str
    question: RecallAsked
    as_of: AsOf
    complete: bool = Field(description="False: the scope of a case may lack units, see its gaps")
    frontier: list[FrontierEntry]
    gaps: list[Gap]


class CaseList(NoLists):
    """The cases, by number."""

    recalls: list[Summary]


class RecallsAnswer(AboutRecalls):
    """Cases of recall."""

    result: CaseList


class OneCase(NoLists):
    """One case."""

    recall: CaseTold


class RecallAnswer(AboutRecalls):
    """One case of recall."""

    result: OneCase


class Moved(Told):
    """What was done. `moves`: of the case now; `new`: false where the same was asked for, and done, before."""

    case: str
    state: StateName
    moves: Count
    new: bool
    done: MoveTold


class Change(Told):
    """A unit as it stood and as it stands (null: not in scope), and why that differs."""

    unit: Identifier
    before: VersionEntry | None
    after: VersionEntry | None
    why: list[dict[str, Any]] = Field(default_factory=list)


class VersionNamed(Told):
    """Which scope version."""

    version: Count
    author: str
    reason: str
    at: Instant
    known: Instant | None
    head: str


class Changes(Told):
    """What differs from one scope version to another."""

    since: VersionNamed = Field(alias="from")
    until: VersionNamed = Field(alias="to")
    added: list[Change]
    removed: list[Change]
    changed: list[Change]


class ScopeMade(Told):
    """The scope version (`moved` null: nothing changed, so there is no new one), and what changed since the one before
    (null: there was none)."""

    moved: Moved | None
    version: Version
    changes: Changes | None


class Distributed(NoLists):
    """Who got goods in scope: each consignee with its deliveries, `tier` and notice; parties that may be one; shipments
    that nobody received."""

    owners: list[Identifier]
    unseen: list[Identifier]
    consignees: list[dict[str, Any]]
    proposals: list[dict[str, Any]]
    astray: list[dict[str, Any]]


class ConsigneesAnswer(AboutRecalls):
    """Consignees of a case."""

    result: Distributed


class Accounted(NoLists):
    """`account`: buckets that sum to `start`, per consignee and in all; ratios, each with what it is of."""

    account: dict[str, Any]


class AccountAnswer(AboutRecalls):
    """The account of a case."""

    result: Accounted


class Blocked(Told):
    """A unit that was asked for: whether it is known, blocked, or only a part of it; since when, and by which cases."""

    asked: str
    unit: Identifier
    known: bool
    blocked: bool
    part: bool
    since: Instant | None
    holds: list[dict[str, Any]]


class HoldsTold(NoLists):
    """Each unit, in the order asked."""

    holds: list[Blocked]


class HoldsAnswer(AboutRecalls):
    """What is on hold."""

    result: HoldsTold


class RepliesImported(Told):
    """How many replies are new, how many were known already, and the rows that are none."""

    recorded: Count
    known: Count
    rejected: list[str]
