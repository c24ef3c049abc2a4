"""What the tortures capture: small stories as files, and what an untroubled store makes of them.

The clock stands still, so that the ledger of a story is the same to the byte in every store, and whatever a troubled
store holds can be compared with a prefix of the untroubled one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from tests.end_to_end.building import Event, compared, encoded, every_answer
from tests.simulator.chapters import CARELESS, RECORDED
from tests.simulator.world import tell
from tracegraph import Tracegraph
from tracegraph.capture import Capture, CaptureReport
from tracegraph.stores.port import HoldingQuery, LedgerHead, Legs, Store

#: The instant at which everything is captured: 2026-06-01.
NOW = 1_780_272_000_000_000

#: How many different stories the rounds of a torture share.
STORIES = 4

#: Pieces of one change of a story that is captured as one file.
PORTION = 7


@dataclass(slots=True)
class Story:
    """Files in the order in which they are captured, and what the untroubled store is after each.

    `heads[n]` and `states[n]`: after n files; `answers`: every trace at the end, as bytes.
    """

    name: str
    files: list[bytes]
    heads: list[LedgerHead] = field(default_factory=list)
    states: list[str] = field(default_factory=list)
    answers: dict[Any, Any] = field(default_factory=dict)

    def write(self, folder: Path) -> list[Path]:
        """The files on disk."""
        folder.mkdir(exist_ok=True)
        paths = [folder / f"{number:03}.json" for number in range(len(self.files))]
        for path, content in zip(paths, self.files, strict=True):
            path.write_bytes(content)
        return paths

    def captured(self, store: Store) -> int:
        """How many files the store holds. AssertionError where it holds no whole number of files, other entries, or a
        graph that does not say what its ledger says."""
        head = store.head()
        assert head in self.heads, f"{head.count} entries: {[one.count for one in self.heads]} are whole changes"
        number = self.heads.index(head)
        assert list(store.verify()) == []
        assert state_of(store) == self.states[number], f"after {number} files the graph is not what the ledger says"
        return number


def story_of(chance: Random) -> Story:
    """One of the few stories that the rounds share."""
    return story_of_name(str(chance.randrange(STORIES)))


@lru_cache
def story_of_name(name: str) -> Story:
    """A story with all that an untroubled store says."""
    story = Story(name, [encoded(document) for document in _documents(name)])
    with TemporaryDirectory() as folder, steady_clock(), opened_at(Path(folder)) as graph:
        story.heads.append(graph.store.head())
        story.states.append(state_of(graph.store))
        for path in story.write(Path(folder, "files")):
            assert graph.capture(path, rejects=None).rejected == 0
            story.heads.append(graph.store.head())
            story.states.append(state_of(graph.store))
        story.answers = answers_of(graph)
    assert len(set(story.heads)) == len(story.heads), "each file must change the ledger"
    return story


@lru_cache
def long_story(name: str) -> Story:
    """The same story as one file, with what an untroubled store is after each portion of PORTION pieces."""
    whole = story_of_name(name)
    parts = [json.loads(content) for content in whole.files]
    events = [event for part in parts for event in part["epcisBody"]["eventList"]]
    story = Story(name, [encoded(parts[0] | {"epcisBody": {"eventList": events}})], answers=whole.answers)
    with TemporaryDirectory() as folder, opened_at(Path(folder)) as graph:
        story.heads.append(graph.store.head())
        story.states.append(state_of(graph.store))

        def note(_: CaptureReport) -> None:
            story.heads.append(graph.store.head())
            story.states.append(state_of(graph.store))

        capture_in_portions(graph.store, story.write(Path(folder, "files")), note, second_process=False)
    return story


def capture_in_portions(
    store: Store, files: list[Path], progress: Callable[[CaptureReport], None], second_process: bool
) -> None:
    """Capture in small portions, read by another process or by this one; each portion is one change."""
    with patch("tracegraph.capture.BATCH", PORTION):
        Capture(store, lambda: NOW, progress=progress, second_process=second_process).run(files)


def _documents(name: str) -> Iterator[Event]:
    """A simulated world of a few chapters, told late and early, in files of one to some twelve events."""
    chance = Random(f"story {name}")
    world = tell(chance.sample(RECORDED, 2) + chance.sample(CARELESS, 2), f"torture-{name}", "lossy").document
    events = list(world["epcisBody"]["eventList"])
    for _ in range(len(events) // 4):
        first, second = chance.randrange(len(events)), chance.randrange(len(events))
        events[first], events[second] = events[second], events[first]
    events = list({encoded(event): event for event in events}.values())
    bare = {name: value for name, value in world.items() if name != "epcisHeader"}
    first = True
    while events:
        size = chance.choice([1, 2, 5, 12])
        yield (world if first else bare) | {"epcisBody": {"eventList": events[:size]}}
        events, first = events[size:], False


@contextmanager
def steady_clock(now: int = NOW) -> Iterator[None]:
    """Everything that is captured is recorded at this instant."""
    with patch("tracegraph.graph.now", lambda: now), patch("tracegraph.commands.capture.now", lambda: now):
        yield


def url_of(folder: Path) -> str:
    """The store of a folder."""
    return f"sqlite:///{folder / 'store.db'}"


@contextmanager
def opened_at(folder: Path, create: bool = True) -> Iterator[Tracegraph]:
    """The store of a folder, open."""
    with Tracegraph.open(url_of(folder), create=create) as graph:
        yield graph


def answers_of(graph: Tracegraph) -> dict[Any, Any]:
    """Every trace of every unit, and all gaps, as bytes."""
    units = [unit.key for unit in graph.store.units()]
    return {"gaps": compared(graph.all_gaps()), **every_answer(graph, units)}


def state_of(store: Store) -> str:
    """Everything that the store holds now, without its numbers for nodes."""
    rows = store.holdings(HoldingQuery())
    names = {row.node: row.holding.id for row in rows}
    leaving = store.legs(sorted(names), "forward")
    joints = {row.node: row.joint for row in store.joints(sorted(set(leaving.target) - names.keys()))}
    names |= {node: joint.id for node, joint in joints.items()}
    legs = _readable(leaving, names) + _readable(store.legs(sorted(joints), "forward"), names)
    units = store.units()
    kept = [
        store.events(),
        [replace(stored, record=replace(stored.record, source="")) for stored in store.records()],
        units,
        [row.holding for row in rows],
        sorted(joints.values(), key=repr),
        sorted(legs),
        store.gaps(),
        store.aliases([unit.key for unit in units]),
        store.members([unit.key for unit in units]),
    ]
    return "\n".join(map(repr, kept))


def _readable(legs: Legs, names: dict[int, str]) -> list[tuple[Any, ...]]:
    ends = [[names[node] for node in nodes] for nodes in (legs.source, legs.target)]
    return list(zip(*ends, legs.event, legs.rule, legs.confirmed, legs.cost, legs.instant, strict=True))
