"""Run benchmarks: `python -m benchmarks usual|large [--folder bench-data] [--again SECTION ...] [--only SECTION ...]`.

Every section runs in a process of its own and is kept when it ends, so that a run goes on where it was stopped. A
section whose answers differ fails, the others run, and the exit status is 1. A section that needs what this machine has
not (Neo4j: Java and Maven) is left out, and says so.
"""

from __future__ import annotations

import argparse
import importlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measuring import LeftOut, save, timed
from benchmarks.page import KEPT, render
from benchmarks.sections import SECTIONS
from benchmarks.workspace import SIZES, Workspace, disk

#: Exit status of a process that left its section out.
LEFT_OUT = 3


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; 0 where every section was measured."""
    chosen = _parser().parse_args(arguments)
    bench = Workspace(chosen.folder.absolute(), chosen.size)
    if chosen.one:
        return measure_here(bench, chosen.one)
    for section in chosen.again:
        bench.results(section).unlink(missing_ok=True)
    failed = [section for section in chosen.only or SECTIONS if not _measured(bench, section)]
    if chosen.publish:
        keep(bench)
        render()
    if failed:
        print(f"not measured: {', '.join(failed)}; see above", file=sys.stderr)
    return 1 if failed else 0


def measure_here(bench: Workspace, section: str) -> int:
    """One section, in this process; the exit status."""
    module, _, function = SECTIONS[section].partition(":")
    load, _, _ = os.getloadavg()
    try:
        seconds, outcome = timed(getattr(importlib.import_module(module), function), bench)
    except LeftOut as missing:
        print(f"  left out: {missing}", file=sys.stderr)
        return LEFT_OUT
    outcome.facts |= {"seconds": seconds, "disk": disk(bench.home), "load": load}
    save(bench.results(section), outcome)
    shutil.rmtree(bench.temporary, ignore_errors=True)
    return 0


def _measured(bench: Workspace, section: str) -> bool:
    """Measure a section in a new process unless it is kept already; whether it is there now, or cannot be here."""
    if bench.results(section).exists():
        print(f"{section}: kept ({bench.results(section)})", file=sys.stderr)
        return True
    print(f"{section}:", file=sys.stderr, flush=True)
    command = [sys.executable, "-m", "benchmarks", bench.name, "--folder", str(bench.folder), "--one", section]
    return subprocess.run(command, check=False).returncode in (0, LEFT_OUT)


def keep(bench: Workspace, folder: Path = KEPT) -> None:
    """Copy what was measured to where the page reads it."""
    target = folder / bench.name
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted((bench.home / "results").glob("*.json")):
        shutil.copy2(path, target / path.name)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure tracegraph and others.")
    parser.add_argument("size", choices=SIZES)
    parser.add_argument(
        "--folder", type=Path, default=Path("bench-data"), help="where data, stores and results are kept"
    )
    parser.add_argument("--only", nargs="+", choices=SECTIONS, metavar="SECTION", help="measure nothing else")
    parser.add_argument("--again", nargs="+", choices=SECTIONS, default=[], metavar="SECTION", help="though it is kept")
    parser.add_argument("--publish", action="store_true", help="make docs/benchmarks.md of the results")
    parser.add_argument("--one", choices=SECTIONS, help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    sys.exit(main())
