"""`tracegraph recall` around consignees: notices, replies, account, checks, files, papers; and `tracegraph holds`."""

from __future__ import annotations

import json
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.api.two_chains import ALPHA, BRAVO, fill
from tests.commands.conftest import LOT, LOT_KEY, PLANT, PRODUCT_LOT, SHOP, Result, Run, document, story
from tracegraph import Tracegraph
from tracegraph.access.caller import Caller, Role
from tracegraph.errors import InvalidField, Refused, UsageError
from tracegraph.identifiers import canonical

BREAD = canonical(PRODUCT_LOT)
STORE = "sqlite:///tracegraph.db"
CASE = ("--as", "kim", "recall")


@pytest.fixture
def approved(run: Run, tmp_path: Path) -> Run:
    """The command line with a case whose scope is approved: flour of a farm went to a plant, its bread to a shop."""
    path = tmp_path / "story.json"
    path.write_bytes(document(*story()))
    with Tracegraph.open(STORE) as graph:
        graph.capture(path)
        facts = {"title": "Glass in flour", "level": "a", "class": "1", "regime": "us-fda"}
        graph.recall_open(facts, "R-1", "complaint", actor="kim")
        graph.recall_scope("R-1", LOT, reason="named", actor="kim")
        graph.recall_act("R-1", "approve", actor="lee")
    return run


def case() -> dict:
    with Tracegraph.open(STORE) as graph:
        return graph.recall("R-1").result["recall"]


def kinds() -> list[str]:
    return [task["kind"] for task in case()["tasks"]]


def notified(run: Run) -> str:
    """The notice to the plant, sent by letter."""
    assert run(*CASE, "notices", "R-1").status == 0
    rows = run("recall", "consignees", "R-1", "--format", "json").json["result"]["consignees"]
    (notice,) = [row["notice"]["notice"] for row in rows if row["id"] == PLANT]
    sent = run(*CASE, "sent", "R-1", "--notice", notice, "--channel", "letter", "--sent", "2026-01-06")
    assert (sent.status, sent.err) == (0, "")
    return notice


def test_notices_are_prepared_once_and_followed(approved: Run) -> None:
    notice = notified(approved)
    again = approved(*CASE, "notices", "R-1")
    assert (again.status, "nothing changed since" in again.sentence) == (6, True)
    states = {one["consignee"]: one["state"] for one in case()["notices"]}
    assert states == {PLANT: "sent", SHOP: "draft"}
    assert {"not_answered", "not_notified", "deadline"} <= set(kinds())
    assert case()["done"][-1]["parts"]["consignee"] == PLANT
    shown = approved("recall", "consignees", "R-1").text
    assert f"{notice} (sent)" in shown
    assert f"send notice R-1/N0002 ({SHOP})" in approved("recall", "tasks").text
    refused = approved(*CASE, "remind", "R-1", "--notice", "N-9", "--step", "1")
    assert (refused.status, "'N-9' was not prepared" in refused.sentence) == (2, True)


def test_replies_one_by_one_and_from_a_file(approved: Run) -> None:
    notified(approved)
    one = approved(*CASE, "reply", "R-1", "--consignee", PLANT, "--unit", LOT, "--on-hand", "10", "--measure", "KGM")
    assert (one.status, one.err) == (0, "")
    replies = [{"consignee": SHOP, "unit": PRODUCT_LOT, "returned": "90", "measure": "KGM", "signer": "Jo Doe"}]
    Path("replies.json").write_text(json.dumps(replies))
    rejected = approved(*CASE, "reply", "R-1", "--file", "replies.json")
    assert rejected.text == "0 replies recorded, 0 known already, 1 rejected.\n"
    assert "no reference of a person" in rejected.err
    kept = json.loads(Path("tracegraph-rejects.ndjson").read_text())
    assert (kept["pointer"], json.loads(kept["data"])["signer"]) == ("/0/signer", "Jo Doe")
    Path("replies.csv").write_text(f"consignee;unit;returned (kg)\n{SHOP};{PRODUCT_LOT};1.250\n")
    assert "--decimal" in approved(*CASE, "reply", "R-1", "--file", "replies.csv", "--rejects", "none.ndjson").err
    assert json.loads(Path("none.ndjson").read_text())["line"] == 2
    done = approved(*CASE, "reply", "R-1", "--file", "replies.csv", "--decimal", "point")
    assert done.text == "1 replies recorded, 0 known already, 0 rejected.\n"
    assert approved(*CASE, "reply", "R-1", "--file", "replies.json", "--strict").status == 1
    approved("users", "add", "kim", "--role", "admin")  # makes the service file
    approved("users", "disable", "kim")
    assert approved(*CASE, "reply", "R-1", "--file", "missing.json").status in (2, 6)


