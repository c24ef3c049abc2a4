"""The frame of all tortures: numbered rounds with seeds of their own, in processes that may die, counted by outcome.

A round is repeated by the name of its torture, the seed and its number; nothing else decides what happens in it (but
for kills by time, where the machine's load decides too).
"""

from __future__ import annotations

import faulthandler
import json
import os
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, TextIO

#: What one round does in an empty folder; returns its outcome in a few words, or several with their numbers, and raises
#: where something is wrong.
Turn = Callable[[Random, Path], str | Mapping[str, int]]

#: A worker goes on after a failure, so that one run shows several, but not for ever.
MOST_FAILURES = 20

#: Seconds of processor time after which a round counts as hanging, in runs with a watchdog. Few rounds take one.
WATCHDOG = 30

#: Seconds by the clock after which one counts as hanging that waits, or whose other processes work without end.
PATIENCE = 600


@dataclass(frozen=True, slots=True)
class Torture:
    """One way to be cruel. `gate` says which promise it tests, `rounds` how many rounds `make torture` makes of it,
    `unit` what is counted; a round makes `of_each` of them. `watchdog` and `patience`: seconds after which a round
    counts as hanging, of its processor time and by the clock.
    """

    name: str
    gate: str
    turn: Turn
    rounds: int
    unit: str = "rounds"
    of_each: int = 1
    watchdog: float = WATCHDOG
    patience: float = PATIENCE


class Hanging(BaseException):
    """A round has waited for too long. No Exception: nothing shall take it for an error of what it interrupts."""


@dataclass(slots=True)
class Figures:
    """What came out of the rounds of one torture; `failures` are whole texts, each with how to repeat it."""

    torture: Torture
    seed: int
    rounds: int = 0
    seconds: float = 0.0
    processor_seconds: float = 0.0
    outcomes: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def line(self) -> str:
        """One line for people."""
        counts = ", ".join(f"{count:,} {outcome}" for outcome, count in self.outcomes.most_common())
        total = f"{self.rounds * self.torture.of_each:,} {self.torture.unit}"
        return f"{self.torture.name}: {total} in {self.seconds:.0f} s, {len(self.failures)} failed; {counts}"

    def as_json(self) -> dict[str, Any]:
        """The same as data."""
        return {
            "torture": self.torture.name,
            "gate": self.torture.gate,
            "seed": self.seed,
            "rounds": self.rounds,
            "unit": self.torture.unit,
            self.torture.unit: self.rounds * self.torture.of_each,
            "seconds": round(self.seconds, 1),
            "processor_seconds": round(self.processor_seconds, 1),
            "outcomes": dict(self.outcomes.most_common()),
            "failures": self.failures,
        }


def run(torture: Torture, numbers: Sequence[int], seed: int, processes: int, watchdog: bool = False) -> Figures:
    """The rounds with these numbers, spread over processes. A process that dies is a failure of its round, and another
    one goes on with the next."""
    figures = Figures(torture, seed)
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="tracegraph-torture-", ignore_cleanup_errors=True) as folder:
        shares = [list(numbers[first::processes]) for first in range(processes)]
        workers = [_Worker(torture, share, seed, watchdog, folder) for share in shares if share]
        while workers:
            for worker in list(workers):
                if worker.finished(figures):
                    workers.remove(worker)
    figures.seconds = time.monotonic() - begin
    return figures


class _Worker:
    """A process with its share of the rounds, and the pipe on which it tells what became of them."""

    def __init__(self, torture: Torture, numbers: list[int], seed: int, watchdog: bool, folder: str) -> None:
        self.torture, self.numbers, self.seed, self.watchdog = torture, numbers, seed, watchdog
        self.folder = folder
        self._start()

    def _start(self) -> None:
        sys.stdout.flush()
        reading, writing = os.pipe()
        self.process = os.fork()
        if not self.process:
            os.close(reading)
            tempfile.tempdir = self.folder  # removed by whoever started it, however a worker ends
            _work_and_leave(self.torture, self.numbers, self.seed, self.watchdog, writing)
        os.close(writing)
        self.told = os.fdopen(reading, encoding="utf-8")

    def finished(self, figures: Figures) -> bool:
        """Wait for the next word of the process; whether it has nothing more to say."""
        line = self.told.readline()
        if line:
            self._take(json.loads(line), figures)
            return False
        self.told.close()
        _, status, used = os.wait4(self.process, 0)
        figures.processor_seconds += used.ru_utime + used.ru_stime
        if not status or not self.numbers:
            return True
        figures.failures.append(f"{self._name(self.numbers[0])}: {self._death(status)}{self._repeat()}")
        figures.rounds += 1
        del self.numbers[0]
        if self.numbers and len(figures.failures) < MOST_FAILURES:
            self._start()
            return False
        return True

    def _take(self, told: dict[str, Any], figures: Figures) -> None:
        figures.rounds += 1
        if "failure" in told:
            figures.failures.append(f"{self._name(told['round'])}: {told['failure']}{self._repeat()}")
        else:
            figures.outcomes.update(told["outcomes"])
        self.numbers.remove(told["round"])

    def _death(self, status: int) -> str:
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGPROF:
            return f"it hung: {self.torture.watchdog:g} s of processor time"
        return f"the process died (status {status})"

    def _name(self, number: int) -> str:
        self._last = number
        return f"{self.torture.name}, seed {self.seed}, round {number}"

    def _repeat(self) -> str:
        return f"\n  repeat: python -m tests.torture {self.torture.name} --seed {self.seed} --round {self._last}"


def _work_and_leave(torture: Torture, numbers: Sequence[int], seed: int, watchdog: bool, writing: int) -> None:
    """The life of a worker; never returns."""
    status = 1
    try:
        if watchdog:
            faulthandler.register(signal.SIGPROF, chain=True)
            signal.signal(signal.SIGALRM, _give_up)
        with os.fdopen(writing, "w", encoding="utf-8") as pipe:
            _work(torture, numbers, seed, watchdog, pipe)
        status = 0
    finally:
        sys.stdout.flush()
        os._exit(status)


def _work(torture: Torture, numbers: Sequence[int], seed: int, watchdog: bool, pipe: TextIO) -> None:
    failures = 0
    for number in numbers:
        if watchdog:
            _watch(torture.watchdog, torture.patience)
        told = _one(torture, number, seed)
        _watch(0, 0)
        failures += "failure" in told
        pipe.write(json.dumps({"round": number, **told}) + "\n")
        pipe.flush()
        if failures >= MOST_FAILURES:
            break


def _watch(processor_seconds: float, seconds: float) -> None:
    """Limits from now on, in place of the earlier ones; 0 for none. Processes that this one starts do not inherit
    them."""
    signal.setitimer(signal.ITIMER_PROF, processor_seconds)
    signal.setitimer(signal.ITIMER_REAL, seconds)


def _give_up(*_: object) -> None:
    raise Hanging


def _one(torture: Torture, number: int, seed: int) -> dict[str, Any]:
    """What became of one round."""
    chance = Random(f"{torture.name} {seed} {number}")
    with tempfile.TemporaryDirectory(prefix="tracegraph-torture-", ignore_cleanup_errors=True) as folder:
        try:
            outcome = torture.turn(chance, Path(folder))
        except (Exception, Hanging):
            return {"failure": traceback.format_exc()}
        return {"outcomes": {outcome: 1} if isinstance(outcome, str) else dict(outcome)}
