"""python -m tests.torture: many rounds of all tortures, or of the named ones; figures on stdout and as JSON.

Exit status 1 where any round failed. A failure is printed with its seed and the command that repeats it.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.measuring import commit, machine
from tests.torture.rounds import Figures, run
from tests.torture.tortures import TORTURES

#: So many failures of each torture are printed, with so many characters of each; all of them are in the JSON.
SHOWN, LONGEST = 3, 4000


def options() -> argparse.Namespace:
    """The options of the command."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="TORTURE", choices=[[], *TORTURES], help=", ".join(TORTURES))
    parser.add_argument("--rounds", type=int, help="rounds of each (default: the large number of each)")
    parser.add_argument("--round", type=int, help="this round only, to repeat it")
    parser.add_argument("--seed", type=int, default=1, help="other rounds (default 1)")
    parser.add_argument("--processes", type=int, default=2, help="processes at once (default 2)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    return parser.parse_args()


def rounds_of(name: str, chosen: argparse.Namespace) -> list[int]:
    """The numbers of the rounds to make."""
    if chosen.round is not None:
        return [chosen.round]
    return list(range(chosen.rounds or TORTURES[name].rounds))


def summary(found: list[Figures], chosen: argparse.Namespace) -> dict[str, Any]:
    """All figures, and what they were measured on."""
    return {
        "measured": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": " ".join(["python -m tests.torture", *sys.argv[1:]]),
        "commit": commit(),
        "machine": machine(),
        "processes": chosen.processes,
        "seconds": round(sum(figures.seconds for figures in found), 1),
        "tortures": [figures.as_json() for figures in found],
    }


def shortened(failure: str) -> str:
    """Its beginning and its end, which says how to repeat it."""
    return failure if len(failure) <= LONGEST else f"{failure[: LONGEST // 2]}\n...\n{failure[-LONGEST // 2 :]}"


def main() -> int:
    """Run, print, say whether all was well."""
    chosen = options()
    found = []
    for name in chosen.names or TORTURES:
        figures = run(TORTURES[name], rounds_of(name, chosen), chosen.seed, chosen.processes, watchdog=True)
        print(figures.line(), flush=True)
        for failure in figures.failures[:SHOWN]:
            print(f"\n{shortened(failure)}\n", flush=True)
        found.append(figures)
        if chosen.json:  # after each, for whoever has to stop a long run
            chosen.json.write_text(json.dumps(summary(found, chosen), indent=1) + "\n", encoding="utf-8")
    return int(any(figures.failures for figures in found))


if __name__ == "__main__":
    sys.exit(main())
