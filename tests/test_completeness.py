"""The plugin that names what was not run, and fails for it in CI."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.nested import run_pytest

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

SKIPPED = (
    "import pytest\n@pytest.mark.parametrize('i', range(3))\ndef test_it(i): pytest.skip('BASE is not set; set it')\n"
)
MODULE = "import pytest\npytest.skip('no BASE here; add it', allow_module_level=True)\n"
EXPECTED = "import pytest\n@pytest.mark.xfail(reason='not yet')\ndef test_it(): assert False\n"
PASSING = "def test_it(): pass\n"
FAILING = "def test_it(): assert False\n"


@pytest.mark.parametrize("workers", [0, 2])
@pytest.mark.parametrize(
    ("source", "said"),
    [
        (SKIPPED, "BASE is not set; set it (3 tests not run)"),
        (MODULE, "no BASE here; add it (1 test not run)"),
        (EXPECTED, "expected to fail: not yet (1 test not run)"),
    ],
)
def test_what_was_not_run_is_named_and_fails_in_ci(tmp_path: Path, source: str, said: str, workers: int) -> None:
    sources = [PASSING, source]
    relaxed = run_tests(tmp_path, sources, workers, ci="")
    strict = run_tests(tmp_path, sources, workers, ci="true")
    assert (relaxed.returncode, strict.returncode) == (0, 1)
    assert said in relaxed.stdout
    assert said in strict.stdout
    assert "CI=true: anything not run is a failure." in strict.stdout


@pytest.mark.parametrize(("source", "status"), [(PASSING, 0), (FAILING, 1)])
def test_a_complete_run_is_left_alone(tmp_path: Path, source: str, status: int) -> None:
    done = run_tests(tmp_path, [source], workers=0, ci="true")
    assert done.returncode == status
    assert "not run" not in done.stdout


def test_the_reference_data_must_be_a_folder(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text("from tests.conftest import reference\n", encoding="utf-8")
    source = "def test_it(reference): assert reference.is_dir()\n"
    assert run_tests(tmp_path, [source], 0, ci="").returncode == 0
    assert run_tests(tmp_path, [source], 0, ci="true").returncode == 1
    assert run_tests(tmp_path, [source], 0, ci="true", reference=str(tmp_path)).returncode == 0
    assert run_tests(tmp_path, [source], 0, ci="", reference=str(tmp_path / "missing")).returncode == 1


def run_tests(
    folder: Path, sources: list[str], workers: int, ci: str, reference: str = ""
) -> subprocess.CompletedProcess[str]:
    named = {f"test_{number}.py": source for number, source in enumerate(sources)}
    return run_pytest(folder, named, "tests.completeness", workers=workers, CI=ci, TRACEGRAPH_REFERENCE=reference)
