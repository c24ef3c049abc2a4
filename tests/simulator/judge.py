"""Asks the command line about a world and compares its answers with what truly happened."""

from __future__ import annotations

import json
import random
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.simulator.clerk import Event
from tests.simulator.world import World

DIRECTIONS = ("forward", "backward")
CERTAINTIES = ("confirmed", "possible")


class Refused(Exception):
    """The command line did not answer."""


@dataclass(frozen=True, slots=True)
class Program:
    """The command to run, and the store to use."""

    command: tuple[str, ...]
    store: str

    def ask(self, *arguments: str, stdin: str | None = None) -> str:
        """Standard output of one call; raises Refused on any exit status but 0."""
        done = subprocess.run(
            [*self.command, "--store", self.store, *arguments], input=stdin, text=True, capture_output=True, check=False
        )
        if done.returncode:
            raise Refused(f"{' '.join(arguments)}: exit {done.returncode}\n{done.stdout[-400:]}{done.stderr[-1200:]}")
        return done.stdout


@dataclass(slots=True)
class Verdict:
    """What was wrong in a world, and how wide its answers were where the records leave something open.

    `sizes`: for each trace of a careless chapter its name, the certainty asked for, and answer / truth.
    """

    wrong: list[str] = field(default_factory=list)
    traces: int = 0
    sizes: list[tuple[str, str, float]] = field(default_factory=list)

    def line(self, name: str) -> str:
        """One line for people, and the first few faults."""
        return "\n  ".join([f"{name}: {len(self.wrong)} wrong of {self.traces}; {self.width()}", *self.wrong[:4]])

    def width(self, chapter: str | None = None) -> str:
        """The mean of answer / truth, for each certainty; of one chapter, or of all."""
        means = []
        for certainty in CERTAINTIES:
            ratios = [ratio for name, asked, ratio in self.sizes if asked == certainty and chapter in (None, name)]
            means += [f"{certainty} / truth {sum(ratios) / len(ratios):.3f}"] if ratios else []
        return ", ".join(means) or "nothing left open"

    def add(self, other: Verdict) -> None:
        """Take in the verdict on another world."""
        self.wrong += other.wrong
        self.traces += other.traces
        self.sizes += other.sizes


def batches(world: World, *, shuffled: bool) -> Iterator[Event]:
    """The document in three parts; the header comes with one of them, not always the first."""
    chance = random.Random(world.name)
    events: list[Event] = list(world.document["epcisBody"]["eventList"])
    if shuffled:
        chance.shuffle(events)
    third = len(events) // 3 + 1
    for number in range(3):
        part = {
            name: value
            for name, value in world.document.items()
            if name != "epcisHeader" or number == world.header_batch
        }
        yield part | {"epcisBody": {"eventList": events[number * third : (number + 1) * third]}}


def capture(world: World, program: Program, folder: Path, *, shuffled: bool) -> None:
    """Hand the world over, in several batches."""
    for number, part in enumerate(batches(world, shuffled=shuffled)):
        path = folder / f"{number}.json"
        path.write_text(json.dumps(part), encoding="utf-8")
        program.ask("capture", str(path))


def judge(world: World, program: Program, folder: Path, *, shuffled: bool = False, every: int = 1) -> Verdict:
    """Capture a world and ask about its units, in both directions and both certainties."""
    capture(world, program, folder, shuffled=shuffled)
    verdict = Verdict()
    chance = random.Random(world.name)
    starts = sorted(world.units)[::every]
    lines = [chance.choice(world.units[start].ask) for start in starts]
    for direction in DIRECTIONS:
        answers = {certainty: _ask(program, direction, certainty, lines) for certainty in CERTAINTIES}
        for place, start in enumerate(starts):
            given = {certainty: answers[certainty][place] for certainty in CERTAINTIES}
            verdict.traces += len(given)
            verdict.wrong += [
                f"{world.units[start].chapter}: {direction} {fault}"
                for fault in _faults(world, start, direction, given, verdict)
            ]
    return verdict


def _ask(program: Program, direction: str, certainty: str, lines: Sequence[str]) -> list[dict[str, Any]]:
    out = program.ask(
        "trace", direction, "-", "--certainty", certainty, "--format", "ndjson", stdin="\n".join(lines) + "\n"
    )
    answers = [json.loads(line) for line in out.splitlines()]
    if len(answers) != len(lines):
        raise Refused(f"{len(lines)} starts, {len(answers)} answers")
    return answers


def _faults(world: World, start: str, direction: str, given: dict[str, Any], verdict: Verdict) -> Iterator[str]:
    """What is wrong about the two answers to one question."""
    if missing := [certainty for certainty, answer in given.items() if "result" not in answer]:
        yield f"{missing} {start}: no result: {str(given[missing[0]])[:200]}"
        return
    neutral, unit = set(world.neutral), world.units[start]
    truth = set(unit.forward if direction == "forward" else unit.backward) - neutral
    found = {certainty: _units(world, answer) - neutral for certainty, answer in given.items()}
    marked = _units(world, given["possible"], certainty="confirmed") - neutral
    if not unit.exact and truth:
        for certainty in CERTAINTIES:
            verdict.sizes.append((unit.chapter, certainty, len(found[certainty]) / len(truth)))
    yield from _compare(start, found, truth, exact=unit.exact)
    if marked != found["confirmed"]:
        odd = sorted(marked ^ found["confirmed"])[:3]
        yield f"{start}: confirmed in only one of the two answers: {odd}"
    if strangers := {
        key for key in found["possible"] if key not in world.units or world.units[key].chapter != unit.chapter
    }:
        yield f"possible {start}: never near it {sorted(strangers)[:3]}"
    for source, product in world.must_confirm:
        if start == source and direction == "forward" and product not in found["confirmed"]:
            yield f"confirmed {start}: the records show {product}"


def _compare(start: str, found: dict[str, set[str]], truth: set[str], *, exact: bool) -> Iterator[str]:
    for certainty in CERTAINTIES:
        extra, missing = found[certainty] - truth, truth - found[certainty]
        if not exact:
            extra, missing = (extra, set()) if certainty == "confirmed" else (set(), missing)
        if extra or missing:
            yield f"{certainty} {start}: extra {sorted(extra)[:3]}, missing {sorted(missing)[:3]}"


def _units(world: World, answer: dict[str, Any], certainty: str | None = None) -> set[str]:
    units = answer["result"]["units"]
    return {world.aliases.get(unit["id"], unit["id"]) for unit in units if certainty in (None, unit.get("certainty"))}
