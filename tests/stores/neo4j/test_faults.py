"""What goes wrong with a server: one sentence, exit status 4, and tried again where that is right."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING
from unittest.mock import patch
from urllib.parse import urlsplit, urlunsplit

import pytest

from tests.neo4j_server.proxy import Proxy
from tests.neo4j_server.server import Server, free_port
from tests.stores.children import environment
from tests.torture.stories import Story, steady_clock, story_of_name
from tracegraph import Tracegraph, cli
from tracegraph.contract.samples import ACTOR
from tracegraph.contract.samples import event as sample_event
from tracegraph.errors import StoreError
from tracegraph.stores.neo4j import Settings, open_neo4j, store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.neo4j_server.database import Database

READ_ONLY = {"server.databases.default_to_read_only": "true"}
WRITABLE = {"server.databases.default_to_read_only": "false"}
PASSWORD = "not-the-password-7f3a"
UNIT = "urn:epc:id:sgtin:9521234.012345.1"
EVENT = {
    "type": "ObjectEvent",
    "eventTime": "2026-01-01T08:00:00Z",
    "eventTimeZoneOffset": "+00:00",
    "action": "ADD",
    "bizStep": "commissioning",
    "epcList": [UNIT],
}


@pytest.fixture
def event(tmp_path: Path) -> Path:
    path = tmp_path / "event.json"
    path.write_text(json.dumps(EVENT), encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def _impatient() -> Iterator[None]:
    with trying(0.1):
        yield


@contextmanager
def trying(seconds: float) -> Iterator[None]:
    """Stores that are opened meanwhile try again for so long what may pass by itself."""
    with patch.object(store, "Settings", lambda: Settings(retry_time=seconds)):
        yield


class Command:
    """Runs the command line in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str], folder: Path) -> None:
        self._capsys = capsys
        self._folder = folder

    def __call__(self, url: str, *words: str) -> tuple[int, str, str]:
        """Exit status, output, and what was said beside it."""
        status = cli.main(["--store", url, *words])
        told = self._capsys.readouterr()
        return status, told.out, told.err

    def fails(self, url: str, *words: str) -> str:
        """The one sentence of a store that cannot be used."""
        status, out, said = self(url, *words)
        assert (status, out) == (4, ""), said
        (sentence,) = said.splitlines()
        assert "Traceback" not in sentence
        assert "Error" not in sentence
        assert PASSWORD not in sentence
        return sentence


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    monkeypatch.chdir(tmp_path)
    return Command(capsys, tmp_path)


def with_password(url: str, password: str) -> str:
    before, _, after = url.rpartition("@")
    return f"{before.rpartition(':')[0]}:{password}@{after}"


@pytest.mark.parametrize("words", [("capture", "event.json"), ("trace", "forward", UNIT)])
def test_wrong_password(command: Command, neo4j_database: Database, event: Path, words: tuple[str, ...]) -> None:
    said = command.fails(with_password(neo4j_database.url, PASSWORD), *words)
    assert "refuses the user name and password; give them" in said


def test_server_down(command: Command, event: Path) -> None:
    for scheme in ("neo4j", "bolt"):
        said = command.fails(f"{scheme}://neo4j:{PASSWORD}@127.0.0.1:{free_port()}/neo4j", "capture", str(event))
        assert "cannot be reached" in said
        assert "check that its server runs" in said


def test_unknown_host(command: Command, event: Path) -> None:
    said = command.fails(f"neo4j://neo4j:{PASSWORD}@no-such-host.invalid/neo4j", "capture", str(event))
    assert "cannot be reached" in said


def test_missing_database(command: Command, neo4j_database: Database, event: Path) -> None:
    for scheme in ("neo4j", "bolt"):
        url = neo4j_database.url.replace("neo4j://", f"{scheme}://").removesuffix("/neo4j") + "/missing"
        assert "has no such database" in command.fails(url, "capture", str(event))


def test_a_server_that_is_no_neo4j(command: Command, event: Path) -> None:
    """Something else listens there, and talks of other things."""

    def talk() -> None:
        while True:
            try:
                client, _ = other.accept()
            except OSError:
                return
            with client:
                client.recv(100)
                client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as other:
        threading.Thread(target=talk, daemon=True).start()
        said = command.fails(f"bolt://neo4j:{PASSWORD}@127.0.0.1:{other.getsockname()[1]}/neo4j", "capture", str(event))
    assert "cannot be" in said


def test_read_only_and_started_again(command: Command, event: Path) -> None:
    """A server that does not allow writing can be asked. A store that was open all the time finds its server again."""
    with Server() as server:
        server.restart(READ_ONLY)
        assert "is read-only" in command.fails(server.url(), "capture", str(event))
        assert "there is no store" in command.fails(server.url(), "trace", "forward", UNIT)
        server.restart(WRITABLE)
        with trying(20.0), Tracegraph.open(server.url()) as graph:
            assert graph.capture(event, rejects=None).accepted == 1
            before = graph.trace(UNIT, direction="forward").to_json()
            server.kill()
            server.start()  # writable: one that only reads does not rebuild what a crash left unfinished
            assert graph.trace(UNIT, direction="forward").to_json() == before
            server.restart(READ_ONLY)
            assert graph.trace(UNIT, direction="forward").to_json() == before
        event.write_text(json.dumps({**EVENT, "eventTime": "2026-01-02T08:00:00Z"}), encoding="utf-8")
        assert "is read-only" in command.fails(server.url(), "capture", str(event))


