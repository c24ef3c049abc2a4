"""The audit trail: written beside the requests, bounded, honest about what it lost, and no forger's tool."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracegraph.access.caller import Caller, Role
from tracegraph.model.instants import DAY
from tracegraph.service.audit import BATCH, HOUR, AuditTrail, Entry, as_json, harmless
from tracegraph.service.file import ServiceFile

NOW = 20_000 * DAY
MINE, OTHERS = "https://id.gs1.org/417/9521234000006", "https://id.gs1.org/417/9524321000001"


def entry(caller: str = "plant", organisations: tuple[str, ...] = (), **more) -> Entry:
    plain = Entry(
        NOW, "r-1", caller, "operator", frozenset(organisations), "read", "GET", "/api/v1/units/{unit}", ("L1",), 200
    )
    return replace(plain, **more)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def file(tmp_path: Path) -> Iterator[ServiceFile]:
    opened = ServiceFile(tmp_path / "s.service")
    yield opened
    opened.close()


def test_what_was_recorded_can_be_read_newest_first(file: ServiceFile, clock: Clock) -> None:
    trail = AuditTrail(file, clock)
    first, second = entry(request="r-1"), entry(request="r-2", status=403)
    trail.record(first)
    trail.record(second)
    assert trail.page() == []
    trail.flush()
    assert trail.page() == [replace(second, number=2), replace(first, number=1)]
    assert as_json(trail.page()[0])["at"] == "2024-10-04T00:00:00Z"


def test_pages_join_without_loss(file: ServiceFile, clock: Clock) -> None:
    trail = AuditTrail(file, clock)
    for number in range(2 * BATCH + 3):
        trail.record(entry(request=f"r-{number}", caller="a" if number % 2 else "b"))
    trail.flush()
    found, before = [], None
    while page := trail.page(before, limit=100, caller="a"):
        found += page
        before = page[-1].number
    assert [entry.request for entry in found] == [
        f"r-{number}" for number in range(2 * BATCH + 2, -1, -1) if number % 2
    ]


def test_what_waits_is_written_when_it_stops(file: ServiceFile, clock: Clock) -> None:
    trail = AuditTrail(file, clock)
    trail.start()
    trail.record(entry())
    trail.stop()
    assert len(trail.page()) == 1


def test_a_full_queue_loses_and_says_so(file: ServiceFile, clock: Clock) -> None:
    lost: list[int] = []
    trail = AuditTrail(file, clock, lost=lost.append, most_waiting=2)
    for _ in range(5):
        trail.record(entry())
    trail.flush()
    assert (len(trail.page()), sum(lost)) == (2, 3)


def test_a_file_that_cannot_be_written_loses_and_says_so(file: ServiceFile, clock: Clock) -> None:
    lost: list[int] = []
    trail = AuditTrail(file, clock, days=1, lost=lost.append)
    file._connection.execute("PRAGMA query_only = ON")
    trail.record(entry())
    trail.flush()
    assert sum(lost) == 1
    file._connection.execute("PRAGMA query_only = OFF")
    trail.record(entry())
    trail.flush()
    assert len(trail.page()) == 1


def test_old_entries_are_deleted_from_time_to_time(file: ServiceFile, clock: Clock) -> None:
    trail = AuditTrail(file, clock, days=30)
    trail.record(entry(at=NOW - 30 * DAY - 1, request="old"))
    trail.record(entry(at=NOW - 30 * DAY, request="young"))
    trail.flush()
    assert [found.request for found in trail.page()] == ["young"]
    clock.now += HOUR - 1
    trail.flush()
    assert len(trail.page()) == 1
    clock.now += 1
    trail.flush()
    assert trail.page() == []


def test_entries_are_kept_for_ever_where_no_time_is_set(file: ServiceFile, clock: Clock) -> None:
    trail = AuditTrail(file, clock)
    trail.record(entry(at=0))
    trail.flush()
    assert len(trail.page()) == 1


def test_an_auditor_reads_what_its_clients_asked(file: ServiceFile, clock: Clock) -> None:
    trail = AuditTrail(file, clock)
    for caller, organisations in [("mine", (MINE,)), ("both", (MINE, OTHERS)), ("others", (OTHERS,)), ("office", ())]:
        trail.record(entry(caller, organisations))
    trail.flush()

    def read(reader: Caller) -> list[str]:
        return [found.caller for found in trail.page(seen_by=reader)]

    assert read(Caller("a", Role.AUDITOR, frozenset({MINE}))) == ["mine"]
    assert read(Caller("a", Role.AUDITOR)) == []
    assert read(Caller("a", Role.ADMIN)) == ["office", "others", "both", "mine"]


@given(st.text())
def test_nothing_makes_a_second_line_or_moves_the_cursor(text: str) -> None:
    shown = harmless(text)
    assert shown == "" or shown.isprintable()
    assert len(shown.splitlines()) <= 1


def test_long_things_are_cut(file: ServiceFile, clock: Clock) -> None:
    trail = AuditTrail(file, clock)
    trail.record(entry(asked=tuple("x" * 1_000 for _ in range(60))))
    trail.flush()
    (found,) = trail.page()
    assert len(found.asked) == 50
    assert {len(text) for text in found.asked} == {301}
