"""What answers about claims look like, for OpenAPI."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from tracegraph.api.v1.model_parts import AsOf, Count, FrontierEntry, Gap, Instant, Told

Outcome = Literal["PASS", "FAIL", "NE", "NA"]
Severity = Literal["info", "warning", "minor", "major", "critical"]
Verdict = Literal["supported", "not_supported", "not_evaluable"]


class Words(Told):
    """The same in both languages."""

    en: str
    zh: str


class Correction(Told):
    """What would put it right, in both languages; empty where nothing is to be put right."""

    en: str | None = None
    zh: str | None = None


class ClaimsQuestion(Told):
    """What was asked."""

    kind: Literal["claims"]
    packs: list[str]
    rules: list[str]
    about: list[str]
    valid: Instant | None
    as_of: Instant | None


class PackTold(Told):
    """A pack that was run. `hash`: of all its files."""

    id: str
    version: str
    title: dict[str, str]
    source: str
    hash: str


class Outcomes(Told):
    """How many findings of each outcome. NE, not evaluable, is never PASS."""

    passed: Count = Field(alias="PASS")
    failed: Count = Field(alias="FAIL")
    not_evaluable: Count = Field(alias="NE")
    not_applicable: Count = Field(alias="NA")


class PackSummary(Outcomes):
    """The findings of one pack."""

    pack: str


class ClaimVerdict(Told):
    """What the findings about one claim come to under one pack."""

    claim: str
    pack: str
    version: str
    verdict: Verdict
    statement: Words
    outcomes: Outcomes


class RecordNamed(Told):
    """A record, by kind and id."""

    kind: str
    id: str


class Window(Told):
    """From when until when (null: open)."""

    since: Instant | None = Field(alias="from")
    until: Instant | None = Field(alias="to")


class TermTold(Told):
    """A term of a formula with the records behind it."""

    name: str
    value: str
    unit: str
    records: list[RecordNamed]


class ParameterTold(Told):
    """A parameter of a pack. `verified` false: nobody confirmed it in public text."""

    name: str
    value: str
    verified: bool
    source: str


class Finding(Told):
    """What one rule found of one subject."""

    rule: str
    clause: str
    pack: str
    version: str
    outcome: Outcome
    severity: Severity | None
    subject: RecordNamed
    window: Window
    observed: str
    limit: str
    formula: str
    terms: list[TermTold]
    evidence: list[dict[str, Any]]
    parameters: list[ParameterTold]
    detected: Instant | None
    due: Instant | None
    text: Words
    correction: Correction


class ClaimsTold(Told):
    """Verdicts and findings; the lists of a trace are empty."""

    units: list[Any]
    holdings: list[Any]
    events: list[Any]
    sites: list[Any]
    parties: list[Any]
    paths: list[Any]
    packs: list[PackTold]
    claims: list[ClaimVerdict]
    summary: list[PackSummary]
    unverified: list[str]
    findings: list[Finding]


class ClaimsAnswer(Told):
    """The answer to a question about claims."""

    tracegraph: str
    question: ClaimsQuestion
    as_of: AsOf
    complete: bool
    frontier: list[FrontierEntry]
    gaps: list[Gap]
    result: ClaimsTold


class PackList(Told):
    """All packs."""

    packs: list[PackTold]


class RuleTold(Told):
    """A rule of a pack, and how grave a violation is."""

    id: str
    clause: str
    severity: Severity


class WholePack(PackTold):
    """A pack with its rules and parameters. `schemes`: names under which claims call it."""

    schemes: list[str]
    rules: list[RuleTold]
    parameters: list[ParameterTold]
