"""What is refused at entry: one clear sentence each, and nothing stored by halves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tracegraph import Tracegraph
from tracegraph.errors import InvalidField, RejectedInput

ACCOUNT = {
    "account": "A",
    "boundary": "https://plant.example/1",
    "product": "https://goods.example/alumina",
    "input": "certified",
    "unit": "TNE",
    "formula": "2",
    "from": "2026-01-01",
}
CLOSED = {"account": "A", "from": "2026-01-01", "to": "2026-03-31"}
POSTING = {"posting": "P1", "account": "A", "direction": "in", "quantity": "5", "unit": "TNE", "time": "2026-03-31"}
FACTOR = {
    "factor": "F",
    "site": "https://plant.example/1",
    "input": "https://goods.example/bauxite",
    "output": "https://goods.example/alumina",
    "value": "1",
    "from": "2026-01-01",
}


@pytest.fixture
def graph(tmp_path: Path) -> Iterator[Tracegraph]:
    with Tracegraph.open(f"sqlite:///{tmp_path}/claims.db") as graph:
        yield graph


def test_a_posting_into_a_closed_period(graph: Tracegraph) -> None:
    graph.record("account", ACCOUNT, "set up")
    graph.record("posting", POSTING, "delivery")
    graph.record("period", CLOSED, "quarter closed")
    assert not graph.record("posting", POSTING, "delivery").new
    with pytest.raises(InvalidField, match=r"P2: time 2026-03-31 is in a closed period .*2026-01-01 to 2026-03-31"):
        graph.record("posting", {**POSTING, "posting": "P2"}, "late")
    assert graph.record("posting", {**POSTING, "posting": "P2", "time": "2026-04-01"}, "late").new
    with pytest.raises(InvalidField, match="P1: time 2026-03-31 is in a closed"):
        graph.record("posting", {**POSTING, "time": "2026-04-01"}, "moved out of a closed period")
    with pytest.raises(InvalidField, match="P2: time 2026-03-31"):
        graph.record("posting", {**POSTING, "posting": "P2"}, "moved into it")


def test_a_table_of_postings_keeps_what_may_be_posted(graph: Tracegraph, tmp_path: Path) -> None:
    graph.record("account", ACCOUNT, "set up")
    graph.record("period", CLOSED, "quarter closed")
    table = tmp_path / "postings.csv"
    table.write_text(
        "posting,account,direction,quantity,unit,time\nP1,A,in,5,TNE,2026-03-31\nP2,A,in,5,TNE,2026-04-01\n"
    )
    with pytest.raises(RejectedInput, match="closed period"):
        graph.capture(table, kind="posting", whole=True, rejects=None)
    assert not graph.store.records("posting")
    report = graph.capture(table, kind="posting", rejects=None)
    assert (report.rejected, report.records) == (1, 1)
    assert "cell F2" in report.reasons[0]
    assert "post a correction into an open period" in report.reasons[0]


def test_a_claim_above_its_input(graph: Tracegraph) -> None:
    graph.record("claim", {"claim": "IN", "model": "mb", "made": "2026-01-01"}, "supplier")
    graph.record("support", {"claim": "OUT", "by": "claim", "reference": "IN"}, "sales")
    out = {"claim": "OUT", "model": "sg", "made": "2026-01-02"}
    with pytest.raises(InvalidField, match=r"claim OUT: model SG is above MB of claim IN.*claim at most MB"):
        graph.record("claim", out, "sales")
    assert graph.record("claim", {**out, "as_found": "yes"}, "seen on a label").new
    assert graph.record("claim", {**out, "model": "mb"}, "sales").new


def test_a_support_below_its_claim(graph: Tracegraph) -> None:
    graph.record("claim", {"claim": "IN", "model": "bc", "made": "2026-01-01"}, "supplier")
    graph.record("claim", {"claim": "OUT", "model": "mb", "made": "2026-01-02"}, "sales")
    with pytest.raises(InvalidField, match="claim OUT: model MB is above BC of claim IN"):
        graph.record("support", {"claim": "OUT", "by": "claim", "reference": "IN"}, "sales")
    assert not graph.store.records("support")


def test_a_claim_and_its_support_in_one_table(graph: Tracegraph, tmp_path: Path) -> None:
    graph.record("claim", {"claim": "OUT", "model": "mb", "made": "2026-01-02"}, "sales")
    graph.record("claim", {"claim": "IN", "model": "mb", "made": "2026-01-01"}, "supplier")
    graph.record("support", {"claim": "OUT", "by": "claim", "reference": "IN"}, "sales")
    table = tmp_path / "claims.csv"
    table.write_text("claim,model,made\nOUT,sg,2026-01-02\nIN,sg,2026-01-01\n")
    assert graph.capture(table, kind="claim", rejects=None).rejected == 0


@pytest.mark.parametrize(
    ("row", "refused"),
    [
        ({"value": "1.01"}, True),
        ({"value": "1"}, False),
        ({"value": "1.01", "gain": "water is added"}, False),
        ({"value": "1.01", "input_unit": "MTQ", "output_unit": "TNE"}, False),
        ({"value": "1.01", "input_unit": "TNE", "output_unit": "TNE"}, True),
        ({"value": "900", "input_unit": "TNE", "output_unit": "KGM"}, False),
        ({"value": "1001", "input_unit": "TNE", "output_unit": "KGM"}, True),
    ],
)
def test_a_factor_above_one(graph: Tracegraph, row: dict[str, str], refused: bool) -> None:
    if refused:
        with pytest.raises(InvalidField, match="gives more than goes in; give at most 1, or say in gain"):
            graph.record("factor", {**FACTOR, **row}, "measured")
        assert not graph.store.records("factor")
    else:
        assert graph.record("factor", {**FACTOR, **row}, "measured").new


def test_a_certificate_without_dates(graph: Tracegraph) -> None:
    row = {"certificate": "C", "scheme": "ASI", "holder": "https://partner.example/1"}
    with pytest.raises(InvalidField, match="certificate: issued is missing"):
        graph.record("certificate", row, "register")
    with pytest.raises(InvalidField, match="certificate: expires is missing"):
        graph.record("certificate", {**row, "issued": "2026-01-01"}, "register")


def test_a_table_with_merged_cells(graph: Tracegraph, tmp_path: Path) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(str(tmp_path / "claims.xlsx"))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["claim", "model", "made"])
    sheet.write_row(1, 0, ["C1", "mb", "2026-01-01"])
    sheet.write_row(2, 0, ["C2", "", "2026-01-01"])
    sheet.merge_range(1, 1, 2, 1, "mb")
    book.close()
    with pytest.raises(RejectedInput, match="B2:B3"):
        graph.capture(tmp_path / "claims.xlsx", kind="claim", whole=True, rejects=None)
    assert not graph.store.records("claim")
    report = graph.capture(tmp_path / "claims.xlsx", kind="claim", rejects=None)
    assert report.rejected == 1
    assert "merged cells B2:B3; unmerge them and fill in every row" in report.reasons[0]
