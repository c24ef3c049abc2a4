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

from tests.torture.rounds import Torture, run
from tests.torture.small import ROOT


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
