from __future__ import annotations

import pytest

from tests.claims.written import at
from tracegraph.claims.calendar import days_later, months_later, year_of


@pytest.mark.parametrize(
    ("start", "months", "due"),
    [
        ("2024-02-29", 24, "2026-02-28"),
        ("2025-11-30", 3, "2026-02-28"),
        ("2025-01-31T10:30:00Z", 1, "2025-02-28T10:30:00Z"),
        ("2025-12-15", 1, "2026-01-15"),
        ("2026-01-15", -1, "2025-12-15"),
        ("2026-01-15", 0, "2026-01-15"),
        ("1969-12-31", 2, "1970-02-28"),
    ],
)
def test_months_later_end_with_the_month_where_it_is_shorter(start: str, months: int, due: str) -> None:
    assert months_later(at(start), months) == at(due)


def test_days_and_years() -> None:
    assert days_later(at("2025-12-31"), 1) == at("2026-01-01")
    assert year_of(at("2026-01-01")) == 2026
    assert year_of(at("2026-01-01") - 1) == 2025
