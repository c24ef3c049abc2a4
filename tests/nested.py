"""pytest in a folder of its own, for tests of its plugins: of those that are installed only xdist is there, since to
load the others takes longer than such a run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.wheel import ROOT


def run_pytest(
    folder: Path, sources: dict[str, str], *plugins: str, workers: int = 0, options: str = "", **variables: str
) -> subprocess.CompletedProcess[str]:
    """Write the sources by their names, and run them with these plugins. `options`: of pytest.ini. `variables`: of the
    environment; an empty TMPDIR is none."""
    for name, source in {**sources, "pytest.ini": f"[pytest]\n{options}\n"}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(source, encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    environment |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": f"{ROOT}{os.pathsep}{folder}", **variables}
    command = [sys.executable, "-m", "pytest", "-v", "-p", "xdist", "-p", "no:cacheprovider", "-n", str(workers)]
    command += [part for plugin in plugins for part in ("-p", plugin)]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
