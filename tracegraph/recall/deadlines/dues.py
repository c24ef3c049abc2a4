"""What is due in a case and by when: each deadline of its regimes, from which moment it counts, and what met it.

Source of the tables: recall practice as told in each regime's own source; every row says from where it is configured.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from tracegraph.messages import Language
from tracegraph.model.instants import MINUTE, optional_text
from tracegraph.model.values import value
from tracegraph.recall.deadlines.calendar import WorkingDays, day_of, days_of, end_of, zone_of
from tracegraph.recall.deadlines.moments import Moment, first_moment, moments
from tracegraph.recall.deadlines.regimes import Deadline, Regime, case_regimes, regimes
from tracegraph.trace.envelope import Json

if TYPE_CHECKING:
    from tracegraph.recall.case.casefile import CaseFile

HOUR = 60 * MINUTE

Standing = Literal["waiting", "open", "overdue", "met", "late", "unclear", "ended", "missed"]


@value
class Due:
    """One thing due. `number`: the how manyth of those that come again, from 1.

    `counted_from`: the moment from which it counts, with `since`, its instant (None: not yet known); `due`: the last
    instant in time. `standing`: `waiting` for that moment; `open`; `overdue`; `met`; `late`; `unclear` (met on a day of
    which the hour is not recorded); `ended` (nothing is due any more); `missed` (so, but it was due before). `met`: the
    instant of what met it, the last one where only the `met_day` is known, and `move` its move. `recall_class`: the
    class that it was counted for (empty: it is the same for all); `assumed`: the class is not decided, and the
    shortest time taken. `holidays`: the country whose holidays counted."""

    regime: Regime
    deadline: Deadline
    number: int
    counted_from: str
    since: int | None
    due: int | None
    standing: Standing
    met: int | None
    met_day: str | None
    move: int | None
    recall_class: str
    assumed: bool
    holidays: str | None

    def to_dict(self, language: Language = "en") -> Json:
        """As answers give it."""
        return {
            "regime": self.regime.id,
            "regime_name": self.regime.name[language],
            "deadline": self.deadline.id,
            "name": self.deadline.name[language],
            "number": self.number,
            "report": self.deadline.report,
            "counted_from": self.counted_from,
            "since": optional_text(self.since),
            "due": optional_text(self.due),
            "standing": self.standing,
            "overdue": self.standing == "overdue",
            "met": self.met_day or optional_text(self.met),
            "move": self.move,
            "class": self.recall_class or None,
            "class_assumed": self.assumed,
            "holidays": self.holidays,
            "configured_from": self.deadline.source,
            "source_date": self.deadline.date or None,
            "verified": self.deadline.verified,
        }


def due(
    case: CaseFile, now: int, table: Mapping[str, Regime] | None = None, days_off: Collection[date] = ()
) -> list[Due]:
    """All that is, was or will be due in a case at the instant `now`, by time, what waits for a moment last.

    `table`: regimes (None: those that come with tracegraph); `days_off`: of whoever has to act, beside those that the
    case names. A regime that is not configured is one row that says so, and waits for ever. Raises UsageError for a
    country or a time zone that is not known.
    """
    known = regimes() if table is None else table
    facts = case.facts
    off = {*days_off, *days_of(str(facts.get("days_off") or ""))}
    found: list[Due] = []
    for regime in case_regimes(str(facts.get("regime") or ""), known):
        calendar = WorkingDays(regime.country or str(facts.get("country") or "").strip() or None, off)
        found += [one for deadline in regime.deadlines for one in _Counting(case, now, regime, deadline, calendar).dues]
    return sorted(found, key=lambda one: (one.due is None, one.due or 0, one.regime.id, one.deadline.id, one.number))


def next_due(dues: Iterable[Due], reports_only: bool = False) -> Due | None:
    """What is to be done first of what is not done yet, overdue or not; `reports_only`: the next report."""
    left = [one for one in dues if one.standing in ("open", "overdue") and (one.deadline.report or not reports_only)]
    return min(left, key=lambda one: one.due or 0, default=None)


class _Counting:
    """One deadline of a case."""

    def __init__(self, case: CaseFile, now: int, regime: Regime, deadline: Deadline, calendar: WorkingDays) -> None:
        self.case, self.now, self.regime, self.deadline, self.calendar = case, now, regime, deadline, calendar
        self.zone: ZoneInfo = zone_of(regime.zone)
        self.class_ = str(case.facts.get("class") or "") if deadline.depends_on_class() else ""
        self.begun = first_moment(case, deadline.begins, self.zone) or (deadline.begins[0], None)

    @property
    def dues(self) -> Iterator[Due]:
        """The deadline, or each time that it came again."""
        name, begun = self.begun
        if begun is None:
            yield self._due(1, name, None, None, "waiting" if self._ended() is None else "ended", None)
            return
        meeting = self._meeting(begun)
        if not self.deadline.every:
            yield self._counted(1, name, begun, meeting[0] if meeting else None)
            return
        for number, met in enumerate(meeting, 1):
            yield self._counted(number, name, begun, met)
            name, begun = self.deadline.met_by[0], met
        ended = self._ended()
        if not meeting or ended is None or ended > meeting[-1].last:
            yield self._counted(len(meeting) + 1, name, begun, None)

    def _meeting(self, begun: Moment) -> list[Moment]:
        """What met it, first things first: what comes again counts from its begin only."""
        found = [one for name in self.deadline.met_by for one in moments(self.case, name, self.zone)]
        found.sort(key=lambda one: (one.last, one.move))
        return [one for one in found if one.last >= begun.first] if self.deadline.every else found

    def _counted(self, number: int, name: str, begun: Moment, met: Moment | None) -> Due:
        last = self._last(begun)
        return self._due(number, name, begun.first, last, self._standing(last, met), met)

    def _last(self, begun: Moment) -> int:
        """The last instant in time."""
        deadline = self.deadline
        if deadline.counted == "at_once":
            return begun.last
        count = deadline.time_of(self.class_)
        if deadline.counted == "hours":
            return begun.first + count * HOUR
        day = day_of(begun.first, self.zone)
        if deadline.counted == "working_days":
            return end_of(self.calendar.after(day, count), self.zone)
        return end_of(date.fromordinal(day.toordinal() + count), self.zone)

    def _standing(self, last: int, met: Moment | None) -> Standing:
        judged = self.deadline.counted != "at_once"
        if met is not None:
            return "met" if met.last <= last or not judged else "late" if met.first > last else "unclear"
        ended = self._ended()
        if ended is not None:
            return "ended" if ended <= last or not judged else "missed"
        return "overdue" if self.now > last and judged else "open"

    def _ended(self) -> int | None:
        """The instant from which it is not due any more."""
        ends = [one for name in {"cancel", *self.deadline.until} for one in moments(self.case, name, self.zone)]
        return min((one.first for one in ends), default=None)

    def _due(
        self, number: int, name: str, since: int | None, last: int | None, standing: Standing, met: Moment | None
    ) -> Due:
        class_matters = self.deadline.depends_on_class()
        return Due(
            self.regime,
            self.deadline,
            number,
            name,
            since,
            last,
            standing,
            None if met is None else met.last,
            None if met is None or met.first == met.last else day_of(met.first, self.zone).isoformat(),
            None if met is None else met.move,
            self.class_,
            class_matters and not self.class_,
            self.calendar.country if self.deadline.counted == "working_days" else None,
        )
