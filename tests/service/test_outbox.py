"""The outbox: each message once, through its states, and nothing of it kept afterwards."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.service.outgoing import FIRST, NOW, TEXT, Fake, Place, message, place, scoped
from tracegraph.errors import Refused, StoreLocked, UnknownIdentifier, UsageError
from tracegraph.intake.recalling import act
from tracegraph.model.instants import DAY
from tracegraph.recall.case.states import states
from tracegraph.service.channels import NotSent, Part, Receipt, Settings, Uncertain
from tracegraph.service.outbox import MessageState

PERSON = {"name": "Wilhelmina", "email": "w@shop.example", "purpose": "contact", "keep_until": "2027-01-31"}


@pytest.fixture
def channel() -> Fake:
    return Fake()


@pytest.fixture
def here(tmp_path: Path, channel: Fake) -> Iterator[Place]:
    with place(tmp_path, channel) as made:
        yield made


def test_queued_messages_leave_once_in_order_and_stand_in_the_ledger(here: Place, channel: Fake) -> None:
    here.queue(message(1), message(2))
    here.queue(message(2), message(3))
    report = here.run()
    assert report.sent == report.recorded == ["C1/N1/1", "C1/N2/1", "C1/N3/1"]
    assert [one.notice for one in channel.taken] == here.sent_moves() == ["N1", "N2", "N3"]
    assert channel.taken[0].address == "office@shop1.example"
    move = here.case().of("sent")[0]
    assert (move.parts["channel"], move.parts["receipt"], move.parts["version"]) == ("way", "took 1", "1")
    assert move.parts["consignee"] == "https://shop.example/1"
    assert here.case().state == "monitoring"
    here.queue(message(1))
    assert here.run().sent == []
    assert len(channel.taken) == len(here.sent_moves()) == 3


def test_another_content_under_the_same_id_is_refused(here: Place) -> None:
    here.queue(message(1))
    for changed in (
        message(1, subject="Another"),
        message(1, recipient="x@shop.example"),
        message(1, consignee="https://shop.example/2"),
        message(1, parts=(Part("text", "text/plain", b"other"),)),
        message(1, parts=(Part("text", "text/html", f"{TEXT}1".encode()),)),
        message(1, mentions=frozenset({"person:1"})),
    ):
        with pytest.raises(Refused, match="another content"):
            here.queue(message(2), changed)
    assert [one.id for one in here.outbox.all()] == ["C1/N1/1"]  # all of them, or none


def test_a_message_of_another_case_is_refused(here: Place) -> None:
    with pytest.raises(UsageError, match="is not of case C1"):
        here.queue(message(1, case="C2"))
    with pytest.raises(UsageError, match="is not of case C1"):
        here.queue(message(1, case_type="withdrawal"))


@pytest.mark.parametrize(
    "change",
    [
        {"subject": "a\nBcc: all@shop.example"},
        {"address": "a@b.example\r\nBcc: c@d.example"},
        {"id": "../up"},
        {"id": "a//b"},
        {"id": ""},
        {"id": "x" * 201},
        {"parts": ()},
        {"parts": (Part("a", "application/pdf", b""),)},
        {"parts": (Part("a", "text/plain", b""), Part("a", "text/plain", b""))},
        {"parts": (Part("a", "text/plain", b""), Part("b\n", "text/plain", b""))},
    ],
)
def test_what_is_no_message_is_refused(change: dict) -> None:
    with pytest.raises(UsageError):
        replace(message(1), **change)


def test_nothing_that_was_said_is_kept_once_it_was_sent(here: Place, tmp_path: Path) -> None:
    here.queue(message(1))
    assert holds(tmp_path, TEXT)
    here.run()
    here.file.overwrite_deleted()
    assert not holds(tmp_path, TEXT)
    assert not holds(tmp_path, "office@shop1.example")


def holds(folder: Path, text: str) -> bool:
    return any(text.encode() in path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_what_did_not_leave_is_tried_again_later_and_then_given_up(here: Place, channel: Fake) -> None:
    here.queue(message(1))
    channel.does["C1/N1/1"] = NotSent("busy")
    assert here.run().waiting == ["C1/N1/1"]
    one = here.outbox["C1/N1/1"]
    assert (one.state, one.attempts, one.error) == (MessageState.QUEUED, 1, "busy")
    assert here.run().sent == []  # not at once
    here.clock.now += DAY
    channel.does["C1/N1/1"] = NotSent("busy")
    assert here.run().failed == ["C1/N1/1"]
    assert here.outbox.again("C1/N1/1").state is MessageState.QUEUED
    assert here.run().sent == ["C1/N1/1"]
    assert here.outbox["C1/N1/1"].error == ""


def test_what_will_never_leave_fails_at_once_and_can_be_dropped(here: Place, channel: Fake) -> None:
    here.queue(message(1), message(2))
    channel.does["C1/N1/1"] = NotSent("no such address", again=False)
    report = here.run()
    assert (report.failed, report.sent) == (["C1/N1/1"], ["C1/N2/1"])
    assert here.outbox.drop("C1/N1/1", "they closed").state is MessageState.DROPPED
    for name in ("C1/N1/1", "C1/N2/1"):
        with pytest.raises(Refused):
            here.outbox.drop(name, "again")
        with pytest.raises(Refused):
            here.outbox.again(name)
    assert here.sent_moves() == ["N2"]


@pytest.mark.parametrize("error", [Uncertain("no answer"), RuntimeError("w@shop.example"), TimeoutError()])
def test_what_may_have_left_waits_for_a_person(here: Place, channel: Fake, error: Exception) -> None:
    here.queue(message(1), message(2))
    channel.does |= {"C1/N1/1": error, "C1/N2/1": error}
    assert here.run().uncertain == ["C1/N1/1", "C1/N2/1"]
    assert here.run().sent == []
    assert (channel.taken, here.sent_moves()) == ([], [])
    assert "w@shop" not in here.outbox["C1/N1/1"].error
    assert here.outbox.settle("C1/N1/1", was_sent=True).state is MessageState.SENT
    assert here.outbox.settle("C1/N2/1", was_sent=False).state is MessageState.QUEUED
    with pytest.raises(Refused, match="nothing to settle"):
        here.outbox.settle("C1/N1/1", was_sent=False)
    report = here.run()
    assert (report.sent, report.recorded) == (["C1/N2/1"], ["C1/N1/1", "C1/N2/1"])
    assert [one.id for one in channel.taken] == ["C1/N2/1"]
    assert here.sent_moves() == ["N1", "N2"]


def test_a_channel_that_may_repeat_is_called_again_after_any_fault(here: Place, channel: Fake) -> None:
    channel.repeatable = True
    here.queue(message(1))
    channel.does["C1/N1/1"] = RuntimeError()
    assert here.run().waiting == ["C1/N1/1"]


def test_the_newest_approved_version_is_sent_and_no_other(here: Place, channel: Fake) -> None:
    here.queue(message(1), message(2, version="2"))
    scoped(here.store, number=2)
    report = here.run()
    assert (report.failed, report.sent) == (["C1/N1/1"], ["C1/N2/2"])
    assert "version 2 is" in here.outbox["C1/N1/1"].error


def test_nothing_leaves_in_a_state_that_does_not_allow_it(here: Place, channel: Fake) -> None:
    here.queue(message(1))
    act(here.store, "C1", "scope", {}, NOW, FIRST, payload=dict(here.case().of("scope")[0].parts) | {"number": 2})
    act(here.store, "C1", "reject", {"version": "2"}, NOW, FIRST)
    assert here.case().state == "assessing"
    assert here.run().failed == ["C1/N1/1"]
    assert "assessing, and nothing is sent" in here.outbox["C1/N1/1"].error
    assert channel.taken == []
    assert "assessing" in states()


def test_a_person_is_looked_up_when_the_message_leaves(here: Place, channel: Fake) -> None:
    one, mute, gone = (here.people.add(**PERSON | more) for more in ({}, {"email": ""}, {}))
    here.queue(*(message(number, recipient=who.reference) for number, who in enumerate((one, mute, gone), 1)))
    here.people.correct(one.reference, email="new@shop.example")
    here.people._take([gone.reference], "asked")  # type: ignore[arg-type]
    report = here.run()
    assert (report.sent, report.failed) == (["C1/N1/1"], ["C1/N2/1"])
    assert [taken.address for taken in channel.taken] == ["new@shop.example"]
    assert "has no email" in here.outbox["C1/N2/1"].error


def test_erasing_a_person_drops_what_was_queued_for_them(here: Place, channel: Fake, tmp_path: Path) -> None:
    one = here.people.add(**PERSON)
    told = (Part("text", "text/plain", b"dear Wilhelmina"),)
    here.queue(message(1, recipient=one.reference, parts=told))
    here.queue(
        message(2, mentions=frozenset({one.reference}), parts=told), message(3), message(4, recipient=one.reference)
    )
    channel.does["C1/N4/1"] = Uncertain("cut")
    here.outbox.take("C1/N4/1")
    here.outbox.uncertain("C1/N4/1", "cut")
    here.people.erase(one.reference)
    assert not holds(tmp_path, "Wilhelmina")
    assert [str(kept.state) for kept in here.outbox.all()] == ["dropped", "dropped", "queued", "uncertain"]
    assert here.run().sent == ["C1/N3/1"]
    with pytest.raises(UnknownIdentifier, match="not kept any more"):
        here.outbox.settle("C1/N4/1", was_sent=False)
    assert here.outbox.settle("C1/N4/1", was_sent=True).state is MessageState.SENT


def test_what_was_dropped_can_be_queued_anew_to_somebody_else(here: Place, channel: Fake) -> None:
    one = here.people.add(**PERSON)
    here.queue(message(1, recipient=one.reference))
    here.people.erase(one.reference)
    other = message(1, recipient="office@shop.example", parts=(Part("text", "text/plain", b"anew"),))
    here.queue(other)
    here.queue(other)
    assert here.run().sent == ["C1/N1/1"]
    assert [(taken.address, taken.parts[0].data) for taken in channel.taken] == [("office@shop.example", b"anew")]
    assert here.sent_moves() == ["N1"]


def test_a_person_erased_while_the_message_is_on_its_way(here: Place, channel: Fake) -> None:
    """What did not leave then is dropped, not tried again without its text."""
    one = here.people.add(**PERSON)
    here.queue(message(1, recipient=one.reference))
    here.outbox.take("C1/N1/1")
    here.people.erase(one.reference)
    here.outbox.not_sent("C1/N1/1", "busy")
    assert here.outbox["C1/N1/1"].state is MessageState.DROPPED


def test_a_channel_without_settings_waits_for_them(here: Place, channel: Fake) -> None:
    here.queue(message(1), channel="other")
    assert here.run().waiting == ["C1/N1/1"]
    here.settings["other"] = Settings("other", "fake")
    here.clock.now += DAY
    assert here.run().sent == ["C1/N1/1"]


def test_only_one_process_sends(here: Place) -> None:
    here.queue(message(1))
    with closing(sqlite3.connect(f"{here.file.path}.sending", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreLocked, match="another process is sending"):
            here.run()
    assert here.run().sent == ["C1/N1/1"]


def test_what_the_ledger_does_not_take_is_recorded_later(here: Place, channel: Fake) -> None:
    here.queue(message(1))
    dispatch = here.dispatch()
    record = dispatch.record

    def refused(one: object) -> None:
        raise Refused("not now")

    dispatch.record = refused
    report = dispatch.run()
    assert (report.sent, report.recorded, report.faults) == (["C1/N1/1"], [], {"C1/N1/1": "not now"})
    dispatch.record = record
    assert dispatch.run().recorded == ["C1/N1/1"]
    assert dispatch.run().recorded == []
    assert (len(channel.taken), here.sent_moves()) == (1, ["N1"])


def test_a_receipt_that_is_an_address_does_not_reach_the_ledger(here: Place, channel: Fake) -> None:
    class Chatty(Fake):
        def send(self, message: object, settings: Settings) -> Receipt:
            return Receipt("queued for office@shop1.example")

    here.channel = Chatty()
    here.queue(message(1))
    here.run()
    assert here.case().of("sent")[0].text("receipt").startswith("sha256:")


def test_unknown_messages_are_named(here: Place) -> None:
    with pytest.raises(UnknownIdentifier, match="no message 'x'"):
        here.outbox["x"]
