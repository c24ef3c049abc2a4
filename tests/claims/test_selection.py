"""Which findings are about a claim: also those on what was posted for it, and not on what was posted for others."""

from __future__ import annotations

from tests.claims.written import world
from tracegraph.claims.answering import checked
from tracegraph.claims.question import ClaimsQuestion
from tracegraph.claims.running import run
from tracegraph.claims.selection import Deciding
from tracegraph.schemes import packs

ACCOUNT = {"account": "A", "boundary": "mill", "product": "p", "input": "x", "unit": "TNE", "formula": "1"}


def posting(id: str, direction: str, quantity: str, time: str, **told: str) -> dict[str, str]:
    about = {"kind": "posting", "posting": id, "account": "A", "direction": direction, "unit": "TNE"}
    return {**about, "quantity": quantity, "time": time, **told}


def test_a_withdrawal_of_expired_credits_is_about_the_claim_that_it_was_made_for() -> None:
    known = world(
        {"kind": "account", **ACCOUNT, "from": "2023-01-01", "expiry_months": "24"},
        posting("P1", "in", "10", "2024-01-15"),
        posting("P2", "in", "5", "2026-01-20"),
        posting("P3", "out", "5", "2026-02-01", claim="C1"),
        posting("P4", "out", "5", "2026-02-02", claim="C2"),
        posting("P5", "out", "5", "2026-02-03"),
        *({"kind": "claim", "claim": id, "account": "A", "made": "2026-02-01"} for id in ("C1", "C2")),
        {"kind": "claim", "claim": "C3", "made": "2026-02-01"},
    )
    findings = run(known, packs(("iso22095",)), frozenset({"ISO22095-5.4.2.2.2-EXPIRY"}))
    about = {row.id: [one.found.subject[1] for one in Deciding(findings).of_claim(row)] for row in known.rows("claim")}
    assert [one.found.subject[1] for one in findings] == ["P4", "P5"]
    assert about == {"C1": ["P5"], "C2": ["P4", "P5"], "C3": []}


def test_a_verdict_is_the_same_however_it_is_asked_for_and_its_findings_are_told() -> None:
    known = world(
        {"kind": "account", **ACCOUNT, "from": "2026-01-01"},
        posting("P1", "in", "5", "2026-01-20"),
        posting("P2", "out", "6", "2026-02-01", claim="C1"),
        *({"kind": "claim", "claim": id, "account": "A", "made": "2026-02-01"} for id in ("C1", "C2")),
        {"kind": "claim", "claim": "C3", "made": "2026-02-01"},
    )
    overdraw, pack = "ISO22095-5.4.2.2.2-NO-OVERDRAW", packs(("iso22095",))
    whole = checked(known, ClaimsQuestion(), pack)["claims"]
    assert [one["verdict"] for one in whole] == ["not_supported", "not_supported", "not_evaluable"]
    for about, at in ((("C2",), slice(1, 2)), (("C3",), slice(2, 3)), (("A",), slice(0, 2))):
        asked = checked(known, ClaimsQuestion(about=about), pack)
        assert asked["claims"] == whole[at]
        told = {(one["subject"]["id"], one["outcome"]) for one in asked["findings"] if one["rule"] == overdraw}
        assert told == (set() if about == ("C3",) else {("A", "FAIL")})
