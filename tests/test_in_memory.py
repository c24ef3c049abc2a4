"""The plugin that keeps temporary files in memory."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.in_memory import PREFIX, folder_in
from tests.nested import run_pytest

WRITES = """
import os, pathlib, tempfile
def test_it(tmp_path):
    place = pathlib.Path(os.environ["TMPDIR"])
    assert place == pathlib.Path(tempfile.gettempdir()) and place in tmp_path.parents
    pathlib.Path({told!r}).write_text(str(place))
    assert {passes}
"""


def test_there_must_be_room(tmp_path: Path) -> None:
    assert folder_in(tmp_path, room=2**62) is None
    assert folder_in(tmp_path / "missing", room=0) is None
    folder = folder_in(tmp_path, room=0)
    assert folder is not None
    assert folder.parent == tmp_path


def test_what_ended_runs_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    for name in (f"{PREFIX}{ended.pid}-a", f"{PREFIX}{os.getpid()}-b", f"{PREFIX}1-c", "others"):
        (tmp_path / name / "inside").mkdir(parents=True)
    folder = folder_in(tmp_path, room=0)
    left = {path.name.split("-")[-1] for path in tmp_path.iterdir() if path != folder}
    assert left == {"b", "c", "others"}


@pytest.mark.parametrize("workers", [0, 1])
@pytest.mark.parametrize("passes", [True, False])
def test_a_run_leaves_its_files_where_a_test_failed(tmp_path: Path, workers: int, passes: bool) -> None:
    told = tmp_path / "told"
    done = run(tmp_path, WRITES.format(told=str(told), passes=passes), workers)
    place = Path(told.read_text(encoding="utf-8"))
    assert place.parent == tmp_path / "memory"
    assert done.returncode == (not passes), done.stdout
    assert place.exists() is (not passes)
    assert (str(place) in done.stdout) is (not passes)


def test_who_names_a_place_gets_it(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    told = tmp_path / "told"
    done = run(tmp_path, WRITES.format(told=str(told), passes=True), 0, str(tmp_path / "mine"))
    assert done.returncode == 0, done.stdout
    assert told.read_text(encoding="utf-8") == str(tmp_path / "mine")


def run(folder: Path, source: str, workers: int, place: str = "") -> subprocess.CompletedProcess[str]:
    """pytest with the plugin, for which `folder / "memory"` is memory."""
    (folder / "memory").mkdir()
    memory = f"in_memory.MEMORY, in_memory.ROOM = Path({str(folder / 'memory')!r}), 0\n"
    sources = {
        "test_it.py": source,
        "placed.py": f"from pathlib import Path\nfrom tests import in_memory\n{memory}",
    }
    return run_pytest(folder, sources, "placed", "tests.in_memory", workers=workers, TMPDIR=place)
