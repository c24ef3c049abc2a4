"""What is due in a case, to the microsecond, and what met it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.recall.cases import at, case_of
from tracegraph.errors import InputError, InvalidField
from tracegraph.recall.case import CaseFile
from tracegraph.recall.case.actions import action_data
from tracegraph.recall.deadlines import Due, due, next_due, regimes

Json = dict[str, Any]


def only(case: CaseFile, deadline: str, now: str = "2025-01-20") -> Due:
    (found,) = [one for one in due(case, at(now)) if one.deadline.id == deadline]
    return found


def told(case: CaseFile, deadline: str, now: str) -> list[tuple[str | None, str]]:
    """When each was due, and how it stands."""
    rows = [one.to_dict() for one in due(case, at(now)) if one.deadline.id == deadline]
    return [(row["due"], row["standing"]) for row in rows]


def food(recall_class: str = "", *moves: Any) -> CaseFile:
    facts = {"class": recall_class} if recall_class else {}
    opened = ("2025-01-24T02:00:00Z", "open")
    return case_of(opened, *moves, regime="cn-food", discovered="2025-01-24T01:30:00Z", **facts)


@pytest.mark.parametrize(
    ("recall_class", "start", "finish"),
    [
        ("1", "2025-01-25T01:30:00Z", "2025-02-13T15:59:59.999999Z"),
        ("2", "2025-01-26T01:30:00Z", "2025-02-27T15:59:59.999999Z"),
        ("3", "2025-01-27T01:30:00Z", "2025-03-13T15:59:59.999999Z"),
    ],
)
def test_china_food_by_class(recall_class: str, start: str, finish: str) -> None:
    """24, 48 and 72 hours after it was known; 10, 20 and 30 working days after the notice of 24 January, over the
    spring festival, until the end of the day in Shanghai."""
    case = food(recall_class, ("2025-01-24T10:00:00Z", "sent", {"sent": "2025-01-24"}))
    assert only(case, "start").to_dict()["due"] == start
    found = only(case, "finish")
    assert found.to_dict()["due"] == finish
    assert (found.holidays, found.recall_class, found.assumed) == ("CN", recall_class, False)


def test_one_microsecond_makes_it_overdue() -> None:
    case = food("1")
    last = at("2025-01-25T01:30:00Z")
    assert [one.standing for one in due(case, last) if one.deadline.id == "start"] == ["open"]
    assert [one.standing for one in due(case, last + 1) if one.deadline.id == "start"] == ["overdue"]


@pytest.mark.parametrize(
    ("approved", "standing"), [("2025-01-25T01:30:00Z", "met"), ("2025-01-25T01:30:00.000001Z", "late")]
)
def test_one_microsecond_makes_it_late(approved: str, standing: str) -> None:
    case = food("1", ("2025-01-24T03:00:00Z", "scope"), (approved, "approve"))
    found = only(case, "start", "2025-03-01")
    assert (found.standing, found.met, found.move) == (standing, at(approved), 3)


def test_a_day_without_an_hour_is_neither_met_nor_late() -> None:
    facts = {"regime": "cn-food", "class": "1", "discovered": "2025-01-24T01:30:00Z"}
    opened = ("2025-01-26T02:00:00Z", "open")
    days = ("2025-01-24", "2025-01-25", "2025-01-26")
    rows = {day: only(case_of(opened, **facts, notified_authority=day), "plan").to_dict() for day in days}
    assert [row["met"] for row in rows.values()] == [*days]
    assert {day: row["standing"] for day, row in rows.items()} == {
        "2025-01-24": "met",
        "2025-01-25": "unclear",
        "2025-01-26": "late",
    }


def test_a_day_of_discovery_counts_from_its_first_instant_there() -> None:
    case = case_of(("2025-01-26T02:00:00Z", "open"), regime="cn-food", discovered="2025-01-24", **{"class": "1"})
    assert only(case, "start").to_dict()["due"] == "2025-01-24T16:00:00Z"


def test_an_undecided_class_has_the_shortest_time() -> None:
    found = only(food(), "start")
    assert (found.to_dict()["due"], found.assumed) == ("2025-01-25T01:30:00Z", True)
    later = food("", ("2025-01-24T03:00:00Z", "assess", {"class": "3"}))
    assert only(later, "start").to_dict()["due"] == "2025-01-27T01:30:00Z"


def test_what_waits_for_a_moment_says_for_which() -> None:
    found = only(food("1"), "finish")
    assert (found.standing, found.counted_from, found.due) == ("waiting", "sent.sent", None)


def test_reports_come_again_until_the_case_ends() -> None:
    moves: list[Any] = [
        ("2026-03-01T10:00:00Z", "open"),
        ("2026-03-02T10:00:00Z", "approve"),
        ("2026-03-10T10:00:00Z", "status"),
        ("2026-03-30T10:00:00Z", "status"),
    ]
    formula = {"regime": "us-infant-formula"}
    first = [("2026-03-17T03:59:59.999999Z", "met"), ("2026-03-25T03:59:59.999999Z", "late")]
    case = case_of(*moves, **formula)
    assert told(case, "status", "2026-04-01") == [*first, ("2026-04-14T03:59:59.999999Z", "open")]
    assert told(case, "status", "2026-05-01") == [*first, ("2026-04-14T03:59:59.999999Z", "overdue")]
    ended = case_of(*moves, ("2026-04-02T10:00:00Z", "terminate"), **formula)
    assert told(ended, "status", "2026-05-01")[2:] == [("2026-04-14T03:59:59.999999Z", "ended")]
    missed = case_of(*moves, ("2026-04-20T10:00:00Z", "terminate"), **formula)
    assert told(missed, "status", "2026-05-01")[2:] == [("2026-04-14T03:59:59.999999Z", "missed")]
    last = case_of(*moves, ("2026-04-02T10:00:00Z", "terminate"), ("2026-04-03T10:00:00Z", "status"), **formula)
    assert told(last, "status", "2026-05-01")[2:] == [("2026-04-14T03:59:59.999999Z", "met")]


def test_fourteen_days_are_days_there_whatever_the_clocks_do() -> None:
    """The clocks of New York go forward on 8 March 2026: the last hour of the day is another in UTC."""
    before = case_of(("2026-02-01T10:00:00Z", "open"), ("2026-02-02T10:00:00Z", "approve"), regime="us-fda")
    over = case_of(("2026-03-01T10:00:00Z", "open"), ("2026-03-02T10:00:00Z", "approve"), regime="us-fda")
    assert told(before, "status", "2026-02-03") == [("2026-02-17T04:59:59.999999Z", "open")]
    assert told(over, "status", "2026-03-03") == [("2026-03-17T03:59:59.999999Z", "open")]


def test_hours_are_hours_whatever_the_clocks_do() -> None:
    case = case_of(("2026-03-07T20:00:00Z", "open"), ("2026-03-07T21:00:00Z", "approve"), regime="us-infant-formula")
    assert only(case, "telephone").to_dict()["due"] == "2026-03-08T21:00:00Z"


def test_the_next_report_is_the_first_of_all_regimes() -> None:
    case = case_of(
        ("2026-03-01T10:00:00Z", "open"),
        ("2026-03-02T10:00:00Z", "approve"),
        regime="us-fda; cn-drugs-2007;us-fda",
        **{"class": "3"},
    )
    found = due(case, at("2026-03-04"))
    report, first = next_due(found, reports_only=True), next_due(found)
    assert report is not None
    assert first is not None
    assert (report.regime.id, report.deadline.id, report.number) == ("cn-drugs-2007", "plan", 1)
    assert (first.regime.id, first.deadline.id, first.standing) == ("us-fda", "authority", "open")
    assert len([one for one in found if one.regime.id == "us-fda"]) == 3
    assert next_due([]) is None


def test_what_is_due_at_once_is_never_called_late() -> None:
    moves = [("2026-03-01T10:00:00Z", "open"), ("2026-03-02T10:00:00Z", "approve")]
    case = case_of(*moves, ("2026-03-05T10:00:00Z", "sent", {"sent": "2026-03-05T09:00:00Z"}), regime="us-fda")
    assert told(case, "notices", "2026-03-06") == [("2026-03-02T10:00:00Z", "met")]
    assert told(case_of(*moves, regime="us-fda"), "notices", "2026-03-06") == [("2026-03-02T10:00:00Z", "open")]


def test_a_drill_counts_from_the_notices_that_it_prepared() -> None:
    moves = [("2025-01-24T02:00:00Z", "open"), ("2025-01-24T08:00:00Z", "notices")]
    case = case_of(*moves, regime="cn-food", type="drill", **{"class": "1"})
    assert only(case, "finish").to_dict()["due"] == "2025-02-13T15:59:59.999999Z"


def test_days_off_of_the_case_and_of_whoever_asks() -> None:
    facts = {"regime": "brcgs-food", "country": "GB-ENG"}
    moves = [("2026-04-01T10:00:00Z", "open"), ("2026-04-02T10:00:00Z", "approve")]
    plain = case_of(*moves, **facts)
    assert only(plain, "certifier").to_dict()["due"] == "2026-04-09T22:59:59.999999Z"
    own = case_of(*moves, **facts, days_off="2026-04-08; 2026-04-09")
    assert only(own, "certifier").to_dict()["due"] == "2026-04-13T22:59:59.999999Z"


@pytest.mark.parametrize(
    ("field", "text"), [("days_off", "9 April"), ("days_off", "2026-02-30"), ("country", "XX"), ("country", "DE-XX")]
)
def test_a_case_names_days_and_countries_that_there_are(field: str, text: str) -> None:
    with pytest.raises(InvalidField, match=text) as refused:
        action_data("assess", {field: text})
    assert refused.value.field == field
    good = {"days_off": "2026-04-08;2026-04-09", "country": "DE-BY"}
    assert action_data("assess", good) == good


def test_no_regime_no_deadlines_and_an_unknown_one_is_said() -> None:
    assert due(case_of(("2026-03-01T10:00:00Z", "open")), 0) == []
    rows = due(case_of(("2026-03-01T10:00:00Z", "open"), regime="sqf;atlantis"), at("2026-04-01"))
    assert [(one.regime.id, one.deadline.id, one.standing) for one in rows] == [
        ("atlantis", "not_configured", "waiting"),
        ("sqf", "certifier", "waiting"),
    ]
    assert next_due(rows) is None


def test_every_row_says_from_where_it_is_configured() -> None:
    """And in both languages what is due; only what was looked at is called verified."""
    for regime in regimes().values():
        for one in regime.deadlines:
            assert one.source
            assert set(one.name) == set(regime.name) == {"en", "zh"}
    verified = {name for name, regime in regimes().items() if all(one.verified for one in regime.deadlines)}
    assert verified == {"us-infant-formula", "cn-drugs-2007"}
    row = only(food("1"), "finish").to_dict("zh")
    assert (row["name"], row["verified"], row["source_date"]) == ("完成召回", False, "2023-10-09")
    assert row["configured_from"].startswith("食品召回管理办法")


OWN = {
    "regimes": {
        "house": {
            "name": {"en": "House rule", "zh": "内部规定"},
            "source": "handbook",
            "date": "2026-01-01",
            "verified": True,
            "zone": "UTC",
            "country": None,
            "deadlines": [
                {"id": "x", "name": {"en": "X", "zh": "X"}, "from": ["class"], "hours": 2, "met_by": ["note"]}
            ],
        }
    }
}


def test_a_table_of_ones_own(tmp_path: Path) -> None:
    file = tmp_path / "own.json"
    file.write_text(json.dumps(OWN), encoding="utf-8")
    case = case_of(
        ("2026-03-01T10:00:00Z", "open"),
        ("2026-03-01T11:00:00Z", "assess", {"class": "2"}),
        ("2026-03-01T12:00:00Z", "assess", {"class": "1"}),
        ("2026-03-01T13:00:00Z", "assess", {"class": "1", "hazard": "glass"}),
        ("2026-03-01T13:30:00Z", "note"),
        regime="house",
    )
    (found,) = due(case, at("2026-03-02"), regimes(file))
    assert (found.since, found.due, found.standing) == (at("2026-03-01T12:00Z"), at("2026-03-01T14:00Z"), "met")
    assert found.to_dict()["configured_from"] == "handbook"


@pytest.mark.parametrize(
    "change",
    [
        {"hours": 0},
        {"hours": True, "days": 2},
        {"hours": None},
        {"hours": "2"},
        {"from": ["nothing"]},
        {"from": ["sent.nothing"]},
        {"from": ["fact:nothing"]},
        {"from": []},
        {"met_by": []},
        {"colour": "red"},
    ],
)
def test_a_table_that_is_none_is_refused(tmp_path: Path, change: Json) -> None:
    table = json.loads(json.dumps(OWN))
    table["regimes"]["house"]["deadlines"][0] |= change
    file = tmp_path / "own.json"
    file.write_text(json.dumps(table), encoding="utf-8")
    with pytest.raises(InputError, match=r"own\.json"):
        regimes(file)


def test_no_table_at_all(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        regimes(tmp_path / "nowhere.json")
    (tmp_path / "list.json").write_text("[]", encoding="utf-8")
    with pytest.raises(InputError, match="no table of regimes"):
        regimes(tmp_path / "list.json")
