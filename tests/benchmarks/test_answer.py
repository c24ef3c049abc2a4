"""The parts of an answer's time, at a tiny size: every part is measured, and the story is as large as asked for."""

from __future__ import annotations

import pytest

from benchmarks.answer import main, story


def test_each_size_is_measured_in_parts(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--sizes", "40", "90"])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 12
    assert {line.split()[0] for line in lines} == {"56", "116"}
    assert sum("above reach_units" in line for line in lines) == 2


def test_a_lot_has_three_stays() -> None:
    assert (len(story(7).holdings), len(story(7).legs)) == (1 + 7 * 3, 1 + 7 * 3)
