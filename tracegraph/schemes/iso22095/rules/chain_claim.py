"""ISO22095-5.1-CHAIN-CLAIM: a claim over a whole chain states at most the lowest model on the way.

Source: ISO 22095:2020, 5.1 and B.3.2 (controlled blending at the mill, then identity preserved: the chain is controlled
blending).
"""

from __future__ import annotations

from collections.abc import Iterator

from tracegraph.claims.backing import backings, chain, is_origin, model_of
from tracegraph.claims.finding import Found, Term, failed, missing, passed
from tracegraph.claims.models import Model
from tracegraph.claims.row import Row
from tracegraph.claims.rule import Parameters
from tracegraph.claims.world import World


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each claim that speaks for its whole chain and names a model."""
    for claim in world.rows("claim"):
        if claim.flag("chain") and claim.given("model"):
            yield _judged(world, claim)


def _judged(world: World, claim: Row) -> Found:
    stated = Model(claim.text("model"))
    path = _ranked(world, claim)
    words = {"claim": claim.id, "model": stated.short}
    unknown = [name for name, model, _ in path if model is None]
    if unknown or (not path and not is_origin(world, claim)):
        case = "ne" if unknown else "no_support"
        return missing(claim, case=case, words={**words, "stage": ", ".join(unknown)}, evidence=(claim,))
    lowest = min((model for _, model, _ in path if model), key=lambda model: model.rank, default=stated)
    ranks = ", ".join(f"rank({name}: {model.short}) = {model.rank}" for name, model, _ in path if model)
    say = passed if stated.rank <= lowest.rank else failed
    return say(
        claim,
        words={**words, "lowest": lowest.short},
        observed=stated.short,
        limit=lowest.short,
        formula=f"rank({stated.short}) = {stated.rank} <= min({ranks})" if path else "",
        terms=tuple(Term(name, model.short, records=rows) for name, model, rows in path if model),
        evidence=(claim, *(row for _, _, rows in path for row in rows)),
    )


Stage = tuple[str, Model | None, tuple[Row, ...]]


def _ranked(world: World, claim: Row) -> list[Stage]:
    """All that the claim and the claims behind it rest on, each once, with the model it can bear, by name."""
    found: dict[tuple[str, str], Stage] = {}
    for one in (claim, *chain(world, claim)):
        for support in backings(world, one):
            row = support.row
            found[support.by, support.name] = (support.name, support.model, () if row is None else (row,))
    for row in chain(world, claim):
        found["claim", row.id] = (row.id, model_of(row), (row,))
    found.pop(("claim", claim.id), None)
    return [found[key] for key in sorted(found)]
