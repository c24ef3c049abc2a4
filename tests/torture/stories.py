"""What the tortures capture: small stories as files, and what an untroubled store makes of them.

The clock stands still, so that the ledger of a story is the same to the byte in every store, and whatever a troubled
store holds can be compared with a prefix of the untroubled one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
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
from tracegraph.stores.port import HoldingQuery, LedgerHead, Legs, Store

#: The instant at which everything is captured: 2026-06-01.
NOW = 1_780_272_000_000_000

#: How many different stories the rounds of a torture share.
STORIES = 4


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
    with patch("tracegraph.graph._now", lambda: now), patch("tracegraph.commands.capture.clock", lambda: now):
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
        store.records(),
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


def document_of(content: bytes) -> Any:
    """A file of a story as JSON values."""
    return json.loads(content)
