"""What answers say of quantities, for OpenAPI: shares, assumptions about lots, accounts, metrics."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from tracegraph.api.v1.model_parts import Amount, Code, Count, Identifier, Instant, Place, Quantity, Ratio, Told


class Share(Told):
    """Forward, the part of it that derives from the start; backward, the part of the start that derives from it.
    `attributed`: by proportional mixing (null: nobody can tell); `min`, `max`: whatever was mixed with what;
    `min_even_loss`, `max_even_loss`: if losses fell on all inputs alike."""

    attributed: Ratio | None
    min: Ratio
    max: Ratio
    min_even_loss: Ratio
    max_even_loss: Ratio


class AboutShares(Told):
    """What is said of all shares: they are rounded to so many digits, and are parts of what was reached, or of the
    start."""

    approximate: bool
    digits: int
    of: Literal["reached", "start"]


class Widened(Told):
    """How many there are by the records, and under the assumption; `expansion` is the second over the first."""

    explicit: Count
    inferred: Count
    expansion: Amount | None


class InferredLink(Told):
    """Goods without a lot number that may be of a lot; `quantity`: how much by the assumption (null: unknown)."""

    unit: Identifier
    site: Identifier
    source: str = Field(alias="from")
    target: str = Field(alias="to")
    event: str
    quantity: Quantity | None


class Inference(Told):
    """An assumption about goods without a lot number, and how much wider the scope is for it."""

    mode: str
    units: Widened
    sites: Widened
    links: list[InferredLink]


class Bucket(Told):
    """The sum of the rows of one bucket."""

    bucket: str
    value: Amount


class AccountRow(Told):
    """Goods in one bucket. `value`: what of the set is there; `of`: how much goods that is in (null: none that must be
    recalled, or nobody knows); `node`: the holding or transformation."""

    bucket: str
    unit: Identifier | None
    place: Place
    party: Identifier | None
    value: Amount
    of: Amount | None
    node: str


class Apart(Told):
    """A quantity that is not in the account: without a value, or of another dimension."""

    unit: Identifier
    holding: str
    quantity: Quantity | None


class Flow(Told):
    """A stay of the set's units: `in` = `out` + `remaining` + `unaccounted` (null: nobody knows how
    much came in, or may have left). What remains of a shipment of which some arrived was received short."""

    unit: Identifier
    place: Place
    since: Instant
    came: Amount | None = Field(alias="in")
    out: Amount
    remaining: Amount | None
    unaccounted: Amount | None
    node: str


class Yield(Told):
    """What a transformation made: `yield` is `out` in parts of `in`."""

    transformation: str
    place: Place
    came: Amount = Field(alias="in")
    out: Amount | None
    ratio: Amount | None = Field(alias="yield")
    node: str


class AccountRatio(Told):
    """A part of all of the set's goods, with both amounts."""

    ratio: Literal["accounted", "recoverable"]
    part: Amount
    of: Amount
    value: Amount | None


class Account(Told):
    """Where all goods of the set are: the buckets add up to `start`. `gross`: how much goods must be recalled."""

    unit: Code
    start: Amount
    gross: Amount
    buckets: list[Bucket]
    ratios: list[AccountRatio]
    rows: list[AccountRow]
    flows: list[Flow]
    yields: list[Yield]
    apart: list[Apart]


class MetricTold(BaseModel):
    """One metric: the rows by `by`, volumes in `unit`, and figures of all rows together, which depend on the metric."""

    model_config = ConfigDict(extra="allow")

    metric: str
    by: str
    unit: Code | None
    row_count: Count = Field(description="How many rows there are; `limit` may cut what is listed")
    rows: list[dict[str, Any]]
