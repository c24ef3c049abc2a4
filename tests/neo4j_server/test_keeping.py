"""What is kept between runs is whole, whoever else begins; what is started ends with whoever started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.neo4j_server.cache import CACHE, cache_folder, kept

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]

#: Makes a cached file in two steps and tells how often it did.
MAKES = """
import sys, time
from pathlib import Path
from tests.neo4j_server.cache import kept

def make(path):
    with open(sys.argv[1], "a") as made:
        made.write("once ")
    path.write_text("half")
    time.sleep(0.2)
    path.write_text("whole")

print(kept("folder/thing", make).read_text())
"""

#: Starts a keeper, tells the number of the kept process, and waits to be killed.
STARTS = """
import subprocess, sys, time
keeper = [sys.executable, "-m", "tests.neo4j_server.keeper", sys.argv[1], "sleep", "1000"]
process = subprocess.Popen(keeper, stdin=subprocess.PIPE, start_new_session=True)
time.sleep(1000)
"""


def test_two_runs_that_begin_at_once_make_it_once(tmp_path: Path) -> None:
    environment = {**os.environ, CACHE: str(tmp_path / "cache")}
    command = [sys.executable, "-c", MAKES, str(tmp_path / "made")]
    both = [subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert [process.communicate()[0] for process in both] == ["whole\n", "whole\n"]
    assert (tmp_path / "made").read_text(encoding="utf-8") == "once "


def test_what_could_not_be_made_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CACHE, str(tmp_path))

    def half(path: Path) -> None:
        path.write_text("half", encoding="utf-8")
        raise OSError("no space")

    with pytest.raises(OSError, match="no space"):
        kept("folder/thing", half)
    assert [path.name for path in (tmp_path / "folder").iterdir()] == ["thing.lock"]
    assert kept("folder/thing", lambda path: path.touch()) == tmp_path.resolve() / "folder" / "thing"


def test_where_it_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(CACHE, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert cache_folder() == tmp_path.resolve() / "cache" / "tracegraph"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_folder() == tmp_path.resolve() / ".cache" / "tracegraph"


@pytest.mark.parametrize(("word", "status"), [("stop", -signal.SIGTERM), ("kill", -signal.SIGKILL)])
def test_a_server_ends_as_it_is_told(tmp_path: Path, word: str, status: int) -> None:
    with keeping(tmp_path, "sleep", "1000") as keeper:
        for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            keeper.send_signal(ignored)
        keeper.communicate(f"{word}\n")
        assert keeper.returncode % 256 == status % 256
    assert tmp_path.exists()


def test_a_server_that_ends_by_itself_ends_its_keeper(tmp_path: Path) -> None:
    with keeping(tmp_path, "sh", "-c", "echo something is wrong; exit 3") as keeper:
        assert keeper.wait() == 3
    assert (tmp_path / "console.log").read_text(encoding="utf-8") == "something is wrong\n"


def test_a_server_ends_when_the_run_is_killed(tmp_path: Path) -> None:
    folder = tmp_path / "server"
    folder.mkdir()
    run = subprocess.Popen([sys.executable, "-c", STARTS, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert run.stdout
    server = int(run.stdout.readline())
    os.kill(server, 0)
    run.kill()
    run.wait()
    run.stdout.close()
    while folder.exists():
        time.sleep(0.05)
    with pytest.raises(ProcessLookupError):
        os.kill(server, 0)


@contextmanager
def keeping(folder: Path, *command: str) -> Iterator[subprocess.Popen[str]]:
    """A keeper whose server has started."""
    keeper = subprocess.Popen(
        [sys.executable, "-m", "tests.neo4j_server.keeper", str(folder), *command],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert keeper.stdin
    assert keeper.stdout
    with keeper:
        assert keeper.stdout.readline().strip().isdecimal()
        yield keeper
