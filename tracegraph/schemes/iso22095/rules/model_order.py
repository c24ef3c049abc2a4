"""ISO22095-5.1-MODEL-ORDER: no output claim ranks above any claim that supports it.

Source: ISO 22095:2020, 5.1 and figure 1. IP(5) > SG(4) > CB(3) > MB(2) > BC(1).
"""

from __future__ import annotations

from collections.abc import Iterator

from tracegraph.claims.finding import Found, Term, failed, missing, passed
from tracegraph.claims.models import Model
from tracegraph.claims.row import Row
from tracegraph.claims.rule import Parameters
from tracegraph.claims.world import World


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each claim that names a model, against each claim that supports it."""
    for claim in world.rows("claim"):
        if claim.given("model"):
            yield from _against(claim, world.claims_behind(claim))


def _against(claim: Row, behind: tuple[Row, ...]) -> Iterator[Found]:
    if not behind:
        yield missing(claim, case="no_support", words={"claim": claim.id})
    for support in behind:
        yield _compared(claim, support)


def _compared(claim: Row, support: Row) -> Found:
    stated = Model(claim.text("model"))
    words = {"claim": claim.id, "model": stated.short, "support": support.id}
    if not support.given("model"):
        return missing(claim, words=words, evidence=(support,))
    behind = Model(support.text("model"))
    say = passed if stated.rank <= behind.rank else failed
    return say(
        claim,
        words={**words, "behind": behind.short},
        observed=stated.short,
        limit=behind.short,
        formula=f"rank({stated.short}) = {stated.rank} <= rank({behind.short}) = {behind.rank}",
        terms=(Term("out", stated.short, records=(claim,)), Term("in", behind.short, records=(support,))),
        evidence=(claim, support),
    )
