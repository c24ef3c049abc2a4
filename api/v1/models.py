"""What answers look like, for OpenAPI. The library's own bytes are sent; these only describe them.

Source: docs/interfaces, "Answer envelope".
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from tracegraph.api.v1.assumption_models import Assumed
from tracegraph.api.v1.model_parts import (
    AsOf,
    Certainty,
    Code,
    Count,
    FrontierEntry,
    Gap,
    Identifier,
    Instant,
    Place,
    Quantity,
    Told,
)
from tracegraph.api.v1.quantity_models import AboutShares, Account, Inference, MetricTold, Share


class StartAsked(Told):
    """One start of a question: one of the kinds, and the window."""

    unit: Identifier | None = None
    site: Identifier | None = None
    party: Identifier | None = None
    product: Identifier | None = None
    event: Identifier | None = None
    line: str | None = Field(None, description="A site and, behind a blank, its line")
    evidence: str | None = None
    asked: str | None = Field(None, description="What was asked, where it is another number of the unit")
    at: Identifier | None = None
    on: Instant | None = None
    since: Instant | None = Field(None, alias="from")
    until: Instant | None = Field(None, alias="to")


class LimitsAsked(Told):
    """Where the answer was to stop."""

    max_hops: Count | None
    max_steps: Count | None
    max_nodes: Count | None
    max_seconds: str | None


class QuestionAsked(Told):
    """The question as it was understood, identifiers made canonical."""

    kind: Literal["trace", "origin", "where", "balance", "metrics", "scope", "show", "gaps"]
    direction: Literal["forward", "backward", "both"]
    start: list[StartAsked]
    certainty: Certainty
    assumptions: dict[str, Any]
    limits: LimitsAsked
    contents: bool
    paths: Count
    as_of: Instant | None
    shares: bool | None = None
    measure: Code | None = None
    scope: dict[str, Any] | None = None
    follow: bool | None = None
    minimum_grade: str | None = None
    metric: str | None = None
    by: str | None = None
    period: str | None = None
    gap: str | None = None
    partner: str | None = None
    limit: int | None = None
    after: str | None = None


Side = Literal["forward", "backward", "both"]


class Unit(Told):
    """A reached lot or item."""

    id: Identifier
    kind: Literal["lot", "item"]
    product: Identifier | None
    distance: Count
    certainty: Certainty
    direction: Side | None = None
    share: Share | None = None


class Spot(Told):
    """Where a container is."""

    unit: Identifier
    place: Place
    party: Identifier | None
    since: Instant
    certainty: Certainty


class Holding(Told):
    """A stay of a unit at one place."""

    id: str
    unit: Identifier
    place: Place
    party: Identifier | None
    owner: Identifier | None
    since: Instant
    until: Instant | None
    quantity: Quantity | None
    remaining: Quantity | None
    state: Literal["on_hand", "in_transit", "packed", "consumed", "destroyed", "sold", "unaccounted"]
    certainty: Certainty
    distance: Count
    event: str
    sublocation: str | None
    destination: str | None
    direction: Side | None = None
    inside: list[Spot] | None = None
    share: Share | None = None


class Certain(Told):
    """A reached site or party."""

    id: Identifier
    certainty: Certainty


class Hop(Told):
    """Movement from holding to holding, or into or out of a transformation."""

    source: str = Field(alias="from")
    target: str = Field(alias="to")
    event: str
    rule: str
    certainty: Certainty
    instant: Instant


class Path(Told):
    """One way from a start to a unit."""

    unit: Identifier
    distance: Count
    certainty: Certainty
    hops: list[Hop]
    direction: Literal["forward", "backward"] | None = None


class PathsLeftOut(Told):
    """How many units have no paths because there were too many."""

    units: Count
    message: str


class Source(Told):
    """Where goods begin: a birth, or where the records go no further."""

    unit: Identifier | None
    holding: str | None
    transformation: str | None
    place: Place
    party: Identifier | None
    since: Instant
    event: str
    distance: Count
    certainty: Certainty
    gaps: list[str]


class Document(Told):
    """A business document."""

    type: str
    id: str


class Named(Told):
    """A unit in an event."""

    id: Identifier
    role: str
    quantity: Quantity | None


class Event(Told):
    """What an event says."""

    id: str
    event_id: str
    retracts: bool
    type: str
    time: Instant
    offset: str
    action: str
    step: str
    disposition: str
    read_point: str | None
    biz_location: str | None
    transformation: str | None
    documents: list[Document]
    units: list[Named]
    position: int | None = None


class Reached(Told):
    """The lists of every answer."""

    units: list[Unit]
    holdings: list[Holding]
    events: list[str]
    sites: list[Certain]
    parties: list[Certain]
    paths: list[Path]


class Traced(Reached):
    """What a trace reached."""

    paths_left_out: PathsLeftOut | None = None
    shares: AboutShares | None = None
    inference: Inference | None = None
    assumed: Assumed | None = None


class Balanced(Reached):
    """What was reached, and the account."""

    balance: Account


class Measured(Reached):
    """Empty lists, and the metric."""

    metrics: MetricTold


class Origins(Reached):
    """What an origin is made of, ultimate sources and every hop."""

    sources: list[Source]
    hops: list[Hop]
    inference: Inference | None = None


class GapPage(Reached):
    """Empty lists; `next` begins the next page."""

    next: str | None = None


class ShownUnit(Told):
    """What is known of a unit besides its stays."""

    aliases: list[Identifier]
    lots: list[Identifier]
    members: list[Identifier]
    contents: list[Identifier]
    events: list[Event]


class ShownEvents(Told):
    """The entries of an event."""

    events: list[Event]


class ShownRecords(Told):
    """Master data, as recorded."""

    records: list[dict[str, Any]]


class Shown(Reached):
    """One thing."""

    hops: list[Hop]


class UnitShown(Shown):
    """A unit and its stays in the order of time."""

    shown: ShownUnit


class EventShown(Shown):
    """An event, what it opened, and where the goods came from."""

    shown: ShownEvents


class RecordShown(Shown):
    """A site, party or product, and what is or was held there."""

    shown: ShownRecords


class Answer(Told):
    """The answer to one question. `complete` false: something may be missing; `gaps` and `frontier` say what."""

    tracegraph: str
    question: QuestionAsked
    as_of: AsOf
    complete: bool
    frontier: list[FrontierEntry]
    gaps: list[Gap]


class TraceAnswer(Answer):
    """What the starts went into, came from, or both."""

    result: Traced


class OriginAnswer(Answer):
    """Where the starts come from."""

    result: Origins


class WhereaboutsAnswer(Answer):
    """Where units are and how much is left there."""

    result: Reached


class BalanceAnswer(Answer):
    """How much of the units is where."""

    result: Balanced


class MetricAnswer(Answer):
    """A figure for analysts."""

    result: Measured


class UnitAnswer(Answer):
    """One unit."""

    result: UnitShown


class EventAnswer(Answer):
    """One event."""

    result: EventShown


class RecordAnswer(Answer):
    """One site, party or product."""

    result: RecordShown


class GapsAnswer(Answer):
    """What the records do not say."""

    result: GapPage
