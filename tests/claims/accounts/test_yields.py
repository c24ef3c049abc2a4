"""Yields beside conversion factors, in order of time."""

from __future__ import annotations

from tests.claims.written import world
from tracegraph.claims.accounts.yields import factors


def stock(id: str, first: str, last: str, used: str, produced: str, **told: str) -> dict[str, str]:
    about = {"kind": "stock", "stock": id, "site": "mill", "product": "p", "unit": "TNE", "from": first, "to": last}
    return {**about, "used": used, "produced": produced, **told}


def factor(id: str, value: str, first: str, **told: str) -> dict[str, str]:
    about = {"kind": "factor", "factor": id, "site": "mill", "input": "x", "output": "p", "value": value}
    return {**about, "from": first, **told}


def test_the_register_shows_each_yield_and_its_drift() -> None:
    known = world(
        factor("F", "0.8", "2026-01-01", to="2026-02-28"),
        factor("G", "0.25", "2026-03-01", input_unit="MTQ", output_unit="KGM"),
        stock("S2", "2026-02-01", "2026-02-28", "100", "84"),
        stock("S1", "2026-01-01", "2026-01-31", "100", "80"),
        stock("S3", "2026-03-01", "2026-03-31", "1000", "0.2", input_unit="MTQ"),
        stock("S4", "2026-03-01", "2026-03-31", "0", "1", input_unit="MTQ"),
        stock("S5", "2026-03-01", "2026-03-31", "5", "1"),
        {**stock("S6", "2026-01-01", "2026-01-31", "5", "1"), "site": "other"},
        stock("S7", "2026-01-01", "2026-01-31", "5", "1", input="y"),
    )
    first, second = factors(known)
    assert [(one["stock"], one["yield"], one["drift"]) for one in first["yields"]] == [
        ("S1", "0.8", "0"),
        ("S2", "0.84", "0.05"),
    ]
    assert [(one["stock"], one["yield"], one["drift"]) for one in second["yields"]] == [("S3", "0.2", "-0.2")]
    assert (first["value"], first["to"], first["tolerance"], second["input_unit"]) == ("0.8", "2026-02-28", None, "MTQ")
    assert first["yields"][0]["from"] == "2026-01-01T00:00:00Z"
    assert first["yields"][0]["to"] == "2026-01-31T23:59:59.999999Z"
