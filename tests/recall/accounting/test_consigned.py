"""The account with the consignees as the custody graph has them."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.end_to_end.building import Event, born, document, happening, opened, put, received, shipped, site
from tests.recall.accounting.stories import C1, C2, PARTIES, account, dispose, reply, rows, scope, told
from tests.recall.accounting.stories import case as some_case
from tests.trace.balance.test_balance import counted
from tests.trace.shares.stories import L, M, R, delivered, mixed
from tracegraph import Tracegraph
from tracegraph.intake.recalling import Actor, act
from tracegraph.model.instants import parse_instant
from tracegraph.model.quantity import Quantity
from tracegraph.recall.accounting import Accounting, case_account
from tracegraph.recall.accounting.consigned import parties_of
from tracegraph.recall.case import CaseFile, case_file
from tracegraph.recall.consignees.delivery import Delivery as Listed
from tracegraph.recall.consignees.listing import Consignee, Consignees
from tracegraph.recall.consignees.parties import Sameness

WHO, NOW = Actor("somebody"), parse_instant("2027-01-01", "now")


def opened_case(graph: Tracegraph, *units: str, said: tuple[tuple[str, dict[str, str]], ...] = ()) -> CaseFile:
    head = graph.store.head()
    version = scope(units)[1] | {"position": head.count, "head": head.hash}
    act(graph.store, "R1", "open", {"title": "Sprouts", "owner": site("plant")}, NOW, WHO)
    act(graph.store, "R1", "scope", {}, NOW, WHO, "first", payload=version)
    for action, fields in said:
        act(graph.store, "R1", action, fields, NOW, WHO)
    return case_file(graph.store, "R1")


def shipped_to(found: Accounting) -> dict[tuple[str, str], tuple[int, int]]:
    """What was sent to each, and what of it is known not to have arrived."""
    return {
        (row.consignee.removeprefix("urn:x-site:"), row.unit[-1]): (int(row.shipped), int(row.short))
        for row in found.rows
    }


def test_recall_2_3_with_the_consignees_of_the_graph() -> None:
    with opened() as graph:
        put(graph, counted())
        case = opened_case(graph, L, M, said=(reply(C1, quantity=295, on_hand=40, sold=195, returned=60),))
        found = case_account(graph.store, case)
        assert shipped_to(found) == {("C1", "L"): (300, 5), ("C2", "L"): (250, 0), ("C3", "M"): (400, 0)}
        read, by_hand = told(case, found), account(graph, case, PARTIES)
        assert rows(read) == rows(by_hand)
        assert read["consignees"] == by_hand["consignees"]


def test_a_shipment_that_comes_in_parts_was_sent_once() -> None:
    papers = document("D")
    events: list[Any] = [born(0, L, "plant", 1000), shipped(10, L, "plant", "C1", 300, bizTransactionList=papers)]
    events += [received(10 + part, L, "C1", "plant", 145, bizTransactionList=papers) for part in (1, 2)]
    with opened() as graph:
        put(graph, events)
        case = opened_case(graph, L)
        assert shipped_to(case_account(graph.store, case)) == {("C1", "L"): (300, 10)}


def test_what_is_sent_on_did_not_leave_the_owner_twice() -> None:
    events = [born(0, L, "plant", 1000), *delivered(10, L, "plant", "C1", 300), *delivered(20, L, "C1", "C2", 100)]
    with opened() as graph:
        put(graph, events)
        case = opened_case(graph, L, said=(reply(C1, on_hand=200, distributed=100), reply(C2, on_hand=100)))
        found = told(case, case_account(graph.store, case))
        assert (found["totals"]["shipped"], found["totals"]["direct"]) == ("400", "300")
        assert rows(found) == {
            ("", "L", "on_hand"): "700",
            ("C1", "L", "on_hand"): "200",
            ("C2", "L", "on_hand"): "100",
        }


def test_what_is_learnt_later_is_in_the_account_of_now_only() -> None:
    events = [born(0, L, "plant", 1000), *delivered(10, L, "plant", "C1", 300)]
    with opened() as graph:
        put(graph, events)
        case = opened_case(graph, L)
        put(graph, delivered(30, L, "plant", "C3", 50))
        then, now = case_account(graph.store, case), case_account(graph.store, case, now=True)
        assert shipped_to(then) == {("C1", "L"): (300, 0)}
        assert shipped_to(now) == {("C1", "L"): (300, 0), ("C3", "L"): (50, 0)}
        assert then.case.in_question == now.case.in_question == 1000


def test_two_parties_that_are_one_have_one_account() -> None:
    events = [born(0, L, "plant", 1000), *delivered(10, L, "plant", "C1", 300), *delivered(20, L, "plant", "C2", 100)]
    merge = ("merge", {"party": C2, "same_as": C1})
    with opened() as graph:
        put(graph, events)
        case = opened_case(graph, L, said=(merge, reply(C2, on_hand=400)))
        found = case_account(graph.store, case)
        assert shipped_to(found) == {("C1", "L"): (400, 0)}
        assert found.rows[0].buckets == {"on_hand": 400}


def random_trade(seed: int) -> list[Event]:
    """A lot that is made, shipped in parts, some of them without a receipt or with less than was sent, sent on, sent
    back, sold, destroyed, and made into another."""
    chance = random.Random(seed)
    have = Counter({"plant": 1000})
    found = [born(0, L, "plant", 1000)]
    for number in range(1, 14):
        at = chance.choice([name for name, kilos in have.items() if kilos > 0])
        kilos, minute = chance.randint(1, (have[at] + 1) // 2), 10 * number
        have[at] -= kilos
        way, to = chance.choice("sssrlxpt"), chance.choice(("plant", "C1", "C2", "C3", "C4"))
        if way == "r" or to == at:
            found.append(happening(minute, "OBSERVE", "retail_selling", L, at, kilos))
        elif way == "x":
            found.append(happening(minute, "DELETE", "destroying", L, at, kilos))
        elif way == "t":
            found.append(mixed(minute, {L: kilos, R: 7}, {M: kilos + 3}, at=at))
        elif way == "l":
            found.append(shipped(minute, L, at, to, kilos, bizTransactionList=document(f"lost {number}")))
        else:
            came = max(1, kilos - 5) if way == "p" else kilos
            found += delivered(minute, L, at, to, kilos, arrived=came)
            have[to] += came
    return found


@pytest.mark.parametrize("seed", range(12))
def test_in_random_trade_with_random_replies_everything_in_question_is_somewhere(seed: int) -> None:
    chance = random.Random(seed)
    said = []
    for _ in range(chance.randrange(8)):
        amounts = {name: chance.randrange(200) for name in ("on_hand", "sold", "returned") if chance.random() < 0.6}
        amounts |= {"quantity": chance.randrange(500)} if chance.random() < 0.3 else {}
        said.append(reply(site(chance.choice(("C1", "C2", "C3", "C4"))), chance.choice((L, M)), **amounts))
        if chance.random() < 0.4:
            out_of = chance.choice(("returned", "on_hand", "destroyed"))
            said.append(dispose(L, chance.randrange(100), out_of=out_of))
    with opened() as graph:
        put(graph, random_trade(seed))
        units = [row.key for row in graph.store.units(keys=[L, M])]
        case = opened_case(graph, *units, said=tuple(said))
        found = told(case, case_account(graph.store, case))
        start = graph.balance(*units).to_dict()["result"]["balance"]["start"]
        assert found["start"] == start


def listed_delivery(name: str, shipments: tuple[str, ...], sent: int, arrived: int | None) -> Listed:
    said = None if arrived is None else Quantity(Decimal(arrived), "KGM")
    shipped_amount = Quantity(Decimal(sent), "KGM")
    event = None if arrived is None else f"E{name}"
    told_of = (shipments, None, None, (), said or shipped_amount, shipped_amount, said)
    return Listed(name, L, None, (L,), C1, C1, (site("plant"),), (), 1, True, event, *told_of)


@pytest.mark.parametrize(
    ("deliveries", "sent"),
    [
        ([("1", ("a",), 100, 60), ("2", ("a",), 100, 30)], [("100", "90")]),
        ([("1", ("a",), 100, 60), ("2", ("a",), 100, None)], [("100", "60")]),
        ([("1", ("a",), 100, None)], [("100", None)]),
        ([("1", ("a", "b"), 150, 60), ("2", ("b",), 100, 30)], [("60", None), ("30", None)]),
        ([("1", (), 100, 60), ("2", (), 50, 50)], [("100", "60"), ("50", "50")]),
    ],
)
def test_what_was_sent_is_counted_once(deliveries: list[Any], sent: list[tuple[str, str | None]]) -> None:
    """Where several deliveries may be of the same shipments, and others not, each is what arrived."""
    goods = tuple(listed_delivery(*one) for one in deliveries)
    row = Consignee(C1, (C1,), "", 1, "recipient", (), goods, (), (), "stated")
    maker = replace(row, id=C2, deliveries=(), role="maker")
    everybody = Consignees(owners=(), unseen=(), rows=(row, maker), astray=(), proposals=(), same=Sameness())
    found = parties_of(everybody, some_case())
    assert found.consignees == [C1, C2]
    told_of = [(one.quantity, one.arrived) for one in found.deliveries]
    assert [tuple(None if one is None else str(one.value) for one in pair) for pair in told_of] == sent
