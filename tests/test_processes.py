"""Results come in the order of the tasks, however many processes there are and whatever becomes of them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.stores.children import environment
from tracegraph.processes import in_order


def double(number: int) -> int:
    return 2 * number


def refuse(number: int) -> int:
    if number == 3:
        raise ValueError("three is refused")
    return number


def die_elsewhere(number: tuple[int, int]) -> int:
    """Kills any process but the one that asks."""
    value, asking = number
    if value == 5 and os.getpid() != asking:
        os.kill(os.getpid(), signal.SIGKILL)
    return value


@pytest.mark.parametrize("processes", [1, 2])
def test_in_order(processes: int) -> None:
    finished: list[int] = []
    given = list(in_order(double, range(20), processes, lambda number: number, finished.append))
    assert given == [2 * number for number in range(20)]
    assert sorted(finished) == list(range(20))


@pytest.mark.parametrize("processes", [1, 2])
def test_errors_pass(processes: int) -> None:
    given: list[int] = []
    with pytest.raises(ValueError, match="three is refused"):
        given.extend(in_order(refuse, range(10), processes, lambda number: 1, lambda number: None))


def test_a_killed_process_costs_time_only() -> None:
    tasks = [(number, os.getpid()) for number in range(10)]
    assert list(in_order(die_elsewhere, tasks, 2, lambda task: 1, lambda task: None)) == list(range(10))


def test_who_stops_asking_leaves_nothing_behind() -> None:
    results = in_order(double, range(1_000), 2, lambda number: 1, lambda number: None)
    assert next(results) == 0
    results.close()  # type: ignore[attr-defined]


ORPHANS = """
import os, signal, sys, time
from tracegraph.processes import in_order
from tests.test_processes import note_and_wait
if __name__ == "__main__":
    list(in_order(note_and_wait, [sys.argv[1]] * 2, 2, lambda task: 1, lambda task: None))
"""


def note_and_wait(folder: str) -> None:
    Path(folder, str(os.getpid())).touch()
    time.sleep(60)


def test_no_process_outlives_the_one_that_began_it(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(ORPHANS)
    folder = tmp_path / "running"
    folder.mkdir()
    root = Path(__file__).parents[1]
    paths = {**environment(), "PYTHONPATH": f"{environment()['PYTHONPATH']}{os.pathsep}{root}"}
    with subprocess.Popen([sys.executable, str(program), str(folder)], env=paths) as child:
        while len(list(folder.iterdir())) < 2:
            assert child.poll() is None
            time.sleep(0.02)
        child.kill()
    for name in folder.iterdir():
        while runs(int(name.name)):
            time.sleep(0.02)


def runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{process}/stat")
    return not (status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z")
