"""The worked example on material accounting of claims.md, through the interface of claims."""

from __future__ import annotations

from fractions import Fraction

from tests.claims.test_material import WORKED
from tests.claims.written import world
from tracegraph.claims.finding import unverified
from tracegraph.claims.outcome import Outcome, Severity
from tracegraph.claims.running import run
from tracegraph.schemes import packs
from tracegraph.schemes.asi_coc.reading import told


def test_e19_material_accounting() -> None:
    """500 certified and 500 other in, 940 and 60 of scrap out: 470 and 30 may be claimed, 480 is 10 too many."""
    told = run(world(*WORKED), packs(("asi_coc",)), frozenset({"ASI-PCT"}))
    by_account = {finding.found.subject[1]: finding for finding in told}
    metal, scrap = by_account["COC"], by_account["SCR"]
    assert set(by_account) == {"COC", "SCR"}
    assert (metal.outcome, metal.severity) == (Outcome.FAIL, Severity.CRITICAL)
    shown = metal.to_dict()
    assert (shown["observed"], shown["limit"]) == ("480", "470")
    assert shown["formula"] == "480 <= 500 / (500 + 500) x 940 = 470"
    assert shown["text"]["en"].endswith("10 too many")
    assert [(term["name"], term["value"]) for term in shown["terms"]] == [
        ("certified in", "500"),
        ("other in", "500"),
        ("output", "940"),
        ("claimed", "480"),
        ("carried", "0"),
    ]
    assert shown["terms"][0]["records"] == [{"kind": "posting", "id": "I1"}]
    assert scrap.outcome is Outcome.PASS
    assert scrap.to_dict()["formula"] == "30 <= 500 / (500 + 500) x 60 = 30"
    assert unverified(told) == []


def test_a_sentence_says_a_limit_to_six_decimals() -> None:
    assert [str(told(Fraction(amount, 3))) for amount in (1, 2, 3)] == ["0.333333", "0.666667", "1"]
