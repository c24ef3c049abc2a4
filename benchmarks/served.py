"""The traced store on a Neo4j server: first load, then reach and whole answers beside the embedded store and beside a
bare statement, the rate of capture, and shapes with very many paths.

The server is started as the tests start theirs (tests/neo4j_server), but for measuring: Java chooses its own compiler
and collector, the heap has 2 GB and the page cache 1 GB. Without Java or Maven the section is left out.
"""

from __future__ import annotations

import io
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from benchmarks.bare_statement import BareStatement
from benchmarks.capturing import capture_of, event_texts, with_context
from benchmarks.growth import SHAPES, Scene, lot, shape_times, shapes
from benchmarks.measuring import LeftOut, Section, Unequal, timed, told
from benchmarks.questions import CLASSES, Asked
from benchmarks.tracing import REPEATS, answer, some_questions
from benchmarks.workspace import Workspace, disk
from tracegraph import Tracegraph
from tracegraph.stores import open_store
from tracegraph.stores.care import keepable
from tracegraph.stores.port import Direction, HoldingQuery

if TYPE_CHECKING:
    from tests.neo4j_server.server import Server

LOADING = "Neo4j: the first load"
ANSWERS = "Neo4j"
CAPTURE = "Neo4j: capture, beside the embedded store"
#: Seconds for one class of whole answers; then the next class is asked.
BUDGET = 60.0
#: Events that are captured before those that are measured: a server has run for a while.
WARM_UP = 4_000


def measure_neo4j(bench: Workspace) -> Section:
    """One server with the traced store, then an empty one for captures and shapes. LeftOut where none can start."""
    section = Section()
    server = neo4j_server(bench)
    try:
        _load(section, bench, server)
        _compare(section, bench, server)
    finally:
        server.__exit__()
    with neo4j_server(bench) as empty:
        _capture(section, bench, empty)
        _measure_shapes(section, empty)
    return section


def neo4j_server(bench: Workspace) -> Server:
    """A server that is not started yet."""
    import pytest

    from tests.neo4j_server.java import chosen_version, java_for, server_jars
    from tests.neo4j_server.server import QUICK, Server

    try:
        java_for(chosen_version())
        server_jars(chosen_version())
    except pytest.fail.Exception as missing:
        raise LeftOut(missing.msg) from None
    memory = {"server.memory.pagecache.size": "1g", "db.tx_log.rotation.size": "256m"}
    # At the smallest size nothing is measured, but the benchmark tested: a server that is ready soon.
    options = QUICK if bench.name == "tiny" else ()
    return Server(options=options, settings=memory, folder=bench.scratch("server"))


def _load(section: Section, bench: Workspace, server: Server) -> None:
    """The files for neo4j-admin, their import, the first opening."""
    from tracegraph.stores.neo4j.import_files import ARGUMENTS, write_import

    folder = bench.scratch("import")
    with told("writing import files"), closing(open_store(f"sqlite:///{bench.store}", create=False)) as store:
        written, _ = timed(write_import, keepable(store), folder)
    section.add(LOADING, "tracegraph export neo4j-import: write the files", written, "s")
    section.add(LOADING, "the files", disk(folder) / 1e6, "MB")
    server.set_password()
    with told("importing them"):
        command = ("database", "import", "full", "neo4j", f"@{ARGUMENTS}")
        imported, _ = timed(lambda: server.administer(*command, folder=folder))
    section.add(LOADING, "neo4j-admin database import", imported, "s")
    server.start()
    with told("constraints and indexes"):
        opened, store = timed(open_store, server.url())
        store.close()
    section.add(LOADING, "open it the first time: constraints and indexes", opened, "s")
    section.add(LOADING, "the database on disk", disk(server.folder / "data" / "databases") / 1e6, "MB")
    section.add(LOADING, "the embedded store, for comparison", disk(bench.store) / 1e6, "MB")


@dataclass(frozen=True, slots=True)
class Both:
    """One store twice, and the bare statement to the one that is served."""

    embedded: Tracegraph
    served: Tracegraph
    bare: BareStatement

    def nodes(self, unit: str) -> list[int]:
        """The holdings of a unit as the server numbers them."""
        return sorted(row.node for row in self.served.store.holdings(HoldingQuery(units=[unit])))

    def check(self, asked: Asked, nodes: Sequence[int]) -> None:
        """Unequal where the stores reach other units, or the bare statement other legs. Warms the server as well."""
        here, there = self.embedded.store, self.served.store
        direction = direction_of(asked)
        found = there.unit_keys(list(there.reach_units(nodes, direction).units))
        if sorted(found) != sorted(here.unit_keys(asked.answer.tolist())):
            raise Unequal(f"Neo4j: {len(found)} units, not {len(asked.answer)}; {asked}")
        legs = there.reach(nodes, direction)
        if set(zip(legs.source, legs.target, strict=True)) != set(zip(*self.bare.ends(nodes, direction), strict=True)):
            raise Unequal(f"the bare statement finds other legs; {asked}")


@contextmanager
def _both(bench: Workspace, server: Server) -> Iterator[Both]:
    with (
        Tracegraph.open(f"sqlite:///{bench.store}", create=False) as embedded,
        Tracegraph.open(server.url(), create=False) as served,
        server.connected() as database,
    ):
        yield Both(embedded, served, BareStatement(database))


