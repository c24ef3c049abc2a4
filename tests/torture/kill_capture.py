"""Kill a capture again and again: everything acknowledged is there, whole; what follows after resuming is as if
nothing had happened."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from tests.torture.killing import Doom, End, moment_of, step_of, work_until
from tests.torture.stories import (
    Story,
    answers_of,
    capture_in_portions,
    long_story,
    opened_at,
    state_of,
    steady_clock,
    story_of,
    story_of_name,
    url_of,
)
from tracegraph import cli

#: A capture is killed at most so often before it is let through.
MOST_KILLS = 3


def killed_in_capture(chance: Random, folder: Path) -> str:
    """One story, captured file by file by Python or the command line, killed once at a step and up to two times more at
    some moment."""
    story = story_of(chance)
    files = story.write(folder / "files")
    through = chance.choice([captured_by_python, captured_by_command])
    kills = 0
    whole = untroubled(story.name, through is captured_by_command)
    for attempt in range(chance.randint(1, MOST_KILLS)):
        begun = recovered(story, folder)
        doom = moment_of(chance, whole) if attempt else step_of(chance, whole)
        end = work_until(through(folder, files[begun:]), folder, doom)
        kills += end.killed
        kept = recovered(story, folder)
        assert kept >= begun + len(end.acknowledged), f"{len(end.acknowledged)} files acknowledged, {kept - begun} kept"
    assert kills
    last = work_until(through(folder, files), folder, Doom())
    assert not last.killed
    with opened_at(folder, create=False) as graph:
        assert state_of(graph.store) == story.states[-1]
        assert graph.store.head() == story.heads[-1]
        assert answers_of(graph) == story.answers
    return f"killed {kills} times" if kills != 1 else "killed once"


def killed_in_long_capture(chance: Random, folder: Path) -> str:
    """One long file, captured in portions while a second process reads it; killed with it, once or twice."""
    name = str(chance.randrange(2))
    story = long_story(name)
    files = story.write(folder / "files")
    whole = untroubled_long(name)
    for attempt in range(chance.randint(1, 2)):
        doom = moment_of(chance, whole) if attempt else step_of(chance, whole)
        end = work_until(captured_in_portions(folder, files), folder, doom)
        kept = story.heads[recovered(story, folder)].count
        assert kept >= max(end.acknowledged, default=0), f"{max(end.acknowledged)} entries acknowledged, {kept} kept"
    assert not work_until(captured_in_portions(folder, files), folder, Doom()).killed
    with opened_at(folder, create=False) as graph:
        assert story.captured(graph.store) == len(story.heads) - 1
        assert answers_of(graph) == story.answers
    return "killed"


def captured_in_portions(folder: Path, files: list[Path]) -> Callable[[Callable[[int], None]], None]:
    """Work that captures with a second process and acknowledges how long the ledger is after each portion."""

    def work(acknowledge: Callable[[int], None]) -> None:
        with opened_at(folder) as graph:
            store = graph.store
            capture_in_portions(store, files, lambda _: acknowledge(store.head().count), second_process=True)

    return work


@lru_cache
def untroubled_long(name: str) -> End:
    """How many steps and seconds the capture of the long file takes."""
    with TemporaryDirectory() as folder:
        files = long_story(name).write(Path(folder, "files"))
        return work_until(captured_in_portions(Path(folder), files), Path(folder), Doom())


def recovered(story: Story, folder: Path) -> int:
    """How many files the store of the folder holds, all whole; none where the store was not even made."""
    if not (folder / "store.db").exists():
        return 0
    with opened_at(folder) as graph:
        return story.captured(graph.store)


def captured_by_python(folder: Path, files: list[Path]) -> Callable[[Callable[[int], None]], None]:
    """Work that captures each file and acknowledges it."""

    def work(acknowledge: Callable[[int], None]) -> None:
        with steady_clock(), opened_at(folder) as graph:
            for number, path in enumerate(files):
                graph.capture(path, rejects=None)
                acknowledge(number)

    return work


def captured_by_command(folder: Path, files: list[Path]) -> Callable[[Callable[[int], None]], None]:
    """The same, one call of the command line for each file; its report is the acknowledgement."""

    def work(acknowledge: Callable[[int], None]) -> None:
        os.chdir(folder)
        with steady_clock():
            for number, path in enumerate(files):
                assert cli.main(["--store", url_of(folder), "capture", str(path)]) == 0
                acknowledge(number)

    return work


@lru_cache
def untroubled(name: str, by_command: bool) -> End:
    """How many steps and seconds a whole capture takes."""
    story = story_of_name(name)
    through = captured_by_command if by_command else captured_by_python
    with TemporaryDirectory() as folder:
        return work_until(through(Path(folder), story.write(Path(folder, "files"))), Path(folder), Doom())
