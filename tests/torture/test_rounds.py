"""The frame itself: failures are told with how to repeat them, a process that dies is a failure of its round."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

from tests.torture.page import PAGE, with_figures
from tests.torture.rounds import Torture, run
from tests.torture.small import ROOT
from tests.torture.tortures import TORTURES


def well_or_not(chance: Random, folder: Path) -> str:
    number = chance.random()
    assert number < 0.8, "bad luck"
    (folder / "used").touch()
    return "low" if number < 0.4 else "high"


def dies(chance: Random, folder: Path) -> str:
    if chance.random() < 0.2:
        os.kill(os.getpid(), signal.SIGKILL)
    return "lived"


def figures_of(name: str) -> dict[str, Any]:
    """Forty rounds of a function above, in a process that may fork."""
    code = f"from tests.torture.test_rounds import print_figures, {name}; print_figures({name})"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def print_figures(turn: Any) -> None:
    print(json.dumps(run(Torture("cruel", "0", turn, 1), range(40), seed=3, processes=2).as_json()))


def test_rounds_are_counted_and_failures_can_be_repeated() -> None:
    figures, again = figures_of("well_or_not"), figures_of("well_or_not")
    outcomes, failures = figures["outcomes"], figures["failures"]
    assert (outcomes, sorted(failures)) == (again["outcomes"], sorted(again["failures"]))
    assert outcomes.keys() == {"low", "high"}
    assert sum(outcomes.values()) + len(failures) == figures["rounds"] == 40
    assert len(failures) > 0
    assert all("bad luck" in text for text in failures)
    assert all("python -m tests.torture cruel --seed 3 --round " in text for text in failures)


def test_a_death_is_a_failure_and_the_others_go_on() -> None:
    figures = figures_of("dies")
    failures = figures["failures"]
    assert 0 < len(failures) < 40
    assert figures["outcomes"] == {"lived": 40 - len(failures)}
    assert all("status 9" in text for text in failures)


def test_the_page_tells_of_every_torture() -> None:
    page = PAGE.read_text(encoding="utf-8")
    described = page.partition("## What must hold")[2].partition("##")[0]
    for name in TORTURES:
        assert f"`{name}`" in described or f"`{name.removeprefix('killed_in')}`" in described, name


def test_figures_replace_the_earlier_ones() -> None:
    torture = {**figures_of("dies"), "failures": ["one"]}
    run = {"measured": "2026-01-02T03:04:05", "command": "x", "python": "3.11", "processes": 2, "seconds": 60}
    once = with_figures(PAGE.read_text(encoding="utf-8"), {**run, "tortures": [torture] * 3})
    twice = with_figures(once, {**run, "tortures": [torture]})
    assert once.count("| `cruel` | 40 rounds | 1 | ") == 3
    assert twice.count("| `cruel` | 40 rounds | 1 | ") == 1
    assert twice.endswith("belongs there too.\n")
