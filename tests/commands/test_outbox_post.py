"""`outbox post`: the notices of a case on a chain of four tiers leave, each with one consignee's deliveries only."""

from __future__ import annotations

import json
from collections.abc import Sequence
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from tests.commands.conftest import Run
from tests.recall.loop.network import early, write
from tests.reports.documents.recall.played import CASE, Played
from tracegraph import Tracegraph
from tracegraph.recall.case import case_file
from tracegraph.recall.consignees import consignees
from tracegraph.recall.consignees.listing import Consignee
from tracegraph.recall.notices import notices_payload, to_prepare
from tracegraph.recall.notices.records import known_notices
from tracegraph.trace.snapshot import Snapshot

STORE = "sqlite:///tracegraph.db"


@pytest.fixture
def told() -> list[str]:
    """A case with notices prepared, and settings; the consignees that are to be told."""
    with Tracegraph.open(STORE) as graph:
        graph.capture(str(write(early(), Path("early.json"))))
        played = Played(graph, "recall")
        played.scoped()
        case, snapshot = case_file(graph.store, CASE), Snapshot.of(graph.store)
        made = to_prepare(case, consignees(snapshot, case))
        played.do("notices", {}, notices_payload(snapshot, made, 1))
    settings = Path("channels.json")
    settings.write_text(json.dumps({"folder": {"channel": "file", "folder": "out"}}), encoding="utf-8")
    settings.chmod(0o600)
    return [one.consignee.id for one in made]


def mails() -> dict[str, Any]:
    """What was written, by whom it is to."""
    read = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in Path("out").glob("*.eml")]
    return {str(mail["To"]): mail for mail in read}


def test_every_consignee_gets_its_own_notice_once(run: Run, told: list[str]) -> None:
    first, *others = told
    person = run("people", "add", "Wilhelmina", "--purpose", "recalls", "--keep-until", "2099-12-31")
    run("people", "correct", person.text.strip(), "--organisation", first, "--email", "0@shop.example")
    named = [part for number, one in enumerate(others, 1) for part in ("--to", f"{one}={number}@shop.example")]
    partly = run("outbox", "post", CASE, "--channel", "folder", *named[:-2])
    assert (partly.status, partly.text.split()[0]) == (1, str(len(told) - 1))
    assert partly.sentence.startswith(f"Nobody is known to write to at {others[-1]} (")
    assert run("outbox", "post", CASE, "--channel", "folder", *named).status == 0
    assert run("outbox", "send", "--channels", "channels.json").text.startswith(f"{len(told)} sent, 0 ")
    found = mails()
    assert set(found) == {f"{number}@shop.example" for number in range(len(told))}
    rows = {row.id: row for row in listed()}
    assert len({paper.id for row in rows.values() for one in row.deliveries for paper in one.documents}) > 2
    for number, one in enumerate(told):
        mail = found[f"{number}@shop.example"]
        notice, reply = mail.iter_attachments()
        assert (notice.get_filename(), reply.get_filename()) == ("notice.html", "reply.xlsx")
        text = notice.get_content()
        own = {paper.id for delivery in rows[one].deliveries for paper in delivery.documents}
        assert "Flour of February" in text
        assert all(paper.rpartition(":")[2] in text for paper in own)
        for other in rows.values():
            papers = {paper.id for delivery in other.deliveries for paper in delivery.documents} - own
            assert not any(paper.rpartition(":")[2] in text for paper in papers)
    with Tracegraph.open(STORE) as graph:
        assert all(known.is_sent for known in known_notices(case_file(graph.store, CASE).moves))
        assert list(graph.verify()) == []
    assert run("outbox", "post", CASE, "--channel", "folder").text.startswith("0 queued")
    assert run("outbox", "send", "--channels", "channels.json").text.startswith("0 sent, 0 ")


def test_a_notice_whose_person_was_erased_goes_to_somebody_else(run: Run, told: list[str]) -> None:
    """It was dropped, not forgotten: it is due until it was sent."""
    person = run("people", "add", "Wilhelmina", "--purpose", "recalls", "--keep-until", "2099-12-31").text.strip()
    named = [part for one in told[1:] for part in ("--to", f"{one}=all@shop.example")]
    assert run("outbox", "post", CASE, "--channel", "folder", "--to", f"{told[0]}={person}", *named).status == 0
    run("people", "erase", person)
    again = ("outbox", "post", CASE, "--channel", "folder", *named)
    assert run(*again).sentence.startswith(f"Nobody is known to write to at {told[0]} (")
    assert run(*again, "--to", f"{told[0]}=first@shop.example").status == 0
    run("outbox", "send", "--channels", "channels.json")
    assert set(mails()) == {"all@shop.example", "first@shop.example"}
    with Tracegraph.open(STORE) as graph:
        assert all(known.is_sent for known in known_notices(case_file(graph.store, CASE).moves))


def listed() -> Sequence[Consignee]:
    """The consignees of the case."""
    with Tracegraph.open(STORE) as graph:
        return consignees(Snapshot.of(graph.store), case_file(graph.store, CASE)).rows


@pytest.mark.usefixtures("told")
def test_what_is_wrong_is_a_sentence(run: Run) -> None:
    for more in (("--to", "nobody"), ("--to", "=a@b.example"), ("--paper", "docx")):
        assert run("outbox", "post", CASE, "--channel", "folder", *more).status == 2
    assert run("outbox", "post", "R-2", "--channel", "folder").status == 3
