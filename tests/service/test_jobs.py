"""Jobs: what they remember, who does them, and what interrupts them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import pytest

from tracegraph.access.caller import Caller, Role
from tracegraph.errors import StoreFull, StoreLocked
from tracegraph.model.instants import DAY
from tracegraph.service import working
from tracegraph.service.file import ServiceFile
from tracegraph.service.jobs import MOST_ATTEMPTS, Job, Jobs, JobState
from tracegraph.service.working import JobWorker, Run

ASKER = Caller("maker", Role.OPERATOR, frozenset({"https://id.gs1.org/417/9521234000006"}), frozenset({"trace"}))
OTHER = Caller("other", Role.ADMIN)


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000_000_000_000

    def __call__(self) -> int:
        self.now += 1
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def jobs(tmp_path: Path, clock: Clock) -> Iterator[Jobs]:
    file = ServiceFile(tmp_path / "store.service")
    yield Jobs(file, clock)
    file.close()


def spooled(jobs: Jobs, data: bytes) -> Path:
    with jobs.spool() as stream:
        stream.write(data)
    return Path(stream.name)


def done(jobs: Jobs, job: Job, run: Callable[[Run], dict]) -> Job:
    """The job after a worker had it."""
    worker = JobWorker(jobs, {job.kind: run})
    worker.start()
    while jobs[job.id].is_open:
        jobs.wait(0.05)
    worker.stop()
    return jobs[job.id]


def test_a_job_says_what_it_was_asked_and_by_whom(jobs: Jobs) -> None:
    job = jobs.ask("trace", ASKER, {"start": "x"})
    assert (job.kind, job.caller, job.asked, job.state) == ("trace", ASKER, {"start": "x"}, JobState.WAITING)
    assert jobs[job.id] == job
    with pytest.raises(KeyError):
        jobs["unknown"]


def test_jobs_are_listed_newest_first_and_by_whose_they_are(jobs: Jobs) -> None:
    first, second = jobs.ask("trace", ASKER, {}), jobs.ask("export", ASKER, {})
    foreign = jobs.ask("trace", OTHER, {})
    assert jobs.of("maker") == [second, first]
    assert jobs.of(None) == [foreign, second, first]
    assert jobs.of("maker", ["trace"]) == [first]
    assert jobs.of(None, before=second.number) == [first]
    assert jobs.of(None, most=1) == [foreign]


def test_a_job_is_done_once_with_its_input_and_its_input_goes(jobs: Jobs) -> None:
    job = jobs.ask("count", ASKER, {}, spooled(jobs, b"12345"))

    def count(run: Run) -> dict:
        run.progress(3, 5)
        seen = jobs[job.id]
        assert (seen.state, seen.done, seen.total) == (JobState.RUNNING, 3, 5)
        run.result.write_bytes(b"five")
        return {"bytes": len(run.input.read_bytes())}

    ended = done(jobs, job, count)
    assert (ended.state, ended.told, ended.attempts) == (JobState.DONE, {"bytes": 5}, 1)
    assert ended.started_at is not None
    assert ended.finished_at is not None
    assert not jobs.input_of(job).exists()
    assert jobs.result_of(job).read_bytes() == b"five"
    assert jobs.take(["count"]) is None


def test_a_spooled_input_of_a_request_that_fails_is_gone(jobs: Jobs) -> None:
    with pytest.raises(RuntimeError), jobs.spool():
        raise RuntimeError
    assert list(jobs.folder.iterdir()) == []


def test_jobs_are_done_in_the_order_asked(jobs: Jobs) -> None:
    asked = [jobs.ask("x", ASKER, {"n": n}) for n in range(3)]
    order: list[int] = []

    def note(run: Run) -> dict:
        order.append(run.job.asked["n"])
        return {}

    done(jobs, asked[-1], note)
    assert order == [0, 1, 2]


def test_an_error_is_told_and_a_fault_is_not(jobs: Jobs) -> None:
    def full(run: Run) -> dict:
        raise StoreFull("no space is left")

    def fault(run: Run) -> dict:
        raise RuntimeError("secret")

    failed = done(jobs, jobs.ask("x", ASKER, {}), full)
    assert (failed.state, failed.told) == (JobState.FAILED, {"error": "no space is left"})
    faulty = done(jobs, jobs.ask("x", ASKER, {}), fault)
    assert faulty.state is JobState.FAILED
    assert "secret" not in str(faulty.told)


def test_a_locked_store_is_waited_for(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "PATIENCE", 0.0)
    tries: list[int] = []

    def locked(run: Run) -> dict:
        tries.append(1)
        if len(tries) <= MOST_ATTEMPTS + 1:
            raise StoreLocked("somebody writes")
        return {}

    assert done(jobs, jobs.ask("x", ASKER, {}), locked).state is JobState.DONE
    assert len(tries) == MOST_ATTEMPTS + 2


def test_a_cancelled_job_ends_and_tells_nothing(jobs: Jobs) -> None:
    job = jobs.ask("x", ASKER, {})

    def cancelled(run: Run) -> dict:
        assert jobs.cancel(job.id)
        run.progress(1)
        return {"never": True}

    ended = done(jobs, job, cancelled)
    assert (ended.state, ended.told) == (JobState.CANCELLED, {})
    assert not jobs.cancel(job.id)


def test_a_worker_that_stops_puts_its_job_back(jobs: Jobs) -> None:
    job = jobs.ask("x", ASKER, {})
    begun = Event()

    def long(run: Run) -> dict:
        while True:
            begun.set()
            run.progress(1)

    worker = JobWorker(jobs, {"x": long})
    worker.start()
    assert begun.wait(10)
    worker.stop()
    assert (jobs[job.id].state, jobs[job.id].attempts) == (JobState.WAITING, 0)
    assert done(jobs, job, lambda run: {"again": True}).told == {"again": True}


def test_a_job_that_was_interrupted_too_often_has_failed(jobs: Jobs) -> None:
    job = jobs.ask("x", ASKER, {}, spooled(jobs, b"poison"))
    for _ in range(MOST_ATTEMPTS):
        assert jobs.take(["x"]) is not None
        jobs.put_back(["x"])
    assert jobs[job.id].state is JobState.FAILED
    assert "interrupted" in jobs[job.id].told["error"]
    assert not jobs.input_of(job).exists()


def test_only_the_kinds_of_the_worker_are_touched(jobs: Jobs) -> None:
    job = jobs.ask("x", ASKER, {})
    jobs.take(["x"])
    jobs.put_back(["y"])
    assert jobs[job.id].state is JobState.RUNNING
    assert jobs.take(["y"]) is None


def test_old_jobs_and_their_results_are_forgotten(jobs: Jobs, clock: Clock) -> None:
    old, kept, waiting = jobs.ask("x", ASKER, {}), jobs.ask("y", ASKER, {}), jobs.ask("z", ASKER, {})
    done(jobs, old, lambda run: {"size": run.result.write_bytes(b"old")})
    middle = clock()
    done(jobs, kept, lambda run: {})
    assert jobs.forget(0) == 0
    assert jobs.forget(middle) == 1
    assert jobs.of(None) == [waiting, jobs[kept.id]]
    assert not jobs.result_of(old).exists()


def test_what_no_job_owns_is_tidied_up_once_it_is_old(jobs: Jobs) -> None:
    job = jobs.ask("x", ASKER, {}, spooled(jobs, b"wanted"))
    left, fresh, ownerless = spooled(jobs, b"left"), spooled(jobs, b"coming"), jobs.folder / "gone.result"
    ownerless.write_bytes(b"?")
    for path in (left, ownerless, jobs.input_of(job)):
        os.utime(path, (0, 0))
    os.utime(fresh, (1_000_000_000, 1_000_000_000))
    jobs.tidy()
    assert sorted(jobs.folder.iterdir()) == sorted([jobs.input_of(job), fresh])


def test_what_ended_a_week_ago_is_tidied_up(jobs: Jobs, clock: Clock) -> None:
    old, waiting = jobs.ask("x", ASKER, {}), jobs.ask("z", ASKER, {})
    done(jobs, old, lambda run: {})
    jobs.tidy()
    assert jobs.of(None) == [waiting, jobs[old.id]]
    clock.now += 7 * DAY + 1_000_000
    jobs.tidy()
    assert jobs.of(None) == [waiting]
