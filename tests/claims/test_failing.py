"""When a check ends with a negative answer."""

from __future__ import annotations

from typing import Any

import pytest

from tracegraph.claims.failing import failing, levels_of
from tracegraph.claims.outcome import Severity
from tracegraph.errors import UsageError


def result(*findings: tuple[str, str | None]) -> dict[str, Any]:
    return {"findings": [{"outcome": outcome, "severity": severity} for outcome, severity in findings]}


@pytest.mark.parametrize("severity", Severity)
@pytest.mark.parametrize("level", Severity)
def test_a_violation_counts_from_the_level_on(severity: Severity, level: Severity) -> None:
    assert failing(result(("PASS", None), ("FAIL", severity)), levels_of([level])) is (severity.rank >= level.rank)


def test_the_lightest_level_counts_and_missing_evidence_only_where_it_is_asked_for() -> None:
    assert failing(result(("FAIL", "minor")), levels_of(["critical", "minor"]))
    assert not failing(result(("NE", None), ("NA", None), ("PASS", None)), levels_of(["info"]))
    assert failing(result(("PASS", None), ("NE", None)), levels_of(["ne"]))
    assert failing(result(("NE", None)), levels_of(["ne", "critical"]))
    assert not failing(result(("FAIL", "critical")), levels_of(["ne"]))
    assert not failing(result(("FAIL", "critical"), ("NE", None)), levels_of([]))
    assert not failing(result(), levels_of(["info", "ne"]))


def test_levels_are_read_in_either_case_and_others_refused() -> None:
    assert levels_of(["MAJOR", "Ne", "major"]) == {"major", "ne"}
    with pytest.raises(UsageError) as refused:
        levels_of(["major", "bad"])
    assert str(refused.value) == (
        "--fail-on 'bad' is no level; choose one of info, warning, minor, major, critical, ne"
    )
