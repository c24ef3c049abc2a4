"""The frame itself: failures are told with how to repeat them, a process that dies is a failure of its round."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from benchmarks.measuring import machine
from tests.torture.cruel import computes_for_ever, computes_nothing, dies, waits_for_one, waits_for_several, well_or_not
from tests.torture.page import PAGE, with_figures
from tests.torture.rounds import Turn
from tests.torture.small import ROOT
from tests.torture.tortures import TORTURES


def figures_of(turn: Turn, rounds: int = 40, **limits: float) -> dict[str, Any]:
    """Rounds of a turn; watched where limits are given."""
    code = f"from tests.torture.cruel import *; print_figures({turn.__name__}, {rounds}, {limits})"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def test_rounds_are_counted_and_failures_can_be_repeated() -> None:
    figures, again = figures_of(well_or_not), figures_of(well_or_not)
    outcomes, failures = figures["outcomes"], figures["failures"]
    assert (outcomes, sorted(failures)) == (again["outcomes"], sorted(again["failures"]))
    assert outcomes.keys() == {"low", "high"}
    assert sum(outcomes.values()) + len(failures) == figures["rounds"] == 40
    assert len(failures) > 0
    assert all("bad luck" in text for text in failures)
    assert all("python -m tests.torture cruel --seed 3 --round " in text for text in failures)


def test_a_death_is_a_failure_and_the_others_go_on() -> None:
    figures = figures_of(dies)
    failures = figures["failures"]
    assert 0 < len(failures) < 40
    assert figures["outcomes"] == {"lived": 40 - len(failures)}
    assert all("status 9" in text for text in failures)


def test_a_round_that_computes_for_ever_is_a_failure_and_the_next_one_begins() -> None:
    figures = figures_of(computes_for_ever, rounds=3, watchdog=0.2)
    assert figures["rounds"] == len(figures["failures"]) == 3
    assert all("it hung: 0.2 s of processor time" in text for text in figures["failures"])


@pytest.mark.parametrize("turn", [waits_for_one, waits_for_several])
def test_a_round_that_waits_for_ever_is_a_failure_that_leaves_no_process(turn: Turn) -> None:
    figures = figures_of(turn, rounds=2, patience=0.5)
    assert figures["rounds"] == len(figures["failures"]) == 2
    assert all("Hanging" in text for text in figures["failures"])


def test_time_in_which_a_round_does_not_compute_is_no_hanging() -> None:
    assert figures_of(computes_nothing, rounds=2, watchdog=0.2)["outcomes"] == {"well": 2}


def test_the_page_tells_of_every_torture() -> None:
    page = PAGE.read_text(encoding="utf-8")
    described = page.partition("## What must hold")[2].partition("##")[0]
    for name in TORTURES:
        assert f"`{name}`" in described or f"`{name.removeprefix('killed_in')}`" in described, name


def test_figures_replace_the_earlier_ones() -> None:
    torture = {**figures_of(dies), "failures": ["one"]}
    run = {"measured": "2026-01-02T03:04:05", "command": "x", "commit": "c", "processes": 2, "seconds": 60}
    run["machine"] = machine()
    once = with_figures(PAGE.read_text(encoding="utf-8"), {**run, "tortures": [torture] * 3})
    both = with_figures(once, *[{**run, "tortures": [torture]}] * 2)
    twice = with_figures(once, {**run, "tortures": [torture]})
    assert once.count("| `cruel` | 40 rounds | 1 | ") == 3
    assert both.count("Measured on 2026-01-02") == both.count("| `cruel` | 40 rounds | 1 | ") == 2
    assert twice.count("| `cruel` | 40 rounds | 1 | ") == 1
    assert twice.endswith("belongs there too.\n")