def test_signers_are_kept_outside_of_the_ledger(approved: Run) -> None:
    from tracegraph.service.file import ServiceFile, beside

    notified(approved)
    ServiceFile(beside(STORE)).close()
    replies = [{"consignee": SHOP, "unit": PRODUCT_LOT, "returned": "90", "measure": "KGM", "signer": "Jo Doe"}]
    Path("replies.json").write_text(json.dumps(replies))
    unknown = approved(*CASE, "reply", "R-1", "--file", "replies.json")
    assert "Jo Doe names 0 known persons" in unknown.err
    for recorded, known in ((1, 0), (0, 1)):
        done = approved(*CASE, "reply", "R-1", "--file", "replies.json", "--keep-until", "2099-01-01")
        assert done.text == f"{recorded} replies recorded, {known} known already, 0 rejected.\n"
    assert case()["done"][-1]["parts"]["signer"].startswith("person:")
    assert b"Jo Doe" not in Path("tracegraph.db").read_bytes()


def test_the_account_and_a_status_report(approved: Run) -> None:
    notified(approved)
    told = approved("recall", "account", "R-1", "--format", "json").json["result"]["account"]
    assert (told["case"], told["version"], told["unit"]) == ("R-1", 1, "KGM")
    assert told["start"] == "100"
    shown = approved("recall", "account", "R-1").text
    assert "In question: 100 kg" in shown
    assert "Notified, of all consignees: 50.0 % (1 / 2)" in shown
    assert approved("recall", "account", "R-1", "--format", "csv").text.splitlines()[-1].count(",") == 3
    assert approved(*CASE, "status", "R-1", "--text", "first").status == 0
    (figures,) = [one["parts"]["figures"] for one in case()["done"] if one["action"] == "status"]
    assert (figures["consignees"], figures["notified"]) == (2, 1)
    with Tracegraph.open(STORE) as graph:
        told = graph.recall_account("R-1").to_json()
    assert told == approved("recall", "account", "R-1", "--format", "json").out


def test_checks_follow_the_draw(approved: Run) -> None:
    notified(approved)
    assert approved(*CASE, "draw", "R-1", "--seed", "7").status == 0
    assert kinds().count("check") == 2
    asked = ("--method", "phone", "--date", "2026-01-08", "--result", "effective")
    assert approved(*CASE, "check", "R-1", "--consignee", PLANT, *asked).status == 0
    assert kinds().count("check") == 1
    assert case()["effectiveness"]["checked"]["value"] == "0.5"
    again = approved(*CASE, "draw", "R-1", "--seed", "8")
    assert (again.status, "why another is drawn" in again.sentence) == (2, True)


def test_a_file_makes_documented_and_is_kept(approved: Run) -> None:
    Path("note.pdf").write_bytes(b"%PDF of a delivery")
    assert approved(*CASE, "attach", "R-1", "note.pdf", "--about", LOT, "--reason", "delivery note").status == 0
    parts = case()["done"][-1]["parts"]
    assert (parts["name"], parts["media"], parts["size"]) == ("note.pdf", "application/pdf", "18")
    kept = [path for path in Path("tracegraph.db.files").rglob("*") if path.is_file()]
    assert [path.read_bytes() for path in kept] == [b"%PDF of a delivery"]
    assert approved(*CASE, "attach", "R-1", "missing.pdf").status == 2
    unnamed = approved(*CASE, "cause", "R-1", "sieve", "--document", "sha256:" + "1" * 64)
    assert (unnamed.status, "not attached to this case" in unnamed.sentence) == (2, True)


