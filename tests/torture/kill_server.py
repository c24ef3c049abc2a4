"""Kill a Neo4j server with -9 in mid-capture: after it starts again and the capture is given again, nothing that was
acknowledged is lost, nothing is there twice, and the chain is valid.

The server is killed before a statement that a seed chooses is sent, or while it does what the statement says, or at any
moment. It starts again while the capture still tries, or after that has given up.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from threading import Thread, Timer
from typing import Any
from unittest.mock import patch

from tests.neo4j_server.database import Database, connected
from tests.neo4j_server.server import Server
from tests.torture.stories import Story, answers_of, state_of, steady_clock, story_of, story_of_name
from tracegraph import Tracegraph
from tracegraph.errors import StoreError

#: Seconds after a statement was sent at which the server does what it says; and for which a capture tries again.
AT_WORK = 0.003
BRIEFLY, LONG = 0.5, 30.0


@dataclass(frozen=True, slots=True)
class Trouble:
    """When to kill: with this step (a statement or a commit), before it is sent or (`late`) while it is done; or after
    so many seconds; never where both are None. `again`: it starts again at once."""

    step: int | None = None
    late: bool = False
    seconds: float | None = None
    again: bool = False


@dataclass(slots=True)
class Course:
    """How a capture went: files acknowledged, steps and seconds taken, whether the server was killed."""

    acknowledged: int = 0
    steps: int = 0
    seconds: float = 0.0
    killed: bool = False
    _waits: list[Thread] = field(default_factory=list)


def killed_server(chance: Random, folder: Path) -> str:
    """One story, captured file by file, whose server is killed once or twice on the way."""
    story = story_of(chance)
    files = story.write(folder / "files")
    usual = untroubled(story.name)
    server = emptied_server()
    kept, kills = 0, 0
    for _ in range(chance.randint(1, 2)):
        course = captured(server, files[kept:], drawn(chance, usual))
        kills += course.killed
        if not server.runs():
            server.start()
        before, kept = kept, recovered(story, server)
        assert kept >= before + course.acknowledged, f"{course.acknowledged} files acknowledged, {kept - before} kept"
    with steady_clock(), Tracegraph.open(server.url()) as graph:
        graph.capture(*files, rejects=None)
        assert state_of(graph.store) == story.states[-1]
        assert graph.store.head() == story.heads[-1]
        assert answers_of(graph) == story.answers
    return f"killed {kills} times" if kills != 1 else "killed once"


@lru_cache
def running_server() -> Server:
    """One server for all rounds of this process; it ends when the process ends, however that is."""
    return Server().__enter__()


def emptied_server() -> Server:
    """The server, with nothing in its database."""
    server = running_server()
    if not server.runs():  # the round before failed
        server.start()
    with connected(server.url()) as driver:
        Database(server.url(), driver).empty()
    return server


def drawn(chance: Random, usual: Course) -> Trouble:
    """Some trouble during a capture that usually goes like this."""
    again = chance.random() < 0.3
    if chance.random() < 0.3:
        return Trouble(seconds=chance.uniform(0, usual.seconds), again=again)
    return Trouble(step=chance.randint(1, usual.steps), late=chance.random() < 0.5, again=again)


@lru_cache
def untroubled(name: str) -> Course:
    """How a capture goes that nothing troubles."""
    with TemporaryDirectory() as folder:
        files = story_of_name(name).write(Path(folder))
        return captured(emptied_server(), files, Trouble())


def recovered(story: Story, server: Server) -> int:
    """How many files the store holds, all whole."""
    with Tracegraph.open(server.url()) as graph:
        return story.captured(graph.store)


def captured(server: Server, files: list[Path], trouble: Trouble) -> Course:
    """Capture file by file until all is done, or the store says that it cannot be used any more."""
    course = Course()
    begun = time.monotonic()

    def kill() -> None:
        if not course.killed:
            course.killed = True
            server.kill()
            if trouble.again:
                later(course, 0, server.start)

    def step() -> None:
        course.steps += 1
        if course.steps == trouble.step:
            if trouble.late:
                later(course, AT_WORK, kill)
            else:
                kill()

    if trouble.seconds is not None:
        later(course, trouble.seconds, kill)
    with steady_clock(), patient(LONG if trouble.again else BRIEFLY), counted_steps(step):
        try:
            with Tracegraph.open(server.url()) as graph:
                for path in files:
                    graph.capture(path, rejects=None)
                    course.acknowledged += 1
        except StoreError:
            if not course.killed:
                raise
    course.seconds = time.monotonic() - begun
    while course._waits:
        course._waits.pop().join()
    return course


def later(course: Course, seconds: float, act: Callable[[], None]) -> None:
    """Act after so many seconds; the course waits for it at its end."""
    timer = Timer(seconds, act)
    course._waits.append(timer)
    timer.start()


@contextmanager
def patient(seconds: float) -> Iterator[None]:
    """Stores that are opened meanwhile try for so long what may pass by itself."""
    from tracegraph.stores.neo4j import Settings, store

    with patch.object(store, "Settings", lambda: Settings(retry_time=seconds)):
        yield


@contextmanager
def counted_steps(step: Callable[[], None]) -> Iterator[None]:
    """Call this before each statement and each commit."""
    from neo4j import Transaction

    base: Any = Transaction.__mro__[1]  # of the driver's transactions of both kinds
    run, commit = base.run, base._commit

    def counted(original: Any) -> Any:
        def call(self: Any, *arguments: Any, **options: Any) -> Any:
            step()
            return original(self, *arguments, **options)

        return call

    with patch.object(base, "run", counted(run)), patch.object(base, "_commit", counted(commit)):
        yield
