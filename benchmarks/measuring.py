"""What measurements are made of: rows with median and 95th percentile, kept as JSON, and the machine they are of."""

from __future__ import annotations

import json
import math
import os
import platform
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TypeVar

Answer = TypeVar("Answer")
ROOT = Path(__file__).resolve().parent.parent


class Unequal(Exception):
    """Two ways to answer one question gave different answers: the run is worth nothing until that is explained."""


class LeftOut(Exception):
    """A section cannot be measured on this machine; the message says what it lacks. The others are."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table. `group` is the table, `what` the line; `value` is a median or the only value, in `unit`;
    `count`: of how many; `target`: a key of targets.TARGETS where there is something to meet."""

    group: str
    what: str
    value: float | None
    unit: str
    p95: float | None = None
    count: int = 1
    note: str = ""
    target: str = ""


@dataclass(slots=True)
class Section:
    """The outcome of one section: its rows, facts in words, and series of numbers for the chart."""

    rows: list[Row] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)

    def add(self, group: str, what: str, value: float | None, unit: str, **more: Any) -> None:
        """Add a row with a single value."""
        self.rows.append(Row(group, what, value, unit, **more))

    def add_times(self, group: str, what: str, seconds: Sequence[float], unit: str, **more: Any) -> None:
        """Add a row for repeated times; with none of them the row says so by having no value."""
        factor = {"times": 1.0, "s": 1.0, "ms": 1e3, "µs": 1e6}[unit]
        times = [value * factor for value in seconds]
        middle = statistics.median(times) if times else None
        self.rows.append(Row(group, what, middle, unit, percentile(times, 95), len(times), **more))


def percentile(values: Sequence[float], percent: float) -> float | None:
    """The smallest value that is at least as large as so many percent of them; None of nothing."""
    if not values:
        return None
    return sorted(values)[max(0, math.ceil(len(values) * percent / 100) - 1)]


def timed(call: Callable[..., Answer], *arguments: Any, repeats: int = 1) -> tuple[float, Answer]:
    """Seconds that a call takes (the least of some repeats: the rest is other people's work) and its answer."""
    least = math.inf
    for _ in range(repeats):
        began = time.perf_counter()
        answer = call(*arguments)
        least = min(least, time.perf_counter() - began)
    return least, answer


@contextmanager
def told(what: str) -> Iterator[None]:
    """Say on stderr what is going on and how long it took."""
    print(f"  {what} ...", end="", file=sys.stderr, flush=True)
    began = time.perf_counter()
    yield
    print(f" {time.perf_counter() - began:.1f} s", file=sys.stderr, flush=True)


def machine() -> dict[str, str]:
    """The machine and the programs in words."""
    return {
        "processor": f"{_processor()}, {os.cpu_count()} processors",
        "memory": f"{_memory_gigabytes():.0f} GB",
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
    }


def commit() -> str:
    """The commit that was measured, with a mark where files had been changed; empty outside of git."""
    ran = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--abbrev=10"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return ran.stdout.strip()


def save(path: Path, section: Section) -> None:
    """Keep a section, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    described = {"machine": machine(), "commit": commit(), **asdict(section)}
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text(json.dumps(described, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    unfinished.replace(path)


def load(path: Path) -> dict[str, Any]:
    """A kept section: rows, facts, machine and commit."""
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def _memory_gigabytes() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
