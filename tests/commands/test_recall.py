"""`tracegraph recall`: a case from suspicion to its end, by two people, with what comes late; and from Python alike."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands.conftest import LOT, LOT_KEY, PLANT, PRODUCT_LOT, Result, Run, document, event, story
from tracegraph import Tracegraph
from tracegraph.errors import CaseChanged, IllegalMove, Refused
from tracegraph.identifiers import canonical

BREAD = canonical(PRODUCT_LOT)
TOAST = "urn:example:lot:toast"
STORE = "sqlite:///tracegraph.db"


def by(run: Run, name: str, *arguments: str) -> Result:
    """What somebody does in the case R-1."""
    action, *rest = arguments
    return run("--as", name, "recall", action, "R-1", *rest, "--reason", f"{name} says so")


def done(run: Run, name: str, *arguments: str) -> Result:
    result = by(run, name, *arguments)
    assert (result.status, result.err) == (0, ""), arguments
    return result


@pytest.fixture
def scoped(run: Run, tmp_path: Path) -> Run:
    """The command line with the story in its store, and a case with one version of its scope, made by kim."""
    path = tmp_path / "story.json"
    path.write_bytes(document(*story()))
    with Tracegraph.open(STORE) as graph:
        graph.capture(path)
        graph.recall_open({"title": "Glass in flour"}, "R-1", "complaint", actor="kim")
        graph.recall_act("R-1", "assess", {"class": "1", "hazard": "glass"}, "laboratory", actor="kim")
        graph.recall_scope("R-1", LOT, reason="named in the complaint", actor="kim")
    return run


def toasted() -> bytes:
    """Some of the bread was made into toast before it left; nobody had told yet."""
    made = event("commissioning", "2026-01-04T12:00:00Z", PLANT)
    made |= {"type": "TransformationEvent"}
    made |= {"inputQuantityList": [{"epcClass": PRODUCT_LOT, "quantity": 1, "uom": "KGM"}]}
    made |= {"outputQuantityList": [{"epcClass": TOAST, "quantity": 1, "uom": "KGM"}]}
    return document({name: value for name, value in made.items() if name != "quantityList"})


def case(run: Run) -> dict:
    with Tracegraph.open(STORE) as graph:
        return graph.recall("R-1").result["recall"]


def capture(data: bytes) -> None:
    Path("late.json").write_bytes(data)
    with Tracegraph.open(STORE) as graph:
        graph.capture("late.json")


def test_from_suspicion_to_the_end(scoped: Run) -> None:
    assert done(scoped, "lee", "approve").text == "R-1: Approve is step 4; the case is approved.\n"
    done(scoped, "kim", "hold", LOT, BREAD)
    done(scoped, "kim", "notices")
    done(scoped, "kim", "sent", "--notice", "R-1/N0001", "--channel", "letter", "--sent", "2026-01-06")
    done(scoped, "kim", "cause", "broken", "sieve")
    done(scoped, "kim", "dispose", "--unit", LOT, "--quantity", "9", "--method", "destroyed", "--date", "2026-01-09")
    done(scoped, "kim", "release", BREAD)
    assert "is completed" in done(scoped, "kim", "close", "--text", "all is accounted for").text
    refused = by(scoped, "kim", "close")
    assert (refused.status, "for another person than kim" in refused.sentence) == (6, True)
    assert "is terminated" in done(scoped, "lee", "close").text
    told = case(scoped)
    assert [one["action"] for one in told["done"]][3:] == [
        *("approve", "hold", "notices", "sent", "cause", "dispose", "release", "complete", "terminate")
    ]
    assert told["done"][4]["parts"] == {"units": sorted([LOT_KEY, BREAD])}
    assert told["done"][7]["parts"] == {"cause": "broken sieve"}
    assert told["versions"][0]["decided"]["actor"] == "lee"
    assert told["allowed"] == ["attach", "note", "release", "reply"]
    assert told["tasks"] == []


def test_a_case_for_people(scoped: Run) -> None:
    shown = scoped("recall", "show", "R-1").text
    for said in ("R-1: Glass in flour", "recall, scoped", "- Hazard: glass", "complaint", "Possible now: approve,"):
        assert said in shown
    assert "approve version 1 of the scope, which kim made" in shown
    assert scoped("show", "R-1").text == shown
    chinese = scoped("--lang", "zh", "recall", "show", "R-1").text
    assert "召回，已定范围" in chinese
    assert "危害: glass" in chinese
    (row,) = [line for line in scoped("recall", "list").text.splitlines() if line.startswith("R-1")]
    assert ("Glass in flour" in row, "scoped" in row) == (True, True)
    assert scoped("recall", "list", "--state", "approved").text.count("R-1") == 0
    assert scoped("recall", "list", "--format", "csv").text.splitlines()[-1].startswith("R-1,recall,Glass in flour")
    assert scoped("recall", "show", "R-1", "--format", "csv").text.splitlines()[-1].startswith("3,scope,scoped,")
    assert "implicated: 1 (100 kg)" in scoped("recall", "show", "R-1", "--version", "1").text
    unknown = scoped("recall", "show", "R-1", "--version", "2")
    assert (unknown.status, "there are: 1" in unknown.sentence) == (3, True)
    assert scoped("recall", "show", "R-2").status == 3


def test_the_same_from_python(scoped: Run) -> None:
    with Tracegraph.open(STORE) as graph:
        assert graph.recall("R-1").to_json() == scoped("recall", "show", "R-1", "--format", "json").out
        assert graph.recalls().to_json() == scoped("recall", "list", "--format", "json").out
        shown = scoped("recall", "show", "R-1", "--version", "1", "--format", "json").json
        assert graph.recall_version("R-1", 1) == shown
        assert graph.recall_tasks() == scoped("recall", "tasks", "--format", "json").json["tasks"]
        with pytest.raises(IllegalMove):
            graph.recall_act("R-1", "approve", actor="kim")
        assert graph.recall_act("R-1", "approve", actor="lee").case.state == "approved"
        made = graph.recall_scope("R-1", BREAD, actor="kim", reason="narrower")
        assert made.changes is not None
        assert [one["unit"] for one in made.changes["removed"]] == [LOT_KEY]
        assert graph.recall_diff("R-1") == made.changes
        assert graph.recall_diff("R-1", 1, 2) == scoped("recall", "diff", "R-1", "--format", "json").json


def test_entries_say_why_and_how(scoped: Run) -> None:
    version = scoped("recall", "show", "R-1", "--version", "1", "--format", "json").json
    lot, bread = version["entries"]
    assert (lot["unit"], lot["class"], lot["via"], lot["author"]) == (LOT_KEY, "implicated", None, "kim")
    assert [rule["rule"] for rule in lot["rules"]] == ["lot"]
    assert (bread["unit"], bread["class"], bread["via"]["unit"], bread["grade"]) == (
        BREAD,
        "affected",
        LOT_KEY,
        "stated",
    )


class TestLateEvents:
    def test_nothing_new_makes_no_version(self, scoped: Run) -> None:
        result = done(scoped, "kim", "scope")
        assert "nothing changed since version 1" in result.text
        assert len(case(scoped)["versions"]) == 1
        assert "is step 4" in done(scoped, "kim", "scope", "--force").text

    def test_what_came_late_is_a_task_and_the_next_version(self, scoped: Run) -> None:
        done(scoped, "lee", "approve")
        capture(toasted())
        assert "since version 1 it differs (added 1)" in scoped("recall", "tasks", "R-1").text
        result = done(scoped, "lee", "scope")
        assert "Version 1 to 2: 1 added, 0 removed, 0 changed." in result.text
        told = case(scoped)
        assert (told["state"], told["scope"], told["approved"]) == ("scoped", 2, 1)
        assert [task["kind"] for task in told["tasks"]] == ["approve"]
        changes = scoped("recall", "diff", "R-1", "1", "2", "--format", "json").json
        (added,) = changes["added"]
        assert (added["unit"], added["before"], added["after"]["class"]) == (TOAST, None, "affected")
        assert [one["kind"] for one in added["why"]] == ["event"]
        assert f"- {TOAST}: affected\n  event ni:" in scoped("recall", "diff", "R-1").text
        authors = scoped("recall", "show", "R-1", "--version", "2", "--format", "json").json["entries"]
        assert {one["unit"]: one["author"] for one in authors} == {LOT_KEY: "kim", BREAD: "kim", TOAST: "lee"}
        assert by(scoped, "lee", "approve").status == 6
        assert done(scoped, "kim", "approve").status == 0

    def test_what_concerns_other_goods_is_no_task(self, scoped: Run) -> None:
        elsewhere = event("commissioning", "2026-01-04T12:00:00Z", PLANT, ("urn:epc:class:lgtin:9521000.099999.X", "1"))
        capture(document(elsewhere | {"action": "ADD"}))
        assert [task["kind"] for task in case(scoped)["tasks"]] == ["approve"]

    def test_clearing_holds_until_something_is_learnt(self, scoped: Run) -> None:
        done(scoped, "kim", "clear", BREAD)
        assert "affected → cleared" in done(scoped, "kim", "scope").text
        assert [task["kind"] for task in case(scoped)["tasks"]] == ["approve"]
        capture(toasted())
        tasks = {task["kind"]: task for task in case(scoped)["tasks"]}
        assert set(tasks) == {"approve", "rescope", "clearing_lapsed"}
        lapsed = tasks["clearing_lapsed"]
        assert (lapsed["about"], lapsed["detail"].startswith("event ")) == (BREAD, True)
        assert "cleared → affected" in done(scoped, "kim", "scope").text

    def test_clearing_needs_a_person_a_unit_and_a_reason(self, scoped: Run) -> None:
        assert scoped("--as", "kim", "recall", "clear", "R-1", BREAD).status == 2
        assert by(scoped, "kim", "clear", "nonsense").status == 3
        assert len(case(scoped)["done"]) == 3


def test_of_two_at_once_the_later_is_told(scoped: Run) -> None:
    done(scoped, "kim", "note", "one", "--seen", "3")
    refused = by(scoped, "lee", "note", "two", "--seen", "3")
    assert (refused.status, "changed meanwhile (note by kim)" in refused.sentence) == (6, True)
    assert by(scoped, "lee", "scope", LOT, "--seen", "3").status == 6
    assert [one["parts"] for one in case(scoped)["done"][3:]] == [{"text": "one"}]
    with Tracegraph.open(STORE) as kim, Tracegraph.open(STORE) as lee:
        kim.recall_act("R-1", "note", {"text": "three"}, seen=4, actor="kim")
        with pytest.raises(CaseChanged):
            lee.recall_act("R-1", "note", {"text": "four"}, seen=4, actor="lee")


def test_a_key_makes_a_repeated_request_one(scoped: Run) -> None:
    for arguments in (("note", "one"), ("scope", LOT), ("hold", LOT), ("clear", BREAD)):
        first = done(scoped, "kim", *arguments, "--key", arguments[0], "--format", "json").json
        steps = len(case(scoped)["done"])
        again = done(scoped, "kim", *arguments, "--key", arguments[0], "--format", "json").json
        first, again = (one.get("done") if "changes" in one else one for one in (first, again))
        assert (first["new"], again["new"], again["done"]) == (True, False, first["done"])
        assert len(case(scoped)["done"]) == steps
    assert "was done before" in done(scoped, "kim", "note", "one", "--key", "note").text
    assert by(scoped, "kim", "note", "other", "--key", "note").status == 6
    opened = [
        scoped("recall", "open", "--title", "T", "--reason", "why", "--key", "k", "--format", "json").json
        for _ in range(2)
    ]
    assert opened[0]["case"] == opened[1]["case"]


def test_what_is_not_possible_says_what_is(scoped: Run) -> None:
    refused = by(scoped, "kim", "notices")
    assert refused.status == 6
    assert "case R-1 is scoped; possible now: approve, " in refused.sentence
    assert by(scoped, "lee", "reject").status == 0
    assert by(scoped, "lee", "approve").sentence.startswith("approve is not possible: case R-1 is assessing")
    assert "当前不可执行" in scoped("--lang", "zh", "recall", "approve", "R-1").sentence


def test_a_question_in_a_file(scoped: Run, tmp_path: Path) -> None:
    question = {"scope": {"rule": "site", "site": PLANT, "from": "2026-01-03", "to": "2026-01-03"}, "follow": False}
    file = tmp_path / "question.json"
    file.write_text(json.dumps(question))
    done(scoped, "kim", "scope", str(file))
    assert "nothing changed" in done(scoped, "kim", "scope").text
    changes = scoped("recall", "diff", "R-1", "--format", "json").json
    assert {one["kind"] for row in changes["changed"] for one in row["why"]} == {"question"}


class TestUsers:
    """Where the store has users, a name needs its key, and a role has its limits."""

    @pytest.fixture
    def people(self, scoped: Run, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
        for name, role in (("kim", "investigator"), ("lee", "regulator"), ("pat", "analyst")):
            scoped("users", "add", name, "--role", role)
        scoped("users", "add", "clerk", "--role", "operator", "--organisation", PLANT)
        return {name: scoped("keys", "create", name).text.strip() for name in ("kim", "lee", "pat", "boss", "clerk")}

    def test_four_eyes_by_keys(self, scoped: Run, people: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TRACEGRAPH_API_KEY", people["kim"])
        assert "for another person" in by(scoped, "kim", "approve").sentence
        borrowed = by(scoped, "lee", "approve")
        assert (borrowed.status, "TRACEGRAPH_API_KEY" in borrowed.sentence) == (6, True)
        monkeypatch.setenv("TRACEGRAPH_API_KEY", people["lee"])
        assert done(scoped, "lee", "approve").status == 0
        assert case(scoped)["done"][-1]["role"] == "regulator"

    def test_roles_have_limits(self, scoped: Run, people: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TRACEGRAPH_API_KEY", people["lee"])
        refused = by(scoped, "lee", "cause", "a", "sieve")
        assert (refused.status, "not the role regulator" in refused.sentence) == (6, True)
        shown = scoped("--as", "lee", "recall", "show", "R-1", "--format", "json").json["result"]["recall"]
        assert shown["allowed"] == ["approve", "attach", "hold", "note", "reject", "release"]
        for name in ("pat", "clerk"):
            monkeypatch.setenv("TRACEGRAPH_API_KEY", people[name])
            assert "lacks the operation recall" in by(scoped, name, "note", "hello").sentence
            assert scoped("--as", name, "recall", "list").status == 6
            assert scoped("--as", name, "show", "R-1").status == 3

    def test_a_caller_acts_in_its_own_name(self, scoped: Run) -> None:
        from tracegraph.access.caller import Caller, Role

        with Tracegraph.open(STORE) as graph:
            lee = graph.as_caller(Caller("lee", Role.REGULATOR))
            with pytest.raises(Refused, match="in its own name only"):
                lee.recall_act("R-1", "approve", actor="somebody")
            assert lee.recall_act("R-1", "approve").move.actor == "lee"
            with pytest.raises(Refused, match="operation recall"):
                graph.as_caller(Caller("pat", Role.ANALYST)).recalls()
