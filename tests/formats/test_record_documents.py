"""Records in JSON: the same records as rows of a table, and one sentence with a pointer for what is none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tracegraph import Tracegraph
from tracegraph.errors import RejectedInput

CLAIM = {"record": "claim", "claim": "K1", "model": "mb", "percent": 33.30, "sold": True, "made": "2026-01-01"}
ACCOUNT = {
    "record": "account",
    "account": "A",
    "boundary": ["https://plant.example/1", "https://plant.example/2"],
    "product": "https://goods.example/alumina",
    "input": "certified",
    "unit": "TNE",
    "formula": 2,
    "from": "2026-01-01",
    "to": None,
}


@pytest.fixture
def graph(tmp_path: Path) -> Iterator[Tracegraph]:
    with Tracegraph.open(f"sqlite:///{tmp_path}/records.db") as graph:
        yield graph


def written(folder: Path, *records: Any, **more: Any) -> Path:
    path = folder / "records.json"
    path.write_text(json.dumps({"records": list(records), **more}, ensure_ascii=False), encoding="utf-8")
    return path


def test_values_are_taken_as_they_are_written(graph: Tracegraph, tmp_path: Path) -> None:
    text = json.dumps({"reason": "audit of May", "records": [CLAIM, ACCOUNT]}).replace("33.3", "33.30")
    (tmp_path / "records.json").write_text(text)
    report = graph.capture(tmp_path / "records.json", rejects=None)
    assert (report.records, report.rejected) == (2, 0)
    (claim,), (account,) = graph.store.records("claim"), graph.store.records("account")
    assert claim.record.data == {"claim": "K1", "model": "mb", "percent": "33.30", "sold": True, "made": "2026-01-01"}
    assert claim.record.reason == "audit of May"
    assert account.record.data["boundary"] == ["https://plant.example/1", "https://plant.example/2"]
    assert account.record.data["formula"] == "2"
    assert "to" not in account.record.data
    again = graph.capture(tmp_path / "records.json", rejects=None)
    assert (again.records, again.records_known) == (0, 2)


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({**CLAIM, "model": "xx"}, "/records/1/model: claim: model 'xx' is not offered"),
        ({**CLAIM, "made": None}, "/records/1/made: claim: made is missing"),
        ({**CLAIM, "text": {"en": "x"}}, "/records/1/text: text is an object"),
        ({**CLAIM, "text": [{}]}, "/records/1/text: text is a list of other things"),
        ({**CLAIM, "colour": "red"}, "/records/1/colour: claim: colour is no field"),
        ({**CLAIM, "record": "wish"}, "/records/1: 'wish' is no kind of record"),
        ({"claim": "K2"}, "/records/1: is no record; give an object whose member 'record' names its kind"),
        ("K2", "/records/1: is no record"),
    ],
)
def test_what_is_no_record_is_told_by_its_pointer(graph: Tracegraph, tmp_path: Path, record: Any, reason: str) -> None:
    path = written(tmp_path, CLAIM, record)
    with pytest.raises(RejectedInput):
        graph.capture(path, strict=True, rejects=None)
    assert not graph.store.records("claim")
    report = graph.capture(path, rejects=None)
    assert (report.records, report.rejected) == (1, 1)
    assert reason in report.reasons[0]
    assert report.reasons[0].endswith(".")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"records": {}}', "it has no list `records`"),
        ('{"records": [], "more": 1}', "it has a member 'more'"),
        ('{"reason": [], "records": []}', "reason is no text"),
        ('{"records": [{"record": "claim"', "is no document of records"),
        ('{"records": [NaN]}', "NaN is no number"),
    ],
)
def test_what_is_no_document_is_one_rejected_piece(graph: Tracegraph, tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "records.json").write_text(text)
    report = graph.capture(tmp_path / "records.json", rejects=tmp_path / "rejects.ndjson")
    assert (report.records, report.rejected) == (0, 1)
    assert reason in report.reasons[0]
    assert json.loads((tmp_path / "rejects.ndjson").read_text())


def test_a_kind_that_needs_a_reason_needs_it_here(graph: Tracegraph, tmp_path: Path) -> None:
    override = {"record": "override", "unit": "https://goods.example/lot/1"}
    report = graph.capture(written(tmp_path, override), rejects=None)
    assert "needs a reason" in report.reasons[0]
