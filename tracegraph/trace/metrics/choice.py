"""Which metric is asked for, and how it is to be cut."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from tracegraph.errors import UsageError
from tracegraph.model.instants import Moment
from tracegraph.model.measures import measures
from tracegraph.model.metrics import Metric, Period
from tracegraph.trace.question import Question, ask

Name = TypeVar("Name", Metric, Period)
_BEGIN = datetime(1970, 1, 1, tzinfo=UTC)

#: By what the rows of each metric can be; the first is what is meant where nothing is said.
BY: dict[Metric, tuple[str, ...]] = {
    Metric.DOMINATORS: ("site", "party", "unit", "product"),
    Metric.CONCENTRATION: ("supplier", "customer", "origin"),
    Metric.DEPTH: ("product", "unit"),
    Metric.REACH: ("unit", "party", "site", "product"),
    Metric.DISPERSION: ("unit",),
    Metric.COMPLETENESS: ("product", "unit"),
    Metric.QUALITY: ("party",),
    Metric.WEAK_POINTS: ("site", "party"),
    Metric.SMALLEST_CUT: ("product", "country"),
    Metric.FAN: ("party", "site", "unit", "container"),
    Metric.DWELL: ("site", "party", "product"),
    Metric.CRITICAL_POINTS: ("site", "party", "node"),
    Metric.YIELDS: ("product", "site"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One metric. `by`: what a row is of (empty: the first of `BY`); `measure`: the unit of measure of volumes (None:
    the one most used); `period`: rows for each, by when goods left or were made; `limit`: so many rows at most."""

    metric: Metric
    by: str = ""
    measure: str | None = None
    period: Period = Period.ALL
    limit: int | None = None

    def __post_init__(self) -> None:
        if self.by and self.by not in BY[self.metric]:
            raise UsageError(f"{self.metric} by {self.by!r} is not offered; choose one of {', '.join(BY[self.metric])}")
        if self.measure is not None and self.measure not in measures():
            raise UsageError(f"measure {self.measure!r} is not known; give a code such as KGM, LTR or TNE")
        if self.limit is not None and self.limit < 1:
            raise UsageError(f"limit is {self.limit}; give at least 1, or leave it out for all rows")

    def direction(self, asked: str | None) -> str:
        """Where starts are followed to: what is said of origins looks back, and what is said of suppliers does where
        nothing is asked; everything else looks ahead. Raises UsageError where the two do not go together."""
        origins = self.metric is Metric.DEPTH or self.rows_by == "origin"
        if origins and asked not in (None, "backward"):
            raise UsageError(f"{self.metric} of origins looks backward; leave out direction {asked}")
        if asked is not None:
            return asked
        return "backward" if origins or self.rows_by == "supplier" else "forward"

    @property
    def rows_by(self) -> str:
        """What a row is of."""
        return self.by or BY[self.metric][0]

    def to_dict(self) -> dict[str, str | int]:
        """As it stands in the question."""
        said: dict[str, str | int] = {"metric": self.metric.value, "by": self.rows_by}
        if self.measure is not None:
            said["measure"] = self.measure
        if self.period is not Period.ALL:
            said["period"] = self.period.value
        return said if self.limit is None else said | {"limit": self.limit}


def choose(
    metric: str, by: str | None = None, measure: str | None = None, period: str = "all", limit: int | None = None
) -> Choice:
    """A choice from what a person writes; raises UsageError with what to write instead."""
    return Choice(_named(Metric, metric, "metric"), by or "", measure, _named(Period, period, "period"), limit)


def _named(kind: type[Name], text: str, what: str) -> Name:
    try:
        return kind(text)
    except ValueError:
        raise UsageError(f"{what} is {text!r}; choose one of {', '.join(kind)}") from None


def question_of(
    choice: Choice,
    *starts: str,
    direction: str | None = None,
    certainty: str = "possible",
    as_of: Moment | None = None,
) -> Question:
    """The question of a metric about what the starts reach, or about everything."""
    return ask(*starts, kind="metrics", direction=choice.direction(direction), certainty=certainty, as_of=as_of)


def period_of(instant: int, period: Period) -> str:
    """`2011`, `2011-Q2` or `2011-05`, in UTC; empty where all time is one."""
    day = _BEGIN + timedelta(microseconds=instant)
    match period:
        case Period.ALL:
            return ""
        case Period.YEAR:
            return f"{day.year:04}"
        case Period.QUARTER:
            return f"{day.year:04}-Q{(day.month + 2) // 3}"
        case Period.MONTH:
            return f"{day.year:04}-{day.month:02}"
