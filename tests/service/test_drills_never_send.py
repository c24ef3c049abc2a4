"""A drill can never send: by type, at the outbox, at each channel, in the file, in the ledger; whoever tries."""

from __future__ import annotations

import pickle
import sqlite3
from collections.abc import Iterator
from copy import copy, deepcopy
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from tests.service.outgoing import FIRST, NOW, Fake, Place, message, opened, place
from tracegraph.errors import IllegalMove, StoreError, TracegraphError, UsageError
from tracegraph.intake.recalling import act
from tracegraph.service.channels import BUILT_IN, Message, Settings, channel_named, deliver
from tracegraph.service.channels.message import DrillNeverSends


@pytest.fixture
def channel() -> Fake:
    return Fake()


@pytest.fixture
def drill(tmp_path: Path, channel: Fake) -> Iterator[Place]:
    """A drill, approved, its notices prepared, and a real case beside it."""
    with place(tmp_path, channel, "drill") as made:
        opened(made.store, case="C2")
        yield made


def forged() -> Message:
    """What no constructor makes: a message of a drill."""
    made = message(1)
    object.__setattr__(made, "case_type", "drill")
    return made


def test_a_message_of_a_drill_cannot_be_made() -> None:
    with pytest.raises(DrillNeverSends):
        message(1, case_type="drill")
    with pytest.raises(DrillNeverSends):
        replace(message(1), case_type="drill")
    with pytest.raises(AttributeError):
        message(1).case_type = "drill"  # type: ignore[misc]
    with pytest.raises(DrillNeverSends):
        replace(forged(), address="a@b.example")


def test_the_outbox_takes_none(drill: Place) -> None:
    """Neither as what it is nor under another name, forged or copied."""
    case = drill.case()
    for given in (message(1), forged(), copy(forged()), deepcopy(forged()), pickle.loads(pickle.dumps(forged()))):
        with pytest.raises(DrillNeverSends):
            drill.outbox.queue([given], "way", case)
    with pytest.raises(DrillNeverSends):
        drill.outbox.queue([], "way", case)
    with pytest.raises(DrillNeverSends):
        drill.outbox.queue([message(1, case="C2"), forged()], "way", drill.case("C2"))
    with pytest.raises(UsageError, match="is not of case C2"):
        drill.outbox.queue([message(1)], "way", drill.case("C2"))
    assert drill.outbox.all() == []


def test_no_row_of_a_drill_can_be_written(drill: Place) -> None:
    drill.queue(message(1, case="C2"), case="C2")
    with pytest.raises(StoreError), drill.file.changing() as change:
        change.execute("UPDATE outbox SET case_type = 'drill'")
    with pytest.raises(sqlite3.IntegrityError), sqlite3.connect(drill.file.path) as other:
        other.execute("UPDATE outbox SET case_type = 'drill'")


def test_a_row_that_was_changed_by_hand_is_not_sent(drill: Place, channel: Fake) -> None:
    """The case is asked, as the ledger has it, before each message."""
    for number, case in ((1, "C2"), (2, "C2")):
        drill.queue(message(number, case=case), case=case)
    with drill.file.changing() as change:
        change.execute("UPDATE outbox SET case_id = 'C1' WHERE notice = 'N1'")
        change.execute("PRAGMA ignore_check_constraints = ON")
        change.execute("UPDATE outbox SET case_type = 'drill' WHERE notice = 'N2'")
    report = drill.run()
    assert channel.taken == []
    assert report.sent == drill.sent_moves() == drill.sent_moves("C2") == []
    assert report.failed == ["C2/N1/1", "C2/N2/1"]
    assert all("drill" in drill.outbox[name].error for name in report.failed)


def test_what_was_on_its_way_is_not_sent_after_a_crash_either(drill: Place, channel: Fake) -> None:
    channel.repeatable = True
    drill.queue(message(1, case="C2"), case="C2")
    drill.outbox.take("C2/N1/1")
    with drill.file.changing() as change:
        change.execute("UPDATE outbox SET case_id = 'C1'")
    assert drill.run().failed == ["C2/N1/1"]
    assert channel.taken == []


@pytest.mark.parametrize("name", sorted(BUILT_IN))
def test_no_channel_takes_one(name: str, tmp_path: Path) -> None:
    """Not even called past everything else."""
    settings = Settings("x", name, {"folder": str(tmp_path / "out"), "host": "127.0.0.1", "from": "a@b.example"})
    channel = channel_named(name)
    for send in (lambda made: channel.send(made, settings), lambda made: deliver(channel, made, settings)):
        with pytest.raises(DrillNeverSends):
            send(forged())
    assert list(tmp_path.iterdir()) == []


def test_a_channel_of_somebody_else_is_not_even_called(channel: Fake) -> None:
    with pytest.raises(DrillNeverSends):
        deliver(channel, forged(), Settings("x", "fake"))
    assert channel.taken == []


def test_the_ledger_takes_no_such_move_and_a_drill_stays_one(drill: Place) -> None:
    told = {"notice": "N1", "version": "1", "channel": "way", "sent": "2026-03-01"}
    with pytest.raises(IllegalMove, match="is a drill"):
        act(drill.store, "C1", "sent", told, NOW, FIRST)
    with pytest.raises(TracegraphError):
        act(drill.store, "C1", "assess", {"type": "recall"}, NOW, FIRST)
    act(drill.store, "C1", "note", {"text": "try"}, NOW, FIRST, payload={"type": "recall"})
    assert drill.case().is_drill


def test_every_field_of_a_message_is_under_its_digest() -> None:
    """So that no queued message can become another one; where it goes is the recipient's."""
    other: dict[str, Any] = {
        "id": "C1/other",
        "case": "C3",
        "case_type": "hold",
        "parts": message(2).parts,
        "mentions": frozenset("p"),
    }
    for one in fields(Message):
        if one.name != "address":
            changed = replace(message(1), **{one.name: other.get(one.name, "other")})
            assert changed.digest != message(1).digest, one.name
    assert replace(message(1), address="x").digest == message(1).digest
