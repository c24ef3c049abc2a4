"""Everyday trouble: full disks, clocks that jump, several writers and readers at once."""

from __future__ import annotations

import os
import resource
import sqlite3
from collections.abc import Callable, Sequence
from functools import partial
from itertools import accumulate, cycle
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

from tests.torture.kill_capture import recovered
from tests.torture.killing import Doom, work_until
from tests.torture.stories import NOW, answers_of, opened_at, steady_clock, story_of, url_of
from tests.torture.together import together
from tracegraph import cli

#: The exit status of the command line for a store that cannot be used.
UNUSABLE = 4
PAGE = 4096
DAY = 86_400_000_000


def full_disk(chance: Random, folder: Path) -> str:
    """A capture for which there is no room: told so, whole up to there, and complete once there is room again."""
    story = story_of(chance)
    files = story.write(folder / "files")
    pages = chance.randint(1, 90)
    limit = chance.choice([_no_large_file, _no_more_pages])

    def work(acknowledge: Callable[[int], None]) -> None:
        limit(pages)
        os.chdir(folder)
        with steady_clock():
            for path in files:
                status = cli.main(["--store", url_of(folder), "capture", str(path)])
                assert status in (0, UNUSABLE), f"exit status {status}"
                acknowledge(status)
                if status:
                    break

    told = work_until(work, folder, Doom()).acknowledged
    kept = recovered(story, folder)
    assert kept == told.count(0), f"{told.count(0)} files were stored, {kept} are there"
    if UNUSABLE in told:
        assert "cannot grow" in (folder / "killed.log").read_text(encoding="utf-8")
    with steady_clock(), opened_at(folder) as graph:
        graph.capture(*files[kept:], rejects=None)
        assert story.captured(graph.store) == len(files)
        assert answers_of(graph) == story.answers
    return "full" if UNUSABLE in told else "room enough"


def _no_large_file(pages: int) -> None:
    """No file may grow above so many pages."""
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (pages * PAGE, most))


def _no_more_pages(pages: int) -> None:
    """No database may have more pages."""
    original = sqlite3.connect

    def connect(*arguments: Any, **options: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = original(*arguments, **options)
        connection.execute(f"PRAGMA max_page_count = {pages}")
        return connection

    sqlite3.connect = connect  # type: ignore[assignment]


def clock_jumps(chance: Random, folder: Path) -> str:
    """The clock goes back and forth by days: what is recorded never goes back, no answer changes, and the state of each
    moment can be asked for again."""
    story = story_of(chance)
    clocks = [NOW + chance.choice([-400, -1, 0, 1, 30]) * DAY + chance.randrange(DAY) for _ in story.files]
    with opened_at(folder) as graph:
        for now, path in zip(clocks, story.write(folder / "files"), strict=True):
            with patch("tracegraph.graph.now", lambda now=now: now):
                graph.capture(path, rejects=None)
        recorded = [entry.recorded_at for entry in graph.store.entries()]
        assert recorded == sorted(recorded)
        assert list(graph.verify()) == []
        assert answers_of(graph) == story.answers
        for moment, known in zip(accumulate(clocks, max), story.heads[1:], strict=True):
            assert graph.store.position_at(moment) >= known.count
        assert graph.store.position_at(min(recorded) - 1) == 0
    return "jumped"


def several_at_once(chance: Random, folder: Path) -> str:
    """Two processes write the halves of a story in any order while two read: nobody sees half a change, and in the end
    the answers are as if one had written all."""
    story = story_of(chance)
    files = story.write(folder / "files")
    chance.shuffle(files)
    with opened_at(folder) as graph:
        graph.capture(files[0], rejects=None)
    writers = [partial(_write, folder, files[1 + number :: 2]) for number in range(2)]
    readers = [partial(_read, folder, folder / f"writer {number} is done") for number in range(2)]
    together([*writers, *readers], folder)
    with opened_at(folder, create=False) as graph:
        assert graph.store.head().count >= story.heads[-1].count
        assert list(graph.verify()) == []
        assert answers_of(graph) == story.answers
    return "together"


def _write(folder: Path, files: Sequence[Path]) -> None:
    try:
        with steady_clock(), opened_at(folder, create=False) as graph:
            for path in files:
                assert graph.capture(path, rejects=None).rejected == 0
    finally:
        for number in range(2):
            (folder / f"writer {number} is done").touch()


def _read(folder: Path, done: Path) -> None:
    """Ask until a writer is done: the ledger only grows, and each state is whole."""
    count = 0
    with opened_at(folder, create=False) as graph:
        for turn in cycle(range(4)):
            last = done.exists()
            now = graph.store.head().count
            assert now >= count, f"{count} entries, then {now}"
            count = now
            if turn == 0:
                assert list(graph.verify()) == []
            units = graph.store.units()
            graph.trace(units[turn % len(units)].key, direction="both")
            if last:
                return
