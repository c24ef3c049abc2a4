"""Gate 6: hostile input. A few rounds; `make torture` makes many."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.building import opened
from tests.torture.fuzz import documents, identifiers, read_as_identifier, read_as_pieces
from tests.torture.fuzz_tables import spreadsheets
from tests.torture.small import few_rounds


def test_the_corpus_is_read_as_it_is() -> None:
    """Seeds, and inputs that once did harm."""
    assert len(documents()) > 10
    assert {read_as_pieces(data, strict=False) for data in documents()} >= {"imported"}
    assert "imported" in {read_as_identifier(text.encode()) for text in identifiers()}


def test_the_spreadsheets_are_captured_as_they_are(tmp_path: Path) -> None:
    """Sheets of critical tracking events under their name, all others under none."""
    path = tmp_path / "input"
    for number, data in enumerate(spreadsheets()):
        path.write_bytes(data)
        with opened() as graph:
            reports = [graph.capture(path, rejects=None, form=form) for form in ("auto", "fsma204")]
        assert any(report.accepted + report.master_data + report.records for report in reports), (number, reports)


@pytest.mark.parametrize(
    "name", ["fuzzed_documents", "fuzzed_identifiers", "fuzzed_captures", "fuzzed_tables", "fuzzed_commands"]
)
def test_gate_6_hostile_input_is_imported_or_refused(tmp_path: Path, name: str) -> None:
    assert len(few_rounds(name, tmp_path, rounds=2)["outcomes"]) > 0
