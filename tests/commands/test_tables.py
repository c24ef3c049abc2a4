"""Tables on the command line: templates, what is asked, confirmed and remembered, and tables written again."""

from __future__ import annotations

import json
from pathlib import Path

from tests.commands.conftest import Run
from tests.formats.tables.books import semicolons

HEAD = ("Lott", "Lieferant", "Kunde", "Menge (kg)", "Lieferdatum")
SENT = [HEAD, ("7", "Farm", "Mill", "1.250", "05.06.2024"), ("8", "Farm", "Mill", "2,5", "2024-06-06")]


def sent() -> None:
    Path("sent.csv").write_bytes(semicolons(SENT, "windows-1252"))


def test_a_template_is_filled_in_and_captured(run: Run) -> None:
    assert run("template", "deliveries", "--output", "empty.csv").text == "Wrote empty.csv.\n"
    text = Path("empty.csv").read_text(encoding="utf-8-sig")
    Path("full.csv").write_text(text + "D1,Seed,L1,,,5,kg,Farm,Mill,,,2024-01-05\n", encoding="utf-8-sig")
    assert run("capture", "full.csv").text == "2 accepted, 0 duplicate, 0 rejected\n"
    assert run("template", "sites").text == "Wrote sites.xlsx.\n"
    assert run("template", "planets").sentence.startswith("'planets' is no kind of table; choose one of ")
    assert run("template", "sites", "--output", "no/folder.csv").status == 2


def test_guessed_columns_are_asked_before_anything_is_stored(run: Run) -> None:
    sent()
    refused = run("capture", "sent.csv", "--dates", "dmy", "--decimal", "comma")
    assert refused.status == 2
    assert "columns are guessed by their names (deliveries: 'Lott' = lot (" in refused.sentence
    assert not Path("tracegraph-rejects.ndjson").exists()
    confirmed = run("capture", "sent.csv", "--yes", "--dates", "dmy", "--decimal", "comma")
    assert confirmed.text == "4 accepted, 0 duplicate, 0 rejected\n"


def test_columns_from_a_file(run: Run) -> None:
    sent()
    Path("columns.json").write_text('{"Lott": "lot"}')
    said = ("--columns", "columns.json", "--dates", "dmy", "--decimal", "comma")
    assert run("capture", "sent.csv", *said).text == "4 accepted, 0 duplicate, 0 rejected\n"
    Path("columns.json").write_text("[]")
    assert "holds no columns; give JSON" in run("capture", "sent.csv", *said).sentence
    assert "cannot be read as columns" in run("capture", "sent.csv", "--columns", "none.json").sentence


def test_what_was_confirmed_is_remembered_for_the_sender(run: Run) -> None:
    sent()
    run("capture", "sent.csv", "--yes", "--dates", "dmy", "--decimal", "comma", "--sender", "mill")
    assert run("capture", "sent.csv", "--sender", "mill").text == "0 accepted, 4 duplicate, 0 rejected\n"
    assert run("capture", "sent.csv", "--sender", "other").status == 2
    assert run("verify", "--deep").status == 0


def test_what_can_be_read_in_two_ways_is_rejected_with_the_option(run: Run) -> None:
    sent()
    done = run("capture", "sent.csv", "--yes")
    assert (done.status, done.text) == (0, "2 accepted, 0 duplicate, 1 rejected\n")
    assert "cell D2 ('1.250') can be 1250 or 1.250; say which with --decimal point" in done.err
    (kept,) = Path("tracegraph-rejects.ndjson").read_text().splitlines()
    assert json.loads(json.loads(kept)["data"])["Lieferdatum"] == "05.06.2024"
    assert run("capture", "sent.csv", "--dates", "us").status == 2
    assert run("capture", "sent.csv", "--table", "planet").sentence.startswith(
        "'planet' is no kind of table that is captured"
    )


def test_tables_are_written_as_a_workbook_and_as_csv(run: Run) -> None:
    sent()
    run("capture", "sent.csv", "--yes", "--dates", "dmy", "--decimal", "comma")
    assert run("export", "xlsx", "--output", "all.xlsx").status == 0
    assert run("export", "tables", "--output", "all").status == 0
    assert run("export", "tables").status == 2
    told = Path("all/tracegraph.csv").read_text(encoding="utf-8-sig")
    assert told.startswith("tracegraph,tables\nas of,2")
    assert "\nlevel,extended\n" in told
    for source in ("all.xlsx", "all"):
        assert run("capture", source).text == "0 accepted, 4 duplicate, 0 rejected\n"
    Path("file").touch()
    assert run("export", "tables", "--output", "file").status == 2
