"""Notices from the first to the last: who gets which one when, how it stands, what is to be done."""

from __future__ import annotations

import pytest

from tests.recall.consignees.told import DAY, NOW, Told, captured
from tracegraph.errors import Refused
from tracegraph.model.instants import instant_text
from tracegraph.recall.consignees import consignees
from tracegraph.recall.notices import State, notices_of, notices_payload, standings, to_prepare, worklist

TABLE = """
    site P run by O
    site Q run by X
    site R run by Y
    e1 d1 08:00 make lot A 100 kg at P
    e2 d1 10:00 ship lot A 60 kg P -> Q doc desadv:1
    e3 d1 11:00 receive lot A 60 kg P -> Q doc desadv:1
    e4 d1 12:00 ship lot A 40 kg P -> R doc desadv:2
    e5 d1 13:00 receive lot A 40 kg P -> R doc desadv:2
    e6 d1 14:00 make lot B 10 kg at P
    e7 d1 15:00 ship lot B 10 kg P -> R doc desadv:3
    e8 d1 16:00 receive lot B 10 kg P -> R doc desadv:3
"""
X, Y, A = "urn:x-party:X", "urn:x-party:Y", "urn:x-lot:A"


@pytest.fixture
def case() -> Told:
    return Told(captured(TABLE), ["A"], action="hold", depth="retail")


def prepare(case: Told, state: str = "notifying") -> list[tuple[str, str, str]]:
    """Prepare what is due; (notice, consignee, status) of each."""
    due = to_prepare(case.case, consignees(case.snapshot, case.case))
    approved = case.case.approved
    assert approved is not None
    case.do("notices", state, **notices_payload(case.snapshot, due, approved.number))
    return [(one.id, one.consignee.id, one.status.value) for one in due]


def send(case: Told, notice: str, version: int = 1, receipt: str = "") -> None:
    case.do("sent", notice=notice, version=str(version), channel="file", sent=instant_text(case.now), receipt=receipt)


def states(case: Told, **known: list[str]) -> list[str]:
    return [one.state.value for one in standings(case.case, **known)]


def test_the_first_notices_go_to_all(case: Told) -> None:
    assert prepare(case) == [("R7/N0001", X, "INITIAL"), ("R7/N0002", Y, "INITIAL")]
    assert prepare(case) == []


def test_nothing_is_prepared_before_approval() -> None:
    case = Told(captured(TABLE), ["A"])
    case.moves.pop()
    with pytest.raises(Refused, match="no version of the scope of case R7 is approved"):
        to_prepare(case.case, consignees(case.snapshot, case.case))


def test_a_wider_scope_updates_only_whom_it_concerns(case: Told) -> None:
    prepare(case)
    send(case, "R7/N0001")
    send(case, "R7/N0002")
    case.scope(["A", "B"])
    assert prepare(case) == [("R7/N0002", Y, "UPDATE")]
    send(case, "R7/N0002", 2)
    case.scope(["B"])
    assert prepare(case) == [("R7/N0001", X, "UPDATE"), ("R7/N0002", Y, "UPDATE")]
    assert next(one.known.lots for one in standings(case.case)) == []


def test_what_was_never_sent_stays_the_first(case: Told) -> None:
    prepare(case)
    case.scope(["A", "B"])
    assert prepare(case) == [("R7/N0001", X, "INITIAL"), ("R7/N0002", Y, "INITIAL")]
    assert states(case) == ["draft", "draft"]
    assert {one.known.version for one in standings(case.case)} == {2}
    assert prepare(case) == []


def test_the_last_notice_comes_on_closing(case: Told) -> None:
    prepare(case)
    send(case, "R7/N0001")
    case.do("complete", "completed")
    assert prepare(case, "completed") == [("R7/N0001", X, "FINAL")]
    assert prepare(case, "completed") == []
    send(case, "R7/N0001")
    assert not [task for task in worklist(case.case, case.now) if task.standing.known.id == "R7/N0001"]


def test_states_follow_the_moves(case: Told) -> None:
    prepare(case)
    assert states(case) == ["draft", "draft"]
    assert states(case, queued=["R7/N0002"]) == ["draft", "queued"]
    send(case, "R7/N0001")
    send(case, "R7/N0002", receipt="250 ok")
    assert states(case) == ["sent", "delivered"]
    case.do("reply", consignee=X, unit=A, on_hand="60", measure="KGM")
    assert states(case) == ["answered", "delivered"]
    assert states(case, disagreeing=[X, Y]) == ["disagreeing", "delivered"]


