"""Which metric is asked for, and how it is to be cut."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Literal, get_args

from tracegraph.errors import UsageError
from tracegraph.model.instants import Moment
from tracegraph.model.measures import measures
from tracegraph.trace.question import Question, ask

Period = Literal["all", "year", "quarter", "month"]
PERIODS: tuple[Period, ...] = get_args(Period)
_BEGIN = datetime(1970, 1, 1, tzinfo=UTC)


class Metric(StrEnum):
    """The metrics that there are."""

    DOMINATORS = "dominators"
    CONCENTRATION = "concentration"
    DEPTH = "depth"
    REACH = "reach"
    DISPERSION = "dispersion"
    COMPLETENESS = "completeness"
    QUALITY = "quality"
    WEAK_POINTS = "weak_points"
    SMALLEST_CUT = "smallest_cut"
    FAN = "fan"
    DWELL = "dwell"
    CRITICAL_POINTS = "critical_points"
    YIELDS = "yields"


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
    period: Period = "all"
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
        if self.period != "all":
            said["period"] = self.period
        return said if self.limit is None else said | {"limit": self.limit}


def choose(
    metric: str, by: str | None = None, measure: str | None = None, period: str = "all", limit: int | None = None
) -> Choice:
    """A choice from what a person writes; raises UsageError with what to write instead."""
    try:
        wanted = Metric(metric)
    except ValueError:
        raise UsageError(f"there is no metric {metric!r}; choose one of {', '.join(Metric)}") from None
    for known in PERIODS:
        if period == known:
            return Choice(wanted, by or "", measure, known, limit)
    raise UsageError(f"period is {period!r}; choose one of {', '.join(PERIODS)}")


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
    names: dict[Period, Callable[[], str]] = {
        "all": lambda: "",
        "year": lambda: f"{day.year:04}",
        "quarter": lambda: f"{day.year:04}-Q{(day.month + 2) // 3}",
        "month": lambda: f"{day.year:04}-{day.month:02}",
    }
    return names[period]()
