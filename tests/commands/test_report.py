"""`tracegraph report`: documents from a store, in every form and language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.commands.conftest import Run
from tests.reports.documents.recall import story
from tests.reports.documents.test_documents import PARTY, RECORDS
from tracegraph import Tracegraph
from tracegraph.errors import UsageError


@pytest.fixture
def recorded(run: Run) -> Run:
    """The command line with the records of the worked example in its store."""
    with Tracegraph.open("sqlite:///tracegraph.db") as graph:
        for told in RECORDS:
            graph.record(told["kind"], {name: text for name, text in told.items() if name != "kind"}, reason="test")
    return run


def test_the_annual_report_in_every_form(recorded: Run, tmp_path: Path) -> None:
    page = recorded("report", "asi-annual", PARTY, "2025")
    assert page.status == 0
    assert page.text.startswith("<!DOCTYPE html>")
    assert "<h1>Annual report on material accounting</h1>" in page.text
    assert "年度物料核算报告" in recorded("--lang", "zh", "report", "asi-annual", PARTY, "2025").text
    for ending, start in (("pdf", b"%PDF-"), ("xlsx", b"PK"), ("html", b"<!DOCTYPE html>")):
        assert recorded("report", "asi-annual", PARTY, "2025", "-o", f"report.{ending}").status == 0
        assert (tmp_path / f"report.{ending}").read_bytes().startswith(start)
    assert recorded("report", "asi-annual", PARTY, "2025", "--format", "xlsx").out.startswith(b"PK")


def test_the_document_of_a_delivery(recorded: Run) -> None:
    told = recorded("report", "asi-coc", "D-1")
    assert told.status == 0
    assert "mass balance (MB)" in told.text
    assert "issued" in told.text


def test_what_became_true_or_known_later_does_not_count(recorded: Run) -> None:
    assert ">480<" in recorded("report", "asi-annual", PARTY, "2025").text
    assert ">480<" not in recorded("report", "asi-annual", PARTY, "2025", "--valid", "2025-10-31").text
    assert recorded("report", "asi-annual", PARTY, "2025", "--as-of", "2020-01-01").status == 3


def test_what_is_wrong_is_said_in_a_sentence(recorded: Run, tmp_path: Path) -> None:
    assert "no document 'D-9' of type coc" in recorded("report", "asi-coc", "D-9").sentence
    missing = recorded("report", "asi-annual", "https://nobody.example", "2025", "-o", "none.pdf")
    assert missing.status == 3
    assert "keeps no account under ASI" in missing.sentence
    assert not (tmp_path / "none.pdf").exists()
    assert recorded("report", "asi-annual", PARTY, "12").status == 2


def test_python_writes_the_same(recorded: Run, tmp_path: Path) -> None:
    with Tracegraph.open("sqlite:///tracegraph.db") as graph:
        graph.document("asi-coc", tmp_path / "one.pdf", number="D-1")
        assert recorded("report", "asi-coc", "D-1", "-o", "two.pdf").status == 0
        assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "two.pdf").read_bytes()
        graph.document("asi-annual", tmp_path / "one.bin", party=PARTY, year=2025, valid="2025-12-31")
        assert (tmp_path / "one.bin").read_bytes().startswith(b"<!DOCTYPE html>")
        with pytest.raises(UsageError, match="give both"):
            graph.document("asi-annual", tmp_path / "x.html", party=PARTY)
        with pytest.raises(UsageError, match="give its number"):
            graph.document("asi-coc", tmp_path / "x.html")
        with pytest.raises(UsageError, match="no report 'asc'"):
            graph.document("asc", tmp_path / "x.html")
        with pytest.raises(UsageError, match="html, pdf, xlsx"):
            graph.document("asi-coc", tmp_path / "x.html", number="D-1", form="doc")


def test_documents_of_an_investigation(run: Run, tmp_path: Path) -> None:
    with Tracegraph.open("sqlite:///tracegraph.db") as graph:
        story.told(graph, tmp_path)
    found = run("report", "traceback", "K-1")
    assert (found.status, found.err, "Packing hall" in found.text) == (0, "", True)
    assert run("report", "origin", story.B7, "--anonymous", "-o", "origin.csv").status == 0
    assert not {"Packing hall", "A1001"} & set(re.split("[,;()]", Path("origin.csv").read_text()))
    assert run("report", "request", story.PACK, story.B7, "-o", "request.xlsx").status == 0
    assert run("capture", "request.xlsx").text.startswith("0 accepted, 0 duplicate, 2 rejected")
    assert "K-9" in run("report", "traceback", "K-9").sentence
