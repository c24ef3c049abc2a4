"""Two answers compared: what came, went or changed, and why."""

from __future__ import annotations

from typing import Any

import pytest

from tests.recall.scope.plant import SITE, Plant, lot
from tests.recall.scope.test_clean_break import SWAB, clean, six_runs
from tests.recall.scope.test_seeds import BREAD, lot_seed
from tracegraph.errors import UsageError
from tracegraph.recall.scope import compare
from tracegraph.trace.question import ask
from tracegraph.trace.tracing import trace

__all__ = ["six_runs"]


def rows(changed: dict[str, Any], name: str) -> dict[str, list[str]]:
    """The units of one list with the names of their reasons."""
    return {row["unit"].rpartition(":")[2]: [one["id"] for one in row["why"]] for row in changed[name]}


def test_a_verified_cleaning_is_why_runs_leave_the_scope(six_runs: Plant) -> None:
    before = six_runs.ask(SWAB)
    clean(six_runs, "2026-01-02T06:00:00Z", "yes")
    changed = compare(six_runs.store, before, six_runs.ask(SWAB))
    why = [f"cleaning {SITE} | L1 |  | 2026-01-02T06:00:00Z"]
    assert rows(changed, "removed") == {"P1": why, "P5": why}
    assert changed["added"] == changed["changed"] == []
    (first, _) = changed["removed"]
    assert (first["before"], first["after"]) == ("affected", None)
    assert (first["why"][0]["reason"], first["why"][0]["actor"]) == ("log", "anna")
    back = compare(six_runs.store, six_runs.ask(SWAB), before)
    assert rows(back, "added") == {"P1": why, "P5": why}


def test_a_late_event_is_why_a_lot_comes_in(plant: Plant) -> None:
    plant.tell(BREAD)
    before = plant.ask(lot_seed("A"))
    plant.tell("late d5 08:00 use lot B 10 kg => lot C 9 kg at S")
    changed = compare(plant.store, before, plant.ask(lot_seed("A")))
    assert rows(changed, "added") == {"C": ["late"]}


def test_clearing_is_a_change_with_its_reason(plant: Plant) -> None:
    before = plant.tell(BREAD).ask(lot_seed("A"))
    plant.record("override", unit=lot("B"))
    changed = compare(plant.store, before, plant.ask(lot_seed("A")))
    assert rows(changed, "changed") == {"B": [f"override {lot('B')}"]}
    assert [(row["before"], row["after"]) for row in changed["changed"]] == [("affected", "cleared")]


def test_other_assumptions_are_a_reason_of_their_own(plant: Plant) -> None:
    plant.tell(BREAD)
    killed = plant.ask(lot_seed("A"), assumptions={"kills": [{"event": "m4"}]})
    changed = compare(plant.store, plant.ask(lot_seed("A")), killed)
    assert changed["question"] == ["assumptions"]
    assert rows(changed, "removed") == {"B": ["assumptions"]}


def test_traces_are_compared_by_certainty(plant: Plant) -> None:
    plant.tell(BREAD)
    before = trace(plant.store, ask(lot("A"))).envelope
    plant.tell("late d5 08:00 use lot B 10 kg => lot C 9 kg at S")
    changed = compare(plant.store, before, trace(plant.store, ask(lot("A"))).envelope)
    assert rows(changed, "added") == {"C": ["late"]}
    assert changed["kind"] == "trace"


def test_a_trace_and_a_scope_cannot_be_compared(plant: Plant) -> None:
    plant.tell(BREAD)
    with pytest.raises(UsageError, match="one kind"):
        compare(plant.store, plant.ask(lot_seed("A")), trace(plant.store, ask(lot("A"))).envelope)


def test_nothing_changed_is_nothing(plant: Plant) -> None:
    plant.tell(BREAD)
    answer = plant.ask(lot_seed("A"))
    changed = compare(plant.store, answer, answer)
    assert (changed["added"], changed["removed"], changed["changed"], changed["question"]) == ([], [], [], [])
