"""Turns that try the frame itself: `python -c` runs rounds of one of them, in a process that imports little and may
fork."""

from __future__ import annotations

import json
import os
import signal
import time
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from tests.torture.killing import Doom, work_until
from tests.torture.rounds import Torture, Turn, run
from tests.torture.together import together

#: Seconds; a process that is left behind keeps its test waiting for so long.
LONG = 60


def well_or_not(chance: Random, folder: Path) -> str:
    number = chance.random()
    assert number < 0.8, "bad luck"
    (folder / "used").touch()
    return "low" if number < 0.4 else "high"


def dies(chance: Random, folder: Path) -> str:
    if chance.random() < 0.2:
        os.kill(os.getpid(), signal.SIGKILL)
    return "lived"


def computes_for_ever(chance: Random, folder: Path) -> str:
    while True:
        chance.random()


def computes_nothing(chance: Random, folder: Path) -> str:
    time.sleep(0.4)
    return "well"


def waits_for_one(chance: Random, folder: Path) -> str:
    work_until(lambda acknowledge: time.sleep(LONG), folder, Doom())
    return "never said"


def waits_for_several(chance: Random, folder: Path) -> str:
    together([partial(time.sleep, LONG)] * 2, folder)
    return "never said"


def print_figures(turn: Turn, rounds: int, limits: dict[str, Any]) -> None:
    """The figures of so many rounds of a turn, as JSON; watched where limits are given."""
    torture = Torture("cruel", "0", turn, 1, **limits)
    print(json.dumps(run(torture, range(rounds), seed=3, processes=2, watchdog=bool(limits)).as_json()))
