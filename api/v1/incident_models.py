"""What answers about incident cases look like, for OpenAPI."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from tracegraph.api.v1.model_parts import Amount, AsOf, Certainty, Count, FrontierEntry, Gap, Identifier, Instant, Told
from tracegraph.api.v1.models import Hop, QuestionAsked, Reached

CandidateKind = Literal["unit", "site", "party", "product"]
Role = Literal["case", "control"]


class RecordedCase(Told):
    """A case or control as it is on record, or was given with the question. Times as they are known: a date is some
    time on that day."""

    case: str
    role: Role
    unit: Identifier | None
    place: Identifier | None
    exposed_from: str | None
    exposed_to: str | None
    onset_from: str | None
    onset_to: str | None
    weight: Amount


class AskedOfCases(QuestionAsked):
    """The question as it was understood."""

    kind: Literal["sources", "cases"]  # type: ignore[assignment]
    cases: list[RecordedCase] | None = None
    kinds: list[CandidateKind] | None = None


class CaseList(Told):
    """The cases, by number."""

    cases: list[RecordedCase]


class AboutCases(Told):
    """The outer keys of an answer."""

    tracegraph: str
    question: AskedOfCases
    as_of: AsOf
    complete: bool = Field(description="False: a case or goods may be missing, see gaps and problems")
    frontier: list[FrontierEntry]
    gaps: list[Gap]


class CasesAnswer(AboutCases):
    """The cases on record."""

    result: CaseList


class CasesRecorded(Told):
    """How many said something new, and how many were on record like that already."""

    recorded: Count
    known: Count


class TracedCase(Told):
    """What became of a case. `traced`: the records know where to begin; `doubtful`: something is missing upstream;
    `problem`: why it could not be traced."""

    case: str
    role: Role
    traced: bool
    doubtful: bool
    problem: str | None


class Coverage(Told):
    """Parts of the weight of the cases: explained, by confirmed records alone, with controls counted against it, and of
    which the records can tell."""

    score: Amount
    confirmed: Amount
    combined: Amount
    decided: Amount


class Likelihood(Told):
    """Random walk: the logarithm of the likelihood (null: impossible), and the part among candidates of the kind."""

    log: Amount | None
    posterior: Amount
    rank: Count


class Forgiving(Told):
    """The same, where each case may with a small probability come from anywhere."""

    posterior: Amount
    rank: Count


class EffectiveDistance(Told):
    """Case-weighted mean and variance of the shortest ways (null: a case is not reached)."""

    mean: Amount | None
    variance: Amount | None
    rank: Count


class Enrichment(Told):
    """Probability of so many cases by chance, against controls, and corrected for the number of candidates."""

    probability: Amount
    adjusted: Amount


class LeaveOneOut(Told):
    """Best and worst rank when one case is left out, and the cases that bring the worst."""

    best: Count
    worst: Count
    cases: list[str]


class CasePath(Told):
    """A shortest way from the candidate to a case."""

    case: str
    distance: Count
    certainty: Certainty
    hops: list[Hop]


class CandidateRow(Told):
    """One candidate under every method."""

    kind: CandidateKind
    id: Identifier
    rank: Count
    certainty: Certainty
    distance: Count
    since: Instant
    coverage: Coverage
    specificity: Amount
    likelihood: Likelihood
    forgiving: Forgiving
    effective_distance: EffectiveDistance
    enrichment: Enrichment | None
    leave_one_out: LeaveOneOut
    explained: list[str]
    unexplained: list[str]
    controls: list[str]
    paths: list[CasePath]


class CoverSets(Told):
    """The smallest sets of one kind that explain every case: lists of groups, of each of which one will do."""

    kind: CandidateKind
    size: Count
    exact: bool
    all: bool
    sets: list[list[list[Identifier]]]
    unexplained: list[str]


class Methods(Told):
    """How it was computed: rounded to so many places; of the stays whose goods moved on, so many were taken to have
    gone in equal parts."""

    approximate: bool
    digits: Count
    forgiving: Amount
    outlets: Count
    split_evenly: Count
    moving: Count


class Candidates(Told):
    """How many candidates of each kind there are."""

    unit: Count | None = None
    site: Count | None = None
    party: Count | None = None
    product: Count | None = None


class Ranking(Told):
    """Association, not proof."""

    association: str
    methods: Methods
    cases: list[TracedCase]
    candidates: Candidates
    rows: list[CandidateRow]
    covers: list[CoverSets]


class Ranked(Reached):
    """The stays on the listed paths, and the ranking."""

    sources: Ranking


class SourcesAnswer(AboutCases):
    """What cases have in common."""

    result: Ranked
