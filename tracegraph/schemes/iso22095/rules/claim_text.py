"""ISO22095-5.2-CLAIM-TEXT: a wording discloses its model; one on mass balance shows the calculation and says that the
physical content may differ.

Source: ISO 22095:2020, 5.2 and B.3.3.3. The words by which that is recognised are parameters.
"""

from __future__ import annotations

from collections.abc import Iterator

from tracegraph.claims.finding import Found, failed, missing, passed
from tracegraph.claims.models import Model
from tracegraph.claims.row import Row
from tracegraph.claims.rule import Parameters
from tracegraph.claims.world import World


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each claim that names a model and has a wording or is addressed to consumers."""
    for claim in world.rows("claim"):
        if claim.given("model") and (claim.given("text") or claim.flag("consumer")):
            yield _worded(claim, parameters)


def _worded(claim: Row, parameters: Parameters) -> Found:
    stated = Model(claim.text("model"))
    words = {"claim": claim.id, "model": stated.short, "text": claim.text("text")}
    absent = _absent(claim, stated)
    if absent:
        return missing(claim, words={**words, "field": absent}, evidence=(claim,))
    lacking = ", ".join(_lacking(claim, stated, parameters))
    told = {"words": {**words, "lacking": lacking}, "observed": words["text"], "evidence": (claim,)}
    return failed(claim, **told) if lacking else passed(claim, **told)


def _absent(claim: Row, stated: Model) -> str:
    """Which field must be known first."""
    if not claim.given("text"):
        return "text"
    return "shown" if stated is Model.MASS_BALANCE and not claim.given("shown") else ""


def _lacking(claim: Row, stated: Model, parameters: Parameters) -> Iterator[str]:
    text = claim.text("text").casefold()

    def says(name: str) -> bool:
        return any(word.casefold() in text for word in parameters.words(name))

    if not says(f"words_{stated.value}"):
        yield "model"
    if stated is Model.MASS_BALANCE and not claim.flag("shown"):
        yield "calculation"
    if stated is Model.MASS_BALANCE and not says("words_may_differ"):
        yield "physical content may differ"
