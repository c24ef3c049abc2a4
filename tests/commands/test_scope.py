"""`tracegraph scope`: seeds in few words, questions in files, what changed; the same from Python."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands.conftest import LOT, LOT_KEY, PLANT, PRODUCT_LOT, Run, document, event
from tracegraph import Tracegraph
from tracegraph.identifiers import canonical

BREAD = canonical(PRODUCT_LOT)


def test_a_lot_and_what_was_made_of_it(captured: Run) -> None:
    result = captured("scope", LOT)
    assert result.status == 0
    assert "implicated: 1 (100 kg)" in result.text
    assert "affected: 1 (90 kg)" in result.text
    answer = captured("scope", LOT, "--format", "json").json
    entries = answer["result"]["scope"]["entries"]
    assert [(one["unit"], one["class"]) for one in entries] == [(LOT_KEY, "implicated"), (BREAD, "affected")]
    with Tracegraph.open("sqlite:///tracegraph.db") as graph:
        assert graph.scope(LOT).to_json() == captured("scope", LOT, "--format", "json").out


def test_a_question_in_a_file_or_on_stdin(captured: Run, tmp_path: Path) -> None:
    question = {"scope": {"rule": "site", "site": PLANT, "from": "2026-01-03", "to": "2026-01-03"}, "follow": False}
    file = tmp_path / "question.json"
    file.write_text(json.dumps(question))
    answer = captured("scope", str(file), "--format", "json").json
    assert [one["unit"] for one in answer["result"]["scope"]["entries"]] == [LOT_KEY, BREAD]
    assert captured("scope", "-", "--format", "json", stdin=file.read_bytes()).json == answer
    written = captured("scope", f"site:{PLANT}", "--from", "2026-01-03", "--to", "2026-01-03", "--no-follow")
    assert written.text == captured("scope", str(file)).text
    with Tracegraph.open("sqlite:///tracegraph.db") as graph:
        assert graph.scope(question).to_dict() == answer


def test_what_changed_and_why(captured: Run, tmp_path: Path) -> None:
    known = captured("scope", LOT, "--format", "json").json["as_of"]["known"]
    captured("record", "override", BREAD, "--reason", "retested")
    changed = captured("scope", LOT, "--compare-as-of", known)
    assert "0 added, 0 removed, 1 changed" in changed.text
    assert "affected → cleared" in changed.text
    assert "retested" in changed.text
    kills = tmp_path / "assumed.json"
    kills.write_text(json.dumps({"kills": [{"site": PLANT}]}))
    question = tmp_path / "question.json"
    question.write_text(json.dumps({"scope": {"rule": "lot", "unit": LOT}}))
    told = captured("scope", LOT, "--assume", str(kills), "--compare", str(question), "--format", "json").json
    assert [row["unit"] for row in told["removed"]] == [BREAD]
    assert told["removed"][0]["why"] == [{"kind": "question", "id": "assumptions"}]
    assert (
        "another question: assumptions"
        in captured("scope", LOT, "--assume", str(kills), "--compare", str(question)).text
    )


def test_what_changed_in_a_trace(captured: Run) -> None:
    known = captured("trace", "forward", LOT, "--format", "json").json["as_of"]["known"]
    eaten = {"outputQuantityList": [{"epcClass": "urn:example:lot:toast", "quantity": 1, "uom": "KGM"}]}
    used = {"inputQuantityList": [{"epcClass": PRODUCT_LOT, "quantity": 1, "uom": "KGM"}]}
    toasted = {**event("commissioning", "2026-01-04T12:00:00Z", PLANT), "type": "TransformationEvent", **used, **eaten}
    captured("capture", "-", stdin=document({name: value for name, value in toasted.items() if name != "quantityList"}))
    told = captured("trace", "forward", LOT, "--compare-as-of", known, "--format", "json").json
    assert [row["unit"] for row in told["added"]] == ["urn:example:lot:toast"]
    assert [one["kind"] for one in told["added"][0]["why"]] == ["event"]
    assert "1 added" in captured("trace", "forward", LOT, "--compare-as-of", known).text
    assert captured("trace", "forward", LOT, "--compare-as-of", "soon").status == 2


def test_a_clean_break_of_events_that_name_their_line(captured: Run) -> None:
    """The line and the beginning of a run are extensions of the event, in any prefix for tracegraph's namespace."""
    made = event("commissioning", "2026-01-08T08:00:00Z", PLANT, (LOT, "5"), action="ADD")
    ours = {"tracegraph:line": "L1", "tracegraph:runBegin": "2026-01-08T05:00:00Z"}
    other = made | {"eventTime": "2026-01-09T08:00:00Z", "tracegraph:line": "L2"}
    captured("capture", "-", stdin=document(made | ours, other))
    captured("record", "cleaning", PLANT, "L1", "from=2026-01-08T06:00:00Z", "verified=yes", "--reason", "log")
    captured(
        *("record", "evidence", "T1", f"site={PLANT}", "line=L1", "at=2026-01-08T07:00:00Z", "result=positive"),
        *("--reason", "swab"),
    )
    told = captured("scope", "evidence:T1", "--no-follow", "--format", "json").json["result"]["scope"]
    (entry,) = told["entries"]
    assert [rule["class"] for rule in entry["rules"]] == ["affected"]
    assert told["windows"][0]["from"] == "2026-01-08T06:00:00Z"
    assert "is one lot from 2026-01-08 06:00 to …" in captured("scope", "evidence:").text


def test_chinese(captured: Run) -> None:
    assert "直接涉案" in captured("--lang", "zh", "scope", LOT).text


@pytest.mark.parametrize("form", ["ndjson", "csv", "graphml", "html"])
def test_other_forms(captured: Run, form: str) -> None:
    assert BREAD.encode() in captured("scope", LOT, "--format", form).out


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("scope",), 2),
        (("scope", "nonsense"), 3),
        (("scope", "missing.json"), 2),
        (("scope", LOT, "--from", "soon"), 2),
        (("scope", f"site:{PLANT}", "--from", "soon"), 2),
        (("scope", LOT, "--assume", "missing.json"), 2),
        (("scope", LOT, "--compare", "-"), 2),
        (("scope", LOT, "--compare-as-of", "2026-01-01", "--format", "html"), 2),
    ],
)
def test_wrong_usage_is_one_sentence(captured: Run, arguments: tuple[str, ...], status: int) -> None:
    if arguments[1:] == (LOT, "--from", "soon"):
        assert captured(*arguments).status == 0  # a lot has no window
        return
    result = captured(*arguments)
    assert (result.status, result.out) == (status, b"")
    assert len(result.sentence) > 20
