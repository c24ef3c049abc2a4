"""Processes that are killed in the middle of their work: at a step that a seed chooses, or at any moment.

A step is an SQL statement, or a call that opens, renames or removes a file of the round's folder. Steps can be repeated
exactly, but lie between system calls; moments hit writes and syncs too.
"""

from __future__ import annotations

import os
import select
import signal
import sqlite3
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

#: What a process does; it calls its argument for everything that it acknowledges.
Work = Callable[[Callable[[int], None]], None]

#: Audit events that change or open files; the first argument is a path.
_FILE_EVENTS = frozenset(
    {"open", "os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.truncate", "os.link", "shutil.move"}
)


@dataclass(frozen=True, slots=True)
class Doom:
    """When to kill: before this step, or after so many seconds; never where both are None."""

    step: int | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class End:
    """How a process ended: by the kill or by itself, what it had acknowledged, how many steps and seconds it took
    (steps are counted where it ended by itself)."""

    killed: bool
    acknowledged: list[int]
    steps: int
    seconds: float


def drawn(chance: Random, untroubled: End) -> Doom:
    """A step or a moment of work that takes as long as this."""
    return step_of(chance, untroubled) if chance.random() < 0.5 else moment_of(chance, untroubled)


def step_of(chance: Random, untroubled: End) -> Doom:
    """A step of the work."""
    return Doom(step=chance.randint(1, max(1, untroubled.steps)))


def moment_of(chance: Random, untroubled: End) -> Doom:
    """A moment of the work, on a machine that is no faster now."""
    return Doom(seconds=chance.uniform(0, untroubled.seconds))


def work_until(work: Work, folder: Path, doom: Doom) -> End:
    """Do the work in a process of its own, and kill it with all that it started. AssertionError, with what the process
    wrote, where it failed before."""
    log = folder / "killed.log"
    reading, writing = os.pipe()
    begin = time.monotonic()
    process = os.fork()
    if not process:
        os.close(reading)
        _live(work, folder, doom, writing, log)
    os.close(writing)
    with suppress(OSError):  # whoever is first
        os.setpgid(process, process)
    try:
        told, timely = _listen(reading, process, None if doom.seconds is None else begin + doom.seconds)
    except BaseException:  # whoever waits has lost patience; what hangs must not stay
        os.killpg(process, signal.SIGKILL)
        os.waitpid(process, 0)
        raise
    _, status = os.waitpid(process, 0)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    assert killed or status == 0, f"the process ended with status {status}:\n{log.read_text('utf-8', 'replace')}"
    words = [line.split() for line in told.split("\n")[:-1]]  # the last line may be torn by the kill
    acknowledged = [int(value) for kind, value in words if kind == "done"]
    steps = max((int(value) for kind, value in words if kind == "steps"), default=0)
    return End(killed, acknowledged, steps, timely - begin)


def _listen(reading: int, process: int, deadline: float | None) -> tuple[str, float]:
    """What the process tells until it ends, or until the deadline, at which its whole group is killed; and when that
    was."""
    told = b""
    with os.fdopen(reading, "rb", buffering=0) as pipe:
        while True:
            left = None if deadline is None else max(0.0, deadline - time.monotonic())
            if not select.select([pipe], [], [], left)[0]:
                os.killpg(process, signal.SIGKILL)
                deadline = None
                continue
            part = pipe.read(65_536)
            if not part:
                return told.decode(), time.monotonic()
            told += part


def _live(work: Work, folder: Path, doom: Doom, writing: int, log: Path) -> None:
    """The life of the process; never returns."""
    status = 1
    try:
        os.setpgid(0, 0)
        descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(descriptor, 1)
        os.dup2(descriptor, 2)
        steps = _count_steps(folder, doom.step)
        try:
            work(lambda number: _tell(writing, "done", number))
            status = 0
        except BaseException:
            os.write(2, traceback.format_exc().encode("utf-8", "backslashreplace"))
        _tell(writing, "steps", steps[0])
    finally:
        os._exit(status)


def _tell(writing: int, kind: str, number: int) -> None:
    os.write(writing, f"{kind} {number}\n".encode())


def _count_steps(folder: Path, last: int | None) -> list[int]:
    """Count steps from now on, in a list of one number, and kill the whole group before the last one."""
    count = [0]

    def step(*_: object) -> None:
        count[0] += 1
        if count[0] == last:
            os.killpg(0, signal.SIGKILL)

    def heard(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _FILE_EVENTS and str(arguments[0]).startswith(str(folder)):
            step()

    original = sqlite3.connect

    def connect(*arguments: Any, **options: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = original(*arguments, **options)
        connection.set_trace_callback(step)
        return connection

    sqlite3.connect = connect  # type: ignore[assignment]
    sys.addaudithook(heard)
    return count
