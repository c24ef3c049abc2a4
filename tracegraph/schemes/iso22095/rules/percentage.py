"""ISO22095-5.4.1-PCT: what leaves a blend claims no more than the specified part of the blend, heel included.

Source: ISO 22095:2020, 5.4.1.2. Per closed volume: p_claim <= sum(specified x factor) / sum(all x factor). The exact
numbers are compared; a report shows the limit cut to two digits.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from tracegraph.claims.finding import Found, Term, failed, missing, passed
from tracegraph.claims.models import Model
from tracegraph.claims.outcome import Severity
from tracegraph.claims.row import Row
from tracegraph.claims.rule import Parameters
from tracegraph.claims.vessel import (
    Content,
    Unclear,
    claimed_percent,
    content_before,
    departures,
    number,
    shown_percent,
)
from tracegraph.claims.world import World


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each claim of controlled blending, at each departure of what it is about."""
    for claim in world.by("claim", "model", Model.CONTROLLED_BLENDING.value):
        yield from _judged(world, claim)


def _judged(world: World, claim: Row) -> Iterator[Found]:
    left = departures(world, claim)
    percent = claimed_percent(claim)
    words = {"claim": claim.id}
    if percent is None:
        yield missing(claim, case="no_percent", words=words, evidence=(claim,))
    elif not left:
        yield missing(claim, case="no_departure", words=words, evidence=(claim,))
    else:
        yield from (_compared(world, claim, Fraction(percent), departure) for departure in left)


def _compared(world: World, claim: Row, percent: Fraction, departure: Row) -> Found:
    content = content_before(world, departure, claim.text("charset"))
    words = {"claim": claim.id, "vessel": departure.text("vessel"), "departure": departure.id}
    if isinstance(content, Unclear):
        entry = content.entry
        evidence = (claim, departure) if entry is departure else (claim, departure, entry)
        return missing(claim, case=content.reason, words=words | {"entry": entry.id}, evidence=evidence)
    limit = content.percent or Fraction(0)
    say = passed if percent <= limit else failed
    return say(
        claim,
        words={**words, "percent": number(percent), "limit": shown_percent(limit)},
        observed=number(percent),
        limit=shown_percent(limit),
        formula=f"{number(percent)} <= 100 * {number(content.specified)} / {number(content.total)}",
        terms=_terms(content),
        window=(departure.first("time"), departure.last("time")),
        evidence=(claim, departure, *content.entries),
        severity=Severity.CRITICAL if claim.flag("sold") else None,
    )


def _terms(content: Content) -> tuple[Term, ...]:
    return (
        Term("specified", number(content.specified), content.unit, content.entries),
        Term("all", number(content.total), content.unit, content.entries),
    )
