"""The worked examples of accounts, through the replay of accounts itself and not through a vector."""

from __future__ import annotations

from decimal import Decimal

from tests.claims.written import at, world
from tracegraph.claims.accounts.ledger import series
from tracegraph.claims.accounts.replay import Series
from tracegraph.claims.finding import Finding
from tracegraph.claims.outcome import Outcome
from tracegraph.claims.running import run
from tracegraph.claims.world import World
from tracegraph.model.instants import instant_text
from tracegraph.schemes import packs


def account(**told: str) -> dict[str, str]:
    about = {"account": "A", "boundary": "mill", "product": "p", "input": "x", "unit": "TNE", "formula": "1"}
    return {"kind": "account", **about, "from": "2023-01-01", **told}


def posting(id: str, direction: str, quantity: str, time: str, **told: str) -> dict[str, str]:
    about = {"posting": id, "account": "A", "direction": direction, "quantity": quantity, "unit": "TNE"}
    return {"kind": "posting", **about, "time": time, **told}


def factor(value: str, **told: str) -> dict[str, str]:
    about = {"factor": "F", "site": "mill", "input": "x", "output": "p", "value": value, "from": "2023-01-01"}
    return {"kind": "factor", **about, **told}


def replayed(known: World, id: str = "A") -> Series:
    row = known.row("account", id)
    assert row is not None
    found = series(known, row)
    assert found is not None
    return found


def balances(known: World, id: str = "A") -> list[Decimal]:
    found = replayed(known, id)
    return [found.amount(step.after) for step in found.steps]


def findings(known: World, rule: str) -> list[Finding]:
    return run(known, packs(("iso22095",)), frozenset({f"ISO22095-{rule}"}))


def failures(known: World, rule: str) -> list[Finding]:
    return [one for one in findings(known, rule) if one.outcome is Outcome.FAIL]


def numbers(*texts: str) -> list[Decimal]:
    return [Decimal(text) for text in texts]


UNITS = {"input_unit": "MTQ", "output_unit": "TNE"}


def test_e1_annex_c_by_formula_2() -> None:
    known = world(
        account(unit="MTQ", formula="2"),
        factor("0.25", **UNITS),
        posting("P1", "opening", "25", "2025-01-01", unit="MTQ"),
        posting("P2", "in", "5", "2025-01-10", unit="MTQ"),
        posting("P3", "out", "2", "2025-01-20", factor="F"),
    )
    assert balances(known) == numbers("25", "30", "22")


def test_e2_annex_c_by_formula_1_is_the_same_times_the_factor() -> None:
    known = world(
        account(),
        factor("0.25", **UNITS),
        posting("P1", "opening", "6.25", "2025-01-01"),
        posting("P2", "in", "5", "2025-01-10", unit="MTQ", factor="F"),
        posting("P3", "out", "2", "2025-01-20"),
    )
    assert balances(known) == numbers("6.25", "7.5", "5.5")
    assert balances(known)[-1] == Decimal(22) * Decimal("0.25")


def test_e2_after_a_revision_old_credits_keep_the_factor_of_their_entry() -> None:
    revised = [factor("0.25", to="2025-01-31"), {**factor("0.2"), "factor": "G", "from": "2025-02-01"}]
    entry = world(
        account(),
        *revised,
        posting("P1", "in", "8", "2025-01-10", factor="F"),
        posting("P2", "out", "1", "2025-02-10"),
    )
    leaving = world(
        account(formula="2"),
        *revised,
        posting("P1", "in", "8", "2025-01-10"),
        posting("P2", "out", "1", "2025-02-10", factor="G"),
    )
    assert balances(entry) == numbers("2", "1")
    assert balances(leaving) == numbers("8", "3")  # at 0.2 that is worth 0.6 and no longer 1


def test_e3_fat_to_ethylene() -> None:
    rows = [
        account(product="ethylene", input="fat"),
        factor("0.8", input="fat", output="ethylene"),
        posting("P1", "in", "100", "2025-01-10", product="fat", factor="F", credited="64"),
        posting("P2", "out", "100", "2025-02-10"),
    ]
    assert balances(world(*rows)) == numbers("80", "-20")
    at_end, overdrawn = (one.found for one in failures(world(*rows), "5.4.2.2.2-NO-OVERDRAW"))
    assert (at_end.case, at_end.observed) == ("end_fail", Decimal(-20))
    assert (overdrawn.observed, overdrawn.limit, overdrawn.formula) == (
        Decimal(-20),
        "0",
        "C_b = 80 - 100 = -20 < 0",
    )
    twice = failures(world(*rows), "C.1-FORMULA")[0].found
    assert (twice.observed, twice.limit, twice.formula) == (Decimal(64), Decimal(80), "100 * 0.8 = 80")


def test_e4_palm() -> None:
    def sold(quantity: str) -> World:
        return world(
            account(),
            posting("P1", "in", "40", "2025-01-10", document="D"),
            posting("P2", "out", quantity, "2025-02-01"),
        )

    assert balances(sold("40"))[-1] == 0
    assert failures(sold("40"), "5.4.2.3-RECON") == failures(sold("40"), "5.4.2.2.2-NO-OVERDRAW") == []
    found = failures(sold("41"), "5.4.2.3-RECON")[0].found
    assert (found.observed, found.limit, found.words["excess"]) == (Decimal(41), Decimal(40), Decimal(1))
    assert failures(sold("41"), "5.4.2.2.2-NO-OVERDRAW")[0].found.observed == Decimal(-1)


def test_e10_expiry() -> None:
    known = world(
        account(expiry_months="24"),
        posting("P1", "in", "10", "2024-01-15"),
        posting("P2", "in", "5", "2025-03-01"),
        posting("P3", "out", "12", "2026-02-01"),
    )
    assert balances(known) == numbers("10", "15", "5", "-7")
    lapsed, withdrawn = replayed(known).steps[2:]
    assert (lapsed.posting, instant_text(lapsed.time)) == (None, "2026-01-15T00:00:00Z")
    assert (withdrawn.short, withdrawn.expired) == (7, 7)
    breach = failures(known, "5.4.2.2.2-EXPIRY")[0].found
    assert (breach.formula, breach.limit) == ("12 - 5 = 7", Decimal(5))
    assert [row.shown()["id"] for row in breach.terms[2].records] == ["P1"]
    without = world(
        account(),
        posting("P1", "in", "10", "2024-01-15"),
        posting("P2", "in", "5", "2025-03-01"),
        posting("P3", "out", "12", "2026-02-01"),
    )
    assert balances(without)[-1] == 3


def test_e11_backdating() -> None:
    known_then = [
        account(),
        posting("P1", "in", "10", "2026-01-10"),
        posting("P2", "out", "8", "2026-02-01"),
        posting("P3", "in", "10", "2026-02-20"),
    ]
    now = world(*known_then, posting("P4", "out", "5", "2026-01-20"))
    assert balances(world(*known_then)) == numbers("10", "2", "12")
    assert balances(now) == numbers("10", "5", "-3", "7")
    found = failures(now, "5.4.2.2.2-NO-OVERDRAW")
    assert [one.found.detected for one in found] == [at("2026-02-01")]
    ends = [one for one in findings(now, "5.4.2.2.2-NO-OVERDRAW") if one.outcome is Outcome.PASS]
    assert [one.found.observed for one in ends] == [Decimal(7)]
