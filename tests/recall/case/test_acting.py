"""Moves in a case: recorded whole, in order, once; refused with what is possible instead."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tracegraph import Tracegraph
from tracegraph.errors import CaseChanged, IllegalMove, InvalidField, Refused, UnknownIdentifier
from tracegraph.intake.recalling import Acted, Actor, act
from tracegraph.model.instants import parse_instant
from tracegraph.recall.case import case_file, case_files
from tracegraph.recall.case.actions import action_kind, action_names
from tracegraph.recall.case.states import rules, states
from tracegraph.stores.port import Store

NOW = parse_instant("2026-03-01T08:00:00Z", "now")
FIRST, SECOND = Actor("first", "investigator"), Actor("second", "investigator")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Tracegraph.open(f"sqlite:///{tmp_path}/store.db") as graph:
        yield graph.store


def opened(store: Store, case: str = "", key: str = "", title: str = "Sprouts") -> Acted:
    return act(store, case, "open", {"title": title}, NOW, FIRST, "a complaint", key=key)


def test_every_action_has_a_rule_and_fields() -> None:
    assert set(action_names()) == set(rules())
    for name, rule in rules().items():
        assert rule.by
        assert {*rule.to, *rule.to.values()} <= {"", *states()}
        for field in action_kind(name).fields:
            assert set(field.label) == {"en", "zh"}


def test_numbers_count_up_in_a_year(store: Store) -> None:
    assert [opened(store).case.id for _ in range(3)] == ["R2026-0001", "R2026-0002", "R2026-0003"]
    assert [one.id for one in case_files(store)] == ["R2026-0001", "R2026-0002", "R2026-0003"]


def test_what_was_done_stands_in_order(store: Store) -> None:
    case = opened(store, "C1").case.id
    act(store, case, "assess", {"class": "1", "hazard": "E. coli"}, NOW, SECOND, "laboratory")
    found = case_file(store, case)
    assert [(one.number, one.action, one.state, one.actor, one.role) for one in found.moves] == [
        (1, "open", "open", "first", "investigator"),
        (2, "assess", "assessing", "second", "investigator"),
    ]
    assert found.facts == {"title": "Sprouts", "type": "recall", "class": "1", "hazard": "E. coli"}
    assert [one.reason for one in found.moves] == ["a complaint", "laboratory"]
    assert case_file(store, case, at=found.moves[0].position + 1).state == "open"


def test_an_illegal_move_names_what_is_possible(store: Store) -> None:
    case = opened(store, "C1").case.id
    with pytest.raises(
        IllegalMove, match=r"approve is not possible: case C1 is open; possible now: .*scope"
    ) as refused:
        act(store, case, "approve", {"version": "1"}, NOW, SECOND)
    assert "scope" in refused.value.allowed
    assert "approve" not in refused.value.allowed
    with pytest.raises(IllegalMove, match="not the role analyst"):
        act(store, case, "assess", {}, NOW, Actor("somebody", "analyst"))
    with pytest.raises(UnknownIdentifier, match="no recall case 'C2'"):
        act(store, "C2", "assess", {}, NOW, FIRST)
    with pytest.raises(InvalidField, match="class '7' is not offered"):
        act(store, case, "assess", {"class": "7"}, NOW, FIRST)
    assert len(case_file(store, case).moves) == 1


def test_a_repeated_request_does_nothing_again(store: Store) -> None:
    first, again = (opened(store, key="k1") for _ in range(2))
    assert (first.new, again.new) == (True, False)
    assert again.move == first.move
    noted = [act(store, first.case.id, "note", {"text": "n"}, NOW, FIRST, key="k2") for _ in range(2)]
    assert [one.new for one in noted] == [True, False]
    with pytest.raises(Refused, match="key 'k2' was used for another move"):
        act(store, first.case.id, "note", {"text": "other"}, NOW, FIRST, key="k2")
    assert len(case_file(store, first.case.id).moves) == 2


def test_the_later_of_two_is_told(store: Store) -> None:
    case = opened(store, "C1").case
    act(store, case.id, "note", {"text": "one"}, NOW, FIRST, seen=len(case.moves))
    with pytest.raises(CaseChanged, match="note by first"):
        act(store, case.id, "note", {"text": "two"}, NOW, SECOND, seen=len(case.moves))
    act(store, case.id, "note", {"text": "two"}, NOW, SECOND, seen=2)
    assert [one.text("text") for one in case_file(store, "C1").of("note")] == ["one", "two"]


def test_the_chain_holds(store: Store, tmp_path: Path) -> None:
    opened(store)
    with Tracegraph.open(f"sqlite:///{tmp_path}/store.db") as graph:
        assert list(graph.verify(deep=True)) == []
