"""Cases in a few words each: moves as the ledger keeps them, and who got what of the thousand kilograms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from tests.end_to_end.building import site
from tests.trace.shares.stories import L, M
from tracegraph import Tracegraph
from tracegraph.model.instants import DAY, parse_instant
from tracegraph.model.quantity import Quantity
from tracegraph.recall.accounting.answering import Accounting, Parties, accounting
from tracegraph.recall.accounting.holders import Names
from tracegraph.recall.accounting.ledger import Delivery
from tracegraph.recall.accounting.written import accounting_json
from tracegraph.recall.case.actions import action_data
from tracegraph.recall.case.casefile import CaseFile
from tracegraph.recall.case.move import Move
from tracegraph.trace.register import Register
from tracegraph.trace.snapshot import Snapshot

BEGIN = parse_instant("2026-03-02", "begin")
C1, C2, C3 = (site(name) for name in ("C1", "C2", "C3"))
DELIVERIES = (
    Delivery(C1, L, Quantity(Decimal(300), "KGM"), Quantity(Decimal(295), "KGM")),
    Delivery(C2, L, Quantity(Decimal(250), "KGM")),
    Delivery(C3, M, Quantity(Decimal(400), "KGM"), Quantity(Decimal(400), "KGM")),
)
PARTIES = Parties(DELIVERIES, Names({one: one for one in (C1, C2, C3)}), frozenset({C1, C2, C3}))


def moves(*said: tuple[str, Mapping[str, Any]], state: str = "monitoring") -> tuple[Move, ...]:
    """What was done, a day after the other. What is no field of an action is added as the program would."""
    found = []
    for number, (action, parts) in enumerate(said, 1):
        data = dict(parts) if action == "scope" else action_data(action, parts)
        at = BEGIN + number * DAY
        found.append(Move("R1", number, action, state, at, number, "somebody", "admin", "why", "", data))
    return tuple(found)


def scope(units: Sequence[str]) -> tuple[str, dict[str, Any]]:
    """A scope version of these units."""
    entries: list[dict[str, Any]] = [
        {"unit": unit, "class": "affected", "grade": "stated", "distance": 0, "rules": [], "via": None, "author": ""}
        for unit in units
    ]
    made = {"number": 1, "question": {}, "known": None, "head": "", "position": None, "complete": True, "gaps": 0}
    return "scope", {**made, "classes": [], "entries": entries}


def reply(consignee: str, unit: str = L, **said: Any) -> tuple[str, dict[str, str]]:
    return "reply", {"consignee": consignee, "unit": unit} | {name: str(text) for name, text in said.items()}


def dispose(unit: str = L, quantity: object = 1, **said: Any) -> tuple[str, dict[str, str]]:
    told = {"unit": unit, "quantity": str(quantity), "method": "destroyed", "date": "2026-03-20", "measure": "kg"}
    if "out_of" in said:
        told["from"] = said.pop("out_of")
    return "dispose", told | said


def case(*said: tuple[str, Mapping[str, Any]], units: Sequence[str] = (L,), **opened: str) -> CaseFile:
    return CaseFile("R1", moves(("open", {"title": "Sprouts", **opened}), scope(units), *said))


def account(graph: Tracegraph, asked: CaseFile, parties: Parties = PARTIES, code: str | None = None) -> dict[str, Any]:
    """The account of a case on what a store knows now."""
    return told(asked, accounting(asked, Register(Snapshot.of(graph.store)), parties, code))


def told(asked: CaseFile, exact: Accounting) -> dict[str, Any]:
    """An account as it is told; whatever was said, everything adds up."""
    found = accounting_json(asked, exact)
    start = Decimal(found["start"])
    assert sum(Decimal(one["value"]) for one in found["buckets"]) == start
    assert sum(Decimal(one["value"]) for one in found["rows"]) == start
    for row in found["consignees"]:
        assert sum(Decimal(one["value"]) for one in row["buckets"]) == Decimal(row["shipped"])
    assert sum(Decimal(row["shipped"]) for row in found["consignees"]) == Decimal(found["totals"]["shipped"])
    return found


def rows(found: Mapping[str, Any]) -> dict[tuple[str, str, str], str]:
    """What is in which bucket, by consignee (empty: the owner) and unit."""
    return {
        ((row["consignee"] or "").removeprefix("urn:x-site:"), (row["unit"] or "")[-1:], row["bucket"]): row["value"]
        for row in found["rows"]
    }


def ratios(found: Mapping[str, Any]) -> dict[str, tuple[str | None, str | None, str | None]]:
    return {one["ratio"]: (one["part"], one["of"], one["value"]) for one in found["ratios"]}


def consignee(found: Mapping[str, Any], who: str, unit: str = L) -> dict[str, Any]:
    """One row of the consignees' account, its buckets by name."""
    row = next(one for one in found["consignees"] if (one["consignee"], one["unit"]) == (who, unit))
    return {**row, "buckets": {one["bucket"]: one["value"] for one in row["buckets"]}}
