"""Consignees and notices of a case on a server are, to the byte, what they are on the embedded store."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.recall.case.told_paths import payload_of
from tests.recall.loop.network import MILL, ONE, early, late, write
from tests.stores.neo4j.both import Both
from tracegraph import Tracegraph
from tracegraph.intake.recalling import Actor, act
from tracegraph.recall.case import case_file
from tracegraph.recall.consignees import consignees
from tracegraph.recall.notices import notices_of, notices_payload, standings, to_prepare, worklist
from tracegraph.recall.scope import read_question, scope
from tracegraph.trace.snapshot import Snapshot

NOW = 1_800_000_000_000_000
ANNA, BERT = Actor("anna", "investigator"), Actor("bert", "investigator")


@pytest.fixture
def known(tmp_path: Path, both: Both, monkeypatch: pytest.MonkeyPatch) -> Both:
    monkeypatch.setattr("tracegraph.graph.now", lambda: NOW)
    both.capture(write(early(), tmp_path / "early.json"), write(late(), tmp_path / "late.json"))
    return both


def told(graph: Tracegraph) -> str:
    """A case up to its first notices, everything that is listed of it."""
    store = graph.store
    case = act(store, "R1", "open", {"title": "Flour", "owner": MILL}, NOW, ANNA, "a complaint").case
    answer = scope(store, read_question({"rule": "lot", "unit": ONE})).envelope
    act(store, case.id, "scope", {}, NOW, ANNA, "first", payload_of(answer, 1, "anna"))
    case = act(store, case.id, "approve", {"version": "1"}, NOW, BERT, "agreed").case
    snapshot = Snapshot.of(store)
    found = consignees(snapshot, case)
    payload = notices_payload(snapshot, to_prepare(case, found), 1)
    act(store, case.id, "notices", {}, NOW, ANNA, "go", payload)
    case = case_file(store, case.id)
    rows = [found.to_dict(), payload, [one.to_dict() for one in notices_of(case, found)]]
    rows += [[one.to_dict() for one in standings(case)], [one.to_dict() for one in worklist(case, NOW)]]
    return json.dumps(rows)


def test_notices_are_the_same_on_both_stores(known: Both) -> None:
    served, embedded = told(known.served), told(known.embedded)
    assert served == embedded
    assert embedded.count('"not_notified"') == 9
