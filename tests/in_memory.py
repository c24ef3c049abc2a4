"""A pytest plugin: the tests' temporary files are in memory where there is room.

Stores make sure that what they wrote is on the disk, some ten thousand times in a run, and each time a process of tests
waits. In memory that is done at once. Whoever sets TMPDIR, or gives pytest --basetemp, has chosen another place. The
folder is removed at the end; where a test failed, the run says where it is, and it stays until the next run begins.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from _pytest.terminal import TerminalReporter

#: A file system in memory, as Linux has it.
MEMORY = Path("/dev/shm")
#: What must be free there: several times what a run needs.
ROOM = 4 * 2**30
PREFIX = "tracegraph-tests-"
TMPDIR = "TMPDIR"
_FOLDER = pytest.StashKey[Path]()


def pytest_configure(config: pytest.Config) -> None:
    """Choose the place before anybody asks for a temporary file; workers and commands inherit it."""
    if os.environ.get(TMPDIR) or config.option.basetemp:
        return
    folder = folder_in(MEMORY)
    if folder:
        config.stash[_FOLDER] = folder
        os.environ[TMPDIR] = str(folder)
        tempfile.tempdir = None  # it is looked up again


def folder_in(memory: Path, room: int = ROOM) -> Path | None:
    """A new folder for this process, those of processes that have ended removed; None where there is no room."""
    if not os.access(memory, os.W_OK):
        return None
    for left in memory.glob(f"{PREFIX}*"):
        if not is_running(left.name.removeprefix(PREFIX).partition("-")[0]):
            shutil.rmtree(left, ignore_errors=True)
    if shutil.disk_usage(memory).free < room:
        return None
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=memory))
    folder.chmod(0o711)  # a test that gives up its rights still gets to its own files
    return folder


def is_running(process: str) -> bool:
    """Whether there is a process of this number, whoever's."""
    try:
        os.kill(int(process), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        return True
    return True


def pytest_terminal_summary(
    terminalreporter: TerminalReporter, exitstatus: pytest.ExitCode, config: pytest.Config
) -> None:
    """Say where the files of tests that failed are."""
    if _FOLDER in config.stash and exitstatus == pytest.ExitCode.TESTS_FAILED:
        place = config.stash[_FOLDER]
        terminalreporter.line(
            f"The files of the tests are in {place}, until the next run; that is memory.", yellow=True
        )


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: pytest.ExitCode) -> None:
    """Free the memory where nobody has to look into it; another run in this process chooses anew."""
    if _FOLDER in session.config.stash:
        os.environ.pop(TMPDIR, None)
        tempfile.tempdir = None
        if exitstatus != pytest.ExitCode.TESTS_FAILED:
            shutil.rmtree(session.config.stash[_FOLDER], ignore_errors=True)
