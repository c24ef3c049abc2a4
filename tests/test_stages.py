"""Stages add up to the whole, whatever lies within what."""

from __future__ import annotations

import pytest

from tracegraph.stages import COMMIT, LEDGER, READING, ROWS, UNMEASURED, MeasuredStages


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_stage_counts_for_itself_alone() -> None:
    clock = Clock()
    stages = MeasuredStages(clock)
    with stages.stage(ROWS):
        clock.now += 1
        with stages.stage(LEDGER):
            clock.now += 2
            with stages.stage(ROWS):
                clock.now += 4
        clock.now += 8
    clock.now += 1000
    with stages.stage(READING):
        clock.now += 16
    assert stages.seconds() == {READING: 16, LEDGER: 2, ROWS: 13}
    assert list(stages.seconds()) == [READING, LEDGER, ROWS]


def test_a_stage_that_fails_has_ended() -> None:
    clock = Clock()
    stages = MeasuredStages(clock)

    def failing() -> None:
        with stages.stage(COMMIT):
            clock.now += 1
            raise ValueError("x")

    with stages.stage(ROWS):
        with pytest.raises(ValueError, match="x"):
            failing()
        clock.now += 2
    assert stages.seconds() == {ROWS: 2, COMMIT: 1}


def test_unmeasured_stages_know_nothing() -> None:
    with UNMEASURED.stage(ROWS), UNMEASURED.stage(ROWS):
        assert UNMEASURED.seconds() == {}
