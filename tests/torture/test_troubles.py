"""Full disks, jumping clocks, several processes at once. A few rounds; `make torture` makes many."""

from __future__ import annotations

from pathlib import Path

from tests.torture.small import few_rounds


def test_a_full_disk_is_told_and_leaves_whole_changes(tmp_path: Path) -> None:
    assert few_rounds("full_disk", tmp_path, rounds=5)["outcomes"]["full"] > 0


def test_the_clock_may_jump(tmp_path: Path) -> None:
    few_rounds("clock_jumps", tmp_path, rounds=2)


def test_several_processes_write_and_read_at_once(tmp_path: Path) -> None:
    few_rounds("several_at_once", tmp_path, rounds=2)
