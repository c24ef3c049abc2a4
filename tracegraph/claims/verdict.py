"""What all findings about one claim come to under one pack: supported by the supplied records, not, or not evaluable.

A claim is never called compliant: the records that were supplied support it or they do not, and where evidence is
missing nobody can say.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from tracegraph.claims.finding import Finding
from tracegraph.claims.outcome import Outcome, Severity


class Verdict(StrEnum):
    """What is said of a claim."""

    SUPPORTED = "supported"
    NOT_SUPPORTED = "not_supported"
    NOT_EVALUABLE = "not_evaluable"


STATEMENTS = {
    Verdict.SUPPORTED: {
        "en": "claim {claim} is supported by the supplied records under pack {pack} version {version}",
        "zh": "在规则包 {pack} 版本 {version} 下，所提供的记录支持声明 {claim}",
    },
    Verdict.NOT_SUPPORTED: {
        "en": "claim {claim} is not supported by the supplied records under pack {pack} version {version}",
        "zh": "在规则包 {pack} 版本 {version} 下，所提供的记录不支持声明 {claim}",
    },
    Verdict.NOT_EVALUABLE: {
        "en": "claim {claim} cannot be evaluated from the supplied records under pack {pack} version {version}",
        "zh": "在规则包 {pack} 版本 {version} 下，所提供的记录不足以评价声明 {claim}",
    },
}


def verdict(findings: Iterable[Finding]) -> Verdict:
    """A violation that is minor or graver: not supported. Else missing evidence, or nothing that passes: not
    evaluable."""
    outcomes = {finding.outcome for finding in findings if _counts(finding)}
    if Outcome.FAIL in outcomes:
        return Verdict.NOT_SUPPORTED
    if Outcome.NE in outcomes or Outcome.PASS not in outcomes:
        return Verdict.NOT_EVALUABLE
    return Verdict.SUPPORTED


def statement(said: Verdict, claim: str, pack: str, version: str) -> dict[str, str]:
    """The sentence, by language."""
    return {
        language: text.format(claim=claim, pack=pack, version=version) for language, text in STATEMENTS[said].items()
    }


def _counts(finding: Finding) -> bool:
    return finding.outcome is not Outcome.FAIL or finding.severity.rank >= Severity.MINOR.rank
