"""Incidents: what cases have in common upstream, and which units a recall is about, on the store that is traced."""

from __future__ import annotations

import json
from decimal import Decimal

from benchmarks.graph_rows import keys_of, read_graph
from benchmarks.measuring import Section, Unequal, timed, told
from benchmarks.questions import CLASSES, Asked, draw
from benchmarks.workspace import Workspace, sample
from tracegraph import Tracegraph

SOURCES = "Incidents: what so many cases have in common upstream"
SCOPE = "Incidents: scope of a lot"
#: So many cases at once.
CASES = (3, 10, 30)
#: So many different sets of cases of each size and class, and so many scopes of each class.
FEW = 3


def measure_incidents(bench: Workspace) -> Section:
    """Sources of cases drawn at random among units of one class, and scopes of single units beside the trace alone."""
    section = Section()
    asked = draw(read_graph(bench.store), bench.size)
    with Tracegraph.open(f"sqlite:///{bench.store}", create=False) as graph:
        for name in CLASSES:
            chosen = [one for one in asked if one.size_class == name]
            with told(f"incidents, {name}"):
                _measure_sources(section, bench, graph, name, [one for one in chosen if one.direction == "backward"])
                _measure_scope(section, bench, graph, name, [one for one in chosen if one.direction == "forward"])
    return section


def _measure_sources(section: Section, bench: Workspace, graph: Tracegraph, name: str, asked: list[Asked]) -> None:
    if len(asked) >= CASES[0]:
        _seconds_of_sources(bench, graph, asked[: CASES[0]])  # the first one of a process also imports
    for count in (count for count in CASES if count <= len(asked)):
        drawn = [sample(asked, count, seed) for seed in range(FEW)]
        times = [_seconds_of_sources(bench, graph, cases) for cases in drawn]
        behind = len({unit for one in drawn[0] for unit in one.answer.tolist()})
        note = f"{behind:,} units behind the first {count}"
        section.add_times(SOURCES, f"{count} cases, each {name}", times, "s", note=note)


def _seconds_of_sources(bench: Workspace, graph: Tracegraph, cases: list[Asked]) -> float:
    keys = keys_of(bench.store, [case.unit for case in cases])
    told_of = [{"case": f"C{number}", "unit": keys[case.unit]} for number, case in enumerate(cases)]
    seconds, text = timed(lambda: graph.sources(told_of, kinds=["unit"]).to_json())
    best = json.loads(text)["result"]["sources"]["rows"][0]
    _check(bench, cases, best["id"], Decimal(best["coverage"]["score"]))
    return seconds


def _check(bench: Workspace, cases: list[Asked], best: str, coverage: Decimal) -> None:
    """The first candidate explains as many cases as true answers hold it, and no unit is in more of them."""
    counted: dict[int, int] = {}
    for unit in (unit for case in cases for unit in case.answer.tolist()):
        counted[unit] = counted.get(unit, 0) + 1
    most = max(counted.values())
    keys = keys_of(bench.store, [unit for unit, count in counted.items() if count == most])
    if round(coverage * len(cases)) != most or best not in keys.values():
        raise Unequal(f"sources: {best} explains {coverage} of {len(cases)} cases, the true answers say {most} at most")


def _measure_scope(section: Section, bench: Workspace, graph: Tracegraph, name: str, asked: list[Asked]) -> None:
    chosen = sample(asked, FEW)
    if not chosen:
        return
    keys = keys_of(bench.store, [one.unit for one in chosen])
    traces, scopes = [], []
    for one in chosen:
        start = keys[one.unit]
        graph.scope(start)
        traces.append(timed(lambda start=start: graph.trace(start).to_json())[0])
        seconds, text = timed(lambda start=start: graph.scope(start).to_json())
        scopes.append(seconds)
        found = len(json.loads(text)["result"]["scope"]["entries"])
        if found != len(one.answer):
            raise Unequal(f"scope of {start}: {found} units, not {len(one.answer)}")
    reached = sorted(len(one.answer) for one in chosen)[len(chosen) // 2]
    section.add_times(SCOPE, f"{name}: the trace alone, as JSON", traces, "ms", note=f"{reached:,} units")
    section.add_times(SCOPE, f"{name}: the scope, as JSON", scopes, "ms")
