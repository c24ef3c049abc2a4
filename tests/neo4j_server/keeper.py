"""`python -m tests.neo4j_server.keeper FOLDER JAVA ...` keeps one server, so that none outlives a test run.

It starts the command, prints its process number, and waits for a word on its standard input: `stop` or `kill`. Where
the input ends without one, whoever started it is dead: the server is killed and the folder is removed.
"""

from __future__ import annotations

import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path

#: Seconds that a server has to stop by itself.
PATIENCE = 60


def keep(folder: Path, command: list[str]) -> int:
    """Run the command until told otherwise; its exit status."""
    with (folder / "console.log").open("ab") as log:
        server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    print(server.pid, flush=True)
    word = _word(server)
    if word == "stop":
        server.terminate()
    elif server.poll() is None:
        server.kill()
    try:
        server.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
    if not word:
        shutil.rmtree(folder, ignore_errors=True)
    return server.returncode


def _word(server: subprocess.Popen[bytes]) -> str:
    """What we are told; `kill` where the server ends by itself."""
    while server.poll() is None:
        if select.select([sys.stdin], [], [], 0.2)[0]:
            return sys.stdin.readline().strip()
    return "kill"


if __name__ == "__main__":
    for interruption in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # Meant for the test run, which then ends our input. Not SIG_IGN: the server would inherit that.
        signal.signal(interruption, lambda *_: None)
    sys.exit(keep(Path(sys.argv[1]), sys.argv[2:]))
