"""Random ledgers against a replay that shares no code, and what must hold of every one of them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.claims.naive_account import balances, segregated
from tests.claims.written import world
from tracegraph.claims.accounts.ledger import series
from tracegraph.claims.accounts.replay import Series
from tracegraph.claims.world import World

DAYS = st.integers(0, 40)
QUANTITIES = st.decimals("0.001", "50", places=3)
DIRECTIONS = st.sampled_from(["opening", "in", "in", "out", "out", "correction_in", "correction_out"])
POSTINGS = st.lists(st.tuples(DIRECTIONS, QUANTITIES, DAYS, st.none() | st.integers(1, 30)), max_size=10)
FACTORS = st.sampled_from([Decimal("0.3"), Decimal("0.7"), Decimal("3"), Decimal("0.25")])


def on(day: int) -> str:
    return (date(2026, 1, 1) + timedelta(days=day)).isoformat()


def account(**told: str) -> dict[str, str]:
    about = {"account": "A", "boundary": "mill", "product": "p", "input": "x", "unit": "TNE", "formula": "1"}
    return {"kind": "account", **about, "from": "2025-01-01", **told}


def row(id: str, direction: str, quantity: Decimal, day: int, **told: str) -> dict[str, str]:
    about = {"kind": "posting", "posting": id, "account": "A", "direction": direction, "unit": "TNE"}
    return {**about, "quantity": str(quantity), "time": on(day), **told}


def with_factor(posting: dict[str, str], direction: str) -> dict[str, str]:
    return {**posting, "factor": "F"} if posting["direction"] == direction else posting


def replayed(known: World) -> Series:
    found = series(known, known.rows("account")[0])
    assert found is not None
    return found


def after_postings(found: Series) -> list[tuple[str, Fraction]]:
    return [(step.posting.id, found.exactly(step.after)) for step in found.steps if step.posting is not None]


def moves_of(known: World) -> list[tuple[str | None, int, Fraction, Fraction]]:
    """Every step: whose posting, when, the change and the balance after it."""
    found = replayed(known)
    names = [None if step.posting is None else step.posting.id for step in found.steps]
    amounts = [(step.time, found.exactly(step.change), found.exactly(step.after)) for step in found.steps]
    return [(name, *amount) for name, amount in zip(names, amounts, strict=True)]


def written(postings: list[tuple[str, Decimal, int, int | None]]) -> tuple[list[dict[str, str]], list[dict[str, Any]]]:
    """The same postings for tracegraph and for the naive replay."""
    rows, naive = [], []
    for number, (direction, quantity, day, expires) in enumerate(postings):
        incoming = direction not in ("out", "correction_out") and expires is not None
        told = {"expires": on(day + expires)} if incoming and expires is not None else {}
        rows.append(row(f"P{number:02}", direction, quantity, day, **told))
        one = {"id": f"P{number:02}", "direction": direction, "quantity": Fraction(quantity), "day": day}
        naive.append({**one, "expires": day + (expires or 0)} if told else one)
    return rows, naive


@settings(max_examples=25, deadline=None)
@given(POSTINGS)
def test_balances_are_those_of_a_naive_replay(postings: list[tuple[str, Decimal, int, int | None]]) -> None:
    rows, naive = written(postings)
    assert after_postings(replayed(world(account(), *rows))) == balances(naive)


@settings(max_examples=25, deadline=None)
@given(POSTINGS, st.randoms(use_true_random=False))
def test_the_order_in_which_postings_arrive_changes_nothing(postings: Any, shuffled: Any) -> None:
    rows, _ = written(postings)
    turned = list(rows)
    shuffled.shuffle(turned)
    assert moves_of(world(account(), *rows)) == moves_of(world(account(), *turned))


@settings(max_examples=25, deadline=None)
@given(POSTINGS, st.sets(st.integers(0, 9)), DAYS)
def test_what_is_reversed_was_never_posted(postings: Any, chosen: set[int], day: int) -> None:
    rows, _ = written(postings)
    gone = [rows[number] for number in sorted(chosen) if number < len(rows)]
    kept = [one for one in rows if one not in gone]
    reversals = [{**one, "posting": f"R{one['posting']}", "time": on(day), "reverses": one["posting"]} for one in gone]
    assert moves_of(world(account(), *rows, *reversals)) == moves_of(world(account(), *kept))


@settings(max_examples=25, deadline=None)
@given(POSTINGS, st.integers(0, 9))
def test_a_reversed_reversal_does_nothing(postings: Any, number: int) -> None:
    rows, _ = written(postings)
    if number >= len(rows):
        return
    first = {**rows[number], "posting": "R1", "reverses": rows[number]["posting"]}
    second = {**rows[number], "posting": "R2", "reverses": "R1"}
    assert moves_of(world(account(), *rows, first, second)) == moves_of(world(account(), *rows))


@settings(max_examples=25, deadline=None)
@given(FACTORS, st.lists(st.tuples(st.sampled_from(["in", "out"]), QUANTITIES, DAYS), max_size=8))
def test_formulas_1_and_2_agree_while_the_factor_is_constant(factor: Decimal, moves: Any) -> None:
    about = {"kind": "factor", "factor": "F", "site": "mill", "input": "x", "output": "p", "from": "2025-01-01"}
    known = {**about, "value": str(factor)}
    first = [with_factor(row(f"P{number:02}", *move), "in") for number, move in enumerate(moves)]
    second = [with_factor(row(f"P{number:02}", *move), "out") for number, move in enumerate(moves)]
    outputs = replayed(world(account(), known, *first))
    inputs = replayed(world(account(formula="2"), known, *second))
    assert [amount for _, amount in after_postings(outputs)] == [
        amount * Fraction(factor) for _, amount in after_postings(inputs)
    ]


@settings(max_examples=25, deadline=None)
@given(
    FACTORS,
    st.lists(st.tuples(DAYS, st.sampled_from(["in", "out"]), QUANTITIES), max_size=8, unique_by=lambda m: m[0]),
)
def test_no_more_leaves_an_account_than_a_plant_that_keeps_goods_apart_could_deliver(
    factor: Decimal, moves: Any
) -> None:
    """Whatever a ledger that is never below zero gave out, separated goods would have covered: at every step."""
    about = {"kind": "factor", "factor": "F", "site": "mill", "input": "x", "output": "p", "from": "2025-01-01"}
    rows = [with_factor(row(f"P{day:02}", direction, quantity, day), "in") for day, direction, quantity in moves]
    found = after_postings(replayed(world(account(), {**about, "value": str(factor)}, *rows)))
    apart = segregated([(day, direction, Fraction(quantity)) for day, direction, quantity in moves], Fraction(factor))
    below = next((place for place, (_, amount) in enumerate(found) if amount < 0), len(found))
    assert [amount for _, amount in found[:below]] == apart[:below]
    assert all(amount <= could for (_, amount), could in zip(found, apart, strict=True))


@settings(max_examples=25, deadline=None)
@given(QUANTITIES, st.sampled_from(["KGM", "GRM", "LBR", "STN"]))
def test_units_there_and_back_lose_nothing(quantity: Decimal, unit: str) -> None:
    """What comes in in one unit and leaves in another leaves nothing behind, not the least part."""
    there = {**row("P0", "in", quantity, 1), "unit": unit}
    back = {**row("P1", "out", quantity, 2), "unit": unit}
    assert [amount for _, amount in after_postings(replayed(world(account(), there, back)))][1] == 0


def test_thirds_add_up_to_the_whole() -> None:
    about = {"kind": "factor", "factor": "F", "site": "mill", "input": "x", "output": "p", "from": "2025-01-01"}
    outs = [row(f"P{day}", "out", Decimal(2), day, factor="F") for day in (1, 2, 3)]
    found = replayed(world(account(formula="2"), {**about, "value": "3"}, row("P0", "in", Decimal(2), 0), *outs))
    assert [found.exactly(step.after) for step in found.steps] == [2, Fraction(4, 3), Fraction(2, 3), 0]
    assert str(found.amount(found.steps[1].after)) == "1." + "3" * 49
    assert str(found.amount(found.steps[2].after)) == "0." + "6" * 49 + "7"
