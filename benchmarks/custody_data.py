"""Custody data to measure with: EPCIS 2.0 documents of a made-up supply chain, the same for the same seed.

    python -m benchmarks.custody_data FOLDER --events 100000 [--density dense] [--late 0.02] [--withhold 1000]

writes FOLDER/events/*.json (or .json.gz with --compressed), FOLDER/withheld/*.json where events are withheld (to come
late), and FOLDER/data.json, which says what was made. Memory stays the same however many events there are.
"""

from __future__ import annotations

import argparse
import gzip
import heapq
import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO

from benchmarks.event_text import CONTEXT, DAY, EventJson
from benchmarks.supply_chain import DENSITIES, SupplyChain

PER_FILE = 20_000
#: Mean delay of a late event.
DELAY = 5 * DAY
SAMPLED_STARTS = 2_000
CREATED = "2026-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True)
class Data:
    """What to make. `late`: share of events that are recorded some days after they happened; `withhold`: how many are
    kept apart, spread evenly, to be captured afterwards."""

    events: int
    seed: int = 1
    density: str = "usual"
    late: float = 0.02
    withhold: int = 0
    per_file: int = PER_FILE
    compressed: bool = False


@dataclass(slots=True)
class Made:
    """What was made: counts, bytes (uncompressed, without the documents around), and lots and items to start at."""

    events: int = 0
    withheld: int = 0
    size: int = 0
    units_named: int = 0
    births: int = 0
    transformations: int = 0
    starts: list[str] = field(default_factory=list)

    def count(self, event: EventJson, size: int) -> None:
        """Add one event."""
        self.events += 1
        self.size += size
        self.units_named += sum(1 for _ in units_of(event))
        self.transformations += event["type"] == "TransformationEvent"
        self.births += "ilmd" in event and event["type"] == "ObjectEvent"


def units_of(event: EventJson) -> Iterator[str]:
    """Every unit that an event names, outputs last."""
    if "parentID" in event:
        yield event["parentID"]
    for name in ("epcList", "childEPCs", "inputEPCList", "outputEPCList"):
        yield from event.get(name, ())
    for name in ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"):
        yield from (element["epcClass"] for element in event.get(name, ()))


def make(folder: Path, data: Data) -> Made:
    """Write the documents; returns, and keeps in data.json, what was made."""
    chain = SupplyChain(data.seed, data.events, data.density)
    recorded = as_recorded(islice(chain.events(), data.events), data)
    writing = Writing(folder, data)
    for number, event in enumerate(recorded):
        writing.put(number, event)
    return writing.finish()


def as_recorded(happened: Iterable[tuple[int, EventJson]], data: Data) -> Iterator[EventJson]:
    """Events in the order of their recording: most at once, a share of them days later."""
    chance = random.Random(f"late {data.seed}")
    waiting: list[tuple[float, int, EventJson]] = []
    for number, (instant, event) in enumerate(happened):
        delay = chance.expovariate(1 / DELAY) if chance.random() < data.late else 0.0
        heapq.heappush(waiting, (instant + delay, number, event))
        while waiting and waiting[0][0] <= instant:
            yield heapq.heappop(waiting)[2]
    while waiting:
        yield heapq.heappop(waiting)[2]


class Writing:
    """The files of one run, an event after the other."""

    def __init__(self, folder: Path, data: Data) -> None:
        self._folder = folder
        self._data = data
        self._made = Made()
        self._documents = Documents(folder / "events", data)
        self._withheld = Documents(folder / "withheld", data)
        self._every = data.events // data.withhold if data.withhold else 0
        self._sample = max(1, data.events // SAMPLED_STARTS)

    def put(self, number: int, event: EventJson) -> None:
        """Write one event; `number` counts all of them, and decides which are withheld and at which one may start."""
        text = json.dumps(event, separators=(",", ":"))
        if self._every and number % self._every == self._every // 2 and self._made.withheld < self._data.withhold:
            self._made.withheld += 1
            self._withheld.put(text)
            return
        self._made.count(event, len(text))
        self._documents.put(text)
        if number % self._sample == 0:
            self._made.starts.append(list(units_of(event))[-1])

    def finish(self) -> Made:
        """Close the files and say in data.json what they hold."""
        self._documents.close()
        self._withheld.close()
        described = {"data": asdict(self._data), "made": asdict(self._made)}
        (self._folder / "data.json").write_text(json.dumps(described, indent=1) + "\n", encoding="utf-8")
        return self._made


class Documents:
    """EPCIS documents in a folder, a new file after so many events."""

    def __init__(self, folder: Path, data: Data) -> None:
        self._folder = folder
        self._data = data
        self._events = 0
        self._file: IO[str] | None = None

    def put(self, text: str) -> None:
        """Add one event."""
        if self._events % self._data.per_file == 0:
            self.close()
            self._open(self._events // self._data.per_file + 1)
        self._events += 1
        self._write(text if self._events % self._data.per_file == 1 else f",\n{text}")

    def close(self) -> None:
        """End the document that is open."""
        if self._file is not None:
            self._write("\n]}}\n")
            self._file.close()
            self._file = None

    def _open(self, number: int) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"events-{number:05d}.json{'.gz' if self._data.compressed else ''}"
        # Closed in close(), which is always called at the end of a document.
        self._file = gzip.open(path, "wt", 1, "utf-8") if self._data.compressed else path.open("w", encoding="utf-8")  # noqa: SIM115
        head = {"@context": CONTEXT, "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": CREATED}
        self._write(f'{json.dumps(head)[:-1]}, "epcisBody": {{"eventList": [\n')

    def _write(self, text: str) -> None:
        assert self._file is not None
        self._file.write(text)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Make custody data to measure with.")
    parser.add_argument("folder", type=Path, help="where to write")
    parser.add_argument("--events", type=int, default=100_000, help="how many events, withheld ones included")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--density", choices=sorted(DENSITIES), default="usual", help="units named per event")
    parser.add_argument("--late", type=float, default=0.02, help="share of events that are recorded days later")
    parser.add_argument("--withhold", type=int, default=0, help="how many events to write apart, to come late")
    parser.add_argument("--per-file", type=int, default=PER_FILE, help="events in one document")
    parser.add_argument("--compressed", action="store_true", help="gzip the documents")
    chosen = vars(parser.parse_args(arguments))
    made = make(chosen.pop("folder"), Data(**chosen))
    told = (
        f"{made.events} events of {made.size / made.events:.0f} bytes naming {made.units_named / made.events:.2f} units"
    )
    print(f"{told}, {made.births} births, {made.transformations} transformations, {made.withheld} withheld")


if __name__ == "__main__":
    main()
