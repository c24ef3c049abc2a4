"""Subscriptions over a store, without HTTP: a clock that is set by hand, and a sender that keeps what it is given."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.service.events import number_of
from tracegraph import Tracegraph
from tracegraph.access.caller import Caller, Role
from tracegraph.query import Query
from tracegraph.service.deliveries import Deliveries, Pace
from tracegraph.service.delivering import Deliverer, Outcome
from tracegraph.service.destinations import Destinations
from tracegraph.service.file import ServiceFile
from tracegraph.service.notices import Notices
from tracegraph.service.queries import NamedQueries
from tracegraph.service.subscriptions import Subscription, Subscriptions, Wanted
from tracegraph.stores.port import Reading

OWNER = Caller("plant", Role.INVESTIGATOR)
ANYWHERE = Destinations.allowing(["127.0.0.1", "client.example.com"], lambda _: ())
WANTED = Wanted("https://client.example.com/events", "a-token-of-the-subscriber", stream=True)
SECOND = 1_000_000


@dataclass
class Sent:
    destination: str
    body: bytes
    headers: Mapping[str, str]

    @property
    def name(self) -> str:
        return self.headers["Tracegraph-Delivery"]

    @property
    def numbers(self) -> list[int]:
        listed = json.loads(self.body)["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
        return [number_of(event) for event in listed]


@dataclass
class Following:
    """`answers`: what comes of the next attempts; delivered where there is none left. `may`: who may subscribe."""

    graph: Tracegraph
    folder: Path
    file_name: str = "test.service"
    pace: Pace = field(default_factory=lambda: Pace(first=1, longest=60, patience=600))
    answers: list[Outcome] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    forbidden: set[str] = field(default_factory=set)
    restrict: Callable[[Reading], Any] = lambda store: store
    now: int = 1_769_850_000 * SECOND

    def __post_init__(self) -> None:
        self.open()
        self.queries.add(OWNER.name, "all", {})

    def open(self) -> None:
        """As a service that starts."""
        self.file = ServiceFile(self.folder / self.file_name)
        self.subscriptions = Subscriptions(self.file, self.clock)
        self.deliveries = Deliveries(self.file, self.clock, self.pace)
        self.queries = NamedQueries(self.file, self.clock)
        notices = Notices(self.graph.store, self.view, self.asked, self.current)
        self.deliverer = Deliverer(self.subscriptions, self.deliveries, notices, self.send, self.clock)

    def reopen(self) -> None:
        """As a service that was killed and starts again."""
        self.file.close()
        self.open()

    def clock(self) -> int:
        return self.now

    def view(self, caller: Caller) -> Reading:
        return self.restrict(self.graph.store)

    def current(self, caller: Caller) -> Caller | None:
        return None if caller.name in self.forbidden else caller

    def asked(self, owner: str, name: str) -> Query | None:
        found = self.queries.find(owner, name)
        return None if found is None else found.query

    def send(self, destination: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
        self.sent.append(Sent(destination, body, headers))
        return self.answers.pop(0) if self.answers else Outcome(204)

    def subscribe(self, wanted: Wanted = WANTED, query: str = "all", owner: Caller = OWNER) -> Subscription:
        named = self.queries.find(owner.name, query)
        assert named is not None
        return self.subscriptions.ask(owner, named, wanted, self.graph.store, ANYWHERE)

    def serve(self, subscription: Subscription, after: float = 0) -> list[Sent]:
        """What is sent when so many seconds have passed."""
        self.now += int(after * SECOND)
        before = len(self.sent)
        for _ in range(50):
            self.deliverer.serve(subscription.id)
        return self.sent[before:]
