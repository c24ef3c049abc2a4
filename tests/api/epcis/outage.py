"""A story of deliveries under trouble: a real service is killed and begun again while others capture, and the receiver
is out, refuses, or takes deliveries and ends the connection without a reply.

`python -m tests.api.epcis.outage [--rounds 30] [--seed 1] [--store URL]` (`make deliveries`) tells a long one; the
tests a short one.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from threading import Thread

from tests.api.served import Served
from tests.service.events import ID, capture
from tests.service.receiver import LOST, TOKEN, Receiver, is_signed
from tracegraph import Tracegraph
from tracegraph.access.caller import Caller, Role
from tracegraph.clock import now
from tracegraph.formats.epcis import event_of_payload
from tracegraph.service.destinations import Destinations
from tracegraph.service.file import ServiceFile
from tracegraph.service.queries import NamedQueries
from tracegraph.service.subscriptions import Subscriptions, Wanted
from tracegraph.stores.port import EntryKind

OWNER = Caller("plant", Role.INVESTIGATOR)
#: Of each round: captures by each of two writers, each of some events.
CAPTURES, EVENTS, WRITERS = 3, 4, 2


@dataclass
class Told:
    """What a story came to: what the ledger holds and what the receiver took, by number, and how it went."""

    stored: list[int] = field(default_factory=list)
    received: list[int] = field(default_factory=list)
    requests: int = 0
    repeated: int = 0
    kills: int = 0
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{len(self.stored)} events, {self.requests} requests, {self.repeated} of them again, {self.kills} kills; "
            + (f"{len(self.faults)} faults: {self.faults[:3]}" if self.faults else "each event once, in order")
        )


def tell(store: str, folder: Path, rounds: int, seed: int) -> Told:
    """One story, and what it came to."""
    chance = random.Random(seed)
    replies = chain([LOST, 204, 503], iter(lambda: chance.choice([204, 204, 204, 204, 204, LOST, 503]), None))
    told = Told()
    service_file = folder / "story.service"
    options = (f"--service-file={service_file}", "--destination=127.0.0.1")
    with Receiver(lambda _: next(replies)) as receiver, Served(store, folder, *options) as served:
        subscribe(store, service_file, receiver.url)
        for number in range(rounds):
            trouble(number, store, folder, receiver, served, chance)
            told.kills += 1
        told.stored = list(stored(store))
        wait_until_all_arrived(receiver, told.stored, served)
    judge(told, receiver)
    return told


def subscribe(store: str, service_file: Path, url: str) -> None:
    """As the route does it."""
    with Tracegraph.open(store) as graph, closing(ServiceFile(service_file)) as file:
        query = NamedQueries(file, now).add(OWNER.name, "all", {})
        wanted = Wanted(url, TOKEN, stream=True)
        Subscriptions(file, now).ask(OWNER, query, wanted, graph.store, Destinations.allowing(["127.0.0.1"]))
        with file.changing() as change:  # as after a receiver's 413, so that there are many
            change.execute("UPDATE subscription SET most_events = ?", (EVENTS,))


def trouble(number: int, store: str, folder: Path, receiver: Receiver, served: Served, chance: random.Random) -> None:
    """One round: two write, the service is killed in between, and sometimes the receiver is out meanwhile."""
    writers = [Thread(target=write, args=(store, folder, number, writer)) for writer in range(WRITERS)]
    for writer in writers:
        writer.start()
    is_out = chance.random() < 0.3
    if is_out:
        receiver.stop()
    time.sleep(chance.random() * 1.5)
    served.kill()
    time.sleep(chance.random() * 0.2)
    served.start()
    if is_out:
        receiver.start()
    for writer in writers:
        writer.join()


def write(store: str, folder: Path, number: int, writer: int) -> None:
    """Capture as another process would."""
    with Tracegraph.open(store) as graph:
        for step in range(CAPTURES):
            first = ((number * WRITERS + writer) * CAPTURES + step) * EVENTS
            capture(graph, folder, range(first, first + EVENTS))


def stored(store: str) -> Iterator[int]:
    """The numbers of all events, in the order of the ledger."""
    with Tracegraph.open(store) as graph:
        for entry in graph.store.entries():
            if entry.kind is EntryKind.EVENT:
                yield int(str(event_of_payload(entry.payload).event_id).removeprefix(ID))


def wait_until_all_arrived(receiver: Receiver, numbers: list[int], served: Served) -> None:
    """However long the pauses became; no longer where the service has ended."""
    while len(receiver.numbers) < len(numbers) and served.process.poll() is None:
        time.sleep(0.05)


def judge(told: Told, receiver: Receiver) -> None:
    """Compare, with what the receiver knows alone."""
    requests = receiver.requests
    told.received, told.requests = receiver.numbers, len(requests)
    bodies: dict[str, bytes] = {}
    for one in requests:
        told.repeated += one.name in bodies
        if bodies.setdefault(one.name, one.body) != one.body:
            told.faults.append(f"delivery {one.name} changed")
        if not is_signed(one):
            told.faults.append(f"delivery {one.name} has a wrong signature")
    if missing := set(told.stored) - set(told.received):
        told.faults.append(f"{len(missing)} events never arrived")
    if told.received != told.stored:
        told.faults.append("events arrived in another order, or twice under different names")


def main() -> int:
    """Tell a long story; the exit status says whether all was well."""
    parser = argparse.ArgumentParser(prog="python -m tests.api.epcis.outage", description="Deliveries under trouble.")
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--store", help="an empty store (default: a new embedded one)")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = chosen.store or f"sqlite:///{folder}/store.db"
        told = tell(store, Path(folder), chosen.rounds, chosen.seed)
    print(told)
    return 1 if told.faults else 0


if __name__ == "__main__":
    sys.exit(main())
