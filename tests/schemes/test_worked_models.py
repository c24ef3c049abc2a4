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


def test_e4_palm_segregated() -> None:
    held = {"charset": "K", "quantity": "1", "unit": "TNE"}
    posted = {"kind": "posting", "posting": "P", "account": "A", "direction": "out", "unit": "TNE", "quantity": "1"}
    records = [
        claim("MIXED", "sg", **held),
        on("MIXED", "IN", quantity="40", unit="TNE"),
        on("MIXED", "urn:x:lot:plain", "goods", quantity="60", unit="TNE"),
        claim("IN", "sg", charset="K"),
        claim("BOOKED", "sg", **held),
        on("BOOKED", "P", "posting", quantity="1", unit="TNE"),
        {**posted, "time": "2026-01-02"},
    ]
    pure = said("5.3.2-PURITY", *records)
    assert (pure["MIXED"].outcome.value, pure["MIXED"].severity) == ("FAIL", Severity.CRITICAL)
    assert pure["MIXED"].found.formula == "60 TNE <= 0"
    assert str(pure["BOOKED"].found.observed) == "1"
    order = said("5.1-MODEL-ORDER", *records)["BOOKED"].found
    assert (order.outcome.value, order.observed, order.limit) == ("FAIL", "SG", "MB")


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


def entry(id: str, action: str, hour: int, **told: Any) -> dict[str, Any]:
    time = f"2026-01-02T{hour:02}:00:00Z"
    return {"kind": "blend", "entry": id, "vessel": "T", "action": action, "time": time, **told}


def tonnes(quantity: str, percent: str) -> dict[str, str]:
    return {"quantity": quantity, "unit": "TNE", "percent": percent}


def test_e5_juice() -> None:
    measured = [entry(f"M{n}", "measure", 8, container=f"C{n}", percent=p) for n, p in enumerate(("54", "50", "46"))]
    judged = said("5.4.1-UNIFORM", claim("J", "cb", percent="50"), entry("D", "dispatch", 9, claim="J"), *measured)["J"]
    assert judged.outcome.value == "FAIL"
    assert judged.found.formula == "min(54, 50, 46) >= 50"
    assert judged.text["en"].endswith("C2 (lowest 46 %, mean 50 %)")


def test_e6_heel() -> None:
    filled = [
        entry("1", "heel", 6, **tonnes("20", "50")),
        entry("2", "add", 7, **tonnes("30", "100")),
        entry("3", "add", 8, **tonnes("70", "0")),
    ]
    claims = [claim("FINE", "cb", percent="33.3"), claim("HIGH", "cb", percent="34")]
    left = [entry(f"D{id}", "dispatch", 9, claim=id, quantity="0", unit="TNE") for id in ("FINE", "HIGH")]
    found = said("5.4.1-PCT", *claims, *filled, *left)
    assert {id: finding.outcome.value for id, finding in found.items()} == {"FINE": "PASS", "HIGH": "FAIL"}
    assert found["FINE"].found.formula == "33.3 <= 100 * 40 / 120"
    assert str(found["HIGH"].found.limit) == "33.33"
    assert [(term.name, str(term.value), term.unit) for term in found["HIGH"].found.terms] == [
        ("specified", "40", "TNE"),
        ("all", "120", "TNE"),
    ]
