"""What is exported for a party from a store on a server is, to the byte, what the embedded store exports for it."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest

from tests.access.chain import FRAME, capture, chain, party
from tests.access.files import EXTENDED, FORMS, HIDDEN, exported_text, record_findings
from tests.stores.neo4j.both import Both
from tracegraph import Tracegraph
from tracegraph.access.sharing import shared
from tracegraph.reports.tables import csv_tables
from tracegraph.trace.snapshot import Snapshot


@pytest.fixture
def filled(tmp_path: Path, both: Both, monkeypatch: pytest.MonkeyPatch) -> Both:
    """Both learnt the chain at the same times."""
    for number, graph in enumerate((both.served, both.embedded)):
        clock = count(1_800_000_000_000_000, 60_000_000)
        monkeypatch.setattr("tracegraph.graph.now", lambda clock=clock: next(clock))
        capture(graph, tmp_path / f"in{number}", chain())
        record_findings(graph)
    return both


def files_for(graph: Tracegraph, who: str, level: str, folder: Path) -> dict[str, str]:
    """Every form of everything that the party may know."""
    view, sharing = shared(graph.store, who, level)
    tables = csv_tables(Snapshot.of(view), "en", sharing.told())
    told = {name: data.decode("utf-8-sig") for name, data in tables.items()}
    for form in FORMS:
        told[form] = exported_text(graph, form, folder, for_party=who, level=level)
    return told


def test_exports_for_a_party_are_the_same_on_both_stores(filled: Both, tmp_path: Path) -> None:
    for firm, level in (("maker-a", "basic"), ("maker-a", "extended"), ("shop", "extended")):
        served, embedded = (
            files_for(graph, party(firm), level, tmp_path) for graph in (filled.served, filled.embedded)
        )
        assert [name for name in embedded if served.get(name) != embedded[name]] == []
        if firm == "maker-a":
            assert all(FRAME in served[form] for form in FORMS)
            assert [(name, word) for name in served for word in HIDDEN if word in served[name]] == []
        if level == "basic":
            assert [(name, word) for name in served for word in EXTENDED if word in served[name]] == []
