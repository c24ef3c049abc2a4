"""The account of a case: the thousand kilograms of recall practice (2.3), with replies, returns and disposals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.end_to_end.building import born, happening, lot, opened, put, site
from tests.recall.accounting.stories import (
    BEGIN,
    C1,
    C2,
    C3,
    DELIVERIES,
    account,
    case,
    consignee,
    dispose,
    ratios,
    reply,
    rows,
)
from tests.trace.balance.test_balance import counted
from tests.trace.shares.stories import L, M, delivered, mixed
from tracegraph import Tracegraph
from tracegraph.model.instants import DAY, instant_text
from tracegraph.model.quantity import Quantity
from tracegraph.recall.accounting.answering import Parties
from tracegraph.recall.accounting.holders import Names
from tracegraph.recall.accounting.ledger import Delivery
from tracegraph.recall.case.casefile import CaseFile


@pytest.fixture(scope="module")
def graph() -> Iterator[Tracegraph]:
    with opened() as found:
        put(found, counted())
        yield found


RECORDED = {
    ("", "L", "on_hand"): "200",
    ("", "M", "on_hand"): "72",
    ("C1", "L", "on_hand"): "100",
    ("C3", "M", "on_hand"): "160",
    ("C2", "L", "in_transit"): "250",
    ("C1", "L", "short_received"): "5",
    ("C1", "L", "sold"): "195",
    ("", "L", "sampled"): "5",
    ("", "", "lost"): "8",
    ("", "L", "unaccounted"): "5",
}


def test_recall_2_3_without_replies_is_what_the_records_show(graph: Tracegraph) -> None:
    found = account(graph, case())
    assert (found["unit"], found["start"]) == ("KGM", "1000")
    assert rows(found) == RECORDED
    assert ratios(found) == {
        "notified": ("3", "3", "1"),
        "responded": ("0", "3", "0"),
        "accounted": ("995", "1000", "0.995"),
        "answered": ("0", "950", "0"),
        "recovered": ("0", "950", "0"),
        "recoverable": ("782", "1000", "0.782"),
        "recovered_of_recoverable": ("0", "782", "0"),
        "mass_balance": ("995", "1000", "0.995"),
    }


def test_recall_2_3_with_replies(graph: Tracegraph) -> None:
    """C1 returns 60 of its 100 kg, C2 has set aside all 250, C3 says more than it got; 50 kg are disposed of."""
    said = [
        reply(C1, quantity=295, on_hand=40, sold=195, returned=60),
        reply(C2, on_hand="0.25", measure="t", held="yes"),
        reply(C3, M, on_hand=390, sold=20),
        dispose(L, 50),
    ]
    found = account(graph, case(*said, units=(L, M)))
    assert found["start"] == "1348"
    assert rows(found) == {
        ("", "L", "on_hand"): "200",
        ("", "M", "on_hand"): "180",
        ("C1", "L", "on_hand"): "40",
        ("C3", "M", "on_hand"): "390",
        ("C2", "L", "held"): "250",
        ("C1", "L", "short_received"): "5",
        ("C1", "L", "sold"): "195",
        ("C3", "M", "sold"): "20",
        ("", "L", "sampled"): "5",
        ("C1", "L", "returned"): "10",
        ("C1", "L", "disposed"): "50",
        ("", "", "lost"): "8",
        ("", "L", "unaccounted"): "5",
        ("C3", "M", "unaccounted"): "-10",
    }
    told = ratios(found)
    assert told["accounted"][:2] == ("1333", "1348")  # 5 missing and 10 too many are 15 in doubt
    assert told["answered"] == ("935", "950", "0.984210526316")
    assert told["recovered"][:2] == ("310", "950")
    assert told["recovered_of_recoverable"][:2] == ("310", "1130")
    assert told["mass_balance"][:2] == ("1353", "1348")
    assert (found["mass_balance"]["tolerance"], found["mass_balance"]["within"]) == ("weighed", True)
    assert found["totals"]["on_hand_at_receipt"] == "740"


def test_each_consignee(graph: Tracegraph) -> None:
    found = account(graph, case(reply(C1, quantity=295, on_hand=40, sold=195, returned=60)))
    first, second = consignee(found, C1), consignee(found, C2)
    assert first["buckets"] == {"on_hand": "40", "sold": "195", "returned": "60", "short_received": "5"}
    assert (first["shipped"], first["received"], first["accounted"]) == ("300", "295", "295")
    assert (first["unaccounted"], first["on_hand_at_receipt"], first["contradicts"]) == ("0", "100", False)
    assert (second["buckets"], second["reply"], second["on_hand_at_receipt"]) == ({"unanswered": "250"}, None, None)


def test_what_arrived_is_known_from_the_records_where_the_reply_does_not_say_it(graph: Tracegraph) -> None:
    told = consignee(account(graph, case(reply(C1, on_hand=100, sold=190))), C1)
    assert told["buckets"] == {"on_hand": "100", "sold": "190", "short_received": "5", "unaccounted": "5"}
    told = consignee(account(graph, case(reply(C1, on_hand=105, sold=195))), C1)
    assert told["buckets"] == {"on_hand": "105", "sold": "195"}


def test_a_later_reply_replaces_and_both_are_kept(graph: Tracegraph) -> None:
    said = [reply(C2, on_hand=250), reply(C2, on_hand=100, sold=150)]
    told = consignee(account(graph, case(*said)), C2)
    assert (told["reply"], told["earlier"]) == (4, [3])
    assert told["buckets"] == {"on_hand": "100", "sold": "150"}
    assert [(one["finding"], one["fields"], one["replies"]) for one in told["findings"]] == [
        ("differs", ["on_hand", "sold"], [4, 3])
    ]
    assert told["contradicts"]


def test_a_reply_of_an_earlier_date_that_comes_later_replaces_nothing(graph: Tracegraph) -> None:
    said = [reply(C2, on_hand=250, date="2026-03-20"), reply(C2, on_hand=100, date="2026-03-19")]
    told = consignee(account(graph, case(*said)), C2)
    assert (told["reply"], told["earlier"]) == (3, [4])


@pytest.mark.parametrize(
    ("said", "finding", "amounts"),
    [
        ({"quantity": 250, "on_hand": 200, "sold": 40}, "does_not_add_up", ("240", "250")),
        ({"quantity": 260, "on_hand": 260}, "more_than_delivered", ("260", "250")),
        ({"on_hand": 251}, "more_than_delivered", ("251", "250")),
        ({"quantity": 249, "on_hand": 249}, "less_than_delivered", ("249", "250")),
        ({"on_hand": 3, "measure": "m3"}, "other_measure", (None, None)),
    ],
)
def test_findings(graph: Tracegraph, said: dict[str, str], finding: str, amounts: tuple[str, str]) -> None:
    told = consignee(account(graph, case(reply(C2, **said))), C2)
    assert [(one["finding"], one["told"], one["known"]) for one in told["findings"]] == [(finding, *amounts)]
    assert told["contradicts"] == (finding != "less_than_delivered")


def test_a_reply_about_what_was_never_delivered(graph: Tracegraph) -> None:
    told = consignee(account(graph, case(reply(C3, L, on_hand=7))), C3)
    assert (told["shipped"], told["buckets"]) == ("0", {"on_hand": "7", "unaccounted": "-7"})
    assert told["findings"][0]["finding"] == "nothing_delivered"


def test_late_replies_are_marked(graph: Tracegraph) -> None:
    asked = case(reply(C2, on_hand=250))
    asked = CaseFile("R1", (*asked.moves[:-1], replace(asked.moves[-1], state="completed")))
    told = consignee(account(graph, asked), C2)
    assert ([one["finding"] for one in told["findings"]], told["contradicts"]) == (["late"], False)


def test_goods_that_events_show_moving_on_count_once() -> None:
    """C1 sends 100 of 300 kg to C4, returns 50, and makes 60 into N; its reply says all of it."""
    events = [born(0, L, "plant", 1000), *delivered(10, L, "plant", "C1", 300)]
    events += [*delivered(20, L, "C1", "C4", 100), *delivered(30, L, "C1", "plant", 50)]
    events += [mixed(40, {L: 60}, {lot("N"): 60}, at="C1")]
    fourth = site("C4")
    names = Names({C1: C1, fourth: fourth})
    goods = [DELIVERIES[0], Delivery(fourth, L, DELIVERIES[2].quantity, None, C1)]
    parties = Parties(goods, names)
    said = [reply(C1, on_hand=70, sold=80, returned=50, distributed=100), reply(fourth, on_hand=100)]
    with opened() as graph:
        put(graph, events)
        found = account(graph, case(*said, units=(L, lot("N"))), parties)
        assert rows(found) == {
            ("", "L", "on_hand"): "750",
            ("C1", "L", "on_hand"): "70",
            ("C1", "L", "sold"): "20",
            ("C1", "N", "on_hand"): "60",
            ("C4", "L", "on_hand"): "100",
        }
        assert ratios(found)["recovered"][0] == "50"
        less = account(graph, case(reply(C1, on_hand=200, returned=50, sold=60), units=(L, lot("N"))), parties)
        [finding] = [one for one in consignee(less, C1)["findings"] if one["finding"] == "less_than_recorded"]
        assert (finding["fields"], finding["told"], finding["known"]) == (["distributed"], "0", "100")
        assert rows(less)["C1", "L", "unaccounted"] == "-110"


def test_a_reply_settles_what_the_records_leave_open() -> None:
    """65 kg arrived of 60: nobody knows of which. The shop says that it has them."""
    with opened() as graph:
        put(graph, [born(0, L, "plant", 100), *delivered(10, L, "plant", "C1", 60, arrived=65)])
        parties = Parties([DELIVERIES[0]], Names({C1: C1}))
        before = rows(account(graph, case(), parties))
        assert set(before.values()) == {"60", "40"}
        assert {bucket for _, _, bucket in before} == {"undetermined"}
        found = rows(account(graph, case(reply(C1, on_hand=65)), parties))
        assert found == {("C1", "L", "on_hand"): "65", ("", "L", "undetermined"): "35"}


def test_disposals_of_more_than_is_known() -> None:
    with opened() as graph:
        put(graph, [born(0, L, "plant", 100)])
        stock = dispose(L, 30, out_of="on_hand")
        nobody = Parties([], Names({}))
        assert rows(account(graph, case(stock), nobody)) == {("", "L", "on_hand"): "70", ("", "L", "disposed"): "30"}
        found = rows(account(graph, case(stock, dispose(L, 120, out_of="on_hand")), nobody))
        assert found == {("", "L", "disposed"): "150", ("", "L", "unaccounted"): "-50"}
        recorded = dispose(L, 30, out_of="on_hand", event="urn:x-event:1")
        assert rows(account(graph, case(recorded), nobody)) == {("", "L", "on_hand"): "100"}


def test_percentages_of_nothing_have_a_reason() -> None:
    with opened() as graph:
        put(graph, [born(0, L, "plant", 100)])
        found = account(graph, case(units=()), Parties([], Names({})))
        assert all(one["value"] is None and one["because"] for one in found["ratios"])
        assert (found["start"], found["mass_balance"]["within"]) == ("0", None)


def test_what_was_recoverable_when_the_hazard_was_found() -> None:
    """60 of 100 kg were sold after it was found, and before the case was opened."""
    with opened() as graph:
        put(graph, [born(0, L, "plant", 100), happening(120, "OBSERVE", "retail_selling", L, "plant", 60)])
        parties = Parties([], Names({}))
        assert ratios(account(graph, case(), parties))["recoverable"][:2] == ("40", "100")
        found = case(discovered=instant_text(BEGIN - DAY + 3_600_000_000))
        assert ratios(account(graph, found, parties))["recoverable"][:2] == ("100", "100")


def test_another_unit_of_measure(graph: Tracegraph) -> None:
    found = account(graph, case(reply(C2, on_hand=250000, measure="g")), code="TNE")
    assert (found["unit"], found["start"]) == ("TNE", "1")
    assert consignee(found, C2)["buckets"] == {"on_hand": "0.25"}
    pieces = account(graph, case(), code="")
    assert (pieces["start"], len(pieces["apart"])) == ("0", 3)


def test_a_reply_is_in_the_unit_of_measure_in_which_the_goods_were_delivered(graph: Tracegraph) -> None:
    said = [reply(C2, on_hand=250), dispose(L, 30, measure="", consignee=C2, out_of="on_hand")]
    found = account(graph, case(*said), code="TNE")
    assert consignee(found, C2)["buckets"] == {"on_hand": "0.22", "disposed": "0.03"}
    assert not consignee(found, C2)["findings"]


def test_pieces_are_no_kilograms() -> None:
    """Of goods that were delivered in pieces a reply without a unit of measure counts pieces."""
    pieces = Parties([Delivery(C2, L, Quantity(Decimal(5)))], Names({C2: C2}))
    with opened() as graph:
        put(graph, [born(0, L, "plant", 100)])
        found = account(graph, case(reply(C2, on_hand=5)), pieces)
        assert (found["unit"], found["start"], len(found["apart"])) == ("KGM", "100", 1)
        assert [one["finding"] for one in consignee(found, C2)["findings"]] == ["other_measure"]
        counted_in_pieces = account(graph, case(reply(C2, on_hand=5)), pieces, code="")
        assert consignee(counted_in_pieces, C2)["buckets"] == {"on_hand": "5"}
