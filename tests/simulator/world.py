"""One simulated world: several chapters, one clerk, one document, and the truth about each unit."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tests.simulator.chapters import CARELESS, RECORDED, Chapter
from tests.simulator.clerk import Clerk, Event
from tests.simulator.identifiers import Names
from tests.simulator.rows import Coverage
from tests.simulator.story import Story

CHAPTERS = 8


@dataclass(slots=True)
class Unit:
    """What is true of one unit, and how to judge an answer about it. `names`: as which events name it."""

    chapter: str
    exact: bool
    forward: list[str]
    backward: list[str]
    ask: list[str]
    names: tuple[str, ...] = ()


@dataclass(slots=True)
class World:
    """Everything that is known about one world.

    `neutral`: ids that an answer may name or leave out (carriers; lots and products that exist only through members).
    `aliases`: other numbers of a unit. `wider`: starts that stand for more than
    themselves, contents or members. `header_batch`: which of the
    three batches brings the master data. `must_confirm`: pairs of which the first confirmedly went into the second.
    """

    name: str
    kind: str
    document: Event
    units: dict[str, Unit]
    neutral: list[str]
    aliases: dict[str, str]
    must_confirm: list[tuple[str, str]]
    rows: Coverage
    header_batch: int = 0
    wider: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The world as data, of the same form as the reference worlds, and a little more."""
        truth = {key: {"forward": unit.forward, "backward": unit.backward} for key, unit in self.units.items()}
        details = {
            key: {"chapter": unit.chapter, "exact": unit.exact, "ask": unit.ask} for key, unit in self.units.items()
        }
        return {
            "kind": self.kind,
            "name": self.name,
            "epcis": self.document,
            "truth": truth,
            "units": details,
            "neutral": self.neutral,
            "aliases": self.aliases,
            "must_confirm": self.must_confirm,
        }


def make_world(seed: int, number: int, kind: str) -> World:
    """The world of this number; the same three arguments give the same world."""
    return tell(chapters_of(seed, number, kind), f"{kind}-{seed}-{number}", kind)


def chapters_of(seed: int, number: int, kind: str) -> list[Chapter]:
    """Chapters in turn, each list shuffled once per round, so that a run meets all; lossy worlds take both."""
    if kind == "recorded":
        return _turn(RECORDED, seed, number, CHAPTERS)
    return _turn(CARELESS, seed, number, CHAPTERS - 2) + _turn(RECORDED, seed + 1, number, 2)


def _turn(chapters: list[Chapter], seed: int, number: int, count: int) -> list[Chapter]:
    chosen = []
    for position in range(number * count, number * count + count):
        turn, place = divmod(position, len(chapters))
        order = random.Random(f"{seed} {turn}").sample(range(len(chapters)), len(chapters))
        chosen.append(chapters[order[place]])
    return chosen


def tell(chapters: list[Chapter], name: str, kind: str) -> World:
    """A world made of these chapters; the name is the seed."""
    chance = random.Random(name)
    rows = Coverage()
    clerk, names = Clerk(chance, rows), Names(chance)
    shared = [names.site() for _ in range(5)]
    world = World(name, kind, {}, {}, [], {}, [], rows)
    for chapter in chapters:
        story = Story(chapter.__name__, chance, clerk, names, shared)
        chapter(story)
        _conclude(world, story, exact=chapter in RECORDED)
    world.document = plain_numbers(clerk.document())
    named = set(texts(world.document))
    for key in [key for key, unit in world.units.items() if unit.names and not named & set(unit.names)]:
        del world.units[key]  # a tote that stood about, a unit of which every record was lost
    world.header_batch = chance.randrange(3)
    if clerk.vocabulary and world.header_batch:
        rows.met("4 master_data_late")
    return world


def _conclude(world: World, story: Story, *, exact: bool) -> None:
    """Take the truth out of a finished story."""
    chance = random.Random(world.name + story.name)
    for key, unit in story.units.items():
        starts = [key, *story.members.get(key, [])]
        world.units[key] = Unit(
            story.name,
            exact,
            sorted(set().union(*(story.goods.forward(start) for start in starts))),
            sorted(set().union(*(story.goods.backward(start) for start in starts))),
            story.asked_as.get(key) or sorted({key, unit.ask(chance), unit.ask(chance)}),
            unit.written if story.goods.ever.get(key) else (),
        )
    world.neutral += sorted(story.carriers | {key for key in story.members if not story.goods.ever.get(key)})
    world.wider += sorted(story.totes | story.members.keys())
    world.aliases |= story.aliases
    world.must_confirm += story.must_confirm


def plain_numbers(value: Any) -> Any:
    """Decimals as the JSON numbers that say the same."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {name: plain_numbers(inner) for name, inner in value.items()}
    return [plain_numbers(inner) for inner in value] if isinstance(value, list) else value


def texts(value: Any) -> Iterator[str]:
    """Every text in a JSON value."""
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from texts(inner)
