"""Microseconds per listed element of whole answers, by part: `python -m benchmarks.answer [--sizes 100 10000 100000]`.

A made-up lot is split into as many as it takes, each of which is shipped and received: a unit, three stays and six
events of its own. The graph is put into the store as it is, without events to capture, so that an answer has the size
that was asked for. Whole answers about captured events are measured by `python -m benchmarks` (section `answer`); this
tells where the time goes.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from tracegraph import Tracegraph
from tracegraph.contract.scenes import Scene
from tracegraph.model.quantity import Quantity
from tracegraph.trace.answer import listed
from tracegraph.trace.limits import listing
from tracegraph.trace.question import ask
from tracegraph.trace.reach import reach
from tracegraph.trace.register import Register
from tracegraph.trace.resolve import resolve
from tracegraph.trace.snapshot import Snapshot
from tracegraph.trace.starts import begin
from tracegraph.trace.trail import trail_of

START = "https://example.org/lot/0"
ELEMENTS_OF_A_LOT = 10
REPEATS = 5

Result = TypeVar("Result")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure each size and print a line for each part."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.answer", description="Where the time of answers goes.")
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 10_000, 100_000], metavar="ELEMENTS")
    for size in parser.parse_args(arguments).sizes:
        with TemporaryDirectory() as folder, Tracegraph.open(f"sqlite:///{Path(folder, 'store.db')}") as graph:
            story(max(1, size // ELEMENTS_OF_A_LOT)).put_into(graph.store)
            for line in measured(graph):
                print(line)


def story(lots: int) -> Scene:
    """One lot made into so many, which are shipped to a hundred shops."""
    scene = Scene().hold(f"{START}@0", "site:https://example.org/plant", 0, 10, "https://example.org/maker")
    kilos = Quantity(Decimal(10), "KGM")
    scene.join("split", 10)
    scene.leg(f"{START}@0", "split", 10)
    for number in range(1, lots + 1):
        lot, shop = f"https://example.org/lot/{number}", f"https://example.org/shop/{number % 100}"
        left, came = 60 + number, 3_600 + 2 * number
        scene.hold(f"{lot}@1", "site:https://example.org/plant", 10, left, "https://example.org/maker", quantity=kilos)
        scene.hold(f"{lot}@2", f"transit:shipping {number}", left, came, quantity=kilos)
        scene.hold(f"{lot}@3", f"site:{shop}", came, None, shop, quantity=kilos, remaining=kilos)
        scene.leg("split", f"{lot}@1", 10, cost=0).leg(f"{lot}@1", f"{lot}@2", left).leg(f"{lot}@2", f"{lot}@3", came)
    return scene


def measured(graph: Tracegraph) -> list[str]:
    """The parts of one answer, and the answer as a whole, which shares one state and pauses the collector."""
    question = ask(START)
    snapshot = Snapshot.of(graph.store)
    beginning, starts = least(lambda: begin(resolve(question, Register(snapshot)), Register(snapshot)))
    nodes = sorted(starts.certain)
    units, _ = least(lambda: graph.store.reach_units(nodes, "forward"))
    following, part = least(lambda: reach(snapshot, starts, "forward"))
    shown = listing([part], question.limits)
    listing_time, found = least(
        lambda: listed(snapshot, trail_of([part], shown.listed), starts.units, following=part.onwards())
    )
    writing, text = least(lambda: "".join(found.texts()))
    whole, answer = least(lambda: graph.trace(START).to_json())
    count = sum(len(found.result()[name]) for name in ("units", "holdings", "events", "sites", "parties"))
    parts = {
        "resolve and begin": beginning,
        "follow and describe": following,
        "list": listing_time,
        "write": writing,
        "whole": whole,
        "whole, above reach_units": whole - units,
    }
    assert text.encode() in answer
    return [f"{count:>9,} elements  {name:26}{1e6 * seconds / count:8.2f} µs" for name, seconds in parts.items()]


def least(call: Callable[[], Result]) -> tuple[float, Result]:
    """The least processor time of some repeats, in seconds, and the last result."""
    best = float("inf")
    for _ in range(REPEATS):
        began = time.process_time()
        result = call()
        best = min(best, time.process_time() - began)
    return best, result


if __name__ == "__main__":
    main()
