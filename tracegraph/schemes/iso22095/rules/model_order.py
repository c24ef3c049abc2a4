"""ISO22095-5.1-MODEL-ORDER: no output claim ranks above anything that supports it.

Source: ISO 22095:2020, 5.1 and figure 1. IP(5) > SG(4) > CB(3) > MB(2) > BC(1). An account bears mass balance at most,
a credit book and claim. A claim whose characteristic was verified where it begins has nothing behind it.
"""

from __future__ import annotations

from collections.abc import Iterator

from tracegraph.claims.backing import Backing, backings, is_origin
from tracegraph.claims.finding import Found, Term, failed, missing, passed
from tracegraph.claims.models import Model
from tracegraph.claims.row import Row
from tracegraph.claims.rule import Parameters
from tracegraph.claims.world import World


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each claim that names a model, against each thing that supports it."""
    for claim in world.rows("claim"):
        if claim.given("model") and not is_origin(world, claim):
            yield from _against(claim, backings(world, claim))


def _against(claim: Row, behind: tuple[Backing, ...]) -> Iterator[Found]:
    if not behind:
        yield missing(claim, case="no_support", words={"claim": claim.id}, evidence=(claim,))
    for support in behind:
        yield _compared(claim, support)


def _compared(claim: Row, support: Backing) -> Found:
    stated = Model(claim.text("model"))
    words = {"claim": claim.id, "model": stated.short, "support": support.name}
    evidence = (claim, *support.evidence)
    if support.model is None:
        return missing(claim, case="ne" if support.row else "not_on_record", words=words, evidence=evidence)
    behind = support.model
    say = passed if behind.may_become(stated) else failed
    return say(
        claim,
        words={**words, "behind": behind.short},
        observed=stated.short,
        limit=behind.short,
        formula=f"rank({stated.short}) = {stated.rank} <= rank({behind.short}) = {behind.rank}",
        terms=(Term("out", stated.short, records=(claim,)), Term("in", behind.short, records=support.evidence)),
        evidence=evidence,
    )
