"""python -m tests.torture.page torture.json ...: write the figures of one run, or of several, into docs/torture.md."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parents[2] / "docs" / "torture.md"
BEGIN, END = "<!-- figures -->\n", "<!-- end -->"


def table(run: dict[str, Any]) -> str:
    """What was measured when, where and by which command, and a row for each torture."""
    rows = [row(torture) for torture in run["tortures"]]
    lines = [head(run), "", "| torture | made | failed | outcomes |", "|---|---|---|---|", *rows]
    return "\n".join(lines) + "\n"


def head(run: dict[str, Any]) -> str:
    """One paragraph. Processor time beside the minutes tells how busy the machine was with other work."""
    day, machine = run["measured"].partition("T")[0], run["machine"]
    where = f"{machine['processor']}, {machine['memory']}, {machine['system']}, Python {machine['python']}"
    computed = sum(torture["processor_seconds"] for torture in run["tortures"])
    took = f"{run['seconds'] / 60:.0f} minutes, {computed / 60:.0f} of processor time in {run['processes']} processes"
    return f"Measured on {day}, commit {run['commit']}: {where}; {took}, with\n`{run['command']}`."


def row(torture: dict[str, Any]) -> str:
    """One torture."""
    outcomes = ", ".join(f"{count:,} {outcome}" for outcome, count in torture["outcomes"].items())
    made = f"{torture[torture['unit']]:,} {torture['unit']}"
    return f"| `{torture['torture']}` | {made} | {len(torture['failures'])} | {outcomes} |"


def with_figures(page: str, *runs: dict[str, Any]) -> str:
    """The page with the figures of these runs in the place of the earlier ones."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    tables = "\n".join(table(run) for run in runs)
    return f"{before}{BEGIN}{tables}{END}{after}"


def main() -> None:
    runs = [json.loads(Path(name).read_text(encoding="utf-8")) for name in sys.argv[1:]]
    PAGE.write_text(with_figures(PAGE.read_text(encoding="utf-8"), *runs), encoding="utf-8")


if __name__ == "__main__":
    main()
