"""What the tests fetch once and keep: a folder outside the checkout, safe when several runs begin at once."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

#: Names the folder; else XDG_CACHE_HOME/tracegraph, else ~/.cache/tracegraph.
CACHE = "TRACEGRAPH_CACHE"


def cache_folder() -> Path:
    """The folder, which exists afterwards."""
    if os.environ.get(CACHE):
        folder = Path(os.environ[CACHE])
    else:
        folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tracegraph"
    folder.mkdir(parents=True, exist_ok=True)
    return folder.resolve()


def kept(name: str, make: Callable[[Path], None]) -> Path:
    """The cached file or folder of this name; made where it is missing, by one process while others wait, and there
    under its name only when it is whole."""
    wanted = cache_folder() / name
    wanted.parent.mkdir(parents=True, exist_ok=True)
    with exclusive(wanted.with_name(f"{wanted.name}.lock")):
        if not wanted.exists():
            draft = Path(tempfile.mkdtemp(prefix="making-", dir=wanted.parent))
            try:
                make(draft / wanted.name)
                (draft / wanted.name).rename(wanted)
            finally:
                shutil.rmtree(draft, ignore_errors=True)
    return wanted


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Only one process of the machine is inside; the system opens the lock where one dies."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
