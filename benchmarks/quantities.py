"""Shares, accounts and metrics: what they cost above the trace that they are about, on the same store."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from benchmarks.measuring import Section, timed, told
from benchmarks.questions import CLASSES, Asked
from benchmarks.tracing import REPEATS, some_questions
from benchmarks.workspace import Workspace
from tracegraph import Tracegraph

SHARES = "Quantities: shares of everything that a trace reaches"
ACCOUNTS = "Quantities: account of what a lot became"
METRICS = "Metrics of everything that a lot became"
#: Questions of each class; an account or a metric looks at every amount, so a few tell.
FEW = 5


def measure_quantities(bench: Workspace) -> Section:
    """Traces with and without shares, accounts, and each metric, forward from the same starts."""
    section = Section()
    names, asked = some_questions(bench)
    with Tracegraph.open(f"sqlite:///{bench.store}", create=False) as graph:
        for name in CLASSES:
            chosen = [one for one in asked if one.size_class == name and one.direction == "forward"][:FEW]
            if chosen:
                with told(f"quantities, {name}"):
                    _measure_class(section, graph, name, [(names[one.unit], one) for one in chosen])
    return section


def _measure_class(section: Section, graph: Tracegraph, name: str, chosen: list[tuple[str, Asked]]) -> None:
    plain, shared, mixing = [], [], []
    for start, _ in chosen:
        without, answer = timed(lambda start=start: graph.trace(start).to_json(), repeats=REPEATS)
        with_shares, same = timed(lambda start=start: graph.trace(start, shares=True).to_json(), repeats=REPEATS)
        assert _units(answer) == _units(same)
        plain.append(without)
        shared.append(with_shares)
        mixing.append(max(0.0, with_shares - without))
    reached = sorted(len(one.answer) for _, one in chosen)[len(chosen) // 2]
    section.add_times(SHARES, f"{name}: the trace alone, as JSON", plain, "ms", note=f"{reached:,} units")
    section.add_times(SHARES, f"{name}: with shares", shared, "ms")
    section.add_times(SHARES, f"{name}: what shares add", mixing, "ms")
    section.add_times(ACCOUNTS, name, [_seconds(graph.balance, start) for start, _ in chosen], "ms")
    for metric in ("reach", "dominators", "depth", "concentration", "smallest_cut", "critical_points", "yields"):
        taken = [_seconds(graph.metrics, metric, start) for start, _ in chosen]
        section.add_times(METRICS, f"{metric}, {name}", taken, "ms")


def _seconds(question: Callable[..., Any], *arguments: str) -> float:
    seconds, _ = timed(lambda: question(*arguments).to_json())
    return seconds


def _units(text: bytes) -> list[str]:
    return [unit["id"] for unit in json.loads(text)["result"]["units"]]
