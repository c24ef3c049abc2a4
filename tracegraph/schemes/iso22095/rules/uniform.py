"""ISO22095-5.4.1-UNIFORM: the percentage holds in every container of the output, not on average.

Source: ISO 22095:2020, 5.4.1.1 and B.3.1.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from tracegraph.claims.finding import Found, Term, failed, missing, passed
from tracegraph.claims.models import Model
from tracegraph.claims.row import Row
from tracegraph.claims.rule import Parameters
from tracegraph.claims.vessel import claimed_percent, containers, number, shown_percent
from tracegraph.claims.world import World


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each claim of controlled blending."""
    for claim in world.by("claim", "model", Model.CONTROLLED_BLENDING.value):
        yield _judged(claim, containers(world, claim))


def _judged(claim: Row, measured: list[Row]) -> Found:
    percent = claimed_percent(claim)
    words: dict[str, str | Decimal] = {"claim": claim.id}
    if percent is None:
        return missing(claim, case="no_percent", words=words, evidence=(claim,))
    if not measured:
        return missing(claim, words=words, evidence=(claim,))
    unread = [row.text("container") for row in measured if not row.given("percent")]
    if unread:
        case, words = "no_value", words | {"containers": ", ".join(unread)}
        return missing(claim, case=case, words=words, evidence=(claim, *measured))
    return _compared(claim, Fraction(percent), measured, words)


def _compared(claim: Row, percent: Fraction, measured: list[Row], words: dict[str, str | Decimal]) -> Found:
    values = [(row.number("percent") or Decimal(0), row) for row in measured]
    lowest = min(value for value, _ in values)
    below = [row.text("container") for value, row in values if value < percent]
    mean = shown_percent(sum((Fraction(value) for value, _ in values), Fraction(0)) / len(values))
    say = failed if below else passed
    return say(
        claim,
        words={**words, "percent": number(percent), "lowest": lowest, "containers": ", ".join(below), "mean": mean},
        observed=lowest,
        limit=number(percent),
        formula=f"min({', '.join(row.text('percent') for row in measured)}) >= {number(percent)}",
        terms=tuple(Term(row.text("container"), value, "%", (row,)) for value, row in values),
        evidence=(claim, *measured),
    )
