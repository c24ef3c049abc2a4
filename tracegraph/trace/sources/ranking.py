"""Candidates of one kind side by side: every method's value and rank, and how much they rest on single cases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tracegraph.trace.sources.candidates import Candidate
from tracegraph.trace.sources.measures import (
    FORGIVING,
    Distance,
    Sensitivity,
    adjusted,
    effective_distance,
    enrichment,
    leave_one_out,
    log_likelihood,
    members,
    posteriors,
    ranks,
    weight_of,
)
from tracegraph.trace.sources.walk import Flow, sweep

#: Outlets that one sweep looks for at once: the memory it takes is this many numbers for each node.
OUTLETS_AT_ONCE = 64
#: Decimal places by which values are ranked.
RANKED_DIGITS = 9

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Weighted:
    """Cases and controls by their bits: `weights` of all; `cases`, `controls`: which of them count as what; `doubtful`:
    those of whose trace something is missing; `outlets`: the nodes (by place) at which each one is met."""

    weights: Sequence[Fraction]
    cases: int
    controls: int
    doubtful: int
    outlets: Sequence[tuple[int, ...]]

    @property
    def observed(self) -> list[tuple[int, ...]]:
        """The outlets at which somebody looked: those of cases and controls, each once."""
        return list(dict.fromkeys(self.outlets[bit] for bit in members(self.cases | self.controls)))

    def worth(self, chosen: int) -> Fraction:
        """The weight of a set."""
        return weight_of(chosen, self.weights)


@dataclass(frozen=True, slots=True)
class Coverage:
    """`score`: weight of the explained cases by that of all; `confirmed`: the same by confirmed legs alone; `combined`:
    controls counted against it, as FoodChain-Lab does; `decided`: weight of the cases of which the records can tell
    whether it is behind them, by that of all."""

    score: Fraction
    confirmed: Fraction
    combined: Fraction
    decided: Fraction


@dataclass(frozen=True, slots=True)
class Enrichment:
    """Probability of reaching so many of the cases by chance, and the same corrected for asking about many."""

    probability: Fraction
    adjusted: Fraction


@dataclass(frozen=True, slots=True)
class Ranks:
    """1 is the likeliest: by coverage and then specificity, by likelihood, by the one that forgives, by distance."""

    coverage: int
    likelihood: int
    forgiving: int
    distance: int


@dataclass(frozen=True, slots=True)
class Rated:
    """One candidate: what each method says of it. `specificity`: part of its goods that met any case; `forgiving`: the
    posterior that forgives; `enrichment`: None where there are no controls."""

    candidate: Candidate
    coverage: Coverage
    specificity: float
    log_likelihood: float
    posterior: float
    forgiving: float
    distance: Distance
    enrichment: Enrichment | None
    sensitivity: Sensitivity
    ranks: Ranks


@dataclass(frozen=True, slots=True)
class Met:
    """How likely the goods of one candidate meet each case, and how far away each is; how likely they meet any case,
    and any case or control."""

    probabilities: Sequence[float]
    distances: Sequence[float]
    any_case: float
    anybody: float

    def among_observed(self) -> list[float]:
        """How likely goods that met a case or control met each case: the chances of being seen there, and not of how
        much of the goods stayed in stores."""
        return [probability / self.anybody if self.anybody else 0.0 for probability in self.probabilities]


def met(flow: Flow, found: Sequence[Candidate], cases: Weighted) -> list[Met]:
    """Random walks of all candidates, cases at the same outlet met at once."""
    numbers = members(cases.cases)
    outlets = list(dict.fromkeys(cases.outlets[number] for number in numbers))
    column = {outlet: number for number, outlet in enumerate(outlets)}
    probabilities: list[list[float]] = [[] for _ in found]
    distances: list[list[float]] = [[] for _ in found]
    for first in range(0, len(outlets), OUTLETS_AT_ONCE):
        swept = sweep(flow, outlets[first : first + OUTLETS_AT_ONCE])
        for number, candidate in enumerate(found):
            rows = [(swept.probability[place], part) for place, part in candidate.entries]
            mixed = sum((row * part for row, part in rows[1:]), rows[0][0] * rows[0][1])
            probabilities[number] += mixed.tolist()
            nearest = swept.distance[[place for place, _ in candidate.entries]].min(axis=0)
            distances[number] += nearest.tolist()
    together = [sorted({place for outlet in some for place in outlet}) for some in (outlets, cases.observed)]
    ends = sweep(flow, together).probability
    return [
        Met(
            [probabilities[number][column[cases.outlets[case]]] for case in numbers],
            [distances[number][column[cases.outlets[case]]] for case in numbers],
            *(float(sum(part * ends[place, some] for place, part in candidate.entries)) for some in (0, 1)),
        )
        for number, candidate in enumerate(found)
    ]


def rated(found: Sequence[Candidate], walks: Sequence[Met], cases: Weighted) -> list[Rated]:
    """Candidates of one kind, the likeliest by coverage first; equals by specificity, then the earliest, then by id."""
    numbers = members(cases.cases)
    weights = [cases.weights[number] for number in numbers]
    strict = [log_likelihood(walk.probabilities, weights) for walk in walks]
    outlets = len(cases.observed)
    forgiving = [log_likelihood(walk.among_observed(), weights, FORGIVING, outlets) for walk in walks]
    posterior, forgiven = posteriors(strict), posteriors(forgiving)
    distances = [effective_distance(walk.distances, weights) for walk in walks]
    enriched = _enriched(found, cases)
    sensitivities = _sensitivities(found, cases)
    explained = [cases.worth(one.explained & cases.cases) for one in found]
    placed = zip(
        ranks(zip(explained, _steady(walk.any_case for walk in walks), strict=True)),
        ranks(_steady(strict)),
        ranks(_steady(forgiving)),
        ranks(_steady(-distance.mean for distance in distances)),
        strict=True,
    )
    rows = [
        Rated(
            one,
            _coverage(one, cases),
            walks[number].any_case,
            strict[number],
            posterior[number],
            forgiven[number],
            distances[number],
            enriched[number],
            sensitivities[number],
            Ranks(*places),
        )
        for number, (one, places) in enumerate(zip(found, placed, strict=True))
    ]
    return sorted(rows, key=_order)


def _steady(values: Iterable[float]) -> list[float]:
    """Without the last digits, in which equals may differ by the order of arithmetic."""
    return [round(value, RANKED_DIGITS) for value in values]


def _coverage(one: Candidate, cases: Weighted) -> Coverage:
    whole, against = cases.worth(cases.cases), cases.worth(cases.controls)
    explained = cases.worth(one.explained & cases.cases)
    return Coverage(
        _part(explained, whole),
        _part(cases.worth(one.confirmed & cases.cases), whole),
        _part(explained - cases.worth(one.explained & cases.controls), max(whole, against)),
        _part(cases.worth((one.explained | ~cases.doubtful) & cases.cases), whole),
    )


def _part(weight: Fraction, whole: Fraction) -> Fraction:
    return weight / whole if whole else ZERO


def _enriched(found: Sequence[Candidate], cases: Weighted) -> Sequence[Enrichment | None]:
    """Of each candidate; None where there are no controls."""
    if not cases.controls:
        return [None] * len(found)
    sizes = cases.cases.bit_count(), cases.controls.bit_count()
    reached = [
        ((one.explained & cases.cases).bit_count(), (one.explained & cases.controls).bit_count()) for one in found
    ]
    known = {pair: enrichment(*pair, *sizes) for pair in set(reached)}
    chances = [known[pair] for pair in reached]
    return [Enrichment(*pair) for pair in zip(chances, adjusted(chances), strict=True)]


def _sensitivities(found: Sequence[Candidate], cases: Weighted) -> list[Sensitivity]:
    weights = [weight if cases.cases >> bit & 1 else ZERO for bit, weight in enumerate(cases.weights)]
    return leave_one_out([one.explained & cases.cases for one in found], weights)


def _order(row: Rated) -> tuple[int, Fraction, int, str]:
    return row.ranks.coverage, -row.coverage.confirmed, row.candidate.since, row.candidate.id
