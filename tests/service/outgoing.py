"""A case that may send, and messages of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tracegraph import Tracegraph
from tracegraph.intake.recalling import Actor, act
from tracegraph.model.instants import parse_instant
from tracegraph.recall.case import CaseFile, case_file
from tracegraph.service.channels import Channel, Message, NotSent, Part, Receipt, Settings, Uncertain
from tracegraph.service.dispatching import Dispatch, Report, case_now, recorder
from tracegraph.service.file import ServiceFile
from tracegraph.service.outbox import Outbox
from tracegraph.service.people import People
from tracegraph.stores.port import Store

NOW = parse_instant("2026-03-01T08:00:00Z", "now")
FIRST, SECOND = Actor("first", "investigator"), Actor("second", "investigator")
TEXT = "URGENT recall 紧急召回 of lot 48088 "


class Clock:
    now = NOW

    def __call__(self) -> int:
        self.now += 1
        return self.now


def scoped(store: Store, case: str = "C1", number: int = 1) -> None:
    """A version of the scope that somebody else approved."""
    payload = {
        "number": number,
        "question": {},
        "known": None,
        "head": "",
        "position": 1,
        "complete": True,
        "gaps": 0,
        "classes": [],
        "entries": [],
    }
    act(store, case, "scope", {}, NOW, FIRST, payload=payload)
    act(store, case, "approve", {"version": str(number)}, NOW, SECOND)


def opened(store: Store, kind: str = "recall", case: str = "C1") -> CaseFile:
    """A case of a type, approved, with notices prepared."""
    act(store, case, "open", {"title": "Sprouts", "type": kind}, NOW, FIRST)
    scoped(store, case)
    return act(store, case, "notices", {}, NOW, FIRST).case


def message(number: int = 1, case: str = "C1", version: str = "1", **more: Any) -> Message:
    told = {
        "case": case,
        "case_type": "recall",
        "notice": f"N{number}",
        "version": version,
        "consignee": f"https://shop.example/{number}",
        "recipient": f"office@shop{number}.example",
        "subject": f"Recall {number}",
        "parts": (Part("text", "text/plain", f"{TEXT}{number}".encode()),),
    }
    return Message(f"{case}/N{number}/{version}", **(told | more))


@dataclass
class Fake:
    """A channel that does as it is told: `does` by the id of a message; `taken`: what reached it."""

    repeatable: bool = False
    addressed_by: str = "email"
    does: dict[str, Exception] = field(default_factory=dict)
    taken: list[Message] = field(default_factory=list)

    def send(self, message: Message, settings: Settings) -> Receipt:
        if message.id in self.does:
            raise self.does.pop(message.id)
        self.taken.append(message)
        return Receipt(f"took {len(self.taken)}")


@dataclass
class Place:
    """A store with a case, an outbox, and what sends."""

    store: Store
    file: ServiceFile
    outbox: Outbox
    people: People
    clock: Clock
    channel: Channel
    settings: dict[str, Settings]

    def case(self, case: str = "C1") -> CaseFile:
        return case_file(self.store, case)

    def queue(self, *messages: Message, channel: str = "way", case: str = "C1") -> None:
        self.outbox.queue(messages, channel, self.case(case))

    def dispatch(self) -> Dispatch:
        record = recorder(self.store, self.clock, FIRST)
        return Dispatch(
            self.outbox, self.settings, self.people, case_now(self.store), record, lambda name: self.channel
        )

    def run(self) -> Report:
        return self.dispatch().run()

    def sent_moves(self, case: str = "C1") -> list[str]:
        return [move.text("notice") for move in self.case(case).of("sent")]


@contextmanager
def place(folder: Path, channel: Channel | None = None, kind: str = "recall") -> Iterator[Place]:
    """A new place."""
    with Tracegraph.open(f"sqlite:///{folder}/store.db") as graph, closing(ServiceFile(folder / "s.service")) as file:
        opened(graph.store, kind)
        clock = Clock()
        outbox, people = Outbox(file, clock), People(file, clock)
        settings = {"way": Settings("way", "fake")}
        yield Place(graph.store, file, outbox, people, clock, channel or Fake(), settings)


__all__ = ["NOW", "Clock", "Fake", "NotSent", "Place", "Uncertain", "message", "opened", "place", "scoped"]
