"""What findings about a claim come to: one violation that is minor or graver, or one piece missing, is enough."""

from __future__ import annotations

import pytest

from tracegraph.claims.finding import Finding, Found
from tracegraph.claims.outcome import Outcome, Severity
from tracegraph.claims.verdict import Verdict, statement, verdict


def one(outcome: str, severity: str = "major") -> Finding:
    found = Found(Outcome(outcome), ("claim", "C"))
    return Finding("R", "1", "pack", "1", found, Severity(severity), (), {}, {})


@pytest.mark.parametrize(
    ("outcomes", "said"),
    [
        ([], "not_evaluable"),
        (["NA"], "not_evaluable"),
        (["NE"], "not_evaluable"),
        (["PASS"], "supported"),
        (["PASS", "NA"], "supported"),
        (["PASS", "NE"], "not_evaluable"),
        (["PASS", "FAIL"], "not_supported"),
        (["NE", "FAIL"], "not_supported"),
        (["PASS", "NE", "NA", "FAIL"], "not_supported"),
    ],
)
def test_the_worst_counts(outcomes: list[str], said: str) -> None:
    assert verdict(map(one, outcomes)) is Verdict(said)
    assert verdict(map(one, reversed(outcomes))) is Verdict(said)


@pytest.mark.parametrize("severity", Severity)
def test_a_warning_makes_no_claim_unsupported_and_a_minor_violation_does(severity: Severity) -> None:
    said = verdict([one("PASS"), one("FAIL", severity)])
    assert said is (Verdict.NOT_SUPPORTED if severity in ("minor", "major", "critical") else Verdict.SUPPORTED)


def test_a_warning_alone_supports_nothing_and_what_is_missing_counts_however_light() -> None:
    assert verdict([one("FAIL", "warning")]) is Verdict.NOT_EVALUABLE
    assert verdict([one("PASS"), one("NE", "info")]) is Verdict.NOT_EVALUABLE


def test_severities_rise() -> None:
    assert [severity.rank for severity in Severity] == [0, 1, 2, 3, 4]


def test_the_sentence_names_claim_pack_and_version_and_never_says_compliant() -> None:
    told = [statement(said, "C1", "iso", "2.0") for said in Verdict]
    assert [one["en"] for one in told] == [
        "claim C1 is supported by the supplied records under pack iso version 2.0",
        "claim C1 is not supported by the supplied records under pack iso version 2.0",
        "claim C1 cannot be evaluated from the supplied records under pack iso version 2.0",
    ]
    assert [set(one) for one in told] == [{"en", "zh"}] * 3
    assert all(word in one["zh"] for one in told for word in ("C1", "iso", "2.0"))
