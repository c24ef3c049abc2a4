"""`tracegraph cases` and `tracegraph sources`."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.commands.conftest import LOT_KEY, SHOP, Run
from tracegraph.formats.tables.writing import write_xlsx

CASES = f"case,place,exposed_from,exposed_to\nC1,{SHOP},2020-01-01,2030-01-01\n"


@pytest.fixture
def cases() -> str:
    Path("cases.csv").write_text(CASES, encoding="utf-8")
    return "cases.csv"


def test_sources_of_a_file_without_recording_it(captured: Run, cases: str) -> None:
    result = captured("sources", "--cases", cases)
    assert result.status == 0
    assert result.text.startswith("Common sources of 1 case, 0 controls.\nAssociation, not proof")
    assert LOT_KEY in result.text
    assert captured("cases", "list").text == "No case is on record.\n"


def test_sources_as_json_csv_and_page(captured: Run, cases: str) -> None:
    told = captured("sources", "--cases", cases, "--format", "json", "--among", "unit", "--limit", "1").json
    assert told["question"]["kind"] == "sources"
    assert told["question"]["cases"][0]["case"] == "C1"
    assert [row["kind"] for row in told["result"]["sources"]["rows"]] == ["unit"]
    text = captured("sources", "--cases", cases, "--format", "csv").text
    table = text.partition("\r\n\r\n")[2]
    rows = list(csv.DictReader(io.StringIO(table)))
    assert {row["kind"] for row in rows} >= {"unit", "site"}
    assert rows[0]["coverage.score"] == "1"
    assert captured("sources", "--cases", cases, "--format", "html").text.startswith("<!DOCTYPE html>")


def test_cases_are_imported_listed_and_asked_about(captured: Run, cases: str) -> None:
    assert captured("cases", "import", cases).text == "1 recorded, 0 known already, 0 rejected\n"
    assert captured("cases", "import", cases).text == "0 recorded, 1 known already, 0 rejected\n"
    assert "C1    case" in captured("cases", "list").text
    assert captured("cases", "list", "--format", "json").json["result"]["cases"][0]["place"] == SHOP
    assert captured("cases", "list", "--format", "csv").text.endswith("2030-01-01,,,1\r\n")
    for arguments in ((), ("--cases", "C1")):
        assert captured("sources", *arguments, "--format", "json").json["result"]["sources"]["candidates"]["unit"] > 0


def test_a_workbook_of_cases(captured: Run) -> None:
    with Path("cases.xlsx").open("wb") as file:
        write_xlsx(file, {"Cases": [["假名病例编号", "地点"], ["C1", SHOP], ["Mary Smith", SHOP]]})
    result = captured("cases", "import", "cases.xlsx")
    assert result.text == "1 recorded, 0 known already, 1 rejected\n"
    assert result.sentence.startswith(
        "rejected: cell Cases!A3 ('Mary Smith') makes no case: case 'Mary Smith' may be a "
    )
    assert captured("cases", "import", "cases.xlsx", "--strict").status == 2


def test_sources_speak_chinese(captured: Run, cases: str) -> None:
    text = captured("--lang", "zh", "sources", "--cases", cases).text
    assert text.startswith("1 个病例（0 个对照）的共同来源。\n仅为关联，并非证明")


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("sources",), 2, "no case is given"),
        (("sources", "--cases", "C1"), 3, "case 'C1' is unknown"),
        (("sources", "--cases", "missing.csv"), 2, "there is no file missing.csv"),
        (("sources", "--cases", "cases.csv", "--limit", "0"), 2, "limit is 0"),
        (("cases", "import", "missing.csv"), 2, "missing.csv cannot be read"),
        (("cases", "list", "--format", "html"), 2, "cases list has no format html"),
    ],
)
def test_what_cannot_be_done(captured: Run, cases: str, arguments: tuple[str, ...], status: int, said: str) -> None:
    result = captured(*arguments)
    assert result.status == status
    assert said in result.sentence