def _compare(section: Section, bench: Workspace, server: Server) -> None:
    """The questions of section `answer`, by class."""
    names, asked = some_questions(bench)
    with _both(bench, server) as both:
        for name in [name for name in CLASSES if any(one.size_class == name for one in asked)]:
            some = [(one, names[one.unit]) for one in asked if one.size_class == name]
            with told(f"{len(some)} questions, {name}"):
                _compare_reach(section, name, both, some)
                _compare_answers(section, name, both, some)


def _compare_reach(section: Section, name: str, both: Both, some: Sequence[tuple[Asked, str]]) -> None:
    """Every way answers a question before the next one is asked, so that noise hits all alike."""
    here, there = both.embedded.store, both.served.store
    times: dict[str, list[float]] = {"embedded": [], "bare": [], "legs": [], "units": []}
    asked_here = [(asked, both.nodes(key)) for asked, key in some]
    for asked, nodes in asked_here:
        both.check(asked, nodes)
    for asked, nodes in asked_here:
        direction = direction_of(asked)
        for way, reach, starts in (
            ("bare", both.bare.ends, nodes),
            ("legs", there.reach, nodes),
            ("units", there.reach_units, nodes),
            ("embedded", here.reach_units, asked.nodes),
        ):
            times[way].append(timed(reach, starts, direction, repeats=REPEATS)[0])
    group = f"{ANSWERS}, {name}"
    section.add_times(group, "reach: the bare statement, both ends of each leg as columns", times["bare"], "ms")
    section.add_times(group, "reach: legs with all that they say (store.reach)", times["legs"], "ms")
    section.add_times(group, "reach: units with distances (store.reach_units)", times["units"], "ms")
    section.add_times(group, "reach: the embedded store with its index (store.reach_units)", times["embedded"], "ms")
    for way in ("legs", "units"):
        ratios = [ours / bare for ours, bare in zip(times[way], times["bare"], strict=True)]
        section.add_times(group, f"reach: {way}, of the bare statement", ratios, "times", target="served reach")


def direction_of(asked: Asked) -> Direction:
    """As the port has it."""
    return "forward" if asked.direction == "forward" else "backward"


def _compare_answers(section: Section, name: str, both: Both, some: Sequence[tuple[Asked, str]]) -> None:
    """Whole answers, the same bytes."""
    served: list[float] = []
    embedded: list[float] = []
    began = time.monotonic()
    for asked, key in some:
        if time.monotonic() - began > BUDGET:
            break
        seconds, text = timed(answer, both.served, key, asked.direction, repeats=2)
        again, expected = timed(answer, both.embedded, key, asked.direction, repeats=2)
        if text != expected:
            raise Unequal(f"the answers of Neo4j and of the embedded store differ; {asked}")
        served.append(seconds)
        embedded.append(again)
    section.add_times(f"{ANSWERS}, {name}", "the whole answer as JSON: Neo4j", served, "ms")
    section.add_times(f"{ANSWERS}, {name}", "the whole answer as JSON: the embedded store", embedded, "ms")


def _capture(section: Section, bench: Workspace, server: Server) -> None:
    """Events of three mixes, in the batches of the product, into empty stores of both kinds."""
    count = bench.size.served
    _captured(server.url(), list(islice(one_unit_events("warm"), WARM_UP if count > WARM_UP else count)))
    for what, events, target in (
        ("events that name one unit", one_unit_events("one"), "served capture"),
        ("usual events", event_texts(bench.usual / "events"), ""),
        ("dense events", event_texts(bench.dense / "events"), ""),
    ):
        texts = list(islice(events, count))
        with server.connected() as database:
            database.empty()
        with told(f"capturing {len(texts):,} {what}"):
            served = _captured(server.url(), texts)
            embedded = _captured(f"sqlite:///{bench.scratch('served') / 'store.db'}", texts)
        section.add(CAPTURE, f"{what}: Neo4j", len(texts) / served, "events/s", count=len(texts), target=target)
        section.add(CAPTURE, f"{what}: the embedded store", len(texts) / embedded, "events/s", count=len(texts))
    with server.connected() as database:
        database.empty()


def _captured(url: str, texts: Sequence[bytes]) -> float:
    """Seconds in which the events are captured."""
    with Tracegraph.open(url) as graph:
        source = io.BytesIO(b"\n".join(texts))
        seconds, report = timed(capture_of(graph).run, [source])
    assert report.accepted == len(texts), report.reasons
    return seconds


def one_unit_events(name: str) -> Iterator[bytes]:
    """Lots, one after the other: born, shipped, received. Every event names one unit."""
    scene = Scene()
    for number in range(10**9):
        goods, trip = {lot(f"{name}{number}"): 1_000}, scene.trip()
        yield with_context(scene.born(lot(f"{name}{number}"), 1_000))
        yield with_context(scene.clerk.shipping(scene.now(), trip, goods))
        yield with_context(scene.clerk.receiving(scene.now(), trip, goods))


def _measure_shapes(section: Section, server: Server) -> None:
    """What section `shapes` measures of the embedded store."""
    group = f"Neo4j: {SHAPES[0].lower()}{SHAPES[1:]}"
    for shape in shapes():
        with server.connected() as database:
            database.empty()
        with Tracegraph.open(server.url()) as graph, told(shape.name):
            reach, whole = shape_times(graph, shape)
        target = "served shapes" if "mixed" in shape.name else ""
        section.add_times(group, f"{shape.name}: reach", reach, "ms", target=target)
        section.add_times(group, f"{shape.name}: the whole answer", whole, "ms")
