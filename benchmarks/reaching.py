"""Reach: which units, by tracegraph's ways to follow legs and by other programs, on the same legs in one run."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

import numpy as np

from benchmarks.engines import others
from benchmarks.graph_rows import Numbers, read_graph
from benchmarks.kernels import Kernel, kernels
from benchmarks.measuring import Section, Unequal, timed, told
from benchmarks.questions import DIRECTIONS, Asked, draw
from benchmarks.targets import TARGETS
from benchmarks.workspace import Workspace

LOADING = "Load the legs"
#: Seconds that one program gets for one class of questions; then it goes on with the next class.
BUDGET = 30.0
#: Each question is asked so often; the least time counts.
REPEATS = 3
Reach = Callable[[list[int], str], Numbers]


def measure_reach(bench: Workspace) -> Section:
    """All programs, one after the other, each freed before the next."""
    section = Section()
    with told("reading the legs"):
        graph = read_graph(bench.store)
    with told("drawing questions"):
        asked = draw(graph, bench.size)
    section.facts["legs"] = len(graph.source)
    section.facts["questions"] = {name: len(list(group)) for name, group in _by_class(asked)}
    for kernel in kernels(bench.store):
        with told(kernel.name):
            _measure_kernel(section, kernel, asked)
    _check_distances(bench, asked)
    for name, load in others(graph, bench.scratch("others")):
        with told(name):
            seconds, engine = timed(load)
            section.add(LOADING, name, seconds, "s")
            _measure(section, name, engine.reach, asked)
            del engine
            gc.collect()
    return section


def _measure_kernel(section: Section, kernel: Kernel, asked: Sequence[Asked]) -> None:
    with kernel:
        _measure(section, kernel.name, kernel.units, asked, kernel.target)


def _measure(section: Section, name: str, reach: Reach, asked: Sequence[Asked], target: str = "") -> None:
    """Ask all questions of one program, after a few to warm up, and compare each answer with the true one."""
    for question in asked[:: max(1, len(asked) // 5)]:
        reach(list(question.nodes), question.direction)
    for group, questions in _by_class(asked):
        seconds = list(ask_all(name, reach, questions))
        sizes = [len(question.answer) for question in questions]
        section.facts.setdefault("times", {}).setdefault(name, []).extend(zip(sizes, seconds, strict=False))
        key = f"{target}: {questions[0].size_class}"
        section.add_times(group, name, seconds, "ms", target=key if key in TARGETS else "")


def ask_all(name: str, reach: Reach, questions: Sequence[Asked]) -> Iterator[float]:
    """Seconds of each question, for as long as the budget lasts; Unequal where an answer is not the true one."""
    spent = 0.0
    for question in questions:
        if spent > BUDGET:
            return
        seconds, answer = timed(reach, list(question.nodes), question.direction, repeats=REPEATS)
        spent += seconds * REPEATS
        if not np.array_equal(np.asarray(answer), question.answer):
            raise Unequal(f"{name}: {len(answer)} units, not {len(question.answer)}; {question}")
        yield seconds


def _check_distances(bench: Workspace, asked: Sequence[Asked]) -> None:
    """The ways of tracegraph agree in the distances too."""
    every = asked[:: max(1, len(asked) // 40)]
    told_by: list[list[list[int]]] = []
    for kernel in kernels(bench.store):
        with kernel:
            told_by.append([kernel.reach(list(one.nodes), one.direction)[1].tolist() for one in every])
    if any(distances != told_by[0] for distances in told_by):
        raise Unequal("the ways of tracegraph to follow legs differ in distances")


def _by_class(asked: Sequence[Asked]) -> Iterator[tuple[str, list[Asked]]]:
    """Questions by table: direction and class."""
    for direction in DIRECTIONS:
        some = [one for one in asked if one.direction == direction]
        for name, group in groupby(some, key=lambda one: one.size_class):
            yield f"Reach {direction}, {name}", list(group)
