"""Gates 2 and 3: files damaged behind the store's back, tails cut off. A few rounds; `make torture` makes many."""

from __future__ import annotations

from pathlib import Path

from tests.torture.small import few_rounds


def test_gate_3_damaged_files_are_found_or_harmless(tmp_path: Path) -> None:
    figures = few_rounds("damaged_files", tmp_path, rounds=40)
    assert any(outcome.endswith("found") for outcome in figures["outcomes"])
    assert any(outcome.endswith("harmless") for outcome in figures["outcomes"])


def test_gate_2_a_cut_tail_is_counted_by_the_checkpoint(tmp_path: Path) -> None:
    assert few_rounds("cut_tails", tmp_path, rounds=8)["outcomes"]["missing entries counted"] > 0
