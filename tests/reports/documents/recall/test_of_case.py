"""Documents of a case in a store: each kind in each form, what it says of the case, and of whom it says nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from tests.recall.loop.network import EAST, MILL, ONE, PACKER, SHOPS
from tests.reports.documents.reading import TEXTS, json_of
from tests.reports.documents.recall.played import CASE, CONTACT, SIGNER, play
from tracegraph import Tracegraph
from tracegraph.access.caller import Caller, Role
from tracegraph.errors import Refused, UnknownIdentifier, UsageError
from tracegraph.intake.drilling import hold_drill
from tracegraph.intake.recalling import Actor
from tracegraph.messages import LANGUAGES, Language
from tracegraph.model.instants import parse_instant
from tracegraph.model.person import Person, PersonState
from tracegraph.recall.case import case_file
from tracegraph.recall.consignees import consignees
from tracegraph.recall.drills import Pick
from tracegraph.reports.documents.paper import Paper
from tracegraph.reports.documents.recall.kinds import MAKERS
from tracegraph.reports.documents.wanted import Wanted
from tracegraph.reports.documents.writing import paper_of
from tracegraph.trace.snapshot import Snapshot

PEOPLE = {CONTACT: Person(CONTACT, "Role One", "coordinator", phone="+00 1", after_hours="+00 99")}
FAST = ("html", "xlsx", "csv", "json")


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tracegraph]:
    folder = tmp_path_factory.mktemp("case")
    with play(f"sqlite:///{folder}/case.db", folder) as found:
        yield found


@pytest.fixture(scope="module")
def drill(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tracegraph]:
    folder = tmp_path_factory.mktemp("drill")
    with play(f"sqlite:///{folder}/drill.db", folder, "drill") as found:
        yield found


def paper(graph: Tracegraph, kind: str, language: Language = "en", **named: Any) -> Paper:
    given: dict[str, Any] = {"case": CASE, "consignee": EAST, "people": PEOPLE, **named}
    return paper_of(Snapshot.of(graph.store), Wanted(kind, **given), language)


def facts(made: Paper) -> dict[str, Any]:
    content = json_of(made)["content"]
    entries = [one for part in content["parts"] for one in part["entries"]] + content["made"]["parameters"]
    return {one["name"]: one["value"] for one in entries}


def table(made: Paper, name: str) -> list[dict[str, Any]]:
    grids = [grid for part in json_of(made)["content"]["parts"] for grid in part["grids"] if grid["name"] == name]
    return [dict(zip(grids[0]["columns"], row, strict=True)) for row in grids[0]["rows"]]


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_kind_is_made_in_each_form(graph: Tracegraph, kind: str, language: Language) -> None:
    made = paper(graph, kind, language)
    for form in FAST:
        told = TEXTS[form](made)
        assert "Flour of February" in told
        assert Snapshot.of(graph.store).head in told
    assert [
        one.name for part in made.parts for one in part.grids for row in one.rows if len(row) != len(one.heads)
    ] == []


@pytest.mark.parametrize("kind", MAKERS)
def test_each_of_a_drill_says_so(drill: Tracegraph, kind: str) -> None:
    made = paper(drill, kind)
    assert made.drill
    assert all("DRILL" in TEXTS[form](made) and "演练" in TEXTS[form](made) for form in FAST)


def test_a_notice_has_what_its_consignee_got(graph: Tracegraph) -> None:
    made = paper(graph, "recall-notice")
    assert made.marks == ("URGENT: PRODUCT RECALL",)
    assert [(one["quantity"], one["measure"], one["papers"]) for one in table(made, "deliveries")] == [
        ("400", "KGM", "note:D-1")
    ]
    told = facts(made)
    assert (told["contact"], told["after_hours"]) == ("Role One, coordinator", "+00 99")
    assert told["action"] == "return"
    assert told["question_hash"].startswith("sha256:")


def test_no_notice_and_no_form_names_another_consignee(graph: Tracegraph) -> None:
    found = consignees(Snapshot.of(graph.store), case_file(graph.store, CASE)).rows
    assert len(found) > 5
    for one in found:
        own = {name for delivery in one.deliveries for name in (*delivery.sent_by, delivery.site)}
        others = {other.id for other in found} - {one.id, MILL} - own
        for kind in ("recall-notice", "recall-reply"):
            content = json_of(paper(graph, kind, consignee=one.id))["content"]
            told = str(content)
            assert [other for other in others if f"{other}'" in told or f"{other})" in told] == []


def test_a_person_of_whom_nothing_is_known_is_a_reference(graph: Tracegraph) -> None:
    assert facts(paper(graph, "recall-notice", people={}))["contact"] == CONTACT
    erased = {CONTACT: Person(CONTACT, state=PersonState.ERASED)}
    made = paper(graph, "recall-notice", people=erased)
    assert facts(made)["contact"] == CONTACT
    assert "Telephone" in made.lacking


def test_the_form_of_who_replied_says_what(graph: Tracegraph) -> None:
    made = paper(graph, "recall-reply")
    assert made.title == "Removal confirmation"
    row = table(made, "reply_lots")[0]
    assert (row["delivered"], row["on_hand"], row["returned"], row["distributed"]) == ("400", "40", "10", "350")
    assert facts(made)["signer"] == SIGNER
    form = paper(graph, "recall-reply", consignee=SHOPS[0])
    assert form.title == "Reply form"
    assert table(form, "reply_lots")[0]["on_hand"] == ""
    assert form.lacking == ()


def test_the_list_says_how_notices_and_replies_stand(graph: Tracegraph) -> None:
    rows = {one["consignee"]: one for one in table(paper(graph, "recall-consignees"), "consignees")}
    assert rows[EAST]["reply_state"] == "of all lots"
    assert rows[SHOPS[0]]["notice_state"] == "sent"
    assert rows[SHOPS[0]]["reply_state"] == "none"


def test_a_status_report_says_what_changed(graph: Tracegraph) -> None:
    first, now = paper(graph, "recall-status", number="1"), paper(graph, "recall-status")
    before = {one["figure"]: one for one in table(first, "figures")}
    figures = {one["figure"]: one for one in table(now, "figures")}
    assert before["Consignees responding"]["now"] == "1"
    assert before["Consignees responding"]["before"] == "–"
    responding = figures["Consignees responding"]
    assert (responding["now"], responding["before"], responding["change"]) == ("2", "1", "1")
    assert (facts(first)["report_number"], facts(now)["report_number"]) == ("1", "2")
    assert EAST not in {one["consignee"] for one in table(now, "not_responding")}
    assert SHOPS[0] in {one["consignee"] for one in table(now, "not_responding")}
    assert {one["consignee"] for one in table(now, "per_consignee")} == {EAST, PACKER}


def test_the_log_has_the_seed_and_who_is_left(graph: Tracegraph) -> None:
    made = paper(graph, "recall-checks")
    assert table(made, "samples")[0]["seed"] == "seed-1"
    assert table(made, "checks")[0]["consignee"] == EAST
    left = {one["consignee"] for one in table(made, "unchecked")}
    assert EAST not in left
    assert PACKER in left


def test_the_report_has_versions_account_and_what_was_done(graph: Tracegraph) -> None:
    made = paper(graph, "recall-report")
    versions = table(made, "versions")
    assert [one["scope_version"] for one in versions] == ["1", "2"]
    assert versions[1]["approved_by"] == "ben"
    account = table(made, "buckets")
    assert sum(float(one["quantity"]) for one in account) == float(facts(made)["in_question"])
    assert table(made, "cause")[0]["cause"] == "a broken sieve"
    assert table(made, "dispose")[0]["unit"] == "lot:one"
    assert len(table(made, "recall_timeline")) == len(case_file(graph.store, CASE).moves)


def test_the_report_of_a_drill_begins_with_what_auditors_ask_for(drill: Tracegraph) -> None:
    begin = parse_instant("2036-04-01", "start")
    hold_drill(drill.store, Pick(ONE), lambda: begin, Actor("anna", "investigator"), "yearly", case="R-2")
    made = paper(drill, "recall-report", case="R-2")
    told = facts(made)
    assert made.title == "Drill report"
    assert made.parts[0].name == "cover"
    assert (told["lot"], told["in_question"], told["drill_result"]) == (f"lot:one ({ONE})", "1000", "passed")
    assert [one["stamp"] for one in table(made, "stamps")] == ["start", "first answer", "complete scope", "reconciled"]
    assert {one["outcome"] for one in table(made, "targets")} == {"passed"}
    assert sum(float(one["quantity"]) for one in table(made, "buckets")) == 1000


def test_an_earlier_version_and_time(graph: Tracegraph) -> None:
    assert facts(paper(graph, "recall-consignees", version=1))["scope_version"] == "1"
    assert facts(paper(graph, "recall-consignees"))["scope_version"] == "2"


@pytest.mark.parametrize(
    ("kind", "named", "message"),
    [
        ("recall-report", {"case": ""}, "is of a recall case; give its number"),
        ("recall-report", {"case": "R-9"}, "no recall case 'R-9'"),
        ("recall-report", {"version": 9}, "has no scope version 9"),
        ("recall-notice", {"version": 1}, "notices are of the approved scope version, which is 2"),
        ("recall-notice", {"consignee": ""}, "name it, or the number of its notice"),
        ("recall-notice", {"consignee": "https://nobody.example"}, "has no notice to 'https://nobody.example'"),
        ("recall-status", {"number": "7"}, "has no status report 7"),
        ("recall-status", {"number": "x"}, "'x' is no number of a status report"),
    ],
)
def test_what_there_is_not_is_refused(graph: Tracegraph, kind: str, named: dict[str, Any], message: str) -> None:
    with pytest.raises((UsageError, UnknownIdentifier), match=message):
        paper(graph, kind, **named)


def test_of_a_case_that_was_only_opened_everything_else_is_missing(tmp_path: Path) -> None:
    with Tracegraph.open(f"sqlite:///{tmp_path}/bare.db") as graph:
        graph.recall_open({"title": "Flour of February"}, CASE)
        for kind in ("recall-consignees", "recall-status", "recall-checks", "recall-report"):
            made = paper(graph, kind)
            assert "Flour of February" in TEXTS["csv"](made)
            assert facts(made)["scope_version"] is None
        assert "Hazard" in paper(graph, "recall-report").lacking
        with pytest.raises(Refused, match="no version of the scope of case R-1 is approved"):
            paper(graph, "recall-notice")


def test_python_writes_them(graph: Tracegraph, tmp_path: Path) -> None:
    graph.document("recall-notice", tmp_path / "notice.html", case=CASE, consignee=EAST, people=PEOPLE)
    assert "+00 99" in (tmp_path / "notice.html").read_text()


@pytest.mark.parametrize("role", Role)
def test_who_has_no_cases_gets_no_document_of_one(graph: Tracegraph, tmp_path: Path, role: Role) -> None:
    theirs = graph.as_caller(Caller("somebody", role))
    allowed = role in (Role.INVESTIGATOR, Role.REGULATOR, Role.ADMIN)
    with nullcontext() if allowed else pytest.raises(Refused):
        theirs.document("recall-consignees", tmp_path / "list.json", case=CASE)
    assert (tmp_path / "list.json").exists() is allowed
