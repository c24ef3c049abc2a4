"""`tracegraph profile`."""

from __future__ import annotations

import json
from pathlib import Path

from tests.commands.conftest import Run, document, event, story


def test_a_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "shipping.json").write_bytes(document(story()[1]))
    told = run("profile", "check", "shipping.json", "--profile", "gdst")
    assert told.status == 0
    assert "1 event looked at, 2 findings" in told.text
    assert "- shipping: the product owner is missing. /epcisBody/eventList/0/gdst:productOwner" in told.text
    assert run("profile", "check", "shipping.json", "--strict").status == 1
    assert "发货：缺少产品所有者" in run("profile", "check", "shipping.json", "--lang", "zh").text


def test_the_store(captured: Run) -> None:
    told = captured("profile", "check", "--profile", "fsma204", "--format", "json").json
    assert told["question"]["profile"] == "fsma204"
    assert {row["kind"] for row in told["result"]["completeness"]} == {
        "initial_packing",
        "shipping",
        "receiving",
        "transformation",
    }
    rows = captured("profile", "check", "--profile", "fsma204", "--format", "csv").text
    assert "event,event_id,file,pointer,kind" in rows
    assert captured("profile", "check", "--profile", "fsma204", "--strict").status == 1


def test_nothing_found(run: Run, tmp_path: Path) -> None:
    (tmp_path / "inspecting.json").write_bytes(document(event("inspecting", "2026-01-01T00:00:00Z", "urn:x:1")))
    told = run("profile", "check", "inspecting.json", "--strict")
    assert told.status == 0
    assert "1 event of kinds that the profile says nothing of" in told.text


def test_profiles(run: Run, tmp_path: Path) -> None:
    assert "fsma204: " in run("profile", "list").text
    own = {"profile": "own", "title": {"en": "Mine"}, "elements": {}, "events": {}}
    (tmp_path / "own.json").write_text(json.dumps(own), encoding="utf-8")
    listed = run("profile", "list", "--profiles", str(tmp_path), "--format", "json").json
    assert [one["name"] for one in listed["profiles"]] == ["fsma204", "gdst", "own"]
    unknown = run("profile", "check", "--profile", "other")
    assert unknown.status == 2
    assert "choose one of fsma204, gdst" in unknown.sentence


def test_a_spreadsheet_before_it_is_captured(run: Run, tmp_path: Path) -> None:
    rows = "CTE,Date,TLC,Qty,UOM,Location,Ship to\nShipping,2026-05-03,L1,1,kg,Packhouse,Shop\nShipping,,L1,1,kg,A,B\n"
    (tmp_path / "sheet.csv").write_text(rows, encoding="utf-8")
    told = run("profile", "check", "sheet.csv", "--profile", "fsma204", "--read-as", "fsma204", "--format", "json").json
    lacking = {finding["element"] for finding in told["result"]["findings"]}
    assert {"lot_code_source", "product_description", "reference_document"} <= lacking
    assert len(told["result"]["rejected"]) == 1
    assert told["complete"] is False
