"""A real `tracegraph serve` in a process of its own: to be asked over the network, stopped, killed and begun again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.error import URLError
from urllib.request import urlopen

#: How often a service that is starting is asked whether it can answer.
PAUSE = 0.05


class NotServing(Exception):
    """The process ended before it could answer; the text is its log."""


class Served:
    """`store`: a URL. `options`: further arguments of the command. The log is in `folder`, one file for all runs."""

    def __init__(self, store: str, folder: Path, *options: str, port: int | None = None) -> None:
        self.store = store
        self.options = options
        self.port = port or free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = folder / "serve.log"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The running process."""
        assert self._process is not None
        return self._process

    def start(self) -> None:
        """Begin, and wait until it can answer."""
        command = [sys.executable, "-m", "tracegraph.cli", f"--store={self.store}", "serve", f"--port={self.port}"]
        environment = os.environ | {"TRACEGRAPH_LANG": "en"}
        with self.log.open("ab") as log:
            self._process = subprocess.Popen([*command, *self.options], stdout=log, stderr=log, env=environment)
        while not self._is_ready():
            if self.process.poll() is not None:
                raise NotServing(self.log.read_text(encoding="utf-8", errors="replace"))
            time.sleep(PAUSE)

    def _is_ready(self) -> bool:
        try:
            with urlopen(f"{self.address}/ready", timeout=5) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    def stop(self) -> int:
        """Ask it to end, as a container does; returns the exit status."""
        return self._end(signal.SIGTERM)

    def kill(self) -> int:
        """End it in the middle of what it does."""
        return self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> int:
        if self._process is None:
            return 0
        self._process.send_signal(how)
        status = self._process.wait()
        self._process = None
        return status

    def memory(self) -> int:
        """Resident bytes of the process."""
        text = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return next(int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("VmRSS"))


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number
