"""Holds in an EPCIS export: said once, marked, and moving nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from tracegraph import Tracegraph
from tracegraph.errors import UsageError
from tracegraph.intake.recalling import Actor, act
from tracegraph.reports.exports import Sharing, write
from tracegraph.trace.snapshot import Snapshot

Json = dict[str, Any]
LOT = "https://id.gs1.org/01/09521234567899/10/L1"
ITEM = "https://id.gs1.org/01/09521234567899/21/7"
OTHER = "urn:x-lot:other"
HEAD = {"@context": ["https://ref.gs1.org/standards/epcis/epcis-context.jsonld"], "type": "EPCISDocument"}
PLACE = {"readPoint": {"id": "urn:x-site:P"}, "bizLocation": {"id": "urn:x-site:P"}}


def made(hour: int, **what: Any) -> Json:
    stamp = {"eventTime": f"2026-01-01T0{hour}:00:00Z", "eventTimeZoneOffset": "+00:00"}
    return {"type": "ObjectEvent", "action": "ADD", "bizStep": "commissioning", **stamp, **PLACE, **what}


@pytest.fixture
def graph(tmp_path: Path) -> Iterator[Tracegraph]:
    events = [
        made(1, quantityList=[{"epcClass": LOT, "quantity": 10, "uom": "KGM"}, {"epcClass": OTHER, "quantity": 3}]),
        made(2, epcList=[ITEM]),
    ]
    body = {**HEAD, "schemaVersion": "2.0", "creationDate": "2026-01-02T00:00:00Z", "epcisBody": {"eventList": events}}
    (tmp_path / "events.json").write_text(json.dumps(body), encoding="utf-8")
    with Tracegraph.open(f"sqlite:///{tmp_path}/store.db") as graph:
        graph.capture(tmp_path / "events.json")
        yield graph


def cases(graph: Tracegraph) -> int:
    """Two cases; the instant of the first hold."""
    now = (graph.store.head().recorded_at or 0) + 1_000_000
    first, second = Actor("first", "admin"), Actor("second", "admin")
    act(graph.store, "C1", "open", {"title": "Sprouts"}, now, first)
    act(graph.store, "C1", "hold", {"units": f"{LOT}; {ITEM}; urn:x-item:unseen"}, now, first, "a call")
    entries = [{"unit": LOT, "class": "affected"}, {"unit": OTHER, "class": "possible"}]
    act(graph.store, "C1", "scope", {}, now, first, "", {"number": 1, "entries": entries})
    act(graph.store, "C1", "approve", {"version": "1"}, now, second)
    act(graph.store, "C2", "open", {"title": "Exercise", "type": "drill"}, now, first)
    act(graph.store, "C2", "hold", {"units": OTHER}, now, first, "an exercise")
    return now


def exported(graph: Tracegraph, path: Path, **options: Any) -> list[Json]:
    graph.export("epcis", path, **options)
    found: list[Json] = json.loads(path.read_text(encoding="utf-8"))["epcisBody"]["eventList"]
    return found


def test_holds_are_said_once_and_marked(graph: Tracegraph, tmp_path: Path) -> None:
    plain = exported(graph, tmp_path / "plain.json")
    assert exported(graph, tmp_path / "none.json", holds=True) == plain
    cases(graph)
    assert exported(graph, tmp_path / "still.json") == plain
    found = exported(graph, tmp_path / "held.json", holds=True)
    assert found[:2] == plain
    held = found[2:]
    assert [(one["disposition"], one["tracegraph:case"], one["tracegraph:move"]) for one in held] == [
        ("non_sellable_other", "C1", "2"),
        ("recalled", "C1", "4"),
    ]
    assert [one.get("epcList") for one in held] == [[ITEM, "urn:x-item:unseen"], None]
    assert [one["quantityList"] for one in held] == [[{"epcClass": LOT}], [{"epcClass": LOT}, {"epcClass": OTHER}]]
    for one in held:
        assert (one["type"], one["action"], one["tracegraph:generated"]) == ("ObjectEvent", "OBSERVE", True)
        assert not one.keys() & {"bizStep", "readPoint", "bizLocation"}
        assert one["eventID"].startswith("ni:///sha-256;")
    assert exported(graph, tmp_path / "again.json", holds=True) == found


def test_who_captures_them_gets_the_same_graph(graph: Tracegraph, tmp_path: Path) -> None:
    cases(graph)
    answers = []
    for holds in (False, True):
        exported(graph, tmp_path / f"{holds}.json", holds=holds)
        with Tracegraph.open(f"sqlite:///{tmp_path}/copy-{holds}.db") as copy:
            assert copy.capture(tmp_path / f"{holds}.json", strict=True).accepted == (4 if holds else 2)
            where = copy.where(LOT, ITEM, OTHER)
            answers.append([(row["unit"], row["place"], row["quantity"]) for row in where.result["holdings"]])
            assert not where.gaps
    assert answers[0] == answers[1]


def test_only_epcis_and_only_who_sees_all_cases(graph: Tracegraph, tmp_path: Path) -> None:
    for form in ("csv", "fsma204", "xlsx"):
        with pytest.raises(UsageError, match="choose epcis"):
            graph.export(form, tmp_path / "file", holds=True)
    with pytest.raises(UsageError, match="no party may see"):
        write("epcis", Snapshot.of(graph.store), "en", BytesIO(), Sharing(parties=("urn:x-party:P",)), holds=True)
