"""The worked examples of rolling averages and of book and claim, through what computes them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from tests.claims.written import at, world
from tracegraph.claims.accounts.rolling import average
from tracegraph.claims.credits.channels import channels
from tracegraph.claims.credits.registry import registries


def stock(id: str, first: str, last: str, specified: str, received: str) -> dict[str, str]:
    about = {"kind": "stock", "stock": id, "site": "mill", "unit": "TNE", "from": first, "to": last}
    return {**about, "specified": specified, "received": received}


def credit(id: str, action: str, first: int, last: int, time: str, **told: str) -> dict[str, str]:
    about = {"kind": "credit", "entry": id, "registry": "R", "action": action, "first": str(first), "last": str(last)}
    return {**about, "time": time, **told}


def test_e7_rolling_average() -> None:
    months = world(
        stock("S1", "2026-01-01", "2026-01-31", "20", "100"),
        stock("S2", "2026-02-01", "2026-02-28", "90", "150"),
        stock("S3", "2026-03-01", "2026-03-31", "10", "50"),
        stock("S4", "2026-04-01", "2026-04-30", "0", "100"),
    ).rows("stock")
    first = average(months, at("2026-01-01"), at("2026-04-01") - 1)
    assert (first.specified, first.total, first.gap) == (Fraction(120), Fraction(300), None)
    assert first.percent == 40
    after = average(months, at("2026-02-01"), at("2026-05-01") - 1)
    assert (after.specified, after.total, after.percent) == (Fraction(100), Fraction(300), Fraction(100, 3))
    means = [Fraction(row.data["specified"]) / Fraction(row.data["received"]) for row in first.statements]
    assert 100 * sum(means) / 3 == Fraction(100, 3) != first.percent


def test_e19_serials() -> None:
    known = world(
        credit("I", "issue", 1, 100, "2026-01-01", owner="farm"),
        credit("R1", "redeem", 1, 60, "2026-02-01", owner="farm"),
        credit("R2", "redeem", 51, 100, "2026-03-01", owner="farm"),
    )
    [registry] = registries(known)
    assert [(one.case, one.first, one.last, one.count) for one in registry.conflicts] == [
        ("redeemed_twice", 51, 60, 10)
    ]
    redeemed = [(block.first, block.last, block.redemption.id) for block in registry.blocks if block.redemption]
    assert redeemed == [(1, 50, "R1"), (51, 60, "R1"), (61, 100, "R2")]


def test_e19_smallholder() -> None:
    sold = {"kind": "claim", "claim": "C", "party": "farm", "model": "mb", "quantity": "700", "unit": "TNE"}
    known = world(
        credit("I", "issue", 1, 400, "2026-01-01", owner="farm", volume="1000", unit="TNE", market="M"),
        {**sold, "made": "2026-02-01", "sold": "yes"},
    )
    [channel] = channels(known, Decimal(1))
    assert [channel.certified, channel.credits, channel.physical, channel.over] == [1000, 400, 700, 100]
