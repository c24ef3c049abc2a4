"""`people` and `outbox`: persons outside of the ledger, and notices that leave."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest

from tests.commands.conftest import Run
from tests.service.outgoing import message, opened
from tracegraph import Tracegraph
from tracegraph.clock import now
from tracegraph.recall.case import case_file
from tracegraph.service.file import ServiceFile
from tracegraph.service.outbox import Outbox

STORE = "sqlite:///tracegraph.db"
NAME = "Wilhelmina Quastenflosser"
TERMS = ("--purpose", "contact", "--keep-until", "2099-12-31")


def added(run: Run, *more: str) -> str:
    done = run("people", "add", NAME, *TERMS, *more)
    assert done.status == 0, done.err
    return done.text.strip()


def test_a_person_is_added_found_corrected_and_erased(run: Run) -> None:
    reference = added(run, "--phone", "+49 30 5550 17", "--role", "quality", "--after-hours", "pager")
    (found,) = run("people", "find", "quasten", "--format", "json").json
    assert (found["reference"], found["phone"], found["after_hours"]) == (reference, "+49 30 5550 17", "pager")
    assert run("people", "correct", reference, "--phone", "5550 18").text == f"{reference} was corrected.\n"
    shown = run("people", "find").text
    assert "5550 18" in shown
    assert NAME in shown
    erased = run("people", "erase", reference)
    assert erased.text.startswith(f"All data of {reference} were erased at 20")
    assert run("people", "find", "--format", "json").json == []
    assert not any(NAME.encode() in path.read_bytes() for path in Path().iterdir() if path.is_file())
    again = run("people", "correct", reference, "--phone", "1")
    assert (again.status, again.sentence) == (3, f"the data of {reference} were erased; add the person anew")


def test_retention_tells_before_it_erases(run: Run) -> None:
    reference = added(run)
    with closing(ServiceFile(Path("tracegraph.db.service"))) as file, file.changing() as change:
        change.execute("UPDATE person SET keep_until = '2020-01-01'")
    assert run("people", "retain", "--dry-run").text == f"{reference}\n1 would be erased.\n"
    assert len(run("people", "find", "--format", "json").json) == 1
    assert run("people", "retain").text == f"{reference}\n1 erased.\n"
    assert run("people", "retain").text == "0 erased.\n"


def test_what_is_wrong_is_a_sentence(run: Run) -> None:
    done = run("people", "add", NAME, "--purpose", "x", "--keep-until", "2020-01-01")
    assert (done.status, NAME in done.err) == (2, False)
    assert "keep_until" in done.sentence
    assert run("people", "erase", NAME).status == 2


def test_persons_are_for_roles_with_cases(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    added(run)
    for name, role in (("desk", "investigator"), ("chart", "analyst")):
        run("users", "add", name, "--role", role)
        monkeypatch.setenv("TRACEGRAPH_API_KEY", run("keys", "create", name).text.strip())
        done = run("people", "find", "--as", name)
        assert (done.status, NAME in done.text) == ((0, True) if role == "investigator" else (6, False))


@pytest.fixture
def queued() -> None:
    """Three messages of a case: to a folder, to a channel without settings, and one that may have left."""
    with Tracegraph.open(STORE) as graph, closing(ServiceFile(Path("tracegraph.db.service"))) as file:
        outbox, case = Outbox(file, now), opened(graph.store)
        outbox.queue([message(1)], "folder", case)
        outbox.queue([message(2)], "nowhere", case)
        outbox.queue([message(3)], "folder", case)
        outbox.take("C1/N3/1")
        outbox.uncertain("C1/N3/1", "cut")
    settings = Path("channels.json")
    settings.write_text(json.dumps({"folder": {"channel": "file", "folder": "notices"}}), encoding="utf-8")
    settings.chmod(0o600)


@pytest.mark.usefixtures("queued")
def test_what_is_due_is_sent_and_what_is_uncertain_told(run: Run) -> None:
    sent = run("outbox", "send", "--channels", "channels.json", "--as", "desk")
    assert (sent.status, sent.text) == (1, "1 sent, 1 to be tried again.\n")
    assert sent.sentence.startswith("C1/N3/1 may have left: look")
    assert len(list(Path("notices").glob("*.eml"))) == 1
    rows = run("outbox", "list", "C1", "--format", "json").json
    assert [(row["notice"], row["state"], row["recorded"]) for row in rows] == [
        ("N1", "sent", True),
        ("N2", "queued", False),
        ("N3", "uncertain", False),
    ]
    assert "office@" not in json.dumps(rows)
    with Tracegraph.open(STORE) as graph:
        (move,) = case_file(graph.store, "C1").of("sent")
    assert (move.actor, move.text("channel")) == ("desk", "folder")


@pytest.mark.usefixtures("queued")
def test_people_decide_what_the_program_cannot(run: Run) -> None:
    assert run("outbox", "settle", "C1/N3/1").status == 2
    assert run("outbox", "settle", "C1/N3/1", "--sent").text == "C1/N3/1 is sent.\n"
    assert run("outbox", "settle", "C1/N3/1", "--not-sent").status == 6
    assert run("outbox", "again", "C1/N2/1").text == "C1/N2/1 is queued.\n"
    assert run("outbox", "drop", "C1/N2/1", "--reason", "closed").text == "C1/N2/1 is dropped.\n"
    assert run("outbox", "again", "C1/N9/1").status == 3
    sent = run("outbox", "send", "--channels", "channels.json")
    assert (sent.status, sent.text) == (0, "1 sent, 0 to be tried again.\n")
    with Tracegraph.open(STORE) as graph:
        assert [move.text("notice") for move in case_file(graph.store, "C1").of("sent")] == ["N3", "N1"]


@pytest.mark.usefixtures("queued")
def test_a_role_that_may_not_send_sends_nothing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("users", "add", "office", "--role", "regulator")
    monkeypatch.setenv("TRACEGRAPH_API_KEY", run("keys", "create", "office").text.strip())
    done = run("outbox", "send", "--channels", "channels.json", "--as", "office")
    assert done.status == 1
    assert not Path("notices").exists()
    (first, *_) = run("outbox", "list", "--as", "office", "--format", "json").json
    assert "role regulator may not send" in first["error"]
