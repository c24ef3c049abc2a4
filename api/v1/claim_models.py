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


class RegisterQuestion(Told):
    """Which register was asked for, and what of it."""

    kind: Literal["certificates", "certificate", "accounts", "account", "credits", "factors", "declarations"]
    certificate: str | None = None
    account: str | None = None
    scheme: str | None = None
    holder: str | None = None
    site: str | None = None
    product: str | None = None
    model: str | None = None
    valid: bool | None = None
    since: Instant | None = None
    on: Instant | None
    as_of: Instant | None


class RegisterAnswer(Told):
    """The outer keys of an answer."""

    tracegraph: str
    question: RegisterQuestion
    as_of: AsOf
    complete: bool
    frontier: list[FrontierEntry]
    gaps: list[Gap]


class StatusChange(Told):
    """A change of a certificate. `refused`: recorded, but not possible after what went before."""

    state: str
    effective: Instant
    decided: Instant | None
    known: Instant | None
    until: Instant | None
    published: Instant | None
    retroactive: bool
    refused: bool
    note: str
    record: RecordNamed | None


class Covers(Told):
    """Whether what was asked is covered; null where the certificate lists nothing of that sort."""

    site: bool | None
    product: bool | None
    model: bool | None
    covered: bool | None


class CertificateTold(Told):
    """A certificate as it stood at a date."""

    certificate: str
    scheme: str
    standard: str
    holder: str
    body: str
    stage: str
    sites: list[str]
    products: list[str]
    models: list[str]
    issued: str
    registered: str | None
    at: Instant
    state: str
    valid: bool
    since: Instant | None
    expires: Instant | None
    change: StatusChange | None
    scope: Covers | None = None


class Certificates(Told):
    """Certificates, by number; of one that was asked for its changes."""

    certificates: list[CertificateTold]
    timeline: list[StatusChange] | None = None


class CertificatesAnswer(RegisterAnswer):
    """Certificates as they stood at a date."""

    result: Certificates


class AccountEntry(Told):
    """What an account holds; balances null where a posting cannot be counted (`problem`)."""

    account: str
    product: str | None
    input: str | None
    unit: str | None
    formula: str | None
    scheme: str | None
    charset: str | None
    boundary: list[str]
    postings: Count
    balance: str | None
    lowest: str | None
    expires: Instant | None
    problem: str | None


class Accounts(Told):
    """All accounts, by number."""

    accounts: list[AccountEntry]


class AccountsAnswer(RegisterAnswer):
    """What each account holds."""

    result: Accounts


class PeriodTold(Told):
    """The period in which a statement ends."""

    since: Instant = Field(alias="from")
    until: Instant = Field(alias="to")
    closed: bool
    closing: str | None
    carried: str | None
    signed: str | None
    signed_on: str | None


class Movement(Told):
    """One movement of a balance. `posting` null: credits lapsed."""

    time: Instant
    posting: str | None
    direction: str
    quantity: str | None
    unit: str | None
    factor: str | None
    change: str
    balance: str


class LotLeft(Told):
    """Credits that came in together, and how much of them is left."""

    posting: str
    entered: Instant
    expires: Instant | None
    amount: str
    remains: str


class StatementTold(Told):
    """Opening + entered - withdrawn - lapsed + corrected = closing."""

    account: str
    product: str
    input: str
    unit: str
    since: Instant = Field(alias="from")
    until: Instant = Field(alias="to")
    opening: str
    entered: str
    withdrawn: str
    lapsed: str
    corrected: str
    closing: str
    signed: bool
    period: PeriodTold | None
    lines: list[Movement]
    lots: list[LotLeft]


class AccountTold(Told):
    """A statement, and the stock statements beside it."""

    statement: StatementTold
    stock: list[dict[str, Any]]


class StatementAnswer(RegisterAnswer):
    """The statement of an account."""

    result: AccountTold


class SerialBlock(Told):
    """A run of serials with one owner and state."""

    first: Count
    last: Count
    count: Count
    owner: str
    state: str
    since: Instant
    entry: str


class SerialConflict(Told):
    """Serials of which an entry says what an earlier one excludes."""

    case: str
    first: Count
    last: Count
    count: Count
    entry: str
    earlier: str | None


class RegistryTold(Told):
    """One registry."""

    registry: str
    blocks: list[SerialBlock]
    conflicts: list[SerialConflict]
    unreadable: list[str]


class Registries(Told):
    """All registries, by name."""

    registries: list[RegistryTold]


class CreditsAnswer(RegisterAnswer):
    """Who owns which serials."""

    result: Registries


class FactorTold(Told):
    """A conversion factor as recorded, and what really came out."""

    factor: str
    site: str | None
    input: str | None
    output: str | None
    value: str | None
    input_unit: str | None
    output_unit: str | None
    side: str | None
    since: str | None = Field(alias="from")
    until: str | None = Field(alias="to")
    evidence: str | None
    checked: str | None
    tolerance: str | None
    yields: list[dict[str, Any]]


class Factors(Told):
    """Conversion factors, by number."""

    factors: list[FactorTold]


class FactorsAnswer(RegisterAnswer):
    """Conversion factors with their yields."""

    result: Factors


class DeclarationTold(Told):
    """A declared model as recorded. `in_force`: whether it holds at the date."""

    declaration: str
    party: str | None
    site: str | None
    product: str | None
    charset: str | None
    scheme: str | None
    model: str | None
    method: str | None
    balance_months: str | None
    evaluation_months: str | None
    reviewed: str | None
    since: str | None = Field(alias="from")
    until: str | None = Field(alias="to")
    boundary: list[str]
    in_force: bool


class Declarations(Told):
    """Declared models, by number."""

    declarations: list[DeclarationTold]


class DeclarationsAnswer(RegisterAnswer):
    """Declared models."""

    result: Declarations
