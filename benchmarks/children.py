"""Programs run as children, with what they cost: wall time, processor time, memory of all their processes."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

#: How often a running child is looked at, in seconds.
INTERVAL = 0.25


class ChildFailed(Exception):
    """A program that was to be measured did not end well; the message has its last words."""


@dataclass(slots=True)
class Ran:
    """A child that ended well. Times in seconds; `memory`: most bytes held at once by it and its own children (pages
    that they share are counted for each); `samples`: (seconds since its start, what `probe` said)."""

    wall: float
    processor: float
    memory: int
    output: str
    errors: str
    samples: list[tuple[float, int]] = field(default_factory=list)


def run(command: Sequence[str], probe: Callable[[], int] | None = None, folder: Path | None = None) -> Ran:
    """Run a program to its end; ChildFailed where it fails."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        began = time.perf_counter()
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=errors, cwd=folder)
        memory, samples = 0, list[tuple[float, int]]()
        while not (ended := os.wait4(child.pid, os.WNOHANG if probe else 0))[0]:
            memory = max(memory, _memory_of(child.pid))
            if probe:
                samples.append((time.perf_counter() - began, probe()))
            time.sleep(INTERVAL)
        wall = time.perf_counter() - began
        child.returncode = os.waitstatus_to_exitcode(ended[1])
        words = [_text(stream) for stream in (output, errors)]
    if child.returncode:
        raise ChildFailed(f"{' '.join(command)} ended with status {child.returncode}: {words[1] or words[0]}")
    usage = ended[2]
    return Ran(wall, usage.ru_utime + usage.ru_stime, max(memory, usage.ru_maxrss * 1024), words[0], words[1], samples)


def tracegraph(store: Path, *arguments: str) -> list[str]:
    """The command line on a store, as this Python has it installed."""
    return [sys.executable, "-m", "tracegraph.cli", "--store", f"sqlite:///{store}", *arguments]


def _text(stream: IO[bytes]) -> str:
    stream.seek(0)
    return stream.read().decode("utf-8", "replace")


def _memory_of(process: int) -> int:
    """Resident bytes of a process and all that it started, where the system tells (Linux)."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
        children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") + sum(_memory_of(int(child)) for child in children)
