"""ISO22095-5.2-SECTOR: where a sector requires physical presence, mass balance and book and claim are no choice.

Source: ISO 22095:2020, 5.2. The characteristic set says what its sector requires.
"""

from __future__ import annotations

from collections.abc import Iterator

from tracegraph.claims.finding import Found, failed, missing, passed
from tracegraph.claims.models import Model
from tracegraph.claims.row import Row
from tracegraph.claims.rule import Parameters
from tracegraph.claims.world import World

#: The models with physical presence, highest first.
PRESENT = [model for model in Model if model.has("physically_separate") != "no"]


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each claim that names a model and a characteristic set."""
    for claim in world.rows("claim"):
        if claim.given("model") and claim.given("charset"):
            yield _judged(claim, world.row("charset", claim.text("charset")))


def _judged(claim: Row, charset: Row | None) -> Found:
    stated = Model(claim.text("model"))
    words = {"claim": claim.id, "model": stated.short, "charset": claim.text("charset")}
    evidence = (claim,) if charset is None else (claim, charset)
    required = charset.flag("physical") if charset is not None else None
    if stated in PRESENT or required is False:
        return passed(claim, words=words, observed=stated.short, evidence=evidence)
    if required is None:
        return missing(claim, words=words, observed=stated.short, evidence=evidence)
    return failed(claim, words=words, observed=stated.short, limit=PRESENT[-1].short, evidence=evidence)
