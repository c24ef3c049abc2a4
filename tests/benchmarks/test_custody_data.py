"""The generated custody data: what benchmarks are measured on must be what it says it is."""

from __future__ import annotations

import gzip
import itertools
import json
import statistics
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from benchmarks.custody_data import Data, main, make, units_of
from tracegraph import Tracegraph

EVENTS = 3_000


def made_in(folder: Path, **settings: Any) -> Path:
    make(folder, Data(**{"events": EVENTS, **settings}))
    return folder


def events_in(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.iterdir()):
        text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        yield from json.loads(text)["epcisBody"]["eventList"]


def instant(event: dict[str, Any]) -> float:
    return datetime.fromisoformat(event["eventTime"]).timestamp()


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_in(tmp_path_factory.mktemp("usual"), late=0.0)


@pytest.mark.parametrize("density", ["usual", "dense"])
def test_every_event_is_accepted_without_a_finding_and_hardly_a_gap(tmp_path: Path, density: str) -> None:
    folder = made_in(tmp_path, density=density)
    with Tracegraph.open(f"sqlite:///{tmp_path / 'store.db'}") as graph:
        report = graph.capture(folder / "events", rejects=None)
        kinds = {gap["kind"] for gap in graph.gaps()}
    assert (report.accepted, report.duplicates, report.rejected, report.findings) == (EVENTS, 0, 0, {})
    assert kinds <= {"never_received"}, "only what is on the way when the data end"


def test_event_ids_are_distinct_and_times_in_order(usual: Path) -> None:
    events = list(events_in(usual / "events"))
    assert len({event["eventID"] for event in events}) == EVENTS
    instants = [instant(event) for event in events]
    assert instants == sorted(instants)
    assert len({event["eventTimeZoneOffset"] for event in events}) > 1


def test_events_are_as_long_as_in_life(usual: Path) -> None:
    sizes = [len(json.dumps(event, separators=(",", ":"))) for event in events_in(usual / "events")]
    assert 1_400 < statistics.mean(sizes) < 1_600


@pytest.mark.parametrize(("density", "least", "most"), [("usual", 1.5, 2.5), ("dense", 3.0, 6.0)])
def test_density_says_how_many_units_an_event_names(tmp_path: Path, density: str, least: float, most: float) -> None:
    events = list(events_in(made_in(tmp_path, density=density) / "events"))
    assert least < statistics.mean(sum(1 for _ in units_of(event)) for event in events) < most


def test_events_of_a_unit_are_spread_over_time(usual: Path) -> None:
    seen: dict[str, list[float]] = {}
    for event in events_in(usual / "events"):
        for unit in units_of(event):
            seen.setdefault(unit, []).append(instant(event))
    hours = [(max(instants) - min(instants)) / 3600 for instants in seen.values() if len(instants) > 2]
    assert statistics.median(hours) > 24


def test_the_same_seed_makes_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    def first_file(folder: str, seed: int) -> bytes:
        return next((made_in(tmp_path / folder, events=200, seed=seed) / "events").iterdir()).read_bytes()

    assert first_file("one", 7) == first_file("again", 7)
    assert first_file("one", 7) != first_file("other", 8)


def test_late_events_come_later_than_they_happened(usual: Path, tmp_path: Path) -> None:
    late = list(events_in(made_in(tmp_path, late=0.1) / "events"))
    inversions = sum(instant(one) > instant(next_one) for one, next_one in itertools.pairwise(late))
    assert 0.02 * EVENTS < inversions < 0.1 * EVENTS
    in_time = {event["eventID"] for event in events_in(usual / "events")}
    assert {event["eventID"] for event in late} == in_time


def test_withheld_events_are_kept_apart(tmp_path: Path) -> None:
    folder = made_in(tmp_path, withhold=30)
    withheld, others = list(events_in(folder / "withheld")), list(events_in(folder / "events"))
    assert (len(withheld), len(others)) == (30, EVENTS - 30)
    assert not {event["eventID"] for event in withheld} & {event["eventID"] for event in others}
    assert len({event["type"] for event in withheld}) > 1


def test_the_command_line_writes_compressed_documents_of_the_asked_length(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main([str(tmp_path), "--events", "250", "--per-file", "100", "--compressed"])
    assert [path.name for path in sorted((tmp_path / "events").iterdir())] == [
        "events-00001.json.gz",
        "events-00002.json.gz",
        "events-00003.json.gz",
    ]
    assert len(list(events_in(tmp_path / "events"))) == 250
    assert capsys.readouterr().out.startswith("250 events of ")
    described = json.loads((tmp_path / "data.json").read_text())
    assert described["made"]["events"] == 250
    assert described["made"]["starts"]
