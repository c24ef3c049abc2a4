"""A Neo4j server in a temporary folder: started, stopped, killed, started again."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

import pytest

from tests.neo4j_server.cache import kept
from tests.neo4j_server.database import USER, Database, connected
from tests.neo4j_server.java import chosen_version, identity_of, is_calendar, java_for, server_jars

ROOT = Path(__file__).parents[2]

#: Seconds in which a server must have started, on a machine that does much else.
PATIENCE = 120

#: Java for short lives: halves the work of a start.
QUICK = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
OPENED = tuple(f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in ("java.nio", "java.io", "sun.nio.ch"))
SETTINGS = {
    "server.default_listen_address": "127.0.0.1",
    "server.http.enabled": "false",
    "server.https.enabled": "false",
    "server.memory.pagecache.size": "128m",
    "dbms.usage_report.enabled": "false",
    "db.tx_log.preallocate": "false",
    "db.tx_log.rotation.size": "16m",
}


@dataclass
class Server:
    """One server. `settings` go into its neo4j.conf. `options`: for its Java and that of its tools; none for a server
    that is measured. `archive`: where it leaves its loaded classes when it stops; else it begins with those of an
    earlier one, in a third of the time."""

    version: str = field(default_factory=chosen_version)
    settings: dict[str, str] = field(default_factory=dict)
    heap: str = "2g"
    options: Sequence[str] = QUICK
    archive: Path | None = None
    password: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)
    port: int = field(default_factory=lambda: free_port())
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="tracegraph-neo4j-")))
    process: int = 0
    _keeper: subprocess.Popen[str] | None = field(default=None, repr=False)

    def __enter__(self) -> Server:
        try:
            self.set_password()
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._tell("kill")
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def address(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.port}"

    def url(self, scheme: str = "neo4j", database: str = "neo4j") -> str:
        """The database as the command line takes it, credentials included."""
        return f"{scheme}://{USER}:{self.password}@{self.address}/{database}"

    @contextmanager
    def connected(self) -> Iterator[Database]:
        """Its database, for tests that look inside."""
        with connected(self.url("bolt")) as driver:
            yield Database(self.url("bolt"), driver)

    def start(self) -> None:
        """Start it, first or again, on the same data, and wait until it answers."""
        self._write_settings()
        keeper = [sys.executable, "-m", "tests.neo4j_server.keeper", str(self.folder), *self._command()]
        self._keeper = subprocess.Popen(
            keeper, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        assert self._keeper.stdout
        self.process = int(self._keeper.stdout.readline())
        self._wait()

    def stop(self) -> None:
        """End it in order."""
        self._tell("stop")

    def kill(self) -> None:
        """End it at once, as kill -9 does."""
        self._tell("kill")

    def restart(self, settings: dict[str, str]) -> None:
        """Stop it, and start it with these settings too."""
        self.stop()
        self.settings |= settings
        self.start()

    def _tell(self, word: str) -> None:
        keeper, self._keeper = self._keeper, None
        if keeper is None:
            return
        try:
            keeper.communicate(f"{word}\n")
        except BrokenPipeError:  # the server ended by itself, and its keeper with it
            keeper.wait()

    def set_password(self) -> None:
        """Give it its password; to be done before its first start."""
        self._write_settings()
        self.administer("dbms", "set-initial-password", self.password)

    def administer(self, *arguments: str, folder: Path | None = None) -> None:
        """Run `neo4j-admin` with these arguments, in a folder."""
        command = [*self._java([*self.options, *OPENED], "org.neo4j.cli.AdminTool"), *arguments]
        homes = {"NEO4J_HOME": str(self.folder), "NEO4J_CONF": str(self.folder / "conf")}
        done = subprocess.run(
            command, cwd=folder, env={**os.environ, **homes}, capture_output=True, text=True, check=False
        )
        if done.returncode:
            self._fail(done.stdout + done.stderr)

    def _command(self) -> list[str]:
        options = [
            *self.options,
            f"-Xmx{self.heap}",
            *self._sharing(),
            *OPENED,
            "-Dio.netty.tryReflectionSetAccessible=true",
        ]
        entry = "Neo4jCommunity" if is_calendar(self.version) else "CommunityEntryPoint"
        folders = [f"--home-dir={self.folder}", f"--config-dir={self.folder / 'conf'}"]
        return [*self._java(options, f"org.neo4j.server.{entry}"), *folders]

    def _sharing(self) -> list[str]:
        if self.archive:
            return [f"-XX:ArchiveClassesAtExit={self.archive}"]
        return [f"-XX:SharedArchiveFile={loaded_classes(self.version)}"]

    def _java(self, options: list[str], main: str) -> list[str]:
        return [str(java_for(self.version)), *options, "-cp", f"{server_jars(self.version)}/*", main]

    def _write_settings(self) -> None:
        addresses = {
            "server.bolt.listen_address": self.address,
            "server.bolt.advertised_address": self.address,
        }
        (self.folder / "conf").mkdir(exist_ok=True)
        lines = [f"{name}={value}\n" for name, value in {**SETTINGS, **addresses, **self.settings}.items()]
        (self.folder / "conf" / "neo4j.conf").write_text("".join(lines), encoding="utf-8")

    def _wait(self) -> None:
        """Until the database answers."""
        from neo4j.exceptions import DriverError, Neo4jError

        deadline = time.monotonic() + PATIENCE
        with connected(self.url("bolt")) as driver:
            database = Database(self.url("bolt"), driver)
            while True:
                try:
                    database.run("RETURN 1")
                    return
                except (DriverError, Neo4jError) as error:
                    if not self.runs() or time.monotonic() > deadline:
                        self._fail(f"{error}\n{self.log()}")
                time.sleep(0.2)

    def _fail(self, said: str) -> NoReturn:
        pytest.fail(f"Neo4j {self.version} did not start:\n{said}", pytrace=False)

    def runs(self) -> bool:
        """Whether it was started and has not ended since."""
        return self._keeper is not None and self._keeper.poll() is None

    def log(self) -> str:
        """The end of what it wrote to its logs."""
        texts = [self.folder / "console.log", self.folder / "logs" / "neo4j.log"]
        return "\n".join(path.read_text(encoding="utf-8")[-3000:] for path in texts if path.exists())


def loaded_classes(version: str) -> Path:
    """The classes that a server of this version loads, as this machine's Java stores them; Java ignores what does not
    fit it."""
    return kept(
        f"neo4j/{version}/classes-{identity_of(java_for(version))}.jsa", lambda path: _store_classes(version, path)
    )


def _store_classes(version: str, path: Path) -> None:
    with Server(version, archive=path) as server:
        server.stop()
    path.touch()  # a Java that stores none is not asked again


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
