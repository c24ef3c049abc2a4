"""Which drills are due: plans as records (kind `drill_plan`), and the drills that were held by them."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from tracegraph.model.instants import EPOCH, MICROSECOND, instant_of, optional_text, parse_instant
from tracegraph.model.record import StoredRecord
from tracegraph.model.values import value
from tracegraph.recall.drills.drill import Drill
from tracegraph.trace.envelope import Json
from tracegraph.trace.snapshot import Snapshot

PLAN = "drill_plan"


@value
class Plan:
    """A drill every so many months: about a product, about a lot that was at a site, or both. `begins`: when the first
    one is due."""

    name: str
    months: int
    begins: int
    site: str | None = None
    product: str | None = None
    targets: tuple[str, ...] = ()

    def meets(self, drill: Drill) -> bool:
        """Whether that drill was one of these."""
        of_site = self.site is None or self.site in drill.sites
        return of_site and (self.product is None or self.product in drill.products)


@value
class Standing:
    """A plan at an instant: the last drill that was held by it (None: there was none), and by when the next is due."""

    plan: Plan
    last: Drill | None
    due: int
    overdue: bool

    def to_dict(self) -> Json:
        """As answers have it."""
        return {
            "plan": self.plan.name,
            "site": self.plan.site,
            "product": self.plan.product,
            "months": self.plan.months,
            "last": None if self.last is None else self.last.case.id,
            "last_at": None if self.last is None else optional_text(self.last.done),
            "passed": None if self.last is None else self.last.passed,
            "due": optional_text(self.due),
            "overdue": self.overdue,
        }


def plans(snapshot: Snapshot) -> list[Plan]:
    """The plans on record, by name."""
    return sorted((plan_of(stored) for stored in snapshot.records(PLAN)), key=lambda plan: plan.name)


def plan_of(stored: StoredRecord) -> Plan:
    """The plan that a record states; without a begin the first drill is due one interval after it was recorded."""
    data = stored.record.data
    months = int(data["months"])
    begins = parse_instant(data["from"], "from") if "from" in data else later(stored.recorded_at, months)
    named = (one.strip() for one in str(data.get("targets", "")).split(";"))
    return Plan(
        str(data["plan"]), months, begins, data.get("site"), data.get("product"), tuple(one for one in named if one)
    )


def standings(known: Iterable[Plan], drills: Sequence[Drill], now: int) -> list[Standing]:
    """How each plan stands at an instant, the most urgent first."""
    found = [_standing(plan, drills, now) for plan in known]
    return sorted(found, key=lambda one: (one.due, one.plan.name))


def _standing(plan: Plan, drills: Sequence[Drill], now: int) -> Standing:
    held = [(one.done, one.case.id, one) for one in drills if one.done is not None and plan.meets(one)]
    done, _, last = max(held, key=lambda one: one[:2], default=(None, "", None))
    due = plan.begins if done is None else later(done, plan.months)
    return Standing(plan, last, due, due < now)


def later(instant: int, months: int) -> int:
    """So many calendar months later (UTC); where the month is too short, on its last day."""
    then = (EPOCH + instant * MICROSECOND).astimezone(UTC)
    years, month = divmod(then.month - 1 + months, 12)
    day = min(then.day, monthrange(then.year + years, month + 1)[1])
    return instant_of(datetime.combine(then.date().replace(then.year + years, month + 1, day), then.timetz()))
