"""`verify`, `checkpoint`, `export`, `record`, `doctor` and `demo`."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.commands.conftest import FARM, LOT, LOT_KEY, PRODUCT_LOT, Run, document, event, harvest, story


def test_intact(captured: Run) -> None:
    result = captured("verify")
    assert result.status == 0
    assert result.text.startswith("Intact: 5 ledger entries, head sha256:")


def tamper(statement: str) -> None:
    with sqlite3.connect("tracegraph.db") as connection:
        connection.execute(statement)
    connection.close()


def test_damage(captured: Run) -> None:
    tamper("UPDATE ledger SET payload = CAST(replace(CAST(payload AS TEXT), '100', '900') AS BLOB) WHERE position = 2")
    result = captured("verify")
    assert result.status == 1
    assert "position 2" in result.text.splitlines()[0]
    assert "fault" in result.sentence
    told = captured("verify", "--format", "json").json
    assert told["intact"] is False
    assert told["faults"]


def test_a_checkpoint_finds_a_lost_tail(captured: Run) -> None:
    name = captured("checkpoint", "keys", "create").text.strip()
    assert re.fullmatch("ed25519:[0-9a-f]{64}", name)
    made = captured("checkpoint", "--output", "c.json")
    assert (made.status, made.out) == (0, b"")
    assert captured("checkpoint", "make").json["count"] == 5
    assert captured("verify", "--checkpoint", "c.json", "--trust", name).status == 0
    assert "Compare this key" in captured("verify", "--checkpoint", "c.json").text
    Path("tracegraph.db").rename("whole.db")
    captured("capture", "-", stdin=document(harvest()))
    result = captured("verify", "--checkpoint", "c.json")
    assert result.status == 1
    assert "another store" in result.text


def test_a_checkpoint_by_another_key_is_not_trusted(captured: Run) -> None:
    captured("checkpoint", "keys", "create", "first.json")
    other = captured("checkpoint", "keys", "create", "second.json").text.strip()
    captured("checkpoint", "--key", "first.json", "--output", "c.json")
    result = captured("verify", "--checkpoint", "c.json", "--trust", other)
    assert result.status == 1
    assert "did not introduce" in result.text


def test_a_rotated_key_is_trusted_by_whoever_trusts_the_old_one(captured: Run) -> None:
    old = captured("checkpoint", "keys", "create", "old.json").text.strip()
    captured("checkpoint", "keys", "rotate", "old.json", "new.json")
    captured("checkpoint", "make", "--key", "new.json", "--output", "c.json")
    assert captured("verify", "--checkpoint", "c.json", "--trust", old).status == 0


def test_nothing_is_overwritten(captured: Run) -> None:
    captured("checkpoint", "keys", "create")
    assert captured("checkpoint", "keys", "create").status == 2
    captured("checkpoint", "--output", "c.json")
    assert captured("checkpoint", "--output", "c.json").status == 2


def test_export_epcis_can_be_captured_again(captured: Run) -> None:
    exported = captured("export", "epcis")
    events = json.loads(exported.out)["epcisBody"]["eventList"]
    assert events == story()
    again = captured("--store", "sqlite:///again.db", "capture", "-", stdin=exported.out)
    assert again.text == "5 accepted, 0 duplicate, 0 rejected\n"
    first, second = (
        captured("--store", f"sqlite:///{name}.db", "trace", "both", LOT, "--format", "json").json
        for name in ("tracegraph", "again")
    )
    assert first["result"] == second["result"]


def test_export_epcis_says_what_is_on_hold(captured: Run) -> None:
    captured("recall", "open", "R-1", "--title", "Glass", "--reason", "complaint")
    captured("recall", "hold", "R-1", LOT, "--reason", "complaint")
    *events, held = captured("export", "epcis", "--holds").json["epcisBody"]["eventList"]
    assert events == story()
    assert (held["quantityList"], held["disposition"]) == ([{"epcClass": LOT_KEY}], "non_sellable_other")
    for form in ("csv", "fsma204", "tables", "neo4j-import"):
        assert captured("export", form, "--holds", "--output", "folder").status == 2


def test_export_keeps_master_data(run: Run) -> None:
    told = json.loads(document(harvest()))
    attributes = [{"id": "urn:epcglobal:cbv:mda#name", "attribute": "North field"}]
    vocabulary = {
        "type": "urn:epcglobal:epcis:vtype:Location",
        "vocabularyElementList": [{"id": FARM, "attributes": attributes}],
    }
    told["epcisHeader"] = {"epcisMasterData": {"vocabularyList": [vocabulary]}}
    run("capture", "-", stdin=json.dumps(told).encode())
    assert run("export", "epcis").json["epcisHeader"] == told["epcisHeader"]


def test_export_of_the_graph(captured: Run) -> None:
    graph = ET.fromstring(captured("export", "graphml").out)
    assert graph.tag.endswith("graphml")
    rows = list(csv.reader(io.StringIO(captured("export", "csv").text)))
    assert any(LOT_KEY in row for row in rows)


def test_export_for_foodchainlab(captured: Run) -> None:
    whole = captured("export", "foodchainlab").json
    assert len(whole["data"]["deliveries"]["data"]) == 2
    Path("answer.json").write_bytes(captured("trace", "backward", LOT, "--format", "json").out)
    part = captured("export", "foodchainlab", "--answer", "answer.json").json
    assert len(part["data"]["deliveries"]["data"]) <= 1
    assert captured("export", "csv", "--answer", "answer.json").status == 2
    Path("none.json").write_text("{}", encoding="utf-8")
    assert captured("export", "foodchainlab", "--answer", "none.json").status == 2
    assert captured("--store", "sqlite:///other.db", "capture", "-", stdin=json.dumps(whole).encode()).status == 0


def test_export_for_a_party(captured: Run) -> None:
    refused = captured("export", "csv", "--for", "urn:example:nobody")
    assert (refused.status, "urn:example:nobody" in refused.err) == (3, True)
    assert captured("export", "csv", "--level", "basic").status == 2
    assert captured("export", "neo4j-import", "--output", "folder", "--for", "urn:example:nobody").status == 2
    assert ["level", "extended"] in list(csv.reader(io.StringIO(captured("export", "csv").text)))


def test_export_to_a_file_and_as_of(captured: Run) -> None:
    result = captured("export", "epcis", "--output", "all.json")
    assert (result.status, result.out) == (0, b"")
    assert len(json.loads(Path("all.json").read_bytes())["epcisBody"]["eventList"]) == 5
    assert captured("export", "epcis", "--as-of", "2000-01-01").json["epcisBody"]["eventList"] == []
    assert captured("export", "epcis", "--output", "missing/all.json").status == 2


def test_an_alias_is_recorded_with_its_reason(captured: Run) -> None:
    result = captured("--as", "anna", "record", "alias", LOT, "urn:example:lot:6832", "--reason", "letter of 3 May")
    assert (result.status, result.text) == (0, f"Recorded: urn:example:lot:6832 is another number of {LOT_KEY}.\n")
    asked = captured("trace", "forward", "urn:example:lot:6832", "--format", "json").json
    assert {PRODUCT_LOT.rsplit(".", 1)[1]} <= {unit["id"].rsplit("/", 1)[1] for unit in asked["result"]["units"]}
    again = captured("record", "alias", LOT, "urn:example:lot:6832", "--reason", "the same letter")
    assert "Nothing new" in again.text
    assert captured("verify", "--format", "json").json["ledger"]["count"] == 6


def test_an_alias_joins_what_was_recorded_under_both_numbers(run: Run) -> None:
    relabelled = event("shipping", "2026-01-02T08:00:00Z", FARM, ("urn:example:lot:6832", "100"))
    run("capture", "-", stdin=document(harvest(), relabelled))
    run("record", "alias", LOT, "urn:example:lot:6832", "--reason", "letter of 3 May")
    old, new = (run("where", name, "--format", "json").json["result"] for name in (LOT, "urn:example:lot:6832"))
    assert old == new
    assert {holding["place"]["kind"] for holding in old["holdings"]} >= {"transit"}


@pytest.mark.parametrize(("unit", "alias", "status"), [("nonsense", "x", 3), (LOT, LOT, 2)])
def test_no_such_alias(captured: Run, unit: str, alias: str, status: int) -> None:
    assert captured("record", "alias", unit, alias, "--reason", "letter").status == status


def test_the_doctor_finds_all_well(captured: Run) -> None:
    result = captured("doctor")
    assert (result.status, result.err) == (0, "")
    assert "ledger entries, head: 5, sha256:" in result.text
    assert result.text.endswith("All is well.\n")
    names = {check["name"] for check in captured("doctor", "--format", "json").json["checks"]}
    assert {"python", "sqlite", "schema", "ledger", "free", "extras", "writable"} <= names


def test_the_doctor_without_a_store_says_what_to_do(run: Run, tmp_path: Path) -> None:
    result = run("doctor")
    assert result.status == 4
    assert "capture something first" in result.err
    assert list(tmp_path.iterdir()) == []


def test_the_demo_asks_its_questions_and_can_be_gone_on_with(run: Run) -> None:
    from tracegraph.examples.food_outbreak import NEXT, QUESTIONS

    result = run("--store", "sqlite:///demo.db", "demo")
    assert (result.status, result.err) == (0, "")
    for question in (*QUESTIONS, *NEXT):
        assert question.title.en in result.text
    assert "export TRACEGRAPH_STORE=sqlite:///demo.db" in result.text
    for question in NEXT:
        assert run("--store", "sqlite:///demo.db", *question.arguments).status == 0
    assert "== 48088批现在在哪里？" in run("--store", "sqlite:///demo.db", "--lang", "zh", "demo").text


def test_the_demo_is_not_mixed_with_records(captured: Run) -> None:
    result = captured("--store", "sqlite:///tracegraph.db", "demo")
    assert result.status == 6
    assert "name a new store" in result.sentence


def test_backup_and_restore(captured: Run) -> None:
    result = captured("backup", "copy.db")
    assert result.status == 0
    assert result.text.startswith("A backup of 5 ledger entries (head sha256:")
    assert "on another machine" in result.sentence
    assert captured("backup", "copy.db").status == 6
    assert captured("backup", "copy.db", "--force", "--progress").err.startswith("Copying: 100 %\n")
    assert captured("--store", "sqlite:///copy.db", "verify").status == 0
    assert captured("restore", "copy.db").status == 6
    result = captured("restore", "copy.db", "--force")
    assert result.status == 0
    assert "tracegraph.db.before-restore" in result.err
    assert "--checkpoint" in result.err
    assert captured("trace", "forward", LOT).status == 0


def test_restoring_an_old_backup_is_noticed(captured: Run) -> None:
    captured("backup", "copy.db")
    captured("capture", "-", stdin=document(event("inspecting", "2026-02-01T00:00:00Z", FARM, (LOT, "1"))))
    captured("checkpoint", "keys", "create")
    captured("checkpoint", "--output", "c.json")
    result = captured("restore", "copy.db", "--force", "--checkpoint", "c.json")
    assert result.status == 1
    assert "1 ledger entry is missing since the checkpoint" in result.sentence
    assert captured("verify", "--checkpoint", "c.json").status == 0


def test_export_for_the_import_of_neo4j(captured: Run, tmp_path: Path) -> None:
    folder = tmp_path / "for-neo4j"
    result = captured("export", "neo4j-import", "--output", str(folder))
    assert (result.status, "past included" in result.text, "@import.args" in result.err) == (0, True, True)
    names = {path.name for path in folder.iterdir()}
    told = (folder / "import.args").read_text(encoding="utf-8").splitlines()
    assert {line.rpartition("=./")[2] for line in told if line.endswith(".csv")} == names - {"import.args"}
    assert (folder / "events.csv").read_text(encoding="utf-8").count("ObjectEvent") > 0
    again = captured("export", "neo4j-import", "--output", str(folder))
    assert (again.status, "holds something already" in again.err) == (6, True)


@pytest.mark.parametrize("options", [[], ["--output", "a-folder", "--as-of", "2026-01-01"]])
def test_export_for_the_import_of_neo4j_is_a_folder_with_the_whole_past(captured: Run, options: list[str]) -> None:
    result = captured("export", "neo4j-import", *options)
    assert (result.status, "whole past" in result.err) == (2, True)
