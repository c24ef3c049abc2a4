"""`tracegraph drill`: held, shown again, planned, overdue."""

from __future__ import annotations

import pytest

from tests.commands.conftest import LOT, LOT_KEY, PLANT, Run
from tracegraph import Tracegraph, drilling
from tracegraph.model.instants import parse_instant
from tracegraph.recall.case import case_file

PRODUCT = LOT_KEY.partition("/10/")[0]


def test_a_drill_and_the_same_again_from_its_case(captured: Run) -> None:
    result = captured("drill", "run", LOT, "--reason", "yearly", "--as", "auditor")
    assert result.status == 0
    for part in (
        f"Drill R20{result.text[9:11]}-0001 on {LOT_KEY}: every target reached",
        "DRILL: nothing is wrong with these goods, and nothing can be sent.",
        "- Amount in question: 100 kg",
        "- Amount found: 100 kg",
        "- Found: 100 %",
        "- Sum: 100 kg of 100 kg",
        "- Forward: 2 units",
        "- Backward: 1 unit",
        "implicated 1, affected 1",
    ):
        assert part in result.text
    case = result.text.split()[1]
    told = captured("drill", "show", case, "--format", "json").json["result"]["drill"]
    assert told["passed"] is True
    assert [one["target"] for one in told["targets"]] == [
        "brcgs_4h", "customer_2h", "authority_24h", "fsma_24h", "weighed",
    ]  # fmt: skip
    assert set(told["stamps"]) == {"start", "first_answer", "complete_scope", "reconciled"}
    assert f"演练 {case}（{LOT_KEY}）：全部目标达成" in captured("drill", "show", case, "--lang", "zh").text


def test_a_missed_target_is_the_exit_status(captured: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock goes on by an hour, then by two, each time that somebody looks; three looks make the account."""
    for hours, status, words in ((1, 0, "every target reached"), (2, 1, "a target was missed")):
        begin = parse_instant(f"{2100 + hours}-01-01", "now")
        times = iter(range(begin, 2**62, hours * 3_600_000_000))
        monkeypatch.setattr(drilling, "now", times.__next__)
        result = captured("drill", "run", LOT, "--targets", "brcgs_4h,weighed", "--case", f"D{hours}")
        assert result.status == status
        assert words in result.text


def test_a_lot_is_drawn_or_named(captured: Run) -> None:
    one, again = (captured("drill", "run", "--random", "--seed", "5", "--format", "json").json for _ in range(2))
    assert one["question"]["picked"] == again["question"]["picked"]
    assert one["result"]["drill"]["unit"] == again["result"]["drill"]["unit"]
    by_product = captured("drill", "run", "--random", "--product", PRODUCT, "--format", "json").json
    assert by_product["question"]["start"] == [{"unit": LOT_KEY}]
    for arguments in ([], [LOT, "--random"], [LOT, "--seed", "1"]):
        refused = captured("drill", "run", *arguments)
        assert refused.status == 2
        assert "name a unit, or give --random" in refused.sentence
    unknown = captured("drill", "run", "urn:epc:class:lgtin:9521000.012345.NONE")
    assert unknown.status == 3


def test_plans_and_what_is_overdue(captured: Run) -> None:
    assert "No drills are planned" in captured("drill", "schedule").text
    assert captured("drill", "overdue").status == 0
    for plan, about in (("hall", f"site={PLANT}"), ("bread", f"product={PRODUCT}")):
        done = captured("record", "drill_plan", f"plan={plan}", "months=6", "from=2020-01-01", about, "--reason", "SQF")
        assert done.status == 0, done.err
    overdue = captured("drill", "overdue", "--format", "json")
    assert overdue.status == 1
    assert [one["plan"] for one in overdue.json["result"]["plans"]] == ["bread", "hall"]
    captured("drill", "run", LOT)
    assert captured("drill", "overdue").status == 0
    told = captured("drill", "schedule", "--format", "json").json["result"]["plans"]
    assert [(one["plan"], one["passed"], one["overdue"]) for one in told] == [
        ("bread", True, False),
        ("hall", True, False),
    ]
    assert "in time" in captured("drill", "schedule").text


def test_people_may_hold_one(captured: Run) -> None:
    case = captured("drill", "run", LOT, "--keep-open").text.split()[1]
    assert captured("drill", "finish", case).status == 0
    assert captured("drill", "show", "R1999-0001").status == 3


def test_the_same_from_python(captured: Run) -> None:
    with Tracegraph.open("sqlite:///tracegraph.db") as graph:
        held = graph.drill(LOT, reason="yearly", actor="auditor").to_dict()
        case = held["result"]["drill"]["case"]
        assert graph.drill_show(case).to_dict() == captured("drill", "show", case, "--format", "json").json
        assert graph.drill_show(case).to_dict()["result"] == held["result"]
        assert case_file(graph.store, case).opened.actor == "auditor"
        drawn = graph.drill(seed=5).question["picked"]
        assert (
            drawn == captured("drill", "run", "--random", "--seed", "5", "--format", "json").json["question"]["picked"]
        )
        assert graph.drill_schedule(on="2030-01-01").to_dict()["result"] == {"plans": []}
