"""python -m tests.torture.page torture.json: write the figures of a run into docs/torture.md."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parents[2] / "docs" / "torture.md"
BEGIN, END = "<!-- figures -->\n", "<!-- end -->"


def table(run: dict[str, Any]) -> str:
    """What was measured when and by which command, and a row for each torture."""
    day, minutes = run["measured"].partition("T")[0], run["seconds"] / 60
    head = f"Measured on {day} with `{run['command']}`, Python {run['python']}, {run['processes']} processes, "
    rows = [row(torture) for torture in run["tortures"]]
    lines = [f"{head}{minutes:.0f} minutes.", "", "| torture | made | failed | outcomes |", "|---|---|---|---|", *rows]
    return "\n".join(lines) + "\n"


def row(torture: dict[str, Any]) -> str:
    """One torture."""
    outcomes = ", ".join(f"{count:,} {outcome}" for outcome, count in torture["outcomes"].items())
    made = f"{torture[torture['unit']]:,} {torture['unit']}"
    return f"| `{torture['torture']}` | {made} | {len(torture['failures'])} | {outcomes} |"


def with_figures(page: str, run: dict[str, Any]) -> str:
    """The page with these figures in the place of the earlier ones."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}{table(run)}{END}{after}"


def main() -> None:
    run = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    PAGE.write_text(with_figures(PAGE.read_text(encoding="utf-8"), run), encoding="utf-8")


if __name__ == "__main__":
    main()
