"""A store with generated events, captured at three times, beside the same events as they were written."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import pytest

from tests.query.generated import RECORDED, Json, Stored, document, events
from tracegraph.capture import Capture
from tracegraph.formats.epcis import event_of_payload, unread_event
from tracegraph.formats.epcis.payload import UnreadEvent
from tracegraph.query import Candidate, Master
from tracegraph.stores import open_store
from tracegraph.stores.port import EntryKind, Reading, Store
from tracegraph.stores.stored_facts import master_data

SEED, COUNT = 6, 240
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def microseconds(moment: datetime) -> int:
    """A time as the store counts it."""
    return round((moment - _EPOCH).total_seconds() * 1_000_000)


def capture(store: Store, listed: list[Json], recorded: datetime, header: bool = False) -> list[Stored]:
    """Store events, as if the clock showed this."""
    Capture(store, clock=lambda: microseconds(recorded)).run([io.BytesIO(document(listed, header))])
    return [Stored(event, recorded) for event in listed]


def fill(store: Store, count: int = COUNT) -> list[Stored]:
    """The generated events in three parts, master data with the first."""
    listed = events(SEED, count)
    third = count // 3
    parts = [listed[:third], listed[third : 2 * third], listed[2 * third :]]
    return [
        one
        for number, (part, recorded) in enumerate(zip(parts, RECORDED, strict=True))
        for one in capture(store, part, recorded, header=not number)
    ]


@dataclass
class Filled:
    """A store, what was put into it, and the same as it stands there."""

    store: Reading
    events: list[Stored]

    @cached_property
    def master(self) -> Master:
        """The master data in the store."""
        return Master(lambda: master_data(self.store))

    @cached_property
    def unread(self) -> list[UnreadEvent]:
        """All events as JSON."""
        return [unread_event(entry.payload) for entry in self.store.entries() if entry.kind is EntryKind.EVENT]

    @cached_property
    def candidates(self) -> list[Candidate]:
        """All events, parsed."""
        return [
            Candidate(event_of_payload(entry.payload), entry.position, entry.recorded_at)
            for entry in self.store.entries()
            if entry.kind is EntryKind.EVENT
        ]


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('query')}/store.db")
    yield Filled(store, fill(store))
    store.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path}/store.db")
    yield opened
    opened.close()
