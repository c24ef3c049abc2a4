"""Several pieces of work at once, each in a process of its own."""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path


def together(works: Sequence[Callable[[], None]], folder: Path) -> None:
    """Do all at once, each in a process of its own. AssertionError with what the first that failed said."""
    logs = [folder / f"process {number}.log" for number in range(len(works))]
    processes = [_begin(work, log) for work, log in zip(works, logs, strict=True)]
    try:
        statuses = [os.waitpid(process, 0)[1] for process in processes]
    except BaseException:  # whoever waits has lost patience; what hangs must not stay
        _kill(processes)
        raise
    failed = [log.read_text(encoding="utf-8") for status, log in zip(statuses, logs, strict=True) if status]
    assert not failed, failed[0]


def _kill(processes: Sequence[int]) -> None:
    """Those that still run."""
    for process in processes:
        with suppress(ProcessLookupError, ChildProcessError):
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)


def _begin(work: Callable[[], None], log: Path) -> int:
    log.touch()
    process = os.fork()
    if process:
        return process
    status = 1
    try:
        work()
        status = 0
    except BaseException:
        log.write_text(traceback.format_exc(), encoding="utf-8", errors="backslashreplace")
    finally:
        os._exit(status)
