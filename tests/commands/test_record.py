"""`tracegraph record`: any kind of record by hand, and what becomes of it in the ledger."""

from __future__ import annotations

import pytest

from tests.commands.conftest import LOT, LOT_KEY, PLANT, Run
from tracegraph import Tracegraph
from tracegraph.graph import Tracegraph as Graph

CLEANING = ("record", "cleaning", f"site={PLANT}", "line=L1", "from=2026-01-01T06:00:00Z")


def cleanings(graph: Graph) -> list[tuple[object, bool, str, str]]:
    found = graph.store.records("cleaning")
    return [(one.record.data.get("verified"), one.record.withdrawn, one.record.reason, one.actor) for one in found]


def test_a_record_is_entered_corrected_and_withdrawn(captured: Run) -> None:
    first = captured("--as", "anna", *CLEANING, "--reason", "log")
    assert (first.status, first.text) == (0, f"Recorded: cleaning {PLANT} | L1 |  | 2026-01-01T06:00:00Z.\n")
    assert "Nothing new" in captured(*CLEANING, "--reason", "log again").text
    assert captured("--as", "ben", *CLEANING, "verified=yes", "--reason", "swab").status == 0
    with Tracegraph.open("sqlite:///tracegraph.db") as graph:
        assert cleanings(graph) == [(True, False, "swab", "ben")]
    assert "Withdrawn" in captured(*CLEANING, "--withdraw", "--reason", "wrong line").text
    with Tracegraph.open("sqlite:///tracegraph.db") as graph:
        assert [withdrawn for _, withdrawn, _, _ in cleanings(graph)] == [True]
    assert captured("verify", "--deep").status == 0


def test_what_was_withdrawn_stays_so_when_all_is_made_again(captured: Run) -> None:
    captured(*CLEANING, "--reason", "log")
    captured(*CLEANING, "--withdraw", "--reason", "wrong line")
    assert captured("rebuild").status == 0
    with Tracegraph.open("sqlite:///tracegraph.db") as graph:
        assert [withdrawn for _, withdrawn, _, _ in cleanings(graph)] == [True]


def test_values_in_order_may_have_equals_signs(captured: Run) -> None:
    assert captured("record", "evidence", "T1", LOT, "result=positive", "at=2026-01-01", "--reason", "lab").status == 0
    assert captured("record", "line", PLANT, "a=b", "--reason", "plan").status == 0
    with Tracegraph.open("sqlite:///tracegraph.db") as graph:
        (evidence,) = graph.store.records("evidence")
        assert evidence.record.data["unit"] == LOT_KEY
        (line,) = graph.store.records("line")
        assert line.record.data["line"] == "a=b"


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("record", "nothing", "--reason", "x"), 2, "choose one of"),
        (("record", "run", "run=P1", "--reason", "x"), 2, "run: units is missing"),
        (("record", "run", "run=P1", "run=P2", "--reason", "x"), 2, "given twice"),
        (("record", "line", PLANT, "L1", "", "", "fifth", "--reason", "x"), 2, "too many"),
        (CLEANING, 2, "reason"),
        (("record", "override", "unit=nonsense", "--reason", "x"), 3, "unknown"),
        (("record", "line", PLANT, "\udcff", "--reason", "x"), 2, "plain text"),
    ],
)
def test_what_is_no_record_is_one_sentence(captured: Run, arguments: tuple[str, ...], status: int, words: str) -> None:
    result = captured(*arguments)
    assert (result.status, result.out) == (status, b"")
    assert words in result.sentence


def test_an_override_names_the_unit_by_any_of_its_numbers(captured: Run) -> None:
    captured("record", "alias", LOT, "urn:example:lot:6832", "--reason", "letter")
    assert captured("record", "override", "urn:example:lot:6832", "--reason", "retested").status == 0
    with Tracegraph.open("sqlite:///tracegraph.db") as graph:
        (override,) = graph.store.records("override")
        assert (override.record.id, override.record.data["class"]) == (LOT_KEY, "cleared")
