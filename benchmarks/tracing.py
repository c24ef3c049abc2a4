"""Whole answers: microseconds per listed element above reach, cold processes, and the making of the index."""

from __future__ import annotations

import compileall
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import tracegraph as tracegraph_package
from benchmarks.children import run, tracegraph
from benchmarks.graph_rows import keys_of, read_graph
from benchmarks.measuring import Section, timed, told
from benchmarks.questions import CLASSES, Asked, draw
from benchmarks.workspace import Workspace, disk, index_of, sample
from tracegraph import Tracegraph

ANSWER = "The whole answer as JSON"
COLD = "A new process, files in the page cache"
INDEX = "Build the trace index"
#: Parts of a result that list elements.
LISTS = ("units", "holdings", "events", "sites", "parties", "paths")
#: Each question is asked this often, and the least time counts.
REPEATS = 3


def measure_index(bench: Workspace) -> Section:
    """`tracegraph index` as a program."""
    section = Section()
    shutil.rmtree(index_of(bench.store), ignore_errors=True)
    with told("building the index"):
        ran = run(tracegraph(bench.store, "index"))
    section.add(INDEX, "time", ran.wall, "s")
    section.add(INDEX, "memory at most", ran.memory / 1e6, "MB")
    section.add(INDEX, "disk", disk(index_of(bench.store)) / 1e6, "MB")
    return section


def measure_answer(bench: Workspace) -> Section:
    """Tracegraph.trace to JSON bytes, against reach alone from the same starts."""
    section = Section()
    names, asked = some_questions(bench)
    above: dict[str, list[float]] = {name: [] for name in CLASSES}
    whole: dict[str, list[float]] = {name: [] for name in CLASSES}
    with Tracegraph.open(f"sqlite:///{bench.store}", create=False) as graph, told(f"{len(asked)} whole answers"):
        for question in asked:
            seconds, text = timed(answer, graph, names[question.unit], question.direction, repeats=REPEATS)
            reach, _ = timed(graph.store.reach_units, question.nodes, question.direction, repeats=REPEATS)
            whole[question.size_class].append(seconds)
            above[question.size_class].append(max(0.0, seconds - reach) / listed(json.loads(text)))
    for name in [name for name in CLASSES if whole[name]]:
        section.add_times(ANSWER, f"{name}: above reach, per listed element", above[name], "µs", target="answer")
        section.add_times(ANSWER, f"{name}: all of it", whole[name], "ms")
    return section


def measure_cold(bench: Workspace) -> Section:
    """The command line as a new process, again and again; its modules are compiled before, as pip does."""
    section = Section()
    compileall.compile_dir(Path(tracegraph_package.__file__).parent, quiet=1)
    names, asked = some_questions(bench)
    section.add_times(COLD, "tracegraph --help", cold(bench.store, bench.size.cold, "--help"), "s", target="help")
    section.add_times(
        COLD,
        "python -c pass, for comparison",
        [run([sys.executable, "-c", "pass"]).wall for _ in range(bench.size.cold)],
        "s",
    )
    for name in CLASSES:
        question = next((one for one in asked if one.size_class == name and one.direction == "forward"), None)
        if question is not None:
            seconds = cold(bench.store, bench.size.cold, "trace", "forward", names[question.unit])
            what = f"tracegraph trace forward, {name}"
            section.add_times(COLD, what, seconds, "s", note=f"{len(question.answer):,} units", target="cold")
    return section


def listed(envelope: dict[str, Any]) -> int:
    """How many elements an answer lists."""
    return len(envelope["gaps"]) + sum(len(envelope["result"][name]) for name in LISTS)


def answer(graph: Tracegraph, start: str, direction: str = "forward") -> bytes:
    """A whole answer, as it would be sent."""
    return graph.trace(start, direction=direction).to_json()


def cold(store: Path, repeats: int, *arguments: str) -> list[float]:
    """Seconds of the command line, as often as asked."""
    return [run(tracegraph(store, *arguments)).wall for _ in range(repeats)]


def some_questions(bench: Workspace) -> tuple[dict[int, str], list[Asked]]:
    """Some of the questions of reach, of each direction and class, and the keys of their starts."""
    asked = draw(read_graph(bench.store), bench.size)
    kinds = sorted({(one.size_class, one.direction) for one in asked})
    some = [one for kind in kinds for one in _some_of(asked, kind, bench.size.cold)]
    return keys_of(bench.store, [one.unit for one in some]), some


def _some_of(asked: list[Asked], kind: tuple[str, str], count: int) -> list[Asked]:
    return sample([one for one in asked if (one.size_class, one.direction) == kind], 2 * count)
