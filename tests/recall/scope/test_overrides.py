"""Units that a person cleared: signed, reversible, over as soon as something newer is known."""

from __future__ import annotations

from tests.recall.scope.plant import Plant, classes, entry, lot
from tests.recall.scope.test_seeds import BREAD, lot_seed

SEED = lot_seed("A")


def cleared(plant: Plant, **row: str) -> Plant:
    plant.tell(BREAD).record("override", unit=lot("B"), **row)
    return plant


def test_a_cleared_unit_says_who_and_why(plant: Plant) -> None:
    answer = cleared(plant).ask(SEED)
    found = entry(answer, "B")
    assert (found["class"], found["without_override"]) == ("cleared", "affected")
    assert (found["override"]["actor"], found["override"]["reason"]) == ("anna", "log")
    assert found["override"]["lapsed_by"] is None
    assert classes(answer)["A"] == "implicated"


def test_clearing_is_of_the_unit_unless_it_is_said_to_go_on(plant: Plant) -> None:
    cleared(plant).tell("e1 d5 08:00 make lot C 1 kg at P")
    plant.record("override", unit=lot("A"))
    assert plant.classes(SEED) == {"A": "cleared", "B": "cleared"}
    plant.withdraw("override", unit=lot("B"))
    assert plant.classes(SEED) == {"A": "cleared", "B": "affected"}
    plant.record("override", unit=lot("A"), onward="yes")
    assert plant.classes(SEED) == {"A": "cleared"}


def test_it_can_be_withdrawn(plant: Plant) -> None:
    before = cleared(plant).ask(SEED)
    plant.withdraw("override", unit=lot("B"))
    answer = plant.ask(SEED)
    assert "override" not in entry(answer, "B")
    assert classes(answer)["B"] == "affected"
    assert plant.classes(SEED, as_of=before["as_of"]["known"])["B"] == "cleared"


def test_a_later_event_of_the_unit_ends_it(plant: Plant) -> None:
    cleared(plant).tell("e9 d6 08:00 see lot B at S")
    found = entry(plant.ask(SEED), "B")
    assert (found["class"], found["override"]["lapsed_by"]) == ("affected", "event e9")


def test_later_evidence_ends_it_and_negative_evidence_too(plant: Plant) -> None:
    cleared(plant).record("evidence", evidence="T1", unit=lot("B"), at="2026-01-09", result="negative")
    assert entry(plant.ask(SEED), "B")["override"]["lapsed_by"] == "evidence T1"


def test_what_is_learnt_of_others_does_not_end_it(plant: Plant) -> None:
    cleared(plant).tell("e9 d6 08:00 make lot Z 1 kg at S")
    assert plant.classes(SEED)["B"] == "cleared"


def test_said_again_it_holds_again(plant: Plant) -> None:
    cleared(plant).tell("e9 d6 08:00 see lot B at S")
    plant.record("override", unit=lot("B"), document="retest 2")
    assert plant.classes(SEED)["B"] == "cleared"


def test_negative_evidence_alone_clears_nothing(plant: Plant) -> None:
    plant.tell(BREAD).record("evidence", evidence="T1", unit=lot("B"), at="2026-01-09", result="negative")
    assert plant.classes(SEED)["B"] == "affected"
