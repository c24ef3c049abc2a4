"""A posting that became known late: reports as known then and as known now differ where it matters, and only there."""

from __future__ import annotations

from pathlib import Path

from tracegraph.claims.accounts.statement import statement
from tracegraph.claims.finding import Finding
from tracegraph.claims.running import run
from tracegraph.claims.world import StoredRecords, World
from tracegraph.model.instants import parse_instant
from tracegraph.model.record_kinds import record_of
from tracegraph.schemes import packs
from tracegraph.stores import open_store
from tracegraph.stores.port import NewEntry, Store
from tracegraph.trace.snapshot import Snapshot

ACCOUNT = {"account": "A", "boundary": "mill", "product": "p", "input": "x", "unit": "TNE", "formula": "1"}


def posting(id: str, direction: str, quantity: str, time: str) -> dict[str, str]:
    about = {"posting": id, "account": "A", "direction": direction, "quantity": quantity, "unit": "TNE"}
    return {**about, "time": time, "document": "D"}


def put(store: Store, recorded: str, *told: tuple[str, dict[str, str]]) -> None:
    with store.write() as change:
        records = [record_of(kind, fields) for kind, fields in told]
        entries = [NewEntry(f"{one.kind} {one.id}".encode(), record=one) for one in records]
        change.append(entries, parse_instant(recorded, "recorded"), "test")


def known_at(store: Store, instant: str | None) -> World:
    as_of = None if instant is None else parse_instant(instant, "as_of", "end")
    return World(StoredRecords(Snapshot.of(store, as_of)))


def found(world: World) -> dict[tuple[str, str, str], Finding]:
    findings = run(world, packs(("iso22095",)))
    return {(one.rule, one.found.case, one.found.subject[1]): one for one in findings}


def outcomes(world: World) -> dict[tuple[str, str, str], tuple[str, str]]:
    return {key: (one.outcome.value, str(one.found.observed)) for key, one in found(world).items()}


def test_as_known_then_and_as_known_now(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    put(
        store,
        "2026-03-01",
        ("account", {**ACCOUNT, "from": "2026-01-01"}),
        ("posting", posting("P1", "in", "10", "2026-01-10")),
        ("posting", posting("P2", "out", "8", "2026-02-01")),
        ("posting", posting("P3", "in", "10", "2026-02-20")),
    )
    put(store, "2026-04-01", ("posting", posting("P4", "out", "5", "2026-01-20")))
    then, now = known_at(store, "2026-03-31"), known_at(store, None)
    assert [step.after for step in statement(then, "A").steps] == [10, 2, 12]
    assert [step.after for step in statement(now, "A").steps] == [10, 5, -3, 7]
    before, after = outcomes(then), outcomes(now)
    overdraw, sums = "ISO22095-5.4.2.2.2-NO-OVERDRAW", "ISO22095-5.4.2.3-RECON"
    assert {key for key in before if before[key] != after[key]} == {
        (overdraw, "", "A"),
        (overdraw, "end_pass", "A"),
        (sums, "", "A"),
    }
    assert (before[overdraw, "", "A"], after[overdraw, "", "A"]) == (("PASS", "2"), ("FAIL", "-3"))
    assert (before[overdraw, "end_pass", "A"], after[overdraw, "end_pass", "A"]) == (("PASS", "12"), ("PASS", "7"))
    assert (before[sums, "", "A"], after[sums, "", "A"]) == (("PASS", "8"), ("PASS", "13"))
    store.close()


def test_what_was_posted_into_a_closed_period_after_its_closing_is_told(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    put(
        store,
        "2026-02-02",
        ("account", {**ACCOUNT, "from": "2026-01-01", "period_months": "1", "evaluation_months": "12"}),
        ("posting", posting("P1", "in", "10", "2026-01-10")),
        ("period", {"account": "A", "from": "2026-01-01", "to": "2026-01-31"}),
    )
    put(store, "2026-02-03", ("posting", posting("P2", "in", "1", "2026-01-31")))
    put(store, "2026-02-04", ("posting", posting("P3", "in", "1", "2026-02-01")))
    key = ("ISO22095-5.4.2.2.2-PERIOD", "frozen", "P2")
    assert key not in found(known_at(store, "2026-02-02"))
    assert found(known_at(store, None))[key].outcome.value == "FAIL"
    assert [one for one in found(known_at(store, None)) if one[1] == "frozen"] == [key]
    store.close()
