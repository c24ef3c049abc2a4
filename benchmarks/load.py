"""Load over HTTP: traces of 100 to 1,000 units and single captures mixed, by wrk, beside the same mix in one process.

`python -m benchmarks.load [--minutes 10] [--events 40000] [--only sqlite|neo4j] [--folder bench-data]` needs wrk, and
for Neo4j Java and Maven. Each store is filled with the same events and serves for so many minutes; the resident memory
of the service is read all the time. Prints the table, and keeps it as load.json in the folder.
"""

from __future__ import annotations

import argparse
import io
import json
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from benchmarks.capturing import capture_command, capture_of
from benchmarks.children import run
from benchmarks.custody_data import Data, make
from benchmarks.event_text import CONTEXT
from benchmarks.graph_rows import keys_of, read_graph
from benchmarks.measuring import LeftOut, Section, save, told
from benchmarks.questions import DIRECTIONS, Neighbours
from benchmarks.served import neo4j_server
from benchmarks.targets import TARGETS
from benchmarks.workspace import Workspace, copy_store, sample, wait_for_index
from tracegraph import Tracegraph
from tracegraph.stores.care import keepable

if TYPE_CHECKING:
    from tests.api.served import Served

#: Units in an answer of the mix, and how many different questions there are.
FEWEST, MOST, QUESTIONS = 100, 1_000, 200
#: One request in so many captures an event.
CAPTURES = 10
#: Connections that ask at once, and threads of the run in process.
AT_ONCE = 4
SCRIPT = Path(__file__).with_name("load.lua")
LONG_AGO = "2025-06-01T08:00:00Z"


@dataclass(frozen=True, slots=True)
class Mix:
    """What is asked: (start, direction) of traces, and an event that @NUMBER@ makes new."""

    questions: list[tuple[str, str]]
    event: str

    def step(self, graph: Tracegraph, capture: Callable[[bytes], None], number: int) -> None:
        """The same as one request, in process."""
        if number % CAPTURES == 0:
            capture(self.event.replace("@NUMBER@", f"p{number}").encode())
        else:
            start, direction = self.questions[number * 7 % len(self.questions)]
            graph.trace(start, direction=direction).to_json()

    def addresses(self) -> Iterator[str]:
        """The same as addresses."""
        for start, direction in self.questions:
            yield f"/api/v1/traces?{urlencode({'start': start, 'direction': direction})}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    chosen = _parser().parse_args(arguments)
    bench = Workspace(chosen.folder.absolute(), "usual")
    section = measure_load(bench, chosen.events, chosen.minutes, chosen.only)
    save(chosen.folder / "load.json", section)
    print("\n".join(table(section)))


def measure_load(bench: Workspace, events: int, minutes: float, only: str | None = None) -> Section:
    """Both stores, one after the other. LeftOut without wrk."""
    if shutil.which("wrk") is None:
        raise LeftOut("wrk is not installed; install it (Debian: apt install wrk)")
    section = Section()
    folder = bench.scratch("load")
    store = folder / "store.db"
    with told("making and capturing events"):
        make(folder / "data", Data(events, density="dense"))
        run(capture_command(store, folder / "data" / "events"))
        wait_for_index(store)
    mix = _mix(store)
    if only != "neo4j":
        served = copy_store(store, bench.scratch("load-embedded"))
        _measure(section, "the embedded store", f"sqlite:///{served}", mix, folder, minutes)
    if only != "sqlite":
        with _on_a_server(bench, store) as url:
            _measure(section, "Neo4j", url, mix, folder, minutes)
    return section


def table(section: Section) -> Iterator[str]:
    """The rows as Markdown, a table for each store."""
    for group in dict.fromkeys(row.group for row in section.rows):
        yield f"\n{group}\n\n| | |\n|---|---:|"
        for row in section.rows:
            if row.group == group:
                missed = row.target and row.value is not None and TARGETS[row.target].missed(row.value)
                limit = f" ({TARGETS[row.target].text(row.unit)}{', missed' if missed else ''})" if row.target else ""
                yield f"| {row.what}{limit} | {row.value:,.4g} {row.unit} |"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description="Measure the service under load.")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--events", type=int, default=40_000)
    parser.add_argument("--only", choices=("sqlite", "neo4j"))
    parser.add_argument("--folder", type=Path, default=Path("bench-data"))
    return parser


