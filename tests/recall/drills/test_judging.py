"""Pass or fail against targets, on the limit and beside it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tracegraph.errors import UsageError
from tracegraph.recall.drills.judging import Found, found_of, judged
from tracegraph.recall.drills.targets import HOUR, STAMPS, chosen, targets


def outcome(name: str, stamps: dict[str, int], found: Found | None = None) -> str:
    (told,) = judged(chosen([name], ""), stamps, found)
    return str(told["outcome"])


def test_every_target_says_where_it_is_from() -> None:
    for target in targets().values():
        assert target.source
        assert len(target.date) == 10
        assert set(target.name) == {"en", "zh"}
        assert target.stamp in STAMPS[1:] if target.is_time else target.least <= 100 <= target.most


@pytest.mark.parametrize(("after", "expected"), [(0, "pass"), (4 * HOUR, "pass"), (4 * HOUR + 1, "fail")])
def test_exactly_at_the_limit_is_in_time(after: int, expected: str) -> None:
    assert outcome("brcgs_4h", {"start": 5, "reconciled": 5 + after}) == expected


def test_a_stamp_that_is_not_there_is_open() -> None:
    assert outcome("brcgs_4h", {"start": 5, "complete_scope": 6}) == "open"
    assert outcome("weighed", {"start": 5}) == "open"
    assert outcome("weighed", {"start": 5}, Found("KGM", Decimal(0), Decimal(0))) == "open"


@pytest.mark.parametrize(
    ("name", "found", "expected"),
    [
        ("packaged", "1000", "pass"),
        ("packaged", "999", "fail"),
        ("packaged", "1001", "fail"),
        ("weighed", "990", "pass"),
        ("weighed", "989.999", "fail"),
        ("weighed", "1010", "pass"),
        ("bulk", "950", "pass"),
        ("bulk", "1050.001", "fail"),
        ("processor", "995", "pass"),
        ("processor", "994.9", "fail"),
    ],
)
def test_balances(name: str, found: str, expected: str) -> None:
    assert outcome(name, {"start": 0}, Found("KGM", Decimal(1000), Decimal(found))) == expected


def test_found_is_all_but_what_is_missing_or_open() -> None:
    def account(**buckets: str) -> dict[str, Any]:
        told = [{"bucket": name, "value": value} for name, value in buckets.items()]
        return {"unit": "KGM", "start": str(sum(map(Decimal, buckets.values()))), "buckets": told}

    assert found_of(account(on_hand="60", unaccounted="30", undetermined="10")).percent == 60
    assert found_of(account(on_hand="105", unaccounted="-5")).percent == 105  # a surplus was found


def test_without_names_all_times_count_and_the_balance_that_suits() -> None:
    assert [one.id for one in chosen([], "mass")] == ["brcgs_4h", "customer_2h", "authority_24h", "fsma_24h", "weighed"]
    assert chosen([], "count")[-1].id == "packaged"
    assert all(one.is_time for one in chosen([], ""))
    with pytest.raises(UsageError, match="'soon' is no target of a drill; choose among brcgs_4h"):
        chosen(["soon"], "")
