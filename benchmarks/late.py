"""Late events: captured when the index is there, traced at once, right, and nearly as fast as before."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.capturing import capture_command
from benchmarks.children import run
from benchmarks.graph_rows import Graph, keys_of, read_graph
from benchmarks.kernels import Kernel, kernels
from benchmarks.measuring import Section, Unequal, timed, told
from benchmarks.questions import Asked, Neighbours, draw
from benchmarks.tracing import cold
from benchmarks.workspace import Workspace, copy_store, index_of, sample

LATE = "Late events, without a new index"
#: Each question is asked this often, before and after, and the least time counts.
REPEATS = 3
#: How many questions are asked.
MOST = 200


def measure_late(bench: Workspace) -> Section:
    """On a copy of the store and its index, which stay as they are. Where an answer has become longer, the time for as
    much as it was before is compared."""
    section = Section()
    folder = bench.scratch("late")
    with told("copying the store"):
        store = copy_store(bench.store, folder)
    asked = sample(draw(read_graph(store), bench.size), MOST)
    manifest = _manifest(store)
    before = _all_times(store, asked)
    before_in_a_process = _new_processes(store, bench, asked)
    with told(f"capturing {bench.size.late:,} late events"):
        ran = run(capture_command(store, bench.dense / "withheld"))
    section.add(LATE, "capture of the late events", ran.wall, "s", count=bench.size.late)
    now = _as_it_is_now(read_graph(store), asked)
    pairs = list(zip(asked, now, strict=True))
    changed = [not np.array_equal(one.answer, other.answer) for one, other in pairs]
    longer = [max(1.0, len(other.answer) / len(one.answer)) for one, other in pairs]
    section.add(LATE, "answers that the late events changed", 100 * statistics.fmean(changed), "%")
    for name, seconds in _all_times(store, now).items():
        slower = [after / first / more for after, first, more in zip(seconds, before[name], longer, strict=True)]
        section.add_times(LATE, f"{name}: time of a trace, of that before", slower, "times", target="late")
        section.add(LATE, f"{name}: the worst of them", max(slower), "times")
    section.add_times(LATE, "tracegraph trace, a new process, before", before_in_a_process, "s")
    section.add_times(LATE, "tracegraph trace, a new process, after", _new_processes(store, bench, now), "s")
    assert manifest == _manifest(store), "the index was made anew: nothing of this is about late events"
    return section


def _manifest(store: Path) -> bytes:
    return (index_of(store) / "manifest.json").read_bytes()


def _new_processes(store: Path, bench: Workspace, asked: Sequence[Asked]) -> list[float]:
    """Seconds of the command line for one question in the middle of all."""
    question = sorted(asked, key=lambda one: len(one.answer))[len(asked) // 2]
    start = keys_of(store, [question.unit])[question.unit]
    return cold(store, bench.size.cold, "trace", question.direction, start)


def _all_times(store: Path, asked: Sequence[Asked]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for kernel in kernels(store):
        with told(kernel.name), kernel:
            found[kernel.name] = _times(kernel, asked)
    return found


def _times(kernel: Kernel, asked: Sequence[Asked]) -> list[float]:
    """Seconds of each question, after one that opens the index; each answer is compared with the true one."""
    kernel.reach(list(asked[0].nodes), asked[0].direction)
    times: list[float] = []
    for one in asked:
        seconds, units = timed(kernel.units, list(one.nodes), one.direction, repeats=REPEATS)
        if not np.array_equal(units, one.answer):
            raise Unequal(f"{kernel.name}: {len(units)} units, not {len(one.answer)}; {one}")
        times.append(seconds)
    return times


def _as_it_is_now(graph: Graph, asked: Sequence[Asked]) -> list[Asked]:
    """The same questions with the nodes and the true answers of the store as it is now."""
    held: dict[int, list[int]] = defaultdict(list)
    wanted = {one.unit for one in asked}
    for node in np.flatnonzero(np.isin(graph.unit, list(wanted))).tolist():
        held[int(graph.unit[node])].append(node)
    neighbours = {direction: Neighbours(graph, direction) for direction in sorted({one.direction for one in asked})}
    return [
        replace(one, nodes=(nodes := tuple(held[one.unit])), answer=neighbours[one.direction].reach(nodes))
        for one in asked
    ]
