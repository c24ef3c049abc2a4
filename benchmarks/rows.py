"""A store of many legs in minutes: rows of a supply chain, written past the product. For reach and cold starts only.

`python -m benchmarks.rows FILE --legs 10000000` makes the store and its trace index, and measures reach on it: to
capture as many legs as events takes an hour and more. Its rows follow from no ledger, so it is good for reach and for
traces only; what is measured on it is said to be so.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tracegraph.contract.samples import record
from tracegraph.stores.sqlite.index.choice import Kernel
from tracegraph.stores.sqlite.store import SqliteStore, open_sqlite

LAYERS, POSITIONS, LEGS_OF_A_LOT = 12, 1000, 4.2
OPEN = 2**63 - 1

Leg = tuple[int, int, int, int, int, int]  # lot, source, target, event, confirmed, cost


@dataclass
class Chain:
    """Lots made of lots, each shipped once; nodes and events are numbered as they come."""

    chance: random.Random
    lots: int = 0
    nodes: int = 0
    events: int = 0
    legs: list[Leg] = field(default_factory=list)
    holdings: list[tuple[int, int, int]] = field(default_factory=list)  # lot, node, event
    joints: list[tuple[int, int]] = field(default_factory=list)  # node, event
    layers: list[list[list[tuple[int, int]]]] = field(default_factory=list)  # by facility: lot, node where it is

    def layer(self, size: int) -> None:
        """As many lots more, made of those of the layers before."""
        facilities = max(4, size // 200)
        arrived: list[list[tuple[int, int]]] = [[] for _ in range(facilities)]
        made = 0
        while made < size:
            facility = self.chance.randrange(facilities)
            joint, event = self._node(), self._event()
            self.joints.append((joint, event))
            for lot, node in self._inputs(facility, facilities):
                self.legs.append((lot, node, joint, event, 1, 1))
            for _ in range(min(size - made, 20, max(1, int(self.chance.paretovariate(1.2))))):
                there = self.chance.randrange(facilities) if self.chance.random() < 0.5 else facility
                arrived[there].append(self._made_and_shipped(joint, event))
                made += 1
        self.layers.append(arrived)

    def _inputs(self, facility: int, facilities: int) -> Iterator[tuple[int, int]]:
        for _ in range(self.chance.randint(1, 6) if self.layers else 0):
            skips = len(self.layers) > 1 and self.chance.random() < 0.12
            place = self.chance.randrange(facilities) if self.chance.random() < 0.12 else facility
            stock = self.layers[-2 if skips else -1][place]
            if stock and self.chance.random() < 0.3:
                yield stock[min(len(stock), int(self.chance.paretovariate(0.8))) - 1]  # a lot that many things hold
            elif stock:
                yield self.chance.choice(stock)

    def _made_and_shipped(self, joint: int, event: int) -> tuple[int, int]:
        self.lots += 1
        made, shipped, received = self._held(event), self._held(self._event()), self._held(self._event())
        certain = int(self.chance.random() < 0.9)
        self.legs.append((self.lots, joint, made, event, 1, 0))
        self.legs.append((self.lots, made, shipped, self.events - 1, 1, 1))
        self.legs.append((self.lots, shipped, received, self.events, certain, 1))
        return self.lots, received

    def _held(self, event: int) -> int:
        node = self._node()
        self.holdings.append((self.lots, node, event))
        return node

    def _node(self) -> int:
        self.nodes += 1
        return self.nodes

    def _event(self) -> int:
        self.events += 1
        return self.events


def make(path: Path, legs: int, seed: int = 1) -> SqliteStore:
    """The store with about so many legs."""
    chain = Chain(random.Random(seed))
    for _ in range(LAYERS):
        chain.layer(int(legs / LEGS_OF_A_LOT / LAYERS))
    store = open_sqlite(path)
    with store.write() as change:
        change.append([record("site", f"site {number}") for number in range(POSITIONS)], 1, "benchmark")
    store.close()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("BEGIN")
    _write(connection, chain)
    connection.execute("COMMIT")
    connection.close()
    return SqliteStore(path)


def _write(connection: sqlite3.Connection, chain: Chain) -> None:
    """Names are lots, then events; nodes are numbered in blocks that are shuffled, as arrival has no order."""
    numbers = _shuffled(chain.nodes, chain.chance)
    event_name = chain.lots
    connection.executemany(
        "INSERT INTO name (number, text) VALUES (?, ?)",
        ((n, f"https://id.gs1.org/01/04012345123456/10/{n:09d}") for n in range(1, chain.lots + chain.events + 1)),
    )
    connection.executemany(
        f"INSERT INTO unit (unit, kind, known_from, known_to) VALUES (?, 'lot', 1, {OPEN})",
        ((lot,) for lot in range(1, chain.lots + 1)),
    )
    connection.executemany(
        "INSERT INTO joint (owner, node, transformation, events, place_kind, place, instant, known_from, known_to) "
        f"VALUES (1, ?, ?, '[]', 'site', 1, 0, 1, {OPEN})",
        ((numbers[node], event_name + event) for node, event in chain.joints),
    )
    held = {numbers[node]: (lot, event_name + event) for lot, node, event in chain.holdings}
    connection.executemany(
        "INSERT INTO node (number, text, unit, event) VALUES (?, ?, ?, ?)",
        ((n, f"{n * 2654435761:032x}", *held.get(n, (1, None))) for n in range(1, chain.nodes + 1)),
    )
    connection.executemany(
        "INSERT INTO holding (owner, node, unit, place_kind, place, since, event, role, known_from, known_to) "
        f"VALUES (?, ?, ?, 'site', 1, 0, ?, 'made', ?, {OPEN})",
        (
            (lot, numbers[node], lot, event_name + event, _known(number, len(chain.holdings)))
            for number, (lot, node, event) in enumerate(chain.holdings)
        ),
    )
    connection.executemany(
        "INSERT INTO leg (owner, source, target, event, rule, confirmed, cost, instant, known_from, known_to) "
        f"VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?, {OPEN})",
        (
            (lot, numbers[source], numbers[target], event_name + event, confirmed, cost, n, _known(n, len(chain.legs)))
            for n, (lot, source, target, event, confirmed, cost) in enumerate(chain.legs)
        ),
    )


def _known(number: int, count: int) -> int:
    return 1 + number * POSITIONS // count


def _shuffled(nodes: int, chance: random.Random, block: int = 12) -> list[int]:
    begins = list(range(1, nodes + 1, block))
    chance.shuffle(begins)
    numbers, following = [0] * (nodes + 1), 1
    for begin in begins:
        for node in range(begin, min(nodes + 1, begin + block)):
            numbers[node] = following
            following += 1
    return numbers


def measure(path: Path, of_each: int) -> None:
    """Reach from random nodes, by size of the answer: milliseconds, median and 95th percentile, and that all agree."""
    stores = {kernel: SqliteStore(path, kernel=kernel) for kernel in (Kernel.NUMPY, Kernel.NUMBA)}
    for low, high in ((0, 100), (100, 10_000), (10_000, OPEN)):
        asked = _questions(stores[Kernel.NUMPY], low, high, of_each)
        answers = {kernel: [_timed(store, node) for node in asked] for kernel, store in stores.items()}
        same = len({tuple(units for _, units in found) for found in answers.values()}) == 1
        size = statistics.median(len(units) // 8 for _, units in answers[Kernel.NUMPY]) if asked else 0
        for kernel, found in answers.items() if asked else ():
            times = sorted(milliseconds for milliseconds, _ in found)
            print(
                f"{low:>6} to {high if high != OPEN else 'all'}: {kernel} p50 {times[len(times) // 2]:.3f} ms, "
                f"p95 {times[len(times) * 95 // 100]:.3f} ms, {len(times)} questions, median {size:.0f} units, "
                f"{'all agree' if same else 'THEY DIFFER'}"
            )


def _questions(store: SqliteStore, low: int, high: int, wanted: int) -> Sequence[int]:
    chance, found = random.Random(5), list[int]()
    with sqlite3.connect(f"file:{store.url.removeprefix('sqlite:///')}?mode=ro", uri=True) as connection:
        newest: int = connection.execute("SELECT max(number) FROM node").fetchone()[0]
    for _ in range(20_000):
        node = chance.randrange(1, newest + 1)
        if len(found) < wanted and low < len(store.reach_units([node], "forward").units) <= high:
            found.append(node)
    return found


def _timed(store: SqliteStore, node: int) -> tuple[float, bytes]:
    """The better of three, as the first touches pages of the disk."""
    times = []
    for _ in range(3):
        begin = time.perf_counter()
        reached = store.reach_units([node], "forward")
        times.append(time.perf_counter() - begin)
    return min(times) * 1e3, bytes(reached.units)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rows", description="Reach on many legs.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--legs", type=int, default=10_000_000)
    parser.add_argument("--questions", type=int, default=60)
    chosen = parser.parse_args()
    if not chosen.file.exists():
        begin = time.perf_counter()
        with_rows = make(chosen.file.absolute(), chosen.legs)
        print(f"rows: {time.perf_counter() - begin:.0f} s")
        begin = time.perf_counter()
        with_rows.build_index()
        print(f"index: {time.perf_counter() - begin:.0f} s")
        with_rows.close()
    measure(chosen.file.absolute(), chosen.questions)


if __name__ == "__main__":
    main()
