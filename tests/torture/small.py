"""Few rounds of a torture, as a test: the same command as for many, in a process of its own because it forks."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


def few_rounds(name: str, folder: Path, rounds: int, seed: int = 1) -> dict[str, Any]:
    """The figures of so many rounds. AssertionError, with seed and how to repeat it, where one failed."""
    figures = folder / "figures.json"
    command = [sys.executable, "-m", "tests.torture", name, "--processes", "1"]
    command += ["--rounds", str(rounds), "--seed", str(seed), "--json", str(figures)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (told,) = json.loads(figures.read_text(encoding="utf-8"))["tortures"]
    assert told["rounds"] == rounds
    return dict(told)
