"""What a case blocks by itself: people's holds, approved scopes, and what ends both."""

from __future__ import annotations

from typing import Any

import pytest

from tests.recall.cases import at, case_of
from tracegraph.recall.case import CaseFile
from tracegraph.recall.holds import holds_of

NOW = at("2026-06-01")
HELD = {"A": "affected", "B": "possible", "C": "exposed", "D": "cleared", "E": "implicated"}


def version(number: int, classes: dict[str, str], day: int = 2) -> Any:
    entries = [{"unit": unit, "class": kind} for unit, kind in classes.items()]
    return f"2026-03-{day:02}T10:00:00Z", "scope", {"number": number, "entries": entries}


def approved(number: int, day: int = 3) -> Any:
    return f"2026-03-{day:02}T10:00:00Z", "approve", {"version": str(number)}


def units(action: str, day: int, *names: str, **said: str) -> Any:
    return f"2026-03-{day:02}T10:00:00Z", action, {"units": list(names), **said}


def opened(*moves: Any, **facts: str) -> CaseFile:
    return case_of(("2026-03-01T10:00:00Z", "open"), *moves, **facts)


def blocked(case: CaseFile, now: int = NOW) -> dict[str, tuple[str, int]]:
    """The action and the number of the move by which each unit is blocked."""
    return {one.unit: (one.action, one.move) for one in holds_of(case, now)}


@pytest.mark.parametrize(
    ("kind", "expected", "word"),
    [
        ("recall", "ABDE", "recalled"),
        ("withdrawal", "ABDE", "recalled"),
        ("hold", "ABCDE", "non_sellable_other"),
        ("advisory", "", ""),
        ("drill", "", ""),
    ],
)
def test_an_approved_scope_blocks_by_type_and_class(kind: str, expected: str, word: str) -> None:
    """Cleared ones are told too: whether that stands is not known of the case."""
    found = holds_of(opened(version(1, HELD), approved(1), type=kind), NOW)
    assert "".join(sorted(one.unit for one in found)) == expected
    assert all((one.disposition, one.scope_class) == (word, HELD[one.unit]) for one in found)


def test_a_scope_that_nobody_approved_blocks_nothing() -> None:
    assert blocked(opened(version(1, HELD))) == {}
    case = opened(version(1, {"A": "affected"}), approved(1), version(2, {"B": "affected"}, 4))
    assert blocked(case) == {"A": ("approve", 3)}


def test_a_unit_is_blocked_since_it_came_in_without_a_break() -> None:
    moves = [version(1, {"A": "affected", "B": "possible"}), approved(1), version(2, {"A": "possible"}, 4)]
    moves += [approved(2, 5), version(3, {"A": "affected", "B": "possible"}, 6), approved(3, 7)]
    assert blocked(opened(*moves[:4])) == {"A": ("approve", 3)}
    found = {one.unit: one for one in holds_of(opened(*moves), NOW)}
    assert {unit: (one.move, one.since, one.scope_class) for unit, one in found.items()} == {
        "A": (3, at("2026-03-03T10:00Z"), "affected"),
        "B": (7, at("2026-03-07T10:00Z"), "possible"),
    }


def test_holds_and_releases_in_their_order() -> None:
    moves = [units("hold", 2, "A", "B"), units("release", 3, "A"), units("hold", 4, "A", "C"), units("release", 5, "C")]
    assert blocked(opened(*moves)) == {"B": ("hold", 2), "A": ("hold", 4)}
    again = opened(units("hold", 2, "A"), units("hold", 4, "A"))
    assert blocked(again) == {"A": ("hold", 2)}


def test_a_hold_ends_at_its_last_instant() -> None:
    case = opened(units("hold", 2, "A", until="2026-03-10"), units("hold", 2, "B", until="2026-03-10T12:00:00Z"))
    last = at("2026-03-10T12:00:00Z")
    assert set(blocked(case, last)) == {"A", "B"}
    assert set(blocked(case, last + 1)) == {"A"}
    assert set(blocked(case, at("2026-03-11") - 1)) == {"A"}
    assert blocked(case, at("2026-03-11")) == {}
    longer = opened(units("hold", 2, "A", until="2026-03-10"), units("hold", 5, "A"))
    assert blocked(longer) == {"A": ("hold", 2)}
    later = opened(units("hold", 2, "A", until="2026-03-03"), units("hold", 5, "A"))
    assert blocked(later) == {"A": ("hold", 3)}


def test_a_release_lifts_a_hold_and_no_scope() -> None:
    case = opened(units("hold", 2, "A"), version(1, {"A": "affected"}), approved(1), units("release", 4, "A"))
    assert blocked(case) == {"A": ("approve", 4)}


def test_a_drill_holds_nothing_and_a_cancelled_case_neither() -> None:
    assert blocked(opened(units("hold", 2, "A"), type="drill")) == {}
    assert blocked(opened(units("hold", 2, "A"), ("2026-03-04T10:00:00Z", "cancel"))) == {}
    ended = opened(units("hold", 2, "A"), ("2026-03-04T10:00:00Z", "complete"), ("2026-03-05T10:00:00Z", "terminate"))
    assert blocked(ended) == {"A": ("hold", 2)}
