"""What must not grow: a lot with ever more events, a tote with ever more loads, diamonds on diamonds, mixed layers."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from benchmarks.capturing import capture_all, capture_of, capture_one, with_context
from benchmarks.event_text import HOUR, Clerk, EventJson, Facility, Trip
from benchmarks.measuring import Section, timed, told
from benchmarks.supply_chain import START
from benchmarks.tracing import answer
from benchmarks.workspace import Workspace
from tracegraph import Tracegraph
from tracegraph.capture import Capture
from tracegraph.identifiers import parse
from tracegraph.stores.port import HoldingQuery

NAMED = "A lot named by ever more events, captured one at a time"
TOTE = "A tote reused again and again, events captured one at a time"
SHAPES = "Shapes with very many paths"
DIAMONDS = 60
LAYERS, WIDTH = 14, 4
#: A question of a small answer is asked this often.
REPEATS = 50
#: Seconds after which no further event is captured.
BUDGET = 1_800.0


class Scene:
    """Two sites, a clerk and a clock that goes on by an hour with each event."""

    def __init__(self) -> None:
        chance = random.Random(11)
        self.clerk = Clerk(chance)
        self.factory, self.shop = Facility(1, 0, 0, chance), Facility(2, 1, 0, chance)
        self._hours = 0

    def now(self) -> int:
        """The next instant."""
        self._hours += 1
        return START + self._hours * HOUR

    def born(self, lot: str, grams: int) -> EventJson:
        """A lot comes into being at the factory."""
        return self.clerk.birth(self.now(), self.factory, lot, lot.rpartition(".")[2], grams)

    def made(self, used: dict[str, int], made: dict[str, int]) -> EventJson:
        """A transformation at the factory."""
        return self.clerk.production(self.now(), self.factory, used, made, f"P{self._hours}")

    def trip(self, back: bool = False) -> Trip:
        """A shipment with a number of its own."""
        ends = (self.shop, self.factory) if back else (self.factory, self.shop)
        return Trip(*ends, f"D{self._hours:08d}")


def lot(name: object) -> str:
    """A lot of the factory."""
    return f"urn:epc:class:lgtin:9520001.000001.{name}"


def measure_named(bench: Workspace) -> Section:
    """Shipped, received and used in turn, a gram at a time."""
    section = Section()
    events = islice(_events_of_a_lot(Scene(), bench.size.named), bench.size.named)
    _tell(section, bench, NAMED, "named_lot", [[event] for event in events], "named")
    return section


def measure_tote(bench: Workspace) -> Section:
    """Packed, shipped, received, emptied, and sent home."""
    section = Section()
    _tell(section, bench, TOTE, "tote", list(_loads_of_a_tote(Scene(), bench.size.loads)), "tote")
    return section


def measure_shapes(bench: Workspace) -> Section:
    """Sixty stacked diamonds and fourteen fully mixed layers of four."""
    section = Section()
    for shape in shapes():
        with Tracegraph.open(f"sqlite:///{bench.scratch('shapes') / 'store.db'}") as graph, told(shape.name):
            reach, whole = shape_times(graph, shape)
        section.add_times(SHAPES, f"{shape.name}: reach", reach, "ms", target="shapes")
        section.add_times(SHAPES, f"{shape.name}: the whole answer", whole, "ms")
    return section


@dataclass(frozen=True, slots=True)
class Shape:
    """Events, and the unit at which all of their paths begin."""

    name: str
    start: str
    events: Iterable[EventJson]


def shapes() -> tuple[Shape, ...]:
    """What has more paths than anybody can walk."""
    return (
        Shape(f"{DIAMONDS} stacked diamonds", lot("d0"), _diamonds(Scene())),
        Shape(f"{LAYERS * WIDTH} lots in {LAYERS} fully mixed layers", lot("m0.0"), _mixed(Scene())),
    )


def shape_times(graph: Tracegraph, shape: Shape) -> tuple[list[float], list[float]]:
    """Capture a shape into an empty store; seconds of reach and of the whole answer, many times each."""
    capture_all(graph, shape.events)
    nodes = [row.node for row in graph.store.holdings(HoldingQuery(units=[parse(shape.start).key]))]
    reach = [timed(graph.store.reach_units, nodes, "forward")[0] for _ in range(REPEATS)]
    whole = [timed(answer, graph, shape.start)[0] for _ in range(REPEATS)]
    return reach, whole


def _tell(
    section: Section, bench: Workspace, group: str, folder: str, turns: list[list[EventJson]], target: str
) -> None:
    """Capture all turns, for as long as the budget lasts; compare the first ones with the last ones."""
    window = min(bench.size.window, len(turns) // 5)
    with told(group), Tracegraph.open(f"sqlite:///{bench.scratch(folder) / 'store.db'}") as graph:
        seconds = list(_all_captured(capture_of(graph), turns))
    section.add_times(group, "the first", seconds[:window], "ms")
    section.add_times(group, "the last", seconds[-window:], "ms")
    section.add(group, f"share captured within {BUDGET / 60:.0f} minutes", 100 * len(seconds) / len(turns), "%")
    slower = statistics.fmean(seconds[-window:]) / statistics.fmean(seconds[:window])
    section.add(group, "mean of the last, of that of the first", slower, "times", target=target)


def _all_captured(capture: Capture, turns: Iterable[list[EventJson]]) -> Iterator[float]:
    spent = 0.0
    for turn in turns:
        if spent > BUDGET:
            return
        seconds = _captured(capture, turn)
        spent += seconds
        yield seconds


def _captured(capture: Capture, events: Iterable[EventJson]) -> float:
    """Seconds of one turn, commits included."""
    texts = [with_context(event) for event in events]
    began = time.perf_counter()
    for text in texts:
        capture_one(capture, text)
    return time.perf_counter() - began


def _events_of_a_lot(scene: Scene, count: int) -> Iterator[EventJson]:
    yield scene.born(lot("named"), 1_000 * count)
    for number in range(count // 3 + 1):
        trip = scene.trip()
        yield scene.clerk.shipping(scene.now(), trip, {lot("named"): 500})
        yield scene.clerk.receiving(scene.now(), trip, {lot("named"): 500})
        yield scene.made({lot("named"): 400}, {lot(f"made{number}"): 400})


def _loads_of_a_tote(scene: Scene, count: int) -> Iterator[list[EventJson]]:
    tote = "urn:epc:id:grai:9520001.00001.1"
    for number in range(count):
        goods = {lot(f"load{number}"): 20_000}
        out, home = scene.trip(), scene.trip(back=True)
        yield [
            scene.born(lot(f"load{number}"), 20_000),
            scene.clerk.packing(scene.now(), scene.factory, tote, goods),
            scene.clerk.shipping(scene.now(), out, {tote: None}),
            scene.clerk.receiving(scene.now(), out, {tote: None}),
            scene.clerk.unpacking(scene.now(), scene.shop, tote, goods),
            scene.clerk.shipping(scene.now(), home, {tote: None}),
            scene.clerk.receiving(scene.now(), home, {tote: None}),
        ]


def _diamonds(scene: Scene) -> Iterator[EventJson]:
    yield scene.born(lot("d0"), 2_000)
    for number in range(DIAMONDS):
        sides = [lot(f"d{number}left"), lot(f"d{number}right")]
        for side in sides:
            yield scene.made({lot(f"d{number}"): 1_000}, {side: 1_000})
        yield scene.made(dict.fromkeys(sides, 1_000), {lot(f"d{number + 1}"): 2_000})


def _mixed(scene: Scene) -> Iterator[EventJson]:
    for column in range(WIDTH):
        yield scene.born(lot(f"m0.{column}"), 4_000)
    for layer in range(1, LAYERS):
        used = {lot(f"m{layer - 1}.{column}"): 1_000 for column in range(WIDTH)}
        for column in range(WIDTH):
            yield scene.made(used, {lot(f"m{layer}.{column}"): 4_000})
