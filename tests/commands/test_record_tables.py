"""Tables whose rows are records: a template of any kind filled in, captured, and written again."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.commands.conftest import FARM, LOT, LOT_KEY, PLANT, SHOP, Run
from tests.formats.tables.books import workbook
from tracegraph.formats.tables.kinds import kind_named
from tracegraph.formats.tables.reading import read_sheets
from tracegraph.formats.tables.writing import Row, csv_bytes, sheet_name, write_xlsx
from tracegraph.model.record_kinds import RecordKind, record_kinds

#: A value of each type of field, as somebody writes it.
SAID = {
    "text": "X 1",
    "pseudonym": "P-1",
    "unit": LOT,
    "units": LOT,
    "site": PLANT,
    "sites": PLANT,
    "products": "09521000123458",
    "party": FARM,
    "product": "09521000123458",
    "time": "2026-01-31",
    "number": "7",
    "yes_no": "yes",
}


def filled(kind: RecordKind) -> dict[str, str]:
    """Every field of a kind with a value, and a reason. An alias gets a number of its own."""
    own = {"alias": "OTHER-7"} if kind.name == "alias" else {}
    row = {field.name: field.least or SAID.get(field.type) or field.choices[0] for field in kind.fields}
    return {**row, **own, "reason": "log book"}


def write(path: str, kind: str, rows: Sequence[Mapping[str, str]], language: str = "en") -> None:
    """The template of a kind, filled in."""
    known = kind_named(kind)
    heads: list[Row] = [[column.labels[language] for column in known.columns.values()]]
    table = [*heads, *([row.get(name) for name in known.columns] for row in rows)]
    if path.endswith(".csv"):
        Path(path).write_bytes(csv_bytes(table))
        return
    with Path(path).open("wb") as file:
        write_xlsx(file, {sheet_name(known.labels[language]): table})


def ledger(run: Run) -> Iterator[Any]:
    """The rows of all tables that the store is written as, by the kind of record."""
    assert run("export", "tables", "--output", "out").status == 0
    for name in record_kinds():
        path = Path("out") / f"{name}.csv"
        if path.exists():
            sheet = read_sheets(path.read_bytes(), path.name)[0]
            names = list(kind_named(name).columns)
            for cells in sheet.rows[1:]:
                yield name, {column: str(value) for column, value in zip(names, cells, strict=False) if value}


@pytest.mark.parametrize(("language", "form"), [("en", "csv"), ("zh", "xlsx")])
def test_every_kind_goes_from_its_template_to_a_record_and_back(captured: Run, language: str, form: str) -> None:
    assert captured("--lang", language, "template", "evidence", "--output", f"empty.{form}").status == 0
    head = read_sheets(Path(f"empty.{form}").read_bytes(), "empty")[0].rows[0]
    assert list(head) == [column.labels[language] for column in kind_named("evidence").columns.values()]
    plain = [name for name, kind in record_kinds().items() if not kind.reason]
    for name, kind in record_kinds().items():
        write(f"{name}.{form}", name, [filled(kind)], language)
    files = [f"{name}.{form}" for name in plain]
    done = captured("capture", *files)
    assert done.text == f"0 accepted, 0 duplicate, 0 rejected\nrecords: {len(plain)} new, 0 known already\n", done.err
    for name in record_kinds().keys() - {*plain}:
        done = captured("capture", f"{name}.{form}", *(("--table", name) if form == "csv" else ()))
        assert done.text.endswith("records: 1 new, 0 known already\n"), done.err
    if form == "csv":
        check_written_again(captured, plain)


def check_written_again(captured: Run, plain: list[str]) -> None:
    """Every field of every kind is in the tables that are exported, which say nothing new."""
    written = dict(ledger(captured))
    for name, kind in record_kinds().items():
        assert written[name].keys() == filled(kind).keys()
        assert written[name]["reason"] == "log book"
    assert written["override"]["unit"] == LOT_KEY
    assert captured("verify", "--deep").status == 0
    tables = [str(Path("out") / f"{name}.csv") for name in plain]
    assert captured("capture", *tables).text.endswith(f"records: 0 new, {len(plain)} known already\n")


def test_rows_that_make_no_record_are_rejected_by_their_cell(captured: Run) -> None:
    rows = [
        {"evidence": "E1", "unit": LOT, "at": "2026-02-01T08:00:00Z", "result": "positive", "reason": "laboratory"},
        {"evidence": "E2", "unit": LOT, "at": "2026-02-30", "result": "positive"},
        {"evidence": "E3", "unit": LOT, "at": "05/06/2026", "result": "negative"},
        {"evidence": "E4", "unit": LOT, "at": "2026-02-02", "result": "perhaps"},
        {"evidence": "E5", "at": "2026-02-02", "result": "negative"},
        {"unit": LOT, "at": "2026-02-02", "result": "negative"},
        {"evidence": "E7", "unit": "4.01E+12", "at": "2026-02-02", "result": "negative"},
        {"evidence": "E8", "unit": LOT, "at": "2026", "result": "negative"},
    ]
    write("found.csv", "evidence", rows)
    done = captured("capture", "found.csv", "--reason", "from the laboratory")
    assert done.text == "0 accepted, 0 duplicate, 7 rejected\nrecords: 1 new, 0 known already\n"
    kept = [json.loads(line) for line in Path("tracegraph-rejects.ndjson").read_text().splitlines()]
    reasons = [one["reason"].removeprefix("found.csv: ") for one in kept]
    assert [reason.partition(" (")[0] for reason in reasons] == [
        "cell E3", "cell E4", "cell F5", "cell B6", "cell A7", "cell B8", "cell E9",
    ]  # fmt: skip
    assert "'perhaps' is not offered; choose one of positive, negative" in reasons[2]
    assert "can be 2026-06-05 (dmy) or 2026-05-06 (mdy); say which with --dates dmy or --dates mdy" in reasons[1]
    assert json.loads(kept[3]["data"])["Number of the finding"] == "E5"
    assert captured("capture", "found.csv", "--dates", "dmy").text.startswith("0 accepted, 0 duplicate, 6 rejected")
    assert captured("capture", "found.csv", "--strict").status == 1
    assert [row["reason"] for _, row in ledger(captured)] == ["laboratory", "imported as reported"]


def test_a_workbook_of_events_and_records_is_one_file(run: Run) -> None:
    deliveries = [["lot", "from", "to", "date", "product"], ["L7", "Farm", "Mill", "2026-01-05", "Seed"]]
    aliases = [["Unit", "Other number"], ["L7", "M-9"], ["urn:tracegraph:lot:Seed:L7", "M-8"], ["unknown", "M-10"]]
    cleanings: list[list[object]] = [["Site", "Line", "Begin", "Verified"], ["Mill", "1", "2026-01-04", True]]
    book = workbook({"Deliveries": deliveries, "Relabelled unit": aliases, "Cleaning": cleanings})
    Path("all.xlsx").write_bytes(book)
    done = run("capture", "all.xlsx")
    assert done.text == "2 accepted, 0 duplicate, 2 rejected\nrecords: 2 new, 0 known already\n"
    assert "Relabelled unit!A2: unit 'L7' is unknown" in done.err
    assert run("capture", "all.xlsx").text == "0 accepted, 2 duplicate, 1 rejected\nrecords: 1 new, 2 known already\n"
    by_alias, by_number = (run("trace", "forward", name, "--format", "json").json["result"] for name in ("M-9", "L7"))
    assert by_alias == by_number


def test_a_decision_is_never_guessed_and_never_without_a_reason(captured: Run) -> None:
    write("cleared.csv", "override", [{"unit": LOT}])
    done = captured("capture", "cleared.csv")
    assert done.err.startswith("cleared.csv: it looks like deliveries and has no column for from")
    done = captured("capture", "cleared.csv", "--table", "override")
    assert "cell E2 ('') leaves open why; fill in a column reason, or say it with --reason" in done.err
    done = captured("capture", "cleared.csv", "--table", "override", "--reason", "tested twice")
    assert done.text == "0 accepted, 0 duplicate, 0 rejected\nrecords: 1 new, 0 known already\n"


def test_columns_of_records_that_are_only_alike_are_asked(captured: Run) -> None:
    head = "Run,Lots made,Site,Begin,Ende\n"
    Path("runs.csv").write_text(f"{head}P1,{LOT},{PLANT},2026-01-01,2026-01-02\n")
    refused = captured("capture", "runs.csv")
    assert refused.status == 2
    assert "columns are guessed by their names (run: 'Ende' = to (" in refused.sentence
    assert captured("capture", "runs.csv", "--yes").text.endswith("records: 1 new, 0 known already\n")
    assert dict(ledger(captured))["run"]["to"] == "2026-01-02"


def test_tables_of_events_are_not_taken_for_records(run: Run) -> None:
    Path("sites.csv").write_text(f"Site,Name,City,Line\n{SHOP},Shop,Town,1\n")
    assert run("capture", "sites.csv").text == "0 accepted, 0 duplicate, 0 rejected\n1 piece of master data\n"
    Path("lines.csv").write_text(f"Site,Line,Name\n{SHOP},1,Filling\n")
    assert run("capture", "lines.csv").text == "0 accepted, 0 duplicate, 0 rejected\nrecords: 1 new, 0 known already\n"


def test_lots_of_a_run_in_lines_of_one_cell(run: Run) -> None:
    Path("run.csv").write_bytes(csv_bytes([["run", "units", "site"], ["P1", "L1\nL2; L3", PLANT]]))
    assert run("capture", "run.csv").text.endswith("records: 1 new, 0 known already\n")
    assert dict(ledger(run))["run"]["units"] == "L1; L2; L3"
    text = Path("out/run.csv").read_text(encoding="utf-8-sig")
    assert next(csv.reader(io.StringIO(text)))[0] == "Run"
