"""The worked examples on models, each with its numbers, asked of the rules themselves."""

from __future__ import annotations

from typing import Any

from tests.claims.written import world
from tracegraph.claims.finding import Finding
from tracegraph.claims.outcome import Severity
from tracegraph.claims.pack import pack_of
from tracegraph.claims.running import run

ISO = pack_of("tracegraph.schemes.iso22095")


def said(rule: str, *records: dict[str, Any]) -> dict[str, Finding]:
    """What one rule finds of each subject."""
    found = run(world(*records), [ISO], frozenset({f"ISO22095-{rule}"}))
    return {finding.found.subject[1]: finding for finding in found}


def claim(id: str, model: str, **told: Any) -> dict[str, Any]:
    return {"kind": "claim", "claim": id, "model": model, "made": "2026-01-02", **told}


def on(id: str, behind: str, by: str = "claim", **told: Any) -> dict[str, Any]:
    return {"kind": "support", "claim": id, "by": by, "reference": behind, **told}


def test_e8_rebar() -> None:
    stages = [claim("MILL", "cb"), claim("DEALER", "ip"), on("DEALER", "MILL")]
    whole = [claim("TRUE", "cb", chain="yes"), on("TRUE", "DEALER"), claim("PROUD", "ip", chain="yes")]
    found = said("5.1-CHAIN-CLAIM", *stages, *whole, on("PROUD", "DEALER"))
    assert {id: finding.outcome.value for id, finding in found.items()} == {"TRUE": "PASS", "PROUD": "FAIL"}
    proud = found["PROUD"].found
    assert (proud.observed, proud.limit) == ("IP", "CB")
    assert proud.formula == "rank(IP) = 5 <= min(rank(DEALER: IP) = 5, rank(MILL: CB) = 3)"


def test_e9_order() -> None:
    supported = [("SG", "mb"), ("MB", "bc"), ("BC", "ip")]
    records = [
        one
        for out, behind in supported
        for one in (claim(out, out.lower()), claim(f"{out}-IN", behind), on(out, f"{out}-IN"))
    ]
    order = said("5.1-MODEL-ORDER", *records)
    assert {out: order[out].outcome.value for out, _ in supported} == {"SG": "FAIL", "MB": "FAIL", "BC": "PASS"}
    assert order["SG"].found.formula == "rank(SG) = 4 <= rank(MB) = 2"
    exits = said("5.1-BC-NO-EXIT", *records)
    assert set(exits) == {"MB"}
    assert (exits["MB"].outcome.value, exits["MB"].severity) == ("FAIL", Severity.CRITICAL)