def _mix(store: Path) -> Mix:
    """Starts drawn among all units of which the answer has the size."""
    graph = read_graph(store)
    candidates = sample(sorted(set(graph.unit[graph.unit > 0].tolist())), 50 * QUESTIONS)
    chosen: list[tuple[int, str]] = []
    for direction in DIRECTIONS:
        neighbours = Neighbours(graph, direction)
        nodes = {unit: tuple((graph.unit == unit).nonzero()[0].tolist()) for unit in candidates[: 5 * QUESTIONS]}
        fitting = [unit for unit, held in nodes.items() if FEWEST <= len(neighbours.reach(held)) <= MOST]
        chosen += [(unit, direction) for unit in fitting[: QUESTIONS // 2]]
    names = keys_of(store, [unit for unit, _ in chosen])
    return Mix([(names[unit], direction) for unit, direction in chosen], _event())


def _event() -> str:
    """A new lot, made at a place of its own."""
    place = "urn:epc:id:sgln:9521234.00001.0"
    lot = "urn:epc:class:lgtin:9521234.012345.@NUMBER@"
    event = {
        "@context": CONTEXT,
        "type": "ObjectEvent",
        "eventID": "urn:example:load:@NUMBER@",
        "eventTime": LONG_AGO,
        "eventTimeZoneOffset": "+00:00",
        "action": "ADD",
        "bizStep": "commissioning",
        "disposition": "active",
        "readPoint": {"id": place},
        "bizLocation": {"id": place},
        "quantityList": [{"epcClass": lot, "quantity": 120.5, "uom": "KGM"}],
        "bizTransactionList": [{"type": "prodorder", "bizTransaction": "urn:epc:id:gdti:9521234.00001.@NUMBER@"}],
    }
    return json.dumps(event)


@contextmanager
def _on_a_server(bench: Workspace, store: Path) -> Iterator[str]:
    """The URL of the same data on a Neo4j server."""
    from tracegraph.stores.neo4j.import_files import ARGUMENTS, write_import

    server = neo4j_server(bench)
    folder = bench.scratch("load-import")
    with told("loading Neo4j"):
        with Tracegraph.open(f"sqlite:///{store}", create=False) as graph:
            write_import(keepable(graph.store), folder)
        server.set_password()
        server.administer("database", "import", "full", "neo4j", f"@{ARGUMENTS}", folder=folder)
    with server:
        yield server.url()


def _measure(section: Section, name: str, url: str, mix: Mix, folder: Path, minutes: float) -> None:
    """One store: in process, then served."""
    group = f"Load over HTTP: {name}"
    alone = max(_in_process(url, mix, minutes * 12, threads) for threads in (1, AT_ONCE))
    section.add(group, "in process: the mix, the better of one thread and four", alone, "per s")
    ran, memory = _served(url, mix, folder, minutes)
    rate = ran["requests"] / ran["seconds"]
    section.add(group, "over HTTP: the mix", rate, "per s", count=ran["requests"])
    section.add(group, "over HTTP, of that in process", rate / alone, "times", target="load rate")
    section.add(group, "median", ran["p50"], "ms")
    section.add(group, "99th percentile", ran["p99"], "ms")
    section.add(group, "99th percentile, of the median", ran["p99"] / ran["p50"], "times", target="load p99")
    section.add(group, "slowest", ran["most"], "ms")
    section.add(
        group, "answers that were errors, requests lost", ran["refused"] + ran["lost"], "", target="load errors"
    )
    early, late = (statistics.median(_around(memory, share)) for share in (0.2, 1.0))
    section.add(group, "resident memory after a fifth of the time", early / 1e6, "MB")
    section.add(group, "resident memory at the end", late / 1e6, "MB")
    section.add(group, "memory at the end, of that after a fifth", late / early, "times", target="load memory")


def _in_process(url: str, mix: Mix, seconds: float, threads: int) -> float:
    """Steps per second, all threads together."""
    numbers = count(time.time_ns())
    end = time.monotonic() + seconds
    with Tracegraph.open(url, create=False) as graph, told(f"the mix in process, {threads} at once"):

        def work() -> int:
            capture, steps = capture_of(graph), 0
            while time.monotonic() < end:
                mix.step(graph, lambda text: _capture(capture, text), next(numbers))
                steps += 1
            return steps

        with ThreadPoolExecutor(threads) as pool:
            done = [pool.submit(work) for _ in range(threads)]
            return sum(one.result() for one in done) / seconds


def _capture(capture: Any, text: bytes) -> None:
    capture.run([io.BytesIO(text)])


def _served(url: str, mix: Mix, folder: Path, minutes: float) -> tuple[dict[str, Any], list[int]]:
    """What wrk says, and the resident memory now and then."""
    from tests.api.served import Served

    addresses, event = folder / "addresses.txt", folder / "event.json"
    addresses.write_text("\n".join(mix.addresses()) + "\n", encoding="utf-8")
    event.write_text(mix.event, encoding="utf-8")
    key, service_file = _new_key(folder)
    options = (f"--service-file={service_file}", "--rate-limit=off")
    with (
        Served(url, folder, *options) as served,
        told(f"wrk for {minutes:g} minutes"),
        _memory_of(served, minutes * 60) as memory,
    ):
        how = ["wrk", "-t2", f"-c{AT_ONCE}", f"-d{max(1, round(minutes * 60))}s", "--timeout=30s", f"-s{SCRIPT}"]
        command = [*how, served.address, "--", str(addresses), str(event), key]
        ran = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(ran.stdout.strip().splitlines()[-1]), memory


def _new_key(folder: Path) -> tuple[str, Path]:
    """The key of an investigator, and the service file that knows it."""
    from tracegraph.access.caller import Role
    from tracegraph.clock import now
    from tracegraph.service.file import ServiceFile
    from tracegraph.service.keys import Keys
    from tracegraph.service.users import Users

    path = folder / "load.service"
    path.unlink(missing_ok=True)
    with closing(ServiceFile(path)) as file:
        Users(file, now).add("load", Role.INVESTIGATOR)
        return Keys(file, now).create("load").secret, path


@contextmanager
def _memory_of(served: Served, seconds: float) -> Iterator[list[int]]:
    """Resident bytes, a hundred times in that time."""
    found: list[int] = []
    ended = Event()

    def watch() -> None:
        while not ended.wait(seconds / 100):
            found.append(served.memory())

    watching = Thread(target=watch)
    watching.start()
    try:
        yield found
    finally:
        ended.set()
        watching.join()


def _around(samples: list[int], share: float) -> list[int]:
    """The samples in the twentieth before that share of the time."""
    end = max(1, round(len(samples) * share))
    return samples[max(0, end - max(1, len(samples) // 20)) : end]


if __name__ == "__main__":
    main()
