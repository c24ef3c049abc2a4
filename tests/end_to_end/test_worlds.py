"""The shared simulated worlds through the Python interface: what truly happened against what is answered."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.building import CERTAINTIES, DIRECTIONS, Event, opened, put, traced
from tracegraph import Tracegraph

WORLDS = [f"{kind}-{number}" for kind in ("plain", "rich", "lossy") for number in range(1, 5)]
TOTES = {f"urn:x-tote:{number}" for number in range(99)}


@dataclass
class Verdict:
    """Wrong traces, and how wide the answers are."""

    wrong: list[str] = field(default_factory=list)
    ratios: dict[str, list[float]] = field(default_factory=lambda: {certainty: [] for certainty in CERTAINTIES})

    def mean(self, certainty: str) -> float:
        return sum(self.ratios[certainty]) / len(self.ratios[certainty])


def judged(graph: Tracegraph, world: dict[str, Any], units: list[str]) -> Verdict:
    verdict = Verdict()
    for unit in units:
        for direction in DIRECTIONS:
            truth = set(world["truth"][unit][direction])
            for certainty in CERTAINTIES:
                found = traced(graph, unit, direction, certainty) - TOTES
                verdict.ratios[certainty].append(len(found) / len(truth))
                if not right(world["kind"], certainty, found, truth):
                    extra, missing = sorted(found - truth)[:3], sorted(truth - found)[:3]
                    verdict.wrong.append(f"{direction} {certainty} {unit}: extra {extra}, missing {missing}")
    return verdict


def right(kind: str, certainty: str, found: set[str], truth: set[str]) -> bool:
    """Recorded worlds are exact; in careless ones the truth lies between confirmed and possible."""
    if kind != "lossy":
        return found == truth
    return found <= truth if certainty == "confirmed" else truth <= found


def thirds(events: list[Event]) -> list[list[Event]]:
    third = len(events) // 3 + 1
    return [events[begin : begin + third] for begin in range(0, len(events), third)]


@pytest.mark.parametrize("shuffled", [False, True], ids=["in order", "shuffled"])
@pytest.mark.parametrize("name", WORLDS)
def test_no_trace_is_wrong(reference: Path, name: str, shuffled: bool) -> None:
    """In order every unit is asked about; shuffled, in three batches, every fifth."""
    world = json.loads((reference / "worlds" / f"{name}.json").read_text(encoding="utf-8"))
    events = world["epcis"]["epcisBody"]["eventList"]
    if shuffled:
        random.Random(len(events)).shuffle(events)
    with opened() as graph:
        put(graph, *(thirds(events) if shuffled else [events]))
        verdict = judged(graph, world, sorted(world["truth"])[:: 5 if shuffled else 1])
    assert verdict.wrong == []
    assert len(verdict.ratios["possible"]) >= 2 * len(world["truth"]) // (5 if shuffled else 1)
    assert verdict.mean("possible") <= (1.05 if world["kind"] == "lossy" else 1)
    assert verdict.mean("confirmed") >= (0.9 if world["kind"] == "lossy" else 1)


def test_every_shared_world_is_asked_about(reference: Path) -> None:
    assert {path.stem for path in (reference / "worlds").glob("*.json")} == set(WORLDS)