def test_what_looks_personal_needs_a_look(approved: Run) -> None:
    refused = approved(*CASE, "note", "R-1", "write", "to", "desk@plant.example")
    assert (refused.status, "an e-mail address" in refused.sentence) == (2, True)
    assert "desk@" not in refused.err
    assert approved(*CASE, "note", "R-1", "write to desk@plant.example", "--as-is", "text").status == 0
    assert approved(*CASE, "clear", "R-1", BREAD, "--reason", "call 0171 555 0123", "--as-is", "reason").status == 0


def test_deadlines_that_cannot_be_told_are_refused(approved: Run) -> None:
    for wrong in (("--country", "Atlantis"), ("--days-off", "2026-02-30")):
        assert approved(*CASE, "assess", "R-1", *wrong).status == 2
    assert {one["regime"] for one in case()["due"]} == {"us-fda"}
    assert len(case()["done"]) == 3


def test_a_document_of_a_case(approved: Run) -> None:
    told = approved("recall", "report", "R-1", "enforcement", "--format", "csv")
    assert (told.status, told.err, "Glass in flour" in told.text) == (0, "", True)
    assert approved("recall", "report", "R-1", "enforcement", "--output", "row.html").status == 0
    assert "Glass in flour" in Path("row.html").read_text()
    unknown = approved("recall", "report", "R-1", "poem", "--output", "poem.html")
    assert (unknown.status, "no report 'recall-poem'" in unknown.sentence) == (2, True)
    assert not Path("poem.html").exists()
    with Tracegraph.open(STORE) as graph:
        graph.document("recall-enforcement", "row.csv", case="R-1")
    assert Path("row.csv").read_bytes() == told.out


def test_all_documents_of_a_case_in_one_archive(approved: Run) -> None:
    Path("note.txt").write_text("glass seen")
    assert approved(*CASE, "attach", "R-1", "note.txt").status == 0
    done = approved("recall", "bundle", "R-1", "--format", "json", "--output", "case.zip", "--kind", "enforcement")
    assert (done.text, done.err) == ("Wrote case.zip.\n", "")
    with ZipFile("case.zip") as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert {one["kind"] for one in manifest["files"]} == {"recall-enforcement", "attached"}
        assert b"glass seen" in {archive.read(name) for name in archive.namelist()}
        assert b"Glass in flour" in archive.read("en/recall-enforcement.json")
    how = ("--format", "json", "--kind", "enforcement", "--anonymous", "--language", "zh")
    assert approved("recall", "bundle", "R-1", *how, "--output", "anon.zip", "--key", "key.json").status == 0
    with ZipFile("anon.zip") as archive:
        assert archive.namelist() == ["manifest.json", "zh/recall-enforcement.json"]
        assert b"Glass in flour" not in archive.read("zh/recall-enforcement.json")
    assert "Glass in flour" in {one["identifier"] for one in json.loads(Path("key.json").read_text())}
    assert approved("recall", "bundle", "R-9", "--output", "none.zip").status == 3
    assert approved("recall", "bundle", "R-1", "--kind", "poem", "--output", "none.zip").status == 2
    assert not Path("none.zip").exists()


