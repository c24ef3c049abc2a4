"""Drills: the whole program as a new process, on lots that reach very many units, beside the scope alone."""

from __future__ import annotations

import compileall
import json
import random
from decimal import Decimal
from pathlib import Path

import numpy as np

import tracegraph as tracegraph_package
from benchmarks.children import Ran, run, tracegraph
from benchmarks.graph_rows import Graph, keys_of, read_graph
from benchmarks.measuring import Section, Unequal, told
from benchmarks.questions import Asked, Neighbours
from benchmarks.workspace import Workspace, copy_store

DRILL = "Drill: a new process, from the lot to the sum of the buckets"
#: Units that a lot must reach, and how many such lots are drawn, from at most so many; of a tiny store few of any size.
MANY, LOTS = 10_000, 20
TINY = (2, 2)
CANDIDATES = 20_000
#: What is missed here would only be how complete made-up goods are.
TARGETS = "brcgs_4h,authority_24h"


def measure_drill(bench: Workspace) -> Section:
    """`tracegraph drill run` and `tracegraph scope` of each lot, on a copy of the traced store, as a drill is recorded.
    What a drill found is read from its case and compared with the search of the benchmark."""
    section = Section()
    compileall.compile_dir(Path(tracegraph_package.__file__).parent, quiet=1)
    many, count = TINY if bench.name == "tiny" else (MANY, LOTS)
    lots = draw_lots(read_graph(bench.store), many, count)
    names = keys_of(bench.store, [one.unit for one in lots])
    store = copy_store(bench.store, bench.scratch("drill"))
    run(tracegraph(store, "drill", "run", names[lots[0].unit], "--targets", TARGETS, "--case", "WARM1"))
    with told(f"{len(lots)} drills"):
        drills = [_drill(store, names[one.unit], f"D{number}") for number, one in enumerate(lots)]
    scopes = [run(tracegraph(store, "scope", names[one.unit], "--paths", "0")) for one in lots]
    for number, one in enumerate(lots):
        _check(store, f"D{number}", one)
    sizes = sorted(len(one.answer) for one in lots)
    note = f"{len(lots)} lots, {sizes[0]:,} to {sizes[-1]:,} units"
    section.add_times(DRILL, "tracegraph drill run", [ran.wall for ran in drills], "s", note=note, target="drill")
    section.add_times(DRILL, "of that processor time", [ran.processor for ran in drills], "s")
    section.add(DRILL, "memory at most", max(ran.memory for ran in drills) / 1e6, "MB")
    section.add_times(DRILL, "tracegraph scope --paths 0, for comparison", [ran.wall for ran in scopes], "s")
    return section


def draw_lots(graph: Graph, many: int, count: int, seed: int = 5) -> list[Asked]:
    """Units at random of those that reach so many, each as a question with its true answer."""
    nodes = np.argsort(graph.unit, kind="stable")
    units, first = np.unique(graph.unit[nodes], return_index=True)
    held = dict(zip(units.tolist(), np.split(nodes, first[1:]), strict=True))
    drawn = random.Random(seed).sample(units[units > 0].tolist(), min(CANDIDATES, int((units > 0).sum())))
    neighbours, found = Neighbours(graph, "forward"), list[Asked]()
    for unit in drawn:
        begin = tuple(held[unit].tolist())
        answer = neighbours.reach(begin)
        if len(answer) >= many:
            found.append(Asked(unit, begin, "forward", answer))
        if len(found) == count:
            break
    return found


def _drill(store: Path, lot: str, case: str) -> Ran:
    ran = run(tracegraph(store, "drill", "run", lot, "--targets", TARGETS, "--case", case))
    if "Sum: " not in ran.output:
        raise Unequal(f"the drill on {lot} printed no sum of buckets")
    return ran


def _check(store: Path, case: str, asked: Asked) -> None:
    """As many units are in scope as the search of the benchmark reaches, and the buckets add up exactly."""
    shown = run(tracegraph(store, "drill", "show", case, "--format", "json"))
    drill = json.loads(shown.output)["result"]["drill"]
    if drill["directions"]["forward"]["units"] != len(asked.answer):
        raise Unequal(f"the drill on {drill['unit']} has another number of units in scope than it reaches")
    buckets = [Decimal(one["value"]) for one in drill["account"]["buckets"]]
    if sum(buckets, Decimal(0)) != Decimal(drill["account"]["start"]):
        raise Unequal(f"the buckets of the drill on {drill['unit']} do not add up to the amount in question")
