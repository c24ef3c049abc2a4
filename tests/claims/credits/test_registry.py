"""Registries of credits against one that keeps every serial by itself."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.claims.written import world
from tracegraph.claims.credits.registry import registries

ACTIONS = st.sampled_from(["issue", "issue", "transfer", "redeem", "redeem", "cancel", "expire", "void"])
OWNERS = st.sampled_from(["farm", "brand", "trader"])
SERIALS = st.tuples(st.integers(0, 12), st.integers(0, 12)).map(sorted)
ENTRIES = st.lists(st.tuples(ACTIONS, SERIALS, OWNERS, OWNERS, st.integers(1, 9)), max_size=10)
ORDER = ["issue", "transfer", "redeem", "cancel", "expire", "void"]


def entry(id: str, action: str, first: int, last: int, day: int, **told: str) -> dict[str, str]:
    about = {"kind": "credit", "entry": id, "registry": "R", "action": action, "time": f"2026-01-0{day}"}
    return {**about, "first": str(first), "last": str(last), **told}


def serial_by_serial(rows: list[dict[str, str]]) -> tuple[dict[int, tuple[str, str]], set[tuple[str, str, int]]]:
    """Of each serial its owner and state, and the conflicts as (case, entry, serial)."""
    state: dict[int, dict[str, Any]] = {}
    conflicts = set()
    for row in sorted(rows, key=lambda one: (one["time"], ORDER.index(one["action"]), one["entry"])):
        for serial in range(int(row["first"]), int(row["last"]) + 1):
            case = applied(state, serial, row)
            if case:
                conflicts.add((case, row["entry"], serial))
    return {serial: (one["owner"], one["state"]) for serial, one in state.items()}, conflicts


def applied(state: dict[int, dict[str, Any]], serial: int, row: dict[str, str]) -> str:
    """One entry on one serial; the case of the conflict, or nothing."""
    action, known = row["action"], state.get(serial)
    if known is None:
        if action == "issue":
            state[serial] = {"owner": row["owner"], "state": "issued", "seller": None, "cancelled": False}
            return ""
        return "not_issued"
    if action == "issue":
        return "issued_twice"
    if action == "void" or (action == "expire" and known["state"] == "issued"):
        known["state"] = "void" if action == "void" else "expired"
    if action == "cancel" and not known["cancelled"]:
        known.update(state="void" if known["state"] == "void" else "cancelled", cancelled=True)
    return used(known, row) if action in ("transfer", "redeem") else ""


def used(known: dict[str, Any], row: dict[str, str]) -> str:
    redeeming = row["action"] == "redeem"
    if redeeming and known.get("redeemed"):
        return "redeemed_twice"
    if known["state"] != "issued":
        return "dead"
    if row["owner"] != known["owner"]:
        return "sold_twice" if not redeeming and known["seller"] == row["owner"] else "not_owner"
    if redeeming:
        known.update(state="redeemed", redeemed=True)
    else:
        known.update(owner=row["to"], seller=row["owner"])
    return ""


@settings(max_examples=80, deadline=None)
@given(ENTRIES)
def test_runs_of_serials_say_what_each_serial_would(entries: Any) -> None:
    rows = [
        entry(f"E{number}", action, first, last, day, owner=owner, to=to)
        for number, (action, (first, last), owner, to, day) in enumerate(entries)
    ]
    known = registries(world(*rows))
    blocks = [block for registry in known for block in registry.blocks]
    conflicts = [conflict for registry in known for conflict in registry.conflicts]
    by_serial = {
        serial: (block.owner, block.state.value) for block in blocks for serial in range(block.first, block.last + 1)
    }
    told = {(one.case, one.entry.id, serial) for one in conflicts for serial in range(one.first, one.last + 1)}
    assert (by_serial, told) == serial_by_serial(rows)
    assert all(before.last < after.first for before, after in pairwise(blocks))


def test_a_register_of_a_billion_credits_is_three_lines() -> None:
    known = world(
        entry("I", "issue", 1, 1_000_000_000, 1, owner="farm"),
        entry("T", "transfer", 500, 999, 2, owner="farm", to="brand"),
        entry("R", "redeem", 700, 999, 3, owner="brand"),
        entry("X", "cancel", 700, 999, 3, owner="brand"),
    )
    [registry] = registries(known)
    told = registry.to_dict()
    assert [(one["first"], one["last"], one["owner"], one["state"], one["entry"]) for one in told["blocks"]] == [
        (1, 499, "farm", "issued", "I"),
        (500, 699, "brand", "issued", "T"),
        (700, 999, "brand", "cancelled", "X"),
        (1000, 1_000_000_000, "farm", "issued", "I"),
    ]
    assert (told["conflicts"], told["unreadable"], told["blocks"][2]["count"]) == ([], [], 300)


def test_conflicts_name_both_entries_and_are_joined() -> None:
    known = world(
        entry("I", "issue", 1, 10, 1, owner="farm"),
        entry("T", "transfer", 1, 5, 2, owner="farm", to="brand"),
        entry("R1", "redeem", 1, 10, 3),
        entry("R2", "redeem", 1, 10, 4),
        entry("R3", "redeem", 9, 11, 5),
        {**entry("R4", "redeem", 1, 1, 6), "first": "1.5", "last": "2"},
    )
    told = registries(known)[0].to_dict()
    shown = [(one["case"], one["entry"], one["earlier"], one["first"], one["last"]) for one in told["conflicts"]]
    assert shown == [
        ("redeemed_twice", "R2", "R1", 1, 10),
        ("redeemed_twice", "R3", "R1", 9, 10),
        ("not_issued", "R3", None, 11, 11),
    ]
    assert told["unreadable"] == ["R4"]