class TestPosting:
    """Prepared notices wait in the outbox, each once; tests/commands/test_outbox_post.py looks at what leaves."""

    TO = ("--to", f"{PLANT}=desk@plant.example", "--to", f"{SHOP}=desk@shop.example", "--channel", "drawer")

    def post(self, run: Run, case: str = "R-1") -> Result:
        return run("--as", "kim", "outbox", "post", case, *self.TO)

    def test_what_is_queued_stays_as_it_is(self, approved: Run) -> None:
        """The papers say from which state of the ledger they were made; asked again they would say another."""
        assert approved(*CASE, "notices", "R-1").status == 0
        assert self.post(approved).status == 0
        queued = approved("outbox", "list", "--format", "json").json
        approved(*CASE, "note", "R-1", "meanwhile")
        assert self.post(approved).status == 0
        assert approved("outbox", "list", "--format", "json").json == queued
        assert len(queued) == 2

    def test_a_drill_never_posts(self, approved: Run) -> None:
        with Tracegraph.open(STORE) as graph:
            graph.recall_open({"title": "Drill", "type": "drill"}, "D-1", "yearly", actor="kim")
            graph.recall_scope("D-1", LOT, reason="named", actor="kim")
            graph.recall_act("D-1", "approve", actor="lee")
            graph.recall_act("D-1", "notices", actor="kim")
        refused = self.post(approved, "D-1")
        assert (refused.status, "is a drill" in refused.sentence) == (6, True)

    def test_nothing_is_posted_before_approval(self, approved: Run) -> None:
        with Tracegraph.open(STORE) as graph:
            graph.recall_open({"title": "Other"}, "R-2", "why", actor="kim")
        refused = self.post(approved, "R-2")
        assert (refused.status, "possible now: " in refused.sentence) == (6, True)


class TestHolds:
    def test_what_is_blocked_and_by_which_case(self, approved: Run) -> None:
        found = approved("holds", LOT, BREAD, "urn:example:lot:other", "--format", "json").json["result"]["holds"]
        assert [one["blocked"] for one in found] == [True, True, False]
        assert [one["known"] for one in found] == [True, True, False]
        assert {hold["case"] for one in found for hold in one["holds"]} == {"R-1"}
        shown = approved("holds").text
        assert (LOT_KEY in shown, BREAD in shown, "R-1" in shown) == (True, True, True)
        assert approved("holds", BREAD, "--fail-if-blocked").status == 1
        assert approved("holds", "-", "--fail-if-blocked", stdin=b"urn:example:lot:other\n\n").status == 0
        assert approved("holds", LOT, "--format", "csv").text.splitlines()[-1].startswith(LOT)

    def test_who_sees_a_part_learns_what_concerns_it(self, tmp_path: Path) -> None:
        """A shop may know that its goods are blocked, and not by which case; and nothing of what is another's."""
        fill(STORE, tmp_path)
        with Tracegraph.open(STORE) as graph:
            graph.recall_open({"title": "T"}, "R-1", "why", actor="kim")
            graph.recall_act("R-1", "hold", {"units": f"{ALPHA.unit};{BRAVO.unit}"}, "secret", actor="kim")
            mine = graph.as_caller(Caller("clerk", Role.OPERATOR, frozenset({ALPHA.party})))
            own, other = mine.holds(ALPHA.unit, BRAVO.unit).result["holds"]
            assert (own["known"], own["blocked"], own["holds"][0]["disposition"]) == (True, True, "non_sellable_other")
            assert {own["holds"][0][name] for name in ("case", "move", "actor", "reason")} == {None}
            assert (other["known"], other["blocked"], other["holds"]) == (False, False, [])
            assert b"secret" not in mine.holds(ALPHA.unit).to_json()
            with pytest.raises(Refused):
                mine.holds()
            with pytest.raises(Refused):
                graph.as_caller(Caller("nobody", Role.PUBLIC)).holds(ALPHA.unit)


def test_from_python_a_notice_must_be_one(approved: Run) -> None:
    with Tracegraph.open(STORE) as graph:
        graph.recall_act("R-1", "notices", actor="kim")
        with pytest.raises(InvalidField, match="was not prepared"):
            graph.recall_act("R-1", "sent", {"notice": "x", "channel": "mail", "sent": "2026-01-06"}, actor="kim")


def test_a_file_is_not_attached_by_its_hash_alone(approved: Run) -> None:
    """Else `documented` would need no document."""
    with Tracegraph.open(STORE) as graph, pytest.raises(UsageError, match="use recall_attach"):
        graph.recall_act("R-1", "attach", {"hash": "sha256:" + "0" * 64, "name": "note.pdf"}, actor="kim")
