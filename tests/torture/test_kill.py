"""Gate 1: kill -9 at any moment. A few rounds; `make torture` makes many."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.torture.small import few_rounds

#: Killed before a statement, and started after the capture gave up; then killed at work, while the capture tries on.
KILLED_AND_KILLED_AGAIN = 63
CARES = ["index", "backup", "restore", "migration", "compact", "rebuild"]


def test_gate_1_killed_in_capture(tmp_path: Path) -> None:
    """Nothing acknowledged is lost, nothing is stored by halves, and all answers are equal after resuming."""
    figures = few_rounds("killed_in_capture", tmp_path, rounds=4)
    assert any(outcome.startswith("killed") for outcome in figures["outcomes"])


def test_gate_1_killed_in_a_long_capture(tmp_path: Path) -> None:
    """Portions are whole, and what a second process has read is lost without harm."""
    few_rounds("killed_in_long_capture", tmp_path, rounds=2)


@pytest.mark.parametrize("care", CARES)
def test_gate_1_killed_in_the_care_of_the_store(tmp_path: Path, care: str) -> None:
    """The store is whole, what is half done passes for nothing, and the same command, given again, ends well."""
    few_rounds(f"killed_in_{care}", tmp_path, rounds=2)


def test_gate_1_killed_in_notices(tmp_path: Path) -> None:
    """No notice leaves twice, none is forgotten, and the ledger says of each once that it was sent."""
    figures = few_rounds("killed_in_notices", tmp_path, rounds=4)
    assert any("killed 0 times" not in outcome for outcome in figures["outcomes"])


def test_gate_1_killed_server(tmp_path: Path) -> None:
    """Nothing acknowledged is lost, nothing is stored by halves or twice, when Neo4j itself is killed."""
    figures = few_rounds("killed_server", tmp_path, rounds=1, seed=KILLED_AND_KILLED_AGAIN)
    assert figures["outcomes"] == {"killed 2 times": 1}
