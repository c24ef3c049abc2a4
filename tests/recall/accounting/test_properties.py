"""Random replies, returns, corrections and disposals against a replay that shares no code: every gram in one bucket."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.recall.accounting.stories import moves
from tracegraph.model.quantity import Quantity
from tracegraph.recall.accounting.account import Stakes, settled
from tracegraph.recall.accounting.disposals import disposals
from tracegraph.recall.accounting.ledger import Delivery, ledger
from tracegraph.recall.accounting.replies import replies, standing
from tracegraph.recall.case.move import Move

WHO, UNITS = ("urn:x-site:A", "urn:x-site:B"), ("urn:x-lot:L", "urn:x-lot:M")
Key = tuple[str, str]
AMOUNTS = ("on_hand", "sold", "returned", "destroyed", "distributed")
SEEDS = st.integers(0, 10**9)


def random_moves(source: random.Random) -> tuple[Move, ...]:
    """Replies with and without dates, in several units of measure, and disposals in between."""
    said: list[tuple[str, dict[str, Any]]] = []
    for _ in range(source.randrange(8)):
        unit, who = source.choice(UNITS), source.choice(WHO)
        if source.random() < 0.7:
            told = {name: str(source.randrange(60)) for name in AMOUNTS if source.random() < 0.5}
            told |= {"quantity": str(source.randrange(120))} if source.random() < 0.4 else {}
            told |= {"date": f"2026-03-{source.randrange(1, 10):02}"} if source.random() < 0.5 else {}
            told |= {"measure": source.choice(("kg", "g", "m3", "lb"))} if source.random() < 0.5 else {}
            told |= {"held": "yes"} if source.random() < 0.3 else {}
            said.append(("reply", {"consignee": who, "unit": unit, **told}))
        else:
            told = {"unit": unit, "quantity": str(source.randrange(80)), "method": "destroyed", "date": "2026-03-09"}
            told |= {"consignee": who} if source.random() < 0.5 else {}
            told |= {"from": source.choice(("returned", "on_hand", "destroyed"))}
            said.append(("dispose", told))
    return moves(*said)


def kilograms(text: str, measure: str) -> Fraction | None:
    factor = {"": Fraction(1), "kg": Fraction(1), "g": Fraction(1, 1000), "lb": Fraction("0.45359237")}.get(measure)
    return None if factor is None else Fraction(text) * factor


def last_replies(done: tuple[Move, ...]) -> dict[Key, dict[str, Any]]:
    """The reply that holds, by consignee and unit."""
    found: dict[Key, tuple[Any, dict[str, Any]]] = {}
    for move in done:
        if move.action == "reply":
            told = dict(move.parts)
            day = told.get("date", "")
            number = int(day[-2:]) if day else 2 + move.number  # moves are a day after the other, from March 2
            key = told["consignee"], told["unit"]
            if key not in found or found[key][0] <= number:
                found[key] = number, told
    return {key: told for key, (_, told) in found.items()}


class Replay:
    """Amounts by consignee, unit and bucket, in kilograms; what would be below zero is so in `unaccounted` only."""

    def __init__(self) -> None:
        self.cells: dict[Key, defaultdict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))

    def answer(self, key: Key, told: dict[str, Any], gone: dict[str, Fraction], short: Fraction) -> None:
        measure = told.get("measure", "")
        if measure == "m3":
            return
        cell = self.cells[key]
        there = sum(cell.values(), Fraction(0))
        claims = {name: kilograms(told.get(name, "0"), measure) or Fraction(0) for name in AMOUNTS}
        claims = {name: max(Fraction(0), amount - gone.get(name, Fraction(0))) for name, amount in claims.items()}
        claimed = sum(claims.values(), Fraction(0))
        for other in sorted(self.cells):
            if claimed > there and other != key and other[1] == key[1]:
                settles = min(claimed - there, self.cells[other]["undetermined"])
                self.cells[other]["undetermined"] -= settles
                there += settles
        on_hand = claims.pop("on_hand")
        fresh = defaultdict(Fraction, claims)
        fresh["held" if told.get("held") else "on_hand"] = on_hand
        if "quantity" in told:
            came = kilograms(told["quantity"], measure) or Fraction(0)
            fresh["short_received"] = max(Fraction(0), there + sum(gone.values(), Fraction(0)) - came)
        else:
            fresh["short_received"] = max(Fraction(0), min(short, there - claimed))
        fresh["unaccounted"] = there - sum(fresh.values(), Fraction(0))
        self.cells[key] = fresh

    def dispose(self, key: Key, out_of: list[str], amount: Fraction) -> Fraction:
        """Returns what was not there."""
        for name in out_of:
            taken = min(amount, max(Fraction(0), self.cells[key][name]))
            self.cells[key][name] -= taken
            self.cells[key]["disposed"] += taken
            amount -= taken
        return amount

    def overdraw(self, key: Key, amount: Fraction) -> None:
        self.cells[key]["disposed"] += amount
        self.cells[key]["unaccounted"] -= amount

    def told(self) -> dict[Key, dict[str, Fraction]]:
        kept = {key: {name: amount for name, amount in cell.items() if amount} for key, cell in self.cells.items()}
        return {key: cell for key, cell in kept.items() if cell}


def sources(told: dict[str, Any]) -> list[str]:
    return ["held", "on_hand"] if told["from"] == "on_hand" else [told["from"]]


@settings(max_examples=150)
@given(SEEDS)
def test_each_consignees_account_is_that_of_the_replay(seed: int) -> None:
    source = random.Random(seed)
    done = random_moves(source)
    replay, deliveries = Replay(), []
    short: dict[Key, Fraction] = defaultdict(Fraction)
    for _ in range(source.randrange(5)):
        key, sent = (source.choice(WHO), source.choice(UNITS)), source.randrange(100)
        lost = source.choice((0, 0, 5))
        arrived = Quantity(Decimal(max(0, sent - lost)), "KGM")
        deliveries.append(Delivery(*key, Quantity(Decimal(sent), "KGM"), arrived if lost else None))
        short[key] += sent - max(0, sent - lost) if lost else 0
        replay.cells[key]["unanswered"] += sent
    shipped = {key: Fraction(sum(cell.values())) for key, cell in replay.cells.items()}
    last = last_replies(done)
    for key in {*replay.cells, *last}:
        if key not in last:
            replay.cells[key]["unanswered"] -= short[key]
            replay.cells[key]["short_received"] += short[key]
        elif last[key].get("measure") == "m3":
            replay.answer(key, {}, {}, Fraction(short[key]))
        else:
            replay.answer(key, last[key], {}, Fraction(short[key]))
    for move in done:
        told = dict(move.parts)
        if move.action == "dispose" and told.get("consignee"):
            key = told["consignee"], told["unit"]
            left = replay.dispose(key, [*sources(told), "unanswered"], Fraction(told["quantity"]))
            replay.overdraw(key, left)
    rows = ledger(deliveries, standing(replies(done)), disposals(done), "KGM")
    assert {(row.consignee, row.unit): row.buckets for row in rows if row.buckets} == replay.told()
    for row in rows:
        assert sum(row.buckets.values()) == row.shipped == shipped.get((row.consignee, row.unit), 0)


@settings(max_examples=150)
@given(SEEDS)
def test_the_account_of_the_case_is_that_of_the_replay(seed: int) -> None:
    source = random.Random(seed)
    done = random_moves(source)
    stakes, replay = Stakes(), Replay()
    for key in [(who, unit) for who in ("", *WHO) for unit in UNITS]:
        for name in ("on_hand", "in_transit", "undetermined", "short_received", "unaccounted"):
            if source.random() < 0.4:
                amount = Fraction(source.randrange(1, 50), source.choice((1, 1, 3)))
                amount = -amount if name == "unaccounted" and source.random() < 0.5 else amount
                stakes.there.setdefault(key, {})[name] = amount
                replay.cells[key][name] = amount
        if key[0] and source.random() < 0.3:
            stakes.gone[key] = {source.choice(("returned", "sold", "distributed")): Fraction(source.randrange(1, 20))}
    before = sum(sum(cell.values()) for cell in stakes.there.values())
    last = last_replies(done)
    for key in sorted(last):
        short = Fraction(stakes.there.get(key, {}).get("short_received", 0))
        replay.answer(key, last[key], stakes.gone.get(key, {}), short)
    for move in done:
        told = dict(move.parts)
        if move.action == "dispose":
            amount = Fraction(told["quantity"])
            key = told.get("consignee", ""), told["unit"]
            if not key[0] and told["from"] == "returned":
                for other in sorted(replay.cells):
                    amount = replay.dispose(other, ["returned"], amount) if other[1] == key[1] else amount
            replay.overdraw(key, replay.dispose(key, sources(told), amount))
    found = settled(stakes, standing(replies(done)), disposals(done), "KGM")
    assert found.rows == replay.told()
    assert found.in_question == before == sum(found.sums().values())


@settings(max_examples=60)
@given(SEEDS)
def test_the_order_in_which_replies_come_matters_for_nothing_but_which_is_later(seed: int) -> None:
    """With dates of their own it does not matter at all."""
    source = random.Random(seed)
    dated = [
        replace(move, parts={**move.parts, "date": f"2026-04-{number:02}"})
        for number, move in enumerate(random_moves(source), 1)
        if move.action == "reply"
    ]
    mixed = source.sample(dated, len(dated))
    arrived = [replace(move, number=number, at=number) for number, move in enumerate(mixed, 1)]
    amounts = [{key: one.reply.said for key, one in standing(replies(done)).items()} for done in (dated, arrived)]
    assert amounts[0] == amounts[1]
    goods = [Delivery(WHO[0], UNITS[0], Quantity(Decimal(100), "KGM"))]
    accounts = [
        [(row.consignee, row.unit, row.buckets) for row in ledger(goods, standing(replies(done)), (), "KGM")]
        for done in (dated, arrived)
    ]
    assert accounts[0] == accounts[1]
