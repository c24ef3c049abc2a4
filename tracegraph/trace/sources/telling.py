"""Rated candidates and covering sets as JSON values: decimals as text of 12 places, sets of cases as their numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from math import isfinite

from tracegraph.model.instants import instant_text
from tracegraph.trace.envelope import Json, decimal_text
from tracegraph.trace.sources.covers import Covers
from tracegraph.trace.sources.measures import members
from tracegraph.trace.sources.ranking import Rated

#: Decimal places of what is computed.
DIGITS = 12
_PLACES = Decimal(1).scaleb(-DIGITS)
_CONTEXT = Context(prec=60, rounding=ROUND_HALF_EVEN)


@dataclass(frozen=True, slots=True)
class CaseNames:
    """The numbers of cases and controls by their bits, and the sets of either."""

    numbers: Sequence[str]
    cases: int
    controls: int

    def of(self, chosen: int) -> list[str]:
        """A set as sorted numbers."""
        return [self.numbers[bit] for bit in members(chosen)]


def decimal_of(value: Fraction | float) -> str:
    """Rounded to 12 places, halves to even; equal values give equal text."""
    exact = value if isinstance(value, Fraction) else Fraction(value)
    divided = _CONTEXT.divide(Decimal(exact.numerator), Decimal(exact.denominator))
    return decimal_text(divided.quantize(_PLACES, context=_CONTEXT))


def finite(value: float) -> str | None:
    """The same; None for what is infinite (a case that is not reached)."""
    return decimal_of(value) if isfinite(value) else None


def row_json(row: Rated, names: CaseNames, paths: list[Json]) -> Json:
    """One candidate with every method's value and rank."""
    one = row.candidate
    return {
        "kind": one.kind,
        "id": one.id,
        "rank": row.ranks.coverage,
        "certainty": "confirmed" if one.confirmed & names.cases else "possible",
        "distance": one.distance,
        "since": instant_text(one.since),
        "coverage": _coverage(row),
        "specificity": decimal_of(row.specificity),
        "likelihood": {
            "log": finite(row.log_likelihood),
            "posterior": decimal_of(row.posterior),
            "rank": row.ranks.likelihood,
        },
        "forgiving": {"posterior": decimal_of(row.forgiving), "rank": row.ranks.forgiving},
        "effective_distance": {
            "mean": finite(row.distance.mean),
            "variance": finite(row.distance.variance),
            "rank": row.ranks.distance,
        },
        "enrichment": _enrichment(row),
        "leave_one_out": _sensitivity(row, names),
        "explained": names.of(one.explained & names.cases),
        "unexplained": names.of(names.cases & ~one.explained),
        "controls": names.of(one.explained & names.controls),
        "paths": paths,
    }


def _coverage(row: Rated) -> Json:
    told = row.coverage
    return {
        "score": decimal_of(told.score),
        "confirmed": decimal_of(told.confirmed),
        "combined": decimal_of(told.combined),
        "decided": decimal_of(told.decided),
    }


def _enrichment(row: Rated) -> Json | None:
    if row.enrichment is None:
        return None
    return {
        "probability": decimal_of(row.enrichment.probability),
        "adjusted": decimal_of(row.enrichment.adjusted),
    }


def _sensitivity(row: Rated, names: CaseNames) -> Json:
    found = row.sensitivity
    return {"best": found.best, "worst": found.worst, "cases": _named(found.cases, names)}


def _named(bits: Iterable[int], names: CaseNames) -> list[str]:
    return [names.numbers[bit] for bit in bits]


def cover_json(kind: str, covers: Covers, names: CaseNames) -> Json:
    """The smallest sets of one kind: each a list of groups, of each of which any one member will do."""
    return {
        "kind": kind,
        "size": covers.size,
        "exact": covers.exact,
        "all": covers.all,
        "sets": [[list(group) for group in cover] for cover in covers.sets],
        "unexplained": names.of(covers.unexplained),
    }
