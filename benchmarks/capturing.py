"""Capture: events from files by the command line, the rate of the first tenth and of the last, memory; commits."""

from __future__ import annotations

import io
import json
import shutil
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.children import Ran, run, tracegraph
from benchmarks.event_text import CONTEXT, EventJson
from benchmarks.measuring import Section, timed, told
from benchmarks.workspace import Workspace, count_entries, disk, index_of, wait_for_index
from tracegraph import Tracegraph
from tracegraph.capture import Capture

GROUP = "Capture from files"
COMMITS = "Single events, each durable"
#: So many commits of each side in turn, that noise hits both alike.
TURN = 20


def measure_capture(bench: Workspace) -> Section:
    """The store that everything else traces."""
    bench.make_data()
    section = Section()
    _forget(bench.store)
    ran = _capture(bench.dense / "events", bench.store, bench.size.batch)
    _tell(section, "dense events", bench.made["events"], ran, bench.store)
    section.facts |= _sizes(bench)
    return section


def measure_sustained(bench: Workspace) -> Section:
    """Events as most are, into a store of their own."""
    bench.make_data()
    section = Section()
    store = bench.scratch("sustained") / "store.db"
    ran = _capture(bench.usual / "events", store)
    _tell(section, "usual events", bench.size.sustained, ran, store, "capture")
    return section


def measure_commits(bench: Workspace) -> Section:
    """One event, one commit, on disk: against a bare table that takes the same bytes."""
    section = Section()
    folder = bench.scratch("commits")
    texts = list(islice(event_texts(bench.usual / "events"), bench.size.commits))
    bare = sqlite3.connect(folder / "bare.db", isolation_level=None)
    bare.execute("PRAGMA journal_mode = WAL")
    bare.execute("PRAGMA synchronous = FULL")
    bare.execute("CREATE TABLE event (payload BLOB)")
    ours: list[float] = []
    plain: list[float] = []
    with told(f"{len(texts):,} single events"), Tracegraph.open(f"sqlite:///{folder / 'store.db'}") as graph:
        capture = capture_of(graph)
        for first in range(0, len(texts), TURN):
            turn = texts[first : first + TURN]
            ours += [timed(capture_one, capture, text)[0] for text in turn]
            plain += [timed(bare.execute, "INSERT INTO event VALUES (?)", (text,))[0] for text in turn]
    bare.close()
    section.add_times(COMMITS, "tracegraph: checked, chained, compiled, one commit", ours, "ms")
    section.add_times(COMMITS, "bare SQLite: the same bytes, one commit", plain, "ms")
    ratio = sum(plain) / sum(ours)
    section.add(COMMITS, "rate of tracegraph, of the bare one's", ratio, "", target="commits")
    return section


def capture_all(graph: Tracegraph, events: Iterable[EventJson]) -> None:
    """Events into a store, in batches."""
    text = b"\n".join(with_context(event) for event in events)
    report = capture_of(graph).run([io.BytesIO(text)])
    assert not report.rejected, report.reasons


def capture_of(graph: Tracegraph) -> Capture:
    """What captures event after event and remembers what it compiled, as a service does."""
    return Capture(graph.store, clock=lambda: time.time_ns() // 1_000)


def capture_one(capture: Capture, text: bytes) -> None:
    """One event, one commit."""
    before = capture.report.accepted
    report = capture.run([io.BytesIO(text)])
    assert report.accepted == before + 1, report.reasons


def event_texts(folder: Path) -> Iterator[bytes]:
    """Every event of the documents by itself, as it would come over a line."""
    for path in sorted(folder.iterdir()):
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                if line.startswith('{"type":'):
                    yield with_context(json.loads(line.rstrip().rstrip(",")))


def with_context(event: EventJson) -> bytes:
    """An event that stands alone."""
    return json.dumps({"@context": CONTEXT, **event}, separators=(",", ":")).encode()


def _capture(events: Path, store: Path, batch: int | None = None) -> Ran:
    with told(f"capturing {events.parent.name} events"):
        ran = run(capture_command(store, events, batch), lambda: count_entries(store))
        wait_for_index(store)
    return ran


def capture_command(store: Path, events: Path, batch: int | None = None) -> list[str]:
    """`tracegraph capture` of a folder, in changes of so many events (None: as it does by itself)."""
    larger = [] if batch is None else ["--batch", str(batch)]
    rejects = str(store.parent / "rejects.ndjson")
    return tracegraph(store, "capture", str(events), "--profile", "--rejects", rejects, *larger)


def _forget(store: Path) -> None:
    shutil.rmtree(index_of(store), ignore_errors=True)
    for beside in store.parent.glob(f"{store.name}*"):
        beside.unlink()


def _tell(section: Section, what: str, events: int, ran: Ran, store: Path, target: str = "") -> None:
    assert count_entries(store) == events, f"{count_entries(store)} of {events} events are stored: {ran.errors}"
    section.add(GROUP, f"{what}: all", events / ran.wall, "events/s", count=events, target=target)
    for name, rate in (
        ("first tenth", pace(ran, 0, events // 10)),
        ("last tenth", pace(ran, events * 9 // 10, events)),
    ):
        section.add(GROUP, f"{what}: {name}", rate, "events/s", target=target if name == "last tenth" else "")
    section.facts["profile"] = ran.errors.rstrip().splitlines()
    section.add(GROUP, f"{what}: processor time", ran.processor / events * 1e6, "µs/event")
    section.add(GROUP, f"{what}: memory at most", ran.memory / 1e6, "MB", target="capture memory" if target else "")
    section.add(GROUP, f"{what}: store", disk(store) / events / 1e3, "kB/event")


def pace(ran: Ran, first: int, last: int) -> float | None:
    """Events a second between two counts, from the samples; None where the run was too short for samples.

    A sample of none at all says that the store was not to be read at that moment, unless it is of the beginning.
    """
    samples = _since_the_last_empty(ran.samples)
    began = next((seconds for seconds, count in samples if count >= first), None)
    ended = next((seconds for seconds, count in samples if count >= last), ran.wall)
    return (last - first) / (ended - began) if began is not None and ended > began else None


def _since_the_last_empty(samples: Sequence[tuple[float, int]]) -> list[tuple[float, int]]:
    """The samples with events, and the last one before them without."""
    filled = [number for number, (_, count) in enumerate(samples) if count]
    if not filled:
        return []
    before = list(samples[max(0, filled[0] - 1) : filled[0]])
    return [*before, *(samples[number] for number in filled)]


def _sizes(bench: Workspace) -> dict[str, Any]:
    from benchmarks.graph_rows import count_rows

    return {**{name: value for name, value in bench.made.items() if name != "starts"}, **count_rows(bench.store)}
