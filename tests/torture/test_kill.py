"""Gate 1: kill -9 at any moment. A few rounds; `make torture` makes many."""

from __future__ import annotations

from pathlib import Path

from tests.torture.small import few_rounds


def test_gate_1_killed_in_capture(tmp_path: Path) -> None:
    """Nothing acknowledged is lost, nothing is stored by halves, and all answers are equal after resuming."""
    figures = few_rounds("killed_in_capture", tmp_path, rounds=8)
    assert any(outcome.startswith("killed") for outcome in figures["outcomes"])
