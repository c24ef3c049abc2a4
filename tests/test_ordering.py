"""The plugin that begins long files first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.nested import run_pytest
from tests.ordering import LONG
from tests.wheel import ROOT

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = "import pytest\n@pytest.mark.parametrize('number', range({}))\ndef test_it(number): pass\n"


def test_the_long_files_are_there() -> None:
    assert [name for name in LONG if not (ROOT / name).is_file()] == []


@pytest.mark.parametrize(
    ("workers", "begun"),
    [
        (1, [LONG[0], LONG[1], "test_many.py", "test_few.py"]),
        (0, ["test_few.py", "test_many.py", LONG[0], LONG[1]]),
    ],
)
def test_long_files_begin_then_files_of_many_tests(tmp_path: Path, workers: int, begun: list[str]) -> None:
    counts = {LONG[1]: 1, LONG[0]: 1, "test_few.py": 2, "test_many.py": 3}
    sources = {name: SOURCE.format(count) for name, count in counts.items()}
    options = "addopts = --dist=loadfile --no-loadscope-reorder --import-mode=importlib"
    done = run_pytest(tmp_path, sources, "tests.ordering", workers=workers, options=options)
    assert done.returncode == 0, done.stdout
    passed = [line for line in done.stdout.splitlines() if "PASSED" in line]
    named = [word.split("::")[0] for line in passed for word in line.split() if "::" in word]
    assert list(dict.fromkeys(named)) == begun
