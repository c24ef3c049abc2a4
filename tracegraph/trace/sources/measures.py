"""What one candidate is worth under each method: coverage, likelihood, effective distance, enrichment. Pure functions.

Cases are numbered from 0; a set of cases is a whole number with a bit for each. Weights are exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb, exp, inf, lcm, log
from typing import TypeVar

ZERO = Fraction(0)

Comparable = TypeVar("Comparable", int, float, Fraction, tuple[Fraction, float])

#: Which part of the cases may come from anywhere, in the likelihood that forgives a wrongly attributed case.
FORGIVING = 0.05


def members(cases: int) -> list[int]:
    """The numbers of a set."""
    return [number for number in range(cases.bit_length()) if cases >> number & 1]


def weight_of(cases: int, weights: Sequence[Fraction]) -> Fraction:
    """The weight of a set of cases."""
    return sum((weights[number] for number in members(cases)), ZERO)


def coverage(explained: int, weights: Sequence[Fraction]) -> Fraction:
    """Weight of the explained cases by the weight of all: C(s) = sum of w_c over explained c / sum of w_c."""
    whole = sum(weights, ZERO)
    return weight_of(explained, weights) / whole if whole else ZERO


def log_likelihood(
    probabilities: Sequence[float], weights: Sequence[Fraction], forgiving: float = 0.0, outlets: int = 1
) -> float:
    """ln of the product of A[s, n(c)] over cases, a case of weight w counting w times; minus infinity where a case
    cannot come from s.

    `forgiving` e replaces A by (1 - e) A + e / `outlets`: a case may come from anywhere with that probability, so that
    one case of another origin does not rule out the truth.
    """
    found = 0.0
    for probability, weight in zip(probabilities, weights, strict=True):
        mixed = (1.0 - forgiving) * probability + forgiving / outlets
        if weight and mixed <= 0.0:
            return -inf
        found += float(weight) * log(mixed) if weight else 0.0
    return found


def posteriors(log_likelihoods: Sequence[float]) -> list[float]:
    """Probabilities of candidates among each other, all equally likely before; all 0 where none is possible."""
    best = max(log_likelihoods, default=-inf)
    if best == -inf:
        return [0.0] * len(log_likelihoods)
    relative = [exp(value - best) for value in log_likelihoods]
    whole = sum(relative)
    return [value / whole for value in relative]


@dataclass(frozen=True, slots=True)
class Distance:
    """Case-weighted mean and variance of effective distances; infinite mean: some case is not reached."""

    mean: float
    variance: float


def effective_distance(distances: Sequence[float], weights: Sequence[Fraction]) -> Distance:
    """The mean over all cases, the least of which marks the source (Manitz)."""
    parts = [float(weight) for weight in weights]
    whole = sum(parts)
    if not whole or any(distance == inf and part for distance, part in zip(distances, parts, strict=True)):
        return Distance(inf, inf)
    counted = [(distance, part) for distance, part in zip(distances, parts, strict=True) if part]
    mean = sum(distance * part for distance, part in counted) / whole
    return Distance(mean, sum(part * (distance - mean) ** 2 for distance, part in counted) / whole)


def enrichment(explained: int, reached_controls: int, cases: int, controls: int) -> Fraction:
    """Probability that at least so many of the cases are reached, were the reached drawn at random from cases and
    controls together (hypergeometric tail). All four are counts."""
    reached, everybody = explained + reached_controls, cases + controls
    ways = sum(comb(cases, hit) * comb(controls, reached - hit) for hit in range(explained, min(cases, reached) + 1))
    return Fraction(ways, comb(everybody, reached))


def adjusted(probabilities: Sequence[Fraction]) -> list[Fraction]:
    """The same corrected for asking about many at once (Benjamini and Hochberg), in the order given."""
    count = len(probabilities)
    order = sorted(range(count), key=lambda number: probabilities[number], reverse=True)
    found = [Fraction(1)] * count
    least = Fraction(1)
    for place, number in enumerate(order):
        least = min(least, probabilities[number] * count / (count - place))
        found[number] = least
    return found


def ranks(values: Iterable[Comparable]) -> list[int]:
    """1 for the largest; equals share a rank, and those after them count all before."""
    listed = list(values)
    first: dict[Comparable, int] = {}
    for place, value in enumerate(sorted(listed, reverse=True), 1):
        first.setdefault(value, place)
    return [first[value] for value in listed]


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """Best and worst rank by coverage when any one case is left out, and which cases bring the worst, where it is worse
    than with all of them."""

    best: int
    worst: int
    cases: tuple[int, ...]


def leave_one_out(explained: Sequence[int], weights: Sequence[Fraction]) -> list[Sensitivity]:
    """How much each candidate's rank rests on single cases (those without weight are not left out). Candidates that
    explain the same are computed once."""
    whole_weights = _as_whole_numbers(weights)
    covered = {cases: sum(whole_weights[case] for case in members(cases)) for cases in set(explained)}
    with_all = _ranked(explained, covered)
    found: dict[int, dict[int, int]] = {cases: {} for cases in covered}
    for case, weight in enumerate(whole_weights):
        if weight:
            without = {cases: whole - weight * (cases >> case & 1) for cases, whole in covered.items()}
            for cases, rank in _ranked(explained, without).items():
                found[cases][case] = rank
    told = {cases: _sensitivity(found[cases], rank) for cases, rank in with_all.items()}
    return [told[cases] for cases in explained]


def _as_whole_numbers(weights: Sequence[Fraction]) -> list[int]:
    """Weights in the same proportion that are compared faster."""
    factor = lcm(*(weight.denominator for weight in weights))
    return [int(weight * factor) for weight in weights]


def _ranked(explained: Sequence[int], covered: Mapping[int, int]) -> dict[int, int]:
    """The rank of each set of cases among all candidates."""
    return dict(zip(explained, ranks(covered[cases] for cases in explained), strict=True))


def _sensitivity(without: Mapping[int, int], with_all: int) -> Sensitivity:
    """From the ranks without each case."""
    best, worst = min(without.values(), default=with_all), max(without.values(), default=with_all)
    at_worst = tuple(case for case, rank in without.items() if rank == worst)
    return Sensitivity(best, worst, at_worst if worst > with_all else ())
