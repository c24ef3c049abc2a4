"""A drill on a server draws, finds and adds up what it does on the embedded store."""

from __future__ import annotations

import json
from itertools import count
from pathlib import Path

import pytest

from tests.recall.loop.network import early, late, write
from tests.stores.neo4j.both import Both
from tracegraph import Tracegraph, drilling

NOW = 1_800_000_000_000_000


@pytest.fixture
def known(tmp_path: Path, both: Both, monkeypatch: pytest.MonkeyPatch) -> Both:
    monkeypatch.setattr("tracegraph.graph.now", lambda: NOW)
    both.capture(write(early(), tmp_path / "early.json"), write(late(), tmp_path / "late.json"))
    return both


def told(graph: Tracegraph, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Drills on drawn lots with all that was found, and what the ledger has of them."""
    monkeypatch.setattr(drilling, "now", count(NOW + 1, 1_000_000).__next__)
    answers = [graph.drill(seed=seed, case=f"D{seed}", actor="anna") for seed in range(4)]
    moves = [stored.record.data for stored in graph.store.records("recall_move")]
    return [*(answer.to_json().decode() for answer in answers), json.dumps(moves)]


def test_drills_are_the_same_on_both_stores(known: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    served, embedded = told(known.served, monkeypatch), told(known.embedded, monkeypatch)
    assert served == embedded
    assert len({json.loads(text)["result"]["drill"]["unit"] for text in embedded[:4]}) > 1
