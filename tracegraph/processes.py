"""Work spread over processes, its results in the order in which it was given."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing.connection import wait
from threading import Thread
from typing import TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")


def in_order(
    work: Callable[[Task], Result],
    tasks: Sequence[Task],
    processes: int,
    weight: Callable[[Task], int],
    finished: Callable[[Task], None],
) -> Iterator[Result]:
    """What `work` gives for each task, in the order of the tasks.

    With one process everything is done here, when the result is asked for. With more, `work`, tasks and results must be
    picklable; the heaviest tasks are begun first. `finished` is told of each task that is done, in any order. Errors
    of `work` pass through. A process that is killed costs time only: its tasks are done here.
    """
    if processes < 2 or len(tasks) < 2:
        yield from _one_by_one(work, tasks, finished)
        return
    done = 0
    executor = ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), initializer=_begin)
    try:
        for result in _results(executor, work, tasks, weight, finished):
            yield result
            done += 1
        return
    except BrokenProcessPool:
        pass
    finally:
        executor.shutdown(wait=True, cancel_futures=True)
    yield from _one_by_one(work, tasks[done:], finished)


def _one_by_one(
    work: Callable[[Task], Result], tasks: Sequence[Task], finished: Callable[[Task], None]
) -> Iterator[Result]:
    for task in tasks:
        result = work(task)
        finished(task)
        yield result


def _results(
    executor: ProcessPoolExecutor,
    work: Callable[[Task], Result],
    tasks: Sequence[Task],
    weight: Callable[[Task], int],
    finished: Callable[[Task], None],
) -> Iterator[Result]:
    futures: dict[int, Future[Result]] = {}
    for number in sorted(range(len(tasks)), key=lambda number: -weight(tasks[number])):
        futures[number] = executor.submit(work, tasks[number])
        futures[number].add_done_callback(partial(_tell, tasks[number], finished))
    for number in range(len(tasks)):
        yield futures[number].result()


def _tell(task: Task, finished: Callable[[Task], None], future: Future[Result]) -> None:
    if not future.cancelled() and future.exception() is None:
        finished(task)


def _begin() -> None:
    """A new process leaves Ctrl-C to the one that began it, and ends when that one is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