def test_a_reply_about_one_lot_leaves_the_other_open(case: Told) -> None:
    case.scope(["A", "B"])
    prepare(case)
    send(case, "R7/N0002", 2)
    case.do("reply", notice="R7/N0002", consignee=Y, unit=A, on_hand="1")
    (one,) = [one for one in standings(case.case) if one.known.id == "R7/N0002"]
    assert (one.state, one.known.unanswered) == (State.SENT, ["urn:x-lot:B"])


def test_the_worklist_escalates_step_by_step(case: Told) -> None:
    prepare(case)
    assert [(one.list, one.standing.known.id) for one in worklist(case.case, case.now)] == [
        ("not_notified", "R7/N0001"),
        ("not_notified", "R7/N0002"),
    ]
    send(case, "R7/N0001")
    since = NOW + len(case.moves) * 3_600_000_000 - 3_600_000_000
    for step, days in (("reminder_1", 2), ("reminder_2", 4), ("phone", 6), ("authority", 8)):
        (task,) = [one for one in worklist(case.case, since + days * DAY - 1) if one.list == "not_answered"]
        assert (task.step, task.due, task.overdue) == (step, since + days * DAY, False)
        (task,) = [one for one in worklist(case.case, since + days * DAY) if one.list == "not_answered"]
        assert task.overdue
        case.do("remind", notice="R7/N0001", step=step)
    (task,) = [one for one in worklist(case.case, since + 99 * DAY) if one.list == "not_answered"]
    assert (task.step, task.due, task.overdue) == ("", None, False)
    case.do("reply", consignee=X, unit=A, on_hand="1")
    assert [one.list for one in worklist(case.case, case.now, disagreeing=[X])] == ["not_notified", "disagrees"]


def test_a_graver_class_escalates_sooner() -> None:
    case = Told(captured(TABLE), ["A"], **{"class": "1"})
    prepare(case)
    send(case, "R7/N0001")
    (task,) = [one for one in worklist(case.case, case.now) if one.list == "not_answered"]
    (sent,) = task.standing.known.sendings
    assert task.due == sent.at + DAY


def test_merged_parties_have_one_notice_and_split_ones_two(case: Told) -> None:
    prepare(case)
    send(case, "R7/N0001")
    send(case, "R7/N0002")
    case.do("merge", party=X, same_as=Y)
    assert prepare(case) == [("R7/N0002", Y, "UPDATE")]
    assert states(case) == ["superseded", "draft"]
    case.do("split", party=X)
    assert prepare(case) == [("R7/N0002", Y, "UPDATE")]
    assert states(case) == ["sent", "draft"]


def test_however_parties_are_merged_one_notice_stands(case: Told) -> None:
    prepare(case)
    case.do("merge", party=X, same_as=Y)
    prepare(case)
    case.do("split", party=X)
    case.do("merge", party=Y, same_as=X)
    prepare(case)
    assert states(case) == ["draft", "superseded"]


def test_parties_split_after_their_first_notice_get_two(case: Told) -> None:
    case.do("merge", party=X, same_as=Y)
    assert prepare(case) == [("R7/N0001", Y, "INITIAL")]
    case.do("split", party=X)
    assert prepare(case) == [("R7/N0001", Y, "INITIAL"), ("R7/N0002", X, "INITIAL")]


def test_a_notice_has_what_its_paper_needs(case: Told) -> None:
    first = notices_of(case.case, consignees(case.snapshot, case.case))[0].to_dict()
    names = ("notice", "case", "version", "status", "type", "drill", "notify_onward")
    assert [first[name] for name in names] == ["R7/N0001", "R7", 1, "INITIAL", "recall", False, True]
    assert (first["title"], first["action"], first["owner"]) == ("Seeds", "hold", "urn:x-party:O")
    assert first["recipient"]["sites"] == [{"id": "urn:x-site:Q", "name": "", "address": "", "country": ""}]
    form = first["reply"]
    assert form["rows"] == [
        {"notice": "R7/N0001", "version": "1", "consignee": X, "unit": A, "delivered": "60", "measure": "KGM"}
    ]
    wanted = {"received", "on_hand", "sold", "returned", "destroyed", "distributed", "sub_consignees", "signer"}
    assert wanted <= {field["name"] for field in form["fields"]}
    assert all(set(field["label"]) == {"en", "zh"} for field in form["fields"])
