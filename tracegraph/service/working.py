"""The threads that do jobs, one job after the other."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import Any

from tracegraph.errors import StoreLocked, StoreUnreachable, TracegraphError
from tracegraph.service.jobs import Job, Jobs

#: Seconds between two looks for jobs that another process asked.
LOOK = 1.0
#: Seconds before a job is tried again that found the store unusable.
PATIENCE = 5.0
#: Seconds between two removals of what is no longer needed.
TIDYING = 3_600.0

log = logging.getLogger("tracegraph")


class Ended(Exception):
    """The job was cancelled, or the service ends: what runs it must stop, and leave nothing half done."""


@dataclass(frozen=True, slots=True)
class Run:
    """One job being done."""

    job: Job
    jobs: Jobs
    stopping: Event

    @property
    def input(self) -> Path:
        """The input that came with it."""
        return self.jobs.input_of(self.job)

    @property
    def result(self) -> Path:
        """Where a result that is too large for `told` is to be written."""
        self.jobs.folder.mkdir(mode=0o700, exist_ok=True)
        return self.jobs.result_of(self.job)

    def progress(self, done: int, total: int | None = None) -> None:
        """Report how far it has got, now and then. Ended where it is not to go on."""
        if self.stopping.is_set() or not self.jobs.progress(self.job.id, done, total):
            raise Ended


#: Does one job, and returns what is told of it; an error of tracegraph means that it failed.
Runner = Callable[[Run], Mapping[str, Any]]


class JobWorker:
    """Does the jobs of some kinds, in a thread of its own. Only one process may have it for a kind."""

    def __init__(self, jobs: Jobs, runners: Mapping[str, Runner]) -> None:
        self._jobs = jobs
        self._runners = runners
        self._stopping = Event()
        self._thread = Thread(target=self._work, name=f"jobs of {', '.join(runners)}", daemon=True)

    def start(self) -> None:
        """Begin; jobs that were interrupted come first."""
        self._jobs.put_back(self._runners)
        self._jobs.tidy()
        self._thread.start()

    def stop(self) -> None:
        """End the job at hand at its next report of progress; it waits for the next start."""
        self._stopping.set()
        self._jobs.wake()
        if self._thread.is_alive():
            self._thread.join()

    def _work(self) -> None:
        tidied = monotonic()
        while not self._stopping.is_set():
            changes = self._jobs.changes
            if monotonic() - tidied > TIDYING:
                self._jobs.tidy()
                tidied = monotonic()
            job = self._jobs.take(self._runners)
            if job is None:
                self._jobs.wait(LOOK, changes)
            else:
                self._do(job)

    def _do(self, job: Job) -> None:
        try:
            told = self._runners[job.kind](Run(job, self._jobs, self._stopping))
        except Ended:
            self._jobs.postpone(job.id)
        except (StoreLocked, StoreUnreachable) as error:
            log.warning("job %s waits: %s", job.id, error)
            self._jobs.postpone(job.id)
            self._stopping.wait(PATIENCE)
        except TracegraphError as error:
            self._jobs.finish(job.id, {"error": str(error)}, failed=True)
        except Exception:
            log.exception("job %s failed", job.id)
            told = {"error": "the program has a fault; report it with the id of this job"}
            self._jobs.finish(job.id, told, failed=True)
        else:
            self._jobs.finish(job.id, told)