#: Begins a change, says so, and never ends it.
HOLDS = """
import sys, time
from tracegraph.contract.samples import ACTOR, event
from tracegraph.stores.neo4j import open_neo4j

with open_neo4j(sys.argv[1]).write() as change:
    change.append([event("lost", "unit")], 1, ACTOR)
    print("holds", flush=True)
    time.sleep(1000)
"""


def test_a_writer_that_is_killed(neo4j_database: Database) -> None:
    """Nothing of its change is there, and nobody waits for it any longer."""
    command = [sys.executable, "-c", HOLDS, neo4j_database.url]
    with (
        closing(open_neo4j(neo4j_database.url)) as open_store,
        subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, text=True) as writer,
    ):
        assert writer.stdout
        assert writer.stdout.readline() == "holds\n"
        assert open_store.head().count == 0
        writer.kill()
        with open_store.write() as change:
            assert change.append([sample_event("kept", "unit")], 1, ACTOR) == range(1, 2)
        assert [stored.facts.content_hash for stored in open_store.events()] == ["kept"]


class TestNetworkCut:
    """The network between store and server is cut."""

    def test_in_mid_query_and_comes_back(self, neo4j_database: Database, event: Path) -> None:
        """The question is asked again, on a new connection."""
        with Tracegraph.open(neo4j_database.url) as graph:
            graph.capture(event, rejects=None)
            expected = graph.trace(UNIT, direction="forward").to_json()
        for after in range(1, 6):
            with cut(neo4j_database, after, once=True) as (scissors, url), trying(20.0), Tracegraph.open(url) as graph:
                scissors.taken = True
                assert graph.trace(UNIT, direction="forward").to_json() == expected
                assert scissors.cuts == 1

    def test_in_mid_query_for_good(self, command: Command, neo4j_database: Database, event: Path) -> None:
        assert command(neo4j_database.url, "capture", str(event))[0] == 0
        for after in (1, 3, 5, 9):
            with cut(neo4j_database, after) as (scissors, url):
                scissors.taken = True
                said = command.fails(url, "trace", "forward", UNIT)
            assert scissors.cuts
            assert "cannot be reached" in said or "cannot be used" in said

    def test_in_mid_capture(self, neo4j_database: Database, tmp_path: Path) -> None:
        """Nothing of the change is there, or all of it; the same file, captured again, completes it. Cut at the
        beginning, in the middle, and at each of the last pieces, with which the change is committed and shown; there,
        also after the server has done what it was asked."""
        story = story_of_name("0")
        files = story.write(tmp_path / "files")[:2]
        with cut(neo4j_database, 10**9) as (scissors, url), steady_clock(), Tracegraph.open(url) as graph:
            graph.capture(files[0], rejects=None)
            scissors.taken = True
            graph.capture(files[1], rejects=None)
        assert scissors.seen > 20
        early, last = (1, scissors.seen // 2), range(scissors.seen - 3, scissors.seen + 1)
        cuts = [(after, False) for after in (*early, *last)] + [(after, True) for after in last]
        outcomes = [self._captured(neo4j_database, story, files, after, late) for after, late in cuts]
        assert set(outcomes) == {1, 2}, "either cut too early or too late"

    def _captured(self, database: Database, story: Story, files: list[Path], after: int, late: bool) -> int:
        """How many files the store holds after the capture of the second one was cut."""
        database.empty()
        with steady_clock():
            with cut(database, after, late=late) as (scissors, url), Tracegraph.open(url) as graph:
                graph.capture(files[0], rejects=None)
                scissors.taken = True
                acknowledged = self._acknowledged(graph, files[1])
            with Tracegraph.open(database.url) as graph:
                kept = story.captured(graph.store)
                assert kept >= 1 + acknowledged
                graph.capture(*files, rejects=None)
                assert story.captured(graph.store) == 2
        return kept

    def _acknowledged(self, graph: Tracegraph, file: Path) -> bool:
        """Whether the capture of a file says that it is done."""
        try:
            graph.capture(file, rejects=None)
        except StoreError:
            return False
        return True


class Scissors:
    """Cuts the network when so many pieces have been sent after `taken` was set: before that piece goes on, or (`late`)
    when the server answers it. `once`: only the connections that there are."""

    def __init__(self, after: int, once: bool, late: bool) -> None:
        self.after = after
        self.once = once
        self.late = late
        self.taken = False
        self.seen = 0
        self.cuts = 0
        self.proxy: Proxy

    def __call__(self, piece: bytes) -> None:
        if not self.taken:
            return
        self.seen += 1
        if self.seen == self.after:
            self.cuts += 1
            if self.late:
                self.proxy.deaf = True
            elif self.once:
                self.proxy.drop()
            else:
                self.proxy.cut()


@contextmanager
def cut(database: Database, after: int, once: bool = False, late: bool = False) -> Iterator[tuple[Scissors, str]]:
    """Scissors, and the URL of the database through a network that they can cut."""
    parts = urlsplit(database.url)
    assert parts.port
    scissors = Scissors(after, once, late)
    with Proxy(parts.port, scissors) as scissors.proxy:
        place = parts.netloc.replace(f":{parts.port}", f":{scissors.proxy.port}")
        yield scissors, urlunsplit(parts._replace(netloc=place))
