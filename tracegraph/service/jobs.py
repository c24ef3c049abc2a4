"""Jobs: what is done after its request was answered. Rows of the service file, their input and result files beside it.

A job waits, runs, and is done, failed or cancelled. One that is found running at the start was interrupted; it waits
again. So every kind of job must be safe to run twice: captures are, since an event counts once, and questions are.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from secrets import token_urlsafe
from threading import Condition
from typing import Any, BinaryIO

from tracegraph.access.caller import Caller
from tracegraph.model.instants import DAY
from tracegraph.service.callers import caller_of, caller_text
from tracegraph.service.file import ServiceFile

#: A job that was interrupted so often is not begun again: it may be what ends the process.
MOST_ATTEMPTS = 5
#: Seconds after which a file that no job owns was left behind.
_FORGOTTEN = 3_600
_INCOMING = "incoming-"


class JobState(StrEnum):
    """How far a job has got."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


_OPEN = (JobState.WAITING, JobState.RUNNING)


@dataclass(frozen=True, slots=True)
class Job:
    """One job. `asked`: what it is to do, `told`: what came of it (JSON objects, by kind); times are instants.

    `done` of `total` (None: not known) is its progress, in units of its kind. `number` grows from job to job.
    """

    id: str
    kind: str
    caller: Caller
    asked: Mapping[str, Any]
    state: JobState
    created_at: int
    number: int = 0
    started_at: int | None = None
    finished_at: int | None = None
    attempts: int = 0
    done: int = 0
    total: int | None = None
    told: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Whether it still waits or runs."""
        return self.state in _OPEN


class Jobs:
    """All jobs of a service. Safe to use from several threads and processes. `clock` gives instants."""

    def __init__(self, file: ServiceFile, clock: Callable[[], int], days: int = 7) -> None:
        self.folder = Path(f"{file.path}.jobs")
        self._file = file
        self._clock = clock
        self._kept = days * DAY
        self._news = Condition()
        self._changes = 0

    # asking

    @contextmanager
    def spool(self) -> Iterator[BinaryIO]:
        """A new file for the input of a job, on its disk when the context ends; hand its path (`.name`) to `ask`, else
        it is removed."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        path = self.folder / f"{_INCOMING}{token_urlsafe(16)}"
        try:
            with path.open("xb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
        except BaseException:
            path.unlink(missing_ok=True)
            raise

    def ask(self, kind: str, caller: Caller, asked: Mapping[str, Any], spooled: Path | None = None) -> Job:
        """A new job, which waits. `spooled`: its input, which becomes the job's own."""
        name = token_urlsafe(16)
        if spooled is not None:
            spooled.rename(self._path(name, "input"))
        with self._file.changing() as change:
            change.execute(
                "INSERT INTO job (id, kind, owner, caller, asked, state, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (name, kind, caller.name, caller_text(caller), json.dumps(asked), JobState.WAITING, self._clock()),
            )
        self.wake()
        return self[name]

    def cancel(self, name: str) -> bool:
        """End a job that is not done; whether it was open. One that runs ends at its next report of progress."""
        return self._end(name, JobState.CANCELLED, {}, _OPEN)

    # looking

    def __getitem__(self, name: str) -> Job:
        """The job of this id; KeyError where there is none."""
        found = self._rows("WHERE id = ?", (name,))
        if not found:
            raise KeyError(name)
        return found[0]

    def open_of(self, owner: str, kind: str) -> int:
        """How many jobs of a caller, of one kind, wait or run."""
        query = f"SELECT count(*) FROM job WHERE owner = ? AND kind = ? AND state IN ({_marks(_OPEN)})"
        with self._file.reading() as connection:
            return int(connection.execute(query, (owner, kind, *_OPEN)).fetchone()[0])

    def of(
        self, owner: str | None, kinds: Collection[str] = (), before: int | None = None, most: int = 30
    ) -> list[Job]:
        """The newest jobs of a caller (by name; None: of all), of some kinds (none: of all), `before` a number."""
        conditions, values = [], list[Any]()
        if owner is not None:
            conditions.append("owner = ?")
            values.append(owner)
        if kinds:
            conditions.append(f"kind IN ({_marks(kinds)})")
            values += kinds
        if before is not None:
            conditions.append("number < ?")
            values.append(before)
        where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
        return self._rows(f"{where} ORDER BY number DESC LIMIT ?", (*values, most))

    def input_of(self, job: Job) -> Path:
        """Where the input of a job is, while it is open and came with one."""
        return self._path(job.id, "input")

    def result_of(self, job: Job) -> Path:
        """Where the result of a job is, if it made a file."""
        return self._path(job.id, "result")

    @property
    def changes(self) -> int:
        """How often a job has changed in this process."""
        return self._changes

    def wait(self, seconds: float, since: int | None = None) -> None:
        """Until a job changes in this process, at most so long; no longer than until `changes` differs from `since`,
        so that nothing is missed that happened between a look and this call."""
        since = self._changes if since is None else since
        with self._news:
            self._news.wait_for(lambda: self._changes != since, seconds)

    # working

    def take(self, kinds: Collection[str]) -> Job | None:
        """The job that has waited longest, which runs from now on; None: none waits."""
        waiting = f"WHERE state = ? AND kind IN ({_marks(kinds)}) ORDER BY number LIMIT 1"
        for job in self._rows(waiting, (JobState.WAITING, *kinds)):
            with self._file.changing() as change:
                begun = change.execute(
                    "UPDATE job SET state = ?, started_at = ?, attempts = attempts + 1, done = 0"
                    " WHERE id = ? AND state = ?",
                    (JobState.RUNNING, self._clock(), job.id, JobState.WAITING),
                ).rowcount
            if begun:
                self.wake()
                return self[job.id]
        return None

    def progress(self, name: str, done: int, total: int | None) -> bool:
        """How far it has got; whether it is to go on."""
        with self._file.changing() as change:
            kept = change.execute(
                "UPDATE job SET done = ?, total = ? WHERE id = ? AND state = ?", (done, total, name, JobState.RUNNING)
            ).rowcount
        self.wake()
        return kept == 1

    def finish(self, name: str, told: Mapping[str, Any], failed: bool = False) -> None:
        """What came of a job that runs."""
        self._end(name, JobState.FAILED if failed else JobState.DONE, told, [JobState.RUNNING])

    def put_back(self, kinds: Collection[str]) -> None:
        """Jobs that run wait again: at the start of the only worker of these kinds they were interrupted, and where a
        worker ends it interrupts them. After too many attempts they have failed."""
        told = {"error": f"it was interrupted {MOST_ATTEMPTS} times; send it again in parts"}
        running = f"WHERE state = ? AND kind IN ({_marks(kinds)})"
        for job in self._rows(running, (JobState.RUNNING, *kinds)):
            if job.attempts >= MOST_ATTEMPTS:
                self.finish(job.id, told, failed=True)
        with self._file.changing() as change:
            change.execute(f"UPDATE job SET state = ? {running}", (JobState.WAITING, JobState.RUNNING, *kinds))
        self.wake()

    def postpone(self, name: str) -> None:
        """A job that cannot go on now waits again, and this attempt does not count."""
        with self._file.changing() as change:
            change.execute(
                "UPDATE job SET state = ?, attempts = attempts - 1 WHERE id = ? AND state = ?",
                (JobState.WAITING, name, JobState.RUNNING),
            )

    def forget(self, before: int) -> int:
        """Remove the jobs, and their results, that ended before an instant; returns how many."""
        with self._file.changing() as change:
            gone = [row["id"] for row in change.execute("SELECT id FROM job WHERE finished_at < ?", (before,))]
            change.executemany("DELETE FROM job WHERE id = ?", [(name,) for name in gone])
        for name in gone:
            self._path(name, "result").unlink(missing_ok=True)
        return len(gone)

    def tidy(self) -> None:
        """Remove jobs that ended long ago, and files that no job owns: of requests that were interrupted."""
        self.forget(self._clock() - self._kept)
        if not self.folder.is_dir():
            return
        oldest = self._clock() / 1e6 - _FORGOTTEN
        for path in self.folder.iterdir():
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < oldest and not self._is_owned(path):
                    path.unlink()

    def _is_owned(self, path: Path) -> bool:
        return not path.name.startswith(_INCOMING) and bool(self._rows("WHERE id = ?", (path.stem,)))

    def _end(self, name: str, state: JobState, told: Mapping[str, Any], before: Collection[JobState]) -> bool:
        with self._file.changing() as change:
            ended = change.execute(
                f"UPDATE job SET state = ?, finished_at = ?, told = ? WHERE id = ? AND state IN ({_marks(before)})",
                (state, self._clock(), json.dumps(told), name, *before),
            ).rowcount
        if ended:
            self._path(name, "input").unlink(missing_ok=True)
            self.wake()
        return ended == 1

    def wake(self) -> None:
        """Let everybody look who waits."""
        with self._news:
            self._changes += 1
            self._news.notify_all()

    def _rows(self, condition: str, values: Collection[Any]) -> list[Job]:
        with self._file.reading() as connection:
            return [_job(row) for row in connection.execute(f"SELECT * FROM job {condition}", tuple(values))]

    def _path(self, name: str, what: str) -> Path:
        return self.folder / f"{name}.{what}"


def _marks(values: Collection[Any]) -> str:
    return ", ".join("?" * len(values))


def _job(row: sqlite3.Row) -> Job:
    return Job(
        row["id"],
        row["kind"],
        caller_of(row["caller"]),
        json.loads(row["asked"]),
        JobState(row["state"]),
        row["created_at"],
        row["number"],
        row["started_at"],
        row["finished_at"],
        row["attempts"],
        row["done"],
        row["total"],
        json.loads(row["told"]),
    )
