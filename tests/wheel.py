"""Build tracegraph's wheel from a copy of the sources, so that nothing left over from an earlier build gets into it.

`python -m tests.wheel FOLDER` empties FOLDER and puts the wheel there.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("pyproject.toml", "setup.py", "README.md", "LICENSE", "tracegraph", "api", "cypher")


def build_wheel(destination: Path) -> Path:
    """The path of the new wheel; `destination` then holds nothing else."""
    shutil.rmtree(destination, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        copy_sources(Path(folder))
        pip = [sys.executable, "-m", "pip", "--quiet", "wheel", "--no-deps", "--no-build-isolation"]
        subprocess.run([*pip, "--wheel-dir", destination, folder], check=True)
    (wheel,) = destination.glob("*.whl")
    return wheel


def copy_sources(folder: Path) -> None:
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, folder / name)


if __name__ == "__main__":
    build_wheel(Path(sys.argv[1]))
