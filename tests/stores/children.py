"""Code that must run in a process of its own: without rights, with little disk, or to be killed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import tracegraph

#: Gives up the rights of root, where the tests have them: root may write everything.
WITHOUT_RIGHTS = """
import os
from tracegraph.contract.samples import ACTOR, event
from tracegraph.errors import StoreError
from tracegraph.stores.port import HoldingQuery
from tracegraph.stores.sqlite import open_sqlite
import cryptography, rfc8785, tracegraph.stores.sqlite.checking
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
"""

#: No file may grow above 300 kB.
WITHOUT_SPACE = """
import resource
from tracegraph.contract.samples import ACTOR, event
from tracegraph.errors import StoreError
from tracegraph.stores.sqlite import open_sqlite
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
"""


def environment() -> dict[str, str]:
    """The environment of a child that imports the same tracegraph."""
    return {**os.environ, "PYTHONPATH": str(Path(tracegraph.__file__).parents[1])}


def output_of(prelude: str, code: str, *arguments: object) -> list[str]:
    """The lines that the code prints in a new Python; its arguments are in `argv`."""
    program = f"import sys\nargv = sys.argv[1:]\n{prelude}\n{dedent(code)}"
    finished = subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    return finished.stdout.splitlines()
