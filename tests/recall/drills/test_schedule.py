"""When the next drill is due, by plans and by drills that were held."""

from __future__ import annotations

import pytest

from tracegraph.model.instants import instant_text, parse_instant
from tracegraph.model.record import StoredRecord
from tracegraph.model.record_kinds import record_of
from tracegraph.recall.case import CaseFile, Move
from tracegraph.recall.drills import Drill, Plan, standings
from tracegraph.recall.drills.schedule import later, plan_of

SITE, PRODUCT = "https://id.gs1.org/414/9521000000013", "https://id.gs1.org/01/09521000123458"


def at(text: str) -> int:
    return parse_instant(text, "time")


def held(case: str, when: str | None, site: str = SITE, product: str = PRODUCT) -> Drill:
    """A drill that was reconciled then (None: not yet)."""
    opened = Move(case, 1, "open", "open", 0, 1, "", "admin", "", "", {"type": "drill", "products": [product]})
    stamps = {"start": 0} | ({} if when is None else {"reconciled": at(when)})
    return Drill(CaseFile(case, (opened,)), stamps, {"sites": [site]})


@pytest.mark.parametrize(
    ("begin", "months", "end"),
    [
        ("2026-01-31T10:00:00Z", 1, "2026-02-28T10:00:00Z"),
        ("2024-01-31T10:00:00Z", 1, "2024-02-29T10:00:00Z"),
        ("2026-08-31T23:59:59Z", 6, "2027-02-28T23:59:59Z"),
        ("2026-12-15T00:00:00Z", 12, "2027-12-15T00:00:00Z"),
        ("2026-12-01T00:00:00.000001Z", 24, "2028-12-01T00:00:00.000001Z"),
    ],
)
def test_calendar_months(begin: str, months: int, end: str) -> None:
    assert instant_text(later(at(begin), months)) == end


def test_the_last_drill_counts_and_only_one_that_is_over() -> None:
    plan = Plan("yearly", 12, at("2025-06-01"), SITE)
    drills = [held("R2", "2026-02-01"), held("R3", "2025-03-01"), held("R4", None), held("R5", "2026-05-01", "other")]
    (found,) = standings([plan], drills, at("2027-02-01"))
    assert found.last is not None
    assert (found.last.case.id, instant_text(found.due), found.overdue) == ("R2", "2027-02-01T00:00:00Z", False)
    (found,) = standings([plan], drills, at("2027-02-01T00:00:01Z"))
    assert found.overdue


def test_a_plan_may_be_of_a_product_at_a_site() -> None:
    both = Plan("both", 6, at("2026-01-01"), SITE, PRODUCT)
    assert both.meets(held("R1", "2026-01-01"))
    assert not both.meets(held("R1", "2026-01-01", product="other"))
    assert not both.meets(held("R1", "2026-01-01", site="other"))
    assert Plan("product", 6, 0, None, PRODUCT).meets(held("R1", "2026-01-01", site="other"))


def test_without_a_drill_the_first_is_due_when_the_plan_says_or_an_interval_later() -> None:
    def plan(**row: str) -> Plan:
        record = record_of("drill_plan", {"plan": "p", "site": SITE, **row})
        return plan_of(StoredRecord(record, 1, at("2026-01-31"), ""))

    assert instant_text(plan(months="1").begins) == "2026-02-28T00:00:00Z"
    assert instant_text(plan(months="6").begins) == "2026-07-31T00:00:00Z"
    assert plan().months == 12
    begun = plan(**{"from": "2026-03-01", "targets": "brcgs_4h; weighed"})
    assert (instant_text(begun.begins), begun.targets) == ("2026-03-01T00:00:00Z", ("brcgs_4h", "weighed"))
    (found,) = standings([begun], [], at("2026-03-02"))
    assert (found.last, found.overdue) == (None, True)


def test_the_most_urgent_comes_first() -> None:
    told = [Plan("b", 1, 20), Plan("a", 1, 20), Plan("c", 1, 10)]
    assert [one.plan.name for one in standings(told, [], 15)] == ["c", "a", "b"]
    assert [one.overdue for one in standings(told, [], 15)] == [True, False, False]
